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

// TestLanguageKept: the language of the first page that someone signs in on is
// theirs, until they choose another; it is then that of their pages in any
// browser where none was chosen, and of their mails.
func TestLanguageKept(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	kept := func() string {
		t.Helper()
		by, err := s.Registrar.Caller(t.Context(), s.People["learner"])
		if err != nil {
			t.Fatal(err)
		}
		return by.Language
	}
	first := s.Browse(t, "learner")
	if kept() != "en-GB" {
		t.Errorf("after signing in on an English page: %q", kept())
	}
	first.Post(t, "/language", url.Values{"lang": {"fr"}, "next": {"/home"}}).Want(t, 303)
	if kept() != "fr" {
		t.Errorf("after choosing French: %q", kept())
	}
	s.Browse(t, "nobody").Post(t, "/language", url.Values{"lang": {"ar"}, "next": {"/home"}}).Want(t, 303)
	second := s.Browse(t, "learner")
	if page := string(second.Get(t, "/home").Want(t, 200).Body); kept() != "fr" || !strings.Contains(page, `<html lang="fr"`) {
		t.Errorf("in another browser: %q", kept())
	}
}
