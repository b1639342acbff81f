package web_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/store"
)

// TestJoinByLink: an owner makes a link, someone unknown follows it, signs in
// by mail and is in the cohort; then it is closed.
func TestJoinByLink(t *testing.T) { issuertest.OnBoth(t, testJoinByLink) }

func testJoinByLink(t *testing.T, s *issuertest.Service) {
	owner, stranger := s.Browse(t, "owner"), s.Browse(t, "nobody")
	action, form := formOf(t, owner.Get(t, "/cohorts/craft-2").Want(t, 200), "link", "")
	owner.Post(t, action, fill(form, "places", "0")).Want(t, 422)
	owner.Post(t, action, fill(form, "places", "many")).Want(t, 422)
	page := owner.Post(t, action, fill(form, "places", "1")).Want(t, 200)
	link := ""
	for _, l := range issuertest.Links(html.UnescapeString(string(page.Body))) {
		if strings.Contains(l, "/join?t=") {
			link = strings.TrimPrefix(l, s.URL)
		}
	}
	if again := owner.Get(t, "/cohorts/craft-2"); link == "" || strings.Contains(string(again.Body), link) {
		t.Fatalf("the link %q is not shown once", link)
	}

	action, form = formOf(t, stranger.Get(t, link).Want(t, 200), "join", "")
	stranger.Post(t, action, fill(form, "name", "", "email", "new@people.example")).Want(t, 422)
	sent := stranger.Post(t, action, fill(form, "name", "Nova", "email", "new@people.example")).Want(t, 200)
	known := stranger.Post(t, action, fill(form, "name", "Nova", "email", issuertest.Address("learner"))).Want(t, 200)
	if a, b := strings.ReplaceAll(string(sent.Body), "new@people.example", ""), strings.ReplaceAll(string(known.Body), issuertest.Address("learner"), ""); a != b {
		t.Error("the answer tells who is known")
	}
	mails, err := store.Read(t.Context(), s.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 100) })
	if err != nil {
		t.Fatal(err)
	}
	signin := ""
	for _, m := range mails {
		if m.Recipient == "new@people.example" {
			signin = issuertest.Links(m.Data)[0]
		}
	}
	u, err := url.Parse(signin)
	if err != nil {
		t.Fatal(err)
	}
	back := stranger.Post(t, "/signin/link", url.Values{"t": {u.Query().Get("t")}}).Want(t, 303).Header.Get("Location")
	if back != link {
		t.Fatalf("after signing in it goes on at %q", back)
	}
	action, form = formOf(t, stranger.Get(t, back).Want(t, 200), "join", "")
	stranger.Post(t, action, form).Want(t, 303)
	stranger.Post(t, action, form).Want(t, 303)
	if roster := owner.Get(t, "/cohorts/craft-2"); !strings.Contains(string(roster.Body), "Nova") || !strings.Contains(string(roster.Body), "1 of 1 places") {
		t.Error("the roster does not show who joined")
	}
	s.Browse(t, "nobody").Get(t, link).Want(t, 404)
}

// TestRosterByFile: a table is shown with what it would do before it is
// written, and what is wrong in it is left out.
func TestRosterByFile(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	root := s.Browse(t, "root")
	action, form := formOf(t, root.Get(t, "/cohorts/craft-1").Want(t, 200), "roster", "")
	page := sendFile(t, s, action, form, "email,name\r\none@people.example,One\r\ntwo,Two\r\n").Want(t, 200)
	if text := string(page.Body); !strings.Contains(text, "1 would be added") || !strings.Contains(text, "Row 3:") || !strings.Contains(text, "data-upload") {
		t.Fatalf("the preview says %s", text)
	}
	if roster := root.Get(t, "/cohorts/craft-1"); strings.Contains(string(roster.Body), "one@people.example") {
		t.Error("a preview was written")
	}
	action, form = formOf(t, page, "confirm-roster", "save")
	sendFile(t, s, action, form, "").Want(t, 303)
	if roster := root.Get(t, "/cohorts/craft-1"); !strings.Contains(string(roster.Body), "one@people.example") || strings.Contains(string(roster.Body), "Two") {
		t.Error("the table was not written")
	}
	root.Post(t, "/cohorts/craft-1/people", url.Values{"email": {"three"}, "name": {"Three"}}).Want(t, 422)
	root.Post(t, "/cohorts/craft-1/people", url.Values{"email": {"three@people.example"}, "name": {"Three"}}).Want(t, 303)
	sendFile(t, s, action, url.Values{}, "nothing of use").Want(t, 422)
}
