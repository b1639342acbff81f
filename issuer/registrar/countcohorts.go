package registrar

import (
	"context"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// How old sums may get before CountCohorts counts a cohort anew, and how many it
// counts in a round: of 200 cohorts none is older than some minutes, and the
// database has little to do.
const (
	sumsLast    = time.Minute
	countAtOnce = 4
)

// CountCohorts counts anew what some cohorts have come to, those first that were
// counted longest ago. It counts on one view of the records and writes in a
// transaction of its own, so that nobody waits for it.
func (r *Registrar) CountCohorts(ctx context.Context) error {
	counted, err := look(ctx, r, issuer.Caller{System: "jobs"}, func(w *work) (all []issuer.CohortSums, err error) {
		due, err := w.Uncounted(w.Now.Add(-sumsLast), countAtOnce)
		for i := range due {
			if err != nil {
				return nil, err
			}
			var sums *issuer.CohortSums
			if sums, err = w.countCohort(&due[i]); err == nil {
				all = append(all, *sums)
			}
		}
		return all, err
	})
	if err != nil || len(counted) == 0 {
		return err
	}
	_, err = store.Write(ctx, r.Store, func(tx *store.Tx) (struct{}, error) {
		for _, sums := range counted {
			if err := tx.PutCohortSums(&sums); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return err
}

// sumsOf gives what cohorts have come to, by id: as it is kept, and counted now
// where nothing is.
func (w *work) sumsOf(cohorts []issuer.Cohort) (map[issuer.CohortID]issuer.CohortSums, error) {
	kept, err := w.CohortSums(unique(cohorts, func(c issuer.Cohort) issuer.CohortID { return c.ID })...)
	if err != nil {
		return nil, err
	}
	all := byID(kept, func(s issuer.CohortSums) issuer.CohortID { return s.CohortID })
	for i := range cohorts {
		if _, ok := all[cohorts[i].ID]; ok {
			continue
		}
		sums, err := w.countCohort(&cohorts[i])
		if err != nil {
			return nil, err
		}
		all[sums.CohortID] = *sums
	}
	return all, nil
}

// cohortCount counts a cohort. It asks the database for whole sets, as many
// times for a thousand learners as for ten.
type cohortCount struct {
	*work
	cohort *issuer.Cohort
	path   *syllabus
	sums   issuer.CohortSums
	weeks  map[issuer.Day]issuer.People
}

func (w *work) countCohort(c *issuer.Cohort) (*issuer.CohortSums, error) {
	s, err := w.syllabus(c.ProgramID)
	if err != nil {
		return nil, err
	}
	n := &cohortCount{work: w, cohort: c, path: s, weeks: map[issuer.Day]issuer.People{},
		sums: issuer.CohortSums{CohortID: c.ID, IssuerID: w.us.ID, CountedAt: w.Now}}
	for _, part := range []func() error{n.steps, n.mix, n.worth, n.stuck} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	people := map[issuer.Day]int{}
	for monday, active := range n.weeks {
		people[monday] = len(active)
	}
	n.sums.Sums.Weeks = issuer.WeeksOf(people)
	return &n.sums, nil
}

// steps counts who came how far.
func (n *cohortCount) steps() error {
	enrollments, err := n.EnrollmentsIn(n.cohort.ID)
	if err != nil {
		return err
	}
	before := issuer.People{}
	for _, e := range enrollments {
		before.Reach(e.PersonID, e.CreatedAt)
	}
	n.add(before.Against(issuer.StepEnrolled, "", issuer.People{}))
	if before, err = n.modules(before); err != nil {
		return err
	}
	fact := issuer.Fact("") // without capstones any badge of the cohort counts
	if len(n.path.briefs) > 0 {
		fact = issuer.FactReview
		if before, err = n.capstones(before); err != nil {
			return err
		}
	}
	return n.badges(fact, before)
}

func (n *cohortCount) add(s issuer.StepSum) { n.sums.Sums.Steps = append(n.sums.Sums.Steps, s) }

func (n *cohortCount) modules(before issuer.People) (issuer.People, error) {
	passed, err := n.PassedIn(n.cohort.ID)
	if err != nil {
		return nil, err
	}
	n.active(passed)
	byModule := map[issuer.ModuleID]issuer.People{}
	for _, r := range passed {
		if byModule[r.Module] == nil {
			byModule[r.Module] = issuer.People{}
		}
		byModule[r.Module].Reach(r.Person, r.At)
	}
	for _, m := range n.path.modules {
		here := byModule[m.ID]
		n.add(here.Against(issuer.StepModule, m.ID, before))
		before = here
	}
	return before, nil
}

func (n *cohortCount) capstones(before issuer.People) (issuer.People, error) {
	rounds, err := n.HandedIn(n.cohort.ID)
	if err != nil {
		return nil, err
	}
	n.active(rounds)
	submitted := peopleOf(rounds)
	n.add(submitted.Against(issuer.StepSubmitted, "", before))
	returned, err := n.GotBack(n.cohort.ID)
	if err != nil {
		return nil, err
	}
	n.add(peopleOf(returned).Against(issuer.StepReturned, "", submitted))
	if n.sums.Sums.Returns, err = n.ReturnsIn(n.cohort.ID); err != nil {
		return nil, err
	}
	through, err := n.GotThrough(n.cohort.ID)
	approved := peopleOf(through)
	n.add(approved.Against(issuer.StepApproved, "", submitted))
	return approved, err
}

func (n *cohortCount) badges(fact issuer.Fact, before issuer.People) error {
	held, err := n.HeldIn(n.cohort.ID, fact)
	if err != nil {
		return err
	}
	issued := peopleOf(held)
	n.add(issued.Against(issuer.StepIssued, "", before))
	links, err := n.SharedIn(n.cohort.ID, fact)
	if err != nil {
		return err
	}
	public, err := n.PublicIn(n.cohort.ID, fact)
	if err != nil {
		return err
	}
	shared := peopleOf(links)
	for _, p := range public {
		if _, ok := shared[p.Person]; !ok {
			shared[p.Person] = p.At
		}
	}
	n.add(shared.Against(issuer.StepShared, "", issued))
	seen, err := n.LookedAtIn(n.cohort.ID, fact)
	n.add(peopleOf(seen).Against(issuer.StepVerified, "", issued))
	return err
}

func peopleOf(reached []store.Reached) issuer.People {
	p := issuer.People{}
	for _, r := range reached {
		p.Reach(r.Person, r.At)
	}
	return p
}

// active notes in which weeks people did something.
func (n *cohortCount) active(reached []store.Reached) {
	for _, r := range reached {
		monday := issuer.DayOf(r.At, time.UTC).Monday()
		if n.weeks[monday] == nil {
			n.weeks[monday] = issuer.People{}
		}
		n.weeks[monday].Reach(r.Person, r.At)
	}
}

// mix counts what the learners say of themselves.
func (n *cohortCount) mix() error {
	said, err := n.MixIn(n.cohort.ID)
	var people [3]map[string]int
	for i := range people {
		people[i] = map[string]int{}
		for _, s := range said {
			people[i][s[i]]++
		}
	}
	s := &n.sums.Sums
	s.Departments, s.Experience, s.Zones = issuer.MixOf(people[0]), issuer.MixOf(people[1]), issuer.MixOf(people[2])
	return err
}

// worth sums up what approved capstones claim.
func (n *cohortCount) worth() error {
	capstones, err := n.WorthIn(n.cohort.ID)
	if err != nil {
		return err
	}
	answers, err := n.ConfirmedIn(n.cohort.ID)
	confirmed := map[issuer.CapstoneID]bool{}
	claims := make([]issuer.Impact, len(capstones))
	impact := byID(capstones, func(c issuer.Capstone) issuer.CapstoneID { return c.ID })
	for _, a := range answers {
		if a.Confirms(impact[a.CapstoneID].Impact) {
			confirmed[a.CapstoneID] = true
		}
	}
	for i := range capstones {
		claims[i] = capstones[i].Impact
	}
	n.sums.Sums.Worth = issuer.ValueOf(claims, func(i int) bool { return confirmed[capstones[i].ID] })
	return err
}

// stuck counts what should have happened and did not.
func (n *cohortCount) stuck() error {
	unseen, err := n.Unseen(n.cohort.ID)
	if err != nil {
		return err
	}
	unearned, err := n.unearned(n.path, n.cohort.ID)
	n.sums.Unseen, n.sums.Unearned = len(unseen), len(unearned)
	return err
}

// unearned lists what people of a cohort should have earned by a fact and never
// did: a badge that is new since, or whose rule changed. Only new facts earn.
func (w *work) unearned(s *syllabus, c issuer.CohortID) (all []Unearned, err error) {
	for _, o := range s.offers {
		var people []issuer.Person
		module, brief := s.module(o.Current.Rule.Module), s.brief(o.Current.Rule.Capstone)
		switch {
		case module != nil:
			people, err = w.UnearnedByModule(c, module.ID, o.ID)
		case brief != nil:
			people, err = w.UnearnedByCapstone(c, brief.ID, o.ID)
		}
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			all = append(all, Unearned{PersonName{p.ID, p.Name}, Named{string(o.ID), o.Code, o.Current.Name}})
		}
	}
	return all, nil
}
