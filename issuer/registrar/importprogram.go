package registrar

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"hallmark/issuer"
)

// unkept undoes an act and still hands its result to the caller: it was a
// rehearsal, or a row of an import was wrong.
type unkept[T any] struct{ result T }

func (*unkept[T]) Error() string { return "act was not kept" }

// rehearsed turns the undoing of an act back into its result.
func rehearsed[T any](result T, err error) (T, error) {
	var u *unkept[T]
	if errors.As(err, &u) {
		return u.result, nil
	}
	return result, err
}

// ImportProgram brings a program to what the file says. It adds and changes;
// what the file does not name stays, with a warning, unless it names it as to be
// removed, which only what nobody has anything of can be. A changed wording or
// rule makes a new version of its achievement: what a badge meant when it was
// earned never changes. One thing wrong means that nothing is written. The file
// itself is left as it was handed in.
//
// Who runs the program may; a new program, and a change of the issuer itself,
// is for who runs the installation.
func (r *Registrar) ImportProgram(ctx context.Context, by issuer.Caller, p *ProgramFile, dryRun bool) (*ImportResult, error) {
	return rehearsed(act(ctx, r, by, "program.import", p.Program.Code, func(w *work) (*ImportResult, error) {
		if err := w.mayImportProgram(p); err != nil {
			return nil, err
		}
		return w.applyProgram(p, dryRun)
	}))
}

// applyProgram checks a file and brings its program to what it says. The file
// stays as it is: the act may be run again, and is to find then what it found first.
func (w *work) applyProgram(given *ProgramFile, dryRun bool) (*ImportResult, error) {
	return (&programImport{work: w, file: copied(given)}).apply(dryRun)
}

// apply checks the file, which is the import's own, and does what it says.
func (i *programImport) apply(dryRun bool) (*ImportResult, error) {
	i.result = &ImportResult{Refused: i.file.check(), Written: true}
	if len(i.result.Refused) == 0 {
		if err := i.run(); err != nil {
			return nil, err
		}
	}
	return i.finish(dryRun)
}

func (w *work) mayImportProgram(p *ProgramFile) error {
	if err := w.signed(); err != nil {
		return err
	}
	have, err := w.ProgramNamed(p.Program.Code)
	if errors.Is(err, issuer.NotFound) {
		return w.mayManage("")
	}
	if err != nil {
		return err
	}
	us := *w.us
	if p.Issuer != nil && us.Update(p.Issuer.Name, p.Issuer.URL, p.Issuer.Email, p.Issuer.Description) {
		return w.mayManage("")
	}
	return w.mayManage(have.ID)
}

// programImport is one import under way; to is the program as it becomes.
type programImport struct {
	*work
	file   *ProgramFile
	have   *syllabus // as it is; empty for a new program, as is was
	was    *ProgramFile
	to     *syllabus
	result *ImportResult
	turned []ProgramChange // achievements that say something else from now on
	gone   []ProgramChange // what is removed

	putBack int // number of the version that the file is of; 0: none

	retired []ProgramChange // achievements that are, or are not any more
}

func (i *programImport) finish(dryRun bool) (*ImportResult, error) {
	i.result.Written = !dryRun && len(i.result.Refused) == 0
	if !i.result.Written {
		return nil, &unkept[*ImportResult]{i.result}
	}
	if err := i.keepVersion(); err != nil {
		return nil, err
	}
	i.note("added", i.result.Added)
	i.note("changed", i.result.Changed)
	return i.result, nil
}

// run goes from what nothing depends on to what depends on most.
func (i *programImport) run() error {
	for _, step := range []func() error{i.issuer, i.program, i.skills, i.levels, i.modules, i.briefs, i.achievements, i.cohorts, i.removals} {
		if err := step(); err != nil {
			return err
		}
	}
	var err error
	i.result.Changes, err = i.changes()
	return err
}

// tally counts one thing: new, changed or as it was.
func (i *programImport) tally(isNew, changed bool) {
	i.result.Rows++
	switch {
	case isNew:
		i.result.Added++
	case changed:
		i.result.Changed++
	default:
		i.result.Unchanged++
	}
}

// keep adds want if have is nil, saves it if it differs, and counts it.
func keep[T any](i *programImport, have, want *T, add, save func(*T) error) error {
	changed := have != nil && !reflect.DeepEqual(have, want)
	i.tally(have == nil, changed)
	switch {
	case have == nil:
		return add(want)
	case changed:
		return save(want)
	}
	return nil
}

