package store

import (
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer/store/storetest"
	"hallmark/migrations"
)

var update = flag.Bool("update", false, "write testdata/schema.txt anew")

// TestMigrationsPair holds the files of both databases to each other.
func TestMigrationsPair(t *testing.T) {
	names := func(dir string) (names []string) {
		entries, err := fs.ReadDir(migrations.Files, dir)
		if err != nil {
			t.Fatal(err)
		}
		last := 0 // numbers may be left out, and are never used twice
		for _, e := range entries {
			names = append(names, e.Name())
			number, _, ok := strings.Cut(e.Name(), "_")
			n, err := strconv.Atoi(number)
			if !ok || err != nil || len(number) != 5 || n <= last {
				t.Errorf("%s/%s does not go on from number %d", dir, e.Name(), last)
			}
			last = n
			text, err := fs.ReadFile(migrations.Files, dir+"/"+e.Name())
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), "+goose Down") {
				t.Errorf("%s/%s goes back", dir, e.Name())
			}
		}
		return names
	}
	if diff := cmp.Diff(names("sqlite"), names("postgres")); diff != "" {
		t.Errorf("files differ (-sqlite +postgres):\n%s", diff)
	}
}

// TestSchema compares the schema after all migrations with testdata/schema.txt.
// Both databases are told in the same words, so that they are compared with
// each other too. A change there that nobody meant is a migration that does
// something else than it should; one that was meant is written with -update.
func TestSchema(t *testing.T) {
	const file = "testdata/schema.txt"
	t.Run("sqlite", func(t *testing.T) {
		got := describeSQLite(t, migrated(t, sqliteFile(t)).handles[0])
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		compareSchema(t, file, got)
	})
	t.Run("postgres", func(t *testing.T) {
		compareSchema(t, file, describePostgres(t, migrated(t, storetest.Postgres(t)).handles[0]))
	})
}

func compareSchema(t *testing.T, file, got string) {
	t.Helper()
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("schema (-testdata +database):\n%s", diff)
	}
}

