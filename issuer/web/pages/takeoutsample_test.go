package pages

import (
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// sampleTakeout is someone's record with one of everything.
func sampleTakeout(l tongue) *registrar.PersonExport {
	review := registrar.ExportReview{Program: "citizen-dev", Brief: "C1", Submission: 1, Mentor: l.name, Decision: issuer.Return, Note: l.text, At: noon}
	links := []registrar.ExportLink{{Kind: "link", Name: l.title, URL: l.url}}
	return &registrar.PersonExport{
		MadeAt: noon, Issuer: l.name,
		Profile: registrar.ExportProfile{Name: l.name, Department: l.title, Experience: l.title, TimeZone: "Europe/Berlin", CreatedAt: noon.Add(-1000 * time.Hour),
			Emails: []registrar.ExportEmail{{Address: "ada@example.org", Main: true}}},
		Consents:    []registrar.ExportConsent{{Kind: "name", Answer: issuer.ConsentGiven, At: noon}},
		Roles:       []registrar.ExportRole{{Role: issuer.Mentor, Tier: issuer.Lead, Cohort: "2026-autumn", Since: noon}, {Role: issuer.Admin, Since: noon}},
		Enrollments: []registrar.ExportRole{{Role: issuer.Learner, Cohort: "2026-autumn", Since: noon}},
		Completions: []registrar.ExportCompletion{{Module: "F1", ModuleName: l.title, CompletedOn: "2026-10-14", Score: "79", Passed: false}},
		Capstones: []registrar.ExportCapstone{{BriefName: l.title, State: issuer.Returned, Title: l.title, Summary: l.text, TeamSize: 3, Part: l.title,
			Submissions: []registrar.ExportSubmission{{Number: 1, Title: l.title, Summary: l.text, SubmittedAt: noon, Evidence: links, Feedback: []registrar.ExportReview{review}}}}},
		ReviewsGiven: []registrar.ExportReview{review},
		Badges: []registrar.ExportBadge{{ID: "A", URL: "https://badges.example.org/v/A", Name: l.title, Program: "citizen-dev", State: issuer.Issued, AwardedOn: "2026-10-14",
			Files: []registrar.ExportFile{{Form: "JSON", Name: "badges/F1-A.json"}, {Form: "PDF", Name: "badges/F1-A.pdf"}}}},
		Portfolio:    &registrar.ExportPortfolio{URL: "https://badges.example.org/p/ada", Headline: l.title},
		ShareLinks:   []registrar.ExportShareLink{{Label: l.title, ExpiresAt: noon}},
		NameRequests: []registrar.ExportRequest{{Name: l.name, State: issuer.RequestRefused, Answer: l.text}},
		Appeals:      []registrar.ExportRequest{{Words: l.text, State: issuer.RequestOpen}},
		Mails:        []registrar.ExportMail{{To: "ada@example.org", About: "badge-issued", State: "sent", QueuedAt: noon}},
		Sessions:     []registrar.ExportSession{{Since: noon, Until: noon.Add(time.Hour)}},
		Transcripts:  []registrar.Transcript{{Badges: 3, File: "transcript.jwt"}},
	}
}
