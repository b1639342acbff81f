package web_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"hallmark/issuer/issuertest"
)

// words are the texts of a page without its markup.
func words(a *issuertest.Answer) string { return html.UnescapeString(string(a.Body)) }

// TestCompletionsByPage: a mentor records by hand, an owner reads in a gradebook,
// says what its columns are, and takes one back with what becomes of the badge.
func TestCompletionsByPage(t *testing.T) { issuertest.OnBoth(t, testCompletionsByPage) }

func testCompletionsByPage(t *testing.T, s *issuertest.Service) {
	mentor, root := s.Browse(t, "community"), s.Browse(t, "root")
	action, form := formOf(t, mentor.Get(t, "/cohorts/craft-1/completions").Want(t, 200), "completion", "")
	leo := string(s.People["learner"])
	mentor.Post(t, action, fill(form, "person", leo, "module", "M1", "day", "2026-13-01")).Want(t, 422)
	mentor.Post(t, action, fill(form, "person", "", "module", "M1", "day", "2026-10-01")).Want(t, 422)
	to := mentor.Post(t, action, fill(form, "person", leo, "module", "M1", "day", "2026-10-01", "score", "91", "delivery", "strong", "note", "Led <b>two</b> others.")).Want(t, 303).Header.Get("Location")
	list := mentor.Get(t, to).Want(t, 200)
	if text := words(list); !strings.Contains(text, "Leo Learner") || !strings.Contains(text, "91 %") || !strings.Contains(text, "strong") {
		t.Error("the completion is not in the list")
	}
	mentor.Post(t, action, fill(form, "person", leo, "module", "M1", "day", "2026-10-01", "score", "91")).Want(t, 303)

	// A gradebook with a column for each module and no day.
	action, form = formOf(t, root.Get(t, "/cohorts/craft-1/completions").Want(t, 200), "completions-file", "")
	file := "First name,Email address,Quiz: M1 (Percentage),Remark\r\nMia," + issuertest.Address("mate") + ",88 %,x\r\nLeo," + issuertest.Address("learner") + ",-,x\r\nNo,nobody@people.example,70,x\r\n"
	page := sendFile(t, s, action, form, file).Want(t, 200)
	if text := words(page); !strings.Contains(text, "Moodle") || strings.Contains(text, "data-upload") {
		t.Errorf("without a day it says %s", text)
	}
	action, form = formOf(t, page, "layout", "read")
	sendFile(t, s, action, fill(form, "day", "2026-10-02", "column3", "email"), "").Want(t, 422)
	page = sendFile(t, s, action, fill(form, "column3", ""), "").Want(t, 200)
	if text := words(page); !strings.Contains(text, "1 completion would be recorded.") || !strings.Contains(text, "1 badge would be issued.") || !strings.Contains(text, "Row 4:") {
		t.Fatalf("the preview says %s", text)
	}
	if strings.Contains(words(root.Get(t, "/cohorts/craft-1/completions")), "88 %") {
		t.Error("a preview was written")
	}
	action, form = formOf(t, page, "layout", "save")
	sendFile(t, s, action, form, "").Want(t, 303)
	if !strings.Contains(words(root.Get(t, "/cohorts/craft-1/completions")), "88 %") {
		t.Error("the file was not recorded")
	}
	action, form = formOf(t, page, "layout", "read")
	if text := words(sendFile(t, s, action, form, "").Want(t, 200)); !strings.Contains(text, "0 completions would be recorded. 1 is recorded already. 0 badges") {
		t.Errorf("the same file again: %s", text)
	}
	sendFile(t, s, "/cohorts/craft-1/completions/file", form, "\x00").Want(t, 422)

	// Taken back: what becomes of the badge is said first.
	_, one, _ := strings.Cut(words(list), `data-completion="`)
	one, _, _ = strings.Cut(one, `"`)
	at := "/cohorts/craft-1/completions/" + one
	root.Get(t, "/cohorts/craft-2/completions/"+one).Want(t, 404)
	action, form = formOf(t, root.Get(t, at).Want(t, 200), "withdraw", "")
	root.Post(t, action, form).Want(t, 422)
	page = root.Post(t, action, fill(form, "reason", "It was Mia.")).Want(t, 200)
	if !strings.Contains(string(page.Body), `data-revoked="saws"`) {
		t.Errorf("what it would do is not said: %s", page.Body)
	}
	action, form = formOf(t, page, "confirm-fix", "save")
	root.Post(t, action, form).Want(t, 303)
	root.Post(t, action, form).Want(t, 409)
	if text := words(root.Get(t, at)); !strings.Contains(text, "It was Mia.") || !strings.Contains(text, "Withdrawn") {
		t.Error("the completion does not say why it was withdrawn")
	}
}
