package registrar

import (
	"context"
	"crypto/rand"
	"slices"

	"hallmark/issuer"
)

// NewConflict is a conflict of interest to declare at a capstone. Reviewer is ""
// for the caller; Person is who of the team it is about, for the kinds that are
// personal.
type NewConflict struct {
	Reviewer issuer.PersonID
	Person   issuer.PersonID
	Kind     issuer.ConflictKind
}

// DeclareConflict says that a mentor should not judge a capstone, or any work of
// someone in its team. The mentor and the team may; from then on the mentor
// cannot, and what they claimed is free. Saying it again changes nothing.
func (r *Registrar) DeclareConflict(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, in NewConflict) (*CapstoneView, error) {
	return act(ctx, r, by, "conflict.declare", string(id), func(w *work) (*CapstoneView, error) {
		in := in // the act may be run again
		if in.Reviewer == "" {
			in.Reviewer = w.by.Person
		}
		h, err := w.hold(id, in.Reviewer)
		if err != nil {
			return nil, err
		}
		if err := w.maySeeCapstone(h.Capstone, h.team); err != nil {
			return nil, err
		}
		c, err := issuer.Declare(h.Capstone, h.team, in.Reviewer, in.Person, in.Kind, w.by.Person, w.Now)
		if err != nil {
			return nil, err
		}
		mentors, err := w.mentorsIn(h.Capstone)
		if err != nil {
			return nil, err
		}
		if find(mentors, func(m mentorIn) bool { return m.person == in.Reviewer }) == nil {
			return nil, issuer.Wrong("reviewer", "Choose a mentor of this cohort.")
		}
		c.ID = issuer.ConflictID(rand.Text())
		if _, err := w.AddConflict(c); err != nil {
			return nil, err
		}
		w.note("reviewer", in.Reviewer)
		w.note("kind", in.Kind)
		return w.outOfWay(h, in.Reviewer)
	})
}

// outOfWay frees a capstone that a mentor claimed who cannot judge it any more.
func (w *work) outOfWay(h *heldCapstone, mentor issuer.PersonID) (*CapstoneView, error) {
	claim, err := w.workClaim(h.ID)
	if err != nil {
		return nil, err
	}
	if claim.HeldBy(mentor, w.Now) {
		if err := w.DropClaim(h.ID); err != nil {
			return nil, err
		}
	}
	return w.capstoneView(h.Capstone)
}

// ClearConflict takes back what was declared at a capstone. Only who runs the
// program may: a mentor does not clear the way for themselves.
func (r *Registrar) ClearConflict(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, conflict issuer.ConflictID) (*CapstoneView, error) {
	return act(ctx, r, by, "conflict.clear", string(id), func(w *work) (*CapstoneView, error) {
		h, err := w.mine(id)
		if err != nil {
			return nil, err
		}
		if err := w.mayManage(h.ProgramID); err != nil {
			return nil, err
		}
		all, err := w.Conflicts(id)
		if err != nil {
			return nil, err
		}
		c := find(all, func(c issuer.ConflictOfInterest) bool { return c.ID == conflict })
		if c == nil {
			return nil, issuer.Refuse(issuer.NotFound, "Nothing of that kind was declared.")
		}
		if issuer.InTeam(h.team, w.by.Person) || c.ReviewerID == w.by.Person {
			return nil, forbid("Someone else who runs the program must clear this: you are part of it.")
		}
		w.note("reviewer", c.ReviewerID)
		w.note("kind", c.Kind)
		if err := w.DropConflict(conflict); err != nil {
			return nil, err
		}
		return w.capstoneView(h.Capstone)
	})
}

// against refuses the caller where a conflict of interest keeps them from a
// capstone.
func (w *work) against(c *issuer.Capstone, team []issuer.Member) error {
	all, err := w.Conflicts(c.ID)
	if err != nil {
		return err
	}
	if len(issuer.Against(all, c.ID, team, w.by.Person)) > 0 {
		return forbid("A conflict of interest is declared between you and this capstone; another mentor decides.")
	}
	return nil
}

// mentorIn is a mentor of a cohort with the highest tier that they have there.
type mentorIn struct {
	person issuer.PersonID
	tier   issuer.Tier
}

// mentorsIn lists the mentors of a capstone's cohort, lead mentors first.
func (w *work) mentorsIn(c *issuer.Capstone) ([]mentorIn, error) {
	grants, err := w.GrantsIn(c.ProgramID)
	if err != nil {
		return nil, err
	}
	var lead, rest []mentorIn
	for _, p := range unique(grants, func(g issuer.Grant) issuer.PersonID { return g.PersonID }) {
		theirs := slices.DeleteFunc(slices.Clone(grants), func(g issuer.Grant) bool { return g.PersonID != p })
		switch tier, ok := (issuer.Caller{Grants: theirs}).MentorIn(c.CohortID); {
		case ok && tier == issuer.Lead:
			lead = append(lead, mentorIn{p, tier})
		case ok:
			rest = append(rest, mentorIn{p, tier})
		}
	}
	return append(lead, rest...), nil
}

// entitled lists the mentors who may judge a capstone.
func (w *work) entitled(c *issuer.Capstone, team []issuer.Member) ([]mentorIn, error) {
	mentors, err := w.mentorsIn(c)
	if err != nil {
		return nil, err
	}
	all, err := w.Conflicts(c.ID)
	return slices.DeleteFunc(mentors, func(m mentorIn) bool {
		return issuer.InTeam(team, m.person) || len(issuer.Against(all, c.ID, team, m.person)) > 0
	}), err
}
