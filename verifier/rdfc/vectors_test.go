package rdfc

import (
	"crypto"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/verifiertest"
)

func vectorFolder(t testing.TB) string {
	return filepath.Join(verifiertest.Fixtures(t), "standards", "vectors", "rdf-canon")
}

func load(t testing.TB, file string) *Dataset {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d, err := ParseNQuads(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestVectors(t *testing.T) {
	folder := vectorFolder(t)
	inputs, err := filepath.Glob(filepath.Join(folder, "test*-in.nq"))
	if err != nil || len(inputs) < 30 {
		t.Fatalf("%d tests in %s (%v)", len(inputs), folder, err)
	}
	ran := 0
	for _, in := range inputs {
		name := strings.TrimSuffix(filepath.Base(in), "-in.nq")
		want, err := os.ReadFile(filepath.Join(folder, name+"-rdfc10.nq"))
		if errors.Is(err, os.ErrNotExist) {
			continue // a negative test
		}
		ran++
		t.Run(name, func(t *testing.T) {
			hash := crypto.SHA256
			if name == "test075" {
				hash = crypto.SHA384 // the one test whose manifest names another hash
			}
			d := load(t, in)
			got, err := d.CanonicalizeWith(hash, Limits{Steps: 1 << 20})
			if err != nil {
				t.Fatal(err)
			}
			if used := 1<<20 - d.work.steps; used > defaultSteps/2 {
				t.Errorf("needs %d steps", used)
			}
			if used := 10<<20 - d.work.hashes; used > defaultSteps*hashesPerStep/2 {
				t.Errorf("needs %d hashes", used)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
			compareMap(t, filepath.Join(folder, name+"-rdfc10map.json"), d)
		})
	}
	if ran < 30 {
		t.Errorf("only %d tests ran", ran)
	}
}

func compareMap(t *testing.T, file string, d *Dataset) {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	var want map[string]string
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, d.Issued()); diff != "" {
		t.Errorf("issued identifiers: %s", diff)
	}
}

func TestPoisonIsRefused(t *testing.T) {
	d := load(t, filepath.Join(vectorFolder(t), "test074-in.nq"))
	if _, err := d.Canonicalize(Limits{}); !errors.Is(err, ErrTooComplex) {
		t.Fatalf("err = %v", err)
	}
}

// BenchmarkPoison refuses the poison graph of the W3C suite; it is to stay
// under 100 ms.
func BenchmarkPoison(b *testing.B) {
	d := load(b, filepath.Join(vectorFolder(b), "test074-in.nq"))
	for b.Loop() {
		if _, err := d.Canonicalize(Limits{}); !errors.Is(err, ErrTooComplex) {
			b.Fatal(err)
		}
	}
}
