package pages

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/signin"
	"hallmark/issuer/web"
	"hallmark/issuer/web/public"
	"hallmark/templates"
	verifyweb "hallmark/verifier/web"
)

// tongue gives the texts that sample pages are filled with: usual ones, or
// ones that try to break out or run off the page.
type tongue struct {
	name, title, text, url string
}

var (
	usual   = tongue{"Ada Okonkwo", "Invoices without retyping", "Suppliers send invoices as pictures; we typed them in twice.\n\nNow a form reads them and asks only where it is unsure. Three people of the accounts team use it every day.", "https://wiki.example.org/invoices/demo"}
	hostile = tongue{`<script>alert(1)</script>"'><img src=x onerror=alert(1)>`, `"><svg onload=alert(1)> {{.}} ` + "\u2028" + `</title><script>`, strings.Repeat("Donaudampfschifffahrtsgesellschaftskapitän", 8) + " </textarea><script>alert(1)</script>", `javascript:alert(1)`}
	long    = tongue{strings.Repeat("Wolfeschlegelsteinhausenbergerdorff ", 8), strings.Repeat("A very long title that does not end ", 8), strings.Repeat("Word after word fills the line. ", 60), "https://a-very-long-host-name-that-does-not-end.departments.example.org/" + strings.Repeat("path/", 40)}
	arabic  = tongue{"ليلى بنت أحمد العلوي", "فواتير بلا إعادة كتابة (v2)", "يرسل الموردون الفواتير صورًا، وكنا نكتبها مرتين. أما الآن فتقرؤها استمارة.", "https://wiki.example.org/فواتير"}
)

var (
	noon    = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	program = registrar.Named{ID: "PROGRAM0000000000000000000", Code: "citizen-dev", Name: "Citizen Developer Program"}
	cohort  = registrar.Named{ID: "COHORT00000000000000000000", Code: "2026-autumn", Name: "Autumn 2026"}
	level   = registrar.Named{ID: "LEVEL000000000000000000000", Code: "practitioner", Name: "Practitioner"}
)

func before(d time.Duration) *time.Time { t := noon.Add(-d); return &t }

func sampleBadge(l tongue, i int, name string, state issuer.AwardState) registrar.BadgeView {
	return registrar.BadgeView{
		ID: issuer.CredentialID(fmt.Sprintf("BADGE%021d", i)), URL: fmt.Sprintf("https://badges.example.org/v/BADGE%021d", i), State: state,
		Achievement: registrar.AchievementRef{ID: issuer.AchievementID(fmt.Sprintf("ACHIEVEMENT%015d", i)), Code: "F1", Version: 1, Name: name,
			Description: "Maps a process, its people and its hand-overs, and names the one worth improving.", Criteria: "Completed the module *Thinking in processes* of the program."},
		Person: registrar.PersonName{ID: "ADA", Name: l.name}, Program: program, Cohort: cohort, AwardedOn: "2026-10-14", IssuedAt: noon, Visibility: issuer.Unlisted,
	}
}

func sampleBrief() registrar.BriefView {
	sound := []string{"not yet", "sound", "strong"}
	return registrar.BriefView{
		ID: "BRIEF000000000000000000000", Code: "C1", Name: "A solution my team uses", Text: "Solve one real problem of your team, with its data, inside the rules, and show that it is used.",
		Level: level, TeamMin: 1, TeamMax: 3, Requires: []string{"P1", "P2"}, Approvals: 1, NeedsLead: true,
		EvidenceKinds: []string{"link", "demo", "user-feedback"}, Measures: []string{"hours saved per month", "rework avoided"},
		Rubric: issuer.Rubric{{Code: "problem", Name: "Problem and users", Levels: sound}, {Code: "build", Name: "Working solution", Levels: sound},
			{Code: "safety", Name: "Data handling and governance", Levels: sound, Required: "sound"}, {Code: "value", Name: "Business value shown", Levels: sound, Required: "sound"},
			{Code: "teamwork", Name: "Working with others", Levels: sound}},
	}
}

func sampleCapstone(l tongue, state issuer.CapstoneState) *registrar.CapstoneView {
	evidence := []registrar.EvidenceView{{Kind: "link", Name: "The form in use", URL: l.url}, {Kind: "demo", Name: l.title, URL: "https://video.example.org/watch/1234"}, {Kind: "user-feedback", Name: "What five users said", URL: "https://forms.example.org/r/9"}}
	impact := issuer.Impact{Measure: "hours saved per month", Before: "46", After: "11", Period: "October 2026", ConfirmedBy: "Head of accounts"}
	mentor := registrar.PersonName{ID: "MAX", Name: "Maximilian Brandt"}
	c := &registrar.CapstoneView{
		ID: "CAPSTONE000000000000000000", State: state, Title: l.title, Summary: l.text, Impact: impact, Evidence: evidence, Program: program, Cohort: cohort,
		Brief: sampleBrief(), Team: []registrar.MemberView{{PersonName: registrar.PersonName{ID: "ADA", Name: l.name}, Part: "built it"}, {PersonName: registrar.PersonName{ID: "BO", Name: "Bo Lindqvist"}}},
		ChangedAt: noon.Add(-50 * time.Hour), Submission: 2, Missing: []string{"lead approval"}, WaitingSince: before(50 * time.Hour),
		Submissions: []registrar.SubmissionView{
			{Number: 2, Title: l.title, Summary: l.text, Impact: impact, SubmittedBy: registrar.PersonName{Name: l.name}, SubmittedAt: noon.Add(-50 * time.Hour), Evidence: evidence},
			{Number: 1, Title: "Invoices", Summary: "A form that reads invoices.", SubmittedBy: registrar.PersonName{Name: l.name}, SubmittedAt: noon.Add(-200 * time.Hour), Evidence: evidence[:1],
				Reviews: []registrar.ReviewView{{Submission: 1, Reviewer: mentor, Tier: issuer.Lead, Decision: issuer.Return, At: noon.Add(-180 * time.Hour),
					Scores: issuer.Scores{"problem": "strong", "safety": "not yet"}, Note: "The problem is real and well told. Two things:\n\nSay where the pictures are kept and who can open them.\nShow what five users said, not what you think they will."}}},
		},
	}
	if state == issuer.Returned {
		c.Submissions[0].Reviews = c.Submissions[1].Reviews
		c.WaitingSince, c.Missing = nil, nil
	}
	return c
}

func sampleHome(l tongue) *registrar.HomeView {
	line := registrar.CapstoneLine{ID: "CAPSTONE000000000000000000", State: issuer.Submitted, Title: l.title, Brief: registrar.Named{Name: "A solution my team uses"}, Cohort: cohort,
		Team: []registrar.MemberView{{PersonName: registrar.PersonName{Name: l.name}}, {PersonName: registrar.PersonName{Name: "Bo Lindqvist"}}}, Submission: 2, WaitingSince: before(50 * time.Hour), ChangedAt: noon.Add(-50 * time.Hour)}
	returned := line
	returned.State, returned.Note, returned.Reviewer, returned.WaitingSince = issuer.Returned, "Say where the pictures are kept and who can open them.", "Maximilian Brandt", nil
	returned.Appeal = issuer.RequestOpen
	done := line
	earned := sampleBadge(l, 8, "Capstone Solution", issuer.Issued)
	done.ID, done.State, done.WaitingSince, done.Badge, done.Letter = "CAPSTONE000000000000000001", issuer.Approved, nil, &earned, issuer.MailBounced
	pass := 80
	coming := func(i int, code, name string, have, need int, missing ...string) registrar.ComingBadge {
		c := registrar.ComingBadge{Achievement: registrar.AchievementRef{ID: issuer.AchievementID(fmt.Sprintf("COMING%020d", i)), Code: code, Name: name}, Have: have, Need: need}
		for _, m := range missing {
			c.Missing = append(c.Missing, registrar.Named{Name: m})
		}
		return c
	}
	suspended := sampleBadge(l, 4, "Foundation Maker", issuer.Suspended)
	brief := sampleBrief()
	return &registrar.HomeView{
		Person: registrar.PersonName{ID: "ADA", Name: l.name}, Email: "ada@example.org",
		Roles: []registrar.RoleView{{Role: issuer.Learner, Program: program, Cohort: cohort}},
		Next: []registrar.NextStep{{Kind: "mend", Capstone: &returned, Cohort: cohort}, {Kind: "capstone", Brief: &brief, Cohort: cohort},
			{Kind: "module", Module: &registrar.ModuleView{Code: "P1", Name: "First automation", Kind: issuer.Track, Level: level, Hours: 12, Pass: &pass}, Cohort: cohort}},
		Badges:    []registrar.BadgeView{sampleBadge(l, 1, "Thinking in Processes", issuer.Issued), sampleBadge(l, 2, "Data Literacy Basics", issuer.Issued), sampleBadge(l, 3, "Safe by Default", issuer.Issued), suspended},
		Coming:    []registrar.ComingBadge{coming(5, "P1", "First Automation", 0, 1, "First automation"), coming(6, "C1", "Capstone Solution", 0, 1, "A solution my team uses"), coming(7, "citizen-developer", "Certified Citizen Developer", 1, 4, "First Automation", "Tested with Users", "Capstone Solution")},
		Capstones: []registrar.CapstoneLine{returned, line, done}, CanStart: []registrar.BriefStart{{Brief: brief, Cohort: cohort}},
	}
}

