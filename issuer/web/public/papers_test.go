package public_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/verifiertest"
)

// written is what another program reads on the pages of a PDF.
func written(t *testing.T, doc []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		verifiertest.Lacks(t, "install poppler-utils to read certificates with another program")
	}
	file := filepath.Join(t.TempDir(), "certificate.pdf")
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "pdftotext", file, "-")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	text, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("%v %s", err, complaints.String())
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// TestCertificateProvesItself: dropped on the verify page, the file gets the
// verdict of the credential in it, check by check.
func TestCertificateProvesItself(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := completed(t, s)
	signed := get(t, s, "/v/"+string(id)+".json").Want(t, 200).Body
	compare := func(verdict verifier.Outcome) {
		t.Helper()
		a := get(t, s, "/v/"+string(id)+".pdf").Want(t, 200)
		inside, kind, err := bake.Unbake(a.Body)
		if err != nil || kind != bake.PDFKind || !bytes.Equal(inside, signed) {
			t.Fatalf("%v %v %.80q", kind, err, inside)
		}
		var paper, plain verifier.Report
		s.Send(t, "nobody", "POST", "/api/verify", string(a.Body), "Content-Type", "application/pdf").Want(t, 200).JSON(t, &paper)
		s.Send(t, "nobody", "POST", "/api/verify", string(signed), "Content-Type", "application/vc").Want(t, 200).JSON(t, &plain)
		if paper.Verdict != verdict || paper.Summary != plain.Summary || !bytes.Equal(paper.Credential, plain.Credential) {
			t.Errorf("%s: %s, the credential itself %s: %s", paper.Verdict, paper.Summary, plain.Verdict, plain.Summary)
		}
		for i, c := range paper.Checks {
			if c.Name != "image" && c.Outcome != plain.Checks[i].Outcome {
				t.Errorf("%s: %s, the credential itself %s", c.Name, c.Outcome, plain.Checks[i].Outcome)
			}
			if c.Name == "image" && (c.Outcome != verifier.Verified || !strings.Contains(c.Reason, "PDF")) {
				t.Errorf("image: %s %s", c.Outcome, c.Reason)
			}
		}
	}
	compare(verifier.Verified)
	if _, err := s.Registrar.RevokeCredential(t.Context(), issuer.Caller{System: "test"}, id, registrar.StatusChange{Code: "other"}); err != nil {
		t.Fatal(err)
	}
	compare(verifier.Refused)
}

func TestCertificateServed(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	path := "/v/" + string(completed(t, s)) + ".pdf"
	a := get(t, s, path).Want(t, 200)
	if !strings.HasPrefix(a.Header.Get("Content-Disposition"), `attachment; filename="certificate-`) || a.Header.Get("X-Robots-Tag") == "" {
		t.Errorf("%v", a.Header)
	}
	if again := get(t, s, path, "If-None-Match", a.Header.Get("ETag")); again.Status != 304 {
		t.Errorf("%d with its own tag", again.Status)
	}
	if other := get(t, s, path, "Accept-Language", "en-US").Want(t, 200); bytes.Equal(other.Body, a.Body) || !strings.Contains(other.Header.Get("Vary"), "Accept-Language") {
		t.Error("the same for readers of another order of dates")
	}
	s.Clock.Advance(24 * time.Hour)
	if later := get(t, s, path).Want(t, 200); bytes.Equal(later.Body, a.Body) {
		t.Error("tomorrow's certificate has today's date")
	}
}

