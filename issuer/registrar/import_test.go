package registrar

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TestProgramProblems: everything wrong with a file is told at once, each with
// where, and nothing is written.
func TestProgramProblems(t *testing.T) {
	tests := map[string]func(p *ProgramFile){
		"version":                      func(p *ProgramFile) { p.Version = 2 },
		"program.code":                 func(p *ProgramFile) { p.Program.Code = "no code" },
		"program.name":                 func(p *ProgramFile) { p.Program.Name = "" },
		"issuer.name":                  func(p *ProgramFile) { p.Issuer = &FileIssuer{Name: "\u202e"} },
		"issuer.url":                   func(p *ProgramFile) { p.Issuer = &FileIssuer{Name: "A", URL: "javascript:x"} },
		"issuer.email":                 func(p *ProgramFile) { p.Issuer = &FileIssuer{Name: "A", Email: "x"} },
		"skills[0].url":                func(p *ProgramFile) { p.Skills[0].URL = "x" },
		"skills[1].code":               func(p *ProgramFile) { p.Skills[1].Code = "data" },
		"levels[1].order":              func(p *ProgramFile) { p.Levels[1].Order = 1 },
		"modules[0].level":             func(p *ProgramFile) { p.Modules[0].Level = "none" },
		"modules[0].kind":              func(p *ProgramFile) { p.Modules[0].Kind = "long" },
		"modules[0].skills[0]":         func(p *ProgramFile) { p.Modules[0].Skills = []string{"none"} },
		"modules[1].requires[0]":       func(p *ProgramFile) { p.Modules[1].Requires = []string{"none"} },
		"modules[1].requires[1]":       func(p *ProgramFile) { p.Modules[1].Requires = []string{"M1", "M1"} },
		"modules":                      func(p *ProgramFile) { p.Modules[0].Requires = []string{"M2"} },
		"modules[1].pass":              func(p *ProgramFile) { p.Modules[1].Pass = pointer(101) },
		"modules[0].hours":             func(p *ProgramFile) { p.Modules[0].Hours = -1 },
		"capstones[0].level":           func(p *ProgramFile) { p.Capstones[0].Level = "none" },
		"capstones[0].team":            func(p *ProgramFile) { p.Capstones[0].Team = FileTeam{3, 2} },
		"capstones[0].requires[0]":     func(p *ProgramFile) { p.Capstones[0].Requires = []string{"none"} },
		"capstones[0].approvals.count": func(p *ProgramFile) { p.Capstones[0].Approvals.Count = 3 },
		"capstones[0].policy":          func(p *ProgramFile) { p.Capstones[0].Policy = FilePolicy{Version: "1"} },
		"capstones[0].policy.version": func(p *ProgramFile) {
			p.Capstones[0].Scope, p.Capstones[0].Policy = true, FilePolicy{URL: "https://example.org/policy"}
		},
		"capstones[0].policy.url": func(p *ProgramFile) {
			p.Capstones[0].Scope, p.Capstones[0].Policy = true, FilePolicy{"1", "javascript:alert(1)"}
		},
		"capstones[0].evidence[1]":        func(p *ProgramFile) { p.Capstones[0].Evidence = []string{"link", "link"} },
		"capstones[0].rubric[0].levels":   func(p *ProgramFile) { p.Capstones[0].Rubric[0].Levels = []string{"sound"} },
		"capstones[0].rubric[0].required": func(p *ProgramFile) { p.Capstones[0].Rubric[0].Required = "great" },
		"capstones[0].rubric[1].code":     func(p *ProgramFile) { p.Capstones[0].Rubric[1].Code = "build" },
		"achievements[0].type":            func(p *ProgramFile) { p.Achievements[0].Type = "Sticker" },
		"achievements[0].award":           func(p *ProgramFile) { p.Achievements[0].Award.Reviews = 3 },
		"achievements[0].award.module":    func(p *ProgramFile) { p.Achievements[0].Award.Module = "none" },
		"achievements[3].award.capstone":  func(p *ProgramFile) { p.Achievements[3].Award.Capstone = "none" },
		"achievements[2].award.all[0]":    func(p *ProgramFile) { p.Achievements[2].Award.All = []string{"none"} },
		"achievements":                    func(p *ProgramFile) { p.Achievements[2].Award.All = []string{"all"} },
		"achievements[6].award.reviews":   func(p *ProgramFile) { p.Achievements[6].Award.Reviews = -1 },
		"achievements[0].description":     func(p *ProgramFile) { p.Achievements[0].Description = "" },
		"achievements[0].validMonths":     func(p *ProgramFile) { p.Achievements[0].ValidMonths = -1 },
		"achievements[0].icon":            func(p *ProgramFile) { p.Achievements[0].Icon = "skull" },
		"achievements[0].colour":          func(p *ProgramFile) { p.Achievements[0].Colour = "gold" },
		"cohorts[0].starts":               func(p *ProgramFile) { p.Cohorts[0].Starts = "2026-02-30" },
		"cohorts[0].ends":                 func(p *ProgramFile) { p.Cohorts[0].Ends = "2026-08-01" },
		"cohorts[0].timeZone":             func(p *ProgramFile) { p.Cohorts[0].TimeZone = "Mars/Olympus" },
		"cohorts[1].code":                 func(p *ProgramFile) { p.Cohorts[1].Code = "autumn" },
	}
	k := NewKit(t, false)
	for where, spoil := range tests {
		p := program()
		spoil(p)
		result, err := k.ImportProgram(t.Context(), system, p, false)
		if err != nil || result.Written {
			t.Errorf("%s: %v %+v", where, err, result)
			continue
		}
		if !slices.ContainsFunc(result.Refused, func(r RowProblem) bool { return r.Field == where && r.Reason != "" }) {
			t.Errorf("%s: told %v", where, result.Refused)
		}
	}
	programs, err := k.Programs(t.Context(), system)
	if err != nil || len(programs) != 0 {
		t.Errorf("a spoilt file left %v %v", programs, err)
	}
	if _, err := k.ImportProgram(t.Context(), system, program(), false); err != nil {
		t.Fatal(err)
	}
	other := &ProgramFile{Version: 1, Program: FileProgram{Code: "other", Name: "Other"}, Cohorts: program().Cohorts[:1]}
	result, err := k.ImportProgram(t.Context(), system, other, false)
	if err != nil || result.Written || len(result.Refused) != 1 || result.Refused[0].Field != "cohorts[0].code" {
		t.Errorf("a cohort of another program: %v %+v", err, result)
	}
}