// fullHome is the home of who has earned forty badges.
func fullHome(l tongue) *registrar.HomeView {
	h := sampleHome(l)
	h.Badges = nil
	for i := range 40 {
		h.Badges = append(h.Badges, sampleBadge(l, i, fmt.Sprintf("Thinking in Processes %d", i+1), issuer.Issued))
	}
	return h
}

func mentorHome(l tongue) *registrar.HomeView {
	return &registrar.HomeView{Person: registrar.PersonName{ID: "MAX", Name: l.name}, Consent: issuer.ConsentGiven, Requests: sampleRequests(l),
		Roles:     []registrar.RoleView{{Role: issuer.Mentor, Tier: issuer.Lead, Program: program, Cohort: cohort}, {Role: issuer.Admin, Program: program}, {Role: issuer.Sponsor, Program: program}},
		Mentoring: &registrar.Tally{Reviews: 41, People: 67, Median: 26 * time.Hour}, QueueWaiting: 3, QueueOldest: before(75 * time.Hour), Programs: []registrar.Named{program}, Badges: []registrar.BadgeView{sampleBadge(l, 9, "Community Mentor", issuer.Issued)}}
}

func sampleQueue(l tongue) *registrar.QueueView {
	line := func(id string, title string, wait time.Duration, missing ...string) registrar.CapstoneLine {
		return registrar.CapstoneLine{ID: issuer.CapstoneID(id), State: issuer.Submitted, Title: title, Brief: registrar.Named{Name: "A solution my team uses"}, Cohort: cohort,
			Team: []registrar.MemberView{{PersonName: registrar.PersonName{Name: l.name}}, {PersonName: registrar.PersonName{Name: "Bo Lindqvist"}}}, Submission: 1, WaitingSince: before(wait), ChangedAt: noon.Add(-wait), Missing: missing}
	}
	decided := line("D", "Travel requests in one place", 300*time.Hour)
	decided.State = issuer.Approved
	decided.TakeBack = &registrar.TakeBackOffer{Review: "REVIEW", Until: noon.Add(8 * time.Minute)}
	mine, taken, barred, scope := line("B", "Shift plans from a sheet", 26*time.Hour), line("F", "A form for visitors", 90*time.Hour), line("G", "Meals for the canteen", 80*time.Hour), line("H", "Keys that open doors", 9*time.Hour)
	mine.Claim = sampleClaim(l, true)
	taken.Claim, barred.Conflict, scope.State = sampleClaim(l, false), true, issuer.ScopeSubmitted
	return &registrar.QueueView{Waiting: []registrar.CapstoneLine{line("A", l.title, 75*time.Hour, "lead approval"), mine, scope, line("C", "Where is my parcel", 20*time.Minute)},
		Others: []registrar.CapstoneLine{line("E", "Meter readings by photo", 100*time.Hour, "second approval"), taken, barred}, Decided: []registrar.CapstoneLine{decided}, Claimed: 1,
		Cohorts: []registrar.QueueCohort{{Named: cohort, Waiting: 6, Typical: 31 * time.Hour, Oldest: before(100 * time.Hour)}, {Named: registrar.Named{Code: "2027-spring", Name: l.title}}}}
}

func sampleProgram(l tongue) *registrar.ProgramView {
	pass := 80
	rung := func(rank int, name string, modules ...registrar.ModuleView) registrar.LevelView {
		return registrar.LevelView{Named: registrar.Named{Name: name}, Rank: rank, Modules: modules}
	}
	p := &registrar.ProgramView{Named: program, Purpose: "From curious beginner to capable maker, with a mentor, on a real problem of your own team.", Expectations: "About three hours a week for twelve weeks.",
		Levels: []registrar.LevelView{
			rung(1, "Foundation", registrar.ModuleView{Code: "F1", Name: "Thinking in processes", Kind: issuer.Short, Hours: 4, Passed: 67}, registrar.ModuleView{Code: "F3", Name: "Safe by default", Kind: issuer.Short, Hours: 3, Pass: &pass, Passed: 34}),
			rung(2, "Practitioner", registrar.ModuleView{Code: "P1", Name: l.title, Kind: issuer.Track, Hours: 12, Requires: []string{"F1", "F2", "F3"}, Passed: 23}),
			rung(3, "Integrator", registrar.ModuleView{Code: "I1", Name: "Connecting to systems of record", Kind: issuer.Track, Hours: 16, Requires: []string{"P1"}, Passed: 7})},
		Cohorts: []registrar.CohortView{{ID: "C", Code: "2026-autumn", Name: "Autumn 2026", StartsOn: "2026-09-07", EndsOn: "2026-12-04", TimeZone: "Europe/Berlin", Expectations: "Wednesday check-in, demo day on 2 December.", Learners: 1200, Waiting: 3,
			Mentors: []registrar.MemberView{{PersonName: registrar.PersonName{Name: "Maximilian Brandt"}, Part: "lead"}, {PersonName: registrar.PersonName{Name: l.name}, Part: "community"}}}},
		Learners: 1200, Badges: 254, Manages: true}
	p.Levels[1].Briefs = []registrar.BriefView{sampleBrief()}
	for i, name := range []string{"Thinking in Processes", "Data Literacy Basics", "Safe by Default", "First Automation", "Tested with Users", "Capstone Solution", "Foundation Maker", "Certified Citizen Developer"} {
		p.Achievements = append(p.Achievements, registrar.AchievementView{AchievementRef: sampleBadge(l, i, name, issuer.Issued).Achievement, Issued: 67 - 8*i})
	}
	return p
}

