package registrar

import (
	"context"

	"hallmark/issuer"
)

// CohortDetail is a cohort as one of its people sees it. The roster is for its
// mentors and who runs the program, addresses and links for the latter alone.
type CohortDetail struct {
	CohortView
	Manages bool
	Guides  bool // is one of its mentors
	Roster  []RosterLine
	Next    issuer.PersonID // whom the next page begins after, "" at the end
	Links   []JoinLinkView
}

// RosterLine is a learner of a cohort.
type RosterLine struct {
	PersonName
	Email      string
	Department string
}

// rosterPage is how many learners a page has.
const rosterPage = 100

// Cohort shows a cohort, by code or id, to its people and to who runs or
// sponsors the program; after is where the page of the roster begins.
func (r *Registrar) Cohort(ctx context.Context, by issuer.Caller, name string, after issuer.PersonID) (*CohortDetail, error) {
	return look(ctx, r, by, func(w *work) (*CohortDetail, error) {
		c, err := w.seenCohort(name)
		if err != nil {
			return nil, err
		}
		p, err := w.Program(c.ProgramID)
		if err != nil {
			return nil, err
		}
		views, err := w.cohortViews(&syllabus{program: p, cohorts: []issuer.Cohort{*c}})
		if err != nil {
			return nil, err
		}
		v := &CohortDetail{CohortView: views[0], Manages: w.by.Manages(c.ProgramID)}
		_, v.Guides = w.by.MentorIn(c.ID)
		if v.Manages || v.Guides {
			if err := w.roster(v, after); err != nil {
				return nil, err
			}
		}
		if v.Manages {
			v.Links, err = w.joinLinkViews(c.ID)
		}
		return v, err
	})
}

func (w *work) roster(v *CohortDetail, after issuer.PersonID) error {
	people, err := w.Tx.Roster(v.ID, after, rosterPage+1)
	if err != nil {
		return err
	}
	if len(people) > rosterPage {
		people = people[:rosterPage]
		v.Next = people[rosterPage-1].ID
	}
	addresses := map[issuer.PersonID]string{}
	if v.Manages {
		emails, err := w.Emails(unique(people, func(p issuer.Person) issuer.PersonID { return p.ID })...)
		if err != nil {
			return err
		}
		for _, e := range emails {
			if e.Main {
				addresses[e.PersonID] = e.Address
			}
		}
	}
	for _, p := range people {
		v.Roster = append(v.Roster, RosterLine{PersonName{ID: p.ID, Name: p.Name}, addresses[p.ID], p.Department})
	}
	return nil
}

// seenCohort reads a cohort, by code or id. To those who are not of it, it is
// not there.
func (w *work) seenCohort(name string) (*issuer.Cohort, error) {
	if err := w.signed(); err != nil {
		return nil, err
	}
	c, err := w.CohortNamed(name)
	if err != nil {
		return nil, err
	}
	if !w.inCohort(c) {
		return nil, hidden("cohort")
	}
	return c, nil
}

// managedCohort reads a cohort, by code or id, that the caller runs.
func (w *work) managedCohort(name string) (*issuer.Cohort, error) {
	c, err := w.seenCohort(name)
	if err != nil {
		return nil, err
	}
	return c, w.mayManage(c.ProgramID)
}

// RemoveLearner takes someone out of a cohort, by code or id, who has done
// nothing in it yet; whoever has begun stays in its records. Who runs the
// program may.
func (r *Registrar) RemoveLearner(ctx context.Context, by issuer.Caller, cohort string, person issuer.PersonID) error {
	_, err := act(ctx, r, by, "person.unenroll", string(person), func(w *work) (struct{}, error) {
		c, err := w.managedCohort(cohort)
		if err != nil {
			return struct{}{}, err
		}
		w.note("cohort", c.ID)
		if err := w.LockPeople(person); err != nil {
			return struct{}{}, err
		}
		begun, err := w.Begun(person, c.ID)
		if err != nil {
			return struct{}{}, err
		}
		if begun {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "They have begun: what they did in this cohort is recorded, so they stay in it.")
		}
		removed, err := w.RemoveEnrollment(person, c.ID)
		if err == nil && !removed {
			err = issuer.Refuse(issuer.NotFound, "There is no such learner in this cohort.")
		}
		return struct{}{}, err
	})
	return err
}
