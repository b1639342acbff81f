package auditor_test

import (
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
)

// around gives a service what happens around badges: someone with several
// addresses and an account elsewhere, who was known twice and became one, with the
// same badge; a meeting and who came; feedback that was asked for, and a concern.
func around(t testing.TB, s *issuertest.Service) {
	t.Helper()
	ctx, operator := t.Context(), issuer.Caller{System: "test"}
	sure := func(kind string) issuer.Caller {
		by := s.Caller(t, kind)
		by.SteppedUp = s.Clock.Now()
		return by
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	twin, err := s.Registrar.AddPerson(ctx, operator, registrar.NewPerson{Email: "mia.mate@elsewhere.example", Name: "Mia Mate"})
	must(t, twin, err)
	_, err = s.Registrar.Enroll(ctx, operator, registrar.PersonRef{ID: twin.ID}, "craft-1")
	do(err)
	for _, p := range []issuer.PersonID{s.People["plain"], twin.ID} {
		_, err := s.Registrar.AwardAchievement(ctx, operator, registrar.NewAward{Achievement: "table", Person: registrar.PersonRef{ID: p}, Reason: "For the table."})
		do(err)
		do(s.Jobs.Sequence(ctx))
		s.Clock.Advance(time.Minute)
	}
	do(s.Registrar.MergePeople(ctx, operator, s.People["plain"], twin.ID, false))
	do(s.Registrar.ClaimAddress(ctx, sure("plain"), "third@elsewhere.example", "claim", "https://badges.example/x"))
	do(s.Registrar.ConfirmAddress(ctx, s.Caller(t, "plain"), "claim"))
	do(s.Registrar.BindIdentity(ctx, sure("plain"), registrar.Shown{Provider: "https://accounts.example", Subject: "7", Label: "Work"}))
	at := s.Clock.Now().AddDate(0, 0, 7).Format("2006-01-02T15:04")
	met, err := s.Registrar.AddTouchpoint(ctx, s.Caller(t, "owner"), "craft-1", registrar.NewTouchpoint{Kind: "check-in", Title: "Check-in", At: at, Host: s.People["lead"]})
	do(err)
	do(s.Registrar.NoteTouchpoint(ctx, s.Caller(t, "lead"), met, registrar.TouchpointNotes{Notes: "Went well.",
		Attendance: map[issuer.PersonID]issuer.Presence{s.People["learner"]: "present"}}))
	day := func(n int) string { return s.Clock.Now().AddDate(0, 0, n).Format(time.DateOnly) }
	_, err = s.Registrar.OpenRound(ctx, s.Caller(t, "owner"), "craft-1", registrar.NewRound{Title: "Half time", Questions: []string{"What helped?"},
		OpensOn: day(0), ClosesOn: day(7), Pairing: issuer.PairDrawn, PerPerson: 1, Seed: "x"})
	do(err)
	mine, err := s.Registrar.MyFeedback(ctx, s.Caller(t, "learner"))
	must(t, mine, err)
	_, err = s.Registrar.GiveFeedback(ctx, s.Caller(t, "learner"), mine.ToGive[0].ID, []string{"Much."})
	do(err)
	_, err = s.Registrar.ReportConcern(ctx, s.Caller(t, "learner"), registrar.NewConcern{Kind: issuer.AboutOther, Program: "craft", Words: "The room is cold."})
	do(err)
}
