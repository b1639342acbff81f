package pages

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// EditField is one control of a form that edits a program. Its label is the
// catalogue's word for Name.
type EditField struct {
	Name    string
	Kind    string // text, area, number, select, checks, switch, lines, rubric
	Value   string
	Values  []string // what is ticked
	Options []EditOption
	Rubric  []registrar.FileCriterion
	Need    bool // must be filled in
	Max     int  // characters of a text, the largest number
	Wrong   bool
}

// LastCriterion is the place of the last criterion that is filled in, -1 if
// there is none.
func (f EditField) LastCriterion() int { return len(f.Rubric) - 3 }

// EditOption is one thing to choose. Options with a Group stand under its
// word; without a Label the catalogue has the words.
type EditOption struct{ Value, Label, Group string }

// editPart is a kind of thing that a program is made of: a key of its file.
type editPart struct {
	key string
	// lines lists what there is.
	lines func(f *registrar.ProgramFile) []EditLine
	// fields gives the form of the one with that code, "" for a new one; false
	// if there is none.
	fields func(f *registrar.ProgramFile, code string) ([]EditField, bool)
	// read makes the edit that a sent form asks for.
	read func(form url.Values) (registrar.ProgramEdit, error)
}

// EditLine is one thing of a program in a list.
type EditLine struct {
	Code, Name string
	Retired    bool
}

var editParts = []editPart{
	{"program", nil, programFields, readProgram},
	{"skills", func(f *registrar.ProgramFile) []EditLine {
		return linesOf(f.Skills, func(s registrar.FileSkill) EditLine { return EditLine{Code: s.Code, Name: s.Name} })
	}, func(f *registrar.ProgramFile, code string) ([]EditField, bool) {
		return fieldsOf(f, f.Skills, code, func(s registrar.FileSkill) string { return s.Code }, skillFields)
	}, readSkill},
	{"levels", func(f *registrar.ProgramFile) []EditLine {
		return linesOf(f.Levels, func(l registrar.FileLevel) EditLine { return EditLine{l.Code, l.Name, l.Retired} })
	}, func(f *registrar.ProgramFile, code string) ([]EditField, bool) {
		return fieldsOf(f, f.Levels, code, func(l registrar.FileLevel) string { return l.Code }, levelFields)
	}, readLevel},
	{"modules", func(f *registrar.ProgramFile) []EditLine {
		return linesOf(f.Modules, func(m registrar.FileModule) EditLine { return EditLine{m.Code, m.Name, m.Retired} })
	}, func(f *registrar.ProgramFile, code string) ([]EditField, bool) {
		return fieldsOf(f, f.Modules, code, func(m registrar.FileModule) string { return m.Code }, moduleFields)
	}, readModule},
	{"capstones", func(f *registrar.ProgramFile) []EditLine {
		return linesOf(f.Capstones, func(b registrar.FileBrief) EditLine { return EditLine{b.Code, b.Name, b.Retired} })
	}, func(f *registrar.ProgramFile, code string) ([]EditField, bool) {
		return fieldsOf(f, f.Capstones, code, func(b registrar.FileBrief) string { return b.Code }, briefFields)
	}, readBrief},
	{"achievements", func(f *registrar.ProgramFile) []EditLine {
		return linesOf(f.Achievements, func(a registrar.FileAchievement) EditLine { return EditLine{a.Code, a.Name, a.Retired} })
	}, func(f *registrar.ProgramFile, code string) ([]EditField, bool) {
		return fieldsOf(f, f.Achievements, code, func(a registrar.FileAchievement) string { return a.Code }, achievementFields)
	}, func(form url.Values) (registrar.ProgramEdit, error) {
		a, err := readAchievement(form)
		return registrar.ProgramEdit{Achievement: a}, err
	}},
	{"cohorts", func(f *registrar.ProgramFile) []EditLine {
		return linesOf(f.Cohorts, func(c registrar.FileCohort) EditLine { return EditLine{Code: c.Code, Name: c.Name} })
	}, func(f *registrar.ProgramFile, code string) ([]EditField, bool) {
		return fieldsOf(f, f.Cohorts, code, func(c registrar.FileCohort) string { return c.Code }, cohortFields)
	}, readCohort},
}

func linesOf[T any](list []T, line func(T) EditLine) []EditLine {
	out := make([]EditLine, len(list))
	for i := range list {
		out[i] = line(list[i])
	}
	return out
}

// fieldsOf gives the fields of what has a code in a list, with the code first
// for what is new.
func fieldsOf[T any](f *registrar.ProgramFile, list []T, code string, codeOf func(T) string, fields func(*registrar.ProgramFile, T) []EditField) ([]EditField, bool) {
	if code == "" {
		fresh := []EditField{{Name: "code", Kind: "text", Need: true, Max: 64}}
		return append(fresh, fields(f, *new(T))...), true
	}
	i := slices.IndexFunc(list, func(item T) bool { return codeOf(item) == code })
	if i < 0 {
		return nil, false
	}
	return fields(f, list[i]), true
}

