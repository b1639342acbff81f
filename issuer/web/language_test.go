package web_test

import (
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/templates"
)

// TestLanguage: who chooses a language gets it from then on, with the page
// they were on; nobody is led to another site.
func TestLanguage(t *testing.T) {
	s := issuertest.NewEmpty(t, issuertest.Options{})
	b := s.Browse(t, "nobody")
	in := func(tag string) bool {
		t.Helper()
		return strings.Contains(string(b.Get(t, "/verify").Want(t, 200).Body), `<html lang="`+tag+`"`)
	}
	if !in("en-GB") {
		t.Error("the first language is another")
	}
	a := b.Post(t, "/language", url.Values{"lang": {"en-US"}, "next": {"/verify?a=b"}}).Want(t, 303)
	if got := a.Header.Get("Location"); got != "/verify?a=b" {
		t.Errorf("back at %s", got)
	}
	if !in("en-US") {
		t.Error("it was not kept")
	}
	for _, wrong := range []string{"", "tlh", "<script>"} {
		b.Post(t, "/language", url.Values{"lang": {wrong}, "next": {"/verify"}}).Want(t, 422)
	}
	if a := b.Post(t, "/language", url.Values{"lang": {"en-GB"}, "next": {"//evil.example/"}}).Want(t, 303); a.Header.Get("Location") != "/home" {
		t.Errorf("led to %s", a.Header.Get("Location"))
	}
	if !in("en-GB") || len(templates.Languages()) == 0 {
		t.Error("it was not changed back")
	}
}
