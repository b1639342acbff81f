package web_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"hallmark/issuer/issuertest"
	"hallmark/issuer/store/storetest"
)

// A page takes at most mostStatements, and in a larger crowd at most more of them
// than in a small one: what was defined may have to be read up, and there are things
// to look at that nobody had before. The desk of stories asks of each that it shows
// whether its badges stand, which are perRow at most. The trail reads on through what
// is not the caller's until a page is full, its names perNames at a time.
const (
	mostStatements = 60
	more           = 8
	perRow         = 24
	perNames       = 10
)

// TestPagesDoNotGrow: with a crowd ten times as large a page takes no more
// statements than before, and none of them reads through a table that grows with
// people.
func TestPagesDoNotGrow(t *testing.T) {
	few, _ := askAll(t, 20, "")
	many, dsn := askAll(t, 200, "")
	for _, page := range slices.Sorted(maps.Keys(many)) {
		most := min(mostStatements, len(few[page])+more)
		if strings.HasSuffix(page, "/stories") {
			most += perRow
		}
		if strings.Contains(page, "/trail?") {
			most += perNames
		}
		if strings.HasSuffix(page, "/trail.csv") {
			continue // the sheet of the trail is all of it
		}
		if n := len(many[page]); n > most {
			t.Errorf("%s takes %d statements, and %d in a crowd that is a tenth of it", page, n, len(few[page]))
		}
	}
	readThrough(t, scansOfSQLite(t, dsn), many)
	t.Run("postgres", func(t *testing.T) {
		asked, dsn := askAll(t, 20, storetest.Postgres(t))
		readThrough(t, scansOfPostgres(t, dsn), asked)
	})
}

// askAll asks for every page with a crowd of so many people in the database, and
// gives what each asks of that.
func askAll(t *testing.T, people int, dsn string) (asked map[string][]string, at string) {
	t.Helper()
	if at = dsn; at == "" {
		at = filepath.Join(t.TempDir(), "hallmark.db")
	}
	heard := &statements{}
	c := openCrowd(t, people, issuertest.Options{DSN: at, Statement: heard.add})
	asked = map[string][]string{}
	for _, q := range c.questions() {
		c.ask(t, q) // what is remembered is read up
		heard.take()
		c.ask(t, q)
		asked[q.kind+" "+q.row] = heard.take()
	}
	return asked, at
}

// statements hears what is asked of a database.
type statements struct {
	mu  sync.Mutex
	all []string
}

func (s *statements) add(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, text)
}

// take gives what was asked since it was last called.
func (s *statements) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.all
	s.all = nil
	return all
}

// small are the tables that grow with programs, keys and lists, not with people, or
// hold only what waits while issuing is stopped.
var small = []string{"achievements", "achievement_versions", "audit_heads", "briefs", "clients", "cohorts", "copy_examples", "deferred_facts", "former_identities",
	"instances", "instance_lists", "issuers", "keys", "levels", "modules", "pictures", "programs", "settings", "skills", "slip_keys", "staple_keys", "status_lists"}

// whole are parts of the statements that may read through a large table: how many
// people there are is counted along an index, by what the gallery can be narrowed
// is asked of every story in it while there are few, and a part of a name, of an
// address or of a story is looked for in all of them, but not for long.
var whole = []string{`UNION ALL SELECT person_id FROM emails WHERE`, `SELECT count(*) FROM (SELECT 1 FROM stories WHERE`,
	`SELECT (SELECT count(*) FROM people) - (SELECT count(*) FROM people WHERE erased_at IS NOT NULL)`, `SELECT program_id, brief_id, department, count(*) AS stories FROM "stories"`}

// readThrough complains of statements that read through a large table, as the
// database says how it would go about them.
func readThrough(t *testing.T, scans func(statement string) []string, asked map[string][]string) {
	t.Helper()
	known := map[string]bool{}
	for _, page := range slices.Sorted(maps.Keys(asked)) {
		for _, text := range asked[page] {
			if known[text] || !strings.HasPrefix(text, "SELECT") {
				continue
			}
			known[text] = true
			if slices.ContainsFunc(whole, func(part string) bool { return strings.Contains(text, part) }) {
				continue
			}
			for _, table := range scans(text) {
				if !slices.Contains(small, table) {
					t.Errorf("%s reads through %s: %s", page, table, text)
				}
			}
		}
	}
}

