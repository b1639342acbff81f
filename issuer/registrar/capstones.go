package registrar

import (
	"context"
	"crypto/rand"
	"slices"

	"hallmark/issuer"
)

// StartCapstone begins a capstone on a brief, by code or id, in a cohort that
// the caller and the team learn in. The caller is always in the team.
func (r *Registrar) StartCapstone(ctx context.Context, by issuer.Caller, brief, cohort, title string, team []issuer.PersonID) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.start", "", func(w *work) (*CapstoneView, error) {
		title, team := title, team // the act may be run again
		if err := w.signed(); err != nil {
			return nil, err
		}
		c, err := w.CohortNamed(cohort)
		if err != nil {
			return nil, unknown(err, "cohort", cohort)
		}
		if !w.by.EnrolledIn(c.ID) {
			return nil, forbid("Only a learner of the cohort can start a capstone in it.")
		}
		if err := c.Writable(); err != nil {
			return nil, err
		}
		b, err := w.briefNamed(c.ProgramID, brief)
		if err != nil {
			return nil, err
		}
		if err := b.Takes(""); err != nil {
			return nil, err
		}
		if title, err = issuer.CleanText("title", title, issuer.MaxName); err != nil {
			return nil, err
		}
		if !slices.Contains(team, w.by.Person) {
			team = append([]issuer.PersonID{w.by.Person}, team...)
		}
		if err := w.LockPeople(team...); err != nil {
			return nil, err
		}
		if err := w.stillThere(); err != nil {
			return nil, err
		}
		if err := w.checkTeam(b, c, team); err != nil {
			return nil, err
		}
		return w.start(c, b, title, team)
	})
}

func (w *work) briefNamed(program issuer.ProgramID, name string) (*issuer.Brief, error) {
	briefs, err := w.Briefs(program)
	if err != nil {
		return nil, err
	}
	b := find(briefs, func(b issuer.Brief) bool { return b.Code == name || string(b.ID) == name })
	if b == nil {
		return nil, issuer.Wrong("brief", "The program of this cohort has no capstone “%s”.", clip(name))
	}
	return b, nil
}

// checkTeam refuses a team that the brief does not allow, someone who does
// not learn in the cohort, and someone who is at work on the brief already.
func (w *work) checkTeam(b *issuer.Brief, c *issuer.Cohort, team []issuer.PersonID) error {
	if err := b.CheckTeam(team); err != nil {
		return err
	}
	enrollments, err := w.EnrollmentsIn(c.ID)
	if err != nil {
		return err
	}
	here, err := w.Unerased(team...)
	if err != nil {
		return err
	}
	for _, p := range team {
		if find(here, func(h issuer.Person) bool { return h.ID == p }) == nil || !slices.ContainsFunc(enrollments, func(e issuer.Enrollment) bool { return e.PersonID == p && e.LeftAt == nil }) {
			return issuer.Wrong("team", "Everyone in the team must be a learner of the cohort.")
		}
		theirs, err := w.CapstonesOf(p)
		if err != nil {
			return err
		}
		for _, have := range theirs {
			if have.BriefID == b.ID && !have.Closed() {
				return issuer.Refuse(issuer.Conflict, "Someone in the team is at work on this capstone already; withdraw the other one first.")
			}
		}
	}
	return nil
}

func (w *work) start(c *issuer.Cohort, b *issuer.Brief, title string, team []issuer.PersonID) (*CapstoneView, error) {
	capstone := &issuer.Capstone{ID: issuer.CapstoneID(rand.Text()), IssuerID: w.us.ID, ProgramID: c.ProgramID, CohortID: c.ID,
		BriefID: b.ID, Title: title, State: issuer.Draft, CreatedAt: w.Now, ChangedAt: w.Now}
	if err := w.AddCapstone(capstone); err != nil {
		return nil, err
	}
	for _, p := range team {
		if err := w.AddMember(&issuer.Member{CapstoneID: capstone.ID, PersonID: p, IssuerID: w.us.ID, JoinedAt: w.Now}); err != nil {
			return nil, err
		}
	}
	w.object = string(capstone.ID)
	w.note("team", team)
	return w.capstoneView(capstone)
}

// held is a capstone that the act has locked, with what belongs to it.
type heldCapstone struct {
	*issuer.Capstone
	team       []issuer.Member
	brief      *issuer.Brief
	was        issuer.CapstoneState
	submission int
}