func name(value string) EditField {
	return EditField{Name: "name", Kind: "text", Value: value, Need: true, Max: issuer.MaxName}
}

func area(name, value string, most int) EditField {
	return EditField{Name: name, Kind: "area", Value: value, Max: most}
}

func whole(name string, value, most int) EditField {
	return EditField{Name: name, Kind: "number", Value: number(value), Max: most}
}

// number writes a number into a form; none is left empty.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// lines is a list of short texts, one in each line.
func lines(name string, values []string) EditField {
	return EditField{Name: name, Kind: "lines", Value: strings.Join(values, "\n")}
}

func choose(name, value string, options ...EditOption) EditField {
	return EditField{Name: name, Kind: "select", Value: value, Options: options, Need: true}
}

func tick(name string, values []string, options []EditOption) EditField {
	return EditField{Name: name, Kind: "checks", Values: values, Options: options}
}

// options are the things of a list that can be chosen, by code.
func options(list []EditLine) []EditOption {
	out := make([]EditOption, len(list))
	for i, l := range list {
		out[i] = EditOption{Value: l.Code, Label: l.Name}
	}
	return out
}

func levelOptions(f *registrar.ProgramFile) []EditOption {
	return options(linesOf(f.Levels, func(l registrar.FileLevel) EditLine { return EditLine{l.Code, l.Name, l.Retired} }))
}

func moduleOptions(f *registrar.ProgramFile, without string) []EditOption {
	all := linesOf(f.Modules, func(m registrar.FileModule) EditLine { return EditLine{m.Code, m.Name, m.Retired} })
	return options(slices.DeleteFunc(all, func(l EditLine) bool { return l.Code == without }))
}

// words are options that the catalogue has the words for.
func words(values ...string) []EditOption {
	out := make([]EditOption, len(values))
	for i, v := range values {
		out[i] = EditOption{Value: v}
	}
	return out
}

func programFields(f *registrar.ProgramFile, _ string) ([]EditField, bool) {
	p := f.Program
	reasons := make([]string, len(p.ReturnReasons))
	for i, r := range p.ReturnReasons {
		reasons[i] = r.Code + ": " + r.Name
	}
	fields := []EditField{name(p.Name), area("purpose", p.Purpose, 4000), area("expectations", p.Expectations, 4000)}
	g, q := p.Guidance, p.Questions
	for _, said := range []struct{ role, text string }{{"learner", g.Learner}, {"community", g.Community}, {"lead", g.Lead}, {"owner", g.Owner}, {"sponsor", g.Sponsor}} {
		fields = append(fields, area("guidance."+said.role, said.text, issuer.MaxGuidance))
	}
	return append(fields, lines("questions.peers", q.Peers),
		EditField{Name: "questions.helped", Kind: "text", Value: q.Helped, Max: issuer.MaxQuestion},
		EditField{Name: "questions.hindered", Kind: "text", Value: q.Hindered, Max: issuer.MaxQuestion},
		lines("returnReasons", reasons)), true
}

func skillFields(_ *registrar.ProgramFile, s registrar.FileSkill) []EditField {
	return []EditField{name(s.Name), {Name: "framework", Kind: "text", Value: s.Framework, Max: issuer.MaxName}, {Name: "url", Kind: "text", Value: s.URL, Max: 2000},
		{Name: "question", Kind: "text", Value: s.Question, Max: issuer.MaxQuestion}}
}

func levelFields(f *registrar.ProgramFile, l registrar.FileLevel) []EditField {
	return []EditField{name(l.Name), whole("order", cmp.Or(l.Order, len(f.Levels)+1), 100)}
}

func moduleFields(f *registrar.ProgramFile, m registrar.FileModule) []EditField {
	pass := ""
	if m.Pass != nil {
		pass = strconv.Itoa(*m.Pass)
	}
	skills := linesOf(f.Skills, func(s registrar.FileSkill) EditLine { return EditLine{Code: s.Code, Name: s.Name} })
	return []EditField{name(m.Name), choose("level", m.Level, levelOptions(f)...), choose("kind", m.Kind, words("short", "track")...),
		whole("hours", m.Hours, 10_000), {Name: "pass", Kind: "number", Value: pass, Max: 100},
		tick("skills", m.Skills, options(skills)), tick("requires", m.Requires, moduleOptions(f, m.Code))}
}