// TestProgramAgain: a second import changes what changed and no more, makes
// new versions of achievements, and removes nothing.
func TestProgramAgain(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M1", "2026-10-01", "")
	before, err := c.Badge(t.Context(), c.as("lea"), c.badge())
	if err != nil {
		t.Fatal(err)
	}
	p := program()
	p.Achievements[0].Description = "Did the first, well."
	p.Modules[1].Pass = pointer(70)
	p.Program.Purpose = "To make."
	p.Achievements = p.Achievements[:7] // "thanks" is not named
	dry, err := c.ImportProgram(t.Context(), c.as("owen"), p, true)
	if err != nil || dry.Written {
		t.Fatal(err, dry)
	}
	wet, err := c.ImportProgram(t.Context(), c.as("owen"), p, false)
	if err != nil || !wet.Written {
		t.Fatal(err, wet)
	}
	wet.Written = false
	if diff := cmp.Diff(dry, wet); diff != "" {
		t.Errorf("the rehearsal told otherwise: %s", diff)
	}
	// The program, M2, the wording of M1 and the criteria of M2, which are
	// made from its pass mark.
	if wet.Added != 0 || wet.Changed != 4 || len(wet.Warnings) != 1 || !strings.Contains(wet.Warnings[0].Reason, "thanks") {
		t.Errorf("%+v", wet)
	}
	after, err := c.Badge(t.Context(), c.as("lea"), c.badge())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("a badge changed its meaning: %s", diff)
	}
	if r := c.complete("ola", "M1", "2026-10-01", ""); r.Credentials[0].Achievement.Version != 2 || r.Credentials[0].Achievement.Description != "Did the first, well." {
		t.Errorf("a new badge says %+v", r.Credentials[0].Achievement)
	}
	if r := c.complete("ola", "M2", "2026-10-01", "75"); !r.Completion.Passed {
		t.Error("the new pass mark does not count")
	}
	if r := c.complete("lea", "M1", "2026-10-09", ""); len(r.Credentials) != 0 {
		t.Error("a new version awarded again by itself")
	}
	if _, err := c.AwardAchievement(t.Context(), c.as("owen"), NewAward{Achievement: "thanks", Person: PersonRef{ID: c.ids["lea"]}, Reason: "x"}); err != nil {
		t.Errorf("what the file did not name is gone: %v", err)
	}
}

