package registrar

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
)

// placed does something with a part of the program as it is.
func (c *cast) placed(part, code string, do PartDeed, dryRun bool) (*ImportResult, error) {
	return c.EditProgram(c.t.Context(), c.as("owen"), "makers", ProgramEdit{Edition: c.file().Edition, Place: &PartEdit{part, code, do}}, dryRun)
}

// does is placed, of what is let through: the rehearsal says what is done.
func (c *cast) does(part, code string, do PartDeed) *ImportResult {
	c.t.Helper()
	dry, err := c.placed(part, code, do, true)
	if err != nil || len(dry.Refused) > 0 {
		c.t.Fatalf("%s %s %s: %v %+v", do, part, code, err, dry)
	}
	wet, err := c.placed(part, code, do, false)
	if err != nil || !wet.Written {
		c.t.Fatalf("%s %s %s: %v %+v", do, part, code, err, wet)
	}
	dry.Written = true
	if diff := cmp.Diff(dry, wet); diff != "" {
		c.t.Errorf("the rehearsal told otherwise: %s", diff)
	}
	return wet
}

// TestOrder: what moves stands in its new place in the file and on the page, and
// a file in another order moves it as well.
func TestOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.does("modules", "M2", MoveUp)
		c.does("capstones", "C1", MoveDown)
		c.does("achievements", "M1", MoveDown)
		f := c.file()
		for part, want := range map[string]string{"modules": "M2", "capstones": "C2", "achievements": "M2"} {
			if got := f.codes(part); got[0] != want {
				t.Errorf("%s: %v", part, got)
			}
		}
		r := c.does("levels", "base", MoveDown)
		if f = c.file(); f.Levels[0].Code != "top" || !slices.ContainsFunc(r.Changes, func(c ProgramChange) bool { return c.Version == 2 }) {
			t.Errorf("a level that moves changes the rings of its badges: %+v", r.Changes)
		}
		for _, e := range []PartEdit{{"modules", "M2", MoveUp}, {"modules", "M9", MoveUp}, {"skills", "data", MoveUp}, {"cohorts", "autumn", RetirePart}, {"modules", "M1", "burn"}} {
			if _, err := c.placed(e.Part, e.Code, e.Do, false); err == nil {
				t.Errorf("%+v was let through", e)
			}
		}
		slices.Reverse(f.Achievements)
		f.Edition = ""
		if r, err := c.ImportProgram(t.Context(), system, f, false); err != nil || !r.Written || len(r.Changes) != 1 || !r.Changes[0].Moved {
			t.Fatal(err, r)
		}
		if diff := cmp.Diff(f.codes("achievements"), c.file().codes("achievements")); diff != "" {
			t.Error(diff)
		}
	})
}

