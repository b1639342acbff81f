package registrar

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
)

// versions lists the versions of the program, the newest first.
func (c *cast) versions() []ProgramVersionView {
	c.t.Helper()
	l, err := c.ProgramVersions(c.t.Context(), c.as("owen"), "makers", Page{})
	if err != nil {
		c.t.Fatal(err)
	}
	return l.Items
}

// TestProgramVersions: every change is kept with who made it and what it was, a
// rehearsal and a change of nothing are none.
func TestProgramVersions(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		first := c.file()
		if v := c.versions(); len(v) != 1 || v[0].By.Name != "" || !v[0].Known || !v[0].Newest || v[0].Changes != nil {
			t.Fatalf("a program that was read from a file: %+v", v)
		}
		c.later(time.Hour)
		c.does("modules", "M1", RetirePart)
		c.edited(ProgramEdit{Module: &first.Modules[0]}) // says what it says
		c.later(time.Hour)
		c.edited(ProgramEdit{Program: &FileProgram{Name: "Doers", Purpose: "To do."}})
		v := c.versions()
		if len(v) != 3 || v[0].By.Name != "Owen Owner" || v[0].Number != 3 || !v[0].At.After(v[1].At) || v[1].Newest {
			t.Fatalf("%+v", v)
		}
		want := []ProgramChange{{Part: "program", Code: "makers", Name: "Doers", Fields: []FieldChange{{"name", "Makers", "Doers"}, {"purpose", "", "To do."}}}}
		if diff := cmp.Diff(want, v[0].Changes); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]ProgramChange{{Part: "modules", Code: "M1", Name: "First", Retired: true}}, v[1].Changes); diff != "" {
			t.Error(diff)
		}
		one, err := c.ProgramVersion(ctx, c.as("owen"), "makers", 2)
		if err != nil || !one.File.Modules[0].Retired || one.Edition != c.file().Edition || len(one.Changes) != 1 {
			t.Errorf("%v %+v", err, one)
		}
		for _, n := range []int{0, 4} {
			if _, err := c.ProgramVersion(ctx, c.as("owen"), "makers", n); !errors.Is(err, issuer.NotFound) {
				t.Errorf("version %d: %v", n, err)
			}
		}
		page, err := c.ProgramVersions(ctx, c.as("owen"), "makers", Page{Limit: 2})
		if err != nil || len(page.Items) != 2 || page.Next != "2" || len(page.Items[1].Changes) != 1 {
			t.Fatalf("%v %+v", err, page)
		}
		if rest, err := c.ProgramVersions(ctx, c.as("owen"), "makers", Page{Limit: 2, Cursor: page.Next}); err != nil || len(rest.Items) != 1 || rest.Next != "" || rest.Items[0].Number != 1 {
			t.Errorf("%v %+v", err, rest)
		}
		if _, err := c.ProgramVersions(ctx, c.as("owen"), "makers", Page{Cursor: "x"}); !errors.Is(err, issuer.Invalid) {
			t.Errorf("a cursor that is none: %v", err)
		}
	})
}

// TestPutBack: an earlier version comes back as a new change, told before; what
// came since goes if nobody has anything of it, and is retired otherwise.
func TestPutBack(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		before := c.file()
		c.edited(ProgramEdit{New: true, Level: &FileLevel{Code: "high", Name: "High", Order: 3}})
		c.edited(ProgramEdit{New: true, Skill: &FileSkill{Code: "sewing", Name: "Sewing"}})
		for _, m := range []FileModule{{Code: "M3", Name: "Third", Level: "high", Kind: "short", Skills: []string{"sewing"}, Requires: []string{"M4", "M1"}}, {Code: "M4", Name: "Fourth", Level: "high", Kind: "short"}} {
			m.Requires = nil
			c.edited(ProgramEdit{New: true, Module: &m})
		}
		third := FileModule{Code: "M3", Name: "Third", Level: "high", Kind: "short", Skills: []string{"sewing"}, Requires: []string{"M4", "M1"}}
		c.edited(ProgramEdit{Module: &third})
		c.edited(ProgramEdit{New: true, Achievement: &FileAchievement{Code: "M3", Name: "Third Step", Type: "Course", Description: "x", Award: FileAward{Module: "M3"}}})
		c.edited(ProgramEdit{New: true, Achievement: &FileAchievement{Code: "M4", Name: "Fourth Step", Type: "Course", Description: "x", Award: FileAward{Module: "M4"}}})
		brief := c.file().Capstones[0]
		brief.Rubric = append(brief.Rubric, FileCriterion{Code: "fun", Name: "Fun", Levels: []string{"no", "yes"}}, FileCriterion{Code: "joy", Name: "Joy", Levels: []string{"no", "yes"}})
		c.edited(ProgramEdit{Capstone: &brief})
		c.does("achievements", "thanks", RemovePart)
		c.complete("lea", "M3", "2026-10-01", "")
		c.decide(c.as("lee"), c.handIn("C1", "max"), NewReview{Submission: 1, Decision: issuer.Return, Scores: issuer.Scores{"fun": "no"}, Note: "More."})

		edition, n := c.file().Edition, len(c.versions())
		dry, err := c.PutBackProgram(ctx, c.as("owen"), "makers", 1, edition, true)
		if err != nil || len(dry.Refused) > 0 || dry.Written {
			t.Fatalf("%v %+v", err, dry)
		}
		wet, err := c.PutBackProgram(ctx, c.as("owen"), "makers", 1, edition, false)
		if err != nil || !wet.Written {
			t.Fatalf("%v %+v", err, wet)
		}
		dry.Written = true
		if diff := cmp.Diff(dry, wet); diff != "" {
			t.Errorf("the rehearsal told otherwise: %s", diff)
		}
		now := c.file()
		if m := now.Modules[len(now.Modules)-1]; len(now.Modules) != 3 || m.Code != "M3" || !m.Retired || m.Level != "high" || cmp.Diff(m.Requires, []string{"M1"}) != "" {
			t.Errorf("modules: %+v", now.Modules)
		}
		if r := now.Capstones[0].Rubric; len(r) != 3 || r[2].Code != "fun" || !r[2].Retired {
			t.Errorf("rubric: %+v", r)
		}
		if got := now.codes("achievements"); len(got) != 9 || got[8] != "M3" || !now.Achievements[8].Retired || now.Achievements[7].Code != "thanks" {
			t.Errorf("achievements: %v", got)
		}
		if held := c.heldCodes(c.ids["lea"]); held != "M3" {
			t.Errorf("lea holds %s", held)
		}
		if v := c.versions(); len(v) != n+1 || v[0].PutBack != 1 {
			t.Errorf("%d versions, the newest %+v", len(v), v[0])
		}
		now.Modules, now.Achievements, now.Levels, now.Skills, now.Capstones, now.Edition, before.Edition = now.Modules[:2], now.Achievements[:8], now.Levels[:2], before.Skills, before.Capstones, "", ""
		if diff := cmp.Diff(before, now); diff != "" {
			t.Errorf("the rest is not what it was: %s", diff)
		}
		if _, err := c.PutBackProgram(ctx, c.as("owen"), "makers", 1, edition, false); !errors.Is(err, issuer.Conflict) {
			t.Errorf("from another edition: %v", err)
		}
		again, err := c.PutBackProgram(ctx, c.as("owen"), "makers", len(c.versions()), "", false)
		if err != nil || len(again.Changes) != 0 || len(c.versions()) != n+1 {
			t.Errorf("the newest again: %v %+v", err, again)
		}
	})
}
