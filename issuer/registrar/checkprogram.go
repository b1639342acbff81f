package registrar

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hallmark/issuer"
)

// problems collects what is wrong with a program's file, each with where.
type problems []RowProblem

func (p *problems) add(where, format string, args ...any) {
	*p = append(*p, RowProblem{Field: where, Reason: fmt.Sprintf(format, args...)})
}

// fault adds a refusal of a rule, if there is one.
func (p *problems) fault(where string, err error) {
	if err != nil {
		p.add(where, "%s", err.Error())
	}
}

var code = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// codes checks the codes of a list: each written as a code, none twice.
func (p *problems) codes(list string, n int, at func(int) string) map[string]bool {
	seen := map[string]bool{}
	for i := range n {
		where, c := fmt.Sprintf("%s[%d].code", list, i), at(i)
		switch {
		case !code.MatchString(c):
			p.add(where, "“%s” is not a code; use letters, digits, dots and hyphens.", clip(c))
		case seen[c]:
			p.add(where, "The code “%s” is there twice.", c)
		}
		seen[c] = true
	}
	return seen
}

// refs checks that every code of a list is known.
func (p *problems) refs(where, what string, codes []string, known map[string]bool) {
	for i, c := range codes {
		switch {
		case !known[c]:
			p.add(fmt.Sprintf("%s[%d]", where, i), "There is no %s “%s”.", what, clip(c))
		case slices.Index(codes, c) != i:
			p.add(fmt.Sprintf("%s[%d]", where, i), "“%s” is there twice.", c)
		}
	}
}

func (p *problems) name(where string, name *string) {
	clean, _, err := issuer.CleanName(*name)
	p.fault(where, err)
	*name = clean
}

func (p *problems) text(where string, text *string, max int) {
	clean, err := issuer.CleanText(where, *text, max)
	p.fault(where, err)
	*text = clean
}

// check finds everything that is wrong with a file by itself, and brings its
// texts into the form in which they are kept.
func (f *ProgramFile) check() problems {
	var p problems
	if f.Version != 1 {
		p.add("version", "This program reads files of version 1.")
	}
	f.checkIssuer(&p)
	if !code.MatchString(f.Program.Code) {
		p.add("program.code", "“%s” is not a code; use letters, digits, dots and hyphens.", clip(f.Program.Code))
	}
	p.name("program.name", &f.Program.Name)
	p.text("program.purpose", &f.Program.Purpose, 4000)
	p.text("program.expectations", &f.Program.Expectations, 4000)
	f.checkReasons(&p)
	f.checkWords(&p)
	skills := f.checkSkills(&p)
	levels := f.checkLevels(&p)
	modules := f.checkModules(&p, skills, levels)
	briefs := f.checkBriefs(&p, levels, modules)
	f.checkAchievements(&p, modules, briefs)
	f.checkCohorts(&p)
	f.checkRetired(&p)
	f.checkRemoved(&p)
	return p
}

// checkRetired holds what stands on a retired level to be retired as well.
func (f *ProgramFile) checkRetired(p *problems) {
	retired := map[string]bool{}
	for _, l := range f.Levels {
		retired[l.Code] = l.Retired
	}
	for i, m := range f.Modules {
		if retired[m.Level] && !m.Retired {
			p.add(fmt.Sprintf("modules[%d].level", i), "The level “%s” is retired; retire what stands on it as well, or move it.", m.Level)
		}
	}
	for i, b := range f.Capstones {
		if retired[b.Level] && !b.Retired {
			p.add(fmt.Sprintf("capstones[%d].level", i), "The level “%s” is retired; retire what stands on it as well, or move it.", b.Level)
		}
	}
}

// maxReasons is how many reasons of a return a program can have.
const maxReasons = 30

func (f *ProgramFile) checkReasons(p *problems) {
	reasons := f.Program.ReturnReasons
	if len(reasons) > maxReasons {
		p.add("program.returnReasons", "Give at most %d reasons.", maxReasons)
	}
	p.codes("program.returnReasons", len(reasons), func(i int) string { return reasons[i].Code })
	for i := range reasons {
		p.name(fmt.Sprintf("program.returnReasons[%d].name", i), &reasons[i].Name)
	}
}

