package registrar

import (
	"reflect"
	"strconv"
	"strings"

	"hallmark/issuer"
)

// ProgramChange is one thing that an import or an edit adds to a program or
// changes in it.
type ProgramChange struct {
	Part   string // key of the file that it stands under: "modules"
	Code   string
	Name   string
	New    bool
	Fields []FieldChange // of what was there before

	Removed  bool
	Moved    bool // the whole part stands in another order
	Restored bool // it was retired and is so no more

	// Of what is retired: what there is of it, and the achievements that nobody
	// new can earn from then on.
	Retired bool
	Use     issuer.PartUse
	Closes  []string

	// Of an achievement that says something else from now on: the number of its
	// new version, how many live badges keep what they say, and how many people
	// meet a new rule by what is recorded already and never had the badge. The
	// change gives it to none of them: only new facts earn.
	Version int
	Held    int
	Meets   int
}

// FieldChange is a key of the file, nested ones with dots, and its value in
// words before and after.
type FieldChange struct{ Field, Before, After string }

// changes compares the program as it was with the file. Of achievements it is
// the versions that tell: a module's new name changes what its badge says.
func (i *programImport) changes() ([]ProgramChange, error) {
	all := append([]ProgramChange(nil), i.gone...)
	all = append(all, compared("program", []FileProgram{i.was.Program}, []FileProgram{i.file.Program})...)
	all = append(all, compared("skills", i.was.Skills, i.file.Skills)...)
	for _, part := range [][]ProgramChange{compared("levels", i.was.Levels, i.file.Levels), compared("modules", i.was.Modules, i.file.Modules),
		compared("capstones", i.was.Capstones, i.file.Capstones), i.retired} {
		some, err := i.retirements(part)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	all = append(all, i.turned...)
	for _, part := range []string{"modules", "capstones", "achievements"} {
		all = append(all, reordered(part, i.was, i.file)...)
	}
	return append(all, compared("cohorts", i.was.Cohorts, i.file.Cohorts)...), nil
}

// compared tells what is new and what is different in a list of the file, by
// code.
func compared[T any](part string, was, is []T) []ProgramChange {
	text := func(item T, field string) string { return reflect.ValueOf(item).FieldByName(field).String() }
	before := map[string]T{}
	for _, item := range was {
		before[text(item, "Code")] = item
	}
	var all []ProgramChange
	for _, item := range is {
		c := ProgramChange{Part: part, Code: text(item, "Code"), Name: text(item, "Name")}
		have, ok := before[c.Code]
		c.New = !ok
		if ok {
			c.Fields = differences("", reflect.ValueOf(have), reflect.ValueOf(item))
		}
		if c.New || len(c.Fields) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// differences lists the keys in which two structs of the file differ.
func differences(prefix string, before, after reflect.Value) []FieldChange {
	var all []FieldChange
	for i := range before.NumField() {
		key, _, _ := strings.Cut(before.Type().Field(i).Tag.Get("yaml"), ",")
		if before.Field(i).Kind() == reflect.Struct {
			all = append(all, differences(prefix+key+".", before.Field(i), after.Field(i))...)
			continue
		}
		if b, a := inWords(before.Field(i)), inWords(after.Field(i)); a != b {
			all = append(all, FieldChange{prefix + key, b, a})
		}
	}
	return all
}

// inWords writes a value of the file for people; what is not there is "".
func inWords(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return inWords(v.Elem())
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = inWords(v.Index(i))
		}
		if v.Type() == reflect.TypeFor[[]FileCriterion]() {
			return strings.Join(parts, "; ")
		}
		return strings.Join(parts, ", ")
	case reflect.Struct: // of a rubric, or a reason
		if r, ok := v.Interface().(FileReason); ok {
			return r.Code + ": " + r.Name
		}
		c := v.Interface().(FileCriterion)
		text := c.Name + ": " + strings.Join(c.Levels, ", ")
		if c.Required != "" {
			text += " (" + c.Required + " needed)"
		}
		if c.Retired {
			text += " (retired)"
		}
		return text
	}
	return v.String()
}

// wording is what a version of an achievement says, in the manner of the file.
type wording struct {
	Name        string    `yaml:"name"`
	Type        string    `yaml:"type"`
	Award       FileAward `yaml:"award"`
	ValidMonths int       `yaml:"validMonths"`
	Description string    `yaml:"description"`
	Criteria    string    `yaml:"criteria"`
	Skills      []string  `yaml:"skills"`
	Shape       string    `yaml:"shape"`
	Rings       int       `yaml:"rings"`
	Icon        string    `yaml:"icon"`
	Colour      string    `yaml:"colour"`
}

func wordingOf(v *issuer.AchievementVersion) wording {
	w := wording{Name: v.Name, Type: v.Type, Award: FileAward{v.Rule.Module, v.Rule.Capstone, v.Rule.All, v.Rule.Reviews},
		ValidMonths: v.ValidMonths, Description: v.Description, Criteria: v.Criteria,
		Shape: v.Art.Kind, Rings: v.Art.Ring, Icon: v.Art.Icon, Colour: v.Art.Ink}
	for _, a := range v.Skills {
		name := a.Name
		if a.URL != "" {
			name += " <" + a.URL + ">"
		}
		w.Skills = append(w.Skills, name)
	}
	return w
}

// turn notes that an achievement gets a version, and what that means for who
// has its badge and who does not. before is nil for its first.
func (i *programImport) turn(a *issuer.Achievement, before, after *issuer.AchievementVersion) error {
	c := ProgramChange{Part: "achievements", Code: a.Code, Name: after.Name, New: before == nil, Version: after.Version}
	if before != nil {
		c.Fields = differences("", reflect.ValueOf(wordingOf(before)), reflect.ValueOf(wordingOf(after)))
		live, err := i.LiveByAchievement(a.ProgramID)
		if err != nil {
			return err
		}
		c.Held = live[a.Code]
	}
	if before == nil || !before.SameRule(after) {
		var err error
		if c.Meets, err = i.CountMeeting(a, after.Rule); err != nil {
			return err
		}
	}
	i.turned = append(i.turned, c)
	return nil
}
