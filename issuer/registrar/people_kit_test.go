package registrar

import (
	"fmt"
	"testing"

	"hallmark/issuer"
)

// system is the command line, which may do what needs no person.
var system = issuer.Caller{System: "test"}

// program is a small program: two modules that stack, a capstone for one lead
// mentor, one for two mentors, a mentor's badge and one for an admin's word.
func program() *ProgramFile {
	rubric := []FileCriterion{
		{Code: "build", Name: "Working solution", Levels: []string{"not yet", "sound", "strong"}, Required: "sound"},
		{Code: "care", Name: "Care", Levels: []string{"not yet", "sound", "strong"}},
	}
	return &ProgramFile{
		Version: 1,
		Program: FileProgram{Code: "makers", Name: "Makers"},
		Skills: []FileSkill{
			{Code: "data", Name: "Data literacy", Framework: "Example", URL: "https://skills.example.org/data"},
			{Code: "care", Name: "Governance"},
		},
		Levels: []FileLevel{{Code: "base", Name: "Base", Order: 1}, {Code: "top", Name: "Top", Order: 2}},
		Modules: []FileModule{
			{Code: "M1", Name: "First", Level: "base", Kind: "short", Hours: 2, Skills: []string{"data"}},
			{Code: "M2", Name: "Second", Level: "base", Kind: "track", Hours: 8, Skills: []string{"care"}, Requires: []string{"M1"}, Pass: pointer(80)},
		},
		Capstones: []FileBrief{
			{Code: "C1", Name: "A solution", Level: "top", Brief: "Solve it.", Team: FileTeam{1, 3}, Requires: []string{"M1"},
				Approvals: FileApprovals{1, true}, Evidence: []string{"link"}, Impact: FileImpact{[]string{"hours saved"}}, Rubric: rubric},
			{Code: "C2", Name: "An integration", Level: "top", Brief: "Connect it.", Team: FileTeam{1, 2},
				Approvals: FileApprovals{2, true}, Evidence: []string{"link"}, Rubric: rubric},
		},
		Achievements: []FileAchievement{
			{Code: "M1", Name: "First Step", Type: "Course", Award: FileAward{Module: "M1"}, Description: "Did the first."},
			{Code: "M2", Name: "Second Step", Type: "Course", Award: FileAward{Module: "M2"}, ValidMonths: 24, Description: "Did the second."},
			{Code: "base", Name: "Base Maker", Type: "MicroCredential", Award: FileAward{All: []string{"M1", "M2"}}, Description: "Did both."},
			{Code: "C1", Name: "Solution", Type: "MicroCredential", Award: FileAward{Capstone: "C1"}, Description: "Delivered."},
			{Code: "C2", Name: "Integration", Type: "MicroCredential", Award: FileAward{Capstone: "C2"}, Description: "Connected."},
			{Code: "all", Name: "Maker", Type: "Certification", Award: FileAward{All: []string{"base", "C1"}}, Description: "All of it."},
			{Code: "mentor", Name: "Mentor", Type: "Award", Award: FileAward{Reviews: 5}, Description: "Reviewed five."},
			{Code: "thanks", Name: "Thanks", Type: "Award", Description: "Helped out."},
		},
		Cohorts: []FileCohort{
			{Code: "autumn", Name: "Autumn", Starts: "2026-09-01", Ends: "2026-12-20", TimeZone: "Asia/Tokyo"},
			{Code: "spring", Name: "Spring", Starts: "2027-02-01", Ends: "2027-05-01", TimeZone: "America/Sao_Paulo"},
		},
	}
}

func pointer[T any](v T) *T { return &v }

// cast is everyone that a test of rights needs.
type cast struct {
	*Kit
	ids map[string]issuer.PersonID
}