// checkWords checks what the program says to people and asks them.
func (f *ProgramFile) checkWords(p *problems) {
	g, q := &f.Program.Guidance, &f.Program.Questions
	for _, said := range []struct {
		role string
		text *string
	}{{"learner", &g.Learner}, {"community", &g.Community}, {"lead", &g.Lead}, {"owner", &g.Owner}, {"sponsor", &g.Sponsor}} {
		p.text("program.guidance."+said.role, said.text, issuer.MaxGuidance)
	}
	p.question("program.questions.helped", &q.Helped)
	p.question("program.questions.hindered", &q.Hindered)
	if len(q.Peers) > issuer.MaxQuestions {
		p.add("program.questions.peers", "Ask at most %d questions.", issuer.MaxQuestions)
	}
	for i := range q.Peers {
		where := fmt.Sprintf("program.questions.peers[%d]", i)
		if p.question(where, &q.Peers[i]); q.Peers[i] == "" {
			p.add(where, "Write the question, or leave it out.")
		}
	}
}

// question brings a question into one line.
func (p *problems) question(where string, text *string) {
	p.text(where, text, issuer.MaxQuestion)
	*text = strings.Join(strings.Fields(*text), " ")
}

func (f *ProgramFile) checkIssuer(p *problems) {
	if f.Issuer == nil {
		return
	}
	p.name("issuer.name", &f.Issuer.Name)
	if f.Issuer.URL != "" {
		p.fault("issuer.url", issuer.CheckLink(f.Issuer.URL))
	}
	if f.Issuer.Email != "" {
		address, _, err := issuer.NormalEmail(f.Issuer.Email)
		p.fault("issuer.email", err)
		f.Issuer.Email = address
	}
	p.text("issuer.description", &f.Issuer.Description, 4000)
}

func (f *ProgramFile) checkSkills(p *problems) map[string]bool {
	for i := range f.Skills {
		s, where := &f.Skills[i], fmt.Sprintf("skills[%d]", i)
		p.name(where+".name", &s.Name)
		p.text(where+".framework", &s.Framework, issuer.MaxName)
		p.question(where+".question", &s.Question)
		if s.URL != "" {
			p.fault(where+".url", issuer.CheckLink(s.URL))
		}
	}
	return p.codes("skills", len(f.Skills), func(i int) string { return f.Skills[i].Code })
}

func (f *ProgramFile) checkLevels(p *problems) map[string]bool {
	ranks := map[int]bool{}
	for i := range f.Levels {
		l, where := &f.Levels[i], fmt.Sprintf("levels[%d]", i)
		p.name(where+".name", &l.Name)
		l.Order = cmpOr(l.Order, i+1)
		if l.Order < 1 || l.Order > 100 || ranks[l.Order] {
			p.add(where+".order", "Number the levels 1, 2, 3 …, each once.")
		}
		ranks[l.Order] = true
	}
	return p.codes("levels", len(f.Levels), func(i int) string { return f.Levels[i].Code })
}

func (f *ProgramFile) checkModules(p *problems, skills, levels map[string]bool) map[string]bool {
	known := p.codes("modules", len(f.Modules), func(i int) string { return f.Modules[i].Code })
	requires := map[string][]string{}
	for i := range f.Modules {
		m, where := &f.Modules[i], fmt.Sprintf("modules[%d]", i)
		p.name(where+".name", &m.Name)
		if !levels[m.Level] {
			p.add(where+".level", "There is no level “%s”.", clip(m.Level))
		}
		if m.Kind != string(issuer.Short) && m.Kind != string(issuer.Track) {
			p.add(where+".kind", "A module is “short” or “track”.")
		}
		if m.Hours < 0 || m.Hours > 10_000 {
			p.add(where+".hours", "Give the hours as a number from 0 to 10000.")
		}
		if m.Pass != nil && (*m.Pass < 0 || *m.Pass > 100) {
			p.add(where+".pass", "The pass mark is in per cent, 0 to 100.")
		}
		p.refs(where+".skills", "skill", m.Skills, skills)
		p.refs(where+".requires", "module", m.Requires, known)
		requires[m.Code] = m.Requires
	}
	if loop := cycle(requires); loop != "" {
		p.add("modules", "The prerequisites go round in a circle at “%s”.", loop)
	}
	return known
}