func briefFields(f *registrar.ProgramFile, b registrar.FileBrief) []EditField {
	lead, scope := EditField{Name: "approvals.lead", Kind: "switch"}, EditField{Name: "scope", Kind: "switch"}
	if b.Approvals.Lead {
		lead.Value = "yes"
	}
	if b.Scope {
		scope.Value = "yes"
	}
	return []EditField{name(b.Name), choose("level", b.Level, levelOptions(f)...), area("brief", b.Brief, 8000),
		whole("team.min", cmp.Or(b.Team.Min, 1), 50), whole("team.max", cmp.Or(b.Team.Max, 1), 50), tick("requires", b.Requires, moduleOptions(f, "")),
		choose("approvals.count", strconv.Itoa(cmp.Or(b.Approvals.Count, 1)), words("1", "2")...), lead,
		scope, {Name: "policy.version", Kind: "text", Value: b.Policy.Version, Max: issuer.MaxName}, {Name: "policy.url", Kind: "text", Value: b.Policy.URL, Max: 2000},
		lines("evidence", b.Evidence), lines("impact.measures", b.Impact.Measures), rubric(b.Rubric)}
}

// rubric is a row for each criterion and two for more.
func rubric(criteria []registrar.FileCriterion) EditField {
	return EditField{Name: "rubric", Kind: "rubric", Rubric: append(slices.Clone(criteria), registrar.FileCriterion{}, registrar.FileCriterion{})}
}

func achievementFields(f *registrar.ProgramFile, a registrar.FileAchievement) []EditField {
	award := []EditOption{{Value: "none"}}
	for _, o := range moduleOptions(f, "") {
		award = append(award, EditOption{"module:" + o.Value, o.Label, "modules"})
	}
	for _, b := range f.Capstones {
		award = append(award, EditOption{"capstone:" + b.Code, b.Name, "capstones"})
	}
	award = append(award, words("all", "reviews")...)
	others := linesOf(f.Achievements, func(o registrar.FileAchievement) EditLine { return EditLine{o.Code, o.Name, o.Retired} })
	others = slices.DeleteFunc(others, func(l EditLine) bool { return l.Code == a.Code })
	icon := choose("icon", a.Icon, append([]EditOption{{Value: ""}}, words(issuer.Icons...)...)...)
	colour := choose("colour", a.Colour, append([]EditOption{{Value: ""}}, words(issuer.Colours...)...)...)
	icon.Need, colour.Need = false, false
	return []EditField{name(a.Name), choose("type", cmp.Or(a.Type, "MicroCredential"), words(registrar.AchievementTypes...)...),
		{Name: "description", Kind: "area", Value: a.Description, Max: 4000, Need: true},
		choose("award", awardOf(a.Award), award...), tick("award.all", a.Award.All, options(others)), whole("award.reviews", a.Award.Reviews, 10_000),
		area("criteria", a.Criteria, 8000), whole("validMonths", a.ValidMonths, 1200), icon, colour}
}

// awardOf names a rule as the form's choice does.
func awardOf(a registrar.FileAward) string {
	switch {
	case a.Module != "":
		return "module:" + a.Module
	case a.Capstone != "":
		return "capstone:" + a.Capstone
	case len(a.All) > 0:
		return "all"
	case a.Reviews > 0:
		return "reviews"
	}
	return "none"
}

func cohortFields(_ *registrar.ProgramFile, c registrar.FileCohort) []EditField {
	return []EditField{name(c.Name), {Name: "starts", Kind: "date", Value: c.Starts, Need: true}, {Name: "ends", Kind: "date", Value: c.Ends, Need: true},
		{Name: "timeZone", Kind: "suggest", Value: c.TimeZone, Options: words(zones...), Need: true, Max: 64},
		area("purpose", c.Purpose, 4000), area("expectations", c.Expectations, 4000)}
}

// zones are those that most cohorts are in; any other name of the IANA
// database can be typed.
var zones = strings.Fields(`Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Lagos Africa/Nairobi America/Anchorage America/Argentina/Buenos_Aires
	America/Bogota America/Caracas America/Chicago America/Denver America/Halifax America/Lima America/Los_Angeles America/Mexico_City America/New_York
	America/Phoenix America/Santiago America/Sao_Paulo America/St_Johns America/Toronto Asia/Almaty Asia/Baghdad Asia/Bangkok Asia/Colombo Asia/Dhaka
	Asia/Dubai Asia/Ho_Chi_Minh Asia/Hong_Kong Asia/Jakarta Asia/Jerusalem Asia/Karachi Asia/Kathmandu Asia/Kolkata Asia/Kuala_Lumpur Asia/Manila
	Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tashkent Asia/Tehran Asia/Tokyo Atlantic/Azores Atlantic/Reykjavik
	Australia/Adelaide Australia/Brisbane Australia/Perth Australia/Sydney Europe/Amsterdam Europe/Athens Europe/Berlin Europe/Brussels Europe/Bucharest
	Europe/Copenhagen Europe/Dublin Europe/Helsinki Europe/Istanbul Europe/Kyiv Europe/Lisbon Europe/London Europe/Madrid Europe/Moscow Europe/Oslo
	Europe/Paris Europe/Prague Europe/Rome Europe/Sofia Europe/Stockholm Europe/Vienna Europe/Warsaw Europe/Zurich Pacific/Auckland Pacific/Honolulu UTC`)