// sampleFile is a program as a file.
func sampleFile(l tongue) *registrar.ProgramFile {
	pass := 80
	sound := []string{"not yet", "sound", "strong"}
	return &registrar.ProgramFile{Version: 1, Edition: "00ff", Program: registrar.FileProgram{Code: "citizen-dev", Name: l.title, Purpose: l.text, Expectations: l.text},
		Skills: []registrar.FileSkill{{Code: "data-literacy", Name: l.name, Framework: "Example Skills Framework", URL: l.url}, {Code: "automation", Name: "Workflow automation"}},
		Levels: []registrar.FileLevel{{Code: "foundation", Name: l.title, Order: 1}, {Code: "practitioner", Name: "Practitioner", Order: 2}},
		Modules: []registrar.FileModule{{Code: "F1", Name: l.title, Level: "foundation", Kind: "short", Hours: 4, Skills: []string{"data-literacy"}, Requires: []string{"F3"}, Pass: &pass},
			{Code: "F3", Name: "Safe by default", Level: "foundation", Kind: "short", Hours: 3, Retired: true}, {Code: "P1", Name: l.name, Level: "practitioner", Kind: "track", Hours: 12}},
		Capstones: []registrar.FileBrief{{Code: "C1", Name: l.title, Level: "practitioner", Brief: l.text, Team: registrar.FileTeam{Min: 1, Max: 3}, Requires: []string{"P1"}, Approvals: registrar.FileApprovals{Count: 1, Lead: true},
			Evidence: []string{"link", l.name}, Impact: registrar.FileImpact{Measures: []string{"hours saved per month"}},
			Rubric: []registrar.FileCriterion{{Code: "build", Name: l.title, Levels: sound, Required: "sound"}, {Code: "value", Name: "Business value shown", Levels: sound}}}},
		Achievements: []registrar.FileAchievement{{Code: "F1", Name: l.title, Type: "Course", Award: registrar.FileAward{Module: "F1"}, Description: l.text, Icon: "process", Colour: "teal", ValidMonths: 24},
			{Code: "foundation", Name: "Foundation Maker", Type: "MicroCredential", Award: registrar.FileAward{All: []string{"F1"}}, Description: "Completed the foundation level."}},
		Cohorts: []registrar.FileCohort{{Code: "2026-autumn", Name: l.title, Purpose: l.text, Starts: "2026-09-07", Ends: "2026-12-04", TimeZone: "Europe/Berlin"}}}
}

func sampleEdit(l tongue) EditProgramPage {
	page := EditProgramPage{Program: sampleFile(l).Program, Edition: "00ff", Problem: l.text, Wrong: []registrar.RowProblem{{Field: "modules[3].pass", Reason: l.text}}}
	for _, part := range editParts[1:] {
		page.Parts = append(page.Parts, EditList{part.key, part.lines(sampleFile(l))})
	}
	return page
}

func sampleEditPart(l tongue, key, code string) EditPartPage {
	page := EditPartPage{Program: sampleFile(l).Program, Edition: "00ff", Part: key, Code: code, Name: l.title}
	for _, part := range editParts {
		if part.key == key {
			page.Fields, _ = part.fields(sampleFile(l), code)
		}
	}
	if key == "achievements" {
		page.Art = artQuery(code, page.Fields)
	}
	return page
}

func wrongEditPart(l tongue) EditPartPage {
	page := sampleEditPart(l, "achievements", "foundation")
	page.Problem, page.Wrong = l.text, []registrar.RowProblem{{Field: "description", Reason: l.text}, {Reason: l.title}}
	page.Fields[2].Wrong = true
	return page
}

func samplePreview(l tongue) ProgramPreviewPage {
	return ProgramPreviewPage{Program: sampleFile(l).Program, Action: "/programs/citizen-dev/edit", Whole: true, Sent: []SentField{{"name", l.name}, {"brief", l.text}},
		Changes: []registrar.ProgramChange{
			{Part: "modules", Code: "F1", Name: l.title, Fields: []registrar.FieldChange{{Field: "name", Before: "Thinking in processes", After: l.title}, {Field: "pass", Before: "80"}}},
			{Part: "capstones", Code: "C1", Name: l.name, Fields: []registrar.FieldChange{{Field: "brief", Before: l.text, After: l.text}, {Field: "approvals.lead", Before: "true", After: "false"}}},
			{Part: "achievements", Code: "F1", Name: l.title, Version: 3, Held: 67, Meets: 3, Fields: []registrar.FieldChange{{Field: "award.all", Before: "F1, F2, F3", After: "F1, F2"}, {Field: "criteria", Before: "Hold “Thinking in Processes”.", After: l.text}}},
			{Part: "modules", Code: "P1", Name: l.title, Retired: true, Use: issuer.PartUse{Recorded: 12}, Closes: []string{l.title, "Foundation Maker"}},
			{Part: "capstones", Code: "C1", Name: l.title, Retired: true, Use: issuer.PartUse{Recorded: 9, Drafts: 1, UnderWay: 3}},
			{Part: "achievements", Code: "F1", Name: l.title, Retired: true, Use: issuer.PartUse{Recorded: 9, Live: 8}},
			{Part: "levels", Code: "top", Name: l.title, Retired: true}, {Part: "modules", Code: "X", Name: l.name, Removed: true}, {Part: "modules", Code: "Y", Name: l.name, Restored: true},
			{Part: "modules", Moved: true, Fields: []registrar.FieldChange{{Field: "place", Before: "F1, F3", After: "F3, F1"}}},
			{Part: "achievements", Code: "new", Name: l.title, Version: 1, New: true, Meets: 1}, {Part: "cohorts", Code: "2027-spring", Name: l.name, New: true}},
		Warnings: []registrar.RowProblem{{Field: "skills", Reason: l.text}}}
}

func sampleVersions(l tongue) []registrar.ProgramVersionView {
	changes := samplePreview(l).Changes
	return []registrar.ProgramVersionView{{Number: 3, At: noon, By: registrar.PersonName{ID: "ADA", Name: l.name}, Known: true, Newest: true, PutBack: 1, Changes: changes[:1], Edition: "00ff"},
		{Number: 2, At: noon, Known: true, Changes: changes, Edition: "00ff"}, {Number: 1, At: noon}}
}

func sampleCohort(l tongue) CohortPage {
	d := &registrar.CohortDetail{CohortView: sampleProgram(l).Cohorts[0], Manages: true, Next: "ADA",
		Load:   []registrar.MentorLoad{{PersonName: registrar.PersonName{ID: "MAX", Name: l.name}, Grant: "G1", Tier: issuer.Lead, Reviews: 31, Dates: 1, Cohorts: 2}},
		Open:   []registrar.CapstoneLine{{ID: "C1", State: issuer.Submitted, Title: l.title, Team: []registrar.MemberView{{PersonName: registrar.PersonName{ID: "ADA", Name: l.name}}}, WaitingSince: &noon}},
		Roster: []registrar.RosterLine{{PersonName: registrar.PersonName{ID: "ADA", Name: l.name}, Email: "ada@example.org", Department: l.title, Begun: true}, {PersonName: registrar.PersonName{ID: "BO", Name: "Bo Lindqvist"}, Email: "bo@example.org"}, {PersonName: registrar.PersonName{ID: "CY", Name: "Cyrille Moreau"}, Begun: true, LeftAt: &noon}},
		Links:  []registrar.JoinLinkView{{ID: "L1", Places: 30, Used: 12, ExpiresAt: noon, Open: true}, {ID: "L2", Places: 5, Used: 5, ExpiresAt: noon}}}
	return CohortPage{Cohort: d, Next: url.Values{"after": {"ADA"}}, Form: registrar.PersonRow{Name: l.name, Email: l.url, Department: l.text}, Places: "30", Days: l.title, Problem: l.text, Link: "https://badges.example.org/join?t=SECRET",
		Upload: &RosterCheck{Result: &registrar.ImportResult{Added: 28, Changed: 1, Unchanged: 12, Refused: []registrar.RowProblem{{Row: 7, Field: "email", Reason: l.text}, {Row: 9, Reason: l.title}}}, Warnings: []string{l.text}, File: "eA=="}}
}

func sampleOffer(l tongue) *registrar.JoinView {
	return &registrar.JoinView{Cohort: registrar.Named{Code: "2026-autumn", Name: l.title}, Program: program, Purpose: l.text, Expectations: l.text, StartsOn: "2026-09-07", EndsOn: "2026-12-04", TimeZone: "Europe/Berlin"}
}

// manyPeople are more than were counted, in so many cohorts that one alone has the
// form of a role.
func manyPeople(l tongue) PeoplePage {
	page := samplePeople(l)
	page.People.Many, page.Few, page.Give, page.Here = true, false, "BO", url.Values{"q": {l.text}}
	return page
}