// TestRetired: what is retired takes nothing new, keeps what there is, is told
// before, and comes back.
func TestRetired(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		c.complete("lea", "M1", "2026-10-01", "")
		draft, err := c.StartCapstone(ctx, c.as("max"), "C2", "autumn", "Mine", nil)
		if err != nil {
			t.Fatal(err)
		}
		handedIn := c.handIn("C1", "lea")

		r := c.does("modules", "M1", RetirePart)
		want := []ProgramChange{{Part: "modules", Code: "M1", Name: "First", Retired: true, Use: issuer.PartUse{Recorded: 1}, Closes: []string{"First Step", "Base Maker", "Maker"}}}
		if diff := cmp.Diff(want, r.Changes); diff != "" {
			t.Error(diff)
		}
		late := func(who, day string) error {
			_, err := c.RecordCompletion(ctx, c.as("owen"), NewCompletion{Person: PersonRef{ID: c.ids[who]}, Module: "M1", CompletedAt: day})
			return err
		}
		if err := late("max", "2026-10-02"); err != nil {
			t.Errorf("a fact from before the retirement: %v", err)
		}
		c.later(48 * time.Hour)
		today := string(issuer.DayOf(c.now(), time.UTC))
		if err := late("ola", today); !errors.Is(err, issuer.Invalid) {
			t.Errorf("a fact from after it: %v", err)
		}
		if err := late("lea", "2026-10-01"); err != nil {
			t.Errorf("the same fact again: %v", err)
		}

		if r = c.does("levels", "top", RetirePart); len(r.Changes) != 3 || r.Changes[2].Use != (issuer.PartUse{Recorded: 1, Drafts: 1}) || r.Changes[1].Use != (issuer.PartUse{Recorded: 1, UnderWay: 1}) {
			t.Errorf("a level with what stands on it: %+v", r.Changes)
		}
		if _, err := c.StartCapstone(ctx, c.as("ola"), "C1", "autumn", "Mine", nil); !errors.Is(err, issuer.Conflict) {
			t.Errorf("a new capstone: %v", err)
		}
		if _, err := c.SubmitCapstone(ctx, c.as("max"), draft.ID); !errors.Is(err, issuer.Conflict) || err.Error() != "This capstone was retired; no new work on it is taken." {
			t.Errorf("a draft: %v", err)
		}
		c.decide(c.as("lee"), handedIn, NewReview{Submission: 1, Decision: issuer.Approve, Scores: issuer.Scores{"build": "sound"}})
		if held := c.heldCodes(c.ids["lea"]); held != "C1 M1" {
			t.Errorf("what was under way earns its badge: %s", held)
		}
		if _, err := c.placed("modules", "M2", RestorePart, false); err != nil {
			t.Errorf("what is not retired stays: %v", err)
		}
		if r, err := c.placed("capstones", "C1", RestorePart, false); err != nil || len(r.Refused) == 0 {
			t.Errorf("a capstone on a retired level: %v %+v", err, r)
		}

		c.does("achievements", "thanks", RetirePart)
		award := func(who string) error {
			_, err := c.AwardAchievement(ctx, c.as("root"), NewAward{Achievement: "thanks", Person: PersonRef{ID: c.ids[who]}, Reason: "Well done."})
			return err
		}
		if err := award("lea"); !errors.Is(err, issuer.Conflict) || err.Error() != "This badge was retired; it is issued no more." {
			t.Errorf("an award: %v", err)
		}
		c.does("achievements", "thanks", RestorePart)
		if err := award("lea"); err != nil {
			t.Error(err)
		}
		c.does("achievements", "M1", RetirePart)
		if err := late("ola", "2026-10-01"); err != nil || c.heldCodes(c.ids["ola"]) != "" {
			t.Errorf("a completion whose badge is retired: %v, %s", err, c.heldCodes(c.ids["ola"]))
		}
		c.seesRetired(t)
		for _, e := range []PartEdit{{"levels", "top", RestorePart}, {"capstones", "C1", RestorePart}, {"capstones", "C2", RestorePart}, {"modules", "M1", RestorePart}, {"achievements", "M1", RestorePart}} {
			if r := c.does(e.Part, e.Code, e.Do); !r.Changes[0].Restored {
				t.Errorf("%+v: %+v", e, r.Changes)
			}
		}
		if _, err := c.SubmitCapstone(ctx, c.as("max"), draft.ID); err != nil && errors.Is(err, issuer.Conflict) {
			t.Errorf("after it came back: %v", err)
		}
	})
}