// left warns of what the program has and the file does not name.
func left[T any](i *programImport, what string, have []T, code func(T) string, named map[string]bool) {
	for _, c := range i.file.Remove.of(what) {
		named[c] = true
	}
	for _, h := range have {
		if !named[code(h)] {
			i.result.Warnings = append(i.result.Warnings, RowProblem{Field: what,
				Reason: fmt.Sprintf("“%s” is not in the file; it stays as it is.", code(h))})
		}
	}
}

func (i *programImport) issuer() error {
	f := i.file.Issuer
	if f == nil {
		return nil
	}
	changed := i.us.Update(f.Name, f.URL, f.Email, f.Description)
	i.tally(false, changed)
	if !changed {
		return nil
	}
	return i.SaveIssuer(i.us)
}

func (i *programImport) program() error {
	f := i.file.Program
	have, err := i.ProgramNamed(f.Code)
	if err != nil && !errors.Is(err, issuer.NotFound) {
		return err
	}
	want := issuer.Program{ID: issuer.ProgramID(rand.Text()), IssuerID: i.us.ID, Code: f.Code, CreatedAt: i.Now, ChangedAt: i.Now}
	i.have, i.was = &syllabus{}, &ProgramFile{}
	if have != nil {
		if i.have, i.was, err = i.opened(have.ID, i.file.Edition); err != nil {
			return err
		}
		have = i.have.program
		want = *have
	}
	want.Name, want.Purpose, want.Expectations, want.ReturnReasons = f.Name, f.Purpose, f.Expectations, f.reasons()
	want.Guidance, want.Questions = issuer.Guidance(f.Guidance), issuer.QuestionSets(f.Questions)
	if have != nil && !reflect.DeepEqual(want, *have) {
		want.ChangedAt = i.Now
	}
	i.object = string(want.ID)
	i.to = &syllabus{program: &want}
	return keep(i, have, &want, i.AddProgram, i.SaveProgram)
}

func (i *programImport) skills() error {
	named := map[string]bool{}
	for _, f := range i.file.Skills {
		named[f.Code] = true
		want := issuer.Skill{ID: issuer.SkillID(rand.Text()), IssuerID: i.us.ID, ProgramID: i.to.program.ID, Code: f.Code}
		have := find(i.have.skills, func(s issuer.Skill) bool { return s.Code == f.Code })
		if have != nil {
			want = *have
		}
		want.Name, want.Framework, want.URL, want.Question = f.Name, f.Framework, f.URL, f.Question
		if err := keep(i, have, &want, i.AddSkill, i.SaveSkill); err != nil {
			return err
		}
		i.to.skills = append(i.to.skills, want)
	}
	left(i, "skills", i.have.skills, func(s issuer.Skill) string { return s.Code }, named)
	return nil
}

func (i *programImport) levels() error {
	named := map[string]bool{}
	for _, f := range i.file.Levels {
		named[f.Code] = true
		want := issuer.Level{ID: issuer.LevelID(rand.Text()), IssuerID: i.us.ID, ProgramID: i.to.program.ID, Code: f.Code}
		have := find(i.have.levels, func(l issuer.Level) bool { return l.Code == f.Code })
		if have != nil {
			want = *have
		}
		want.Name, want.Rank, want.RetiredAt = f.Name, f.Order, issuer.Retired(want.RetiredAt, f.Retired, i.Now)
		if err := keep(i, have, &want, i.AddLevel, i.SaveLevel); err != nil {
			return err
		}
		i.to.levels = append(i.to.levels, want)
	}
	left(i, "levels", i.have.levels, func(l issuer.Level) string { return l.Code }, named)
	return nil
}

func (i *programImport) levelNamed(code string) issuer.LevelID {
	return find(i.to.levels, func(l issuer.Level) bool { return l.Code == code }).ID
}

func (i *programImport) modules() error {
	named := map[string]bool{}
	for n, f := range i.file.Modules {
		named[f.Code] = true
		want := issuer.Module{ID: issuer.ModuleID(rand.Text()), IssuerID: i.us.ID, ProgramID: i.to.program.ID, Code: f.Code}
		have := find(i.have.modules, func(m issuer.Module) bool { return m.Code == f.Code })
		if have != nil {
			want = *have
		}
		want.LevelID, want.Name, want.Kind, want.Hours, want.Pass = i.levelNamed(f.Level), f.Name, issuer.ModuleKind(f.Kind), f.Hours, f.Pass
		want.Skills, want.Requires, want.Position = filled(f.Skills), filled(f.Requires), n+1
		want.RetiredAt = issuer.Retired(want.RetiredAt, f.Retired, i.Now)
		if err := keep(i, have, &want, i.AddModule, i.SaveModule); err != nil {
			return err
		}
		i.to.modules = append(i.to.modules, want)
	}
	left(i, "modules", i.have.modules, func(m issuer.Module) string { return m.Code }, named)
	return nil
}

