package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"hallmark/issuer"
)

func TestBind(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	tests := []struct {
		text     string
		args     []any
		sqlite   string
		postgres string
		bound    string
	}{
		{"a = ? AND b = ?", []any{"x", 1}, "a = ? AND b = ?", "a = $1 AND b = $2", "[x 1]"},
		{"a IN ? OR b = ?", []any{[]issuer.PersonID{"p", "q"}, "z"}, "a IN (?,?) OR b = ?", "a IN ($1,$2) OR b = $3", "[p q z]"},
		{"a IN ?", []any{none([]string{})}, "a IN (?)", "a IN ($1)", "[<nil>]"},
		{"(?, ?, ?)", []any{[]byte("ab"), issuer.Strings{"s", "t"}, at}, "(?, ?, ?)", "($1, $2, $3)", fmt.Sprint([]any{[]byte("ab"), issuer.Strings{"s", "t"}, at})},
		{"1 = 1", nil, "1 = 1", "1 = 1", "[]"},
	}
	for _, test := range tests {
		for dialect, want := range map[dialect]string{sqliteDialect: test.sqlite, postgresDialect: test.postgres} {
			text, bound := (&Tx{dialect: dialect}).bind(test.text, test.args)
			if text != want || fmt.Sprint(bound) != test.bound {
				t.Errorf("%s: %s %v, want %s %s", dialect, text, bound, want, test.bound)
			}
		}
	}
}

// TestManyRows writes more rows than one statement carries, and none of them
// when one is wrong.
func TestManyRows(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		entries := func(n int, prefix string) (rows []any) {
			for i := range n {
				rows = append(rows, &issuer.AuditEntry{ID: issuer.AuditID(fmt.Sprintf("%s%05d", prefix, i)), IssuerID: us,
					At: time.Unix(int64(i), 0).UTC(), Actor: "a", Act: "many", Outcome: "done", Detail: "{}"})
			}
			return rows
		}
		many := func(tx *Tx) (int, error) { return count[issuer.AuditEntry](tx, "act = 'many'") }
		must(t, s, func(tx *Tx) error { return tx.add("audit entries", entries(2*maxRows+1, "A")...) })
		if n := get(t, s, many); n != 2*maxRows+1 {
			t.Errorf("%d rows", n)
		}
		wrong := entries(3, "B")
		wrong[2].(*issuer.AuditEntry).ID = "A00000"
		if err := try(t, s, func(tx *Tx) error { return tx.add("audit entries", wrong...) }); !errors.Is(err, ErrDuplicate) {
			t.Errorf("a row that is there: %v", err)
		}
		if n := get(t, s, many); n != 2*maxRows+1 {
			t.Errorf("%d rows after a wrong one", n)
		}
	})
}
