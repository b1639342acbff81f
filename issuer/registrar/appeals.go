package registrar

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"hallmark/issuer"
)

// AppealView is what a team said against a return, and what was answered.
type AppealView struct {
	ID         issuer.AppealID
	Capstone   issuer.CapstoneID
	Title      string
	Cohort     Named
	Submission int
	By         PersonName
	Words      string
	State      issuer.RequestState
	Answer     string
	AnsweredBy PersonName
	CreatedAt  time.Time
	AnsweredAt *time.Time
	Current    bool   // the return that it is about still counts
	Return     string // the note of the return
}

// AppealReturn asks for another look at the current submission of a capstone,
// which was returned. The team may, once for each return; sending the same words
// again changes nothing.
func (r *Registrar) AppealReturn(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, words string) (*AppealView, error) {
	return act(ctx, r, by, "capstone.appeal", string(id), func(w *work) (*AppealView, error) {
		h, err := w.mine(id)
		if err != nil {
			return nil, err
		}
		if err := h.Appealable(h.team, w.by.Person); err != nil {
			return nil, err
		}
		clean, err := issuer.CleanText("words", words, 4000)
		if err != nil {
			return nil, err
		}
		if clean == "" {
			return nil, issuer.Wrong("words", "Say what you see differently.")
		}
		a := &issuer.Appeal{ID: issuer.AppealID(rand.Text()), IssuerID: w.us.ID, CapstoneID: id, Submission: h.Submission, PersonID: w.by.Person,
			Words: clean, State: issuer.RequestOpen, CreatedAt: w.Now}
		added, err := w.AddAppealOnce(a)
		if err != nil {
			return nil, err
		}
		w.note("submission", h.Submission)
		if added {
			if err := w.tellOfAppeal(h); err != nil {
				return nil, err
			}
		} else if a, err = w.appealAgainst(h.Capstone); err != nil {
			return nil, err
		} else if a.PersonID != w.by.Person || a.Words != clean {
			return nil, issuer.Refuse(issuer.Conflict, "Your team has asked for another look at this round already.")
		}
		return w.appealOf(a, h.Capstone)
	})
}

// appealAgainst reads the appeal about the current submission of a capstone; nil
// if there is none.
func (w *work) appealAgainst(c *issuer.Capstone) (*issuer.Appeal, error) {
	all, err := w.Tx.Appeals(c.ID)
	return find(all, func(a issuer.Appeal) bool { return a.Submission == c.Submission }), err
}

// tellOfAppeal mails the mentors of the cohort who can answer; if there is none,
// who runs the program.
func (w *work) tellOfAppeal(h *heldCapstone) error {
	grants, err := w.GrantsIn(h.ProgramID)
	if err != nil {
		return err
	}
	reviews, err := w.Reviews(h.ID)
	if err != nil {
		return err
	}
	var mentors, owners []letter
	for _, g := range grants {
		mentor := g.Role == issuer.Mentor && g.CohortID == h.CohortID
		owner := (g.Role == issuer.Owner || g.Role == issuer.Admin) && g.CohortID == ""
		if !mentor && !owner || issuer.InTeam(h.team, g.PersonID) || issuer.Returner(reviews, h.Submission, g.PersonID) {
			continue
		}
		p, err := w.Person(g.PersonID)
		if err != nil {
			return err
		}
		l := letter{to: p, template: "appeal-made", data: map[string]any{"Title": h.Title, "Link": w.r.BaseURL + "/requests"}}
		if mentor {
			mentors = append(mentors, l)
		} else {
			owners = append(owners, l)
		}
	}
	if len(mentors) == 0 {
		mentors = owners
	}
	return w.mailAll(uniqueReaders(mentors))
}

// AnswerAppeal answers an appeal: the return stands, or the submission waits for a
// decision again as it is. A mentor of the cohort who did not return it may, and
// who runs the program.
func (r *Registrar) AnswerAppeal(ctx context.Context, by issuer.Caller, id issuer.AppealID, reopen bool, words string) (*AppealView, error) {
	return act(ctx, r, by, "capstone.answer", string(id), func(w *work) (*AppealView, error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		a, err := w.Appeal(id)
		if err != nil {
			return nil, err
		}
		h, err := w.mine(a.CapstoneID)
		if errors.Is(err, issuer.NotFound) {
			return nil, hidden("appeal")
		}
		if err != nil {
			return nil, err
		}
		if a, err = w.Appeal(id); err != nil { // as it is under the lock
			return nil, err
		}
		if _, mentor := w.by.MentorIn(h.CohortID); w.by.Person == "" || !mentor && !w.by.Manages(h.ProgramID) {
			return nil, forbid("Only a mentor of this cohort, or who runs the program, answers an appeal.")
		}
		reviews, err := w.Reviews(h.ID)
		if err != nil {
			return nil, err
		}
		clean, err := issuer.CleanText("answer", words, 4000)
		if err != nil {
			return nil, err
		}
		if err := a.Settle(h.Capstone, h.team, reviews, reopen, clean, w.by.Person, w.Now); err != nil {
			return nil, err
		}
		return w.keepAppeal(h, a)
	})
}

