package public_test

import (
	"regexp"
	"testing"

	"hallmark/issuer/issuertest"
)

// english is a sentence of the verifier that the language of a page lacks.
var english = regexp.MustCompile(`(?:class="check-reason">|class="lead">)<span lang="en"[^>]*>[^<]*`)

// TestFoundInTheReadersLanguage: what was checked, and why, is told in the language of
// the page, whatever state a badge of ours is in.
func TestFoundInTheReadersLanguage(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	var done struct{ Credentials []struct{ ID string } }
	s.Send(t, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address("learner")+`"},"module":"M1","cohort":"craft-1"}`).JSON(t, &done)
	id := done.Credentials[0].ID
	look := func(state string) {
		t.Helper()
		for _, language := range []string{"fr", "ar"} {
			page := s.Send(t, "nobody", "GET", "/v/"+id, "", "Accept", "text/html", "Accept-Language", language).Want(t, 200)
			for _, left := range english.FindAllString(string(page.Body), -1) {
				t.Errorf("%s, %s: %s", state, language, left)
			}
			if !regexp.MustCompile(`class="check-reason">[^<]`).Match(page.Body) {
				t.Errorf("%s, %s: no reasons", state, language)
			}
		}
	}
	look("issued")
	act := func(what, body string) {
		t.Helper()
		s.Send(t, "admin", "POST", "/api/v1/credentials/"+id+"/"+what, body).Want(t, 200)
	}
	act("suspend", `{"reason":"A look at the evidence"}`)
	look("suspended")
	act("reinstate", `{}`)
	act("revoke", `{"code":"issued-in-error","reason":"Recorded for someone else"}`)
	look("revoked")
}
