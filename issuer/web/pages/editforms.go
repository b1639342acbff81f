package pages

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// numbers reads whole numbers out of a form; the first that is none is kept as
// what is wrong.
type numbers struct {
	form url.Values
	err  error
}

func (n *numbers) optional(field string) *int {
	text := strings.TrimSpace(n.form.Get(field))
	if text == "" {
		return nil
	}
	v, err := strconv.Atoi(text)
	if err != nil && n.err == nil {
		n.err = issuer.Wrong(field, "Give a whole number.")
	}
	return &v
}

func (n *numbers) of(field string) int {
	if v := n.optional(field); v != nil {
		return *v
	}
	return 0
}

// texts are the lines of a field that say something.
func texts(form url.Values, field string) []string {
	var out []string
	for line := range strings.Lines(form.Get(field)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// ticked are the values of a field's boxes.
func ticked(form url.Values, field string) []string {
	return slices.DeleteFunc(slices.Clone(form[field]), func(v string) bool { return v == "" })
}

func readProgram(form url.Values) (registrar.ProgramEdit, error) {
	p := &registrar.FileProgram{Name: form.Get("name"), Purpose: form.Get("purpose"), Expectations: form.Get("expectations"),
		Guidance: registrar.FileGuidance{Learner: form.Get("guidance.learner"), Community: form.Get("guidance.community"), Lead: form.Get("guidance.lead"),
			Owner: form.Get("guidance.owner"), Sponsor: form.Get("guidance.sponsor")},
		Questions: registrar.FileQuestions{Peers: texts(form, "questions.peers"), Helped: form.Get("questions.helped"), Hindered: form.Get("questions.hindered")}}
	if !form.Has("returnReasons") {
		return registrar.ProgramEdit{Program: p}, nil
	}
	p.ReturnReasons = []registrar.FileReason{}
	for _, line := range texts(form, "returnReasons") {
		code, name, ok := strings.Cut(line, ":")
		if !ok {
			return registrar.ProgramEdit{}, issuer.Wrong("returnReasons", "Write each reason as a code, a colon and the words that people see.")
		}
		p.ReturnReasons = append(p.ReturnReasons, registrar.FileReason{Code: strings.TrimSpace(code), Name: strings.TrimSpace(name)})
	}
	return registrar.ProgramEdit{Program: p}, nil
}

func readSkill(form url.Values) (registrar.ProgramEdit, error) {
	return registrar.ProgramEdit{Skill: &registrar.FileSkill{Code: form.Get("code"), Name: form.Get("name"),
		Framework: form.Get("framework"), URL: strings.TrimSpace(form.Get("url")), Question: form.Get("question")}}, nil
}

func readLevel(form url.Values) (registrar.ProgramEdit, error) {
	n := numbers{form: form}
	return registrar.ProgramEdit{Level: &registrar.FileLevel{Code: form.Get("code"), Name: form.Get("name"), Order: n.of("order")}}, n.err
}

func readModule(form url.Values) (registrar.ProgramEdit, error) {
	n := numbers{form: form}
	m := &registrar.FileModule{Code: form.Get("code"), Name: form.Get("name"), Level: form.Get("level"), Kind: form.Get("kind"), Hours: n.of("hours"),
		Pass: n.optional("pass"), Skills: ticked(form, "skills"), Requires: ticked(form, "requires")}
	return registrar.ProgramEdit{Module: m}, n.err
}

func readBrief(form url.Values) (registrar.ProgramEdit, error) {
	n := numbers{form: form}
	b := &registrar.FileBrief{Code: form.Get("code"), Name: form.Get("name"), Level: form.Get("level"), Brief: form.Get("brief"),
		Team: registrar.FileTeam{Min: n.of("team.min"), Max: n.of("team.max")}, Requires: ticked(form, "requires"),
		Approvals: registrar.FileApprovals{Count: n.of("approvals.count"), Lead: form.Get("approvals.lead") != ""},
		Scope:     form.Get("scope") != "", Policy: registrar.FilePolicy{Version: strings.TrimSpace(form.Get("policy.version")), URL: strings.TrimSpace(form.Get("policy.url"))},
		Evidence: texts(form, "evidence"), Impact: registrar.FileImpact{Measures: texts(form, "impact.measures")}, Rubric: readRubric(form)}
	return registrar.ProgramEdit{Capstone: b}, n.err
}

// readRubric reads the rows of a rubric; an empty one is none.
func readRubric(form url.Values) []registrar.FileCriterion {
	at := func(field string, i int) string {
		if values := form[field]; i < len(values) {
			return strings.TrimSpace(values[i])
		}
		return ""
	}
	var out []registrar.FileCriterion
	for i := range form["rubric.code"] {
		c := registrar.FileCriterion{Code: at("rubric.code", i), Name: at("rubric.name", i), Required: at("rubric.required", i), Retired: at("rubric.retired", i) != ""}
		for level := range strings.SplitSeq(at("rubric.levels", i), ",") {
			if level = strings.TrimSpace(level); level != "" {
				c.Levels = append(c.Levels, level)
			}
		}
		if c.Code != "" || c.Name != "" || len(c.Levels) > 0 || c.Required != "" {
			out = append(out, c)
		}
	}
	return out
}

func readAchievement(form url.Values) (*registrar.FileAchievement, error) {
	n := numbers{form: form}
	a := &registrar.FileAchievement{Code: form.Get("code"), Name: form.Get("name"), Type: form.Get("type"), Description: form.Get("description"),
		Criteria: form.Get("criteria"), ValidMonths: n.of("validMonths"), Icon: form.Get("icon"), Colour: form.Get("colour")}
	kind, code, _ := strings.Cut(form.Get("award"), ":")
	switch kind {
	case "module":
		a.Award.Module = code
	case "capstone":
		a.Award.Capstone = code
	case "all":
		if a.Award.All = ticked(form, "award.all"); len(a.Award.All) == 0 && n.err == nil {
			n.err = issuer.Wrong("award.all", "Tick the badges that it takes.")
		}
	case "reviews":
		if a.Award.Reviews = n.of("award.reviews"); a.Award.Reviews == 0 && n.err == nil {
			n.err = issuer.Wrong("award.reviews", "Say how many capstones someone must review.")
		}
	}
	return a, n.err
}

func readCohort(form url.Values) (registrar.ProgramEdit, error) {
	return registrar.ProgramEdit{Cohort: &registrar.FileCohort{Code: form.Get("code"), Name: form.Get("name"), Purpose: form.Get("purpose"),
		Expectations: form.Get("expectations"), Starts: form.Get("starts"), Ends: form.Get("ends"), TimeZone: strings.TrimSpace(form.Get("timeZone"))}}, nil
}

// rubricStep moves or takes out a row of the rubric of a form: "rubric-up:2"; it
// tells whether the step was one of these.
func rubricStep(fields []EditField, step string) bool {
	do, row, ok := strings.Cut(step, ":")
	by, known := map[string]int{"rubric-up": -1, "rubric-down": 1, "rubric-out": 0}[do]
	i, err := strconv.Atoi(row)
	if !ok || !known || err != nil {
		return false
	}
	for n := range fields {
		rows := fields[n].Rubric
		if j := i + by; fields[n].Kind == "rubric" && i >= 0 && i < len(rows)-2 && j >= 0 && j < len(rows)-2 {
			if do == "rubric-out" {
				fields[n].Rubric = slices.Delete(rows, i, i+1)
			} else {
				rows[i], rows[j] = rows[j], rows[i]
			}
		}
	}
	return true
}

// typed puts what someone sent back into the fields of the form. Of boxes that
// stand alone or in a list nothing is sent where none is ticked.
func typed(fields []EditField, form url.Values) []EditField {
	for i := range fields {
		f := &fields[i]
		switch f.Kind {
		case "checks":
			f.Values = form[f.Name]
		case "rubric":
			f.Rubric = rubric(readRubric(form)).Rubric
		default:
			f.Value = form.Get(f.Name)
		}
	}
	return fields
}
