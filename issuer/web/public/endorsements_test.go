package public_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
)

// capstone hands in a capstone of learner alone.
func capstone(t *testing.T, s *issuertest.Service, brief string) issuer.CapstoneID {
	t.Helper()
	learner := s.Caller(t, "learner")
	c, err := s.Registrar.StartCapstone(t.Context(), learner, brief, "craft-1", "My work", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Registrar.SaveCapstone(t.Context(), learner, c.ID, registrar.Draft{Title: "My work", Summary: "It holds.",
		Evidence: []registrar.NewEvidence{{Kind: "link", Name: "Photo", URL: "https://example.org/private-photo"}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Registrar.SubmitCapstone(t.Context(), learner, c.ID); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// approves lets a mentor approve, and sign if they are to.
func approves(t *testing.T, s *issuertest.Service, kind string, id issuer.CapstoneID, sign bool) *registrar.ReviewResult {
	t.Helper()
	by := s.Caller(t, kind)
	by.SteppedUp = s.Clock.Now()
	r, err := s.Registrar.ReviewCapstone(t.Context(), by, id, registrar.NewReview{Submission: 1, Decision: issuer.Approve,
		Scores: issuer.Scores{"build": "sound", "value": "strong"}, Sign: sign})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestEndorsementsAreShown: the page says of each mentor what they did, the
// report and the address say what was signed, and no public byte what the work
// is.
func TestEndorsementsAreShown(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	if err := s.Registrar.AnswerConsent(t.Context(), s.Caller(t, "lead"), true); err != nil {
		t.Fatal(err)
	}
	id := capstone(t, s, "K2")
	approves(t, s, "community", id, false)
	badge := approves(t, s, "lead", id, true).Credentials[0].ID
	s.Publish(t)
	at := "/v/" + string(badge)
	page := string(get(t, s, at, "Accept", "text/html").Want(t, 200).Body)
	for _, said := range []string{"Reviewed and signed by <bdi>Lea Lead</bdi>, a lead mentor of <bdi>Craft Program</bdi>.", "Approved by a mentor of <bdi>Craft Program</bdi>.",
		`href="` + at + `/endorsements"`, `data-endorsement="verified"`, "Working solution: sound (2 of 3); Value shown: strong (3 of 3)"} {
		if !strings.Contains(page, said) {
			t.Errorf("the page does not say %s", said)
		}
	}
	served := get(t, s, at+"/endorsements").Want(t, 200)
	var all []json.RawMessage
	served.JSON(t, &all)
	if len(all) != 1 || !strings.Contains(string(get(t, s, at+".json").Body), string(all[0])) {
		t.Errorf("served: %s", served.Body)
	}
	for _, private := range []string{"example.org", "My work", "It holds", "Cora", "Leo", "people.example"} {
		if strings.Contains(string(served.Body), private) {
			t.Errorf("an endorsement says %q", private)
		}
	}
	if tag := served.Header.Get("ETag"); tag == "" {
		t.Error("no ETag")
	} else {
		get(t, s, at+"/endorsements", "If-None-Match", tag).Want(t, 304)
	}
	var report struct {
		Verdict string
		Checks  []struct{ Name, Outcome, Reason string }
	}
	get(t, s, at, "Accept", "application/json").Want(t, 200).JSON(t, &report)
	if report.Verdict != "verified" || report.Checks[11].Name != "endorsement" || report.Checks[11].Outcome != "verified" {
		t.Errorf("report: %+v", report)
	}
	alone := s.Send(t, "nobody", "POST", "/api/verify", string(all[0]), "Content-Type", "application/vc").Want(t, 200)
	if alone.JSON(t, &report); report.Verdict != "verified" {
		t.Errorf("on its own: %s", alone.Body)
	}

	if err := s.Registrar.AnswerConsent(t.Context(), s.Caller(t, "lead"), false); err != nil {
		t.Fatal(err)
	}
	if page := string(get(t, s, at, "Accept", "text/html").Body); !strings.Contains(page, "Reviewed and signed by a lead mentor of") || strings.Contains(between(page, "<main", `<details class="machines"`), "Lea Lead") {
		t.Error("the page names a mentor who took their consent back")
	}

	again, err := s.Registrar.ReissueCredential(t.Context(), s.Caller(t, "owner"), badge, "Misspelt.")
	if err != nil {
		t.Fatal(err)
	}
	s.Publish(t)
	anew := "/v/" + string(again.Badge.ID)
	if body := get(t, s, anew+"/endorsements").Want(t, 200).Body; string(body) != "[]" {
		t.Errorf("the badge that replaces it: %s", body)
	}
	page = string(get(t, s, anew, "Accept", "text/html").Want(t, 200).Body)
	if !strings.Contains(page, `href="`+at+`/endorsements"`) || !strings.Contains(page, "about the badge that this one replaced") || strings.Contains(page, "data-endorsement") {
		t.Error("the badge that replaces it does not say where the signed word stands")
	}
	if _, err := s.Registrar.SetVisibility(t.Context(), s.Caller(t, "learner"), again.Badge.ID, issuer.Hidden); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{at, anew, "/v/AAAAAAAAAAAAAAAAAAAAAAAAAA", "/v/x"} {
		get(t, s, path+"/endorsements").Want(t, 404)
	}
}

// between gives what stands between two marks; all of it if they are not there.
func between(text, from, to string) string {
	if _, rest, ok := strings.Cut(text, from); ok {
		text = rest
	}
	text, _, _ = strings.Cut(text, to)
	return text
}