// TestPeopleRows: what a roster may hold and what it may not.
func TestPeopleRows(t *testing.T) {
	k := NewKit(t, false)
	if _, err := k.ImportProgram(t.Context(), system, program(), false); err != nil {
		t.Fatal(err)
	}
	rows := []PersonRow{
		{Email: "a@example.org", Name: "A", Cohort: "autumn", Role: "learner", TimeZone: "Europe/Berlin"},
		{Email: " A@Example.org", Name: "Another", Cohort: "spring", Role: "learner"},
		{Email: "not an address", Name: "B", Cohort: "autumn"},
		{Email: "c@example.org", Name: "", Cohort: "autumn"},
		{Email: "d@example.org", Name: "\u2066D", Cohort: "autumn"},
		{Email: "e@example.org", Name: "E", Cohort: "winter"},
		{Email: "f@example.org", Name: "F", Cohort: ""},
		{Email: "g@example.org", Name: "G", Cohort: "autumn", TimeZone: "Local"},
		{Email: "h@example.org", Name: "H", Cohort: "autumn", Role: "chief"},
		{Email: "i@example.org", Name: "I", Cohort: "autumn", Role: "mentor"},
		{Email: "j@example.org", Name: "J", Cohort: "autumn", Role: "learner", Tier: "lead"},
		{Email: "k@example.org", Name: "K", Cohort: "autumn", Problem: &RowProblem{Field: "x", Reason: "Unreadable."}},
	}
	for i := range rows {
		rows[i].Row = i + 2
	}
	result, err := k.ImportPeople(t.Context(), system, rows, ImportOptions{SkipWrong: true})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, r := range result.Refused {
		told = append(told, fmt.Sprint(r.Row, r.Field))
	}
	want := "4email 5name 6name 7cohort 8cohort 9timeZone 10role 11mentor_tier 12mentor_tier 13x"
	if got := strings.Join(told, " "); got != want {
		t.Errorf("refused %s\nwant    %s", got, want)
	}
	if result.Added != 1 || result.Changed != 1 || len(result.Warnings) != 3 {
		t.Errorf("%+v", result)
	}
	p, err := k.FindPerson(t.Context(), system, "a@example.org")
	if err != nil || p.Name != "A" || len(p.Enrollments) != 2 {
		t.Errorf("%v %+v", err, p)
	}
	moved := []PersonRow{{Row: 2, Email: "a@example.org", Name: "A", Department: "Sales", Cohort: "autumn", Role: "learner", TimeZone: "Europe/Berlin"}}
	again, err := k.ImportPeople(t.Context(), system, moved, ImportOptions{})
	if err != nil || again.Changed != 1 || again.Added != 0 {
		t.Errorf("a changed row: %v %+v", err, again)
	}
}

// TestForeignPeople: who runs one program gives people of others a place in
// theirs, and changes nothing else about them.
func TestForeignPeople(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	var rows []PersonRow
	for i, who := range []string{"lea", "none", "root"} {
		rows = append(rows, PersonRow{Row: i + 2, Email: who + "@example.org", Name: "Renamed", Cohort: "autumn"})
	}
	if result, err := c.ImportPeople(t.Context(), c.as("owen"), rows, ImportOptions{}); err != nil || !result.Written {
		t.Fatal(err, result)
	}
	for who, want := range map[string]string{"lea": "Renamed", "none": "No Role", "root": "Root"} {
		p, err := c.FindPerson(t.Context(), system, who+"@example.org")
		if err != nil || p.Name != want || len(p.Enrollments) != 1 {
			t.Errorf("%s: %v %+v", who, err, p)
		}
	}
}

// TestImportNotify: an import mails about badges, and invites new people,
// only if asked to.
func TestImportNotify(t *testing.T) {
	for _, notify := range []bool{false, true} {
		c := newCast(t, NewKit(t, false))
		rows := []CompletionRow{{Row: 2, Email: "lea@example.org", Module: "M1", CompletedOn: "2026-10-01"}}
		if _, err := c.ImportCompletions(t.Context(), system, rows, ImportOptions{Notify: notify}); err != nil {
			t.Fatal(err)
		}
		if got := c.Mails(t); got != map[bool]int{true: 1}[notify] {
			t.Errorf("notify %v: %d mails about badges", notify, got)
		}
		people := []PersonRow{{Row: 2, Email: "new@example.org", Name: "New", Cohort: "autumn"}, {Row: 3, Email: "lea@example.org", Name: "Lea Learner", Cohort: "autumn"}}
		if _, err := c.ImportPeople(t.Context(), system, people, ImportOptions{Notify: notify}); err != nil {
			t.Fatal(err)
		}
		if got := c.Mails(t); got != map[bool]int{true: 2}[notify] {
			t.Errorf("notify %v: %d mails after the roster", notify, got)
		}
	}
}

