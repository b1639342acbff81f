package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// TestMergePages walks an admin's merge: the other one is named, what it does is
// shown, a word that is typed says that it is meant.
func TestMergePages(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	root := s.Browse(t, "root")
	s.Send(t, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address("other")+`"},"module":"M1","cohort":"craft-1"}`).Want(t, 201)
	path := "/people/" + string(s.People["learner"]) + "/merge"
	see(t, root, "/people/"+string(s.People["learner"]), "person", `href="`+path+`"`)
	see(t, root, path, "merge", `name="with"`)
	see(t, root, path+"?with=nobody%40people.example", "merge", "data-problem")
	see(t, root, path+"?with="+string(s.People["learner"]), "merge", "data-problem", "the same person")
	see(t, root, path+"?with="+url.QueryEscape(issuertest.Address("other")), "merge", "1 badge.", "1 completed module.", "It cannot be undone", `data-act="merge-swap"`)
	other := string(s.People["other"])
	holds(t, "nothing typed", string(root.Post(t, path, url.Values{"with": {other}, "address": {"yes"}}).Want(t, 422).Body), "data-problem", "nothing was merged", `value="yes"`)
	send(t, root, path, "merged", url.Values{"with": {other}, "address": {" OTHER@people.example "}})
	root.Get(t, "/people/"+other).Want(t, http.StatusGone)
	if body := string(root.Get(t, "/badges?person="+string(s.People["learner"])).Want(t, 200).Body); !strings.Contains(body, "data-badge") {
		t.Error("the badge did not come along")
	}
	see(t, root, path+"?with="+string(s.People["root"]), "merge", "data-against", "signed in with the account that would end")
}
