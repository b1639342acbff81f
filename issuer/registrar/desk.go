package registrar

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// NewClaim says how a mentor takes a capstone. Note is for whom it is taken over
// from.
type NewClaim struct {
	TakeOver bool
	Note     string
}

// HeldClaim says who is at work on a capstone.
type HeldClaim struct {
	Mentor PersonName
	Since  time.Time
	Until  time.Time
	Mine   bool
}

// AwaitedMentor is a mentor who could give what a submission still needs.
type AwaitedMentor struct {
	PersonName
	Tier      issuer.Tier
	AwayUntil issuer.Day // "" if they are not away
}

// ConflictView is a conflict of interest as the people of a capstone see it.
// Person is empty if it is about the capstone.
type ConflictView struct {
	ID         issuer.ConflictID
	Reviewer   PersonName
	Person     PersonName
	Kind       issuer.ConflictKind
	DeclaredBy PersonName
}

// DeskView is what lies on the desk beside a capstone.
type DeskView struct {
	Claim     *HeldClaim
	MayClaim  bool // or take over, or renew
	Awaited   []AwaitedMentor
	Ahead     int            // submissions of the cohort that have waited longer
	Typical   time.Duration  // the median wait of the cohort's last ones; 0 before there are any
	Conflicts []ConflictView // for who may see them: the caller's own, all for the team and who runs the program
	Mentors   []PersonName   // whom the team can declare a conflict with
	MayClear  bool
	Reasons   issuer.ReturnReasons
	Draft     *issuer.ReviewDraft // the caller's
	Replies   []issuer.SavedReply // the caller's
	TakeBack  *TakeBackOffer
	Stamp     string // what CapstoneStamp says while nothing changed
}

// TakeBackOffer is an approval that the caller can take back now.
type TakeBackOffer struct {
	Review issuer.ReviewID
	Until  time.Time
}

// Tally says what someone's mentoring came to.
type Tally struct {
	Reviews int
	People  int           // in the teams
	Median  time.Duration // from handing in to their answer, of the last ones
}

// MentorDesk is what a mentor keeps for themselves.
type MentorDesk struct {
	Replies    []issuer.SavedReply
	Absences   []AbsenceView // that are not over
	Colleagues []PersonName  // who could cover
	Claims     int
	Tally      Tally
}

// AbsenceView is an absence as its mentor sees it.
type AbsenceView struct {
	ID    issuer.AbsenceID
	From  issuer.Day
	Until issuer.Day
	Cover PersonName // empty for nobody
}

// lately is how many answers a median is of.
const lately = 50

// median is the middle of some waits; 0 if there are none.
func median(answered []store.Answered) time.Duration {
	if len(answered) == 0 {
		return 0
	}
	waits := make([]time.Duration, len(answered))
	for i, a := range answered {
		waits[i] = max(0, a.At.Sub(a.SubmittedAt))
	}
	slices.Sort(waits)
	return (waits[(len(waits)-1)/2] + waits[len(waits)/2]) / 2
}

// desk puts what lies on the desk beside a capstone.
func (s *capstoneStudy) desk(v *CapstoneView) error {
	d := &v.Desk
	var err error
	if d.Stamp, err = s.stamp(s.c.ID); err != nil {
		return err
	}
	for _, part := range []func(*DeskView) error{s.line, s.conflicted, s.own} {
		if err := part(d); err != nil {
			return err
		}
	}
	if !s.c.State.Waits() {
		return nil
	}
	claims, err := s.claimViews(s.c.ID)
	if err != nil {
		return err
	}
	d.Claim = claims[s.c.ID]
	_, cannot := s.mayReview(s.c, s.team)
	d.MayClaim = cannot == nil && (s.c.State != issuer.Submitted || !s.decided())
	return nil
}

// claimViews shows the claims of capstones that count now.
func (w *work) claimViews(ids ...issuer.CapstoneID) (map[issuer.CapstoneID]*HeldClaim, error) {
	claims, err := w.Claims(ids...)
	if err != nil {
		return nil, err
	}
	names, err := w.names(unique(claims, func(c issuer.Claim) issuer.PersonID { return c.PersonID })...)
	views := map[issuer.CapstoneID]*HeldClaim{}
	for _, c := range claims {
		if c.Holds(w.Now) {
			views[c.CapstoneID] = &HeldClaim{Mentor: names[c.PersonID], Since: c.ClaimedAt, Until: c.Until, Mine: c.PersonID == w.by.Person}
		}
	}
	return views, err
}

// line says who is awaited and, of what was handed in, how long it takes.
func (s *capstoneStudy) line(d *DeskView) error {
	if !s.c.State.Waits() {
		return nil
	}
	var err error
	if d.Awaited, err = s.awaited(&heldCapstone{Capstone: s.c, team: s.team, brief: s.brief}); err != nil || s.c.State != issuer.Submitted {
		return err
	}
	if d.Ahead, err = s.Ahead(s.c.CohortID, s.submissions[0].SubmittedAt); err != nil {
		return err
	}
	answered, err := s.AnsweredLately(lately, s.c.CohortID)
	d.Typical = median(answered)
	return err
}