func samplePeople(l tongue) PeoplePage {
	person := func(id, name string, grants ...registrar.GrantView) registrar.PersonView {
		return registrar.PersonView{PersonName: registrar.PersonName{ID: issuer.PersonID(id), Name: name}, Email: strings.ToLower(id) + "@example.org", Department: "Accounts", Experience: "beginner", Enrollments: []registrar.Named{cohort}, Grants: grants}
	}
	return PeoplePage{People: &registrar.PeopleView{Items: []registrar.PersonView{person("ADA", l.name), person("BO", "Bo Lindqvist"),
		person("MAX", "Maximilian Brandt", registrar.GrantView{ID: "G1", RoleView: registrar.RoleView{Role: issuer.Mentor, Tier: issuer.Lead, Cohort: cohort}})}, Next: "x", Total: 128},
		Programs: []registrar.Named{program}, Cohorts: []registrar.Named{cohort}, Roles: []issuer.Role{issuer.Learner, issuer.Mentor}, Grantable: []string{"lead", "community", "learner", "owner"},
		Filter: registrar.PeopleFilter{Search: l.name}, Filtered: true, Next: url.Values{"after": {"x"}}, Form: registrar.NewPerson{Name: l.name}}
}

func sampleReport(l tongue) ReportsPage {
	r := &registrar.ReportView{Program: program, At: noon, Learners: 96, Active: 67,
		Cohorts: []registrar.CohortReport{{Cohort: cohort, ProgramCohort: issuer.ProgramCohort{Learners: 96, Active: 67, Badges: 254, Capstones: 9}}, {Cohort: registrar.Named{Name: l.name}}},
		Issued:  254, Revoked: 1, Capstones: issuer.ProgramCapstones{Started: 21, Submitted: 3, Returned: 4, Approved: 9, FirstTime: 5, Rounds: 17, MedianWait: 31 * time.Hour},
		Impact: []issuer.ValueSum{{Measure: "hours saved", Unit: "hours", Period: "per month", Confirmed: issuer.ValuePart{Claims: 4, Numbers: 4, Change: "-126.5"}, Stated: issuer.ValuePart{Claims: 2, Numbers: 1, Change: "-12"}}, {Measure: l.title, Unit: "%", Stated: issuer.ValuePart{Claims: 3}}}, Mentors: 5, Reviews: 18}
	for i, name := range []string{"Thinking in processes", "Your data and its limits", "Safe by default", "First automation"} {
		r.Modules = append(r.Modules, registrar.ModuleReport{Module: registrar.Named{Name: name}, Passed: 67 - 12*i, Attempted: i})
		r.Badges = append(r.Badges, registrar.BadgeReport{Achievement: registrar.Named{ID: fmt.Sprintf("ACHIEVEMENT%015d", i), Name: name}, Issued: 67 - 12*i})
	}
	return ReportsPage{Programs: []registrar.Named{program}, Report: r, Wait: waitOf(r.Capstones.MedianWait, r.Reviews)}
}

func sampleResult(l tongue, verdict string) verifyweb.Result {
	r := verifyweb.Result{Verdict: verdict, Summary: "Genuine, current, issued by Example Makers Academy to " + l.name + ".", CheckedAt: noon, JSON: "{\n  \"verdict\": \"" + verdict + "\"\n}",
		Issuer: verifyweb.ResultIssuer{ID: "did:web:badges.example.org", Domain: "badges.example.org", Name: "Example Makers Academy", Trusted: true, How: "The key is listed at that domain."},
		Claims: verifyweb.Claims{ID: "https://badges.example.org/v/BADGE", Achievement: "Capstone Solution", Description: "Delivered a solution that a team uses, approved by a lead mentor against the rubric.", Criteria: l.text, Type: "MicroCredential", Recipient: l.name,
			Subject: "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", AwardedOn: noon, ValidFrom: noon, ValidUntil: noon.AddDate(3, 0, 0),
			Skills: []verifyweb.Link{{Name: "Data literacy", URL: "https://academy.example.org/skills/data-literacy", Description: "Example Skills Framework"}}, Evidence: []verifyweb.Link{{Name: l.title, URL: l.url}},
			Results: []verifyweb.ClaimResult{{Name: "Problem and users", Level: "strong"}, {Name: "Data handling", Level: "sound"}}}}
	r.Deciding = []verifyweb.ResultCheck{{Name: "format", Outcome: "verified", Reason: "It is an Open Badge 3.0."}, {Name: "proof", Outcome: "verified", Reason: "The signature is right for the key that it names."}, {Name: "issuer", Outcome: "verified", Reason: "That key is the issuer's."},
		{Name: "trust", Outcome: "skipped", Reason: "No list of trusted issuers is used here."}, {Name: "status", Outcome: verdict, Reason: "It has not been revoked."}, {Name: "period", Outcome: "verified", Reason: "It is valid until 21 November 2029."}, {Name: "recipient", Outcome: "skipped", Reason: "Nobody was asked for."}}
	for _, name := range []string{"refresh", "schema", "conformance", "log", "endorsement", "image"} {
		r.Informing = append(r.Informing, verifyweb.ResultCheck{Name: name, Outcome: "skipped", Reason: "It does not apply."})
	}
	r.Informing[2].Outcome, r.Informing[2].Reason = "verified", "It keeps the rules of the standard."
	if verdict == "refused" {
		r.Summary = "Revoked by Example Makers Academy on 20 November 2026."
		r.Deciding[4].Reason = "Its issuer revoked it."
	}
	return r
}

func sampleBadgePage(l tongue, state issuer.AwardState, verdict string) public.BadgePage {
	const page = "https://badges.example.org/v/BADGE000000000000000000001"
	b := public.Badge{ID: "BADGE000000000000000000001", State: state, Name: "Capstone Solution", Description: "Delivered a solution that a team uses, approved by a lead mentor against the rubric.", Version: 1, Kind: "capstone",
		Program: "Citizen Developer Program", Cohort: "Autumn 2026", Holder: l.name, IssuerName: "Example Makers Academy", Host: "badges.example.org", AwardedOn: "2026-11-21", IssuedAt: noon, ValidUntil: before(-3 * 365 * 24 * time.Hour)}
	if state == issuer.Revoked {
		b.RevokedCode, b.RevokedReason, b.RevokedAt = "evidence-withdrawn", l.title, before(24*time.Hour)
	}
	approvals := []registrar.Approval{{Tier: issuer.Community}, {Tier: issuer.Lead, Signed: true, Name: l.name, Of: issuer.CredentialID(b.ID)}}
	return public.BadgePage{Badge: b, Result: sampleResult(l, verdict), Approvals: approvals, Links: public.Links{Page: page, JSON: page + ".json", PNG: page + ".png", SVG: "/v/BADGE000000000000000000001.svg", QRPNG: page + "/qr.png", QRSVG: "/v/BADGE000000000000000000001/qr.svg"}}
}

func sampleBatch(l tongue) *verifyweb.BatchPage {
	return &verifyweb.BatchPage{CSV: "link,verdict\r\n", CheckedAt: noon, Tally: []verifyweb.BatchTally{{Verdict: "verified", Count: 2}, {Verdict: "refused", Count: 1}, {Verdict: "undetermined", Count: 1}},
		Rows: []verifyweb.BatchLine{
			{Row: 2, Link: l.url, Verdict: "verified", Trusted: true, Badge: l.title, Recipient: l.name, Issuer: "Example Makers Academy", Until: noon},
			{Row: 3, Link: l.url, Verdict: "verified", Badge: l.title, Issuer: "did:key:z6Mktf…WSQu1L1"},
			{Row: 5, Link: l.url, Verdict: "refused", Summary: l.text, Badge: l.title, Recipient: l.name, Issuer: "badges.example.org"},
			{Row: 1024, Verdict: "undetermined", Summary: l.text}}}
}

// sample is one page with its data.
type sample struct {
	file, template string
	data           any
}

