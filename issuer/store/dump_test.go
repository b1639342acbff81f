package store

import (
	"bytes"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
)

// more writes a row of each table that sample leaves empty.
func more(t *testing.T, s *Store) {
	t.Helper()
	must(t, s, func(tx *Tx) error {
		sum := bytes.Repeat([]byte{1}, 32)
		at := tx.Now.Add(-time.Hour)
		for _, row := range []any{
			&issuer.LogTile{IssuerID: us, Hashes: sum},
			&issuer.LogCheckpoint{Size: 1, IssuerID: us, Root: sum, Note: "a\nnote <&>\u2028 é\n"},
			&issuer.AuditHead{IssuerID: us, Size: 1, Hash: sum, Note: "n"},
			&issuer.Instance{ID: "IN", IssuerID: us, Cryptosuite: "c", Algorithm: "Ed25519", Public: "z", Sealed: "s", CreatedAt: at},
			&issuer.InstanceList{ID: "IL", IssuerID: us, InstanceID: "IN", Purpose: "revocation", Size: 8, Bytes: []byte{}, ChangedAt: at, CreatedAt: at},
			&issuer.InstanceEntry{InstanceListID: "IL", StatusIndex: 3, IssuerID: us, InstanceID: "IN", CredentialID: "x", SetAt: &at},
			&issuer.SlipKey{ID: "SK", IssuerID: us, Purpose: "slip", Algorithm: "Ed25519", State: issuer.KeyActive, Public: "z6", Sealed: "s", CreatedAt: at},
			&issuer.StapleKey{ID: "TK", IssuerID: us, Purpose: "staple", Algorithm: "Ed25519", State: issuer.KeyActive, Public: "z7", Sealed: "s", CreatedAt: at},
			&issuer.Answer{Caller: "empty", Key: "k", RequestHash: []byte{1}, Status: 204, Body: []byte{}, CreatedAt: at},
		} {
			if err := tx.add("sample", row); err != nil {
				return err
			}
		}
		return nil
	})
}

// dumped gives the rows of each table, in an order of their own.
func dumped(t *testing.T, s *Store) (map[string][]string, map[string]*bytes.Buffer, int) {
	t.Helper()
	texts := map[string]*bytes.Buffer{}
	schema, err := s.Dump(t.Context(), func(table string) (io.Writer, error) {
		texts[table] = &bytes.Buffer{}
		return texts[table], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for table, text := range texts {
		lines := strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
		slices.Sort(lines)
		rows[table] = lines
	}
	return rows, texts, schema
}

func loaded(t *testing.T, into *Store, schema int, texts map[string]*bytes.Buffer) error {
	t.Helper()
	open := func(table string) (io.ReadCloser, error) {
		if texts[table] == nil {
			return nil, nil
		}
		return io.NopCloser(bytes.NewReader(texts[table].Bytes())), nil
	}
	return into.Load(t.Context(), schema, open, func(*Tx) error { return nil })
}

// TestDump holds what comes out of one database, and goes into the other, to
// what comes out of that: every table, every row, every value.
func TestDump(t *testing.T) {
	onOwn(t, func(t *testing.T, s *Store) {
		sample(t, s)
		more(t, s)
		want, texts, schema := dumped(t, s)
		for _, row := range tables {
			l, err := layoutOf(s.read, reflect.TypeOf(row))
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := want[strings.Trim(l.name, `"`)]; !ok {
				t.Errorf("the dump lacks table %s", l.name)
			}
		}
		onOwn(t, func(t *testing.T, into *Store) {
			if err := loaded(t, into, schema, texts); err != nil {
				t.Fatal(err)
			}
			got, _, _ := dumped(t, into)
			unmarked := func(row string) bool { return strings.HasPrefix(row, `["`+definitions+`"`) } // loading defines everything anew
			for table := range want {
				want[table], got[table] = slices.DeleteFunc(want[table], unmarked), slices.DeleteFunc(got[table], unmarked)
				if d := cmp.Diff(want[table][:len(want[table])-1], got[table][:len(got[table])-1]); d != "" { // the last names the columns
					t.Errorf("%s: %s", table, d)
				}
			}
			if err := loaded(t, into, schema, texts); err == nil || !strings.Contains(err.Error(), "holds records already") {
				t.Errorf("into a database with records: %v", err)
			}
		})
	})
}

// TestDumpKnowsEveryTable refuses to leave out what no migration made.
func TestDumpKnowsEveryTable(t *testing.T) {
	onOwn(t, func(t *testing.T, s *Store) {
		if _, err := s.handles[0].ExecContext(t.Context(), "CREATE TABLE stray (id text)"); err != nil {
			t.Fatal(err)
		}
		_, err := s.Dump(t.Context(), func(string) (io.Writer, error) { return io.Discard, nil })
		if err == nil || !strings.Contains(err.Error(), "does not know") {
			t.Errorf("a table that no migration made: %v", err)
		}
	})
}

// TestLoadRefuses says no to what cannot be taken in whole.
func TestLoadRefuses(t *testing.T) {
	onOwn(t, func(t *testing.T, s *Store) {
		sample(t, s)
		_, texts, schema := dumped(t, s)
		for _, test := range []struct {
			name, want string
			schema     int
			change     func(map[string]*bytes.Buffer)
		}{
			{"a newer schema", "newer program", schema + 1, func(map[string]*bytes.Buffer) {}},
			{"a table is missing", "lacks the table", schema, func(m map[string]*bytes.Buffer) { delete(m, "awards") }},
			{"a text that was cut", "load awards", schema, func(m map[string]*bytes.Buffer) { m["awards"].Truncate(m["awards"].Len() - 5) }},
		} {
			changed := map[string]*bytes.Buffer{}
			for name, text := range texts {
				changed[name] = bytes.NewBuffer(bytes.Clone(text.Bytes()))
			}
			test.change(changed)
			into := opened(t, sqliteFile(t))
			if err := loaded(t, into, test.schema, changed); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v", test.name, err)
			}
			if empty, err := into.Empty(t.Context()); err != nil || !empty {
				t.Errorf("%s: it left rows behind (%v)", test.name, err)
			}
		}
	})
}
