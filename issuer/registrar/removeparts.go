package registrar

import (
	"fmt"
	"slices"

	"hallmark/issuer"
)

// of lists what is to be removed of a part of the file.
func (f *FileRemove) of(part string) []string {
	switch part {
	case "skills":
		return f.Skills
	case "levels":
		return f.Levels
	case "modules":
		return f.Modules
	case "capstones":
		return f.Capstones
	case "achievements":
		return f.Achievements
	}
	return nil
}

// checkRemoved refuses to remove what the file names, and codes that are none.
func (f *ProgramFile) checkRemoved(p *problems) {
	for _, part := range removable {
		codes := f.Remove.of(part)
		p.codes("remove."+part, len(codes), func(n int) string { return codes[n] })
		for n, c := range codes {
			if slices.Contains(f.codes(part), c) {
				p.add(fmt.Sprintf("remove.%s[%d]", part, n), "“%s” is in the file and to be removed as well; choose one.", clip(c))
			}
		}
	}
}

// removable are the parts that things can be removed from, what depends on most
// first.
var removable = []string{"achievements", "capstones", "modules", "levels", "skills"}

// codes lists what the file names of a part.
func (f *ProgramFile) codes(part string) []string {
	var codes []string
	add := func(n int, at func(int) string) {
		for i := range n {
			codes = append(codes, at(i))
		}
	}
	switch part {
	case "skills":
		add(len(f.Skills), func(i int) string { return f.Skills[i].Code })
	case "levels":
		add(len(f.Levels), func(i int) string { return f.Levels[i].Code })
	case "modules":
		add(len(f.Modules), func(i int) string { return f.Modules[i].Code })
	case "capstones":
		add(len(f.Capstones), func(i int) string { return f.Capstones[i].Code })
	case "achievements":
		add(len(f.Achievements), func(i int) string { return f.Achievements[i].Code })
	}
	return codes
}

// naming lists by name what of a file names a code of a part: what must be
// changed before that can be removed.
func (f *ProgramFile) naming(part, code string) []string {
	var names []string
	add := func(name string, does bool) {
		if does {
			names = append(names, name)
		}
	}
	for _, m := range f.Modules {
		add(m.Name, part == "levels" && m.Level == code || part == "skills" && slices.Contains(m.Skills, code) ||
			part == "modules" && m.Code != code && slices.Contains(m.Requires, code))
	}
	for _, b := range f.Capstones {
		add(b.Name, part == "levels" && b.Level == code || part == "modules" && slices.Contains(b.Requires, code))
	}
	for _, a := range f.Achievements {
		add(a.Name, part == "modules" && a.Award.Module == code || part == "capstones" && a.Award.Capstone == code ||
			part == "achievements" && a.Code != code && slices.Contains(a.Award.All, code))
	}
	return names
}

// rest is what the program has and the file does not name.
func (i *programImport) rest() *ProgramFile {
	f := &ProgramFile{}
	unnamed := func(part, code string) bool {
		return !slices.Contains(i.file.codes(part), code) && !slices.Contains(i.file.Remove.of(part), code)
	}
	for _, m := range i.was.Modules {
		if unnamed("modules", m.Code) {
			f.Modules = append(f.Modules, m)
		}
	}
	for _, b := range i.was.Capstones {
		if unnamed("capstones", b.Code) {
			f.Capstones = append(f.Capstones, b)
		}
	}
	for _, a := range i.was.Achievements {
		if unnamed("achievements", a.Code) {
			f.Achievements = append(f.Achievements, a)
		}
	}
	return f
}

// removals removes what the file says: what nothing else names and nobody has
// anything of.
func (i *programImport) removals() error {
	rest := i.rest()
	for _, part := range removable {
		for n, code := range i.file.Remove.of(part) {
			where := fmt.Sprintf("remove.%s[%d]", part, n)
			if names := rest.naming(part, code); len(names) > 0 {
				i.refuse(where, "“%s” names it; change that first.", names[0])
				continue
			}
			p, err := i.part(part, code)
			if err != nil {
				return err
			}
			switch {
			case p == nil:
				i.result.Warnings = append(i.result.Warnings, RowProblem{Field: part, Reason: fmt.Sprintf("There is no “%s” to remove.", code)})
			case p.use.Recorded > 0:
				i.refuse(where, "“%s” cannot be removed: something of it is recorded. Retire it instead.", p.name)
			default:
				i.result.Rows++
				i.result.Removed++
				i.gone = append(i.gone, ProgramChange{Part: part, Code: code, Name: p.name, Removed: true})
				if err := p.remove(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (i *programImport) refuse(where, format string, args ...any) {
	i.result.Refused = append(i.result.Refused, RowProblem{Field: where, Reason: fmt.Sprintf(format, args...)})
}

// programPart is a part of the program as it was before the import.
type programPart struct {
	name   string
	use    issuer.PartUse
	remove func() error
}

// part finds what has a code, and counts what there is of it; nil if there is
// no such part.
func (i *programImport) part(part, code string) (*programPart, error) {
	s := i.have
	var err error
	p := &programPart{}
	switch part {
	case "skills":
		if k := find(s.skills, func(k issuer.Skill) bool { return k.Code == code }); k != nil {
			p.name, p.remove = k.Name, func() error { return i.RemoveSkill(k) }
			p.use, err = i.SkillUse(k)
			return p, err
		}
	case "levels":
		if l := find(s.levels, func(l issuer.Level) bool { return l.Code == code }); l != nil {
			p.name, p.remove = l.Name, func() error { return i.RemoveLevel(l) }
			return p, nil
		}
	case "modules":
		if m := s.module(code); m != nil {
			p.name, p.remove = m.Name, func() error { return i.RemoveModule(m) }
			p.use, err = i.ModuleUse(m)
			return p, err
		}
	case "capstones":
		if b := s.brief(code); b != nil {
			p.name, p.remove = b.Name, func() error { return i.RemoveBrief(b) }
			p.use, err = i.BriefUse(b)
			return p, err
		}
	case "achievements":
		if o := s.offer(code); o != nil {
			p.name, p.remove = o.Current.Name, func() error { return i.RemoveAchievement(&o.Achievement) }
			p.use, err = i.AchievementUse(&o.Achievement)
			return p, err
		}
	}
	return nil, nil
}

// leftOut refuses a rubric that leaves out a criterion which reviews scored.
func (i *programImport) leftOut(n int, have *issuer.Brief, rubric issuer.Rubric) error {
	if have == nil {
		return nil
	}
	for _, c := range have.Rubric {
		if slices.ContainsFunc(rubric, func(now issuer.Criterion) bool { return now.Code == c.Code }) {
			continue
		}
		use, err := i.CriterionUse(have, c.Code)
		if err != nil {
			return err
		}
		if use.Recorded > 0 {
			i.refuse(fmt.Sprintf("capstones[%d].rubric", n), "The criterion “%s” cannot be left out: reviews scored it. Retire it instead.", c.Name)
		}
	}
	return nil
}
