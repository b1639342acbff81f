package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/verifier/verifiertest"
)

// copySample puts the reference input where refused rows may be left beside it.
func copySample(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"program.yaml", "roster.csv", "completions.csv"} {
		data, err := os.ReadFile(filepath.Join(verifiertest.Fixtures(t), "sample", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func importing(t *testing.T, data string, args ...string) (r registrar.ImportResult, code int) {
	t.Helper()
	out, errs, code := hallmark(t, "", append([]string{"import", "--data", data, "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("import %v printed %q %q: %v", args, out, errs, err)
	}
	return r, code
}

// held counts live awards by achievement.
func held(t *testing.T, data string) map[string]int {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{DSN: filepath.Join(data, "hallmark.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := &registrar.Registrar{Store: db, BaseURL: "http://localhost:8080"}
	counts, cursor := map[string]int{}, ""
	for {
		list, err := r.Credentials(t.Context(), issuer.Caller{System: "test"}, registrar.CredentialFilter{Page: registrar.Page{Cursor: cursor, Limit: 200}})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range list.Items {
			if b.State == issuer.Issued {
				counts[b.Achievement.Code]++
			}
		}
		if cursor = list.Next; cursor == "" {
			return counts
		}
	}
}

// The sample is imported exactly as its description says, twice.
func TestImportSample(t *testing.T) {
	files, data := copySample(t), t.TempDir()
	if _, code := importing(t, data, "program", filepath.Join(files, "program.yaml")); code != exitDone {
		t.Fatal("the program was refused")
	}
	people, code := importing(t, data, "people", filepath.Join(files, "roster.csv"))
	if code != exitFailed || people.Written || len(people.Refused) != 5 {
		t.Errorf("a roster with wrong rows: exit %d, %+v", code, people)
	}
	want := map[string]int{"F1": 67, "F2": 58, "F3": 34, "P1": 23, "P2": 31, "I1": 7, "foundation": 34}
	for round := range 2 {
		for _, what := range []struct{ kind, file string }{{"people", "roster.csv"}, {"completions", "completions.csv"}} {
			preview, _ := importing(t, data, what.kind, filepath.Join(files, what.file), "--skip-wrong", "--dry-run")
			r, code := importing(t, data, what.kind, filepath.Join(files, what.file), "--skip-wrong")
			if code != exitDone || round == 1 && r.Added+r.Changed > 0 {
				t.Errorf("round %d, %s: exit %d, %+v", round, what.kind, code, r)
			}
			if diff := cmp.Diff(preview, r); diff != "" {
				t.Errorf("round %d, %s: the preview said otherwise:\n%s", round, what.kind, diff)
			}
			if _, err := os.Stat(filepath.Join(files, what.file+".refused.csv")); err != nil {
				t.Errorf("no refused rows are left: %v", err)
			}
		}
		if diff := cmp.Diff(want, held(t, data)); diff != "" {
			t.Errorf("round %d: badges differ:\n%s", round, diff)
		}
	}
	refused, err := os.ReadFile(filepath.Join(files, "roster.csv.refused.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(refused), "'=HYPERLINK") || !strings.Contains(string(refused), ",reason") {
		t.Errorf("refused rows:\n%s", refused)
	}
}

// TestDryRunMakesNothing: a trial run where nothing is yet leaves nothing there.
func TestDryRunMakesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	file := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(file, []byte("email,name\nann@example.org,Ann\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs, code := hallmark(t, "", "import", "people", file, "--dry-run", "--data", dir)
	if _, err := os.Stat(dir); code != exitFailed || !strings.Contains(errs, "There is no database") || err == nil {
		t.Errorf("exit %d, %s; the folder: %v", code, errs, err)
	}
}