// awaited lists who could give what the current submission still needs. Where
// only the word of a lead mentor is missing, that is those.
func (w *work) awaited(h *heldCapstone) ([]AwaitedMentor, error) {
	mentors, err := w.entitled(h.Capstone, h.team)
	if err != nil {
		return nil, err
	}
	reviews, err := w.Reviews(h.ID)
	if err != nil {
		return nil, err
	}
	reviews = slices.DeleteFunc(reviews, func(r issuer.Review) bool { return r.Submission != h.Submission })
	leadOnly := h.State == issuer.Submitted && slices.Equal(h.brief.Missing(reviews), []string{"lead approval"}) && len(reviews) > 0
	mentors = slices.DeleteFunc(mentors, func(m mentorIn) bool {
		return leadOnly && m.tier != issuer.Lead || slices.ContainsFunc(reviews, func(r issuer.Review) bool { return r.ReviewerID == m.person })
	})
	ids := unique(mentors, func(m mentorIn) issuer.PersonID { return m.person })
	names, err := w.names(ids...)
	if err != nil {
		return nil, err
	}
	cohort, err := w.Cohort(h.CohortID)
	if err != nil {
		return nil, err
	}
	away, err := w.away(cohort, ids)
	out := []AwaitedMentor{}
	for _, m := range mentors {
		out = append(out, AwaitedMentor{PersonName: names[m.person], Tier: m.tier, AwayUntil: away[m.person].UntilOn})
	}
	return out, err
}

// conflicted shows what was declared to those whom it concerns.
func (s *capstoneStudy) conflicted(d *DeskView) error {
	member := s.by.Person != "" && issuer.InTeam(s.team, s.by.Person)
	d.MayClear = s.by.Manages(s.c.ProgramID)
	all, err := s.Conflicts(s.c.ID)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(k issuer.ConflictOfInterest) bool {
		return !member && !d.MayClear && k.ReviewerID != s.by.Person
	})
	var people []issuer.PersonID
	for _, k := range all {
		people = append(people, k.ReviewerID, k.PersonID, k.DeclaredBy)
	}
	names, err := s.work.names(people...)
	if err != nil {
		return err
	}
	for _, k := range all {
		d.Conflicts = append(d.Conflicts, ConflictView{k.ID, names[k.ReviewerID], names[k.PersonID], k.Kind, names[k.DeclaredBy]})
	}
	if !member {
		return nil
	}
	mentors, err := s.entitled(s.c, s.team)
	if err != nil {
		return err
	}
	d.Mentors, err = s.byName(unique(mentors, func(m mentorIn) issuer.PersonID { return m.person })...)
	return err
}

// own is what the caller has for a review, and what of theirs they can undo.
func (s *capstoneStudy) own(d *DeskView) error {
	d.Reasons = s.reasons
	if _, mentor := s.by.MentorIn(s.c.CohortID); !mentor || s.by.Person == "" {
		return nil
	}
	var err error
	if d.Draft, err = s.ReviewDraft(s.c.ID, s.by.Person); err != nil && !errors.Is(err, issuer.NotFound) {
		return err
	}
	d.TakeBack = s.takeBackOffer(s.c, s.reviews)
	d.Replies, err = s.SavedReplies(s.by.Person)
	return err
}

// takeBackOffer finds the approval that the caller can take back.
func (w *work) takeBackOffer(c *issuer.Capstone, reviews []issuer.Review) *TakeBackOffer {
	for _, r := range reviews {
		current := *c
		until := r.TakeBackUntil(w.Now)
		if r.CapstoneID == c.ID && current.TakeBack(&r, w.by.Person, w.Now) == nil {
			return &TakeBackOffer{Review: r.ID, Until: until}
		}
	}
	return nil
}

// byName gives the names of people in their order.
func (w *work) byName(ids ...issuer.PersonID) ([]PersonName, error) {
	names, err := w.names(ids...)
	out := []PersonName{}
	for _, id := range ids {
		out = append(out, names[id])
	}
	slices.SortFunc(out, func(a, b PersonName) int { return strings.Compare(a.Name, b.Name) })
	return out, err
}

// Desk shows a mentor what they keep for themselves.
func (r *Registrar) Desk(ctx context.Context, by issuer.Caller) (*MentorDesk, error) {
	return look(ctx, r, by, func(w *work) (*MentorDesk, error) {
		if err := w.mentors(); err != nil {
			return nil, err
		}
		return w.mentorDesk()
	})
}

