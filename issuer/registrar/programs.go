package registrar

import (
	"context"
	"slices"
	"strings"

	"hallmark/issuer"
)

// Programs lists the programs that the caller has anything to do with.
func (r *Registrar) Programs(ctx context.Context, by issuer.Caller) ([]Named, error) {
	return look(ctx, r, by, func(w *work) ([]Named, error) {
		programs, err := w.seen()
		out := []Named{}
		for i := range programs {
			out = append(out, namedProgram(&programs[i]))
		}
		return out, err
	})
}

// Overseen lists the programs that a person runs or sponsors.
func (r *Registrar) Overseen(ctx context.Context, by issuer.Caller) ([]Named, error) {
	return look(ctx, r, by, func(w *work) ([]Named, error) {
		if _, err := w.me(); err != nil {
			return nil, err
		}
		return w.overseen()
	})
}

func (w *work) overseen() ([]Named, error) {
	all, err := w.Tx.Programs()
	var programs []Named
	for i := range all {
		if w.by.Sponsors(all[i].ID) {
			programs = append(programs, namedProgram(&all[i]))
		}
	}
	return programs, err
}

// Managed lists the programs that a person runs, and their cohorts.
func (r *Registrar) Managed(ctx context.Context, by issuer.Caller) (*ManagedView, error) {
	return look(ctx, r, by, func(w *work) (*ManagedView, error) {
		if _, err := w.me(); err != nil {
			return nil, err
		}
		programs, err := w.overseen()
		if err != nil {
			return nil, err
		}
		v := &ManagedView{}
		for _, p := range programs {
			if !w.by.Manages(issuer.ProgramID(p.ID)) {
				continue
			}
			v.Programs = append(v.Programs, p)
			cohorts, err := w.Tx.Cohorts(issuer.ProgramID(p.ID))
			if err != nil {
				return nil, err
			}
			for i := range cohorts {
				v.Cohorts = append(v.Cohorts, namedCohort(&cohorts[i]))
			}
		}
		return v, nil
	})
}

// ManagedView is the programs that someone runs, and their cohorts.
type ManagedView struct {
	Programs []Named
	Cohorts  []Named
}

// seen lists the programs that the caller may look at.
func (w *work) seen() ([]issuer.Program, error) {
	if err := w.signed(); err != nil {
		return nil, err
	}
	all, err := w.Tx.Programs()
	return slices.DeleteFunc(all, func(p issuer.Program) bool { return !w.partOf(p.ID) }), err
}

// seenNamed is seen, narrowed to one program by code or id where one is named.
func (w *work) seenNamed(name string) ([]issuer.Program, error) {
	programs, err := w.seen()
	if err != nil || name == "" {
		return programs, err
	}
	programs = slices.DeleteFunc(programs, func(p issuer.Program) bool { return p.Code != name && string(p.ID) != name })
	if len(programs) == 0 {
		return nil, issuer.Wrong("program", "There is no program “%s”.", clip(name))
	}
	return programs, nil
}

// Program shows a program's pathway to whoever has anything to do with it.
func (r *Registrar) Program(ctx context.Context, by issuer.Caller, name string) (*ProgramView, error) {
	return look(ctx, r, by, func(w *work) (*ProgramView, error) {
		p, err := w.seenProgram(name)
		if err != nil {
			return nil, err
		}
		return w.programView(p)
	})
}

// seenProgram reads a program, by code or id. To those who have nothing to do
// with it, it is not there.
func (w *work) seenProgram(name string) (*issuer.Program, error) {
	if err := w.signed(); err != nil {
		return nil, err
	}
	p, err := w.ProgramNamed(name)
	if err != nil {
		return nil, err
	}
	if !w.partOf(p.ID) {
		return nil, hidden("program")
	}
	return p, nil
}

