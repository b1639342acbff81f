package auditor_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// held is what the audit answers for, by table: every column but those named,
// each with why nothing signed speaks of it.
var held = map[string]map[string]string{
	"credentials":     {},
	"signed_copies":   {},
	"log_salts":       {},
	"log_tiles":       {},
	"log_checkpoints": {},
	"audit_heads":     {},
	"audit_entries":   {},
	"status_entries":  {},
	"log_leaves":      {"id": "nothing refers to a leaf by it"},
	"status_lists": {
		"used":         "a count of the places, made anew",
		"dirty":        "says that it is to be signed anew, which it may be at any time",
		"version":      "counts the signings; the high-water mark holds it",
		"published_at": "says when it is to be signed anew",
		"created_at":   "says which list takes the next entry",
	},
	"pictures":         {"created_at": "when it was drawn; what it shows is held"},
	"endorsements":     {"voided_at": "says that the badge of it never came"},
	"mentor_keys":      {},
	"lost_mentor_keys": {"created_at": "when it became known; since when it counts is held"},
	"past_terms": {
		"cohort_id": "sorts awards",
		"fact":      "points to why; the badge says what",
		"fact_id":   "points to why",
		"reason":    "words, which must stay erasable",
	},
	"awards": {
		"program_id":       "sorts awards; the achievement says what was earned",
		"cohort_id":        "sorts awards",
		"fact":             "points to why; the badge says what",
		"fact_id":          "points to why",
		"reason":           "words, which must stay erasable",
		"revoked_reason":   "words, beside the code that is held",
		"revoked_note":     "words, private",
		"suspended_reason": "words, beside the time that is held",
	},
}

// vandal changes a database past every rule of the program.
type vandal struct {
	t       *testing.T
	db      *sql.DB
	random  *rand.Rand
	columns map[string][]string // by table
	keys    map[string][]string // of the primary key, by table
}

func newVandal(t *testing.T, path string, seed uint64) *vandal {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=synchronous(0)&_pragma=foreign_keys(0)&_pragma=ignore_check_constraints(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	v := &vandal{t: t, db: db, random: rand.New(rand.NewPCG(seed, 7)), columns: map[string][]string{}, keys: map[string][]string{}}
	for _, kind := range []string{"trigger", "index"} {
		for _, row := range v.query("SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL", kind) {
			v.exec("DROP " + kind + " " + row[0].(string))
		}
	}
	for table := range held {
		for _, row := range v.query(fmt.Sprintf("SELECT name, pk FROM pragma_table_info('%s')", table)) {
			v.columns[table] = append(v.columns[table], row[0].(string))
			if row[1].(int64) > 0 {
				v.keys[table] = append(v.keys[table], row[0].(string))
			}
		}
	}
	return v
}

func (v *vandal) exec(statement string, args ...any) {
	v.t.Helper()
	if _, err := v.db.Exec(statement, args...); err != nil {
		v.t.Fatalf("%s: %v", statement, err)
	}
}

func (v *vandal) query(statement string, args ...any) [][]any {
	v.t.Helper()
	rows, err := v.db.Query(statement, args...)
	if err != nil {
		v.t.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		v.t.Fatal(err)
	}
	var all [][]any
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			v.t.Fatal(err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		v.t.Fatal(err)
	}
	return all
}

// raw reads a table as it is stored: without a declared type, times are the
// text that they are kept as.
func (v *vandal) raw(table string) (ids []int64, rows [][]any) {
	var list []string
	for _, c := range v.columns[table] {
		list = append(list, "+"+c)
	}
	for _, row := range v.query("SELECT rowid, " + strings.Join(list, ", ") + " FROM " + table + " ORDER BY rowid") {
		ids, rows = append(ids, row[0].(int64)), append(rows, row[1:])
	}
	return ids, rows
}

// strike does one random harm and gives its name and what undoes it; "" when
// what it drew would change nothing.
func (v *vandal) strike(table string) (what string, undo func()) {
	ids, rows := v.raw(table)
	n := v.random.IntN(len(rows))
	id, row := ids[n], slices.Clone(rows[n])
	all := strings.Join(v.columns[table], ", ")
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(row)), ", ")
	put := func() {
		v.exec("INSERT OR REPLACE INTO "+table+" (rowid, "+all+") VALUES ("+fmt.Sprint(id)+", "+marks+")", row...)
	}
	switch kind := v.random.IntN(10); {
	case kind == 0 && table == "log_checkpoints" && n < len(rows)-1:
		return "", nil // what an earlier one signed, the later ones sign too
	case kind == 0:
		v.exec("DELETE FROM "+table+" WHERE rowid = ?", id)
		return fmt.Sprintf("%s: row %d removed", table, id), put
	case kind == 1: // another row like it, under another key
		double := slices.Clone(row)
		for _, key := range v.keys[table] {
			i := slices.Index(v.columns[table], key)
			double[i], _ = v.other(row[i], nil)
		}
		result, err := v.db.Exec("INSERT INTO "+table+" ("+all+") VALUES ("+marks+")", double...)
		if err != nil {
			return "", nil // there is one of that key
		}
		added, err := result.LastInsertId()
		if err != nil {
			v.t.Fatal(err)
		}
		return fmt.Sprintf("%s: a copy of row %d added", table, id), func() { v.exec("DELETE FROM "+table+" WHERE rowid = ?", added) }
	}
	i := v.random.IntN(len(row))
	column := v.columns[table][i]
	if held[table][column] != "" {
		return "", nil
	}
	if other := v.random.IntN(len(rows)); v.random.IntN(5) == 0 && fmt.Sprint(rows[other][i]) != fmt.Sprint(row[i]) {
		return v.swap(table, column, ids[n], ids[other], row[i], rows[other][i])
	}
	changed, ok := v.other(row[i], func() any { return rows[v.random.IntN(len(rows))][i] })
	if !ok {
		return "", nil
	}
	if _, err := v.db.Exec("UPDATE "+table+" SET "+column+" = ? WHERE rowid = ?", changed, id); err != nil {
		return "", nil // NULL where there is none, a key that exists
	}
	return fmt.Sprintf("%s.%s of row %d: %.60q became %.60q", table, column, id, fmt.Sprint(row[i]), fmt.Sprint(changed)), func() {
		if table == "log_checkpoints" && column == "size" { // which is the rowid by another name
			v.exec("DELETE FROM log_checkpoints WHERE size = ?", changed)
		}
		put()
	}
}

