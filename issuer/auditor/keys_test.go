package auditor_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/auditor"
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

// TestForgedKeys changes keys past the program: one that somebody puts into the
// database would be published as the issuer's.
func TestForgedKeys(t *testing.T) {
	// The public part of somebody's key, with the id that follows from it.
	const theirs = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
	columns := "issuer_id, algorithm, sealed, created_at, active_at, retired_at, compromised_at"
	tests := []struct{ name, harm string }{
		{"put in", "INSERT INTO keys (id, public, purpose, state, " + columns + ") SELECT '" + theirs + "', '" + theirs + "', 'credential', 'retired', " + columns + " FROM keys WHERE purpose = 'session' LIMIT 1"},
		{"put in the place of one", "UPDATE keys SET public = '" + theirs + "' WHERE state = 'retired'"},
		{"for another purpose", "UPDATE keys SET purpose = 'status' WHERE purpose = 'session'"},
		{"taken out", "DELETE FROM keys WHERE state = 'retired'"},
		{"of another issuer", "UPDATE keys SET issuer_id = 'X' WHERE state = 'retired'"},
		{"compromised, they say", "UPDATE keys SET state = 'compromised', compromised_at = created_at WHERE state = 'retired'"},
		{"not compromised, they say", "UPDATE keys SET state = 'retired', compromised_at = NULL WHERE state = 'compromised'"},
		{"compromised later", "UPDATE keys SET compromised_at = '2030-01-01 00:00:00+00:00' WHERE state = 'compromised'"},
	}
	path := filepath.Join(t.TempDir(), "hallmark.db")
	s := issuertest.New(t, issuertest.Options{DSN: path})
	keeper := issuer.Caller{System: "keys"}
	for range 2 { // one is retired, the one before it is compromised
		keys, err := s.Registrar.Keys(t.Context(), keeper)
		for _, k := range must(t, keys, err) {
			if k.Purpose == keyring.PurposeSession && k.State == issuer.KeyRetired {
				_, err := s.Registrar.CompromiseKey(t.Context(), keeper, k.ID, time.Time{})
				must(t, 0, err)
			}
			if k.Purpose == keyring.PurposeSession && k.State == issuer.KeyActive {
				_, err := s.Registrar.ReplaceKey(t.Context(), keeper, k.ID)
				must(t, 0, err)
			}
		}
	}
	must(t, 0, s.Jobs.Sequence(t.Context()))
	if r := check(t, auditorOf(s)); len(r.Findings) > 0 {
		t.Fatalf("before anything was changed: %+v", r.Findings)
	}
	v := newVandal(t, path, 1)
	for _, test := range tests {
		_, err := v.db.Exec("CREATE TABLE before AS SELECT * FROM keys")
		must(t, 0, err)
		done, err := v.db.Exec(test.harm)
		must(t, done, err)
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			t.Fatalf("%s: %d rows, %v", test.name, n, err)
		}
		found := slices.ContainsFunc(check(t, auditorOf(s)).Findings, func(f auditor.Finding) bool { return f.Record == "key" })
		if !found {
			t.Errorf("not found: %s", test.name)
		}
		for _, undo := range []string{"DELETE FROM keys", "INSERT INTO keys SELECT * FROM before", "DROP TABLE before"} {
			_, err := v.db.Exec(undo)
			must(t, 0, err)
		}
	}
	if r := check(t, auditorOf(s)); len(r.Findings) > 0 {
		t.Errorf("after all was undone: %+v", r.Findings)
	}
}
