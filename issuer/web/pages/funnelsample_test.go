package pages

import (
	"fmt"
	"net/http"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// funnelSamples are the pages of the owner's desk: as they are at first, usually
// and with many numbers.
func funnelSamples(l tongue) []sample {
	empty := &registrar.FunnelView{Program: program, Cohort: cohort, At: noon, Manages: true, Steps: []registrar.FunnelStep{{StepSum: issuer.StepSum{Kind: issuer.StepEnrolled}}}}
	person := registrar.PersonName{ID: "ADA", Name: l.name}
	since := noon.Add(-100 * time.Hour)
	item := registrar.StuckItem{ID: "CAPSTONE000000000000000000", Name: l.title, Cohort: cohort, N: 3, Since: &since}
	stuck := &registrar.StuckView{}
	for _, kind := range []registrar.StuckKind{registrar.StuckIssuing, registrar.StuckLists, registrar.StuckMentorless, registrar.StuckWaiting, registrar.StuckRequests, registrar.StuckUnearned,
		registrar.StuckJobs, registrar.StuckMails, registrar.StuckBounces, registrar.StuckUnseen, registrar.StuckConfirmings} {
		part := registrar.StuckPart{Kind: kind, N: 1234}
		switch kind {
		case registrar.StuckMentorless, registrar.StuckWaiting, registrar.StuckUnearned, registrar.StuckJobs, registrar.StuckUnseen, registrar.StuckConfirmings:
			part.First = []registrar.StuckItem{item, item}
		}
		stuck.Parts, stuck.All = append(stuck.Parts, part), stuck.All+part.N
	}
	unearned := &registrar.UnearnedView{Program: program, Cohort: cohort, People: []registrar.Unearned{{Person: person, Achievement: registrar.Named{ID: "A", Code: "F1", Name: l.title}}}}
	unseen := &registrar.UnseenView{Program: program, Cohort: cohort, All: 130, People: []registrar.RosterLine{{PersonName: person, Email: "ada@example.org", Department: l.title}, {PersonName: person}}}
	return []sample{
		{"funnel-empty", "page/funnel", funnelPage(empty)},
		{"funnel", "page/funnel", funnelPage(sampleFunnel(l, 1))},
		{"funnel-program", "page/funnel", funnelPage(sampleFunnel(l, 300))},
		{"stuck-none", "page/stuck", &registrar.StuckView{}},
		{"stuck", "page/stuck", stuck},
		{"unearned", "page/unearned", UnearnedPage{Unearned: unearned, Reason: l.text, Problem: l.text, Field: "reason"}},
		{"unearned-none", "page/unearned", UnearnedPage{Unearned: &registrar.UnearnedView{Program: program, Cohort: cohort}}},
		{"unseen", "page/unseen", UnseenPage{Unseen: unseen, Problem: http.StatusText(http.StatusConflict)}},
		{"unseen-none", "page/unseen", UnseenPage{Unseen: &registrar.UnseenView{Program: program, Cohort: cohort}}},
	}
}

// sampleFunnel is a cohort, or a program of many.
func sampleFunnel(l tongue, times int) *registrar.FunnelView {
	v := &registrar.FunnelView{Program: program, At: noon.Add(-4 * time.Minute), Manages: true}
	step := func(kind issuer.StepKind, people, of, went int) registrar.FunnelStep {
		return registrar.FunnelStep{StepSum: issuer.StepSum{Kind: kind, People: people * times, Of: of * times, Went: went * times}, Wait: 75 * time.Hour, Waited: of > 0}
	}
	module := func(i, people, of, went int) registrar.FunnelStep {
		s := step(issuer.StepModule, people, of, went)
		s.Module, s.Name = issuer.ModuleID(fmt.Sprint("M", i)), registrar.Named{ID: fmt.Sprint("M", i), Code: fmt.Sprint("M", i), Name: l.title}
		return s
	}
	v.Steps = []registrar.FunnelStep{step(issuer.StepEnrolled, 41, 0, 0), module(1, 38, 41, 38), module(2, 34, 38, 33), module(3, 21, 34, 20),
		step(issuer.StepSubmitted, 18, 21, 17), step(issuer.StepReturned, 7, 18, 7), step(issuer.StepApproved, 14, 18, 14), step(issuer.StepIssued, 14, 14, 14), step(issuer.StepShared, 9, 14, 9),
		{StepSum: issuer.StepSum{Kind: issuer.StepVerified, Hidden: true}}}
	for week, people := range []int{4, 22, 31, 28, 12, 0, 17, 25, 9} {
		v.Weeks = append(v.Weeks, issuer.WeekSum{Monday: issuer.DayOf(time.Date(2026, 9, 7+7*week, 0, 0, 0, 0, time.UTC), time.UTC), People: people * times})
	}
	v.Departments = issuer.Mix{Groups: []issuer.Group{{Name: l.title, People: 18 * times}, {Name: "Care", People: 9 * times}}, Rest: 14 * times}
	v.Experience = issuer.Mix{Groups: []issuer.Group{{Name: "beginner", People: 41 * times}}}
	v.Returns = []registrar.ReturnedFor{{Code: "evidence", Name: l.text, Times: 5 * times}, {Times: 2 * times}, {Code: "gone", Name: "gone", Times: times}}
	if times > 1 {
		for i := range 12 {
			c := registrar.Named{ID: fmt.Sprint("C", i), Code: fmt.Sprint("c-", i), Name: l.title}
			v.Cohorts = append(v.Cohorts, registrar.CohortFunnel{Cohort: c, Enrolled: 41, Issued: 14})
		}
		return v
	}
	v.Cohort = cohort
	v.Mentors = []registrar.MentorWork{{PersonName: registrar.PersonName{ID: "MAX", Name: l.name}, Tier: issuer.Lead, Open: 3, Answered: 21, Median: 30 * time.Hour}, {PersonName: registrar.PersonName{ID: "MIA", Name: "Mia"}, Tier: issuer.Community}}
	return v
}
