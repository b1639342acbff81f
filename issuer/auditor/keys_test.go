package auditor_test

import (
	"slices"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
)

// TestLostLogKey: when the key of the log is given up, its earlier checkpoints
// go on to fit as long as the newest is signed with a good one.
func TestLostLogKey(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	keeper := issuer.Caller{System: "keys"}
	issue := func(kind string) {
		t.Helper()
		_, err := s.Registrar.RecordCompletion(t.Context(), issuer.Caller{System: "test"}, registrar.NewCompletion{Person: registrar.PersonRef{ID: s.People[kind]}, Module: "M1"})
		must(t, 0, err)
		must(t, 0, s.Jobs.Sequence(t.Context()))
	}
	issue("learner")
	issue("other")
	keys, err := s.Registrar.Keys(t.Context(), keeper)
	all := must(t, keys, err)
	old := all[slices.IndexFunc(all, func(k *registrar.KeyView) bool { return k.Purpose == keyring.PurposeLog })]
	_, err = s.Registrar.ReplaceKey(t.Context(), keeper, old.ID)
	must(t, 0, err)
	_, err = s.Registrar.CompromiseKey(t.Context(), keeper, old.ID, time.Time{})
	must(t, 0, err)
	must(t, 0, s.Ring.Refresh(t.Context()))
	if r := check(t, auditorOf(s)); len(r.Findings) == 0 {
		t.Error("the newest checkpoint is signed with a key that was given up, and that fits")
	}
	issue("mate")
	if r := check(t, auditorOf(s)); len(r.Findings) > 0 {
		t.Errorf("%+v", r.Findings)
	}
}
