package auditor_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/auditor"
	"hallmark/issuer/evidence"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
)

// TestFiles: a file that was changed and one that is missing are found.
func TestFiles(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	dir := t.TempDir()
	s.Registrar.Files = evidence.NewDisk(dir)
	by, err := s.Registrar.Caller(t.Context(), s.People["learner"])
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Registrar.StartCapstone(t.Context(), by, "K1", "craft-1", "Chair", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"one", "two", "three"} {
		f, err := s.Registrar.PutFile(t.Context(), by, c.ID, strings.NewReader(text))
		if err == nil {
			_, err = s.Registrar.AttachFile(t.Context(), by, c.ID, registrar.NewEvidence{Kind: "link", File: f, FileName: text + ".txt"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	a := &auditor.Auditor{Store: s.Store, Ring: s.Ring, BaseURL: s.URL, Files: s.Registrar.Files}
	reasons := func() (found []string) {
		r, err := a.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings {
			if f.Record == "evidence" {
				found = append(found, f.Reason)
			}
		}
		return found
	}
	if found := reasons(); len(found) != 0 {
		t.Errorf("as they were handed in: %q", found)
	}
	var paths []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err = errors.Join(err, os.WriteFile(paths[0], []byte("other"), 0o600), os.Remove(paths[1])); err != nil {
		t.Fatal(err)
	}
	if found := strings.Join(reasons(), " "); !strings.Contains(found, "missing") || !strings.Contains(found, "not what was handed in") {
		t.Errorf("found %q", found)
	}
	if _, err := s.Registrar.File(t.Context(), by, c.ID, "NOSUCH"); !errors.Is(err, issuer.NotFound) {
		t.Error(err)
	}
}