var (
	scanLine = regexp.MustCompile(`^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?`)
	numbered = regexp.MustCompile(`\$(\d+)\$?`) // as the log of gorm writes parameters, too
	limited  = regexp.MustCompile(`\bLIMIT \?|\bLIMIT \$?\d+`)
)

// scansOfSQLite names the tables that a statement reads through. To walk along an
// index until a page is full is none, nor is to read an index of those rows alone
// that wait for someone or of people who were erased.
func scansOfSQLite(t *testing.T, dsn string) func(string) []string {
	db, err := sql.Open("sqlite", dsn)
	mustDo(t, err)
	t.Cleanup(func() { mustDo(t, db.Close()) })
	partial := func(index string) (yes bool) {
		mustDo(t, db.QueryRow(`SELECT count(*) > 0 FROM sqlite_master WHERE type = 'index' AND name = ? 
			AND (sql LIKE '% WHERE state = ''open''%' OR sql LIKE '% WHERE state = ''failed''%' OR sql LIKE '% WHERE bounced_at IS NOT NULL%' OR sql LIKE '% WHERE erased_at IS NOT NULL%')`, index).Scan(&yes))
		return yes
	}
	return func(text string) (tables []string) {
		rows, err := db.Query("EXPLAIN QUERY PLAN "+text, make([]any, strings.Count(text, "?"))...)
		mustDo(t, err)
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var line string
			mustDo(t, rows.Scan(&id, &parent, &unused, &line))
			found := scanLine.FindStringSubmatch(line)
			if found == nil || found[2] != "" && (limited.MatchString(text) || partial(found[2])) {
				continue
			}
			if table := tableOf(text, found[1]); table != "" {
				tables = append(tables, table)
			}
		}
		mustDo(t, rows.Err())
		return tables
	}
}

// tableOf gives the table that a statement calls by a short name: "" for what is
// none, such as a part of the statement itself.
func tableOf(text, name string) string {
	named := regexp.MustCompile(`(?i)(?:FROM|JOIN|,)\s+"?(\w+)"?\s+(?:AS\s+)?"?` + name + `"?\b`).FindStringSubmatch(text)
	if named != nil {
		return named[1]
	}
	if regexp.MustCompile(`(?i)(?:FROM|JOIN|,)\s+"?` + name + `\b`).MatchString(text) {
		return name
	}
	return ""
}

// plan is one step of a plan of PostgreSQL.
type plan struct {
	Node     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Plans    []plan
}

// scansOfPostgres is scansOfSQLite for PostgreSQL. It is told to read through a
// table, which of a small one it would always do, only where no index has what the
// statement looks for; where it would walk along an index it can then not.
func scansOfPostgres(t *testing.T, dsn string) func(string) []string {
	c, err := pgx.Connect(t.Context(), dsn)
	mustDo(t, err)
	t.Cleanup(func() { mustDo(t, c.Close(context.WithoutCancel(t.Context()))) })
	do := func(text string) {
		_, err := c.Exec(t.Context(), text)
		mustDo(t, err)
	}
	do("ANALYZE")
	do("SET enable_seqscan = off; SET enable_indexscan = off; SET enable_indexonlyscan = off; SET plan_cache_mode = force_generic_plan")
	return func(text string) (tables []string) {
		text = numbered.ReplaceAllString(text, "$$$1")
		do("PREPARE page AS " + text)
		defer do("DEALLOCATE page")
		nulls := strings.TrimSuffix(strings.Repeat("NULL, ", parameters(text)), ", ")
		if nulls != "" {
			nulls = "(" + nulls + ")"
		}
		var said []byte
		mustDo(t, c.QueryRow(t.Context(), "EXPLAIN (FORMAT JSON) EXECUTE page"+nulls).Scan(&said))
		var plans []struct{ Plan plan }
		mustDo(t, json.Unmarshal(said, &plans))
		for all := []plan{plans[0].Plan}; len(all) > 0; all = all[1:] {
			all = append(all, all[0].Plans...)
			if all[0].Node == "Seq Scan" && !limited.MatchString(text) {
				tables = append(tables, all[0].Relation)
			}
		}
		return tables
	}
}

// parameters counts those of a statement, which are numbered without gaps.
func parameters(text string) int {
	all := regexp.MustCompile(`\$\d+`).FindAllString(text, -1)
	slices.Sort(all)
	return len(slices.Compact(all))
}