func (w *work) programView(p *issuer.Program) (*ProgramView, error) {
	s, err := w.syllabus(p.ID)
	if err != nil {
		return nil, err
	}
	v := &ProgramView{Named: namedProgram(p), Purpose: p.Purpose, Expectations: p.Expectations,
		Manages: w.by.Manages(p.ID), Sponsors: w.by.Sponsors(p.ID)}
	sums, err := w.managedSums(s)
	if err != nil {
		return nil, err
	}
	v.CountedAt = sums.At
	modules, err := w.moduleViews(s, sums)
	if err != nil {
		return nil, err
	}
	begun, err := w.begunBriefs(s)
	if err != nil {
		return nil, err
	}
	for _, l := range s.levels {
		level := LevelView{Named: levelNamed(l), Rank: l.Rank, Retired: l.RetiredAt != nil}
		for _, m := range modules {
			if m.Level.ID == string(l.ID) {
				level.Modules = append(level.Modules, m)
			}
		}
		for i := range s.briefs {
			if b := &s.briefs[i]; b.LevelID == l.ID && (b.RetiredAt == nil || begun[b.ID] || w.seesRetired(p.ID)) {
				level.Briefs = append(level.Briefs, briefView(b, l))
			}
		}
		if !level.Retired || len(level.Modules)+len(level.Briefs) > 0 || w.seesRetired(p.ID) {
			v.Levels = append(v.Levels, level)
		}
	}
	if v.Achievements, err = w.achievementViews(s, sums); err != nil {
		return nil, err
	}
	for _, a := range v.Achievements {
		v.Badges += a.Issued
	}
	if v.Cohorts, err = w.cohortViews(s, ""); err != nil {
		return nil, err
	}
	v.Learners, err = w.CountLearners(p.ID)
	return v, err
}

// seesRetired tells whether the caller sees what a program retired without
// having anything of it.
func (w *work) seesRetired(p issuer.ProgramID) bool { return w.by.Sponsors(p) || w.by.Person == "" }

// begunBriefs are those that the caller began a capstone on, asked for only
// where one was retired.
func (w *work) begunBriefs(s *syllabus) (map[issuer.BriefID]bool, error) {
	begun := map[issuer.BriefID]bool{}
	if w.by.Person == "" || find(s.briefs, func(b issuer.Brief) bool { return b.RetiredAt != nil }) == nil {
		return begun, nil
	}
	capstones, err := w.CapstonesOf(w.by.Person)
	for _, c := range capstones {
		begun[c.BriefID] = true
	}
	return begun, err
}

// moduleViews shows the modules of a program in their order, with what the
// caller did of them and, for who runs the program, how many passed. What was
// retired is shown to who has it and who oversees the program.
func (w *work) moduleViews(s *syllabus, sums *programSums) ([]ModuleView, error) {
	var mine []issuer.Completion
	if w.by.Person != "" {
		var err error
		if mine, err = w.CompletionsOf(w.by.Person); err != nil {
			return nil, err
		}
	}
	views := make([]ModuleView, 0, len(s.modules))
	for i := range s.modules {
		v := s.moduleView(&s.modules[i], mine)
		v.Passed = sums.Modules[v.ID].Passed
		if v.Retired && !v.Attempted && !w.seesRetired(s.program.ID) {
			continue
		}
		views = append(views, v)
	}
	return views, nil
}

func (s *syllabus) moduleView(m *issuer.Module, mine []issuer.Completion) ModuleView {
	v := ModuleView{ID: m.ID, Code: m.Code, Name: m.Name, Kind: m.Kind, Level: levelNamed(s.level(m.LevelID)), Hours: m.Hours,
		Pass: m.Pass, Skills: m.Skills, Requires: m.Requires, Retired: m.RetiredAt != nil}
	for _, c := range mine {
		if c.ModuleID == m.ID && c.WithdrawnAt == nil {
			v.Attempted = true
			v.Done = v.Done || c.Passed
		}
	}
	return v
}

// achievementViews shows a program's achievements in their order, for who runs the
// program with how many of each are live; retired ones as moduleViews does.
func (w *work) achievementViews(s *syllabus, sums *programSums) ([]AchievementView, error) {
	holds, err := w.holdsOf(s)
	if err != nil {
		return nil, err
	}
	views := make([]AchievementView, 0, len(s.offers))
	for _, o := range s.offers {
		if o.RetiredAt != nil && !holds[o.ID] && !w.seesRetired(s.program.ID) {
			continue
		}
		views = append(views, AchievementView{AchievementRef: achievementRef(o.Code, &o.Current), Program: namedProgram(s.program),
			Rule: o.Current.Rule, Issued: sums.Issued[o.Code], Retired: o.RetiredAt != nil})
	}
	return views, nil
}

// holdsOf are the achievements of a program that the caller holds, asked for only
// where one was retired.
func (w *work) holdsOf(s *syllabus) (map[issuer.AchievementID]bool, error) {
	held := map[issuer.AchievementID]bool{}
	if w.seesRetired(s.program.ID) || find(s.offers, func(o issuer.Offer) bool { return o.RetiredAt != nil }) == nil {
		return held, nil
	}
	awards, err := w.LiveAwards(s.program.ID, w.by.Person)
	for _, a := range awards {
		held[a.AchievementID] = true
	}
	return held, err
}

