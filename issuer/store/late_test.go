package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hallmark/issuer"
)

// says adds an entry to the audit trail, and reads it when it is asked to.
func says(id issuer.AuditID, object string) func(tx *Tx) error {
	return func(tx *Tx) error {
		return tx.AddAuditEntry(&issuer.AuditEntry{ID: id, IssuerID: us, At: tx.Now, Object: object, Outcome: "done", Detail: "{}"})
	}
}

func said(tx *Tx) ([]string, error) {
	entries, err := tx.WaitingAudit(100)
	var ids []string
	for _, e := range entries {
		ids = append(ids, string(e.ID))
	}
	slices.Sort(ids)
	return ids, err
}

// TestLateRows: what waits for the end of a transaction is there after it, is met
// by every statement that asks, and goes with the act that left it.
func TestLateRows(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		boom := errors.New("boom")
		var own, all []string
		runs := 0
		errs := heldUp(t, s,
			says("A", ""),
			func(tx *Tx) error { return errors.Join(says("B", "")(tx), boom) },
			func(tx *Tx) (err error) { // its own
				if err := says("C", "")(tx); err != nil {
					return err
				}
				runs++
				own, err = said(tx)
				return err
			},
			func(tx *Tx) error {
				if err := says("D", "")(tx); err != nil {
					return err
				}
				if _, err := said(tx); err != nil {
					return err
				}
				return boom // after its row was written
			},
			func(tx *Tx) error { tx.Late(func() error { return says("E", "")(tx) }, nil); return nil },
			func(tx *Tx) (err error) { all, err = said(tx); return err },
			says("F", ""),
		)
		for i, err := range errs {
			if fails := i == 1 || i == 3; errors.Is(err, boom) != fails || !fails && err != nil {
				t.Errorf("act %d: %v", i, err)
			}
		}
		if s.dialect == sqliteDialect && (runs != 2 || strings.Join(own, "") != "AC" || strings.Join(all, "") != "ACE") {
			t.Errorf("an act that asks ran %d times and saw %v; another one saw %v", runs, own, all)
		}
		if got := get(t, s, said); strings.Join(got, "") != "ACEF" {
			t.Errorf("kept are %v", got)
		}
	})
}

// TestLateFault: what cannot be written at the end undoes the act that left it,
// and no other.
func TestLateFault(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		boom := errors.New("boom")
		errs := heldUp(t, s,
			says("A", ""),
			func(tx *Tx) error { tx.Late(func() error { return boom }, nil); return tx.Set("x", "kept") },
			says("B", ""),
			func(tx *Tx) error {
				return tx.AddAuditEntry(&issuer.AuditEntry{ID: "C", IssuerID: us, At: tx.Now, Outcome: "neither", Detail: "{}"})
			},
			says("D", ""),
			says("A", "once more"),
		)
		if errs[0] != nil || errs[2] != nil || errs[4] != nil || !errors.Is(errs[1], boom) || errs[3] == nil || !errors.Is(errs[5], ErrDuplicate) {
			t.Errorf("%q", errs)
		}
		if got := get(t, s, said); strings.Join(got, "") != "ABD" || value(s, t, "x") != "" {
			t.Errorf("kept are %v, and %q", got, value(s, t, "x"))
		}
	})
}

// TestLateReferences: rows that refer to each other are written together, and a
// statement that refers to one finds it.
func TestLateReferences(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		add := func(id issuer.CredentialID, index int) func(tx *Tx) error {
			return func(tx *Tx) error {
				if err := tx.AddSignedCopy(&issuer.SignedCopy{CredentialID: id, Format: "di", IssuerID: us, KeyID: "K", Bytes: []byte("{}"), Digest: []byte{1}, SignedAt: tx.Now}, Alike{}); err != nil {
					return err
				}
				if err := tx.add("status entry", &issuer.StatusEntry{StatusListID: "SL", StatusIndex: index, IssuerID: us, CredentialID: id}); err != nil {
					return err
				}
				return tx.AddCredentials(&issuer.Credential{ID: id, IssuerID: us, AwardID: "AW", StatusListID: "SL", StatusIndex: index, ValidFrom: tx.Now, IssuedAt: tx.Now})
			}
		}
		errs := heldUp(t, s, add("C1", 11), add("C2", 12), func(tx *Tx) error {
			if err := add("C3", 13)(tx); err != nil {
				return err
			}
			_, err := tx.AddSignedCopyOnce(&issuer.SignedCopy{CredentialID: "C3", Format: "jwt", IssuerID: us, KeyID: "K", Bytes: []byte("x"), Digest: []byte{1}, SignedAt: tx.Now})
			return err
		}, func(tx *Tx) error {
			if err := add("C4", 14)(tx); err != nil {
				return err
			}
			return tx.Supersede("C4", "C3", tx.Now)
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		for _, id := range []issuer.CredentialID{"C1", "C2", "C3", "C4"} {
			c := get(t, s, func(tx *Tx) (*issuer.Credential, error) { return tx.Credential(id) })
			if (c.SupersededBy != "") != (id == "C4") {
				t.Errorf("%+v", c)
			}
		}
	})
}

// TestLateNames: each table whose rows may wait is known by its name.
func TestLateNames(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	for _, name := range lateNames {
		if rows := rowsOf(t, s.handles[0], "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?", name); len(rows) != 1 {
			t.Errorf("there is no table %s", name)
		}
	}
	var quiet []string
	for _, begin := range apart {
		table := strings.Split(begin, `"`)[1]
		quiet = append(quiet, table)
		for _, parent := range rowsOf(t, s.handles[0], `SELECT "table" FROM pragma_foreign_key_list(?)`, table) {
			if slices.Contains(lateNames[:], parent[0]) {
				t.Errorf("%s refers to %s, whose rows may wait", table, parent[0])
			}
		}
	}
	for _, table := range append(quiet, lateNames[:]...) {
		if rows := rowsOf(t, s.handles[0], "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? AND sql LIKE '%definitions%'", table); len(rows) != 0 {
			t.Errorf("%s renews the mark of what is defined, which is not read again after a row of it", table)
		}
	}
}

// TestLateMany: more rows wait than one statement takes.
func TestLateMany(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		const many = 2*maxRows + 7
		must(t, s, func(tx *Tx) error {
			for i := range many {
				id := issuer.CredentialID(fmt.Sprint("M", i))
				if err := errors.Join(
					tx.add("status entry", &issuer.StatusEntry{StatusListID: "SL", StatusIndex: 100 + i, IssuerID: us, CredentialID: id}),
					tx.AddSignedCopy(signedCopy(tx, string(id), "{}"), Alike{}),
					tx.AddCredentials(&issuer.Credential{ID: id, IssuerID: us, AwardID: "AW", StatusListID: "SL", StatusIndex: 100 + i, ValidFrom: tx.Now, IssuedAt: tx.Now})); err != nil {
					return err
				}
			}
			return nil
		})
		if n := get(t, s, func(tx *Tx) (int, error) { return count[issuer.SignedCopy](tx, "credential_id LIKE 'M%'") }); n != many {
			t.Errorf("%d copies", n)
		}
	})
}