// filled is a list as the database gives it back: empty, not nil.
func filled(list []string) issuer.Strings { return append(issuer.Strings{}, list...) }

func (i *programImport) briefs() error {
	named := map[string]bool{}
	for n, f := range i.file.Capstones {
		named[f.Code] = true
		want := issuer.Brief{ID: issuer.BriefID(rand.Text()), IssuerID: i.us.ID, ProgramID: i.to.program.ID, Code: f.Code}
		have := find(i.have.briefs, func(b issuer.Brief) bool { return b.Code == f.Code })
		if have != nil {
			want = *have
		}
		want.LevelID, want.Name, want.Text, want.TeamMin, want.TeamMax = i.levelNamed(f.Level), f.Name, f.Brief, f.Team.Min, f.Team.Max
		want.Requires, want.Approvals, want.NeedsLead, want.Scope = filled(f.Requires), f.Approvals.Count, f.Approvals.Lead, f.Scope
		want.EvidenceKinds, want.Measures, want.Position = filled(f.Evidence), filled(f.Impact.Measures), n+1
		want.Policy, want.RetiredAt = issuer.Policy(f.Policy), issuer.Retired(want.RetiredAt, f.Retired, i.Now)
		want.Rubric = issuer.Rubric{}
		for _, c := range f.Rubric {
			want.Rubric = append(want.Rubric, issuer.Criterion(c))
		}
		if err := i.leftOut(n, have, want.Rubric); err != nil {
			return err
		}
		if err := keep(i, have, &want, i.AddBrief, i.SaveBrief); err != nil {
			return err
		}
		i.to.briefs = append(i.to.briefs, want)
	}
	left(i, "capstones", i.have.briefs, func(b issuer.Brief) string { return b.Code }, named)
	return nil
}

func (i *programImport) cohorts() error {
	named := map[string]bool{}
	for n, f := range i.file.Cohorts {
		named[f.Code] = true
		have, err := i.CohortNamed(f.Code)
		if err != nil && !errors.Is(err, issuer.NotFound) {
			return err
		}
		if have != nil && have.ProgramID != i.to.program.ID {
			i.result.Refused = append(i.result.Refused, RowProblem{Field: fmt.Sprintf("cohorts[%d].code", n),
				Reason: fmt.Sprintf("Another program has a cohort “%s”.", f.Code)})
			continue
		}
		want := issuer.Cohort{ID: issuer.CohortID(rand.Text()), IssuerID: i.us.ID, ProgramID: i.to.program.ID, Code: f.Code, CreatedAt: i.Now}
		if have != nil {
			want = *have
		}
		want.Name, want.Purpose, want.Expectations, want.TimeZone = f.Name, f.Purpose, f.Expectations, f.TimeZone
		want.StartsOn, want.EndsOn = issuer.Day(f.Starts), issuer.Day(f.Ends)
		if err := keep(i, have, &want, i.AddCohort, i.SaveCohort); err != nil {
			return err
		}
	}
	left(i, "cohorts", i.have.cohorts, func(c issuer.Cohort) string { return c.Code }, named)
	return nil
}

func find[T any](list []T, is func(T) bool) *T {
	for i := range list {
		if is(list[i]) {
			return &list[i]
		}
	}
	return nil
}

// achievements brings the achievements to what the file says. A version that
// says the same is left; anything else is a new version.
func (i *programImport) achievements() error {
	named := map[string]bool{}
	for _, f := range i.file.Achievements {
		named[f.Code] = true
		i.to.offers = append(i.to.offers, issuer.Offer{
			Achievement: issuer.Achievement{Code: f.Code, RetiredAt: issuer.Retired(nil, f.Retired, i.Now)},
			Current:     issuer.AchievementVersion{Name: f.Name, Rule: issuer.Rule{Module: f.Award.Module, Capstone: f.Award.Capstone, All: f.Award.All, Reviews: f.Award.Reviews}}})
	}
	for n := range i.file.Achievements {
		if err := i.achievement(n); err != nil {
			return err
		}
	}
	left(i, "achievements", i.have.offers, func(o issuer.Offer) string { return o.Code }, named)
	return nil
}

