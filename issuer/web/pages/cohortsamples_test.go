package pages

import (
	"net/url"
	"slices"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
)

// cohortSamples are the pages of a cohort's life.
func cohortSamples(l tongue) []sample {
	return []sample{
		{"completions", "page/completions", CompletionsPage{Record: sampleRecord(l), Next: url.Values{"before": {"x"}}, Deliveries: issuer.Deliveries,
			Form: url.Values{"person": {"BO"}, "module": {"F1"}, "day": {"2026-10-14"}, "score": {l.title}, "note": {l.text}}, Problem: l.text, Field: "score.value"}},
		{"completions-file", "page/completionsfile", sampleTable(l)},
		{"completion", "page/completion", sampleFix(l, false)},
		{"completion-withdraw", "page/completion", sampleFix(l, true)},
		{"cohort-learner", "page/cohort", CohortPage{Cohort: &registrar.CohortDetail{CohortView: sampleProgram(l).Cohorts[0], Learns: true}}},
		{"cohort-archived", "page/cohort", archivedCohort(l)},
		{"touchpoints", "page/touchpoints", TouchpointsPage{Dates: sampleDates(l), Kinds: issuer.TouchpointKinds, Form: url.Values{"title": {l.text}, "at": {l.title}, "host": {"MAX"}}, Problem: l.text, Field: "at"}},
		{"touchpoints-learner", "page/touchpoints", TouchpointsPage{Dates: learnerDates(l)}},
		{"touchpoint", "page/touchpoint", TouchpointPage{Date: sampleAttendance(l), States: append(slices.Clone(issuer.Presences), registrar.Unnoted), Next: url.Values{"after": {"BO"}}, Kinds: issuer.TouchpointKinds, Presences: issuer.Presences,
			Form: url.Values{"notes": {l.text}, "came.ADA": {"present"}, "title": {l.title}}, Problem: l.text, Field: "notes"}},
		{"ratings-learner", "page/ratings", RatingsPage{Ratings: &registrar.RatingsView{Cohort: cohort, Program: program, Ask: sampleAsk(l)}, Scale: ratingScale, Form: url.Values{"skill.A": {"3"}}, Problem: l.text}},
		{"ratings", "page/ratings", RatingsPage{Ratings: sampleRatings(l), Scale: ratingScale}},
	}
}

func sampleRecord(l tongue) *registrar.CohortRecord {
	done := func(id, name, score string, passed bool) registrar.CompletionView {
		return registrar.CompletionView{ID: issuer.CompletionID(id), Person: registrar.PersonName{ID: "ADA", Name: name}, Module: registrar.Named{Code: "F1", Name: l.title}, Cohort: cohort,
			CompletedOn: "2026-10-14", Score: score, Passed: passed, Source: "import", RecordedAt: noon, Note: l.text}
	}
	strong, wrong := done("B", "Bo Lindqvist", "92", true), done("C", "Cyrille Moreau", "29", false)
	strong.Delivery, strong.Source = "strong", "hand"
	wrong.WithdrawnAt, wrong.WithdrawnReason, wrong.ReplacedBy = &noon, l.text, "B"
	pass := 80
	return &registrar.CohortRecord{Cohort: cohort, Program: program,
		Modules:  []registrar.ModuleView{{Code: "F1", Name: l.title, Pass: &pass}, {Code: "F2", Name: "Reading data"}},
		Learners: []registrar.PersonName{{ID: "ADA", Name: l.name}, {ID: "BO", Name: "Bo Lindqvist"}},
		List:     registrar.List[registrar.CompletionView]{Items: []registrar.CompletionView{done("A", l.name, "79.5", false), strong, wrong}}}
}

func sampleTable(l tongue) CompletionsFilePage {
	return CompletionsFilePage{Record: sampleRecord(l), Kind: intake.Moodle, Fields: columnFields, Module: "F1", Day: "2026-10-14", Scale: intake.Points, Order: intake.DayFirst, File: "eA==",
		Columns: []FileColumn{{"Email address", "ada@example.org", "email"}, {l.name, l.text, ""}, {"Quiz: F1 (Percentage)", "92 %", "module:F1"}}, Problem: l.text, Field: "date", Warnings: []string{l.text},
		Result: &registrar.ImportResult{Rows: 230, Added: 212, Unchanged: 12, Credentials: 187, Refused: []registrar.RowProblem{{Row: 7, Field: "email", Reason: l.text}},
			Warnings: []registrar.RowProblem{{Row: 9, Field: "date", Reason: l.text}, {Reason: l.text}}}}
}

