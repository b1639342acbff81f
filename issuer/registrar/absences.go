package registrar

import (
	"context"
	"crypto/rand"
	"slices"

	"hallmark/issuer"
)

// NewAbsence says that the caller is away from a day to another, and which other
// mentor of a cohort of theirs covers; Cover is "" for nobody. HandOver gives
// that mentor, at once, what the caller has claimed.
type NewAbsence struct {
	From, Until issuer.Day
	Cover       issuer.PersonID
	HandOver    bool
}

// DeclareAbsence keeps that the caller, a mentor, will be away. While they are,
// they are not mailed of what is handed in.
func (r *Registrar) DeclareAbsence(ctx context.Context, by issuer.Caller, in NewAbsence) (*MentorDesk, error) {
	return act(ctx, r, by, "absence.declare", "", func(w *work) (*MentorDesk, error) {
		if err := w.mentors(); err != nil {
			return nil, err
		}
		claims, err := w.ClaimsOf(w.by.Person)
		if err != nil {
			return nil, err
		}
		a := &issuer.Absence{ID: issuer.AbsenceID(rand.Text()), IssuerID: w.us.ID, PersonID: w.by.Person,
			FromOn: in.From, UntilOn: in.Until, CoverID: in.Cover, CreatedAt: w.Now}
		if err := a.Check(w.today()); err != nil {
			return nil, err
		}
		colleagues, err := w.colleagues()
		if err != nil {
			return nil, err
		}
		switch {
		case in.Cover == "" && in.HandOver:
			return nil, issuer.Wrong("cover", "Choose who gets what you have claimed.")
		case in.Cover != "" && find(colleagues, func(p PersonName) bool { return p.ID == in.Cover }) == nil:
			return nil, issuer.Wrong("cover", "Choose a mentor of a cohort of yours.")
		}
		if in.HandOver {
			if err := w.handOverAll(claims, in.Cover); err != nil {
				return nil, err
			}
		}
		if err := w.AddAbsence(a); err != nil {
			return nil, err
		}
		w.object = string(a.ID)
		w.note("from", a.FromOn)
		w.note("until", a.UntilOn)
		w.note("cover", a.CoverID)
		return w.mentorDesk()
	})
}

// EndAbsence removes an absence of the caller's: they are back, or stay after
// all. Without it nothing changes.
func (r *Registrar) EndAbsence(ctx context.Context, by issuer.Caller, id issuer.AbsenceID) (*MentorDesk, error) {
	return act(ctx, r, by, "absence.end", string(id), func(w *work) (*MentorDesk, error) {
		if err := w.mentors(); err != nil {
			return nil, err
		}
		if err := w.DropAbsence(w.by.Person, id); err != nil {
			return nil, err
		}
		return w.mentorDesk()
	})
}

// handOverAll gives what the caller claimed to someone, one after the other in
// the order of ids, everyone whom it is about held before.
func (w *work) handOverAll(claims []issuer.Claim, to issuer.PersonID) error {
	claims = slices.DeleteFunc(claims, func(c issuer.Claim) bool { return !c.Holds(w.Now) })
	ids := unique(claims, func(c issuer.Claim) issuer.CapstoneID { return c.CapstoneID })
	slices.Sort(ids)
	members, err := w.Members(ids...)
	if err != nil {
		return err
	}
	people := append(unique(members, func(m issuer.Member) issuer.PersonID { return m.PersonID }), w.by.Person, to)
	if err := w.LockPeople(people...); err != nil {
		return err
	}
	for _, id := range ids {
		h, err := w.hold(id)
		if err != nil {
			return err
		}
		claim, err := w.workClaim(id)
		if err != nil {
			return err
		}
		if !h.State.Waits() || !claim.HeldBy(w.by.Person, w.Now) {
			continue // it was decided, or taken over, meanwhile
		}
		if err := w.handOver(h, to); err != nil {
			return err
		}
		if err := w.tellOfClaim(h, to, "claim-handed", ""); err != nil {
			return err
		}
	}
	return nil
}

// mentors refuses who is no mentor anywhere.
func (w *work) mentors() error {
	if err := w.signed(); err != nil {
		return err
	}
	if len(w.mentored()) == 0 {
		return forbid("Only mentors have a desk.")
	}
	return nil
}

// today is the day in the zone of the first cohort that the caller mentors.
func (w *work) today() issuer.Day {
	if of := w.mentored(); len(of) > 0 {
		if c, err := w.Cohort(of[0]); err == nil {
			return issuer.DayOf(w.Now, c.Zone())
		}
	}
	return issuer.DayOf(w.Now, w.Now.Location())
}

// colleagues lists the other mentors of the cohorts that the caller mentors, by
// name.
func (w *work) colleagues() ([]PersonName, error) {
	var ids []issuer.PersonID
	mine := w.mentored()
	for _, p := range unique(w.by.Grants, func(g issuer.Grant) issuer.ProgramID { return g.ProgramID }) {
		grants, err := w.GrantsIn(p)
		if err != nil {
			return nil, err
		}
		for _, g := range grants {
			if g.Role == issuer.Mentor && g.PersonID != w.by.Person && slices.Contains(mine, g.CohortID) && !slices.Contains(ids, g.PersonID) {
				ids = append(ids, g.PersonID)
			}
		}
	}
	return w.byName(ids...)
}

// away finds those of some people who are away on the day of a cohort, and their
// absences.
func (w *work) away(cohort *issuer.Cohort, people []issuer.PersonID) (map[issuer.PersonID]issuer.Absence, error) {
	today := issuer.DayOf(w.Now, cohort.Zone())
	all, err := w.Absences(today, people...)
	out := map[issuer.PersonID]issuer.Absence{}
	for _, a := range all {
		if a.On(today) {
			out[a.PersonID] = a
		}
	}
	return out, err
}

// present lists the mentors who may judge a capstone and are there; all of them,
// if nobody is.
func (w *work) present(h *heldCapstone) ([]mentorIn, error) {
	mentors, err := w.entitled(h.Capstone, h.team)
	if err != nil {
		return nil, err
	}
	cohort, err := w.Cohort(h.CohortID)
	if err != nil {
		return nil, err
	}
	away, err := w.away(cohort, unique(mentors, func(m mentorIn) issuer.PersonID { return m.person }))
	if err != nil {
		return nil, err
	}
	here := slices.DeleteFunc(slices.Clone(mentors), func(m mentorIn) bool { return away[m.person].UntilOn != "" })
	if len(here) == 0 {
		return mentors, nil
	}
	return here, nil
}
