package store

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
)

// TestTree keeps the rows of the log's tree and reads them back, and tries to
// take each of them back.
func TestTree(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		hash := func(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }
		tile := func(hashes ...byte) *issuer.LogTile {
			l := &issuer.LogTile{Level: 0, Position: 3, IssuerID: us}
			for _, b := range hashes {
				l.Hashes = append(l.Hashes, hash(b)...)
			}
			return l
		}
		checkpoint := func(size int64, root byte, note string) *issuer.LogCheckpoint {
			return &issuer.LogCheckpoint{Size: size, IssuerID: us, Root: hash(root), Note: note}
		}
		head := func(size int64, b byte) *issuer.AuditHead {
			return &issuer.AuditHead{IssuerID: us, Size: size, Hash: hash(b), Note: "n"}
		}
		if c := get(t, s, (*Tx).LastCheckpoint); c != nil {
			t.Errorf("a checkpoint of nothing: %+v", c)
		}
		if h := get(t, s, (*Tx).AuditHead); h != nil {
			t.Errorf("a head of nothing: %+v", h)
		}
		must(t, s, func(tx *Tx) error {
			return errors.Join(tx.SaveLogTile(tile(1)), tx.SaveLogTile(tile(1, 2)), tx.AddCheckpoint(checkpoint(0, 9, "a")), tx.AddCheckpoint(checkpoint(7, 8, "b")),
				tx.SignCheckpoint(checkpoint(7, 8, "c")), tx.SaveAuditHead(head(3, 1)), tx.SaveAuditHead(head(4, 2)))
		})
		if diff := cmp.Diff(tile(1, 2), get(t, s, func(tx *Tx) (*issuer.LogTile, error) { return tx.LogTile(0, 3) })); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(checkpoint(7, 8, "c"), get(t, s, (*Tx).LastCheckpoint)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(head(4, 2), get(t, s, (*Tx).AuditHead)); diff != "" {
			t.Error(diff)
		}
		run := func(statement string) func(tx *Tx) error {
			return func(tx *Tx) error { _, err := tx.exec(statement); return fault(err, "change") }
		}
		for name, change := range map[string]func(tx *Tx) error{
			"a shorter tile":        func(tx *Tx) error { return tx.SaveLogTile(tile(1)) },
			"another tile":          func(tx *Tx) error { return tx.SaveLogTile(tile(1, 3, 4)) },
			"a head that goes back": func(tx *Tx) error { return tx.SaveAuditHead(head(3, 1)) },
			"another head":          func(tx *Tx) error { return tx.SaveAuditHead(head(4, 3)) },
			"another root":          run("UPDATE log_checkpoints SET root = (SELECT hash FROM audit_heads) WHERE size = 7"),
			"another size":          run("UPDATE log_checkpoints SET size = 8 WHERE size = 7"),
			"no tile":               run("DELETE FROM log_tiles"),
			"no checkpoint":         run("DELETE FROM log_checkpoints"),
			"no head":               run("DELETE FROM audit_heads"),
		} {
			if err := try(t, s, change); !errors.Is(err, ErrFinal) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := try(t, s, func(tx *Tx) error { return tx.AddCheckpoint(checkpoint(7, 7, "d")) }); !errors.Is(err, ErrDuplicate) {
			t.Errorf("two checkpoints of a size: %v", err)
		}
		if err := try(t, s, func(tx *Tx) error { return tx.SignCheckpoint(checkpoint(8, 7, "d")) }); err == nil {
			t.Error("a checkpoint that is not there was signed")
		}
	})
}
