package registrar

import (
	"context"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// CloseCohort lets nobody new into a cohort, by code or id; what is under way in
// it goes on. Who runs the program may.
func (r *Registrar) CloseCohort(ctx context.Context, by issuer.Caller, cohort string) error {
	return r.changeCohort(ctx, by, "cohort.close", cohort, func(w *work, c *issuer.Cohort) (bool, error) { return c.Close(w.Now), nil })
}

// ArchiveCohort makes a closed cohort one that is only read. Submissions that wait
// for a mentor are decided first: nobody could decide them any more.
func (r *Registrar) ArchiveCohort(ctx context.Context, by issuer.Caller, cohort string) error {
	return r.changeCohort(ctx, by, "cohort.archive", cohort, func(w *work, c *issuer.Cohort) (bool, error) {
		waiting, err := w.WaitingByCohort(c.ProgramID, c.ID)
		if err != nil {
			return false, err
		}
		if n := waiting[string(c.ID)]; n > 0 && c.ClosedAt != nil {
			return false, issuer.Refuse(issuer.Conflict, "Submissions still wait for a mentor (%d); have them decided or withdrawn before you archive this cohort.", n)
		}
		return c.Archive(w.Now)
	})
}

// ReopenCohort undoes both.
func (r *Registrar) ReopenCohort(ctx context.Context, by issuer.Caller, cohort string) error {
	return r.changeCohort(ctx, by, "cohort.reopen", cohort, func(_ *work, c *issuer.Cohort) (bool, error) { return c.Reopen(), nil })
}

func (r *Registrar) changeCohort(ctx context.Context, by issuer.Caller, name, cohort string, change func(*work, *issuer.Cohort) (bool, error)) error {
	_, err := act(ctx, r, by, name, cohort, func(w *work) (struct{}, error) {
		c, err := w.managedCohort(cohort)
		if err != nil {
			return struct{}{}, err
		}
		w.object = string(c.ID)
		if err := w.LockProgram(c.ProgramID); err != nil {
			return struct{}{}, err
		}
		if c, err = w.Tx.Cohort(c.ID); err != nil {
			return struct{}{}, err
		}
		changed, err := change(w, c)
		w.note("changed", changed)
		if err != nil || !changed {
			return struct{}{}, err
		}
		return struct{}{}, w.SaveCohort(c)
	})
	return err
}

// writable refuses changes in a cohort that is archived.
func (w *work) writable(id issuer.CohortID) error {
	c, err := w.Tx.Cohort(id)
	if err != nil {
		return err
	}
	return c.Writable()
}

// LeaveCohort ends a learner's time in a cohort, by code or id: they themselves
// leave, or who runs the program says that they left. What they did and earned
// there stays.
func (r *Registrar) LeaveCohort(ctx context.Context, by issuer.Caller, cohort string, person issuer.PersonID) error {
	_, err := act(ctx, r, by, "person.leave", string(person), func(w *work) (struct{}, error) {
		c, err := w.seenCohort(cohort)
		if err != nil {
			return struct{}{}, err
		}
		w.note("cohort", c.ID)
		if w.by.Person == "" || w.by.Person != person {
			if err := w.mayManage(c.ProgramID); err != nil {
				return struct{}{}, err
			}
		}
		if err := c.Writable(); err != nil {
			return struct{}{}, err
		}
		if err := w.LockPeople(person); err != nil {
			return struct{}{}, err
		}
		left, err := w.Tx.LeaveCohort(person, c.ID)
		if err == nil && !left {
			err = issuer.Refuse(issuer.NotFound, "There is no such learner in this cohort.")
		}
		return struct{}{}, err
	})
	return err
}

// AssignMentor makes someone who is known here a mentor of a cohort, by code or
// id, or changes their tier. Who runs the program may.
func (r *Registrar) AssignMentor(ctx context.Context, by issuer.Caller, cohort, email string, tier issuer.Tier) error {
	_, err := act(ctx, r, by, "role.grant", "", func(w *work) (struct{}, error) {
		c, err := w.managedCohort(cohort)
		if err != nil {
			return struct{}{}, err
		}
		if err := c.Writable(); err != nil {
			return struct{}{}, err
		}
		p, err := w.person(PersonRef{Email: email})
		if err != nil {
			return struct{}{}, err
		}
		g, err := w.place(NewGrant{Person: p.ID, Role: issuer.Mentor, Cohort: string(c.ID), Tier: tier})
		if err != nil {
			return struct{}{}, err
		}
		if _, err := w.living(p.ID); err != nil {
			return struct{}{}, err
		}
		w.object = string(p.ID)
		w.note("role", issuer.Mentor)
		w.note("cohort", c.ID)
		_, err = w.grant(g)
		return struct{}{}, err
	})
	return err
}

// MentorLoad is a mentor of a cohort and how much they do.
type MentorLoad struct {
	PersonName
	Grant   issuer.GrantID
	Tier    issuer.Tier
	Reviews int // decisions in this cohort
	Dates   int // touchpoints of it that are still to come
	Cohorts int // that they mentor and that are not archived, this one among them
}

// mentorLoads lists the mentors of a cohort with their load.
func (w *work) mentorLoads(c *issuer.Cohort) ([]MentorLoad, error) {
	here, err := w.GrantsIn(c.ProgramID)
	if err != nil {
		return nil, err
	}
	here = slices.DeleteFunc(here, func(g issuer.Grant) bool { return g.Role != issuer.Mentor || g.CohortID != c.ID })
	ids := unique(here, func(g issuer.Grant) issuer.PersonID { return g.PersonID })
	names, err := w.names(ids...)
	if err != nil {
		return nil, err
	}
	everywhere, err := w.Grants(ids...)
	if err != nil {
		return nil, err
	}
	d, err := w.definitions()
	if err != nil {
		return nil, err
	}
	reviews, dates, err := w.loads(c.ID)
	if err != nil {
		return nil, err
	}
	var out []MentorLoad
	for _, g := range here {
		l := MentorLoad{PersonName: names[g.PersonID], Grant: g.ID, Tier: g.Tier, Reviews: reviews[string(g.PersonID)], Dates: dates[string(g.PersonID)]}
		for _, e := range everywhere {
			if at := d.cohorts[e.CohortID]; e.PersonID == g.PersonID && e.Role == issuer.Mentor && at != nil && at.ArchivedAt == nil {
				l.Cohorts++
			}
		}
		out = append(out, l)
	}
	return out, nil
}

func (w *work) loads(c issuer.CohortID) (reviews, dates map[string]int, err error) {
	if reviews, err = w.ReviewsByMentor(c); err != nil {
		return nil, nil, err
	}
	dates, err = w.TouchpointsByHost(c)
	return reviews, dates, err
}

// openCapstones lists what is handed in or returned in a cohort and not decided.
func (w *work) openCapstones(c issuer.CohortID) ([]CapstoneLine, error) {
	var open []issuer.Capstone
	for _, state := range []issuer.CapstoneState{issuer.Submitted, issuer.Returned} {
		some, err := w.Tx.Capstones(store.CapstoneQuery{All: true, Cohort: c, State: state, Limit: rosterPage})
		if err != nil {
			return nil, err
		}
		open = append(open, some...)
	}
	return w.capstoneLines(open)
}

// mayGuide lets through the mentors of a cohort and who runs its program.
func (w *work) mayGuide(c *issuer.Cohort) error {
	if _, mentor := w.by.MentorIn(c.ID); mentor {
		return nil
	}
	if err := w.mayManage(c.ProgramID); err != nil {
		return forbid("Only a mentor of the cohort or who runs the program may do this.")
	}
	return nil
}

// clock is a moment as the people of a cohort have it.
func clock(at time.Time, c *issuer.Cohort) (issuer.Day, string) {
	return issuer.DayOf(at, c.Zone()), at.In(c.Zone()).Format("15:04")
}
