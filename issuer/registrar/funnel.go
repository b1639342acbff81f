package registrar

import (
	"cmp"
	"context"
	"slices"
	"time"

	"hallmark/issuer"
)

// FunnelView is how far the people of a cohort came, or of a whole program, step
// by step. Nobody is named in it but mentors.
type FunnelView struct {
	Program     Named
	Cohort      Named     // zero for a whole program
	At          time.Time // when it was counted; of a program, the part that was counted first
	Steps       []FunnelStep
	Weeks       []issuer.WeekSum
	Departments issuer.Mix
	Experience  issuer.Mix
	Zones       issuer.Mix
	Returns     []ReturnedFor  // the most frequent reason first
	Cohorts     []CohortFunnel // of a program, the latest first
	Mentors     []MentorWork   // of a cohort: all for who runs it, for a mentor themselves
	Manages     bool
}

// FunnelStep is a step and how many reached it. Wait is the median time from the
// step that it is measured against; Waited is false where nobody's is known.
type FunnelStep struct {
	issuer.StepSum
	Name   Named // of the module
	Wait   time.Duration
	Waited bool
}

// ReturnedFor is how often capstones were returned for a reason; both texts are ""
// for none given.
type ReturnedFor struct {
	Code  string
	Name  string
	Times int
}

// CohortFunnel is a cohort in the funnel of its program.
type CohortFunnel struct {
	Cohort   Named
	Enrolled int
	Issued   int
}

// MentorWork is how much a mentor has to do in a cohort, and how quickly they
// answer.
type MentorWork struct {
	PersonName
	Tier     issuer.Tier
	Open     int // capstones that they have claimed and that wait
	Answered int
	Median   time.Duration // from handing in to their answer
}

// Funnel shows how far the people of a program came, summed over its cohorts, to
// who runs it.
func (r *Registrar) Funnel(ctx context.Context, by issuer.Caller, program string) (*FunnelView, error) {
	return look(ctx, r, by, func(w *work) (*FunnelView, error) {
		s, err := w.managedSyllabus(program)
		if err != nil {
			return nil, err
		}
		sums, err := w.sumsOf(s.cohorts)
		if err != nil {
			return nil, err
		}
		v := &FunnelView{Program: namedProgram(s.program), At: w.Now, Manages: true}
		total := issuer.Sums{}
		for i := range s.cohorts {
			c := sums[s.cohorts[i].ID]
			total = total.Plus(c.Sums)
			if c.CountedAt.Before(v.At) {
				v.At = c.CountedAt
			}
			v.Cohorts = append(v.Cohorts, CohortFunnel{namedCohort(&s.cohorts[i]), c.Sums.People(issuer.StepEnrolled), c.Sums.People(issuer.StepIssued)})
		}
		v.fill(s, total)
		return v, nil
	})
}

// CohortFunnel shows how far the people of a cohort, by code or id, came, to its
// mentors and to who runs the program.
func (r *Registrar) CohortFunnel(ctx context.Context, by issuer.Caller, cohort string) (*FunnelView, error) {
	return look(ctx, r, by, func(w *work) (*FunnelView, error) {
		c, err := w.seenCohort(cohort)
		if err != nil {
			return nil, err
		}
		if _, mentor := w.by.MentorIn(c.ID); !mentor && !w.by.Manages(c.ProgramID) {
			return nil, forbid("Only a mentor of the cohort or who runs the program may see how far it came.")
		}
		s, err := w.syllabus(c.ProgramID)
		if err != nil {
			return nil, err
		}
		sums, err := w.sumsOf([]issuer.Cohort{*c})
		if err != nil {
			return nil, err
		}
		v := &FunnelView{Program: namedProgram(s.program), Cohort: namedCohort(c), At: sums[c.ID].CountedAt, Manages: w.by.Manages(c.ProgramID)}
		v.fill(s, sums[c.ID].Sums)
		v.Mentors, err = w.mentorWork(c)
		return v, err
	})
}

// fill shows sums. Steps of modules that the program does not have any more are
// not shown.
func (v *FunnelView) fill(s *syllabus, sums issuer.Sums) {
	for _, step := range sums.Steps {
		f := FunnelStep{StepSum: step}
		if step.Kind == issuer.StepModule {
			m := find(s.modules, func(m issuer.Module) bool { return m.ID == step.Module })
			if m == nil {
				continue
			}
			f.Name = namedModule(m)
		}
		f.Wait, f.Waited = step.Waits.Median()
		v.Steps = append(v.Steps, f)
	}
	v.Weeks, v.Departments, v.Experience, v.Zones = sums.Weeks, sums.Departments, sums.Experience, sums.Zones
	reasons := s.program.ReturnReasons.OrUsual()
	for code, times := range sums.Returns {
		v.Returns = append(v.Returns, ReturnedFor{code, reasons.Name(code), times})
	}
	slices.SortFunc(v.Returns, func(a, b ReturnedFor) int { return cmp.Or(b.Times-a.Times, cmp.Compare(a.Code, b.Code)) })
}

// mentorWork lists what the mentors of a cohort have to do. One who does not run
// the program sees their own line.
func (w *work) mentorWork(c *issuer.Cohort) ([]MentorWork, error) {
	grants, err := w.GrantsIn(c.ProgramID)
	if err != nil {
		return nil, err
	}
	manages := w.by.Manages(c.ProgramID)
	grants = slices.DeleteFunc(grants, func(g issuer.Grant) bool {
		return g.Role != issuer.Mentor || g.CohortID != c.ID || !manages && g.PersonID != w.by.Person
	})
	claims, err := w.ClaimsIn(c.ID)
	if err != nil {
		return nil, err
	}
	answers, err := w.AnswersIn(c.ID)
	if err != nil {
		return nil, err
	}
	open, waits := map[issuer.PersonID]int{}, map[issuer.PersonID]issuer.Waits{}
	for _, k := range claims {
		open[k.PersonID]++
	}
	answered := map[issuer.PersonID]int{}
	for _, a := range answers {
		if waits[a.Mentor] == nil {
			waits[a.Mentor] = issuer.Waits{}
		}
		waits[a.Mentor].Add(a.Took)
		answered[a.Mentor]++
	}
	names, err := w.names(unique(grants, func(g issuer.Grant) issuer.PersonID { return g.PersonID })...)
	var out []MentorWork
	for _, g := range grants {
		m := MentorWork{PersonName: names[g.PersonID], Tier: g.Tier, Open: open[g.PersonID], Answered: answered[g.PersonID]}
		m.Median, _ = waits[g.PersonID].Median()
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b MentorWork) int { return b.Open - a.Open })
	return out, err
}
