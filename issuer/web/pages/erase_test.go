package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// TestErase walks two erasures: an admin's of someone else, and a learner's of
// themselves; then every form of the badge is gone, a copy is refused, and
// nobody signs in as them.
func TestErase(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	root, learner, owner := s.Browse(t, "root"), s.Browse(t, "learner"), s.Browse(t, "owner")
	badge := func(kind string) (id, copied string) {
		var done struct{ Credentials []struct{ ID string } }
		s.Send(t, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address(kind)+`"},"module":"M1","cohort":"craft-1"}`).JSON(t, &done)
		id = done.Credentials[0].ID
		return id, string(s.Send(t, "nobody", "GET", "/v/"+id+".json", "").Want(t, 200).Body)
	}
	mine, copied := badge("learner")
	theirs, _ := badge("other")

	path := "/people/" + string(s.People["other"])
	if strings.Contains(see(t, owner, path, "person"), "open-erase") {
		t.Error("an owner is offered to erase someone")
	}
	see(t, root, path, "person", `href="`+path+`/erase"`)
	see(t, root, path+"/erase", "erase", "Ola Other", "1 badge.", "1 completed module", "It cannot be undone")
	holds(t, "nothing typed", string(root.Post(t, path+"/erase", url.Values{"address": {"yes"}}).Want(t, 422).Body), "data-problem", "nothing was erased")
	see(t, s.Browse(t, "nobody"), "/v/"+theirs, "badge")
	send(t, root, path+"/erase", "erased", url.Values{"address": {" OTHER@people.example "}})
	root.Get(t, path).Want(t, http.StatusGone)

	see(t, learner, "/badges", "badges", `href="/erase"`)
	see(t, learner, "/erase", "erase", "Erase me for good")
	typed := url.Values{"address": {issuertest.Address("learner")}}
	holds(t, "who has not confirmed that it is them", string(learner.Post(t, "/erase", typed).Want(t, 200).Body), `data-page="confirm"`, `action="/erase"`, `name="address"`)
	learner.Get(t, "/home").Want(t, 200)
	send(t, learner, "/erase", "erased", with(typed, "confirm", "code", "code", code(t, s)))
	if to := learner.Get(t, "/home").Header.Get("Location"); !strings.Contains(to, "/signin") {
		t.Errorf("after the erasure /home leads to %q", to)
	}
	s.Send(t, "learner", "GET", "/api/v1/credentials", "").Want(t, http.StatusUnauthorized)

	for _, id := range []string{mine, theirs} {
		for _, form := range []string{"", ".json", ".jwt", ".png", ".svg", ".pdf", "/qr.png", "/qr.svg", "/card.png", "/slip.png", "/slip.svg", "/proof", "/endorsements"} {
			a := s.Send(t, "nobody", "GET", "/v/"+id+form, "").Want(t, http.StatusGone)
			if !strings.Contains(string(a.Body), "withdrawn by its holder") || strings.Contains(string(a.Body), "Learner") {
				t.Errorf("%s: %s", form, a.Body)
			}
		}
		page := s.Send(t, "nobody", "GET", "/v/"+id, "", "Accept", "text/html").Want(t, http.StatusGone)
		holds(t, "the page", string(page.Body), "withdrawn by its holder", `data-status="410"`)
	}
	s.Publish(t)
	var report struct{ Verdict, Summary string }
	a := s.Send(t, "nobody", "POST", "/api/verify", copied, "Content-Type", "application/vc").Want(t, 200)
	if a.JSON(t, &report); report.Verdict != "refused" || strings.Contains(string(a.Body), "Leo") || !strings.Contains(string(a.Body), "withdrawn") {
		t.Errorf("a copy: %s", a.Body)
	}
	s.Send(t, "root", "DELETE", "/api/v1/people/"+string(s.People["mate"]), "").Want(t, http.StatusNoContent)
	s.Send(t, "root", "DELETE", "/api/v1/people/"+string(s.People["mate"]), "").Want(t, http.StatusNoContent)
	s.Send(t, "root", "DELETE", "/api/v1/people/NOBODY", "").Want(t, http.StatusNotFound)
	s.Send(t, "root", "DELETE", "/api/v1/people/"+string(s.People["root"]), "").Want(t, http.StatusForbidden) // of themselves, at their page
}
