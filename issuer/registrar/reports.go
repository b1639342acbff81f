package registrar

import (
	"context"
	"slices"

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
		sums, err := w.sumsOfProgram(s)
		if err != nil {
			return nil, err
		}
		v := &ReportView{Program: namedProgram(p), At: sums.At}
		v.fill(s, sums.ProgramSums)
		v.Mentors, err = w.countMentors(p.ID)
		return v, err
	})
}

// fill shows what a program came to.
func (v *ReportView) fill(s *syllabus, sums issuer.ProgramSums) {
	v.Learners, v.Active, v.Revoked, v.Reviews, v.Capstones, v.Impact = sums.Learners, sums.Active, sums.Revoked, sums.Reviews, sums.Capstones, sums.Worth
	for i := range s.cohorts {
		c := &s.cohorts[i]
		v.Cohorts = append(v.Cohorts, CohortReport{Cohort: namedCohort(c), StartsOn: c.StartsOn, EndsOn: c.EndsOn, ProgramCohort: sums.Cohorts[c.ID]})
	}
	for i := range s.modules {
		m := sums.Modules[s.modules[i].ID]
		v.Modules = append(v.Modules, ModuleReport{Module: namedModule(&s.modules[i]), Passed: m.Passed, Attempted: m.Tried - m.Passed})
	}
	for _, o := range s.offers {
		v.Badges = append(v.Badges, BadgeReport{Achievement: Named{string(o.ID), o.Code, o.Current.Name}, Art: o.Current.Art, Issued: sums.Issued[o.Code]})
		v.Issued += sums.Issued[o.Code]
	}
}

// countMentors counts who mentors in a program.
func (w *work) countMentors(p issuer.ProgramID) (int, error) {
	grants, err := w.GrantsIn(p)
	grants = slices.DeleteFunc(grants, func(g issuer.Grant) bool { return g.Role != issuer.Mentor })
	return len(unique(grants, func(g issuer.Grant) issuer.PersonID { return g.PersonID })), err
}