// samples gives every page, filled in one tongue.
func samples(l tongue) []sample {
	me := issuer.Caller{Person: "ADA"}
	draft, returned, submitted, approved := sampleCapstone(l, issuer.Draft), sampleCapstone(l, issuer.Returned), sampleCapstone(l, issuer.Submitted), sampleCapstone(l, issuer.Approved)
	draft.Submission, draft.Submissions, draft.MayEdit, draft.MaySubmit, draft.MayWithdraw = 0, nil, true, true, true
	returned.MayEdit, returned.MayWithdraw = true, true
	submitted.MayReview, submitted.Completes, submitted.WouldIssue = true, true, 2
	waiting := sampleCapstone(l, issuer.Submitted)
	waiting.MayEdit, waiting.MaySubmit, waiting.MayWithdraw = true, true, true
	approved.Badges = []registrar.BadgeView{sampleBadge(l, 1, "Capstone Solution", issuer.Issued)}
	badge, revoked := sampleBadge(l, 1, "Thinking in Processes", issuer.Issued), sampleBadge(l, 2, l.title, issuer.Revoked)
	revoked.RevokedCode, revoked.RevokedReason, revoked.RevokedNote, revoked.RevokedAt = "other", l.title, l.text, before(24*time.Hour)
	mine := myBadgePage(me, &badge)
	managed := myBadgePage(issuer.Caller{Person: "ROOT", Grants: []issuer.Grant{{Role: issuer.Admin}}}, &badge)
	managed.Problem, managed.Form = "Choose a reason.", registrar.StatusChange{Code: "other", Reason: l.title, Note: l.text}
	mine.Ends = true
	mine.Share = sampleShare(l, &badge)
	mine.Badge.Renewal = &registrar.Renewal{From: "2026-08-23", How: "badges", What: l.title}
	managed.Resting, managed.Reissue = sampleHome(l).Badges, l.text
	waiting.Desk, submitted.Desk = sampleLine(l), sampleMentorLine(l)
	taken := sampleCapstone(l, issuer.Submitted)
	taken.MayReview, taken.Desk = true, sampleMentorLine(l)
	taken.Desk.Claim, taken.Desk.Draft = sampleClaim(l, false), &issuer.ReviewDraft{Note: l.text, Reason: "impact", SavedAt: noon.Add(-time.Hour)}
	review := reviewPage(submitted)
	review.Form.Note, review.Form.Scores, review.Problem, review.Wrong = l.text, issuer.Scores{"safety": "sound"}, "“Business value shown” must be at least “sound” to approve.", "scores.value"
	broken := capstonePage(me, draft)
	broken.Problem, broken.Wrong = "Give your capstone a title.", "title"
	result := sampleResult(l, "verified")
	other := sampleResult(l, "undetermined")
	other.Issuer.Trusted, other.Issuer.Domain = false, ""
	older := sampleResult(l, "verified")
	older.Issuer.Trusted, older.Legacy, older.Newer = false, "Open Badges 2.0", "badges.example.org"
	older.Endorsements = []verifyweb.ResultEndorsement{{Outcome: "verified", Reason: l.text, Issuer: verifyweb.ResultIssuer{Name: l.name, Domain: "guild.example"}, Comment: l.text}, {Outcome: "undetermined", Reason: l.text}}
	older.Informing[2] = verifyweb.ResultCheck{Name: "conformance", Outcome: "refused", Reason: l.title, Findings: []verifyweb.Finding{{At: "/issuer/name", Reason: l.text}, {Reason: l.title}}}
	return append([]sample{
		{"front", "page/front", nil},
		{"signin", "page/signin", SigninPage{Email: l.name, Next: l.url, Problem: l.title}},
		{"signin-sent", "page/signin-sent", SentPage{Email: l.name, Minutes: 15}},
		{"signin-anew", "page/signin-sent", SentPage{Anew: true, Minutes: 15}},
		{"signin-link", "page/signin-link", LinkPage{Secret: l.title}},
		{"signin-link-over", "page/signin-link", LinkPage{Secret: l.title, Over: true}},
		{"confirm", "page/confirm", ConfirmPage{Action: "/review/C1", Fields: []ConfirmField{{"note", l.text}, {"decision", "sign"}}, Asked: true, Minutes: 10, Passkeys: true, Problem: l.title}},
		{"account", "page/account", sampleAccount(l)},
		{"account-adding", "page/account", AccountPage{Takes: true, Adding: true, Mentor: true, Minutes: 60}},
		{"signin-ways", "page/signin", SigninPage{Takes: true, Goal: "/home?x=" + l.title, Providers: []signin.ProviderName{{Name: "work", Label: l.name}, {Name: "school", Label: "School account"}}}},
		{"signin-invited", "page/signin-sent", SentPage{Minutes: 15}},
		{"address", "page/address", LinkPage{Secret: l.title}},
		{"invitation", "page/invitation", InvitationPage{Offer: &registrar.InvitationOffer{Program: program, Cohort: registrar.Named{Name: l.title}, Role: issuer.Mentor, Tier: issuer.Lead}, Secret: l.title}},
		{"invitations", "page/invitations", sampleInvitations(l)},
		{"invitations-none", "page/invitations", InvitationsPage{Cohorts: []registrar.Named{cohort}}},
		{"trail", "page/trail", sampleTrail(l)},
		{"privacy", "page/privacy", PrivacyPage{Own: l.text, Issuer: l.name, Retention: issuer.Retention{}.Usual()}},
		{"privacy-plain", "page/privacy", PrivacyPage{Issuer: l.title}},
		{"imprint", "page/imprint", ImprintPage{Own: l.text, Contact: issuer.Issuer{Name: l.name, URL: l.url, Email: "academy@example.org"}}},
		{"imprint-plain", "page/imprint", ImprintPage{Contact: issuer.Issuer{Name: l.title}}},
		{"trail-full", "page/trail", fullTrail(l)},
		{"trail-none", "page/trail", TrailPage{Trail: &registrar.TrailView{}, Groups: issuer.DeedGroups}},
		{"mails", "page/mails", sampleMails(l)},
		{"mails-none", "page/mails", MailsPage{Mails: &registrar.MailList{}, Standings: issuer.Standings}},
		{"mail-stop", "page/mail-stop", StopPage{Secret: l.title, Moment: "badge-issued"}},
		{"mail-stopped", "page/mail-stop", StopPage{Moment: issuer.DigestMoment, Done: true}},
		{"setup", "page/signin-link", LinkPage{Secret: l.title, Setup: true, Name: l.name, Email: l.name, Problem: l.text}},
		{"home", "page/home", homePage(sampleHome(l))},
		{"home-mentor", "page/home", homePage(mentorHome(l))},
		{"home-full", "page/home", homePage(fullHome(l))},
		{"home-alumni", "page/home", homePage(&registrar.HomeView{Person: registrar.PersonName{ID: "ADA", Name: l.name}, Consent: issuer.ConsentGiven, Badges: fullHome(l).Badges[:5]})},
		{"badges", "page/badges", BadgesPage{Earned: sampleHome(l).Badges, Past: []registrar.BadgeView{revoked}, Coming: sampleHome(l).Coming, Mine: true, Answer: issuer.ConsentGiven}},
		{"badges-of", "page/badges", BadgesPage{Of: l.name, Earned: sampleHome(l).Badges}},
		{"myportfolio", "page/myportfolio", samplePortfolio(l)},
		{"badge-portfolio", "page/portfolio", samplePublicPortfolio(l)},
		{"name", "page/name", NamePage{Now: l.name, Before: []registrar.NameRequestView{{Name: l.name, State: issuer.RequestRefused, Answer: l.text, AnsweredAt: &noon}}, Name: l.name, Note: l.text, Problem: l.title, Wrong: "name"}},
		{"mailchoices", "page/mailchoices", MailChoicesPage{Moments: []MailMoment{{"badge-issued", issuer.MailDaily}, {"appeal-answered", issuer.MailOff}}, Choices: mailChoices, Problem: l.text}},
		{"name-open", "page/name", NamePage{Now: l.name, Open: &registrar.NameRequestView{ID: "REQUEST", Name: l.title, Note: l.text, CreatedAt: noon}}},
		{"requests-mentor", "page/requests", RequestsPage{RequestsView: sampleRequests(l), At: "APPEAL", Answer: l.text, Problem: l.title}},
		{"appeal", "page/appeal", AppealPage{AppealsView: &registrar.AppealsView{Capstone: "C", Title: l.title, Appeals: sampleAppeals(l), Return: &registrar.ReviewView{Reviewer: registrar.PersonName{Name: l.name}, Note: l.text, At: noon}}, Words: l.text, Problem: l.title}},
		{"mybadge", "page/mybadge", mine},
		{"mybadge-admin", "page/mybadge", managed},
		{"mybadge-revoked", "page/mybadge", myBadgePage(me, &revoked)},
		{"capstone-new", "page/capstone-new", NewCapstonePage{registrar.BriefStart{Brief: sampleBrief(), Cohort: cohort, Peers: []registrar.PersonName{{ID: "BO", Name: l.name}, {ID: "CY", Name: "Cyrille Moreau"}}}, l.title, l.text}},
		{"capstone-draft", "page/capstone", broken},
		{"capstone-returned", "page/capstone", capstonePage(me, returned)},
		{"capstone-waiting", "page/capstone", capstonePage(me, waiting)},
		{"capstone-approved", "page/capstone", capstonePage(me, approved)},
		{"queue", "page/queue", QueuePage{sampleQueue(l)}},
		{"queue-appeals", "page/queue", QueuePage{&registrar.QueueView{Waiting: sampleQueue(l).Waiting, Appeals: sampleAppeals(l)[:1]}}},
		{"queue-filtered", "page/queue", QueuePage{&registrar.QueueView{Filter: registrar.QueueFilter{Show: "mine"}}}},
		{"review", "page/review", review},
		{"review-taken", "page/review", reviewPage(taken)},
		{"desk", "page/desk", sampleDesk(l)},
		{"takeback", "page/takeback", sampleTakeBack(l)},
		{"programs", "page/programs", ProgramsPage{Programs: []registrar.Named{program}}},
		{"programs-admin", "page/programs", ProgramsPage{MayAdd: true, Form: registrar.FileProgram{Code: l.title, Name: l.name, Purpose: l.text}, Problem: l.text}},
		{"program", "page/program", ProgramPage{sampleProgram(l)}},
		{"editprogram", "page/editprogram", sampleEdit(l)},
		{"editpart-module", "page/editpart", sampleEditPart(l, "modules", "F1")},
		{"editpart-new", "page/editpart", sampleEditPart(l, "modules", "")},
		{"editpart-capstone", "page/editpart", sampleEditPart(l, "capstones", "C1")},
		{"editpart-achievement", "page/editpart", sampleEditPart(l, "achievements", "F1")},
		{"editpart-cohort", "page/editpart", sampleEditPart(l, "cohorts", "2026-autumn")},
		{"editpart-program", "page/editpart", sampleEditPart(l, "program", "citizen-dev")},
		{"editpart-problem", "page/editpart", wrongEditPart(l)},
		{"programpreview", "page/programpreview", samplePreview(l)},
		{"programversions", "page/programversions", ProgramVersionsPage{Program: sampleFile(l).Program, List: sampleVersions(l), Next: url.Values{"after": {"1"}}}},
		{"programversion", "page/programversion", ProgramVersionPage{Program: sampleFile(l).Program, Version: &sampleVersions(l)[1], Problem: l.text, Wrong: []registrar.RowProblem{{Field: "modules[3].pass", Reason: l.text}}}},
		{"cohort", "page/cohort", sampleCohort(l)},
		{"cohort-mentor", "page/cohort", CohortPage{Cohort: &registrar.CohortDetail{CohortView: sampleProgram(l).Cohorts[0], Guides: true, Roster: []registrar.RosterLine{{PersonName: registrar.PersonName{ID: "ADA", Name: l.name}}}}}},
		{"join", "page/join", JoinPage{Offer: sampleOffer(l), Secret: l.title, Name: l.name, Email: l.text, Problem: l.text}},
		{"join-signed", "page/join", JoinPage{Offer: sampleOffer(l), Secret: "x", Signed: true}},
		{"gallery", "page/gallery", sampleGallery(l)},
		{"story", "page/story", public.StoryPage{GalleryStory: &sampleGallery(l).Items[0]}},
		{"tell", "page/tell", sampleTell(l)},
		{"stories-admin", "page/stories", StoriesPage{StoryDeskView: &registrar.StoryDeskView{Program: program, Stories: []registrar.StoryView{*sampleTell(l).StoryView}}}},
		{"feedback", "page/feedback", sampleFeedback(l)},
		{"note", "page/note", NotePage{NoteView: &sampleFeedback(l).ToGive[0], Rows: []NoteRow{{l.title, l.text}, {"What next?", ""}}, Problem: l.text}},
		{"opinion", "page/opinion", OpinionPage{OpinionView: &sampleFeedback(l).Modules[0], Form: registrar.NewOpinion{Rating: 4, Helped: l.text, Hindered: l.title}, Problem: l.title}},
		{"opinions-admin", "page/opinions", OpinionsPage{&registrar.OpinionsView{Program: program, Modules: []registrar.ModuleOpinions{{Module: registrar.Named{Code: "F1", Name: l.title}, Enough: true, Count: 31, Average: 4.2, Ratings: [5]int{1, 1, 4, 10, 15}, Remarks: []registrar.Remark{{Helped: l.text, Hindered: l.title, Asked: registrar.Wording{Helped: l.title}}}}, {Module: registrar.Named{Code: "F2", Name: "Your data and its limits"}}}}}},
		{"rounds-mentor", "page/rounds", RoundsPage{RoundsView: &registrar.RoundsView{Cohort: cohort, Program: program, Items: []registrar.RoundView{*sampleRound(l).RoundView}, Today: "2026-11-21"}, Form: registrar.NewRound{Title: l.title, OpensOn: "2026-11-21", ClosesOn: "2026-11-28", Pairing: issuer.PairTeams, Seed: l.name, Nameless: true}, Typed: true, Said: l.text, Per: "3", Problem: l.text}},
		{"round-mentor", "page/round", sampleRound(l)},
		{"ask", "page/ask", AskPage{About: sampleAskable(l), Name: l.name, Email: l.url, Words: l.text, Most: issuer.MaxAsking, Problem: l.title, Wrong: "email"}},
		{"ask-sent", "page/ask", AskPage{About: sampleAskable(l), Sent: true, Hours: 48}},
		{"asked", "page/asked", sampleAsked(l, issuer.QuestionAsked)},
		{"asked-open", "page/asked", sampleAsked(l, issuer.QuestionOpen)},
		{"asked-answered", "page/asked", sampleAsked(l, issuer.QuestionAnswered)},
		{"asked-closed", "page/asked", sampleAsked(l, issuer.QuestionClosed)},
		{"concern-new", "page/concern-new", NewConcernPage{Signed: true, Kinds: issuer.ConcernKinds, Programs: []registrar.Named{program}, Form: registrar.NewConcern{Kind: issuer.AboutBadge, Badge: "BADGE0000000000000000000", About: l.name, Words: l.text}, Problem: l.title}},
		{"concern-sent", "page/concern-sent", ConcernSentPage{&registrar.ConcernReceipt{GoesTo: issuer.DeskProgram, Program: program}, spelt("ABCDEFGHIJKLMNOPQRST")}},
		{"concern-follow", "page/concern-follow", FollowPage{Concern: sampleConcern(l, false), Code: "ABCDE", Words: l.text, Added: true}},
		{"concern-code", "page/concern-follow", FollowPage{Code: l.title, Problem: l.text}},
		{"concerns-admin", "page/concerns", ConcernsPage{&registrar.ConcernsView{Handles: true, Desk: []registrar.ConcernLine{sampleConcern(l, true).ConcernLine}, Mine: []registrar.ConcernLine{sampleConcern(l, false).ConcernLine}}}},
		{"concern-admin", "page/concern", ConcernPage{Concern: sampleConcern(l, true), Words: l.text, Problem: l.title}},
		{"concern", "page/concern", ConcernPage{Concern: sampleConcern(l, false)}},
		{"people", "page/people", samplePeople(l)},
		{"people-many", "page/people", manyPeople(l)},
		{"person-admin", "page/person", PersonPage{Runs: true, Person: &registrar.PersonDetail{PersonView: samplePeople(l).People.Items[0], Outdated: sampleHome(l).Badges, MayAddress: true}, Form: registrar.Correction{Name: l.name, Email: l.url}, Problem: l.text, Wrong: "email"}},
		{"erase-admin", "page/erase", ErasePage{Erasure: sampleErasure(l), Action: "/people/X/erase", Typed: l.name, Problem: l.text}},
		{"erase-mine", "page/erase", ErasePage{Erasure: sampleErasure(l), Mine: true, Action: "/erase"}},
		{"erase-last", "page/erase", ErasePage{Erasure: &registrar.Erasure{LastAdmin: true}, Mine: true}},
		{"person-owner", "page/person", personPage(issuer.Caller{}, &registrar.PersonDetail{PersonView: samplePeople(l).People.Items[0]})},
		{"reports", "page/reports", sampleReport(l)},
		{"issuing-admin", "page/issuing", IssuingPage{Issuing: &registrar.IssuingView{Halt: issuer.Halt{Since: noon, Reason: l.text}, Waiting: 3}}},
		{"issuing-admin-stop", "page/issuing", IssuingPage{Issuing: &registrar.IssuingView{}, Reason: l.title, Problem: l.text}},
		{"badge", "page/badge", sampleBadgePage(l, issuer.Issued, "verified")},
		{"badge-embed", "page/embed", sampleBadgePage(l, issuer.Issued, "verified")},
		{"badge-shared", "page/shared", public.SharedPage{BadgePage: sampleBadgePage(l, issuer.Revoked, "refused"), Until: noon.AddDate(0, 0, 7), Picture: "/art/A.svg"}},
		{"badge-revoked", "page/badge", sampleBadgePage(l, issuer.Revoked, "refused")},
		{"verify", "page/verify", verifyweb.VerifyPage{Link: l.url, Text: l.text, Name: l.name, Result: &result}},
		{"verify-unsure", "page/verify", verifyweb.VerifyPage{Result: &other}},
		{"verify-older", "page/verify", verifyweb.VerifyPage{Held: l.text, Result: &older}},
		{"verify-many", "page/verify", verifyweb.VerifyPage{Links: l.url, Batch: sampleBatch(l)}},
		{"verify-many-problem", "page/verify", verifyweb.VerifyPage{Links: l.text, BatchProblem: l.text}},
		{"verify-problem", "page/verify", verifyweb.VerifyPage{Problem: l.text}},
		{"achievement", "page/achievement", public.ThingPage{ID: l.url, Name: l.title, Description: l.text, Criteria: l.text, Picture: "/art/A.svg", JSON: l.text}},
		{"issuer", "page/issuer", public.ThingPage{ID: l.url, Name: l.name, Description: l.text, URL: l.url, JSON: l.text}},
		{"kept", "page/kept", public.KeptPage{Issuer: l.name, IssuerID: "I", DID: "did:web:badges.example.org", DIDPath: "/.well-known/did.json", At: noon, Until: noon.AddDate(10, 0, 0),
			Achievements: []registrar.SiteAchievement{{AchievementRef: registrar.AchievementRef{ID: "A", Name: l.title}, Program: program}}, Listed: []registrar.BadgeView{sampleBadge(l, 1, l.title, issuer.Issued)}, Lists: []issuer.StatusListID{"LIST"}}},
		{"takeout", "page/takeout", sampleTakeout(l)},
		{"error", "page/error", web.ErrorPage{Status: 422, Title: l.title, Detail: l.text, ID: "REQUEST", Fields: []issuer.Field{{Field: "a", Reason: l.title}, {Field: "b", Reason: l.text}}}},
		{"error-500", "page/error", web.ErrorPage{Status: 500}},
		{"mailbox", "page/mailbox", MailboxPage{[]Message{{To: l.name, Subject: l.title, Text: l.text + "\n" + l.url + "\nhttps://badges.example.org/signin/link?t=x", At: noon.Add(-time.Minute)}}}},
	}, slices.Concat(cohortSamples(l), funnelSamples(l))...)
}

