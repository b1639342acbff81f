package registrar

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"hallmark/issuer"
)

// StoryView is the story of a capstone as its team sees it, and who runs the
// program. Before anything is written Edition is 0 and the texts are those of
// the approved submission.
type StoryView struct {
	ID           issuer.StoryID
	Capstone     issuer.CapstoneID
	Program      Named
	Cohort       Named
	Edition      int
	Text         issuer.StoryText
	Standing     issuer.StoryStanding
	HiddenReason string
	Team         []StoryMember
	Mine         *StoryMember // nil for who is not of the team
	MayModerate  bool
}

// StoryMember is what a member of the team said to the story as it reads now.
type StoryMember struct {
	PersonName
	Asked  bool // they said something, to this edition
	Agreed bool
	Named  bool
}

// Story shows the story of a capstone to its team and to who runs its program.
func (r *Registrar) Story(ctx context.Context, by issuer.Caller, id issuer.CapstoneID) (*StoryView, error) {
	return look(ctx, r, by, func(w *work) (*StoryView, error) {
		t, err := w.told(id)
		if err != nil {
			return nil, err
		}
		return w.storyView(t)
	})
}

// told is a capstone with its story; edition 0 if there is none yet.
type told struct {
	capstone *issuer.Capstone
	story    *issuer.Story
	team     []issuer.Member
}

// told reads the story of a capstone for its team and who runs its program. To
// others it is not there.
func (w *work) told(id issuer.CapstoneID) (*told, error) {
	c, err := w.seenCapstone(id)
	if err != nil {
		return nil, err
	}
	t := &told{capstone: c}
	if t.team, err = w.Members(id); err != nil {
		return nil, err
	}
	if !issuer.InTeam(t.team, w.by.Person) && !w.by.Manages(c.ProgramID) {
		return nil, hidden("story")
	}
	t.story, err = w.StoryOf(id)
	if errors.Is(err, issuer.NotFound) {
		t.story, err = &issuer.Story{IssuerID: c.IssuerID, ProgramID: c.ProgramID, CohortID: c.CohortID, BriefID: c.BriefID, CapstoneID: c.ID}, nil
	}
	return t, err
}

// holdTold holds a capstone and who acts, and reads the story as it is then.
func (w *work) holdTold(id issuer.CapstoneID) (*told, error) {
	if err := w.signed(); err != nil {
		return nil, err
	}
	if w.by.Person != "" {
		if _, err := w.living(w.by.Person); err != nil {
			return nil, err
		}
	}
	if err := w.LockCapstone(id); err != nil {
		return nil, err
	}
	return w.told(id)
}

func (w *work) storyView(t *told) (*StoryView, error) {
	views, err := w.storyViews([]*told{t})
	if err != nil {
		return nil, err
	}
	return &views[0], nil
}

func (w *work) storyViews(all []*told) ([]StoryView, error) {
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	var people []issuer.PersonID
	for _, t := range all {
		for _, m := range t.team {
			people = append(people, m.PersonID)
		}
	}
	living, err := w.Unerased(people...)
	if err != nil {
		return nil, err
	}
	said, err := w.StoryConsents(unique(all, func(t *told) issuer.StoryID { return t.story.ID })...)
	if err != nil {
		return nil, err
	}
	person := byID(living, func(p issuer.Person) issuer.PersonID { return p.ID })
	consents := grouped(said, func(c issuer.StoryConsent) issuer.StoryID { return c.StoryID })
	views := make([]StoryView, 0, len(all))
	for _, t := range all {
		v, err := w.toldView(t, at, person, consents[t.story.ID])
		if err != nil {
			return nil, err
		}
		views = append(views, *v)
	}
	return views, nil
}

// toldView shows a story; person are those of its team who were not erased.
func (w *work) toldView(t *told, at *places, person map[issuer.PersonID]issuer.Person, consents []issuer.StoryConsent) (*StoryView, error) {
	s := t.story
	v := &StoryView{ID: s.ID, Capstone: t.capstone.ID, Program: at.programs[s.ProgramID], Cohort: at.cohorts[s.CohortID], Edition: s.Edition,
		Text: issuer.StoryText{Title: s.Title, Words: s.Words, Department: s.Department, Impact: s.Impact}, HiddenReason: s.HiddenReason,
		MayModerate: w.by.Manages(s.ProgramID)}
	if s.Edition == 0 {
		v.Text = issuer.StoryText{Title: t.capstone.Title, Words: t.capstone.Summary, Impact: t.capstone.Impact}
	}
	var living []issuer.PersonID
	for _, m := range t.team {
		p, there := person[m.PersonID]
		if !there {
			continue
		}
		living = append(living, p.ID)
		line := StoryMember{PersonName: PersonName{p.ID, p.Name}}
		if c := find(consents, func(c issuer.StoryConsent) bool { return c.PersonID == p.ID && c.Edition == s.Edition }); c != nil {
			line.Asked, line.Agreed, line.Named = true, c.Agreed, c.Named
		}
		v.Team = append(v.Team, line)
	}
	v.Mine = find(v.Team, func(m StoryMember) bool { return m.ID == w.by.Person })
	var err error
	v.Standing, err = w.standing(s, living, consents)
	return v, err
}

// standing judges one story by the rule; living are those of its team who were not
// erased.
func (w *work) standing(s *issuer.Story, living []issuer.PersonID, consents []issuer.StoryConsent) (issuer.StoryStanding, error) {
	awards, err := w.AwardsOfWork([]issuer.CapstoneID{s.CapstoneID}, living...)
	if err != nil || s.Edition == 0 {
		return issuer.StoryWaits, err
	}
	return s.Standing(living, consents, awards[s.CapstoneID]), nil
}

