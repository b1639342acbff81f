package auditor_test

import (
	"path/filepath"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/store"
)

// erased gives a service that has lived and where two people were erased: one
// with everything, one of whom an earlier release noted words without a salt.
func erased(t *testing.T, s *issuertest.Service) {
	t.Helper()
	lived(t, s)
	other := s.People["other"]
	_, err := store.Write(t.Context(), s.Store, func(tx *store.Tx) (bool, error) {
		return true, tx.AddAuditEntry(&issuer.AuditEntry{ID: "OLD", IssuerID: s.Issuer.ID, At: tx.Now, Actor: "person:" + string(s.People["root"]), Act: "credential.reissue",
			Object: string(other), Outcome: "done", Detail: `{"by":"X","done":true,"reason":"Ola was misspelt."}`})
	})
	must(t, true, err)
	if err := s.Jobs.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"learner", "other"} {
		if err := s.Registrar.ErasePerson(t.Context(), s.Caller(t, "root"), s.People[kind]); err != nil {
			t.Fatal(err)
		}
	}
}

// TestErased: what an erasure took is not missed, neither before it is sequenced
// nor after.
func TestErased(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		erased(t, s)
		for _, f := range check(t, auditorOf(s)).Findings {
			t.Errorf("before it was sequenced: %+v", f)
		}
		s.Publish(t)
		s.Clock.Advance(time.Minute)
		if err := s.Jobs.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		r := check(t, auditorOf(s))
		for _, f := range r.Findings {
			t.Errorf("%+v", f)
		}
		if r.Waiting != 0 {
			t.Errorf("%d wait", r.Waiting)
		}
	})
}

// TestErasureIsNoCover: erasing words opens no way to change anything else, and
// who was erased cannot be brought back unseen.
func TestErasureIsNoCover(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hallmark.db")
	s := issuertest.New(t, issuertest.Options{DSN: path})
	erased(t, s)
	s.Publish(t)
	if err := s.Jobs.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := newVandal(t, path, 1)
	const wordless, person = "detail = '" + issuer.ErasedDetail + "'", "erased_at IS NOT NULL"
	for _, test := range []struct{ name, record, do, undo string }{
		{"another actor of a wordless entry", "audit entry", "UPDATE audit_entries SET actor = 'x' || actor WHERE " + wordless, "UPDATE audit_entries SET actor = substr(actor, 2) WHERE " + wordless},
		{"another object of it", "audit entry", "UPDATE audit_entries SET object = 'x' || object WHERE " + wordless, "UPDATE audit_entries SET object = substr(object, 2) WHERE " + wordless},
		{"other words in it", "audit entry", `UPDATE audit_entries SET detail = '{"erased":true,"done":false}' WHERE ` + wordless,
			`UPDATE audit_entries SET detail = '` + issuer.ErasedDetail + `' WHERE detail = '{"erased":true,"done":false}'`},
		{"words taken from one that nobody erased", "audit entry", "UPDATE audit_entries SET object = object || detail, " + wordless + " WHERE act = 'credential.suspend' AND outcome = 'done'",
			"UPDATE audit_entries SET detail = substr(object, 27), object = substr(object, 1, 26) WHERE act = 'credential.suspend'"},
		{"a person who is back", "person", "UPDATE people SET erased_at = NULL, department = erased_at WHERE " + person, "UPDATE people SET erased_at = department, department = '' WHERE department <> ''"},
		{"a person who is named again", "person", "UPDATE people SET name = 'Leo' WHERE " + person, "UPDATE people SET name = '' WHERE name = 'Leo'"},
		{"a person whom no act erased", "person", "UPDATE people SET erased_at = created_at WHERE id = '" + string(s.People["mate"]) + "'", "UPDATE people SET erased_at = NULL WHERE id = '" + string(s.People["mate"]) + "'"},
		{"an award that is back", "award", "UPDATE awards SET state = 'issued' WHERE state = 'erased'", "UPDATE awards SET state = 'erased' WHERE erased_at IS NOT NULL"},
		{"an award that no act erased", "award", "UPDATE awards SET state = 'erased', erased_at = created_at WHERE person_id = '" + string(s.People["mate"]) + "' AND state = 'revoked'",
			"UPDATE awards SET state = 'revoked', erased_at = NULL WHERE person_id = '" + string(s.People["mate"]) + "' AND erased_at IS NOT NULL"},
		{"a bit that says why", "status entry", "UPDATE status_entries SET reason = 'revoked' WHERE reason = 'erased'", "UPDATE status_entries SET reason = 'erased' WHERE reason = 'revoked' AND credential_id IN (SELECT c.id FROM credentials c JOIN awards a ON a.id = c.award_id WHERE a.state = 'erased')"},
		{"a salt that is back", "credential", "INSERT INTO log_salts SELECT id, issuer_id, zeroblob(32) FROM credentials WHERE award_id IN (SELECT id FROM awards WHERE state = 'erased')",
			"DELETE FROM log_salts WHERE salt = zeroblob(32)"},
		{"the erasure itself is gone", "award", "UPDATE audit_entries SET act = 'x' WHERE act = 'person.erase'", "UPDATE audit_entries SET act = 'person.erase' WHERE act = 'x'"},
	} {
		v.exec(test.do)
		if r := check(t, auditorOf(s)); !finds(r, test.record) {
			t.Errorf("%s: not found among %+v", test.name, r.Findings)
		}
		v.exec(test.undo)
		if r := check(t, auditorOf(s)); len(r.Findings) > 0 {
			t.Fatalf("%s, undone: %+v", test.name, r.Findings)
		}
	}
}
