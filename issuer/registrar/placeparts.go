package registrar

import (
	"fmt"
	"slices"
	"strings"

	"hallmark/issuer"
)

// PartEdit changes the place of one part of a program, or whether it is there.
type PartEdit struct {
	Part string // key of the file: "modules"
	Code string
	Do   PartDeed
}

// PartDeed is what becomes of a part.
type PartDeed string

// Up and Down change places with the neighbour. A level that is retired takes
// with it all that stands on it; restoring it gives back the level alone.
const (
	MoveUp      PartDeed = "up"
	MoveDown    PartDeed = "down"
	RetirePart  PartDeed = "retire"
	RestorePart PartDeed = "restore"
	RemovePart  PartDeed = "remove"
)

// put writes the edit into a file.
func (e *PartEdit) put(f *ProgramFile) error {
	if !slices.Contains(f.codes(e.Part), e.Code) {
		return issuer.Refuse(issuer.NotFound, "There is no such part of the program.")
	}
	switch e.Do {
	case MoveUp, MoveDown:
		return e.move(f)
	case RetirePart, RestorePart:
		return e.retire(f, e.Do == RetirePart)
	case RemovePart:
		return e.remove(f)
	}
	return issuer.Refuse(issuer.Invalid, "Say what is to change.")
}

func (e *PartEdit) move(f *ProgramFile) error {
	by := map[PartDeed]int{MoveUp: -1, MoveDown: 1}[e.Do]
	moved := false
	switch e.Part {
	case "levels": // by their number, which badges show as rings
		i := slices.IndexFunc(f.Levels, func(l FileLevel) bool { return l.Code == e.Code })
		if j := i + by; j >= 0 && j < len(f.Levels) {
			f.Levels[i].Order, f.Levels[j].Order = f.Levels[j].Order, f.Levels[i].Order
			moved = true
		}
	case "modules":
		moved = swap(f.Modules, by, func(m FileModule) bool { return m.Code == e.Code })
	case "capstones":
		moved = swap(f.Capstones, by, func(b FileBrief) bool { return b.Code == e.Code })
	case "achievements":
		moved = swap(f.Achievements, by, func(a FileAchievement) bool { return a.Code == e.Code })
	default:
		return issuer.Refuse(issuer.Conflict, "These stand in the order of their codes.")
	}
	if !moved {
		return issuer.Refuse(issuer.Conflict, "It stands at the end already.")
	}
	return nil
}

func swap[T any](list []T, by int, is func(T) bool) bool {
	i := slices.IndexFunc(list, is)
	j := i + by
	if i < 0 || j < 0 || j >= len(list) {
		return false
	}
	list[i], list[j] = list[j], list[i]
	return true
}

func (e *PartEdit) retire(f *ProgramFile, retired bool) error {
	for i := range f.Levels {
		if e.Part == "levels" && f.Levels[i].Code == e.Code {
			f.Levels[i].Retired = retired
		}
	}
	for i := range f.Modules {
		if m := &f.Modules[i]; e.Part == "modules" && m.Code == e.Code || e.Part == "levels" && m.Level == e.Code && retired {
			m.Retired = retired
		}
	}
	for i := range f.Capstones {
		if b := &f.Capstones[i]; e.Part == "capstones" && b.Code == e.Code || e.Part == "levels" && b.Level == e.Code && retired {
			b.Retired = retired
		}
	}
	for i := range f.Achievements {
		if e.Part == "achievements" && f.Achievements[i].Code == e.Code {
			f.Achievements[i].Retired = retired
		}
	}
	if e.Part == "skills" || e.Part == "cohorts" {
		return issuer.Refuse(issuer.Conflict, "This cannot be retired.")
	}
	return nil
}

func (e *PartEdit) remove(f *ProgramFile) error {
	if names := f.naming(e.Part, e.Code); len(names) > 0 {
		return issuer.Refuse(issuer.Conflict, "“%s” names it; change that first.", names[0])
	}
	r := &f.Remove
	switch e.Part {
	case "skills":
		f.Skills, r.Skills = slices.DeleteFunc(f.Skills, func(s FileSkill) bool { return s.Code == e.Code }), []string{e.Code}
	case "levels":
		f.Levels, r.Levels = slices.DeleteFunc(f.Levels, func(l FileLevel) bool { return l.Code == e.Code }), []string{e.Code}
	case "modules":
		f.Modules, r.Modules = slices.DeleteFunc(f.Modules, func(m FileModule) bool { return m.Code == e.Code }), []string{e.Code}
	case "capstones":
		f.Capstones, r.Capstones = slices.DeleteFunc(f.Capstones, func(b FileBrief) bool { return b.Code == e.Code }), []string{e.Code}
	case "achievements":
		f.Achievements, r.Achievements = slices.DeleteFunc(f.Achievements, func(a FileAchievement) bool { return a.Code == e.Code }), []string{e.Code}
	}
	return nil
}

// reordered tells that what both files have of a part stands in another order.
func reordered(part string, was, is *ProgramFile) []ProgramChange {
	before, after := was.codes(part), is.codes(part)
	before = slices.DeleteFunc(before, func(c string) bool { return !slices.Contains(after, c) })
	after = slices.DeleteFunc(after, func(c string) bool { return !slices.Contains(before, c) })
	if slices.Equal(before, after) {
		return nil
	}
	return []ProgramChange{{Part: part, Moved: true, Fields: []FieldChange{{"place", strings.Join(before, ", "), strings.Join(after, ", ")}}}}
}

// fate tells of a change whether the thing is retired by it, or taken back.
func (c *ProgramChange) fate() {
	at := slices.IndexFunc(c.Fields, func(f FieldChange) bool { return f.Field == "retired" })
	if at < 0 {
		return
	}
	c.Retired, c.Restored = c.Fields[at].After == "true", c.Fields[at].After != "true"
	if c.Fields = slices.Delete(c.Fields, at, at+1); len(c.Fields) == 0 {
		c.Fields = nil
	}
}

// retirements looks for what is retired or taken back into the program among
// changes of a part, and adds what that means for whom.
func (i *programImport) retirements(changes []ProgramChange) ([]ProgramChange, error) {
	for n := range changes {
		c := &changes[n]
		if c.fate(); !c.Retired {
			continue
		}
		p, err := i.part(c.Part, c.Code)
		if err != nil {
			return nil, err
		}
		if p == nil {
			return nil, fmt.Errorf("find the %s %s: there is none", c.Part, c.Code)
		}
		c.Use, c.Closes = p.use, i.to.closedBy(c.Part, c.Code)
	}
	return changes, nil
}

// closedBy lists the names of the achievements that nobody new can earn by what
// is recorded once a module, capstone or achievement is retired.
func (s *syllabus) closedBy(part, code string) []string {
	closed := map[string]bool{}
	var names []string
	for again := true; again; {
		again = false
		for _, o := range s.offers {
			r := o.Current.Rule
			if closed[o.Code] || o.RetiredAt != nil || part == "achievements" && o.Code == code {
				continue
			}
			if part == "modules" && r.Module == code || part == "capstones" && r.Capstone == code ||
				anyOf(r.All, closed) || part == "achievements" && slices.Contains(r.All, code) {
				closed[o.Code], again = true, true
				names = append(names, o.Current.Name)
			}
		}
	}
	return names
}