// WriteStory puts new words into the story of an approved capstone. A member of
// its team may; the others, and they themselves, agree to the new words before
// they are in the gallery.
func (r *Registrar) WriteStory(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, text issuer.StoryText) (*StoryView, error) {
	return act(ctx, r, by, "story.write", string(id), func(w *work) (*StoryView, error) {
		t, err := w.holdTold(id)
		if err != nil {
			return nil, err
		}
		changed, err := t.story.Write(text, t.capstone, t.team, w.by.Person, w.Now)
		if err != nil {
			return nil, err
		}
		w.note("edition", t.story.Edition)
		switch {
		case changed && t.story.Edition == 1:
			t.story.ID, t.story.CreatedAt = issuer.StoryID(rand.Text()), w.Now
			err = w.AddStory(t.story)
		case changed:
			err = w.SaveStory(t.story)
		}
		if err != nil {
			return nil, err
		}
		return w.storyView(t)
	})
}

// AgreeToStory keeps what the caller, who is of the team, says to an edition of
// the story: whether it may be shown, and whether with their name. It counts at
// once, whatever they said before.
func (r *Registrar) AgreeToStory(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, edition int, agreed, named bool) (*StoryView, error) {
	return act(ctx, r, by, "story.agree", string(id), func(w *work) (*StoryView, error) {
		t, err := w.holdTold(id)
		if err != nil {
			return nil, err
		}
		if !issuer.InTeam(t.team, w.by.Person) {
			return nil, forbid("Only the team agrees to its story.")
		}
		if t.story.Edition == 0 {
			return nil, issuer.Refuse(issuer.Conflict, "Nothing is written yet that you could agree to.")
		}
		if edition != t.story.Edition && agreed { // a no is a no to any words
			return nil, issuer.Refuse(issuer.Conflict, "Someone changed the words meanwhile; read them again before you agree.")
		}
		c := &issuer.StoryConsent{StoryID: t.story.ID, PersonID: w.by.Person, IssuerID: w.us.ID, Edition: t.story.Edition, Agreed: agreed, Named: agreed && named, At: w.Now}
		w.note("edition", c.Edition)
		w.note("agreed", c.Agreed)
		w.note("named", c.Named)
		if err := w.KeepStoryConsent(c); err != nil {
			return nil, err
		}
		answer := issuer.ConsentRefused
		if agreed {
			answer = issuer.ConsentGiven
		}
		err = w.AddConsentRecord(&issuer.ConsentRecord{ID: rand.Text(), IssuerID: w.us.ID, PersonID: w.by.Person, Kind: "gallery", Answer: answer,
			Version: fmt.Sprintf("%s/%d", t.story.ID, c.Edition), At: w.Now})
		if err != nil {
			return nil, err
		}
		return w.storyView(t)
	})
}

// HideStory keeps a story out of the gallery, with a reason for its team. Who
// runs the program may.
func (r *Registrar) HideStory(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, reason string) (*StoryView, error) {
	return r.moderate(ctx, by, "story.hide", id, func(w *work, s *issuer.Story) error {
		err := s.Hide(reason, w.by.Person, w.Now)
		w.say("reason", s.HiddenReason)
		return err
	})
}

// ShowStory lets a story back into the gallery. Who runs the program may.
func (r *Registrar) ShowStory(ctx context.Context, by issuer.Caller, id issuer.CapstoneID) (*StoryView, error) {
	return r.moderate(ctx, by, "story.show", id, func(_ *work, s *issuer.Story) error {
		s.Show()
		return nil
	})
}

func (r *Registrar) moderate(ctx context.Context, by issuer.Caller, name string, id issuer.CapstoneID, change func(*work, *issuer.Story) error) (*StoryView, error) {
	return act(ctx, r, by, name, string(id), func(w *work) (*StoryView, error) {
		t, err := w.holdTold(id)
		if err != nil {
			return nil, err
		}
		if err := w.mayManage(t.capstone.ProgramID); err != nil {
			return nil, err
		}
		if t.story.Edition == 0 {
			return nil, issuer.Refuse(issuer.Conflict, "Nothing is written yet.")
		}
		if err := change(w, t.story); err != nil {
			return nil, err
		}
		if err := w.SaveStory(t.story); err != nil {
			return nil, err
		}
		return w.storyView(t)
	})
}

// StoryDesk lists the stories of a program, by code or id, to who runs it, the
// newest first; after is where the page begins.
func (r *Registrar) StoryDesk(ctx context.Context, by issuer.Caller, program string, after issuer.StoryID) (*StoryDeskView, error) {
	return look(ctx, r, by, func(w *work) (*StoryDeskView, error) {
		p, err := w.seenProgram(program)
		if err != nil {
			return nil, err
		}
		if err := w.mayManage(p.ID); err != nil {
			return nil, err
		}
		stories, err := w.StoriesOf(p.ID, after, galleryPage+1)
		if err != nil {
			return nil, err
		}
		v := &StoryDeskView{Program: namedProgram(p)}
		if len(stories) > galleryPage {
			stories = stories[:galleryPage]
			v.Next = stories[galleryPage-1].ID
		}
		members, err := w.Members(unique(stories, func(s issuer.Story) issuer.CapstoneID { return s.CapstoneID })...)
		if err != nil {
			return nil, err
		}
		team := grouped(members, func(m issuer.Member) issuer.CapstoneID { return m.CapstoneID })
		var all []*told
		for i := range stories {
			s := &stories[i]
			all = append(all, &told{&issuer.Capstone{ID: s.CapstoneID}, s, team[s.CapstoneID]})
		}
		v.Stories, err = w.storyViews(all)
		return v, err
	})
}

// StoryDeskView is the stories of a program for who runs it.
type StoryDeskView struct {
	Program Named
	Stories []StoryView
	Next    issuer.StoryID // whom the next page begins after, "" at the end
}