// emptySamples gives every page that can be empty, with nothing on it.
func emptySamples() []sample {
	bare := &registrar.CapstoneView{ID: "C", State: issuer.Draft, MayEdit: true, ChangedAt: noon, Brief: registrar.BriefView{TeamMin: 1, TeamMax: 1, Approvals: 1}}
	return []sample{
		{"home-empty", "page/home", homePage(&registrar.HomeView{})},
		{"home-learner-empty", "page/home", homePage(&registrar.HomeView{Roles: []registrar.RoleView{{Role: issuer.Learner}, {Role: issuer.Mentor, Tier: issuer.Community}}})},
		{"requests-empty", "page/requests", RequestsPage{RequestsView: &registrar.RequestsView{}}},
		{"appeal-empty", "page/appeal", AppealPage{AppealsView: &registrar.AppealsView{}}},
		{"name-empty", "page/name", NamePage{}},
		{"myportfolio-empty", "page/myportfolio", MyPortfolioPage{Portfolio: &registrar.PortfolioView{}}},
		{"badge-portfolio-empty", "page/portfolio", public.PortfolioPage{PublicPortfolio: &registrar.PublicPortfolio{Handle: "ada"}}},
		{"badges-empty", "page/badges", BadgesPage{Mine: true}},
		{"mybadge-empty", "page/mybadge", myBadgePage(issuer.Caller{}, &registrar.BadgeView{State: issuer.Issued, AwardedOn: "2026-11-21"})},
		{"capstone-new-empty", "page/capstone-new", NewCapstonePage{}},
		{"capstone-empty", "page/capstone", capstonePage(issuer.Caller{}, bare)},
		{"queue-empty", "page/queue", QueuePage{&registrar.QueueView{}}},
		{"desk-empty", "page/desk", DeskPage{Desk: &registrar.MentorDesk{}}},
		{"takeback-empty", "page/takeback", TakeBackPage{Result: &registrar.TakeBackResult{}}},
		{"review-empty", "page/review", reviewPage(&registrar.CapstoneView{State: issuer.Submitted})},
		{"programs-empty", "page/programs", ProgramsPage{}},
		{"editprogram-empty", "page/editprogram", EditProgramPage{Program: registrar.FileProgram{Code: "new", Name: "New"}, Parts: []EditList{{Key: "skills"}, {Key: "levels"}, {Key: "modules"}, {Key: "capstones"}, {Key: "achievements"}, {Key: "cohorts"}}}},
		{"cohort-empty", "page/cohort", CohortPage{Cohort: &registrar.CohortDetail{CohortView: registrar.CohortView{Code: "c", Name: "C", StartsOn: "2026-09-07", EndsOn: "2026-12-04"}, Manages: true}}},
		{"join-already", "page/join", JoinPage{Offer: &registrar.JoinView{Joined: true, StartsOn: "2026-09-07", EndsOn: "2026-12-04"}, Signed: true}},
		{"programversions-empty", "page/programversions", ProgramVersionsPage{Program: registrar.FileProgram{Code: "new", Name: "New"}}},
		{"programversion-first", "page/programversion", ProgramVersionPage{Program: registrar.FileProgram{Code: "new", Name: "New"}, Version: &registrar.ProgramVersionView{Number: 1, At: noon, Newest: true}}},
		{"programpreview-empty", "page/programpreview", ProgramPreviewPage{Action: "/programs/new/edit"}},
		{"program-empty", "page/program", ProgramPage{&registrar.ProgramView{Manages: true}}},
		{"gallery-empty", "page/gallery", public.GalleryPage{GalleryView: &registrar.GalleryView{}}},
		{"story-empty", "page/story", public.StoryPage{GalleryStory: &registrar.GalleryStory{}}},
		{"tell-empty", "page/tell", TellPage{StoryView: &registrar.StoryView{Mine: &registrar.StoryMember{}}}},
		{"stories-empty", "page/stories", StoriesPage{StoryDeskView: &registrar.StoryDeskView{}}},
		{"feedback-empty", "page/feedback", FeedbackPage{FeedbackView: &registrar.FeedbackView{}}},
		{"note-over", "page/note", NotePage{NoteView: &registrar.NoteView{}}},
		{"opinion-empty", "page/opinion", OpinionPage{OpinionView: &registrar.OpinionView{}}},
		{"opinions-empty", "page/opinions", OpinionsPage{&registrar.OpinionsView{}}},
		{"rounds-empty", "page/rounds", RoundsPage{RoundsView: &registrar.RoundsView{}}},
		{"round-empty", "page/round", RoundPage{RoundView: &registrar.RoundView{}}},
		{"concern-new-empty", "page/concern-new", NewConcernPage{Kinds: issuer.ConcernKinds}},
		{"concern-sent-nobody", "page/concern-sent", ConcernSentPage{&registrar.ConcernReceipt{GoesTo: issuer.DeskAdmins, Nobody: true}, ""}},
		{"concerns-empty", "page/concerns", ConcernsPage{&registrar.ConcernsView{Handles: true, Closed: true}}},
		{"concern-closed", "page/concern", ConcernPage{Concern: &registrar.ConcernView{ConcernLine: registrar.ConcernLine{Kind: issuer.AboutOther, State: issuer.ConcernClosed}, Handles: true}}},
		{"people-empty", "page/people", PeoplePage{People: &registrar.PeopleView{}}},
		{"reports-none", "page/reports", ReportsPage{}},
		{"reports-empty", "page/reports", ReportsPage{Report: &registrar.ReportView{}}},
		{"badge-empty", "page/badge", public.BadgePage{Badge: public.Badge{State: issuer.Issued}, Result: verifyweb.Result{Verdict: "undetermined"}}},
		{"verify-empty", "page/verify", verifyweb.VerifyPage{}},
		{"error-empty", "page/error", web.ErrorPage{Status: 404}},
		{"mailbox-empty", "page/mailbox", MailboxPage{}},
	}
}