func (i *programImport) achievement(n int) error {
	f, rule := i.file.Achievements[n], i.to.offers[n].Current.Rule
	v := issuer.AchievementVersion{ID: issuer.AchievementVersionID(rand.Text()), IssuerID: i.us.ID, Version: 1,
		Name: f.Name, Description: f.Description, Type: f.Type, Criteria: f.Criteria, ValidMonths: f.ValidMonths,
		Rule: rule, Skills: i.alignments(rule), Art: i.to.art(rule, f.Name, f.Icon, f.Colour), PublishedAt: i.Now}
	if v.Criteria == "" {
		v.Criteria = i.to.criteria(rule)
	}
	have := i.have.offer(f.Code)
	if have == nil {
		i.tally(true, false)
		a := issuer.Achievement{ID: issuer.AchievementID(rand.Text()), IssuerID: i.us.ID, ProgramID: i.to.program.ID,
			Code: f.Code, Version: 1, Position: n + 1, CreatedAt: i.Now, RetiredAt: issuer.Retired(nil, f.Retired, i.Now)}
		if err := i.AddAchievement(&a); err != nil {
			return err
		}
		v.AchievementID = a.ID
		if err := i.AddAchievementVersion(&v); err != nil {
			return err
		}
		return i.turn(&a, nil, &v)
	}
	a, same := have.Achievement, have.Current.Same(&v)
	if was := a.RetiredAt != nil; was != f.Retired {
		i.retired = append(i.retired, ProgramChange{Part: "achievements", Code: f.Code, Name: f.Name,
			Fields: []FieldChange{{"retired", fmt.Sprint(was), fmt.Sprint(f.Retired)}}})
	}
	moved := a.Position != n+1 || f.Retired != (a.RetiredAt != nil)
	i.tally(false, !same || moved)
	a.Position, a.RetiredAt = n+1, issuer.Retired(a.RetiredAt, f.Retired, i.Now)
	if !same {
		a.Version++
		v.AchievementID, v.Version = a.ID, a.Version
		if err := i.AddAchievementVersion(&v); err != nil {
			return err
		}
		if err := i.turn(&a, &have.Current, &v); err != nil {
			return err
		}
	}
	if same && !moved {
		return nil
	}
	return i.SaveAchievement(&a)
}

// alignments lists the skills that a rule's module or achievements teach,
// each once.
func (i *programImport) alignments(rule issuer.Rule) issuer.Alignments {
	var codes []string
	if m := i.to.module(rule.Module); m != nil {
		codes = m.Skills
	}
	out := issuer.Alignments{}
	for _, c := range codes {
		s := find(i.to.skills, func(s issuer.Skill) bool { return s.Code == c })
		out = append(out, issuer.Alignment{Code: s.Code, Name: s.Name, Framework: s.Framework, URL: s.URL})
	}
	return out
}

// criteria says in a sentence what a rule asks for.
func (s *syllabus) criteria(rule issuer.Rule) string {
	switch {
	case rule.Module != "":
		m := s.module(rule.Module)
		if m.Pass != nil {
			return fmt.Sprintf("Complete the module “%s” with at least %d per cent.", m.Name, *m.Pass)
		}
		return fmt.Sprintf("Complete the module “%s”.", m.Name)
	case rule.Capstone != "":
		b := s.brief(rule.Capstone)
		who := map[bool]string{true: ", at least one of them a lead mentor", false: ""}[b.NeedsLead]
		if b.Approvals == 1 {
			who = map[bool]string{true: " a lead mentor", false: " a mentor"}[b.NeedsLead]
			return fmt.Sprintf("Have the capstone “%s” approved against its rubric by%s.", b.Name, who)
		}
		return fmt.Sprintf("Have the capstone “%s” approved against its rubric by %d mentors%s.", b.Name, b.Approvals, who)
	case len(rule.All) > 0:
		names := make([]string, len(rule.All))
		for n, c := range rule.All {
			names[n] = "“" + s.offer(c).Current.Name + "”"
		}
		return "Hold " + strings.Join(names, ", ") + "."
	case rule.Reviews > 0:
		return fmt.Sprintf("Review %d capstones of others.", rule.Reviews)
	}
	return "Awarded by the program, with a reason that is recorded."
}
