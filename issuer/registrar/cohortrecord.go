package registrar

import (
	"context"

	"hallmark/issuer"
)

// CohortRecord is what was completed in a cohort, the last recorded first, for
// who records it: its mentors and who runs the program.
type CohortRecord struct {
	Cohort   Named
	Program  Named
	Archived bool
	Modules  []ModuleView
	Learners []PersonName // all of them, in the order of their names; not the caller
	List[CompletionView]
}

// CohortRecord shows the completions of a cohort, by code or id, narrowed to a
// person or a module.
func (r *Registrar) CohortRecord(ctx context.Context, by issuer.Caller, cohort string, f CompletionFilter) (*CohortRecord, error) {
	v, err := look(ctx, r, by, func(w *work) (*CohortRecord, error) {
		c, err := w.recordedCohort(cohort)
		if err != nil {
			return nil, err
		}
		s, err := w.syllabus(c.ProgramID)
		if err != nil {
			return nil, err
		}
		v := &CohortRecord{Cohort: namedCohort(c), Program: namedProgram(s.program), Archived: c.ArchivedAt != nil}
		for i := range s.modules {
			v.Modules = append(v.Modules, s.moduleView(&s.modules[i], nil))
		}
		v.Learners, err = w.peers(c.ID)
		return v, err
	})
	if err != nil {
		return nil, err
	}
	f.Cohort, f.Newest = v.Cohort.ID, true
	list, err := r.Completions(ctx, by, f)
	if err != nil {
		return nil, err
	}
	v.List = *list
	return v, nil
}

// recordedCohort reads a cohort, by code or id, whose completions the caller may
// record.
func (w *work) recordedCohort(name string) (*issuer.Cohort, error) {
	c, err := w.seenCohort(name)
	if err != nil {
		return nil, err
	}
	return c, w.mayRecord(c.ProgramID, c.ID)
}
