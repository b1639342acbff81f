package registrar

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
)

// file reads the program as who runs it.
func (c *cast) file() *ProgramFile {
	c.t.Helper()
	f, err := c.ProgramFile(c.t.Context(), c.as("owen"), "makers")
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

// edited applies an edit of the program as it is.
func (c *cast) edited(e ProgramEdit) *ImportResult {
	c.t.Helper()
	e.Edition = c.file().Edition
	r, err := c.EditProgram(c.t.Context(), c.as("owen"), "makers", e, false)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// TestEditSaysWhatItDoes: the rehearsal of an edit tells what it changes, which
// badges keep what they say and who meets the rule without getting a badge;
// and the edit does just that.
func TestEditSaysWhatItDoes(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		for _, who := range []string{"lea", "max"} {
			c.complete(who, "M1", "2026-10-01", "")
		}
		c.complete("lea", "M2", "2026-10-02", "90")
		f := c.file()
		m1, base, brief := f.Modules[0], f.Achievements[2], f.Capstones[0]
		m1.Name, m1.Pass = "The first", pointer(50)
		base.Award.All = []string{"M1"}
		brief.Team.Max = 4
		tests := []struct {
			name string
			edit ProgramEdit
			want []ProgramChange
		}{
			{"nothing", ProgramEdit{Module: &f.Modules[0]}, nil},
			{"a module's name, which its badge quotes", ProgramEdit{Module: &m1}, []ProgramChange{
				{Part: "modules", Code: "M1", Name: "The first", Fields: []FieldChange{{"name", "First", "The first"}, {"pass", "", "50"}}},
				{Part: "achievements", Code: "M1", Name: "First Step", Version: 2, Held: 2, Fields: []FieldChange{
					{"criteria", "Complete the module “First”.", "Complete the module “The first” with at least 50 per cent."}}},
			}},
			{"a rule that someone meets already", ProgramEdit{Achievement: &base}, []ProgramChange{
				{Part: "achievements", Code: "base", Name: "Base Maker", Version: 2, Held: 1, Meets: 1, Fields: []FieldChange{
					{"award.all", "M1, M2", "M1"}, {"criteria", "Hold “First Step”, “Second Step”.", "Hold “First Step”."}}},
			}},
			{"what draws no badge", ProgramEdit{Capstone: &brief}, []ProgramChange{
				{Part: "capstones", Code: "C1", Name: "A solution", Fields: []FieldChange{{"team.max", "3", "4"}}}}},
			{"something new to earn", ProgramEdit{New: true, Achievement: &FileAchievement{Code: "again", Name: "Again", Type: "Course", Description: "Did it.", Award: FileAward{Module: "M1"}}}, []ProgramChange{
				{Part: "achievements", Code: "again", Name: "Again", New: true, Version: 1, Meets: 2}}},
			{"a cohort", ProgramEdit{New: true, Cohort: &FileCohort{Code: "summer", Name: "Summer", Starts: "2027-06-01", Ends: "2027-08-01", TimeZone: "UTC"}}, []ProgramChange{
				{Part: "cohorts", Code: "summer", Name: "Summer", New: true}}},
		}
		live := c.Live(t)
		for _, test := range tests {
			before := c.file()
			test.edit.Edition = before.Edition
			dry, err := c.EditProgram(t.Context(), c.as("owen"), "makers", test.edit, true)
			if err != nil || dry.Written || len(dry.Refused) > 0 {
				t.Fatalf("%s: %v %+v", test.name, err, dry)
			}
			if diff := cmp.Diff(test.want, dry.Changes); diff != "" {
				t.Errorf("%s: %s", test.name, diff)
			}
			if diff := cmp.Diff(before, c.file()); diff != "" {
				t.Fatalf("%s: a rehearsal changed %s", test.name, diff)
			}
			wet := c.edited(test.edit)
			dry.Written = true
			if diff := cmp.Diff(dry, wet); diff != "" {
				t.Errorf("%s: the rehearsal told otherwise: %s", test.name, diff)
			}
			if diff := cmp.Diff(live, c.Live(t)); diff != "" {
				t.Errorf("%s issued: %s", test.name, diff)
			}
			if _, err := c.ImportProgram(t.Context(), system, before, false); test.name == "nothing" && err != nil || test.name != "nothing" && !errors.Is(err, issuer.Conflict) {
				t.Errorf("%s: a file of before: %v", test.name, err)
			}
			before.Edition = ""
			if back, err := c.ImportProgram(t.Context(), system, before, false); err != nil || !back.Written {
				t.Fatal(err, back)
			}
		}
	})
}

