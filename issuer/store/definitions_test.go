package store

import (
	"errors"
	"testing"
)

// TestDefinitions: each change of what is defined renews the mark, and nothing
// else does.
func TestDefinitions(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		last := ""
		seen := map[string]string{}
		renews := func(what string, renewed bool, f func(tx *Tx) error) {
			t.Helper()
			must(t, s, f)
			mark := get(t, s, (*Tx).Definitions)
			if was, twice := seen[mark]; (mark != last) != renewed || twice && renewed {
				t.Errorf("%s: the mark is %q, which was there after %s; before it was %q", what, mark, was, last)
			}
			last, seen[mark] = mark, what
		}
		statement := func(text string) func(tx *Tx) error {
			return func(tx *Tx) error { _, err := tx.exec(text); return err }
		}
		renews("the sample", true, func(*Tx) error { return nil })
		for _, table := range []string{"issuers", "programs", "modules", "cohorts", "achievements"} {
			renews("a change of "+table, true, statement("UPDATE "+table+" SET id = id"))
		}
		renews("a setting", true, statement("INSERT INTO settings (name, value) VALUES ('a', 'b')"))
		renews("a change of settings", true, statement("UPDATE settings SET value = 'c' WHERE name = 'a'"))
		renews("a client", true, statement("INSERT INTO clients (id, issuer_id, name, secret_hash, scopes, created_by, created_at) SELECT 'C', id, 'LMS', '', '[]', '', created_at FROM issuers"))
		renews("a client that is revoked", true, statement("UPDATE clients SET revoked_at = created_at WHERE id = 'C'"))
		renews("a status list", true, func(tx *Tx) error { _, err := tx.NewStatusList(us, "revocation"); return err })
		renews("a module that goes", true, statement("INSERT INTO modules (id, issuer_id, program_id, level_id, code, name, kind, hours, pass, skills, requires, position) SELECT 'N', issuer_id, program_id, level_id, 'F2', name, kind, hours, pass, skills, requires, position FROM modules"))
		renews("a module that went", true, statement("DELETE FROM modules WHERE id = 'N'"))
		renews("a person", false, statement("UPDATE people SET name = 'Another'"))
		renews("a list that is published", false, statement("UPDATE status_lists SET dirty = dirty"))
		if err := try(t, s, func(tx *Tx) error {
			if _, err := tx.exec("UPDATE cohorts SET name = 'Undone'"); err != nil {
				return err
			}
			mark, err := tx.Definitions()
			if err == nil && mark == last {
				t.Error("an act does not see the mark of its own change")
			}
			seen[mark] = "a change that was undone"
			return errors.New("undone")
		}); err == nil {
			t.Fatal("the act was not undone")
		}
		renews("nothing", false, func(*Tx) error { return nil })
	})
}

// TestDefinitionsOfABatch: acts that share a transaction see the mark that the one
// before them left, and none that was undone.
func TestDefinitionsOfABatch(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		marks := make([]string, 4)
		mark := func(n int) func(tx *Tx) error {
			return func(tx *Tx) (err error) { marks[n], err = tx.Definitions(); return err }
		}
		renew := func(tx *Tx) error { _, err := tx.exec("UPDATE cohorts SET name = name"); return err }
		undone := errors.New("undone")
		for i, err := range heldUp(t, s, mark(0), renew, mark(1), func(tx *Tx) error { return errors.Join(renew(tx), mark(2)(tx), undone) }, mark(3)) {
			if fails := i == 3; errors.Is(err, undone) != fails || !fails && err != nil {
				t.Errorf("act %d: %v", i, err)
			}
		}
		if marks[0] == marks[1] || marks[1] == marks[2] || marks[1] != marks[3] || marks[0] == "" {
			t.Errorf("the marks are %q", marks)
		}
	})
}
