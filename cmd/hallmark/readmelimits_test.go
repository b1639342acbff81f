package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
)

// promised are numbers that the README gives, each with where the program has it:
// the file, and the text that says it there. Whoever changes one sees the other.
var promised = []struct{ words, file, code string }{
	{"`POST /api/v1/credentials/batch` (up to 50,000)", "issuer/registrar/batch.go", "const MaxBatch = 50_000"},
	{"25 MB a file,", "issuer/registrar/evidence.go", "usual(&l.File, 25<<20)"},
	{"100 MB a submission,", "issuer/registrar/evidence.go", "usual(&l.Submission, 100<<20)"},
	{"1 GB a person.", "issuer/registrar/evidence.go", "usual(&l.Person, 1<<30)"},
	{"For ten minutes an approval can be taken back", "issuer/takeback.go", "const Grace = 10 * time.Minute"},
	{"**Mentors** take a capstone for four hours,", "issuer/claims.go", "const ClaimLasts = 4 * time.Hour"},
	{"good for a day at most", "issuer/staples.go", "const StatusListLife = 24 * time.Hour"},
	{"10 credentials in a presentation", "verifier/presentation.go", "maxPresented = 10 "},
	{"JSON both ways, at most 256 KiB", "issuer/web/bodies.go", "256 << 10"},
	{"with the scope `vc-api` (an hour)", "issuer/signin/signin.go", "TokenLife = time.Hour"},
	{"one setup link (single use, one hour)", "issuer/signin/signin.go", "SetupLife = time.Hour"},
	{"at most five minutes before", "issuer/stepup.go", "StepUpLife = 5 * time.Minute"},
	{"removes what `retention` says every ten minutes", "issuer/jobs/runner.go", "rarely = 10 * time.Minute"},
	{"a signed checkpoint covers it, within a second", "issuer/jobs/runner.go", "often = 400 * time.Millisecond"},
}

// TestReadmeLimits holds the numbers of the README against those of the program.
func TestReadmeLimits(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(string(text)), " ")
	}
	readme := read("README.md")
	for _, p := range promised {
		if !strings.Contains(readme, p.words) {
			t.Errorf("the README does not say %q; what does it say of %s in %s?", p.words, p.code, p.file)
		}
		if !strings.Contains(read(p.file), p.code) {
			t.Errorf("%s does not say %s any more; the README says %q", p.file, p.code, p.words)
		}
	}
	hours := func(d time.Duration) string { return strings.TrimSuffix(d.String(), "0m0s") }
	kept := issuer.Retention{}.Usual()
	if want := "retention: {mails: " + hours(kept.Mails) + ", browsers: " + hours(kept.Browsers) + ", concerns: " + hours(kept.Concerns) +
		", drafts: " + hours(kept.Drafts) + "}"; !strings.Contains(readme, want) {
		t.Errorf("the README does not say what is kept as usual: %s", want)
	}
}
