package registrar_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
)

// tricky are letters that a file of YAML must take care of.
var tricky = []rune("aZ09 :#-'\"%@`!&*|>{}[],?~=\\\t\n\u00a0\u2028\ufeff\u0301é田م😀\U0010ffff")

// wordy are texts that a reader of YAML could take for something else.
var wordy = []string{"yes", "No", "on", "null", "~", "1", "0x1F", "1e3", "2026-09-07", "12:30", "- x", "# x", "!!str", "&a", "*a", "true", "<<", "%", "...", "---"}

// generated makes programs that the checks let through.
func generated(t *rapid.T, n int) *registrar.ProgramFile {
	text := func(label string) string {
		if rapid.Bool().Draw(t, label+" plain") {
			return rapid.SampledFrom(wordy).Draw(t, label)
		}
		return strings.TrimSpace(rapid.StringOfN(rapid.SampledFrom(tricky), 0, 40, -1).Draw(t, label))
	}
	name := func(label string) string { return "N" + strings.ReplaceAll(text(label), "\n", "") }
	codes := func(label string, min int) []string {
		return rapid.SliceOfNDistinct(rapid.OneOf(rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._-]{0,6}`), rapid.SampledFrom([]string{"on", "NO", "1", "0x1F", "1e3", "null", "1.0"})), min, 4, rapid.ID[string]).Draw(t, label)
	}
	some := func(label string, of []string) []string {
		return slices.DeleteFunc(slices.Clone(of), func(string) bool { return rapid.Bool().Draw(t, label) })
	}
	words := func(label string) []string {
		var out []string
		for i := range rapid.IntRange(0, 3).Draw(t, label+" count") {
			out = append(out, fmt.Sprintf("%s %d", name(label), i))
		}
		return out
	}
	f := &registrar.ProgramFile{Version: 1, Program: registrar.FileProgram{Code: fmt.Sprintf("p%d", n), Name: name("program"), Purpose: text("purpose"), Expectations: text("expectations")}}
	skills, levels := codes("skills", 0), codes("levels", 1)
	for _, c := range skills {
		f.Skills = append(f.Skills, registrar.FileSkill{Code: c, Name: name("skill"), Framework: text("framework"), URL: rapid.SampledFrom([]string{"", "https://skills.example.org/" + c}).Draw(t, "url")})
	}
	for i, c := range levels {
		f.Levels = append(f.Levels, registrar.FileLevel{Code: c, Name: name("level"), Order: i + 1})
	}
	modules := codes("modules", 0)
	for i, c := range modules {
		m := registrar.FileModule{Code: c, Name: name("module"), Level: rapid.SampledFrom(levels).Draw(t, "level"), Kind: rapid.SampledFrom([]string{"short", "track"}).Draw(t, "kind"),
			Hours: rapid.IntRange(0, 50).Draw(t, "hours"), Skills: some("teaches", skills), Requires: some("requires", modules[:i])}
		if rapid.Bool().Draw(t, "has pass") {
			pass := rapid.IntRange(0, 100).Draw(t, "pass")
			m.Pass = &pass
		}
		m.Retired = rapid.Bool().Draw(t, "module retired")
		f.Modules = append(f.Modules, m)
	}
	briefs := codes("capstones", 0)
	for _, c := range briefs {
		b := registrar.FileBrief{Code: c, Name: name("brief"), Level: rapid.SampledFrom(levels).Draw(t, "level"), Brief: text("text"), Requires: some("requires", modules),
			Team: registrar.FileTeam{Min: 1, Max: rapid.IntRange(1, 5).Draw(t, "team")}, Approvals: registrar.FileApprovals{Count: rapid.IntRange(0, 2).Draw(t, "approvals"), Lead: rapid.Bool().Draw(t, "lead")},
			Evidence: words("evidence"), Impact: registrar.FileImpact{Measures: words("measure")}}
		for _, k := range codes("rubric", 0) {
			grades := append(words("grade"), "low", "high")
			b.Rubric = append(b.Rubric, registrar.FileCriterion{Code: k, Name: name("criterion"), Levels: grades, Required: rapid.SampledFrom([]string{"", "high"}).Draw(t, "required"), Retired: rapid.Bool().Draw(t, "criterion retired")})
		}
		f.Capstones = append(f.Capstones, b)
	}
	badges := codes("achievements", 0)
	for i, c := range badges {
		a := registrar.FileAchievement{Code: c, Name: name("badge"), Type: rapid.SampledFrom([]string{"Course", "MicroCredential"}).Draw(t, "type"), Description: "D" + text("description"),
			ValidMonths: rapid.IntRange(0, 36).Draw(t, "months"), Criteria: rapid.SampledFrom([]string{"", "Do it: *well*.\n\n- and # on time"}).Draw(t, "criteria"),
			Icon: rapid.SampledFrom([]string{"", "key", "star"}).Draw(t, "icon"), Colour: rapid.SampledFrom([]string{"", "plum", "teal"}).Draw(t, "colour")}
		switch rapid.IntRange(0, 4).Draw(t, "rule") {
		case 0:
			a.Award.Reviews = rapid.IntRange(1, 9).Draw(t, "reviews")
		case 1:
			a.Award.All = some("all", badges[:i])
		case 2:
			if len(modules) > 0 {
				a.Award.Module = rapid.SampledFrom(modules).Draw(t, "module")
			}
		case 3:
			if len(briefs) > 0 {
				a.Award.Capstone = rapid.SampledFrom(briefs).Draw(t, "capstone")
			}
		}
		a.Retired = rapid.Bool().Draw(t, "badge retired")
		f.Achievements = append(f.Achievements, a)
	}
	for _, c := range codes("cohorts", 0) {
		f.Cohorts = append(f.Cohorts, registrar.FileCohort{Code: fmt.Sprintf("p%d-%s", n, c), Name: name("cohort"), Purpose: text("purpose"), Expectations: text("expectations"), Starts: "2026-09-01", Ends: "2026-12-20", TimeZone: "Asia/Tokyo"})
	}
	return f
}

// TestProgramOutAndIn: a program that goes out as a file and in again is the
// program it was, and goes out the second time as the same bytes.
func TestProgramOutAndIn(t *testing.T) {
	for name, postgres := range map[string]bool{"sqlite": false, "postgres": true} {
		t.Run(name, func(t *testing.T) {
			k, n, by := registrar.NewKit(t, postgres), 0, issuer.Caller{System: "test"}
			out := func(r *rapid.T, code string) ([]byte, *registrar.ProgramFile) {
				f, err := k.ProgramFile(t.Context(), by, code)
				if err != nil {
					r.Fatal(err)
				}
				text, err := intake.WriteProgram(f)
				if err != nil {
					r.Fatal(err)
				}
				return text, f
			}
			in := func(r *rapid.T, f *registrar.ProgramFile) *registrar.ImportResult {
				result, err := k.ImportProgram(t.Context(), by, f, false)
				if err != nil || !result.Written {
					r.Fatalf("%v %+v", err, result)
				}
				return result
			}
			rapid.Check(t, func(r *rapid.T) {
				n++
				f := generated(r, n)
				in(r, f)
				first, kept := out(r, f.Program.Code)
				read, err := intake.Program(first)
				if err != nil {
					r.Fatalf("%v\n%s", err, first)
				}
				if again := in(r, read); again.Added+again.Changed != 0 || len(again.Changes)+len(again.Warnings) != 0 {
					r.Errorf("what went out is not what came in: %+v\n%s", again, first)
				}
				second, same := out(r, f.Program.Code)
				if !bytes.Equal(first, second) || kept.Edition != same.Edition {
					r.Error(cmp.Diff(string(first), string(second)))
				}
			})
		})
	}
}