// TestCertificateSays: what stands on it is what the page says, by state and
// by consent.
func TestCertificateSays(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	ctx, system := t.Context(), issuer.Caller{System: "test"}
	id := completed(t, s)
	path := "/v/" + string(id)
	text := written(t, get(t, s, path+".pdf").Want(t, 200).Body)
	for _, want := range []string{"Its holder is not named here.", "Genuine and current.", "Status as of", s.URL + path, "Check this badge"} {
		if !strings.Contains(text, want) {
			t.Errorf("issued: no %q in %s", want, text)
		}
	}
	if strings.Contains(text, "Leo") {
		t.Errorf("named without consent: %s", text)
	}
	issuedCard := get(t, s, path+"/card.png").Want(t, 200).Body
	if _, err := s.Registrar.SuspendCredential(ctx, system, id, registrar.StatusChange{Reason: "We look into it."}); err != nil {
		t.Fatal(err)
	}
	if text := written(t, get(t, s, path+".pdf").Want(t, 200).Body); !strings.Contains(text, "Paused Paused on") || strings.Contains(text, "Genuine and current.") {
		t.Errorf("suspended: %s", text)
	}
	if _, err := s.Registrar.RevokeCredential(ctx, system, id, registrar.StatusChange{Code: "issued-in-error", Reason: "A slip.", Note: "secret note"}); err != nil {
		t.Fatal(err)
	}
	text = written(t, get(t, s, path+".pdf").Want(t, 200).Body)
	for _, want := range []string{"Revoked Revoked on", "It was issued by mistake.", "“A slip.”", "Revoked by its issuer."} {
		if !strings.Contains(text, want) {
			t.Errorf("revoked: no %q in %s", want, text)
		}
	}
	if strings.Contains(text, "Genuine and current.") || strings.Contains(text, "secret note") {
		t.Errorf("revoked: %s", text)
	}
	if bytes.Equal(get(t, s, path+"/card.png").Want(t, 200).Body, issuedCard) {
		t.Error("the picture for sharing of a revoked badge is that of a good one")
	}
}

// TestShared: what other sites are told beside a link, and when they are told
// a name.
func TestShared(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	old := "/v/" + string(completed(t, s))
	page := func(path string) string {
		return string(get(t, s, path, "Accept", "text/html").Want(t, 200).Body)
	}
	before := page(old)
	for _, want := range []string{`<meta property="og:image" content="` + s.URL + old + `/card.png">`, `<meta name="twitter:card" content="summary_large_image">`,
		`<meta property="og:description" content="Genuine and current. Awarded by `, `<meta property="og:title" content="`} {
		if !strings.Contains(before, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(before, "awarded to") {
		t.Error("named without consent")
	}
	nameless := get(t, s, old+"/card.png").Want(t, 200)
	if err := s.Registrar.AnswerConsent(t.Context(), s.Caller(t, "learner"), true); err != nil {
		t.Fatal(err)
	}
	s.Publish(t)
	var c struct{ CredentialSubject json.RawMessage }
	get(t, s, old+".json").JSON(t, &c)
	text := written(t, get(t, s, old+".pdf").Want(t, 200).Body)
	if !strings.Contains(text, "Leo Learner") || !strings.Contains(text, "not part of what was signed") || !strings.Contains(text, "Replaced") {
		t.Errorf("a name that was not signed: %s", text)
	}
	if bytes.Contains(c.CredentialSubject, []byte("Leo")) {
		t.Error("the old bytes have the name")
	}
	badges, err := s.Registrar.Badges(t.Context(), s.Caller(t, "learner"))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range badges {
		if b.State != issuer.Issued {
			continue
		}
		fresh := "/v/" + string(b.ID)
		if !strings.Contains(page(fresh), ", awarded to Leo Learner") {
			t.Error("the page does not tell others the name that it shows")
		}
		if text := written(t, get(t, s, fresh+".pdf").Want(t, 200).Body); !strings.Contains(text, "Awarded to Leo Learner for") {
			t.Errorf("a signed name: %s", text)
		}
		if bytes.Equal(get(t, s, fresh+"/card.png").Want(t, 200).Body, nameless.Body) {
			t.Error("the picture has no name")
		}
	}
	if again := get(t, s, old+"/card.png", "If-None-Match", nameless.Header.Get("ETag")); again.Status != 200 {
		t.Errorf("a replaced badge has the picture of a good one: %d", again.Status)
	}
}