// seesRetired looks at what is retired as who has it, who has not and who runs
// the program.
func (c *cast) seesRetired(t *testing.T) {
	t.Helper()
	for who, want := range map[string]struct{ modules, briefs, badges int }{"lea": {2, 1, 8}, "com": {1, 0, 7}, "max": {2, 1, 8}, "owen": {2, 2, 8}, "client": {2, 2, 8}} {
		v, err := c.Program(t.Context(), c.as(who), "makers")
		if err != nil {
			t.Fatal(err)
		}
		got := want
		got.modules, got.briefs, got.badges = 0, 0, len(v.Achievements)
		for _, l := range v.Levels {
			got.modules, got.briefs = got.modules+len(l.Modules), got.briefs+len(l.Briefs)
		}
		if got != want {
			t.Errorf("%s sees %+v, want %+v", who, got, want)
		}
	}
	home, err := c.Home(t.Context(), c.as("ola"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range home.Next {
		if n.Module != nil && n.Module.Code == "M1" || n.Brief != nil {
			t.Errorf("what is retired is next: %+v", n)
		}
	}
	for _, b := range home.Coming {
		if b.Achievement.Code != "M2" {
			t.Errorf("what cannot be earned is coming: %s", b.Achievement.Code)
		}
	}
}

// TestRemoved: what nobody has anything of goes, what is named or used stays and
// says why.
func TestRemoved(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.complete("lea", "M1", "2026-10-01", "")
		c.does("achievements", "thanks", RemovePart)
		for _, e := range []PartEdit{{"modules", "M2", RemovePart}, {"levels", "top", RemovePart}, {"skills", "data", RemovePart}, {"achievements", "C1", RemovePart}, {"capstones", "C1", RemovePart}} {
			if _, err := c.placed(e.Part, e.Code, e.Do, false); !errors.Is(err, issuer.Conflict) {
				t.Errorf("%+v, which something names: %v", e, err)
			}
		}
		for _, code := range []string{"all", "base", "M2", "C2", "C1"} {
			c.does("achievements", code, RemovePart)
		}
		c.does("modules", "M2", RemovePart)
		c.does("capstones", "C2", RemovePart)
		for _, e := range []PartEdit{{"achievements", "M1", RemovePart}, {"modules", "M1", RemovePart}} {
			if r, err := c.placed(e.Part, e.Code, e.Do, false); !(errors.Is(err, issuer.Conflict) || err == nil && len(r.Refused) == 1) {
				t.Errorf("%+v, which is used: %v %+v", e, err, r)
			}
		}
		file := func(change func(*ProgramFile)) *ImportResult {
			t.Helper()
			f := c.file()
			f.Edition = ""
			change(f)
			r, err := c.ImportProgram(t.Context(), system, f, false)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		without := func(f *ProgramFile) { // partial: the badge of M1 is not in it
			f.Modules, f.Achievements, f.Capstones, f.Remove.Modules = nil, nil, nil, []string{"M1"}
		}
		if r := file(without); r.Written || r.Refused[0].Field != "remove.modules[0]" {
			t.Errorf("a file that removes what the program needs: %+v", r)
		}
		if r := file(func(f *ProgramFile) { f.Remove.Levels = []string{"top"} }); r.Written {
			t.Errorf("a file that has and removes the same: %+v", r)
		}
		gone := func(f *ProgramFile) {
			f.Levels, f.Capstones, f.Remove.Levels, f.Remove.Capstones = f.Levels[:1], nil, []string{"top"}, []string{"C1"}
		}
		if r := file(gone); !r.Written || r.Removed != 2 {
			t.Fatalf("a file that removes: %+v", r)
		}
		if r := file(func(f *ProgramFile) { f.Remove.Levels = []string{"top"} }); !r.Written || r.Removed != 0 || len(r.Changes) != 0 || len(r.Warnings) != 1 {
			t.Errorf("the same again: %+v", r)
		}
		if f := c.file(); len(f.Levels) != 1 || len(f.Capstones) != 0 {
			t.Errorf("%+v", f)
		}
	})
}

// TestCriteria: a criterion that a review scored can be retired, not left out:
// its score keeps its name, and new reviews are not asked for it.
func TestCriteria(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		id := c.handIn("C1", "lea")
		c.decide(c.as("lee"), id, NewReview{Submission: 1, Decision: issuer.Return, Scores: issuer.Scores{"care": "sound"}, Note: "More."})
		edit := func(change func(*FileBrief)) *ImportResult {
			f := c.file()
			change(&f.Capstones[0])
			r, err := c.EditProgram(t.Context(), c.as("owen"), "makers", ProgramEdit{Capstone: &f.Capstones[0]}, false)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if r := edit(func(b *FileBrief) { b.Rubric = b.Rubric[:1] }); r.Written || r.Refused[0].Field != "capstones[0].rubric" {
			t.Errorf("left out: %+v", r)
		}
		if r := edit(func(b *FileBrief) { b.Rubric[1].Retired = true; slices.Reverse(b.Rubric) }); !r.Written {
			t.Fatalf("retired: %+v", r)
		}
		if r := edit(func(b *FileBrief) { b.Rubric = b.Rubric[:1] }); !r.Written {
			t.Errorf("one that nobody scored: %+v", r)
		}
		v, err := c.Capstone(t.Context(), c.as("lea"), id)
		if err != nil || len(v.Brief.Rubric) != 1 || len(v.Brief.Asked()) != 0 {
			t.Errorf("%v %+v", err, v.Brief.Rubric)
		}
		_, err = c.ReviewCapstone(t.Context(), c.as("lee"), id, NewReview{Submission: 1, Decision: issuer.Return, Scores: issuer.Scores{"care": "sound"}, Note: "More."})
		if err == nil {
			t.Error("a retired criterion was scored")
		}
	})
}
