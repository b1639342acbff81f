package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is exported comes back: into an empty installation the files bring the
// same programs, people and completions, so that an export of that one has the
// same files to bring.
func TestExportComesBack(t *testing.T) {
	e := endIn(t, "https://badges.example.org")
	first := filepath.Join(t.TempDir(), "all")
	if out, code := e.hallmark(t.Context(), "export", first); code != exitDone {
		t.Fatalf("exit %d: %s", code, out)
	}
	config := filepath.Join(t.TempDir(), "hallmark.yaml")
	dir := t.TempDir()
	text := "base_url: https://new.example.org\ndb: " + filepath.Join(dir, "hallmark.db") + "\nsealing_key_file: " + filepath.Join(dir, "sealing.key") + "\nhigh_water_file: " + filepath.Join(dir, "mark") + "\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	anew := &ended{config: config, base: "https://new.example.org"}
	for _, what := range []string{"program", "people", "completions"} {
		files, err := filepath.Glob(filepath.Join(first, "import", what+"-*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no file of %s: %v", what, err)
		}
		for _, f := range files {
			if out, code := anew.hallmark(t.Context(), "import", what, f); code != exitDone {
				t.Fatalf("import %s: exit %d: %s", f, code, out)
			}
		}
	}
	second := filepath.Join(t.TempDir(), "again.zip")
	if out, code := anew.hallmark(t.Context(), "export", second); code != exitDone {
		t.Fatalf("exit %d: %s", code, out)
	}
	z, err := zip.OpenReader(second)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	imports, err := fs.Glob(z, "import/*")
	if err != nil || len(imports) < 3 {
		t.Fatalf("%q %v", imports, err)
	}
	for _, name := range imports {
		was, err := os.ReadFile(filepath.Join(first, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		is, err := fs.ReadFile(z, name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(lines(was), lines(is)); diff != "" {
			t.Errorf("%s did not come back: %s", name, diff)
		}
	}
	describes(t, first)
}

// lines gives the lines of a file as they are compared: completions are recorded
// in another order when a file brings them.
func lines(text []byte) map[string]int {
	all := map[string]int{}
	for line := range bytes.Lines(text) {
		all[strings.TrimSpace(string(line))]++
	}
	return all
}

// describes: the README names every file and column that there is, and no file
// holds a private key.
func describes(t *testing.T, dir string) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(dir, "README.txt"))
	if err != nil {
		t.Fatal(err)
	}
	contents(t, dir, func(name string, body []byte) {
		if !strings.HasPrefix(name, "records/") {
			return
		}
		if !bytes.Contains(readme, []byte(name)) {
			t.Errorf("the README does not name %s", name)
		}
		for line := range bytes.Lines(body) {
			var row map[string]any
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for column := range row {
				if !bytes.Contains(readme, []byte("    "+column+" ")) {
					t.Errorf("the README does not name %s of %s", column, name)
				}
			}
		}
		if bytes.Contains(body, []byte(`"sealed"`)) || bytes.Contains(body, []byte("eyJhbGciOiJBMjU2R0NNS1ci")) { // {"alg":"A256GCMKW"
			t.Errorf("%s holds a sealed key", name)
		}
	})
}