func framed(s sample, name string) templates.View {
	f := templates.Frame{Now: noon, Issuer: "Example Makers Academy", Mailbox: true}
	switch {
	case s.file == "kept":
		f.Kept, f.Mailbox = noon, false
	case strings.HasPrefix(s.file, "badge") && s.file != "badges" && s.file != "badges-empty", strings.HasPrefix(s.file, "verify"), strings.HasPrefix(s.file, "sign"), s.file == "achievement", s.file == "issuer", s.file == "front", s.file == "setup":
	default:
		f.Signed, f.Name, f.Here, f.Notice = true, name, "home", "saved"
		f.Learner, f.Mentor = true, strings.Contains(s.file, "mentor") || strings.HasPrefix(s.file, "queue") || strings.HasPrefix(s.file, "review") || strings.HasPrefix(s.file, "desk") || strings.HasPrefix(s.file, "takeback")
		f.Owner = f.Mentor || strings.Contains(s.file, "admin") || s.file == "people" || strings.HasPrefix(s.file, "program")
		f.Sponsor = s.file == "reports"
	}
	return templates.View{Frame: f, Data: s.data}
}

func sampleShare(l tongue, b *registrar.BadgeView) *SharePart {
	links := []registrar.ShareLinkView{{ID: "LINK1", Label: l.title, Opened: 2, ExpiresAt: noon.AddDate(0, 0, 20), CreatedAt: noon, Open: true},
		{ID: "LINK2", Label: "HR of Nordwerk", Opened: 1, ExpiresAt: noon.AddDate(0, 0, -2), CreatedAt: noon}, {ID: "LINK3", ExpiresAt: noon, EndedAt: &noon}}
	return &SharePart{Sharing: &registrar.Sharing{Links: links, Seen: 1204, Lately: 31}, LinkedIn: linkedIn(b, l.name), Embed: web.EmbedCode("https://badges.example.org", b.ID, l.title, web.EmbedWidth),
		Days: shareDays, Made: "https://badges.example.org/s/ABCDEFGHIJKLMNOPQRSTUVWXYZ", Label: l.text}
}

