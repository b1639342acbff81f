package auditor_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// A column is held if the audit finds a change of it in every row, partly held if
// it does in some, and free if nothing signed speaks of it. Each new column of a
// table that is held, and each new table, has to be told of.

// eachRow bounds how many rows of a table are harmed.
const eachRow = 12

// harm changes one value, looks what the audit finds, and puts it back.
func (v *vandal) harm(table, column string, id int64, value any, find func() bool) (changed, found bool) {
	other, ok := v.other(value, nil)
	if value == nil {
		if other, ok = "x", true; strings.HasSuffix(column, "_at") || strings.HasSuffix(column, "_until") {
			other = "2026-11-01 09:00:00+00:00"
		}
	}
	if !ok {
		return false, false
	}
	if _, err := v.db.Exec("UPDATE "+table+" SET "+column+" = ? WHERE rowid = ?", other, id); err != nil {
		return false, false
	}
	found = find()
	all := strings.Join(v.columns[table], ", ")
	v.exec("DELETE FROM " + table)
	v.exec("INSERT INTO " + table + " (rowid, " + all + ") SELECT rid, " + all + " FROM temp.kept_" + table)
	return true, found
}

// TestColumns changes every column of every table, one at a time: it is found, or
// it is among those of which somebody said why it may change.
func TestColumns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hallmark.db")
	s := issuertest.New(t, issuertest.Options{DSN: path})
	lived(t, s)
	a := auditorOf(s)
	find := func() bool {
		r, err := a.Check(t.Context())
		return err != nil || len(r.Findings) > 0
	}
	if find() {
		t.Fatalf("before anything was harmed: %+v", check(t, a).Findings)
	}
	v, told := newVandal(t, path, 1), map[string]bool{}
	for _, row := range v.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name") {
		table := row[0].(string)
		told[table] = true
		v.columns[table] = nil
		for _, c := range v.query(fmt.Sprintf("SELECT name FROM pragma_table_info('%s')", table)) {
			v.columns[table] = append(v.columns[table], c[0].(string))
		}
		if free[table] != "" {
			continue
		}
		may, whole := held[table]
		if !whole {
			may = partly[table]
		}
		if may == nil {
			t.Errorf("nobody said whether changes of table %s are found", table)
			continue
		}
		v.exec("CREATE TEMP TABLE kept_" + table + " AS SELECT rowid AS rid, * FROM " + table)
		ids, rows := v.raw(table)
		for i, c := range v.columns[table] {
			if may[c] != "" {
				continue
			}
			changed, found := 0, 0
			for n := range ids[:min(len(ids), eachRow)] {
				did, was := v.harm(table, c, ids[n], rows[n][i], find)
				if did {
					changed++
				}
				if was {
					found++
				}
				if !whole && found > 0 || whole && changed == 3 {
					break
				}
			}
			if found == 0 || whole && found < changed {
				t.Errorf("%s.%s: %d changes, %d found", table, c, changed, found)
			}
		}
	}
	for _, list := range []map[string]map[string]string{held, partly} {
		for table, columns := range list {
			for c := range columns {
				if !slices.Contains(v.columns[table], c) {
					t.Errorf("there is no column %s.%s", table, c)
				}
			}
		}
	}
	for table := range free {
		if !told[table] {
			t.Errorf("there is no table %s", table)
		}
	}
	if find() {
		t.Errorf("after all was put back: %+v", check(t, a).Findings)
	}
}
