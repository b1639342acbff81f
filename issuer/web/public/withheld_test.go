package public_test

import (
	"net/http"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// TestWithheld: a file with a name whose owner took their consent back is given
// out in no form; its page stays, leads on and offers none.
func TestWithheld(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	answer := func(yes bool) {
		t.Helper()
		if err := s.Registrar.AnswerConsent(t.Context(), s.Caller(t, "learner"), yes); err != nil {
			t.Fatal(err)
		}
	}
	answer(true)
	var done struct{ Credentials []struct{ ID string } }
	s.Send(t, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address("learner")+`"},"module":"M1","cohort":"craft-1"}`).JSON(t, &done)
	at := "/v/" + done.Credentials[0].ID
	answer(false)
	for _, form := range []string{".json", ".jwt", ".png", ".svg", ".pdf"} {
		a := s.Send(t, "nobody", "GET", at+form, "").Want(t, http.StatusGone)
		if !strings.Contains(string(a.Body), "What replaced it is at") {
			t.Errorf("%s: %s", form, a.Body)
		}
	}
	for _, media := range []string{"application/vc", "application/vc+jwt"} {
		s.Send(t, "nobody", "GET", at, "", "Accept", media).Want(t, http.StatusGone)
	}
	page := string(s.Send(t, "nobody", "GET", at, "", "Accept", "text/html").Want(t, 200).Body)
	for _, gone := range []string{"Leo Learner", "download-", at + ".svg", at + ".json"} {
		if strings.Contains(page, gone) {
			t.Errorf("the page has %q", gone)
		}
	}
	if !strings.Contains(page, `/art/`) || !strings.Contains(page, "replaced") {
		t.Errorf("%s", page)
	}
}
