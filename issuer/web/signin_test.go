package web_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/templates"
)

// outbox gives what waits to be mailed, newest first.
func outbox(t testing.TB, s *issuertest.Service) []issuer.Message {
	t.Helper()
	all, err := store.Read(t.Context(), s.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 100) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestSignInByMail walks the way in: the form, the mail, the page with the
// one button, home, and out again.
func TestSignInByMail(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	b := s.Browse(t, "nobody")
	page := b.Get(t, "/badges").Want(t, 303)
	if got := page.Header.Get("Location"); got != "/signin?next=%2Fbadges" {
		t.Fatalf("sent to %q", got)
	}
	b.Get(t, page.Header.Get("Location")).Want(t, 200)
	known := b.Post(t, "/signin", url.Values{"email": {issuertest.Address("learner")}, "next": {"/badges"}}).Want(t, 200)
	unknown := b.Post(t, "/signin", url.Values{"email": {"who@people.example"}, "next": {"/badges"}}).Want(t, 200)
	if a, b := strings.ReplaceAll(string(known.Body), issuertest.Address("learner"), "X"), strings.ReplaceAll(string(unknown.Body), "who@people.example", "X"); a != b {
		t.Error("the page tells who has an account")
	}
	mails := outbox(t, s)
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	set, err := templates.Open(templates.Config{})
	if err != nil {
		t.Fatal(err)
	}
	_, text, _, err := set.Mail("", mails[0].Template, json.RawMessage(mails[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	links := issuertest.Links(text)
	if len(links) != 1 || !strings.HasPrefix(links[0], s.URL+"/signin/link?t=") {
		t.Fatalf("mail:\n%s", text)
	}
	path := strings.TrimPrefix(links[0], s.URL)
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	scanner := s.Browse(t, "nobody")
	for range 3 { // mail scanners open links; that burns nothing
		scanner.Get(t, path).Want(t, 200)
	}
	scanner.Get(t, "/home").Want(t, 303)
	in := b.Post(t, "/signin/link", url.Values{"t": u.Query()["t"]}).Want(t, 303)
	if in.Header.Get("Location") != "/badges" {
		t.Errorf("goes to %q", in.Header.Get("Location"))
	}
	b.Get(t, "/badges").Want(t, 200)
	over := scanner.Post(t, "/signin/link", url.Values{"t": u.Query()["t"]}).Want(t, 404)
	if !strings.Contains(string(over.Body), `data-act="anew"`) {
		t.Errorf("who comes with a link that was used is offered none: %s", over.Body)
	}
	for secret, mails := range map[string]int{"nobody's": 0, u.Query().Get("t"): 1} {
		before := len(outbox(t, s))
		sent := scanner.Post(t, "/signin/link", url.Values{"t": {secret}, "anew": {"yes"}}).Want(t, 200)
		if got := len(outbox(t, s)) - before; got != mails || strings.Contains(string(sent.Body), "@") {
			t.Errorf("%d mails for another link, want %d: %s", got, mails, sent.Body)
		}
	}
	b.Post(t, "/signout", url.Values{}).Want(t, 303)
	b.Get(t, "/home").Want(t, 303)
	if strings.Contains(s.Log.String(), u.Query().Get("t")) || strings.Contains(s.Log.String(), "people.example") {
		t.Error("the log holds a secret or an address")
	}
}

// TestFirstAdmin: the setup link of a new installation makes its admin.
func TestFirstAdmin(t *testing.T) {
	s := issuertest.NewEmpty(t, issuertest.Options{})
	link, err := s.Signin.Setup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := s.Browse(t, "nobody")
	path := strings.TrimPrefix(link, s.URL)
	b.Get(t, path).Want(t, 200)
	_, secret, _ := strings.Cut(path, "?t=")
	b.Post(t, "/setup", url.Values{"t": {secret}, "email": {"nonsense"}, "name": {"Rut"}}).Want(t, 422)
	b.Post(t, "/setup", url.Values{"t": {secret}, "email": {"rut@people.example"}, "name": {"Rut"}}).Want(t, 303)
	b.Get(t, "/people").Want(t, 200)
	s.Browse(t, "nobody").Post(t, "/setup", url.Values{"t": {secret}, "email": {"eve@people.example"}, "name": {"Eve"}}).Want(t, 404)
}

// TestRightsAreReadEachTime: a role that is taken away is gone with the next
// request, whatever the session or token says.
func TestRightsAreReadEachTime(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	b := s.Browse(t, "owner")
	b.Get(t, "/people").Want(t, 200)
	s.Send(t, "owner", "GET", "/api/v1/people", "").Want(t, 200)
	operator := issuer.Caller{System: "test"}
	second := registrar.NewGrant{Person: s.People["plain"], Role: issuer.Owner, Program: "craft"} // the last one stays
	if _, err := s.Registrar.GrantRole(t.Context(), operator, second); err != nil {
		t.Fatal(err)
	}
	for _, g := range s.Caller(t, "owner").Grants {
		if err := s.Registrar.RemoveGrant(t.Context(), operator, g.ID); err != nil {
			t.Fatal(err)
		}
	}
	b.Get(t, "/people").Want(t, 403)
	s.Send(t, "owner", "GET", "/api/v1/people", "").Want(t, 403)
	if _, err := s.Registrar.GrantRole(t.Context(), operator, registrar.NewGrant{Person: s.People["owner"], Role: issuer.Owner, Program: "craft"}); err != nil {
		t.Fatal(err)
	}
	b.Get(t, "/people").Want(t, 200)
}

// TestAnotherSiteCannotAct: a page elsewhere that posts with a visitor's
// cookie changes nothing.
func TestAnotherSiteCannotAct(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	things := prepare(t, s)
	b := s.Browse(t, "learner")
	path := things.Replace("/badges/{credential}/visibility")
	form := url.Values{"visibility": {"public"}}
	for name, headers := range map[string][]string{
		"from another site": {"Sec-Fetch-Site", "cross-site"}, "from a sibling": {"Sec-Fetch-Site", "same-site"},
		"from another origin": {"Sec-Fetch-Site", "", "Origin", "https://evil.example"}, "from who knows where": {"Sec-Fetch-Site", ""},
	} {
		if a := b.PostWith(t, path, form, headers...); a.Status != 403 {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	if a := s.Send(t, "nobody", "GET", things.Replace("/v/{credential}"), ""); a.Header.Get("X-Robots-Tag") == "" {
		t.Error("the badge became public")
	}
	b.Post(t, path, form).Want(t, 303)
}

// TestErrorPageInItsFrame: whoever is signed in keeps their menu where
// something is refused.
func TestErrorPageInItsFrame(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	for kind, signed := range map[string]bool{"nobody": false, "learner": true, "lead": true} {
		b := s.Browse(t, kind)
		for _, path := range []string{"/nowhere", "/programs/NONE"} {
			if kind == "nobody" && path != "/nowhere" {
				continue // is sent to sign in
			}
			page := string(b.Get(t, path).Want(t, 404).Body)
			if strings.Contains(page, `action="/signout"`) != signed || strings.Contains(page, `href="/signin"`) == signed {
				t.Errorf("%s at %s: the menu is another's: %s", kind, path, page)
			}
		}
	}
}