// rowsOf runs a query that gives texts.
func rowsOf(t *testing.T, db *sql.DB, query string, args ...any) (rows [][]string) {
	t.Helper()
	r, err := db.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	columns, err := r.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for r.Next() {
		row, into := make([]string, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := r.Scan(into...); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// kinds are the five kinds of column under their names in both databases.
var kinds = map[string]string{"text": "text", "integer": "integer", "bigint": "integer", "numeric": "truth", "boolean": "truth",
	"datetime": "time", "timestamp with time zone": "time", "blob": "bytes", "bytea": "bytes"}

func kind(t *testing.T, column, declared string) string {
	k, ok := kinds[declared]
	if !ok {
		t.Errorf("%s is of type %q", column, declared)
	}
	return k
}

var (
	constraint = regexp.MustCompile(`CONSTRAINT (\w+) (PRIMARY KEY|FOREIGN KEY|CHECK|UNIQUE)([^\n]*)`)
	references = regexp.MustCompile(`\(([^)]*)\) REFERENCES (\w+) ?\(([^)]*)\)`)
	event      = regexp.MustCompile(`(BEFORE|AFTER) (INSERT|UPDATE|DELETE) ON \w+`)
)

func describeSQLite(t *testing.T, db *sql.DB) string {
	var lines []string
	for _, table := range rowsOf(t, db, "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'") {
		name := table[0]
		lines = append(lines, name)
		for _, c := range rowsOf(t, db, `SELECT name, lower(type), "notnull", coalesce(dflt_value, '') FROM pragma_table_info(?)`, name) {
			lines = append(lines, column(t, name, c))
		}
		named := map[string]int{}
		for _, m := range constraint.FindAllStringSubmatch(table[1], -1) {
			named[m[2]]++
			lines = append(lines, constraintLine(name, m[1], m[2], m[3]))
		}
		if n := rowsOf(t, db, "SELECT count(DISTINCT id) FROM pragma_foreign_key_list(?)", name)[0][0]; n != fmt.Sprint(named["FOREIGN KEY"]) {
			t.Errorf("%s: %s foreign keys, %d of them named", name, n, named["FOREIGN KEY"])
		}
		if checks := strings.Count(table[1], "CHECK"); checks != named["CHECK"] || named["PRIMARY KEY"] != 1 {
			t.Errorf("%s: a constraint has no name", name)
		}
	}
	for _, x := range rowsOf(t, db, "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL") {
		text, where, _ := strings.Cut(x[2], " WHERE ")
		columns := text[strings.Index(text, "(")+1 : strings.LastIndex(text, ")")]
		lines = append(lines, indexLine(x[0], x[1], strings.HasPrefix(x[2], "CREATE UNIQUE"), columns, where))
	}
	for _, x := range rowsOf(t, db, "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'") {
		lines = append(lines, triggerLine(x[0], x[1], x[2]))
	}
	return joined(lines)
}

func describePostgres(t *testing.T, db *sql.DB) string {
	var lines []string
	for _, table := range rowsOf(t, db, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT LIKE 'goose_%'") {
		name := table[0]
		lines = append(lines, name)
		for _, c := range rowsOf(t, db, `SELECT column_name, data_type, CASE is_nullable WHEN 'NO' THEN '1' ELSE '0' END, coalesce(column_default, '')
			FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`, name) {
			lines = append(lines, column(t, name, c))
		}
		for _, c := range rowsOf(t, db, `SELECT conname, CASE contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'c' THEN 'CHECK' ELSE 'UNIQUE' END,
			pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('p', 'f', 'c', 'u')`, name) {
			lines = append(lines, constraintLine(name, c[0], c[1], c[2]))
		}
	}
	for _, x := range rowsOf(t, db, `SELECT t.relname, i.relname, x.indisunique::text,
		(SELECT string_agg(pg_get_indexdef(x.indexrelid, k, true), ', ' ORDER BY k) FROM generate_series(1, x.indnkeyatts) k),
		coalesce(pg_get_expr(x.indpred, x.indrelid), '')
		FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = t.relnamespace
		WHERE n.nspname = 'public' AND NOT x.indisprimary AND t.relname NOT LIKE 'goose_%'`) {
		lines = append(lines, indexLine(x[0], x[1], x[2] == "true", x[3], x[4]))
	}
	for _, x := range rowsOf(t, db, `SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal`) {
		lines = append(lines, triggerLine(x[0], x[1], strings.ReplaceAll(x[2], "public.", "")))
	}
	return joined(lines)
}

func triggerLine(table, name, definition string) string {
	m := event.FindStringSubmatch(definition)
	return fmt.Sprintf("%s trigger %s %s %s", table, name, strings.ToLower(m[1]), strings.ToLower(m[2]))
}

func column(t *testing.T, table string, c []string) string {
	null := "null"
	if c[2] == "1" {
		null = "not null"
	}
	line := fmt.Sprintf("%s column %s %s %s", table, c[0], kind(t, table+"."+c[0], c[1]), null)
	if c[3] != "" {
		line += " default " + strings.TrimSuffix(c[3], "::text")
	}
	return line
}

func constraintLine(table, name, what, rest string) string {
	line := fmt.Sprintf("%s %s %s", table, strings.ToLower(what), name)
	switch what {
	case "FOREIGN KEY":
		m := references.FindStringSubmatch(rest)
		line += fmt.Sprintf(" (%s) to %s (%s)", m[1], m[2], m[3])
	case "PRIMARY KEY", "UNIQUE":
		line += " " + strings.ReplaceAll(rest[strings.Index(rest, "("):strings.Index(rest, ")")+1], `"`, "")
	}
	return line
}

// plain undoes how PostgreSQL writes an expression that it was given.
var plain = strings.NewReplacer("= ANY (ARRAY[", "in ", "])", "", "::text", "", "(", "", ")", "", `"`, "")

func indexLine(table, name string, unique bool, columns, where string) string {
	line := table + " index " + name
	if unique {
		line = table + " unique index " + name
	}
	line += " (" + strings.ToLower(strings.Join(strings.Fields(plain.Replace(columns)), " ")) + ")"
	if where != "" {
		line += " where " + strings.ToLower(plain.Replace(where))
	}
	return line
}

func joined(lines []string) string {
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// TestChecksCompare holds the tables that each badge goes into to checks that
// compare: for a list of three or more, SQLite builds a table of its own for every row.
// They still refuse what is in no list.
func TestChecksCompare(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	sample(t, s)
	db := s.handles[0]
	for _, table := range []string{"completions", "awards", "status_entries", "credentials", "signed_copies", "log_salts", "log_leaves", "messages", "audit_entries"} {
		ops, err := db.QueryContext(t.Context(), "EXPLAIN INSERT INTO "+table+" DEFAULT VALUES")
		if err != nil {
			t.Fatal(err)
		}
		for ops.Next() {
			var op string
			var rest any
			if err := ops.Scan(&rest, &op, &rest, &rest, &rest, &rest, &rest, &rest); err != nil {
				t.Fatal(err)
			}
			if op == "OpenEphemeral" {
				t.Errorf("%s: a row that is added needs a table of its own", table)
			}
		}
		if err := errors.Join(ops.Err(), ops.Close()); err != nil {
			t.Fatal(err)
		}
	}
	for table, columns := range map[string][]string{"awards": {"fact", "state", "visibility"}, "completions": {"source"}, "status_entries": {"reason"}, "messages": {"state", "withheld"}} {
		for _, c := range columns {
			refused(t, db, table, "UPDATE "+table+" SET "+c+" = 'neither'")
		}
	}
	refused(t, db, "log_leaves", "INSERT INTO log_leaves (id, issuer_id, credential_id, type, at, data) SELECT 'other', issuer_id, credential_id, 'neither', at, data FROM log_leaves")
}

// refused has a statement refused by a check of the table.
func refused(t *testing.T, db *sql.DB, table, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "ck_"+table+"_") {
		t.Errorf("%s: %v", statement, err)
	}
}
