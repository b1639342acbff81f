package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tree writes files into a new module and gives a checker over it and what
// the checker prints.
func tree(t *testing.T, files map[string]string) (*checker, *bytes.Buffer) {
	t.Helper()
	root := t.TempDir()
	files["go.mod"] = "module sample\n\ngo 1.26\n"
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	return &checker{root: root, out: &out, now: time.Now, step: "step"}, &out
}

func none(string) string { return "" }

func TestUsage(t *testing.T) {
	tests := []struct {
		name string
		args []string
		env  string
		say  string
	}{
		{"unknown flag", []string{"-fast"}, "", "flag provided but not defined"},
		{"unknown step", []string{"-only", "lint"}, "", `there is no step "lint"; there are format, vet`},
		{"an argument", []string{"-only", "format", "./cmd"}, "", `"./cmd" is not understood`},
		{"part of a mandatory run", []string{"-only", "format", "-mandatory"}, "", "a mandatory run is a whole run"},
		{"part of a run made mandatory outside", []string{"-only", "format"}, "1", "a mandatory run is a whole run"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			getenv := func(name string) string {
				if name == "HALLMARK_REQUIRE" {
					return tt.env
				}
				return ""
			}
			if got := run(t.Context(), tt.args, getenv, &out); got != 2 {
				t.Errorf("exit status %d, want 2", got)
			}
			if !strings.Contains(out.String(), tt.say) {
				t.Errorf("said %q, want something with %q", out.String(), tt.say)
			}
		})
	}
}

func TestChooseKeepsTheOrderOfSteps(t *testing.T) {
	got, err := choose(steps, "wasm,format")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"format", "wasm"}, names(got)); diff != "" {
		t.Error(diff)
	}
}

func TestModuleRoot(t *testing.T) {
	c, _ := tree(t, map[string]string{"a/b/c.go": "package b\n"})
	got, err := moduleRoot(filepath.Join(c.root, "a", "b"))
	if err != nil || got != c.root {
		t.Errorf("moduleRoot = %q, %v; want %q", got, err, c.root)
	}
	if _, err := moduleRoot(t.TempDir()); err == nil {
		t.Error("a folder outside of every module has a root")
	}
}

// Every step runs though the first fails, the failure is told again at the
// end, and the exit status says so.
func TestRunAll(t *testing.T) {
	c, out := tree(t, map[string]string{})
	ran := 0
	status := c.runAll(t.Context(), []step{
		{"one", func(c *checker, _ context.Context) { ran++; c.fail("broken pipe of %s", "one") }},
		{"two", func(c *checker, _ context.Context) { ran++; c.skip("no compiler") }},
		{"three", func(c *checker, _ context.Context) { ran++ }},
	})
	if ran != 3 || status != 1 {
		t.Errorf("%d steps ran with exit status %d, want 3 and 1", ran, status)
	}
	_, end, _ := strings.Cut(out.String(), "==\n")
	for _, want := range []string{"skipped: two: no compiler\n", "FAILED: one: broken pipe of one\n", "check: 1 failures"} {
		if !strings.Contains(end, want) {
			t.Errorf("the end lacks %q:\n%s", want, end)
		}
	}
	for _, want := range []string{"   one: FAILED ", "   two: skipped ", "   three: ok "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
}

func TestRunAllGood(t *testing.T) {
	c, out := tree(t, map[string]string{})
	c.tests = &tally{passed: 3, skipped: []string{"a", "b"}}
	if status := c.runAll(t.Context(), []step{{"one", func(*checker, context.Context) {}}}); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	if !strings.Contains(out.String(), "\n3 passed, 0 failed, 2 skipped\n") {
		t.Errorf("the counts do not stand alone on a line:\n%s", out)
	}
}

func TestRunAllStops(t *testing.T) {
	c, _ := tree(t, map[string]string{})
	ctx, stop := context.WithCancel(t.Context())
	ran := 0
	once := func(*checker, context.Context) { ran++; stop() }
	if status := c.runAll(ctx, []step{{"one", once}, {"two", once}}); ran != 1 || status != 1 {
		t.Errorf("%d steps ran with exit status %d, want 1 and 1", ran, status)
	}
}

// What a bare machine skips, a mandatory run refuses.
func TestMandatory(t *testing.T) {
	tests := []struct {
		name      string
		mandatory bool
		tally     tally
		err       error
		failures  []string
		skipped   []string
	}{
		{name: "all ran", mandatory: true, tally: tally{passed: 5}},
		{name: "skip on a bare machine", tally: tally{passed: 5, skipped: []string{"p.T: no database"}}, skipped: []string{"step: p.T: no database"}},
		{name: "skip in a mandatory run", mandatory: true, tally: tally{passed: 5, skipped: []string{"p.T: no database"}},
			failures: []string{"step: p.T: no database (mandatory in this run)"}},
		{name: "fewer tests than there were", mandatory: true, tally: tally{passed: 4},
			failures: []string{"step: 4 tests ran, and at least 5 must: tests have dropped out"}},
		{name: "fewer tests on a bare machine", tally: tally{passed: 4}},
		{name: "no test", failures: []string{"step: no test ran"}},
		{name: "a test fails", tally: tally{passed: 5, failed: []string{"p.T"}}, err: errors.New("exit status 1"), failures: []string{"step: p.T"}},
		{name: "a package fails", tally: tally{passed: 5, broken: []string{"p"}}, err: errors.New("exit status 1"), failures: []string{"step: package p"}},
		{name: "go test fails without a word", tally: tally{passed: 5}, err: errors.New("exit status 1"), failures: []string{"step: go test: exit status 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := tree(t, map[string]string{})
			c.mandatory, c.minTests, c.tests = tt.mandatory, 5, &tt.tally
			c.judge(tt.err)
			if diff := cmp.Diff(tt.failures, c.failures); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.skipped, c.skipped); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRequired(t *testing.T) {
	for value, want := range map[string]bool{"": false, "0": false, "1": true, "yes": true} {
		if got := required(func(string) string { return value }); got != want {
			t.Errorf("HALLMARK_REQUIRE=%q: %v, want %v", value, got, want)
		}
	}
	if required(none) {
		t.Error("nothing set makes a run mandatory")
	}
}