func sampleFix(l tongue, withdraw bool) CompletionPage {
	of := sampleRecord(l).Items[1]
	of.Note, of.WithdrawnReason = l.text, l.text
	badges := sampleHome(l).Badges[:1]
	return CompletionPage{Record: sampleRecord(l), Completion: &registrar.CompletionDetail{CompletionView: of, MayFix: true, Badges: badges}, Deliveries: issuer.Deliveries,
		Form:  url.Values{"person": {"BO"}, "module": {"F1"}, "day": {"2026-10-14"}, "score": {"92"}, "delivery": {"strong"}, "note": {l.text}, "reason": {l.text}},
		Would: &registrar.CompletionFix{Revoked: badges, Replaced: badges, Kept: badges, Issued: badges}, Withdraw: withdraw, Sent: []SentField{{"reason", l.text}}, Problem: l.title, Field: "reason"}
}

func archivedCohort(l tongue) CohortPage {
	page := sampleCohort(l)
	page.Cohort.ClosedAt, page.Cohort.ArchivedAt, page.Upload, page.Link, page.Problem = &noon, &noon, nil, "", ""
	return page
}

func sampleDates(l tongue) *registrar.TouchpointsView {
	max, bo := registrar.PersonName{ID: "MAX", Name: "Maximilian Brandt"}, registrar.PersonName{ID: "BO", Name: "Bo Lindqvist"}
	date := func(id string, kind issuer.TouchpointKind, title string) registrar.TouchpointView {
		return registrar.TouchpointView{ID: issuer.TouchpointID(id), Cohort: cohort, Kind: kind, Title: title, Day: "2026-11-26", Clock: "09:30", TimeZone: "Europe/Berlin", Host: max}
	}
	past, cancelled := date("P", "code-review", l.title), date("C", "demo", "")
	past.Past, past.Notes, past.Own, past.Came, past.Noted = true, l.text, "present", 1, 2
	past.Attendance = []registrar.AttendanceLine{{PersonName: registrar.PersonName{ID: "ADA", Name: l.name}, State: "present"}, {PersonName: bo, State: "absent"}}
	cancelled.Cancelled = true
	return &registrar.TouchpointsView{Cohort: cohort, Program: program, Zone: "Europe/Berlin", Guides: true, Hosts: []registrar.PersonName{max},
		Coming: []registrar.TouchpointView{date("A", "check-in", l.text), cancelled}, Past: []registrar.TouchpointView{past}}
}

// sampleAttendance is a date of many learners, of whom two are shown.
func sampleAttendance(l tongue) *registrar.AttendanceView {
	d := sampleDates(l)
	v := &registrar.AttendanceView{TouchpointView: d.Past[0], Hosts: d.Hosts, All: 1000, Found: 1000, Next: "BO", Sums: map[issuer.Presence]int{"present": 1, "absent": 1, registrar.Unnoted: 998}}
	v.Attendance[0].Address = "ada@example.org"
	return v
}

func learnerDates(l tongue) *registrar.TouchpointsView {
	v := sampleDates(l)
	v.Guides, v.Coming = false, nil
	return v
}

func sampleAsk(l tongue) *registrar.RatingAsk {
	return &registrar.RatingAsk{Cohort: registrar.Named{Code: "2026-autumn", Name: l.title}, Moment: issuer.AtEnd, Skills: []registrar.AskedSkill{{Named: registrar.Named{ID: "A", Code: "data", Name: l.title}, Question: l.text}, {Named: registrar.Named{ID: "B", Code: "care", Name: "Care"}}}, Given: map[string]int{"A " + l.text: 2}}
}

func sampleRatings(l tongue) *registrar.RatingsView {
	skills := sampleAsk(l).Skills
	return &registrar.RatingsView{Cohort: cohort, Program: program, Skills: skills, Guides: true, Manages: true,
		Sums:   []registrar.SkillSum{{Skill: skills[0], Start: "2.4", End: "3.9"}, {Skill: skills[1]}},
		People: []registrar.PersonRatings{{PersonName: registrar.PersonName{ID: "ADA", Name: l.name}, Start: map[string]int{skills[0].Key(): 2}, End: map[string]int{skills[0].Key(): 4, skills[1].Key(): 3}}}}
}