// TestAllOrNothing: by default one wrong row means that nothing is written.
func TestAllOrNothing(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	before := c.rows(t)
	rows := []CompletionRow{
		{Row: 2, Email: "lea@example.org", Module: "M1", CompletedOn: "2026-10-01"},
		{Row: 3, Email: "lea@example.org", Module: "M9", CompletedOn: "2026-10-01"},
	}
	done := 0
	result, err := c.ImportCompletions(t.Context(), system, rows, ImportOptions{Progress: func(n, of int) { done = n * 10 / of }})
	if err != nil || result.Written || result.Added != 1 || result.Credentials != 1 || len(result.Refused) != 1 || done != 10 {
		t.Errorf("%v %+v", err, result)
	}
	if diff := cmp.Diff(before, c.rows(t)); diff != "" {
		t.Error(diff)
	}
}

// TestLists: pages follow each other without gap or repeat.
func TestLists(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { lists(t, newCast(t, k)) })
}

func lists(t *testing.T, c *cast) {
	var rows []PersonRow
	var done []CompletionRow
	for i := range 25 {
		email := fmt.Sprintf("p%d@example.org", i)
		rows = append(rows, PersonRow{Row: i, Email: email, Name: "P", Cohort: "spring"})
		done = append(done, CompletionRow{Row: i, Email: email, Module: "M1", CompletedOn: "2026-10-01"})
	}
	if _, err := c.ImportPeople(t.Context(), system, rows, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ImportCompletions(t.Context(), system, done, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	owner, ctx := c.as("owen"), t.Context()
	walk := func(next func(p Page) (ids []string, cursor string, err error)) int {
		seen := map[string]bool{}
		for p := (Page{Limit: 10}); ; {
			ids, cursor, err := next(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range ids {
				if seen[id] {
					t.Errorf("%s is on two pages", id)
				}
				seen[id] = true
			}
			if cursor == "" {
				return len(seen)
			}
			p.Cursor = cursor
		}
	}
	if n := walk(func(p Page) (ids []string, cursor string, err error) {
		l, err := c.Completions(ctx, owner, CompletionFilter{Page: p, Cohort: "spring", Module: "M1"})
		if err != nil {
			return nil, "", err
		}
		for _, i := range l.Items {
			ids = append(ids, string(i.ID))
		}
		return ids, l.Next, nil
	}); n != 25 {
		t.Errorf("%d completions", n)
	}
	if n := walk(func(p Page) (ids []string, cursor string, err error) {
		l, err := c.Credentials(ctx, owner, CredentialFilter{Page: p, Program: "makers", Achievement: "M1", State: issuer.Issued})
		if err != nil {
			return nil, "", err
		}
		for _, i := range l.Items {
			ids = append(ids, string(i.ID))
		}
		return ids, l.Next, nil
	}); n != 25 {
		t.Errorf("%d credentials", n)
	}
	if n := walk(func(p Page) (ids []string, cursor string, err error) {
		l, err := c.People(ctx, owner, PeopleFilter{Page: p, Cohort: "spring", Role: issuer.Learner, Search: "p"})
		if err != nil {
			return nil, "", err
		}
		if l.Total != 25 {
			t.Errorf("%d people in all", l.Total)
		}
		for _, i := range l.Items {
			ids = append(ids, string(i.ID))
		}
		return ids, l.Next, nil
	}); n != 25 {
		t.Errorf("%d people", n)
	}
	if mine, err := c.Completions(ctx, c.as("lea"), CompletionFilter{}); err != nil || len(mine.Items) != 0 {
		t.Errorf("a learner sees others: %v %+v", err, mine)
	}
	if theirs, err := c.Completions(ctx, c.as("lea"), CompletionFilter{Cohort: "spring"}); err != nil || len(theirs.Items) != 0 {
		t.Errorf("a learner sees a cohort: %v %+v", err, theirs)
	}
}

// TestHomeAndReport: what a learner, a mentor and a sponsor are shown adds up.
func TestHomeAndReport(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { homeAndReport(t, newCast(t, k)) })
}

func homeAndReport(t *testing.T, c *cast) {
	ctx := t.Context()
	c.complete("lea", "M1", "2026-10-01", "")
	c.complete("lea", "M2", "2026-10-02", "50")
	id := c.handIn("C1", "lea", "max")
	h, err := c.Home(ctx, c.as("lea"))
	if err != nil {
		t.Fatal(err)
	}
	var next, coming []string
	for _, n := range h.Next {
		switch {
		case n.Module != nil:
			next = append(next, n.Kind+" "+n.Module.Code)
		case n.Brief != nil:
			next = append(next, n.Kind+" "+n.Brief.Code)
		default:
			next = append(next, n.Kind)
		}
	}
	for _, b := range h.Coming {
		coming = append(coming, fmt.Sprintf("%s %d/%d %d", b.Achievement.Code, b.Have, b.Need, len(b.Missing)))
	}
	if got := strings.Join(next, ", "); got != "capstone C2, module M2" {
		t.Errorf("next: %s", got)
	}
	if got := strings.Join(coming, ", "); got != "M2 0/1 1, base 1/2 1, C1 0/1 1, C2 0/1 1, all 0/2 2" {
		t.Errorf("coming: %s", got)
	}
	if len(h.Badges) != 1 || len(h.Completions) != 2 || len(h.Capstones) != 1 || h.Email != "lea@example.org" || len(h.Roles) != 1 || len(h.CanStart) != 1 || len(h.CanStart[0].Peers) != 2 {
		t.Errorf("%+v", h)
	}
	if m, err := c.Home(ctx, c.as("lee")); err != nil || m.QueueWaiting != 1 || len(m.Coming) != 1 || m.Coming[0].Have != 0 || m.Coming[0].Need != 5 {
		t.Errorf("%v %+v", err, m)
	}
	if _, err := c.ReviewCapstone(ctx, c.as("lee"), id, approve(1)); err != nil {
		t.Fatal(err)
	}
	r, err := c.Report(ctx, c.as("spo"), "makers")
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(r.Learners, r.Active, r.Issued, r.Mentors, r.Reviews, r.Modules[0].Passed, r.Modules[1].Passed, r.Modules[1].Attempted,
		r.Capstones.Approved, r.Capstones.FirstTime, r.Impact)
	if got != "3 1 3 3 1 1 0 1 1 1 [{hours saved   {0 0 } {1 1 -7}}]" {
		t.Errorf("report: %s", got)
	}
	p, err := c.Program(ctx, c.as("owen"), "makers")
	if err != nil || len(p.Levels) != 2 || len(p.Levels[0].Modules) != 2 || p.Learners != 3 || p.Badges != 3 || len(p.Cohorts) != 2 || len(p.Cohorts[1].Mentors) != 2 {
		t.Errorf("%v %+v", err, p)
	}
}

// TestPublishedWhileAway: what other verifiers need is served as last read
// when the database does not answer.
func TestPublishedWhileAway(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M1", "2026-10-01", "")
	badge, err := c.Badge(t.Context(), c.as("lea"), c.badge())
	if err != nil {
		t.Fatal(err)
	}
	list, err := store.Write(t.Context(), c.Store, func(tx *store.Tx) (issuer.StatusListID, error) {
		lists, err := tx.StatusLists()
		if err != nil {
			return "", err
		}
		return lists[0].ID, tx.PublishStatusList(&lists[0], []byte("signed"))
	})
	if err != nil {
		t.Fatal(err)
	}
	us, err := store.Read(t.Context(), c.Store, func(tx *store.Tx) (*issuer.Issuer, error) { return tx.Issuer() })
	if err != nil {
		t.Fatal(err)
	}
	p := &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	ask := func() string {
		achievement, err1 := p.Achievement(t.Context(), badge.Achievement.ID)
		bytes, err2 := p.StatusList(t.Context(), kitBase+"/status/"+string(list))
		profile, err3 := p.IssuerProfile(t.Context(), us.ID)
		did, err4 := p.DIDDocument(p.Ring.DID())
		for _, err := range []error{err1, err2, err3, err4} {
			if err != nil {
				t.Error(err)
			}
		}
		return string(achievement) + string(bytes) + string(profile) + string(did)
	}
	before := ask()
	if err := c.Store.Close(); err != nil {
		t.Fatal(err)
	}
	if after := ask(); after != before {
		t.Errorf("%s\n%s", before, after)
	}
	if _, err := p.Badge(t.Context(), badge.ID); err == nil {
		t.Error("a badge was shown without the database")
	}
	if _, err := p.StatusList(t.Context(), "https://elsewhere.example/status/"+string(list)); err != ErrElsewhere {
		t.Errorf("a list elsewhere: %v", err)
	}
}