func (f *ProgramFile) checkBriefs(p *problems, levels, modules map[string]bool) map[string]bool {
	for i := range f.Capstones {
		b, where := &f.Capstones[i], fmt.Sprintf("capstones[%d]", i)
		b.Team.Min, b.Approvals.Count = max(b.Team.Min, 1), cmpOr(b.Approvals.Count, 1)
		b.Team.Max = cmpOr(b.Team.Max, b.Team.Min)
		p.name(where+".name", &b.Name)
		p.text(where+".brief", &b.Brief, 8000)
		if !levels[b.Level] {
			p.add(where+".level", "There is no level “%s”.", clip(b.Level))
		}
		if b.Team.Max < b.Team.Min || b.Team.Max > 50 {
			p.add(where+".team", "A team has at least 1 and at most 50 members, and min is not above max.")
		}
		if b.Approvals.Count != 1 && b.Approvals.Count != 2 {
			p.add(where+".approvals.count", "A capstone needs 1 or 2 approvals.")
		}
		p.policy(where, b)
		p.refs(where+".requires", "module", b.Requires, modules)
		p.words(where+".evidence", b.Evidence)
		p.words(where+".impact.measures", b.Impact.Measures)
		f.checkRubric(p, where, b)
	}
	return p.codes("capstones", len(f.Capstones), func(i int) string { return f.Capstones[i].Code })
}

// policy checks the policy that a brief names; none is no policy.
func (p *problems) policy(where string, b *FileBrief) {
	if b.Policy == (FilePolicy{}) {
		return
	}
	if !b.Scope {
		p.add(where+".policy", "A policy is accepted with the scope; ask for approval of the scope, or leave the policy out.")
	}
	p.name(where+".policy.version", &b.Policy.Version)
	if b.Policy.URL != "" && issuer.CheckLink(b.Policy.URL) != nil {
		p.add(where+".policy.url", "Give a link that begins with https://.")
	}
}

func cmpOr(v, otherwise int) int {
	if v == 0 {
		return otherwise
	}
	return v
}

// words checks a list of short words, none empty and none twice.
func (p *problems) words(where string, list []string) {
	for i := range list {
		at := fmt.Sprintf("%s[%d]", where, i)
		p.name(at, &list[i])
		if slices.Index(list, list[i]) != i {
			p.add(at, "“%s” is there twice.", list[i])
		}
	}
}

func (f *ProgramFile) checkRubric(p *problems, where string, b *FileBrief) {
	p.codes(where+".rubric", len(b.Rubric), func(i int) string { return b.Rubric[i].Code })
	for i := range b.Rubric {
		c, at := &b.Rubric[i], fmt.Sprintf("%s.rubric[%d]", where, i)
		p.name(at+".name", &c.Name)
		p.words(at+".levels", c.Levels)
		if len(c.Levels) < 2 {
			p.add(at+".levels", "Name at least two levels, from low to high.")
		}
		if c.Required != "" && !slices.Contains(c.Levels, c.Required) {
			p.add(at+".required", "“%s” is not one of the levels.", clip(c.Required))
		}
	}
}

// AchievementTypes are those of Open Badges 3.0, Appendix B, that can be chosen.
var AchievementTypes = strings.Fields(`Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree
	Award Badge BachelorDegree Certificate CertificateOfCompletion Certification CommunityService Competency Course
	CoCurricular Degree Diploma DoctoralDegree Fieldwork GeneralEducationDevelopment JourneymanCertificate
	LearningProgram License Membership ProfessionalDoctorate QualityAssuranceCredential MasterCertificate
	MasterDegree MicroCredential ResearchDoctorate SecondarySchoolDiploma`)

