package registrar

import (
	"context"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
)

// CohortDetail is a cohort as one of its people sees it. The roster is for its
// mentors and who runs the program, addresses and links for the latter alone.
type CohortDetail struct {
	CohortView
	Manages bool
	Guides  bool // is one of its mentors
	Learns  bool // is one of its learners
	Roster  []RosterLine
	Next    issuer.PersonID // whom the next page begins after, "" at the end
	Links   []JoinLinkView
	Load    []MentorLoad   // its mentors, for whom the roster is
	Open    []CapstoneLine // that are not decided, for who runs the program
}

// RosterLine is a learner of a cohort. Who has begun stays in its records and can
// leave; who has not can be taken out.
type RosterLine struct {
	PersonName
	Email      string
	Department string
	Begun      bool
	LeftAt     *time.Time
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
		views, err := w.cohortViews(&syllabus{program: p, cohorts: []issuer.Cohort{*c}}, c.ID)
		if err != nil {
			return nil, err
		}
		v := &CohortDetail{CohortView: views[0], Manages: w.by.Manages(c.ProgramID)}
		_, v.Guides = w.by.MentorIn(c.ID)
		v.Learns = w.by.EnrolledIn(c.ID)
		if v.Manages || v.Guides {
			if v.Roster, v.Next, err = w.roster(c, after, rosterPage); err != nil {
				return nil, err
			}
			if v.Load, err = w.mentorLoads(c); err != nil {
				return nil, err
			}
		}
		if v.Manages {
			if v.Open, err = w.openCapstones(c.ID); err != nil {
				return nil, err
			}
			v.Links, err = w.joinLinkViews(c.ID)
		}
		return v, err
	})
}

// Learners lists the learners of a cohort, by code or id, also those who left,
// for its mentors and who runs the program; addresses are for the latter alone.
func (r *Registrar) Learners(ctx context.Context, by issuer.Caller, cohort string, p Page) (*List[RosterLine], error) {
	return look(ctx, r, by, func(w *work) (*List[RosterLine], error) {
		c, err := w.seenCohort(cohort)
		if err != nil {
			return nil, err
		}
		if err := w.mayGuide(c); err != nil {
			return nil, err
		}
		lines, next, err := w.roster(c, issuer.PersonID(p.Cursor), p.limit())
		return &List[RosterLine]{Items: lines, Next: string(next)}, err
	})
}

// roster lists so many learners of a cohort after one of them, and whom the next
// page begins after.
func (w *work) roster(c *issuer.Cohort, after issuer.PersonID, limit int) (lines []RosterLine, next issuer.PersonID, err error) {
	people, err := w.Tx.Roster(c.ID, after, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(people) > limit {
		people = people[:limit]
		next = people[limit-1].ID
	}
	ids := unique(people, func(p issuer.Person) issuer.PersonID { return p.ID })
	addresses := map[issuer.PersonID]string{}
	if w.by.Manages(c.ProgramID) {
		emails, err := w.Emails(ids...)
		if err != nil {
			return nil, "", err
		}
		for _, e := range emails {
			if e.Main {
				addresses[e.PersonID] = e.Address
			}
		}
	}
	begun, err := w.BegunIn(c.ID, ids...)
	if err != nil {
		return nil, "", err
	}
	enrollments, err := w.Enrollments(ids...)
	if err != nil {
		return nil, "", err
	}
	left := map[issuer.PersonID]*time.Time{}
	for _, e := range enrollments {
		if e.CohortID == c.ID {
			left[e.PersonID] = e.LeftAt
		}
	}
	for _, p := range people {
		lines = append(lines, RosterLine{PersonName{ID: p.ID, Name: p.Name}, addresses[p.ID], p.Department, begun[p.ID], left[p.ID]})
	}
	return lines, next, nil
}

// peers lists the other learners of a cohort by name, without those who left.
func (w *work) peers(cohort issuer.CohortID) ([]PersonName, error) {
	enrollments, err := w.EnrollmentsIn(cohort)
	if err != nil {
		return nil, err
	}
	enrollments = slices.DeleteFunc(enrollments, func(e issuer.Enrollment) bool { return e.LeftAt != nil })
	people, err := w.Tx.People(unique(enrollments, func(e issuer.Enrollment) issuer.PersonID { return e.PersonID })...)
	peers := []PersonName{}
	for _, p := range people {
		if p.ID != w.by.Person && p.ErasedAt == nil {
			peers = append(peers, PersonName{p.ID, p.Name})
		}
	}
	slices.SortFunc(peers, byName)
	return peers, err
}

func byName(a, b PersonName) int { return strings.Compare(a.Name+string(a.ID), b.Name+string(b.ID)) }

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
		if err := c.Writable(); err != nil {
			return struct{}{}, err
		}
		if err := w.LockPeople(person); err != nil {
			return struct{}{}, err
		}
		begun, err := w.BegunIn(c.ID, person)
		if err != nil {
			return struct{}{}, err
		}
		if begun[person] {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "They have begun: what they did in this cohort is recorded, so they cannot be taken out; they can leave it.")
		}
		removed, err := w.RemoveEnrollment(person, c.ID)
		if err == nil && !removed {
			err = issuer.Refuse(issuer.NotFound, "There is no such learner in this cohort.")
		}
		return struct{}{}, err
	})
	return err
}