// TestEditIsHeldToTheChecks: what an import would refuse, an edit cannot do,
// and it is told where.
func TestEditIsHeldToTheChecks(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	edition := c.file().Edition
	for where, e := range map[string]ProgramEdit{
		"modules[1].pass":               {Module: &FileModule{Code: "M2", Name: "Second", Level: "base", Kind: "track", Pass: pointer(101)}},
		"modules[2].level":              {New: true, Module: &FileModule{Code: "M3", Name: "Third", Level: "none", Kind: "track"}},
		"modules[2].code":               {New: true, Module: &FileModule{Code: "no code", Name: "Third", Level: "base", Kind: "track"}},
		"achievements":                  {Achievement: &FileAchievement{Code: "M1", Name: "First Step", Type: "Course", Description: "x", Award: FileAward{All: []string{"base"}}}},
		"cohorts[0].ends":               {Cohort: &FileCohort{Code: "spring", Name: "Spring", Starts: "2027-02-01", Ends: "2026-05-01", TimeZone: "UTC"}},
		"program.name":                  {Program: &FileProgram{Code: "other"}},
		"capstones[0].policy":           {Capstone: &FileBrief{Code: "C1", Name: "A solution", Level: "top", Policy: FilePolicy{Version: "1"}}},
		"skills[0].url":                 {Skill: &FileSkill{Code: "care", Name: "Care", URL: "javascript:x"}},
		"levels[1].order":               {Level: &FileLevel{Code: "top", Name: "Top", Order: 1}},
		"achievements[7].colour":        {Achievement: &FileAchievement{Code: "thanks", Name: "Thanks", Type: "Award", Description: "x", Colour: "pink"}},
		"achievements[8].name":          {New: true, Achievement: &FileAchievement{Code: "new", Type: "Award", Description: "x"}},
		"cohorts[2].code":               {New: true, Cohort: &FileCohort{Name: "Summer", Starts: "2027-06-01", Ends: "2027-08-01", TimeZone: "UTC"}},
		"capstones[1].rubric[0].levels": {Capstone: &FileBrief{Code: "C2", Name: "An integration", Level: "top", Rubric: []FileCriterion{{Code: "a", Name: "A", Levels: []string{"only"}}}}},
	} {
		e.Edition = edition
		r, err := c.EditProgram(t.Context(), c.as("owen"), "makers", e, false)
		if err != nil || r.Written || len(r.Refused) != 1 || r.Refused[0].Field != where {
			t.Errorf("%s: %v %+v", where, err, r)
		}
	}
	for name, e := range map[string]ProgramEdit{
		"a code that is taken": {New: true, Module: &FileModule{Code: "M1", Name: "Other", Level: "base", Kind: "short"}},
		"what is not there":    {Module: &FileModule{Code: "M9", Name: "Other", Level: "base", Kind: "short"}},
		"nothing at all":       {},
	} {
		if _, err := c.EditProgram(t.Context(), c.as("owen"), "makers", e, false); err == nil {
			t.Errorf("%s was let through", name)
		}
	}
	if got := c.file().Edition; got != edition {
		t.Error("a refused edit left something")
	}
}

// TestEditors: of two people who open the same program and save one after the
// other, the second is told who was first; of two who save at once, one wins.
func TestEditors(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		opened := c.file()
		module := opened.Modules[0]
		rename := func(who, name string) error {
			m := module
			m.Name = name
			_, err := c.EditProgram(t.Context(), c.as(who), "makers", ProgramEdit{Edition: opened.Edition, Module: &m}, false)
			return err
		}
		c.later(time.Second)
		if err := rename("pat", "Pat's"); err != nil {
			t.Fatal(err)
		}
		c.later(time.Second)
		if err := rename("owen", "Owen's"); !errors.Is(err, issuer.Conflict) || !strings.HasPrefix(err.Error(), "Pat ") {
			t.Errorf("the second is told %v", err)
		}
		if result, err := c.ImportProgram(t.Context(), system, program(), false); err != nil || !result.Written {
			t.Fatal(err, result)
		}
		opened.Edition = strings.Repeat("0", 32)
		if err := rename("owen", "Owen's"); !errors.Is(err, issuer.Conflict) || !strings.HasPrefix(err.Error(), "An import") {
			t.Errorf("after an import: %v", err)
		}
		opened = c.file()
		var wait sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wait.Go(func() { errs[i] = rename("owen", strings.Repeat("x", i+1)) })
		}
		wait.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, issuer.Conflict) {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d of %d edits of one edition were kept", won, len(errs))
		}
	})
}

// TestArtOf: the picture that is shown before an achievement is saved is the
// one that it gets.
func TestArtOf(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	for _, a := range c.file().Achievements {
		a.Colour, a.Icon = "plum", map[bool]string{true: "key"}[a.Code == "M1"]
		shown, err := c.ArtOf(t.Context(), c.as("owen"), "makers", a)
		if err != nil {
			t.Fatal(err)
		}
		c.edited(ProgramEdit{Achievement: &a})
		list, err := c.Achievements(t.Context(), c.as("owen"), "makers", Page{Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		for _, kept := range list.Items {
			if kept.Code == a.Code && kept.Art != shown.Art {
				t.Errorf("%s: shown %+v, kept %+v", a.Code, shown.Art, kept.Art)
			}
		}
	}
	if _, err := c.ArtOf(t.Context(), c.as("owen"), "makers", FileAchievement{Award: FileAward{Module: "none"}}); !errors.Is(err, issuer.Invalid) {
		t.Errorf("a module that is not there: %v", err)
	}
}

// TestAddProgram: a program begins empty, once.
func TestAddProgram(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	r, err := c.AddProgram(t.Context(), c.as("root"), FileProgram{Code: "new", Name: " New  one "})
	if err != nil || !r.Written {
		t.Fatal(err, r)
	}
	if f, err := c.ProgramFile(t.Context(), c.as("root"), "new"); err != nil || f.Program.Name != "New one" {
		t.Error(err, f)
	}
	if _, err := c.AddProgram(t.Context(), c.as("root"), FileProgram{Code: "makers", Name: "Mine"}); !errors.Is(err, issuer.Conflict) {
		t.Errorf("a code that is taken: %v", err)
	}
	if r, err := c.AddProgram(t.Context(), c.as("root"), FileProgram{Code: "a b", Name: ""}); err != nil || r.Written || len(r.Refused) != 2 {
		t.Error(err, r)
	}
}
