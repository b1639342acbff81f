package registrar

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"hallmark/issuer"
)

// Every table is exported, or kept back for a reason; a new one is thought
// about before it is either.
func TestEveryTableIsExportedOrKeptBack(t *testing.T) {
	k := NewKit(t, false)
	tables, err := k.Store.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	exported := map[string]bool{}
	for _, r := range Records() {
		exported[r.Table] = true
		if !slices.Contains(tables, r.Table) {
			t.Errorf("%s is exported, and is no table", r.Table)
		}
	}
	for _, table := range tables {
		if exported[table] == (keptBack[table] != "") {
			t.Errorf("%s: say in Records how it is exported, or in keptBack why it is not", table)
		}
	}
}

// No secret leaves: not a column that is sealed or lets somebody in, whatever
// table it is added to.
func TestRecordsHoldNoSecrets(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.worked()
		if _, _, err := c.AddClient(t.Context(), system, "LMS", []string{"completions:write"}); err != nil {
			t.Fatal(err)
		}
		seen := map[string]int{}
		err := c.ExportRecords(t.Context(), system, RecordsTo{
			Program: func(*ProgramFile) error { return nil }, Person: func(PersonRow) error { return nil }, Completion: func(CompletionRow) error { return nil },
			Table: func(r Record, columns []Column) (func([]any) error, error) {
				for _, column := range columns {
					for _, secret := range []string{"sealed", "secret", "token", "hash_of"} {
						if strings.Contains(column.Name, secret) {
							t.Errorf("%s is in the export of %s", column.Name, r.Noun)
						}
					}
				}
				return func(row []any) error {
					if seen[r.Noun]++; len(row) != len(columns) {
						t.Errorf("%s: %d values in %d columns", r.Noun, len(row), len(columns))
					}
					return nil
				}, nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		for noun, least := range map[string]int{"people": 11, "completions": 3, "capstones": 1, "reviews": 2, "signed-copies": 5, "keys": 3, "clients": 1, "audit": 5, "log-leaves": 5} {
			if seen[noun] < least {
				t.Errorf("%d of %s", seen[noun], noun)
			}
		}
		if err := c.ExportRecords(t.Context(), c.as("owen"), RecordsTo{}); !errors.Is(err, issuer.Forbidden) {
			t.Errorf("an owner of a program takes everything: %v", err)
		}
	})
}

// Signed copies leave as they were signed, however they are kept.
func TestRecordsHoldWholeCopies(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.worked()
		whole, little := 0, 0
		err := c.ExportRecords(t.Context(), system, RecordsTo{
			Program: func(*ProgramFile) error { return nil }, Person: func(PersonRow) error { return nil }, Completion: func(CompletionRow) error { return nil },
			Table: func(r Record, columns []Column) (func([]any) error, error) {
				return func(row []any) error {
					if r.Noun != "signed-copies" {
						return nil
					}
					text, err := json.Marshal(row)
					if err != nil {
						return err
					}
					var values []any
					if err := json.Unmarshal(text, &values); err != nil {
						return err
					}
					of := map[string][]byte{}
					for i, column := range columns {
						if column.Kind == "bytes" {
							if of[column.Name], err = base64.StdEncoding.DecodeString(values[i].(string)); err != nil {
								return err
							}
						}
						if column.Name == "example_id" && values[i] != "" {
							little++
						}
					}
					whole++
					if sum := sha256.Sum256(of["bytes"]); !bytes.Equal(sum[:], of["digest"]) {
						t.Errorf("copy %d is not what was signed: %.80q", whole, of["bytes"])
					}
					return nil
				}, nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if whole < 5 || little == 0 {
			t.Errorf("%d copies, %d of them kept as differences", whole, little)
		}
	})
}
