package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// approveFirst approves the first submission of the demo's capstone.
const approveFirst = `{"submission":1,"decision":"approve","scores":{"problem":"strong","build":"sound","safety":"sound","value":"sound","teamwork":"sound"},"note":"Good work."}`

// From the start of the process on, the first thing that a demo answers is a badge
// that anyone may check. How long that takes is told, not judged: machines are noisy.
func TestDemoBadge(t *testing.T) {
	l, since := demo(t)
	r := report(t, l.Badge)
	t.Logf("after %v", time.Since(since).Round(time.Millisecond))
	if r.Verdict != "verified" {
		t.Errorf("the demo's badge is %s: %s", r.Verdict, r.Summary)
	}
}

// The line of the demo leads everywhere it promises to.
func TestDemoLine(t *testing.T) {
	l, _ := demo(t)
	for _, who := range []string{"admin", "mentor", "lead", "learner", "manager", "api"} {
		if l.Tokens[who] == "" {
			t.Errorf("no token for %s", who)
		}
	}
	for _, who := range []string{"admin", "mentor", "lead", "learner", "sponsor"} {
		if status, _ := call(t, "GET", l.Signin[who], "", ""); status != http.StatusOK {
			t.Errorf("sign-in link of %s: %d", who, status)
		}
	}
	if status, _ := call(t, "GET", l.Mailbox, "", ""); status != http.StatusOK {
		t.Errorf("mailbox: %d", status)
	}
	if l.Submission != 1 || !strings.HasPrefix(l.Badge, l.URL+"/v/") {
		t.Errorf("line: %+v", l)
	}
	reviews := l.URL + "/api/v1/capstones/" + l.Capstone + "/reviews"
	for _, who := range []string{"admin", "manager", "learner", "api"} {
		if status, body := call(t, "POST", reviews, l.Tokens[who], approveFirst); status != http.StatusForbidden && status != http.StatusNotFound {
			t.Errorf("%s reviews: %d %s", who, status, body)
		}
	}
	var answer struct {
		Capstone    struct{ ID, State string }
		Missing     []string
		Credentials []struct {
			URL         string
			Achievement struct{ Code string }
		}
	}
	status, body := call(t, "POST", reviews, l.Tokens["mentor"], approveFirst)
	if err := json.Unmarshal(body, &answer); err != nil || status != http.StatusCreated || strings.Join(answer.Missing, ",") != "lead approval" || answer.Capstone.State != "submitted" {
		t.Errorf("community mentor: %d %s", status, body)
	}
	status, body = call(t, "POST", reviews, l.Tokens["lead"], approveFirst)
	if err := json.Unmarshal(body, &answer); err != nil || status != http.StatusCreated || answer.Capstone.State != "approved" || len(answer.Credentials) != 2 {
		t.Fatalf("lead mentor: %d %s", status, body)
	}
	for i, code := range []string{"C1", "citizen-developer"} {
		c := answer.Credentials[i]
		if c.Achievement.Code != code {
			t.Errorf("credential %d is of %s", i, c.Achievement.Code)
		}
		if r := report(t, c.URL); r.Verdict != "verified" {
			t.Errorf("%s: %s %s", code, r.Verdict, r.Summary)
		}
	}
	revoke := l.URL + "/api/v1/credentials/" + answer.Credentials[0].URL[len(l.URL+"/v/"):] + "/revoke"
	if status, body := call(t, "POST", revoke, l.Tokens["admin"], `{"code":"issued-in-error","reason":"A wrong capstone was approved."}`); status != http.StatusOK {
		t.Fatalf("revoke: %d %s", status, body)
	}
	if r := report(t, answer.Credentials[0].URL); r.Verdict != "refused" {
		t.Errorf("after revocation: %s %s", r.Verdict, r.Summary)
	}
}
