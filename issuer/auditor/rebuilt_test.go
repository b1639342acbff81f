package auditor_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/auditor"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
)

func read[T any](t testing.TB, s *issuertest.Service, f func(tx *store.Tx) (T, error)) T {
	t.Helper()
	v, err := store.Read(t.Context(), s.Store, f)
	return must(t, v, err)
}

// finds tells whether something was found of a kind of record.
func finds(r *auditor.Result, record string) bool {
	return slices.ContainsFunc(r.Findings, func(f auditor.Finding) bool { return f.Record == record })
}

// TestRebuilt: whoever has the database may make everything anew that follows
// from a change, and lacks the key for the two signatures.
func TestRebuilt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hallmark.db")
	s := issuertest.New(t, issuertest.Options{DSN: path})
	lived(t, s)
	v := newVandal(t, path, 1)
	a := auditorOf(s)

	entries := read(t, s, func(tx *store.Tx) ([]issuer.AuditEntry, error) { return tx.AuditEntries(store.AuditQuery{Limit: 1000}) })
	previous := ledger.Start()
	for i := range entries {
		if i == 0 {
			entries[0].Actor = "person:SOMEONE"
		}
		e := &entries[i]
		hash := ledger.Audit(previous, e)
		v.exec("UPDATE audit_entries SET actor = ?, previous = ?, hash = ? WHERE id = ?", e.Actor, previous, hash, string(e.ID))
		previous = hash
	}
	v.exec("UPDATE audit_heads SET hash = ?", previous)
	if r := check(t, a); !finds(r, "audit head") || finds(r, "audit entry") {
		t.Errorf("a chain made anew: %+v", r.Findings)
	}

	leaves := read(t, s, func(tx *store.Tx) ([]issuer.LogLeaf, error) { return tx.Leaves(0, 1000) })
	edge, err := ledger.NewEdge(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range leaves {
		if i == 3 {
			l.Data = leaves[4].Data
			v.exec("UPDATE log_leaves SET data = ? WHERE id = ?", l.Data, string(l.ID))
		}
		edge.Append(l.Data)
	}
	for _, tile := range edge.Changed() {
		v.exec("UPDATE log_tiles SET hashes = ? WHERE level = ? AND position = ?", tile.Hashes, tile.Level, tile.Index)
	}
	if r := check(t, a); !finds(r, "checkpoint") || finds(r, "log tile") {
		t.Errorf("a tree made anew: %+v", r.Findings)
	}
	root := edge.Root()
	v.exec("UPDATE log_checkpoints SET root = ? WHERE size = ?", root[:], edge.Size())
	v.exec("DELETE FROM log_checkpoints WHERE size <> ?", edge.Size())
	if r := check(t, a); !finds(r, "checkpoint") || finds(r, "log tile") {
		t.Errorf("a tree and its root made anew: %+v", r.Findings)
	}
}

// TestRolledBack: a database put back to an earlier signed state is sound in
// itself; a checkpoint that was kept elsewhere finds it out.
func TestRolledBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hallmark.db")
	s := issuertest.New(t, issuertest.Options{DSN: path})
	if err := s.Jobs.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	earlier := filepath.Join(t.TempDir(), "earlier.db")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("VACUUM INTO ?", earlier); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	lived(t, s)
	kept, err := s.Published.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	old, err := store.Open(t.Context(), store.Config{DSN: earlier, Now: s.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	a := auditorOf(s)
	a.Known = kept
	if r := check(t, a); len(r.Findings) > 0 {
		t.Errorf("the log against its own checkpoint: %+v", r.Findings)
	}
	a.Store, a.Known = old, nil
	if r := check(t, a); len(r.Findings) > 0 {
		t.Errorf("the earlier database: %+v", r.Findings)
	}
	a.Known = kept
	if r := check(t, a); !finds(r, "checkpoint") {
		t.Errorf("the earlier database against a later checkpoint: %+v", r.Findings)
	}
	a.Known = []byte("x")
	if _, err := a.Check(t.Context()); err == nil {
		t.Error("what is no checkpoint was taken")
	}
}
