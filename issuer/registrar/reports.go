package registrar

import (
	"context"
	"slices"
	"time"

	"hallmark/issuer"
)

// Report sums a program up for its sponsors. No one is named in it.
func (r *Registrar) Report(ctx context.Context, by issuer.Caller, program string) (*ReportView, error) {
	return look(ctx, r, by, func(w *work) (*ReportView, error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		p, err := w.ProgramNamed(program)
		if err != nil {
			return nil, err
		}
		if err := w.mayReport(p.ID); err != nil {
			return nil, err
		}
		s, err := w.syllabus(p.ID)
		if err != nil {
			return nil, err
		}
		v := &ReportView{Program: namedProgram(p), At: w.Now}
		for _, part := range []func(*syllabus, *ReportView) error{w.participation, w.attainment, w.quality, w.value} {
			if err := part(s, v); err != nil {
				return nil, err
			}
		}
		return v, nil
	})
}

// participation: who is enrolled and who is active.
func (w *work) participation(s *syllabus, v *ReportView) error {
	learners, err := w.LearnersByCohort(s.program.ID)
	if err != nil {
		return err
	}
	active, err := w.ActiveByCohort(s.program.ID)
	if err != nil {
		return err
	}
	badges, err := w.LiveByCohort(s.program.ID)
	if err != nil {
		return err
	}
	seen, err := w.SeenByCohort(s.program.ID, fewest)
	if err != nil {
		return err
	}
	v.Learners, v.Active = learners[""], active[""]
	for i := range s.cohorts {
		c := &s.cohorts[i]
		id := string(c.ID)
		v.Cohorts = append(v.Cohorts, CohortReport{Cohort: namedCohort(c), StartsOn: c.StartsOn, EndsOn: c.EndsOn,
			Learners: learners[id], Active: active[id], Badges: badges[id], Seen: seen[id]})
	}
	return nil
}

// fewest is of how many people at least views are summed: of fewer, a sum tells
// about someone.
const fewest = 5

// attainment: what people passed and hold.
func (w *work) attainment(s *syllabus, v *ReportView) error {
	passed, err := w.PassedByModule(s.program.ID)
	if err != nil {
		return err
	}
	tried, err := w.TriedByModule(s.program.ID)
	if err != nil {
		return err
	}
	for i := range s.modules {
		id := string(s.modules[i].ID)
		v.Modules = append(v.Modules, ModuleReport{Module: namedModule(&s.modules[i]), Passed: passed[id], Attempted: tried[id] - passed[id]})
	}
	live, err := w.LiveByAchievement(s.program.ID)
	if err != nil {
		return err
	}
	for _, o := range s.offers {
		v.Badges = append(v.Badges, BadgeReport{Achievement: Named{string(o.ID), o.Code, o.Current.Name}, Art: o.Current.Art, Issued: live[o.Code]})
		v.Issued += live[o.Code]
	}
	states, err := w.AwardsByState(s.program.ID)
	v.Revoked = states[string(issuer.Revoked)]
	return err
}

// quality: how projects fared, and how long mentors took.
func (w *work) quality(s *syllabus, v *ReportView) error {
	capstones, err := w.CapstonesOfProgram(s.program.ID)
	if err != nil {
		return err
	}
	submissions, err := w.SubmissionsOfProgram(s.program.ID)
	if err != nil {
		return err
	}
	reviews, err := w.ReviewsOfProgram(s.program.ID)
	if err != nil {
		return err
	}
	grants, err := w.GrantsIn(s.program.ID)
	if err != nil {
		return err
	}
	grants = slices.DeleteFunc(grants, func(g issuer.Grant) bool { return g.Role != issuer.Mentor })
	v.Mentors, v.Reviews = len(unique(grants, func(g issuer.Grant) issuer.PersonID { return g.PersonID })), len(reviews)
	v.Capstones.Rounds = len(submissions)
	for _, c := range capstones {
		v.count(&c)
	}
	v.Capstones.MedianWait = medianWait(capstones, submissions, reviews)
	return nil
}

// value: what approved projects claim to be worth, as it was counted last.
func (w *work) value(s *syllabus, v *ReportView) error {
	sums, err := w.sumsOf(s.cohorts)
	total := issuer.Sums{}
	for i := range s.cohorts {
		total = total.Plus(sums[s.cohorts[i].ID].Sums)
	}
	v.Impact = total.Worth
	return err
}

// count counts a capstone.
func (v *ReportView) count(c *issuer.Capstone) {
	v.Capstones.Started++
	switch c.State {
	case issuer.Submitted:
		v.Capstones.Submitted++
	case issuer.Returned:
		v.Capstones.Returned++
	case issuer.Approved:
		v.Capstones.Approved++
		if c.Submission == 1 {
			v.Capstones.FirstTime++
		}
		if i := slices.IndexFunc(v.Cohorts, func(r CohortReport) bool { return r.Cohort.ID == string(c.CohortID) }); i >= 0 {
			v.Cohorts[i].Capstones++
		}
	}
}

// medianWait is the median time from handing in to the last decision about
// it, over the submissions that do not wait any more.
func medianWait(capstones []issuer.Capstone, submissions []issuer.Submission, reviews []issuer.Review) time.Duration {
	type round struct {
		capstone issuer.CapstoneID
		number   int
	}
	decided := map[round]time.Time{}
	for _, r := range reviews {
		if at := (round{r.CapstoneID, r.Submission}); r.At.After(decided[at]) {
			decided[at] = r.At
		}
	}
	for _, c := range capstones {
		if c.State == issuer.Submitted {
			delete(decided, round{c.ID, c.Submission})
		}
	}
	var waits []time.Duration
	for _, s := range submissions {
		if at, ok := decided[round{s.CapstoneID, s.Number}]; ok {
			waits = append(waits, at.Sub(s.SubmittedAt))
		}
	}
	if len(waits) == 0 {
		return 0
	}
	slices.Sort(waits)
	return (waits[(len(waits)-1)/2] + waits[len(waits)/2]) / 2
}