// hold locks a capstone, after the people that the act decides about, and
// reads it as it is then. Who may not know of it learns that there is none.
func (w *work) hold(id issuer.CapstoneID, people ...issuer.PersonID) (*heldCapstone, error) {
	if err := w.signed(); err != nil {
		return nil, err
	}
	team, err := w.Members(id)
	if err != nil {
		return nil, err
	}
	for _, m := range team {
		people = append(people, m.PersonID)
	}
	if err := w.LockPeople(people...); err != nil {
		return nil, err
	}
	if err := w.LockCapstone(id); err != nil {
		return nil, err
	}
	if err := w.stillThere(); err != nil {
		return nil, err
	}
	if now, err := w.Members(id); err != nil {
		return nil, err
	} else if !slices.EqualFunc(team, now, func(a, b issuer.Member) bool { return a.PersonID == b.PersonID }) {
		return nil, issuer.Refuse(issuer.Conflict, "The team changed a moment ago; look at it again.") // who joined is not locked
	}
	c, err := w.Capstone(id)
	if err != nil {
		return nil, err
	}
	b, err := w.Brief(c.BriefID)
	if err != nil {
		return nil, err
	}
	return &heldCapstone{c, team, b, c.State, c.Submission}, nil
}

// mine holds a capstone that the caller may see, for the team to change.
func (w *work) mine(id issuer.CapstoneID) (*heldCapstone, error) {
	h, err := w.hold(id)
	if err != nil {
		return nil, err
	}
	return h, w.maySeeCapstone(h.Capstone, h.team)
}

// save keeps a capstone, unless its cohort is archived. One that does not wait any
// more is nobody's claim.
func (w *work) save(h *heldCapstone) error {
	if err := w.writable(h.CohortID); err != nil {
		return err
	}
	if err := w.SaveCapstone(h.Capstone, h.was, h.submission); err != nil || h.State.Waits() {
		return err
	}
	return w.DropClaim(h.ID)
}

// SubmitCapstone hands in what the draft says as a new submission, which
// voids approvals of the one before and what was signed with them, and allots
// the badges that may come of it their ids. The mentors of the cohort are told.
func (r *Registrar) SubmitCapstone(ctx context.Context, by issuer.Caller, id issuer.CapstoneID) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.submit", string(id), func(w *work) (*CapstoneView, error) {
		h, err := w.mine(id)
		if err != nil {
			return nil, err
		}
		evidence, err := w.Evidence(id)
		if err != nil {
			return nil, err
		}
		draft := draftOf(evidence)
		s, err := h.Submit(h.brief, h.team, draft, w.by.Person, w.Now)
		if err != nil {
			return nil, err
		}
		if err := w.save(h); err != nil {
			return nil, err
		}
		s.ID = issuer.SubmissionID(rand.Text())
		if err := w.AddSubmission(s); err != nil {
			return nil, err
		}
		for _, e := range draft {
			e.ID, e.Submission = issuer.EvidenceID(rand.Text()), s.Number
			if err := w.AddEvidence(&e); err != nil {
				return nil, err
			}
		}
		w.note("submission", s.Number)
		if err := w.VoidEndorsements(h.ID); err != nil {
			return nil, err
		}
		if _, err := w.allot(h); err != nil {
			return nil, err
		}
		if err := w.tellMentors(h, "capstone-submitted", "/review/"); err != nil {
			return nil, err
		}
		return w.capstoneView(h.Capstone)
	})
}

// tellMentors mails the mentors of the cohort who could decide, but some, where they
// can; those who are away only while nobody else is there.
func (w *work) tellMentors(h *heldCapstone, template, where string, but ...issuer.PersonID) error {
	mentors, err := w.present(h)
	if err != nil {
		return err
	}
	cohort, err := w.Cohort(h.CohortID)
	if err != nil {
		return err
	}
	team, err := w.teamNames(h.team)
	if err != nil {
		return err
	}
	for _, m := range mentors {
		if slices.Contains(but, m.person) {
			continue
		}
		mentor, err := w.Person(m.person)
		if err != nil {
			return err
		}
		if err := w.mail(mentor, template, map[string]any{"Title": orName(h.Title, h.brief.Name), "Team": team, "Cohort": cohort.Name,
			"Link": w.r.BaseURL + where + string(h.ID)}); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) teamNames(team []issuer.Member) (string, error) {
	names, err := w.names(unique(team, func(m issuer.Member) issuer.PersonID { return m.PersonID })...)
	text := ""
	for i, m := range team {
		if i > 0 {
			text += ", "
		}
		text += names[m.PersonID].Name
	}
	return text, err
}

// WithdrawCapstone takes a capstone back; approved is final. The team may, and
// who runs the program. Doing it again changes nothing.
func (r *Registrar) WithdrawCapstone(ctx context.Context, by issuer.Caller, id issuer.CapstoneID) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.withdraw", string(id), func(w *work) (*CapstoneView, error) {
		h, err := w.mine(id)
		if err != nil {
			return nil, err
		}
		if !issuer.InTeam(h.team, w.by.Person) && !w.by.Manages(h.ProgramID) {
			return nil, forbid("Only a member of the team can withdraw a capstone.")
		}
		if h.State != issuer.Withdrawn {
			if err := h.Withdraw(w.Now); err != nil {
				return nil, err
			}
			if err := w.save(h); err != nil {
				return nil, err
			}
			if err := w.VoidEndorsements(h.ID); err != nil {
				return nil, err
			}
		}
		return w.capstoneView(h.Capstone)
	})
}