func samplePortfolio(l tongue) MyPortfolioPage {
	v := &registrar.PortfolioView{PortfolioInput: registrar.PortfolioInput{Handle: "ada-okonkwo", Headline: l.title, Named: true, Links: []string{l.url, "https://ada.example/"}, Shown: true},
		URL: "https://badges.example.org/p/ada-okonkwo", Name: l.name, Listed: 3, Unlisted: 1, Choices: []registrar.PortfolioChoice{{CapstoneLine: sampleHome(l).Capstones[0], Chosen: true}}}
	return MyPortfolioPage{v, "https://badges.example.org/p/", l.text, "handle"}
}

func samplePublicPortfolio(l tongue) public.PortfolioPage {
	v := &registrar.PublicPortfolio{URL: "https://badges.example.org/p/ada-okonkwo", Handle: "ada-okonkwo", Name: l.name, Headline: l.title, Links: []string{l.url, "https://ada.example/"}, Badges: sampleHome(l).Badges[:3],
		Capstones: []registrar.PortfolioCapstone{{Title: l.title, Brief: registrar.Named{Name: "A solution my team uses"}, Program: program, Part: l.text, Team: 3, Impact: issuer.Impact{Measure: "hours saved per month", Before: "46", After: "11"}}},
		Issuer:    registrar.IssuerRef{Name: "Example Makers Academy"}}
	return public.PortfolioPage{PublicPortfolio: v, Host: "badges.example.org", Card: v.URL + "/card.png", Data: `{"name":"</script><script>alert(1)</script>"}`}
}

func sampleAppeals(l tongue) []registrar.AppealView {
	one := registrar.AppealView{ID: "APPEAL", Capstone: "C", Title: l.title, Cohort: cohort, Submission: 1, By: registrar.PersonName{Name: l.name}, Words: l.text, State: issuer.RequestOpen, CreatedAt: noon.Add(-time.Hour), Return: l.text}
	answered := one
	answered.ID, answered.Submission, answered.State, answered.Answer, answered.AnsweredBy, answered.AnsweredAt = "APPEAL2", 2, issuer.AppealStands, l.text, registrar.PersonName{Name: l.name}, &noon
	return []registrar.AppealView{one, answered}
}

func sampleRequests(l tongue) *registrar.RequestsView {
	return &registrar.RequestsView{Questions: []registrar.QuestionView{{ID: "QUESTION", Badge: registrar.Named{ID: "BADGE", Name: l.title}, Holder: registrar.PersonName{ID: "ADA", Name: l.name}, Program: registrar.Named{Name: l.title}, Name: l.name, Address: "kim@firm.example", Words: l.text, AskedAt: noon}}, Appeals: sampleAppeals(l)[:1], Names: []registrar.NameRequestView{{ID: "REQUEST", Person: registrar.PersonName{ID: "ADA", Name: l.name}, Name: l.title, Note: l.text, State: issuer.RequestOpen, CreatedAt: noon}}}
}

func sampleAskable(l tongue) *registrar.AskableView {
	return &registrar.AskableView{ID: "BADGE", Badge: l.title, Issuer: l.name}
}

func sampleAsked(l tongue, state issuer.QuestionState) AskedPage {
	v := &registrar.AskedView{State: state, Badge: l.title, Link: "https://badges.example.org/v/BADGE", Issuer: l.name, Name: l.name, Words: l.text, AskedAt: noon, ChangedAt: noon, EndsAt: noon}
	if state == issuer.QuestionAnswered {
		v.Answer = l.text
	}
	return AskedPage{AskedView: v, Token: l.title, Problem: l.title}
}

func sampleErasure(l tongue) *registrar.Erasure {
	return &registrar.Erasure{Person: samplePeople(l).People.Items[0], Badges: 4, Live: 3, Completions: 6, Alone: 1, Shared: 2, Reviews: 1}
}
