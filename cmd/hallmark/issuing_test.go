package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// A stop from the command line holds for a server that runs and after it began
// anew; what is recorded meanwhile is issued by the server once it is over.
func TestStopIssuing(t *testing.T) {
	files, data := copySample(t), t.TempDir()
	for _, args := range [][]string{{"program", filepath.Join(files, "program.yaml")}, {"people", filepath.Join(files, "roster.csv"), "--skip-wrong"}} {
		importing(t, data, args...)
	}
	if out := must(t, "admin", "stop-issuing", "The grades of the last export are wrong", "--data", data); !strings.Contains(out, "No badges are issued since") || !strings.Contains(out, "last export are wrong.") {
		t.Errorf("stop-issuing printed %q", out)
	}
	r, _ := importing(t, data, "completions", filepath.Join(files, "completions.csv"), "--skip-wrong")
	if r.Credentials != 0 || r.Added == 0 || len(held(t, data)) != 0 {
		t.Errorf("during the stop: %+v, %v", r, held(t, data))
	}
	begin(t, "serve", "--data", data, "--addr", freeAddr(t), "--base-url", "http://localhost:8080")
	if len(held(t, data)) != 0 {
		t.Errorf("a server that begins issues: %v", held(t, data))
	}
	if out := must(t, "admin", "resume-issuing", "--data", data); !strings.Contains(out, "Badges are issued.") {
		t.Errorf("resume-issuing printed %q", out)
	}
	waitFor(t, "the badges of all completions", func() bool {
		have := held(t, data)
		return have["F1"] == 67 && have["F2"] == 58 && have["F3"] == 34 && have["foundation"] == 34
	})
}

// What an import touched is listed, and revoked when that is said twice; doing
// it again finds nothing.
func TestTouched(t *testing.T) {
	files, data := copySample(t), t.TempDir()
	for _, args := range [][]string{{"program", "program.yaml"}, {"people", "roster.csv", "--skip-wrong"}, {"completions", "completions.csv", "--skip-wrong"}} {
		importing(t, data, append([]string{args[0], filepath.Join(files, args[1])}, args[2:]...)...)
	}
	run := func(args ...string) (r touched) {
		t.Helper()
		out := must(t, append([]string{"admin", "touched", "--data", data, "--json"}, args...)...)
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := run("--achievement", "F3@1", "--source", "import", "--revoke", "issued-in-error"); len(r.Badges) != 34 || r.Done != 0 {
		t.Fatalf("the preview: %d badges, %d done", len(r.Badges), r.Done)
	}
	if r := run("--achievement", "F3@1", "--source", "import", "--revoke", "issued-in-error", "--reason", "A wrong file.", "--resting", "--yes"); len(r.Badges) != 34 || r.Done != 34 {
		t.Errorf("%+v", r)
	}
	if have := held(t, data); have["F3"] != 0 || have["foundation"] != 0 || have["F2"] != 58 {
		t.Errorf("left: %v", have)
	}
	if r := run("--achievement", "F3", "--revoke", "issued-in-error", "--yes"); len(r.Badges) != 0 {
		t.Errorf("again: %+v", r)
	}
	if out := must(t, "admin", "touched", "--data", data, "--achievement", "I1", "--reissue", "--reason", "A slip.", "--yes"); !strings.Contains(out, "7 of 7 badges were issued anew.") {
		t.Errorf("re-issue printed %s", out)
	}
	if _, errs, code := hallmark(t, "", "admin", "touched", "--data", data); code != exitFailed || !strings.Contains(errs, "Name a mentor") {
		t.Errorf("without a filter: exit %d %s", code, errs)
	}
	begin(t, "serve", "--data", data, "--addr", freeAddr(t), "--base-url", "http://localhost:8080")
	waitFor(t, "a log in which everything fits", func() bool {
		out, _, code := hallmark(t, "", "log", "check", "--data", data, "--json")
		var r struct{ Waiting, Credentials int }
		return code == exitDone && json.Unmarshal([]byte(out), &r) == nil && r.Waiting == 0 && r.Credentials > 0
	})
}
