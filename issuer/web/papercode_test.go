package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
)

// TestPaperCode: what is printed on a badge leads to it, however it is typed, and to
// none that its holder took down.
func TestPaperCode(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	done, err := s.Registrar.RecordCompletion(t.Context(), issuer.Caller{System: "test"},
		registrar.NewCompletion{Person: registrar.PersonRef{Email: "learner@people.example"}, Module: "M1"})
	if err != nil {
		t.Fatal(err)
	}
	id := done.Credentials[0].ID
	b := s.Browse(t, "nobody")
	page := string(b.Get(t, "/v/"+string(id)).Want(t, 200).Body)
	found := regexp.MustCompile(`data-paper-code>([0-9A-Z-]+)<`).FindStringSubmatch(page)
	if found == nil || found[1] != issuer.PaperCode(id) || !strings.Contains(page, "Report of a check") {
		t.Fatalf("the page prints no code, or does not say when it was checked: %v", found)
	}
	check := func(code string, want int) string {
		return string(b.Post(t, "/verify", url.Values{"code": {code}}).Want(t, want).Body)
	}
	for _, typed := range []string{found[1], strings.ToLower(found[1]), " " + strings.ReplaceAll(found[1], "-", " ")} {
		if page := check(typed, 200); !strings.Contains(page, `data-verdict="verified"`) || !strings.Contains(page, "data-checked") {
			t.Errorf("%q does not lead to a verdict:\n%s", typed, page)
		}
	}
	for typed, want := range map[string]int{"7H2K": 422, "7H2K-9QXW-3M4!": 422, "0000-0000-0000": 404} {
		if page := check(typed, want); !strings.Contains(page, "look at the paper again") || !strings.Contains(page, `value="`+typed+`"`) {
			t.Errorf("%q is not told what to do, or is not shown again", typed)
		}
	}
	if _, err := s.Registrar.SetVisibility(t.Context(), s.Caller(t, "learner"), id, issuer.Hidden); err != nil {
		t.Fatal(err)
	}
	check(found[1], 404)
}
