package auditor_test

import (
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/auditor"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

func auditorOf(s *issuertest.Service) *auditor.Auditor {
	return &auditor.Auditor{Store: s.Store, Ring: s.Ring, BaseURL: s.URL}
}

func check(t testing.TB, a *auditor.Auditor) *auditor.Result {
	t.Helper()
	r, err := a.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func must[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// lived gives a service where everything that leaves a trace in the records has
// happened to some badge: issued, stacked, named and replaced, paused, paused
// and reinstated, revoked, revoked with
// one that it rests on, revoked while it was paused, shown, hidden, expired, and
// signed by mentors: those of badges that came and of one that waits.
func lived(t testing.TB, s *issuertest.Service) {
	t.Helper()
	ctx, operator := t.Context(), issuer.Caller{System: "test"}
	sequence := func() {
		if err := s.Jobs.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		s.Clock.Advance(70 * time.Second)
	}
	earned := func(kind, module string) []registrar.BadgeView {
		in := registrar.NewCompletion{Person: registrar.PersonRef{ID: s.People[kind]}, Module: module}
		if module == "M2" {
			in.Score, in.Unit = "90", "percent"
		}
		r, err := s.Registrar.RecordCompletion(ctx, operator, in)
		return must(t, r, err).Credentials
	}
	complete := func(kind, module string) issuer.CredentialID { return earned(kind, module)[0].ID }
	change := func(act func() error) {
		if err := act(); err != nil {
			t.Fatal(err)
		}
		s.Clock.Advance(time.Second)
	}
	suspend := func(id issuer.CredentialID) func() error {
		return func() error {
			_, err := s.Registrar.SuspendCredential(ctx, operator, id, registrar.StatusChange{Code: "other", Reason: "We look into it."})
			return err
		}
	}
	reinstate := func(id issuer.CredentialID) func() error {
		return func() error {
			_, err := s.Registrar.ReinstateCredential(ctx, operator, id, registrar.StatusChange{})
			return err
		}
	}
	revoke := func(id issuer.CredentialID) func() error {
		return func() error {
			_, err := s.Registrar.RevokeCredential(ctx, operator, id, registrar.StatusChange{Code: "misconduct", Reason: "A reason.", Note: "a note"})
			return err
		}
	}
	show := func(kind string, id issuer.CredentialID, v issuer.Visibility) func() error {
		return func() error {
			_, err := s.Registrar.SetVisibility(ctx, s.Caller(t, kind), id, v)
			return err
		}
	}
	around(t, s)
	saws := complete("learner", "M1")
	complete("learner", "M2")
	sequence()
	change(func() error { return s.Registrar.AnswerConsent(ctx, s.Caller(t, "learner"), true) })
	change(suspend(saws)) // by the address of the one that was replaced
	change(reinstate(saws))
	change(suspend(saws))
	sequence()
	other := complete("other", "M1")
	change(show("other", other, issuer.Public))
	change(revoke(other))
	mate := complete("mate", "M1")
	both := earned("mate", "M2")
	change(func() error {
		_, err := s.Registrar.RevokeCredential(ctx, operator, both[0].ID, registrar.StatusChange{Code: "misconduct", Also: []issuer.CredentialID{both[1].ID}})
		return err
	})
	change(suspend(mate))
	change(revoke(mate))
	change(show("mate", mate, issuer.Hidden))
	change(func() error {
		_, err := s.Registrar.AwardAchievement(ctx, operator, registrar.NewAward{Achievement: "honour", Person: registrar.PersonRef{ID: s.People["other"]}, Reason: "For the chair."})
		return err
	})
	held, err := s.Registrar.AwardAchievement(ctx, operator, registrar.NewAward{Achievement: "honour", Person: registrar.PersonRef{ID: s.People["learner"]}, Reason: "For the table."})
	honour := must(t, held, err).Badge.ID
	sequence()
	signs(t, s, "K1", "mate", "lead")
	signs(t, s, "K1", "learner", "lead")
	stolen := read(t, s, (*store.Tx).MentorKeys)[0]
	_, err = s.Registrar.CompromiseMentorKey(ctx, operator, stolen.Public, s.Clock.Now())
	must(t, true, err)
	s.Clock.Advance(time.Second)
	signs(t, s, "K2", "mate", "community") // waits for the second
	s.Clock.Advance(330 * 24 * time.Hour)
	change(func() error {
		_, err := s.Registrar.RenewCredential(ctx, operator, honour, "Still makes them.")
		return err
	})
	change(func() error {
		_, err := s.Registrar.ReissueCredential(ctx, operator, honour, "The copy of the first term was spoilt.")
		return err
	})
	sequence()
	s.Clock.Advance(70 * 24 * time.Hour)
	if err := s.Jobs.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	s.Publish(t)
	sequence()
}

// TestSound: in records that nobody touched nothing is found, however much has
// happened.
func TestSound(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		if r := check(t, auditorOf(s)); len(r.Findings) != 0 || r.Waiting == 0 {
			t.Errorf("before anything was signed: %+v", r)
		}
		if err := s.Jobs.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		before, err := s.Published.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		lived(t, s)
		a := auditorOf(s)
		a.Known = before
		r := check(t, a)
		for _, f := range r.Findings {
			t.Errorf("%+v", f)
		}
		if r.Credentials < 8 || r.Awards < 6 || r.Leaves < 16 || r.Entries < 30 || r.Checkpoints < 4 || r.Waiting != 0 {
			t.Errorf("%+v", r)
		}
	})
}

// TestCorrectedIntoAnotherYear: the badge that a corrected completion replaced has the
// picture of the year that it names, and the one that replaced it that of its own.
func TestCorrectedIntoAnotherYear(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	ctx, operator := t.Context(), issuer.Caller{System: "test"}
	r, err := s.Registrar.RecordCompletion(ctx, operator, registrar.NewCompletion{Person: registrar.PersonRef{ID: s.People["learner"]}, Module: "M1", CompletedAt: "2026-01-02"})
	first := must(t, r, err).Completion
	must(t, true, s.Jobs.Sequence(ctx))
	s.Clock.Advance(time.Minute)
	_, err = s.Registrar.CorrectCompletion(ctx, operator, first.ID, registrar.NewCompletion{CompletedAt: "2025-12-31"}, "Two days late.", false)
	must(t, true, err)
	must(t, true, s.Jobs.Sequence(ctx))
	if all := read(t, s, (*store.Tx).Pictures); len(all) != 2 || all[0].Year == all[1].Year {
		t.Fatalf("the pictures are %+v", all)
	}
	for _, f := range check(t, auditorOf(s)).Findings {
		t.Errorf("%+v", f)
	}
}

// signs has a capstone of someone handed in and approved by mentors who sign.
func signs(t testing.TB, s *issuertest.Service, brief, learner string, mentors ...string) issuer.CapstoneID {
	t.Helper()
	ctx, by := t.Context(), s.Caller(t, learner)
	v, err := s.Registrar.StartCapstone(ctx, by, brief, "craft-1", "A thing", nil)
	id := must(t, v, err).ID
	draft := registrar.Draft{Title: "A thing", Summary: "It holds.", Evidence: []registrar.NewEvidence{{Kind: "link", Name: "Film", URL: "https://work.example/film"}}}
	if brief == "K1" {
		draft.Impact = issuer.Impact{Measure: "hours saved per month", Before: "10", After: "2", Period: "a month", ConfirmedBy: "The desk"}
	}
	_, err = s.Registrar.SaveCapstone(ctx, by, id, draft)
	must(t, true, err)
	_, err = s.Registrar.SubmitCapstone(ctx, by, id)
	must(t, true, err)
	for _, who := range mentors {
		s.Clock.Advance(time.Second)
		mentor := s.Caller(t, who)
		mentor.SteppedUp = s.Clock.Now()
		_, err := s.Registrar.ReviewCapstone(ctx, mentor, id, registrar.NewReview{Submission: 1, Decision: issuer.Approve, Sign: true,
			Scores: issuer.Scores{"build": "sound", "value": "sound"}})
		must(t, true, err)
	}
	return id
}