// cohortViews shows the cohorts of a program that the caller is part of, all
// for who runs it; those of one alone are counted if it is named.
func (w *work) cohortViews(s *syllabus, one issuer.CohortID) ([]CohortView, error) {
	learners, err := w.LearnersByCohort(s.program.ID, one)
	if err != nil {
		return nil, err
	}
	waiting, err := w.WaitingByCohort(s.program.ID, one)
	if err != nil {
		return nil, err
	}
	grants, err := w.GrantsIn(s.program.ID)
	if err != nil {
		return nil, err
	}
	grants = slices.DeleteFunc(grants, func(g issuer.Grant) bool { return g.Role != issuer.Mentor || one != "" && g.CohortID != one })
	names, err := w.names(unique(grants, func(g issuer.Grant) issuer.PersonID { return g.PersonID })...)
	if err != nil {
		return nil, err
	}
	views := []CohortView{}
	for i := range s.cohorts {
		c := &s.cohorts[i]
		if !w.inCohort(c) {
			continue
		}
		v := CohortView{ID: c.ID, Code: c.Code, Name: c.Name, Program: namedProgram(s.program), Purpose: c.Purpose,
			Expectations: c.Expectations, StartsOn: c.StartsOn, EndsOn: c.EndsOn, TimeZone: c.TimeZone,
			Learners: learners[string(c.ID)], Waiting: waiting[string(c.ID)], ClosedAt: c.ClosedAt, ArchivedAt: c.ArchivedAt}
		for _, g := range grants {
			if g.CohortID == c.ID && w.by.Person != "" {
				v.Mentors = append(v.Mentors, MemberView{names[g.PersonID], string(g.Tier)})
			}
		}
		views = append(views, v)
	}
	return views, nil
}

// inCohort tells whether the caller may look at a cohort: its people, who
// runs or sponsors the program, clients.
func (w *work) inCohort(c *issuer.Cohort) bool {
	_, mentor := w.by.MentorIn(c.ID)
	return mentor || w.by.EnrolledIn(c.ID) || w.by.Sponsors(c.ProgramID) || w.by.Client != ""
}

// listed puts together what show gives of each program the caller may look
// at, and cuts the page out of it by id.
func listed[T any](ctx context.Context, r *Registrar, by issuer.Caller, program string, p Page,
	show func(w *work, s *syllabus) ([]T, error), id func(T) string) (*List[T], error) {
	return look(ctx, r, by, func(w *work) (*List[T], error) {
		programs, err := w.seenNamed(program)
		if err != nil {
			return nil, err
		}
		var all []T
		for _, program := range programs {
			s, err := w.syllabus(program.ID)
			if err != nil {
				return nil, err
			}
			items, err := show(w, s)
			if err != nil {
				return nil, err
			}
			all = append(all, items...)
		}
		slices.SortFunc(all, func(a, b T) int { return strings.Compare(id(a), id(b)) })
		all = slices.DeleteFunc(all, func(v T) bool { return id(v) <= p.Cursor })
		return paged(all, p.limit(), id), nil
	})
}

// Modules lists the modules of a program, by code or id, or of all that the
// caller may look at for "".
func (r *Registrar) Modules(ctx context.Context, by issuer.Caller, program string, p Page) (*List[ModuleView], error) {
	return listed(ctx, r, by, program, p, func(w *work, s *syllabus) ([]ModuleView, error) {
		sums, err := w.managedSums(s)
		if err != nil {
			return nil, err
		}
		return w.moduleViews(s, sums)
	}, func(m ModuleView) string { return string(m.ID) })
}

// Cohorts lists cohorts likewise.
func (r *Registrar) Cohorts(ctx context.Context, by issuer.Caller, program string, p Page) (*List[CohortView], error) {
	return listed(ctx, r, by, program, p, func(w *work, s *syllabus) ([]CohortView, error) { return w.cohortViews(s, "") },
		func(c CohortView) string { return string(c.ID) })
}

// Achievements lists achievements likewise.
func (r *Registrar) Achievements(ctx context.Context, by issuer.Caller, program string, p Page) (*List[AchievementView], error) {
	return listed(ctx, r, by, program, p, func(w *work, s *syllabus) ([]AchievementView, error) {
		sums, err := w.managedSums(s)
		if err != nil {
			return nil, err
		}
		return w.achievementViews(s, sums)
	}, func(a AchievementView) string { return string(a.ID) })
}