func (w *work) mentorDesk() (*MentorDesk, error) {
	d := &MentorDesk{}
	var err error
	if d.Replies, err = w.SavedReplies(w.by.Person); err != nil {
		return nil, err
	}
	absences, err := w.Absences(w.today(), w.by.Person)
	if err != nil {
		return nil, err
	}
	names, err := w.names(unique(absences, func(a issuer.Absence) issuer.PersonID { return a.CoverID })...)
	if err != nil {
		return nil, err
	}
	for _, a := range absences {
		d.Absences = append(d.Absences, AbsenceView{a.ID, a.FromOn, a.UntilOn, names[a.CoverID]})
	}
	if d.Colleagues, err = w.colleagues(); err != nil {
		return nil, err
	}
	if d.Claims, err = w.load(); err != nil {
		return nil, err
	}
	d.Tally, err = w.tally()
	return d, err
}

// load counts what the caller has claimed.
func (w *work) load() (int, error) {
	claims, err := w.ClaimsOf(w.by.Person)
	return len(slices.DeleteFunc(claims, func(c issuer.Claim) bool { return !c.Holds(w.Now) })), err
}

// tally says what the caller's mentoring came to.
func (w *work) tally() (t Tally, err error) {
	if t.Reviews, t.People, err = w.Mentoring(w.by.Person); err != nil {
		return t, err
	}
	answered, err := w.AnsweredBy(w.by.Person, lately)
	t.Median = median(answered)
	return t, err
}

// SaveReply keeps something that the caller, a mentor, says often.
func (r *Registrar) SaveReply(ctx context.Context, by issuer.Caller, name, text string) (*MentorDesk, error) {
	return act(ctx, r, by, "reply.save", "", func(w *work) (*MentorDesk, error) {
		name, text := name, text // the act may be run again
		if err := w.mentors(); err != nil {
			return nil, err
		}
		if err := w.LockPeople(w.by.Person); err != nil {
			return nil, err
		}
		var err error
		if name, err = issuer.CleanText("name", name, issuer.MaxName); err != nil {
			return nil, err
		}
		if text, err = issuer.CleanText("text", text, issuer.MaxReplyText); err != nil {
			return nil, err
		}
		have, err := w.SavedReplies(w.by.Person)
		switch {
		case err != nil:
			return nil, err
		case name == "":
			return nil, issuer.Wrong("name", "Give the reply a name to find it by.")
		case text == "":
			return nil, issuer.Wrong("text", "Write what you often say.")
		case len(have) >= issuer.MaxReplies:
			return nil, issuer.Refuse(issuer.Conflict, "You have %d saved replies already; remove one first.", issuer.MaxReplies)
		case find(have, func(h issuer.SavedReply) bool { return h.Name == name }) != nil:
			return nil, issuer.Wrong("name", "You have a reply of this name already.")
		}
		if err := w.AddSavedReply(&issuer.SavedReply{ID: issuer.ReplyID(rand.Text()), IssuerID: w.us.ID, PersonID: w.by.Person,
			Name: name, Text: text, CreatedAt: w.Now}); err != nil {
			return nil, err
		}
		return w.mentorDesk()
	})
}

// RemoveReply forgets a saved reply of the caller's. Without it nothing changes.
func (r *Registrar) RemoveReply(ctx context.Context, by issuer.Caller, id issuer.ReplyID) (*MentorDesk, error) {
	return act(ctx, r, by, "reply.remove", string(id), func(w *work) (*MentorDesk, error) {
		if err := w.mentors(); err != nil {
			return nil, err
		}
		if err := w.DropSavedReply(w.by.Person, id); err != nil {
			return nil, err
		}
		return w.mentorDesk()
	})
}

// CapstoneStamp tells how a capstone looks to who may see it: a text that is
// another once there is something new to see.
func (r *Registrar) CapstoneStamp(ctx context.Context, by issuer.Caller, id issuer.CapstoneID) (string, error) {
	return look(ctx, r, by, func(w *work) (string, error) {
		if _, err := w.seenCapstone(id); err != nil {
			return "", err
		}
		return w.stamp(id)
	})
}

func (w *work) stamp(id issuer.CapstoneID) (string, error) {
	stamps, err := w.Stamps(id)
	if err != nil || len(stamps) == 0 {
		return "", err
	}
	return stamps[0].Text, nil
}

// CapstoneStamps gives the stamps of capstones that someone watches to whom
// CapstoneStamp told the first. It asks nobody's right and says nothing else.
func (r *Registrar) CapstoneStamps(ctx context.Context, ids ...issuer.CapstoneID) (map[issuer.CapstoneID]string, error) {
	return store.Read(ctx, r.Store, func(tx *store.Tx) (map[issuer.CapstoneID]string, error) {
		stamps, err := tx.Stamps(ids...)
		out := map[issuer.CapstoneID]string{}
		for _, s := range stamps {
			out[s.CapstoneID] = s.Text
		}
		return out, err
	})
}
