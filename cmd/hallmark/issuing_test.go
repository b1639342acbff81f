package main

import (
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