var sampleRoster = []PersonRow{
	{Email: "lea@example.org", Name: "Lea Learner", Role: "learner", Cohort: "autumn"},
	{Email: "max@example.org", Name: "Max Member", Role: "learner", Cohort: "autumn"},
	{Email: "ola@example.org", Name: "Ola Other", Role: "learner", Cohort: "autumn"},
	{Email: "com@example.org", Name: "Com Community", Role: "mentor", Tier: "community", Cohort: "autumn"},
	{Email: "lee@example.org", Name: "Lee Lead", Role: "mentor", Tier: "lead", Cohort: "autumn"},
	{Email: "far@example.org", Name: "Far Away", Role: "mentor", Tier: "lead", Cohort: "spring"},
	{Email: "owen@example.org", Name: "Owen Owner", Role: "owner", Cohort: "autumn"},
	{Email: "pat@example.org", Name: "Pat Admin", Role: "admin", Cohort: "autumn"},
	{Email: "spo@example.org", Name: "Spo Sponsor", Role: "sponsor", Cohort: "autumn"},
}

// newCast is the program with its people: who is called by the part of their
// address before the @; "root" is admin of the installation, "none" has no
// role, "" is nobody, "client" has every scope, "bare" none.
func newCast(t testing.TB, k *Kit) *cast {
	t.Helper()
	c := &cast{Kit: k, ids: map[string]issuer.PersonID{}}
	if result, err := k.ImportProgram(t.Context(), system, program(), false); err != nil || !result.Written {
		t.Fatalf("program: %v %+v", err, result)
	}
	if result, err := k.ImportPeople(t.Context(), system, sampleRoster, ImportOptions{}); err != nil || !result.Written {
		t.Fatalf("people: %v %+v", err, result)
	}
	if _, err := k.AddAdmin(t.Context(), system, "root@example.org", "Root"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.AddPerson(t.Context(), system, NewPerson{Email: "none@example.org", Name: "No Role"}); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"lea", "max", "ola", "com", "lee", "far", "owen", "pat", "spo", "root", "none"} {
		p, err := k.FindPerson(t.Context(), system, who+"@example.org")
		if err != nil {
			t.Fatal(err)
		}
		c.ids[who] = p.ID
	}
	return c
}

// as gives someone of the cast as a caller.
func (c *cast) as(who string) issuer.Caller {
	c.t.Helper()
	switch who {
	case "":
		return issuer.Caller{}
	case "client":
		return issuer.Caller{Client: "CLIENT", Scopes: issuer.Scopes}
	case "bare":
		return issuer.Caller{Client: "BARE"}
	}
	by, err := c.Caller(c.t.Context(), c.ids[who])
	if err != nil {
		c.t.Fatal(err)
	}
	return by
}

// complete records a completion of someone and gives what it earned.
func (c *cast) complete(who, module, day, score string) *CompletionResult {
	c.t.Helper()
	r, err := c.RecordCompletion(c.t.Context(), c.as("owen"), NewCompletion{Person: PersonRef{ID: c.ids[who]}, Module: module, CompletedAt: day, Score: score})
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

var goodDraft = Draft{Title: "Expense helper", Summary: "Three people use it.", Impact: issuer.Impact{Measure: "hours saved", Before: "9", After: "2", ConfirmedBy: "Finance"},
	Evidence: []NewEvidence{{Kind: "link", Name: "The app", URL: "https://apps.example.org/helper"}}}

// handIn starts a capstone of a team and hands it in.
func (c *cast) handIn(brief string, team ...string) issuer.CapstoneID {
	c.t.Helper()
	ids := make([]issuer.PersonID, len(team))
	for i, who := range team {
		ids[i] = c.ids[who]
	}
	by, ctx := c.as(team[0]), c.t.Context()
	v, err := c.StartCapstone(ctx, by, brief, "autumn", "Expense helper", ids)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.SaveCapstone(ctx, by, v.ID, goodDraft); err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.SubmitCapstone(ctx, by, v.ID); err != nil {
		c.t.Fatal(err)
	}
	return v.ID
}

func approve(submission int) NewReview {
	return NewReview{Submission: submission, Decision: issuer.Approve, Scores: issuer.Scores{"build": "sound", "care": "strong"}}
}

// codes lists the achievements of badges, in order.
func codes(badges []BadgeView) string {
	out := ""
	for _, b := range badges {
		out += fmt.Sprintf("%s ", b.Achievement.Code)
	}
	return out
}
