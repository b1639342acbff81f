package verifiertest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Suite is a published collection of test vectors, pinned by version and by
// the sum of its bytes. Suites are fetched as Go modules because that brings
// both from the ordinary proxy; they stand in no go.mod, so that nobody who
// builds the program downloads them.
type Suite struct{ Path, Version, Sum string }

// The suites that tests read.
var (
	// Wycheproof holds attacks on signatures, tokens and keys (Apache-2.0).
	Wycheproof = Suite{"github.com/c2sp/wycheproof", "v0.0.0-20260902155932-3fa63dd0344a", "h1:pNbL2nztRsWfW/ispAwsvcDFxs9Id38uIsR2/Up5G2c="}
	// JSONTestSuite holds texts that JSON readers must and must not take (MIT).
	JSONTestSuite = Suite{"github.com/nst/JSONTestSuite", "v0.0.0-20241122125541-1ef36fa01286", "h1:t/cjDwz9uc/5ZSagWtr7nWpoEA5Imvw/ArlJuI+d+Cw="}
)

// Folder is where the suite lies in the module cache. It is downloaded only in
// a run that was told that nothing may be missing; another run uses it if it is
// there.
func (s Suite) Folder(t testing.TB) string {
	t.Helper()
	folder, why := s.fetch(t)
	if folder == "" {
		Lacks(t, "run go mod download "+s.Path+"@"+s.Version+" to test with its vectors ("+why+")")
	}
	return folder
}

// File reads a file of the suite.
func (s Suite) File(t testing.TB, parts ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{s.Folder(t)}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// fetch asks the go command, which checks what it downloads against the
// checksum database; the sum here holds whatever the settings of the machine.
func (s Suite) fetch(t testing.TB) (folder, why string) {
	t.Helper()
	tries := 1
	if Required() && os.Getenv("GOPROXY") != "off" {
		tries = 3
	}
	var found struct{ Dir, Sum, Error string }
	for try := range tries {
		time.Sleep(time.Duration(try*5) * time.Second) // the network may be busy
		found.Error = ""
		run := exec.Command("go", "mod", "download", "-json", s.Path+"@"+s.Version)
		run.Dir = t.TempDir() // outside the module, whose files stay as they are
		run.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GO111MODULE=on")
		if !Required() {
			run.Env = append(run.Env, "GOPROXY=off")
		}
		text, failed := run.Output()
		if err := json.Unmarshal(text, &found); err != nil || found.Dir == "" {
			why = "it could not be had: " + found.Error
			if found.Error == "" && failed != nil {
				why += failed.Error()
			}
			continue
		}
		if found.Sum != s.Sum {
			t.Fatalf("%s@%s has the sum %s, want %s", s.Path, s.Version, found.Sum, s.Sum)
		}
		return found.Dir, ""
	}
	return "", why
}
