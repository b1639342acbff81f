package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/migrations"
)

// A crowd is the service of the access matrix, with the same few people and
// things, among many others: people with six badges each in cohorts of two
// programs, of which there are 200, or fewer where there are not 25 people for
// each. A fiftieth of them, of a small crowd up to half, learn in craft-1, which
// lead mentors and owner runs. Learner holds more than forty badges.
//
// People, completions and badges are made by the acts that everyone uses, so
// each badge is signed, logged and verified. What hangs on them, capstones,
// reviews, mails, views, sessions and so on, is written by the store itself,
// row by row as the acts would leave it, but for one thing: capstones that are
// approved here have earned nobody a badge.
type crowd struct {
	*issuertest.Service
	things *strings.Replacer // what stands for the names in the rows of access
}

// crowdSize is how many people $HALLMARK_PEOPLE asks for: 50,000 are what the
// figures of pages are held to, 50 are for finding out that it all still runs.
func crowdSize(t testing.TB) int {
	t.Helper()
	text := os.Getenv("HALLMARK_PEOPLE")
	if text == "" {
		return 50
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 50 {
		t.Fatal("HALLMARK_PEOPLE is a number of people, 50 or more")
	}
	return n
}

// crowdBase is the base URL of every crowd: it is kept with the records.
const crowdBase = "http://127.0.0.1:9"

// kept is what a crowd is found again by, beside its database.
type kept struct {
	People map[string]issuer.PersonID
	Things []string
}

// crowdFile gives the path of the database of a crowd of so many people. One is
// made for each schema and kept in the folder for temporary files, since a
// large one takes minutes; what it is found again by lies beside it. In the folder
// $HALLMARK_CROWD one is kept whatever the schema, and brought up to date.
func crowdFile(t testing.TB, people int) (path string, k kept) {
	t.Helper()
	path = filepath.Join(os.TempDir(), fmt.Sprintf("hallmark-crowd-%s-%d.db", schemaDigest(t), people))
	if folder := os.Getenv("HALLMARK_CROWD"); folder != "" {
		path = filepath.Join(folder, fmt.Sprintf("crowd-%d.db", people))
	}
	if text, err := os.ReadFile(path + ".json"); err == nil && json.Unmarshal(text, &k) == nil && k.complete() {
		return path, k
	}
	made := filepath.Join(t.TempDir(), "crowd.db")
	t.Logf("making a crowd of %d people, to be kept as %s", people, path)
	k = makeCrowd(t, made, people)
	copyFile(t, made, path)
	text, err := json.Marshal(k)
	mustDo(t, err)
	mustDo(t, os.WriteFile(path+".json", text, 0o600))
	return path, k
}

// complete tells whether every name in the rows of access stands for a thing.
func (k kept) complete() bool {
	for _, row := range access {
		for _, name := range regexp.MustCompile(`\{\w+\}`).FindAllString(row.path, -1) {
			if name != "{grant}" && name != "{root}" && !slices.Contains(k.Things, name) {
				return false
			}
		}
	}
	return true
}

// schemaDigest names what a crowd is made of: the migrations and these files.
func schemaDigest(t testing.TB) string {
	t.Helper()
	h := sha256.New()
	mustDo(t, fs.WalkDir(migrations.Files, "sqlite", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := migrations.Files.ReadFile(path)
		h.Write(text)
		return err
	}))
	for _, file := range []string{"crowd_test.go", "crowdrows_test.go"} {
		text, err := os.ReadFile(file)
		mustDo(t, err)
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	mustDo(t, err)
	defer in.Close()
	out, err := os.Create(to)
	mustDo(t, err)
	_, err = io.Copy(out, in)
	mustDo(t, errors.Join(err, out.Close()))
}

func mustDo(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// openCrowd starts a service on a copy of the records of a crowd: in a SQLite
// file, or in the PostgreSQL database of the options, which must be empty.
func openCrowd(t testing.TB, people int, o issuertest.Options) *crowd {
	t.Helper()
	path, k := crowdFile(t, people)
	o.Base = crowdBase
	if o.DSN == "" && os.Getenv("HALLMARK_CROWD") != "" {
		o.DSN = path // pages change little
	} else if o.DSN != "" {
		loadInto(t, path, o.DSN)
	} else {
		o.DSN = filepath.Join(t.TempDir(), "hallmark.db")
		copyFile(t, path, o.DSN)
	}
	c := &crowd{issuertest.Open(t, o, k.People), strings.NewReplacer(k.Things...)}
	c.Publish(t)
	if n := c.counted(t); n > 0 && o.DSN == path {
		return c
	}
	for range min(people, 60) { // a few at a time, as while it serves; more often than there are cohorts
		mustDo(t, c.Registrar.Count(t.Context()))
	}
	return c
}

// counted is how much was counted already of what pages show.
func (c *crowd) counted(t testing.TB) int {
	t.Helper()
	all, err := store.Read(t.Context(), c.Store, (*store.Tx).Overviews)
	mustDo(t, err)
	return len(all)
}

// loadInto fills an empty database with the records of another one.
func loadInto(t testing.TB, path, dsn string) {
	t.Helper()
	ctx, folder := t.Context(), t.TempDir()
	open := func(dsn string) *store.Store {
		s, err := store.Open(ctx, store.Config{DSN: dsn})
		mustDo(t, err)
		return s
	}
	from, to := open(path), open(dsn)
	var files []*os.File
	schema, err := from.Dump(ctx, func(table string) (io.Writer, error) {
		f, err := os.Create(filepath.Join(folder, table))
		files = append(files, f)
		return f, err
	})
	for _, f := range files {
		err = errors.Join(err, f.Close())
	}
	mustDo(t, errors.Join(err, from.Close()))
	read := func(table string) (io.ReadCloser, error) { return os.Open(filepath.Join(folder, table)) }
	err = to.Load(ctx, schema, read, func(*store.Tx) error { return nil })
	mustDo(t, errors.Join(err, to.Close()))
}

// makeCrowd makes the records of a crowd.
func makeCrowd(t testing.TB, path string, people int) kept {
	t.Helper()
	inner := &making{TB: t}
	defer inner.end()
	s := issuertest.New(inner, issuertest.Options{DSN: path, Base: crowdBase})
	k := kept{People: s.People, Things: prepared(t, s)}
	m := &crowdMaking{TB: t, s: s, people: people, cohorts: min(max(people/25, 4), 200)}
	m.programs()
	m.roster()
	m.completions()
	m.rows()
	mustDo(t, s.Jobs.Sequence(t.Context()))
	s.Publish(t)
	return k
}

// making is a test whose cleaning up is done before the test is over.
type making struct {
	testing.TB
	after []func()
}

func (m *making) Cleanup(f func()) { m.after = append(m.after, f) }

func (m *making) end() {
	for i := len(m.after) - 1; i >= 0; i-- {
		m.after[i]()
	}
}

// crowdMaking is a crowd in the making.
type crowdMaking struct {
	testing.TB
	s       *issuertest.Service
	people  int
	cohorts int
}

// The modules that everyone completes six of, or five and a level.
var craftModules = []string{"M1", "M2", "C3", "C4", "C5"}

const (
	deepModules = 40
	perPerson   = 6
)

// programs widens the program of the sample and adds one with many modules.
func (m *crowdMaking) programs() {
	craft, err := m.s.Registrar.ProgramFile(m.Context(), operator, "craft")
	mustDo(m, err)
	for _, code := range craftModules[2:] {
		addModule(craft, code)
	}
	craft.Cohorts = nil
	deep := &registrar.ProgramFile{Version: 1, Program: registrar.FileProgram{Code: "deep", Name: "Deep Program"}, Levels: craft.Levels}
	for i := range deepModules {
		addModule(deep, fmt.Sprintf("D%02d", i))
	}
	for i := range m.cohorts {
		file := craft
		if i%2 == 1 {
			file = deep
		}
		if code := m.cohort(i); code != "craft-1" && code != "craft-2" {
			file.Cohorts = append(file.Cohorts, registrar.FileCohort{Code: code, Name: "Cohort " + code, TimeZone: "Europe/Berlin",
				Starts: m.day(-80), Ends: m.day(100), Purpose: "Learn together."})
		}
	}
	for _, file := range []*registrar.ProgramFile{craft, deep} {
		file.Edition = ""
		r, err := m.s.Registrar.ImportProgram(m.Context(), operator, file, false)
		if err != nil || len(r.Refused) > 0 {
			m.Fatal(err, r)
		}
	}
}

func addModule(f *registrar.ProgramFile, code string) {
	f.Modules = append(f.Modules, registrar.FileModule{Code: code, Name: "Module " + code, Level: f.Levels[0].Code, Kind: "short", Hours: 2})
	f.Achievements = append(f.Achievements, registrar.FileAchievement{Code: strings.ToLower(code), Name: "Badge " + code, Type: "Badge",
		Award: registrar.FileAward{Module: code}, Description: "Knows what the module is about."})
}

// cohort gives the code of the i-th cohort: every other one is of deep.
func (m *crowdMaking) cohort(i int) string {
	if i%2 == 1 {
		return fmt.Sprintf("deep-%d", i/2+1)
	}
	return fmt.Sprintf("craft-%d", i/2+1)
}

// largest is how many of the crowd learn in craft-1.
func (m *crowdMaking) largest() int { return max(m.people/50, min(m.people/2, 60)) }

// cohortOf is the number of the cohort where a person learns.
func (m *crowdMaking) cohortOf(person int) int {
	if person < m.largest() {
		return 0
	}
	return 1 + person%(m.cohorts-1)
}

func (m *crowdMaking) day(off int) string {
	return m.s.Clock.Now().AddDate(0, 0, off).Format(time.DateOnly)
}

func crowdAddress(person int) string { return fmt.Sprintf("p%d@crowd.example", person) }

// roster adds the people, and two mentors to each cohort.
func (m *crowdMaking) roster() {
	given := []string{"Ada", "Béla", "Chen", "Dunja", "Élodie", "Femi", "Greta", "Hamid", "Ines", "Jonas", "Kaya", "Lars", "Mina", "Noor", "Olu", "Pia", "Quentin", "Rosa", "Sanna", "Tomás"}
	family := []string{"Abbott", "Bauer", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Haddad", "Ito", "Janssen", "Kaur", "Larsen", "Moreau", "Nowak", "Okafor", "Petrov", "Rossi", "Schmidt", "Tanaka", "Weber"}
	departments := []string{"Finance", "Logistics", "People", "Sales", "Works", ""}
	rows := []registrar.PersonRow{{Email: issuertest.Address("learner"), Name: "Leo Learner", Role: "learner", Cohort: "deep-1"}}
	for i := range m.people {
		rows = append(rows, registrar.PersonRow{Email: crowdAddress(i), Name: given[i%20] + " " + family[i/20%20], Role: "learner",
			Cohort: m.cohort(m.cohortOf(i)), Department: departments[i%len(departments)], TimeZone: "Europe/Berlin"})
	}
	for i := range m.cohorts {
		for _, tier := range []string{"lead", "community"} {
			rows = append(rows, registrar.PersonRow{Email: fmt.Sprintf("%s%d@crowd.example", tier, i), Name: "Mentor " + family[i%20],
				Role: "mentor", Tier: tier, Cohort: m.cohort(i)})
		}
	}
	for i := range rows {
		rows[i].Row = i + 2
	}
	r, err := m.s.Registrar.ImportPeople(m.Context(), operator, rows, registrar.ImportOptions{})
	if err != nil || len(r.Refused) > 0 {
		m.Fatal(err, r)
	}
}

// completions records what everyone completed, which gives them their badges.
func (m *crowdMaking) completions() {
	var rows []registrar.CompletionRow
	add := func(email, module, cohort string, days int) {
		rows = append(rows, registrar.CompletionRow{Row: len(rows) + 2, Email: email, Module: module, Cohort: cohort,
			CompletedOn: issuer.Day(m.day(-1 - days)), Score: "80", Unit: "percent"})
	}
	for i := range deepModules {
		add(issuertest.Address("learner"), fmt.Sprintf("D%02d", i), "deep-1", i%60)
	}
	for i := range m.people {
		at := m.cohortOf(i)
		if at%2 == 0 {
			for n, module := range craftModules { // M1 and M2 give a level as well
				add(crowdAddress(i), module, m.cohort(at), (i+n*11)%70)
			}
			continue
		}
		for n := range perPerson {
			add(crowdAddress(i), fmt.Sprintf("D%02d", (i+n)%deepModules), m.cohort(at), (i+n*11)%70)
		}
	}
	const file = 10_000
	for len(rows) > 0 {
		n := min(file, len(rows))
		r, err := m.s.Registrar.ImportCompletions(m.Context(), operator, rows[:n], registrar.ImportOptions{})
		if err != nil || len(r.Refused) > 0 {
			m.Fatal(err, r.Refused[:min(len(r.Refused), 3)])
		}
		rows = rows[n:]
	}
}
