package web_test

import (
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
)

// voices are the things that people said: learner and mate are a team, and give
// each other feedback.
type voices struct {
	round      issuer.RoundID
	note, got  issuer.NoteID
	completion issuer.CompletionID
	concern    issuer.ConcernID
}

func prepareVoices(t testing.TB, s *issuertest.Service) (v voices) {
	t.Helper()
	ctx, day := t.Context(), func(days int) string { return s.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	round, err := s.Registrar.OpenRound(ctx, s.Caller(t, "owner"), "craft-1", registrar.NewRound{Title: "x", Questions: []string{"x"}, OpensOn: day(-1), ClosesOn: day(7), Pairing: issuer.PairTeams, AtOnce: true})
	if err != nil {
		t.Fatal(err)
	}
	v.round = round.ID
	learner, err := s.Registrar.MyFeedback(ctx, s.Caller(t, "learner"))
	if err != nil {
		t.Fatal(err)
	}
	mate, err := s.Registrar.MyFeedback(ctx, s.Caller(t, "mate"))
	if err != nil {
		t.Fatal(err)
	}
	v.note, v.got, v.completion = learner.ToGive[0].ID, mate.ToGive[0].ID, learner.Modules[0].Completion
	if _, err := s.Registrar.GiveFeedback(ctx, s.Caller(t, "mate"), v.got, []string{"x"}); err != nil {
		t.Fatal(err)
	}
	receipt, err := s.Registrar.ReportConcern(ctx, s.Caller(t, "learner"), registrar.NewConcern{Kind: issuer.AboutConduct, Program: "craft", Words: "x"})
	if err != nil {
		t.Fatal(err)
	}
	v.concern = receipt.ID
	return v
}
