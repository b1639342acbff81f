package issuertest

import (
	"context"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// Sample is a small program and its people, by the names they go by here.
type Sample struct {
	People  map[string]issuer.PersonID
	Tokens  map[string]string // access tokens of people and clients
	Program string            // code
}

// Kinds are all the kinds of callers, nobody first:
//
//	learner, other   learn in cohort craft-1; they are not in a team together
//	mate             learns there and is in a team with learner
//	community, lead  mentor cohort craft-1
//	elsewhere        is lead mentor of craft-2 alone
//	owner, admin     run the program
//	root             runs the installation
//	sponsor          reads the program's reports
//	plain            is signed in and has no role
//	lms, bare        are clients with every scope, and with none
var Kinds = []string{"nobody", "learner", "other", "mate", "community", "lead", "elsewhere", "owner", "admin", "root", "sponsor", "plain", "lms", "bare"}

// operator acts where a test prepares something.
var operator = issuer.Caller{System: "test"}

// ProgramFile is the sample program: two modules, a level, a capstone for one
// to three that a lead mentor must approve, and one that needs two mentors.
func ProgramFile(now time.Time) *registrar.ProgramFile {
	pass := 60
	day := func(months int) string { return now.AddDate(0, months, 0).Format(time.DateOnly) }
	rubric := []registrar.FileCriterion{
		{Code: "build", Name: "Working solution", Levels: []string{"not yet", "sound", "strong"}, Required: "sound"},
		{Code: "value", Name: "Value shown", Levels: []string{"not yet", "sound", "strong"}},
	}
	return &registrar.ProgramFile{
		Version: 1,
		Program: registrar.FileProgram{Code: "craft", Name: "Craft Program", Purpose: "Make things that work.", Expectations: "Two hours a week."},
		Skills:  []registrar.FileSkill{{Code: "wood", Name: "Woodwork", Framework: "Test Skills", URL: "https://academy.example/skills/wood"}, {Code: "glue", Name: "Gluing"}},
		Levels:  []registrar.FileLevel{{Code: "base", Name: "Base", Order: 1}},
		Modules: []registrar.FileModule{
			{Code: "M1", Name: "Saws", Level: "base", Kind: "short", Hours: 2, Skills: []string{"wood"}},
			{Code: "M2", Name: "Joints", Level: "base", Kind: "track", Hours: 5, Skills: []string{"glue"}, Requires: []string{"M1"}, Pass: &pass},
		},
		Capstones: []registrar.FileBrief{
			{Code: "K1", Name: "A chair", Level: "base", Brief: "Build a chair that holds.", Team: registrar.FileTeam{Min: 1, Max: 3},
				Approvals: registrar.FileApprovals{Count: 1, Lead: true}, Evidence: []string{"link"}, Impact: registrar.FileImpact{Measures: []string{"hours saved per month"}}, Rubric: rubric},
			{Code: "K2", Name: "A table", Level: "base", Brief: "Build a table.", Team: registrar.FileTeam{Min: 1, Max: 2},
				Approvals: registrar.FileApprovals{Count: 2}, Evidence: []string{"link"}, Rubric: rubric},
		},
		Achievements: []registrar.FileAchievement{
			{Code: "saws", Name: "Saws", Type: "Badge", Award: registrar.FileAward{Module: "M1"}, Description: "Knows saws.", Criteria: "Completed the module on saws."},
			{Code: "joints", Name: "Joints", Type: "Badge", Award: registrar.FileAward{Module: "M2"}, Description: "Knows joints."},
			{Code: "base", Name: "Base level", Type: "MicroCredential", Award: registrar.FileAward{All: []string{"saws", "joints"}}, Description: "Has the base."},
			{Code: "chair", Name: "Chair maker", Type: "Achievement", Award: registrar.FileAward{Capstone: "K1"}, Description: "Built a chair."},
			{Code: "table", Name: "Table maker", Type: "Achievement", Award: registrar.FileAward{Capstone: "K2"}, Description: "Built a table."},
			{Code: "honour", Name: "Honour", Type: "Award", ValidMonths: 12, Description: "By the word of the program."},
		},
		Cohorts: []registrar.FileCohort{
			{Code: "craft-1", Name: "First", Purpose: "Start.", Starts: day(-2), Ends: day(4), TimeZone: "Europe/Berlin"},
			{Code: "craft-2", Name: "Second", Purpose: "Go on.", Starts: day(-2), Ends: day(4), TimeZone: "America/New_York"},
		},
	}
}

// Address is the e-mail address of a person of the sample.
func Address(kind string) string { return kind + "@people.example" }

func addSample(t testing.TB, s *Service) *Sample {
	t.Helper()
	ctx := context.Background()
	file := ProgramFile(s.Clock.Now())
	result, err := s.Registrar.ImportProgram(ctx, operator, file, false)
	must(t, err)
	if len(result.Refused) > 0 {
		t.Fatalf("sample program: %+v", result.Refused)
	}
	p := &Sample{People: map[string]issuer.PersonID{}, Tokens: map[string]string{}, Program: file.Program.Code}
	rows := []registrar.PersonRow{
		{Email: Address("learner"), Name: "Leo Learner", Role: "learner", Cohort: "craft-1"},
		{Email: Address("other"), Name: "Ola Other", Role: "learner", Cohort: "craft-1"},
		{Email: Address("mate"), Name: "Mia Mate", Role: "learner", Cohort: "craft-1"},
		{Email: Address("community"), Name: "Cora Community", Role: "mentor", Tier: "community", Cohort: "craft-1"},
		{Email: Address("lead"), Name: "Lea Lead", Role: "mentor", Tier: "lead", Cohort: "craft-1"},
		{Email: Address("elsewhere"), Name: "Max Elsewhere", Role: "mentor", Tier: "lead", Cohort: "craft-2"},
		{Email: Address("admin"), Name: "Ada Admin", Role: "admin", Cohort: "craft-1"},
		{Email: Address("sponsor"), Name: "Sam Sponsor", Role: "sponsor", Cohort: "craft-1"},
	}
	for i := range rows {
		rows[i].Row, rows[i].TimeZone = i+2, "Europe/Berlin"
	}
	people, err := s.Registrar.ImportPeople(ctx, operator, rows, registrar.ImportOptions{})
	must(t, err)
	if len(people.Refused) > 0 {
		t.Fatalf("sample people: %+v", people.Refused)
	}
	for _, kind := range []string{"owner", "plain"} {
		_, err := s.Registrar.AddPerson(ctx, operator, registrar.NewPerson{Email: Address(kind), Name: "Pat " + kind})
		must(t, err)
	}
	_, err = s.Registrar.AddAdmin(ctx, operator, Address("root"), "Rut Root")
	must(t, err)
	p.find(t, s)
	_, err = s.Registrar.GrantRole(ctx, operator, registrar.NewGrant{Person: p.People["owner"], Role: issuer.Owner, Program: "craft"})
	must(t, err)
	p.addTokens(t, s)
	return p
}

// find learns the ids of the people.
func (p *Sample) find(t testing.TB, s *Service) {
	t.Helper()
	list, err := s.Registrar.People(context.Background(), operator, registrar.PeopleFilter{Page: registrar.Page{Limit: 200}})
	must(t, err)
	for _, v := range list.Items {
		for _, kind := range Kinds {
			if v.Email == Address(kind) {
				p.People[kind] = v.ID
			}
		}
	}
}

func (p *Sample) addTokens(t testing.TB, s *Service) {
	t.Helper()
	ctx := context.Background()
	for kind, id := range p.People {
		token, err := s.Signin.PersonToken(id, time.Hour)
		must(t, err)
		p.Tokens[kind] = token
	}
	all := make([]string, 0, len(issuer.Scopes))
	for _, scope := range issuer.Scopes {
		all = append(all, string(scope))
	}
	for kind, scopes := range map[string][]string{"lms": all, "bare": {string(issuer.Endorse)}} {
		client, secret, err := s.Registrar.AddClient(ctx, operator, kind, scopes)
		must(t, err)
		token, _, err := s.Signin.ClientToken(ctx, client.ID, secret, "")
		must(t, err)
		p.Tokens[kind] = token
	}
}

// Caller gives a person of the sample as the registrar knows them now.
func (s *Service) Caller(t testing.TB, kind string) issuer.Caller {
	t.Helper()
	by, err := s.Registrar.Caller(context.Background(), s.People[kind])
	must(t, err)
	return by
}
