package auditor_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/auditor"
	"hallmark/issuer/highwater"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

// says tells whether something was found with these words.
func says(r *auditor.Result, record, words string) bool {
	return slices.ContainsFunc(r.Findings, func(f auditor.Finding) bool { return f.Record == record && strings.Contains(f.Reason, words) })
}

func award(t *testing.T, s *issuertest.Service, kind string) issuer.CredentialID {
	t.Helper()
	r, err := s.Registrar.AwardAchievement(t.Context(), issuer.Caller{System: "test"},
		registrar.NewAward{Achievement: "honour", Person: registrar.PersonRef{ID: s.People[kind]}, Reason: "For the chair."})
	return must(t, r, err).Badge.ID
}

func sequence(t *testing.T, s *issuertest.Service) {
	t.Helper()
	if err := s.Jobs.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestLists: a published list that says something else than the places of
// credentials, in either direction. Only a list that waits to be signed anew may
// lack a bit.
func TestLists(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hallmark.db")
	s := issuertest.New(t, issuertest.Options{DSN: path})
	gone, stays := award(t, s, "other"), award(t, s, "mate")
	if _, err := s.Registrar.RevokeCredential(t.Context(), issuer.Caller{System: "test"}, gone, registrar.StatusChange{Code: "misconduct"}); err != nil {
		t.Fatal(err)
	}
	sequence(t, s)
	a := auditorOf(s)
	if r := check(t, a); len(r.Findings) > 0 {
		t.Errorf("a list that waits to be signed anew: %+v", r.Findings)
	}
	v := newVandal(t, path, 1)
	v.exec("UPDATE status_lists SET dirty = 0")
	if r := check(t, a); !says(r, "status list", "as good") {
		t.Errorf("a list that forgot a revocation: %+v", r.Findings)
	}
	v.exec("UPDATE status_lists SET dirty = 1")
	s.Publish(t)
	if r := check(t, a); len(r.Findings) > 0 {
		t.Errorf("a list that was signed anew: %+v", r.Findings)
	}
	v.exec("UPDATE status_entries SET set_at = NULL, reason = '' WHERE credential_id = ?", string(gone))
	if r := check(t, a); !says(r, "status list", "as revoked") || !finds(r, "status entry") {
		t.Errorf("a bit that was cleared: %+v", r.Findings)
	}
	if r := check(t, a); says(r, "status entry", string(stays)) {
		t.Errorf("another one: %+v", r.Findings)
	}
}

// TestTwice: the rule that nobody holds an achievement twice, where the schema
// does not keep it any more.
func TestTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hallmark.db")
	s := issuertest.New(t, issuertest.Options{DSN: path})
	award(t, s, "other")
	second := award(t, s, "mate")
	sequence(t, s)
	v := newVandal(t, path, 1)
	v.exec("UPDATE awards SET person_id = ? WHERE id = (SELECT award_id FROM credentials WHERE id = ?)", string(s.People["other"]), string(second))
	if r := check(t, auditorOf(s)); !says(r, "award", "a second time") {
		t.Errorf("%+v", r.Findings)
	}
}

// TestRemovedTogether: everything about a badge goes at once, its leaves and
// audit entries with it; two leaves and two entries change places; and the end
// of both logs is cut off down to heads that were signed before.
func TestRemovedTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hallmark.db")
	s := issuertest.New(t, issuertest.Options{DSN: path})
	s.Jobs.Mark = highwater.New(filepath.Join(t.TempDir(), "high-water"))
	award(t, s, "other")
	sequence(t, s)
	v := newVandal(t, path, 1)
	heads := v.query("SELECT size, +hash, note FROM audit_heads")
	before := v.query("SELECT max(size) FROM log_checkpoints")[0][0]
	tiles := v.query("SELECT level, position, +hashes FROM log_tiles")
	last := award(t, s, "mate")
	sequence(t, s)
	known, err := s.Published.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := auditorOf(s)
	if r := check(t, a); len(r.Findings) > 0 {
		t.Fatalf("before: %+v", r.Findings)
	}

	for _, table := range []string{"log_leaves", "audit_entries"} {
		swap := "UPDATE " + table + " SET sequence = CASE sequence WHEN 0 THEN 1 ELSE 0 END WHERE sequence IN (0, 1)"
		v.exec(swap)
		if r := check(t, a); len(r.Findings) == 0 {
			t.Errorf("%s: two rows that changed places were not found", table)
		}
		v.exec(swap)
	}

	id := string(last)
	awardID := v.query("SELECT award_id FROM credentials WHERE id = ?", id)[0][0]
	for _, table := range []string{"signed_copies", "log_salts", "status_entries", "log_leaves"} {
		v.exec("DELETE FROM "+table+" WHERE credential_id = ?", id)
	}
	v.exec("DELETE FROM credentials WHERE id = ?", id)
	v.exec("DELETE FROM awards WHERE id = ?", awardID)
	v.exec("DELETE FROM audit_entries WHERE sequence >= ?", heads[0][0])
	if r := check(t, a); !finds(r, "checkpoint") || !finds(r, "audit head") {
		t.Errorf("a badge that was removed with its leaf and entries: %+v", r.Findings)
	}

	v.exec("DELETE FROM log_checkpoints WHERE size > ?", before)
	v.exec("UPDATE audit_heads SET size = ?, hash = ?, note = ?", heads[0]...)
	for _, tile := range tiles {
		v.exec("UPDATE log_tiles SET hashes = ? WHERE level = ? AND position = ?", tile[2], tile[0], tile[1])
	}
	if r := check(t, a); len(r.Findings) > 0 {
		t.Errorf("cut off down to older heads, the records are sound in themselves: %+v", r.Findings)
	}
	a.Known = known
	if r := check(t, a); !says(r, "checkpoint", "fewer than at the checkpoint that was handed in") {
		t.Errorf("against a checkpoint kept elsewhere: %+v", r.Findings)
	}
	mark, err := s.Jobs.Mark.Read()
	if err != nil {
		t.Fatal(err)
	}
	if behind := read(t, s, func(tx *store.Tx) (bool, error) { return registrar.Behind(tx, mark) }); !behind {
		t.Error("the high-water mark does not see it")
	}
}
