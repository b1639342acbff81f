package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// handIn starts a capstone and hands it in.
func handIn(t *testing.T, learner *issuertest.Browser) string {
	t.Helper()
	home := see(t, learner, "/home", "home")
	start := strings.ReplaceAll(find(t, home, `href="(/capstones/new\?[^"]+)"[^>]*data-brief="K1"`), "&amp;", "&")
	body := see(t, learner, start, "capstone-new")
	body = send(t, learner, "/capstones", "started", url.Values{"brief": {find(t, body, `name="brief" value="(\w+)"`)}, "cohort": {find(t, body, `name="cohort" value="(\w+)"`)}, "title": {"A chair"}})
	id := find(t, body, `data-capstone="(\w+)"`)
	send(t, learner, "/capstones/"+id, "submitted", with(draft, "act", "submit"))
	return id
}

// TestStopIssuing walks a stop: who runs the installation stops, a mentor's
// approval is refused with the reason and keeps what was typed, a return works,
// a completion is recorded, and its badge comes when badges are issued again.
func TestStopIssuing(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	root, lead, learner := s.Browse(t, "root"), s.Browse(t, "lead"), s.Browse(t, "learner")
	see(t, root, "/home", "home", `data-act="open-issuing"`)
	if strings.Contains(see(t, lead, "/home", "home"), "open-issuing") {
		t.Error("a mentor is led to where issuing is stopped")
	}
	see(t, root, "/issuing", "issuing", `data-issuing="running"`)
	holds(t, "a stop without a reason", string(root.Post(t, "/issuing/stop", url.Values{"reason": {" "}}).Want(t, 422).Body), "data-problem")
	body := send(t, root, "/issuing/stop", "stopped", url.Values{"reason": {"One rule gives badges away"}})
	holds(t, "after the stop", body, `data-issuing="stopped"`, "One rule gives badges away.", `data-act="resume-issuing"`)
	see(t, lead, "/home", "home", "data-halt", "One rule gives badges away.")
	if strings.Contains(see(t, learner, "/home", "home"), "data-halt") {
		t.Error("learners are told of the stop")
	}

	review := handIn(t, learner)
	form := url.Values{"submission": {"1"}, "decision": {"approve"}, "score.build": {"sound"}, "note": {"Well made."}}
	refused := lead.Post(t, "/review/"+review, form).Want(t, http.StatusServiceUnavailable)
	holds(t, "an approval", string(refused.Body), "One rule gives badges away.", "Well made.", `data-page="review"`)
	if refused.Header.Get("Retry-After") == "" {
		t.Error("nobody is told when to come again")
	}
	api := s.Send(t, "lead", "POST", "/api/v1/capstones/"+review+"/reviews", `{"submission":1,"decision":"approve","scores":{"build":"sound"}}`).Want(t, http.StatusServiceUnavailable)
	if !strings.Contains(string(api.Body), "One rule gives badges away.") || api.Header.Get("Retry-After") == "" {
		t.Errorf("by program: %s", api.Body)
	}
	send(t, lead, "/review/"+review, "returned", with(form, "decision", "return"))

	completion := `{"person":{"email":"` + issuertest.Address("other") + `"},"module":"M1","cohort":"craft-1"}`
	var recorded struct {
		Credentials []struct{ ID string }
		Warnings    []string
	}
	s.Send(t, "owner", "POST", "/api/v1/completions", completion).Want(t, http.StatusCreated).JSON(t, &recorded)
	if len(recorded.Credentials) != 0 || len(recorded.Warnings) != 1 {
		t.Errorf("during the stop: %+v", recorded)
	}
	see(t, root, "/issuing", "issuing", "1 recorded fact waits")
	send(t, root, "/issuing/resume", "resumed", url.Values{})
	if err := s.Jobs.IssueDeferred(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Send(t, "owner", "POST", "/api/v1/completions", completion).Want(t, http.StatusOK).JSON(t, &recorded)
	if len(recorded.Credentials) == 0 {
		t.Error("the badge did not come after the stop")
	}
}