func (w *work) keepAppeal(h *heldCapstone, a *issuer.Appeal) (*AppealView, error) {
	w.note("capstone", h.ID)
	w.note("submission", a.Submission)
	w.note("state", a.State)
	if h.State != h.was {
		if err := w.save(h); err != nil {
			return nil, err
		}
		if err := w.tellMentors(h, "capstone-submitted", "/review/"); err != nil {
			return nil, err
		}
	}
	if err := w.SaveAppeal(a); err != nil {
		return nil, err
	}
	for _, m := range h.team {
		p, err := w.Person(m.PersonID)
		if err != nil {
			return nil, err
		}
		if err := w.mail(p, "appeal-answered", map[string]any{"Title": h.Title, "Reopened": a.State == issuer.AppealReopened, "Answer": a.Answer,
			"Link": w.r.BaseURL + "/capstones/" + string(h.ID)}); err != nil {
			return nil, err
		}
	}
	return w.appealOf(a, h.Capstone)
}

func (w *work) appealOf(a *issuer.Appeal, c *issuer.Capstone) (*AppealView, error) {
	views, err := w.appealViews([]issuer.Appeal{*a}, []issuer.Capstone{*c})
	if err != nil {
		return nil, err
	}
	return &views[0], nil
}

// appealViews shows appeals of capstones that are given.
func (w *work) appealViews(appeals []issuer.Appeal, capstones []issuer.Capstone) ([]AppealView, error) {
	people := unique(appeals, func(a issuer.Appeal) issuer.PersonID { return a.PersonID })
	names, err := w.names(append(people, unique(appeals, func(a issuer.Appeal) issuer.PersonID { return a.AnsweredBy })...)...)
	if err != nil {
		return nil, err
	}
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	reviews, err := w.Reviews(unique(capstones, func(c issuer.Capstone) issuer.CapstoneID { return c.ID })...)
	if err != nil {
		return nil, err
	}
	var views []AppealView
	for _, a := range appeals {
		c := find(capstones, func(c issuer.Capstone) bool { return c.ID == a.CapstoneID })
		v := AppealView{ID: a.ID, Capstone: c.ID, Title: c.Title, Cohort: at.cohorts[c.CohortID], Submission: a.Submission, By: names[a.PersonID],
			Words: a.Words, State: a.State, Answer: a.Answer, AnsweredBy: asMentor(names[a.AnsweredBy]), CreatedAt: a.CreatedAt, AnsweredAt: a.AnsweredAt, Current: a.Current(c)}
		for _, r := range reviews {
			if r.CapstoneID == a.CapstoneID && r.Submission == a.Submission && r.Decision == issuer.Return {
				v.Return = r.Note
			}
		}
		views = append(views, v)
	}
	return views, nil
}

// AppealsView is what was said against returns of a capstone, the oldest first.
type AppealsView struct {
	Capstone issuer.CapstoneID
	Title    string
	Appeals  []AppealView
	Return   *ReviewView // that the caller can speak against now; nil if there is none
}

// Appeals shows what was said against returns of a capstone, to who may see it.
func (r *Registrar) Appeals(ctx context.Context, by issuer.Caller, id issuer.CapstoneID) (*AppealsView, error) {
	return look(ctx, r, by, func(w *work) (*AppealsView, error) {
		c, err := w.seenCapstone(id)
		if err != nil {
			return nil, err
		}
		v := &AppealsView{Capstone: c.ID, Title: c.Title}
		all, err := w.Tx.Appeals(c.ID)
		if err != nil {
			return nil, err
		}
		if v.Appeals, err = w.appealViews(all, []issuer.Capstone{*c}); err != nil {
			return nil, err
		}
		team, err := w.Members(c.ID)
		if err != nil || c.Appealable(team, w.by.Person) != nil || find(all, func(a issuer.Appeal) bool { return a.Submission == c.Submission }) != nil {
			return v, err
		}
		reviews, err := w.Reviews(c.ID)
		if err != nil {
			return nil, err
		}
		names, err := w.names(unique(reviews, func(r issuer.Review) issuer.PersonID { return r.ReviewerID })...)
		for _, r := range reviews {
			if r.Submission == c.Submission && r.Decision == issuer.Return {
				said := reviewView(r, names, nil)
				v.Return = &said
			}
		}
		return v, err
	})
}

// openAppeals lists the appeals that the caller can answer, the oldest first.
func (w *work) openAppeals() ([]AppealView, error) {
	open, err := w.OpenAppeals()
	if err != nil || len(open) == 0 {
		return nil, err
	}
	ids := unique(open, func(a issuer.Appeal) issuer.CapstoneID { return a.CapstoneID })
	about, err := w.CapstonesByID(ids...)
	if err != nil {
		return nil, err
	}
	teams, err := w.Members(ids...)
	if err != nil {
		return nil, err
	}
	decisions, err := w.Reviews(ids...)
	if err != nil {
		return nil, err
	}
	capstone := byID(about, func(c issuer.Capstone) issuer.CapstoneID { return c.ID })
	team := grouped(teams, func(m issuer.Member) issuer.CapstoneID { return m.CapstoneID })
	reviews := grouped(decisions, func(r issuer.Review) issuer.CapstoneID { return r.CapstoneID })
	var mine []issuer.Appeal
	var capstones []issuer.Capstone
	for _, a := range open {
		c := capstone[a.CapstoneID]
		if _, mentor := w.by.MentorIn(c.CohortID); !mentor && !w.by.Manages(c.ProgramID) {
			continue
		}
		if !issuer.InTeam(team[c.ID], w.by.Person) && !issuer.Returner(reviews[c.ID], a.Submission, w.by.Person) {
			mine, capstones = append(mine, a), append(capstones, c)
		}
	}
	return w.appealViews(mine, capstones)
}