// swap exchanges a value of two rows.
func (v *vandal) swap(table, column string, a, b int64, ofA, ofB any) (what string, undo func()) {
	const put = " = CASE rowid WHEN ? THEN ? ELSE ? END WHERE rowid IN (?, ?)"
	if table == "log_checkpoints" && column == "size" {
		return "", nil // which is the rowid by another name
	}
	if _, err := v.db.Exec("UPDATE "+table+" SET "+column+put, a, ofB, ofA, a, b); err != nil {
		return "", nil // a key, which cannot be that of two rows for a moment
	}
	return fmt.Sprintf("%s.%s of rows %d and %d exchanged", table, column, a, b), func() {
		v.exec("UPDATE "+table+" SET "+column+put, a, ofA, ofB, a, b)
	}
}

// other draws another value than one: another row's, none, or one that differs
// a little.
func (v *vandal) other(value any, neighbour func() any) (any, bool) {
	if neighbour != nil {
		switch v.random.IntN(6) {
		case 0, 1:
			if n := neighbour(); fmt.Sprint(n) != fmt.Sprint(value) {
				return n, true
			}
			return nil, false
		case 2:
			return nil, value != nil
		}
	}
	switch x := value.(type) {
	case nil:
		return nil, false
	case int64:
		return x + 1 + v.random.Int64N(3), true
	case []byte:
		b := slices.Clone(x)
		switch {
		case len(b) == 0:
			return []byte{0}, true
		case v.random.IntN(4) == 0:
			return b[:len(b)-1], true
		case v.random.IntN(4) == 0:
			return append(b, 0), true
		}
		b[v.random.IntN(len(b))] ^= 1 << v.random.IntN(8)
		return b, true
	case string:
		digits := strings.IndexAny(x, "0123456789")
		if isTime := len(x) > 18 && digits == 0 && x[4] == '-'; isTime { // the last digit of the minutes or seconds
			i := []int{15, 18}[v.random.IntN(2)]
			return x[:i] + string('0'+(x[i]-'0'+1)%10) + x[i+1:], true
		}
		if x == "" {
			return "x", true
		}
		b, i := []byte(x), v.random.IntN(len(x))
		if b[i] = 'A' + byte(v.random.IntN(26)); string(b) == x {
			b = append(b, 'x')
		}
		return string(b), true
	}
	v.t.Fatalf("a value of type %T", value)
	return nil, false
}

// TestTampered harms the records at random, one harm at a time, and looks
// whether each is found. HALLMARK_COUNT asks for more of them, and HALLMARK_SEED
// for others; the promise is made for 10,000.
func TestTampered(t *testing.T) {
	harms, seed := 600, uint64(1)
	for name, read := range map[string]func(n uint64){"HALLMARK_COUNT": func(n uint64) { harms = int(n) }, "HALLMARK_SEED": func(n uint64) { seed = n }} {
		if text := os.Getenv(name); text != "" {
			n, err := strconv.ParseUint(text, 10, 63)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			read(n)
		}
	}
	path := filepath.Join(t.TempDir(), "hallmark.db")
	s := issuertest.New(t, issuertest.Options{DSN: path})
	lived(t, s)
	a := auditorOf(s)
	if r := check(t, a); len(r.Findings) > 0 {
		t.Fatalf("before anything was harmed: %+v", r.Findings)
	}
	v := newVandal(t, path, seed)
	tables := slices.Sorted(func(yield func(string) bool) {
		for table := range held {
			if !yield(table) {
				return
			}
		}
	})
	tally := map[string]int{}
	for done := 0; done < harms; {
		table := tables[v.random.IntN(len(tables))]
		what, undo := v.strike(table)
		if what == "" {
			continue
		}
		done++
		tally[table]++
		r, err := a.Check(t.Context())
		if err == nil && len(r.Findings) == 0 {
			t.Errorf("not found: %s", what)
		}
		undo()
		if done%500 == 0 {
			if r := check(t, a); len(r.Findings) > 0 {
				t.Fatalf("after %s was undone: %+v", what, r.Findings)
			}
		}
	}
	t.Logf("%d harms with seed %d: %v", harms, seed, tally)
}