func (f *ProgramFile) checkAchievements(p *problems, modules, briefs map[string]bool) {
	known := p.codes("achievements", len(f.Achievements), func(i int) string { return f.Achievements[i].Code })
	stacks := map[string][]string{}
	for i := range f.Achievements {
		a, where := &f.Achievements[i], fmt.Sprintf("achievements[%d]", i)
		p.name(where+".name", &a.Name)
		p.text(where+".description", &a.Description, 4000)
		p.text(where+".criteria", &a.Criteria, 8000)
		if a.Description == "" {
			p.add(where+".description", "Say in a sentence what it shows.")
		}
		if !slices.Contains(AchievementTypes, a.Type) {
			p.add(where+".type", "“%s” is not an achievement type of Open Badges 3.0, such as Course or MicroCredential.", clip(a.Type))
		}
		if a.ValidMonths < 0 || a.ValidMonths > 1200 {
			p.add(where+".validMonths", "Give the months it is valid as a number from 0, for ever, to 1200.")
		}
		if a.Icon != "" && !slices.Contains(issuer.Icons, a.Icon) {
			p.add(where+".icon", "There is no icon “%s”; there are %s.", clip(a.Icon), strings.Join(issuer.Icons, ", "))
		}
		if a.Colour != "" && !slices.Contains(issuer.Colours, a.Colour) {
			p.add(where+".colour", "There is no colour “%s”; there are %s.", clip(a.Colour), strings.Join(issuer.Colours, ", "))
		}
		a.Award.check(p, where+".award", known, modules, briefs)
		stacks[a.Code] = a.Award.All
	}
	if loop := cycle(stacks); loop != "" {
		p.add("achievements", "The achievements ask for each other in a circle at “%s”.", loop)
	}
}

func (a *FileAward) check(p *problems, where string, known, modules, briefs map[string]bool) {
	set := 0
	for _, is := range []bool{a.Module != "", a.Capstone != "", len(a.All) > 0, a.Reviews != 0} {
		if is {
			set++
		}
	}
	switch {
	case set > 1:
		p.add(where, "Give one of module, capstone, all and reviews.")
	case a.Module != "" && !modules[a.Module]:
		p.add(where+".module", "There is no module “%s”.", clip(a.Module))
	case a.Capstone != "" && !briefs[a.Capstone]:
		p.add(where+".capstone", "There is no capstone “%s”.", clip(a.Capstone))
	case a.Reviews < 0 || a.Reviews > 10_000:
		p.add(where+".reviews", "Give the number of reviews, 1 or more.")
	}
	p.refs(where+".all", "achievement", a.All, known)
}

func (f *ProgramFile) checkCohorts(p *problems) {
	p.codes("cohorts", len(f.Cohorts), func(i int) string { return f.Cohorts[i].Code })
	for i := range f.Cohorts {
		c, where := &f.Cohorts[i], fmt.Sprintf("cohorts[%d]", i)
		p.name(where+".name", &c.Name)
		p.text(where+".purpose", &c.Purpose, 4000)
		p.text(where+".expectations", &c.Expectations, 4000)
		_, err := issuer.ParseDay(c.Starts)
		p.fault(where+".starts", err)
		_, err = issuer.ParseDay(c.Ends)
		p.fault(where+".ends", err)
		if c.Ends < c.Starts {
			p.add(where+".ends", "A cohort cannot end before it starts.")
		}
		if c.TimeZone == "" {
			p.add(where+".timeZone", "Give the cohort's time zone, such as Europe/Berlin.")
		}
		p.fault(where+".timeZone", checkZone("timeZone", c.TimeZone))
	}
}

// cycle gives a node of a circle in a graph, "" if there is none.
func cycle(graph map[string][]string) string {
	const entered, left = 1, 2
	state := map[string]int{}
	var walk func(node string) string
	walk = func(node string) string {
		state[node] = entered
		for _, next := range graph[node] {
			if state[next] == entered {
				return next
			}
			if state[next] == 0 {
				if found := walk(next); found != "" {
					return found
				}
			}
		}
		state[node] = left
		return ""
	}
	nodes := make([]string, 0, len(graph))
	for node := range graph {
		nodes = append(nodes, node)
	}
	slices.Sort(nodes)
	for _, node := range nodes {
		if state[node] == 0 {
			if found := walk(node); found != "" {
				return found
			}
		}
	}
	return ""
}
