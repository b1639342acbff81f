package pages_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/store"
)

// code is the newest code that was mailed.
func code(t *testing.T, s *issuertest.Service) string {
	t.Helper()
	all, err := store.Read(t.Context(), s.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 1000) })
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all { // the newest first
		var said struct{ Code string }
		if m.Template == "step-up" && json.Unmarshal([]byte(m.Data), &said) == nil {
			return said.Code
		}
	}
	t.Fatal("no code was mailed")
	return ""
}

// handedIn starts a capstone of a learner and hands it in.
func handedIn(t *testing.T, s *issuertest.Service, kind string) string {
	t.Helper()
	learner := s.Browse(t, kind)
	start := find(t, see(t, learner, "/home", "home"), `href="(/capstones/new\?brief=[^"]*)" data-act="start" data-brief="K1"`)
	q, err := url.Parse(strings.ReplaceAll(start, "&amp;", "&"))
	if err != nil {
		t.Fatal(err)
	}
	at := learner.Post(t, "/capstones", url.Values{"brief": q.Query()["brief"], "cohort": q.Query()["cohort"], "title": {"Chair"}}).Want(t, http.StatusSeeOther).Header.Get("Location")
	at, _, _ = strings.Cut(at, "?")
	learner.Post(t, at, with(draft, "act", "submit")).Want(t, http.StatusSeeOther)
	return strings.TrimPrefix(at, "/capstones/")
}

// TestApproveAndSign is the way of a mentor without script: what they typed
// waits while they fetch the code, and the badge says who signed.
func TestApproveAndSign(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id, lead := handedIn(t, s, "learner"), s.Browse(t, "lead")
	page := see(t, lead, "/review/"+id, "review", `data-act="approve"`, `data-act="approve-sign"`, "Approve and sign")
	if strings.Contains(page, `name="code"`) {
		t.Error("the review asks for a code before it is signed")
	}
	review := url.Values{"submission": {"1"}, "decision": {"sign"}, "score.build": {"sound"}, "score.value": {"strong"}, "note": {"Well done: <b>two</b> chairs."}}
	asked := string(lead.Post(t, "/review/"+id, review).Want(t, http.StatusOK).Body)
	holds(t, "the first post", asked, `data-page="confirm"`, `action="/review/`+id+`"`, `name="decision" value="sign"`, `name="score.build" value="sound"`, `value="Well done: &lt;b&gt;two&lt;/b&gt; chairs."`, `name="code"`)
	if strings.Contains(asked, "data-passkey") {
		t.Error("a passkey is asked for that they do not have")
	}
	first := code(t, s)
	wrong := "000000"
	if wrong == first {
		wrong = "000001"
	}
	again := string(lead.Post(t, "/review/"+id, with(review, "confirm", "code", "code", wrong)).Want(t, http.StatusUnprocessableEntity).Body)
	holds(t, "a wrong code", again, "This is not the code", `name="score.value" value="strong"`)
	if strings.Count(again, wrong) > 0 {
		t.Error("the wrong code waits with the form")
	}
	s.Clock.Advance(2 * time.Second)
	lead.Post(t, "/review/"+id, with(review, "confirm", "mail")).Want(t, http.StatusOK)
	holds(t, "after signing", send(t, lead, "/review/"+id, "approved", with(review, "confirm", "code", "code", code(t, s))))
	s.Publish(t)
	visitor := s.Browse(t, "nobody")
	badge := find(t, see(t, s.Browse(t, "learner"), "/badges", "badges"), `href="(/badges/[A-Z2-7]{26})"`)
	at := "/v/" + strings.TrimPrefix(badge, "/badges/")
	see(t, visitor, at, "badge", `data-approval="signed"`, "Reviewed and signed by a lead mentor of", at+"/endorsements")
	see(t, lead, "/capstones/"+id, "capstone", "data-signed")

	// The session is sure for five minutes.
	if body := see(t, lead, "/account", "account", "Passkeys need an address with a name", `data-act="make-token"`); strings.Contains(body, "data-register") {
		t.Error("a passkey is offered where there can be none")
	}
	made := string(lead.Post(t, "/account/token", url.Values{"make": {"token"}}).Want(t, http.StatusOK).Body)
	find(t, made, `data-token>(eyJ[^<]+)<`)
	s.Clock.Advance(issuer.StepUpLife)
	holds(t, "five minutes later", string(lead.Post(t, "/account/token", url.Values{"make": {"token"}}).Want(t, http.StatusOK).Body), `data-page="confirm"`)
	lead.Post(t, "/signout", url.Values{}).Want(t, http.StatusSeeOther)
}

// TestOnlyTokensWithTheScopeSign: by the API a mentor's approval counts with any
// token of theirs, and is signed with one that has the scope.
func TestOnlyTokensWithTheScopeSign(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	for kind, scopes := range map[string][]issuer.Scope{"learner": nil, "mate": {issuer.CapstonesReview}, "other": {issuer.Endorse}} {
		id := handedIn(t, s, kind)
		token, err := s.Signin.PersonToken(s.People["lead"], time.Hour, scopes...)
		if err != nil {
			t.Fatal(err)
		}
		s.Tokens["program"] = token
		var done struct {
			Review      struct{ Signed bool }
			Credentials []struct{ ID string }
		}
		s.Send(t, "program", "POST", "/api/v1/capstones/"+id+"/reviews", `{"submission":1,"decision":"approve","scores":{"build":"sound","value":"sound"},"note":""}`).Want(t, 201).JSON(t, &done)
		want := kind == "other"
		if done.Review.Signed != want {
			t.Errorf("with %v: signed %v", scopes, done.Review.Signed)
		}
		mark := `data-approval="approved"`
		if want {
			mark = `data-approval="signed"`
		}
		see(t, s.Browse(t, "nobody"), "/v/"+done.Credentials[0].ID, "badge", mark)
	}
}
