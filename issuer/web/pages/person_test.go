package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
)

// TestCorrectPerson walks a correction: the owner puts a name right, sees which
// badge carries the old one, issues it anew, and revokes one that another rests
// on together with it.
func TestCorrectPerson(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	owner, learner, visitor := s.Browse(t, "owner"), s.Browse(t, "learner"), s.Browse(t, "nobody")
	send(t, learner, "/consent", "consent-yes", url.Values{"answer": {"yes"}})
	for _, module := range []string{"M1", "M2"} {
		s.Send(t, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address("learner")+`"},"module":"`+module+`","cohort":"craft-1","score":{"value":100,"unit":"percent"}}`).Want(t, http.StatusCreated)
	}
	path := find(t, see(t, owner, "/people?q=Leo", "people"), `href="(/people/\w+)" data-act="open-person"`)
	if strings.Contains(see(t, owner, path, "person", "Leo Learner"), "data-outdated") {
		t.Error("badges are out of date before the correction")
	}
	holds(t, "a name of nothing", string(owner.Post(t, path, url.Values{"name": {"<>"}, "email": {"x"}}).Want(t, 422).Body), "data-problem")
	body := send(t, owner, path, "corrected", url.Values{"name": {"Leo Lerner"}, "email": {issuertest.Address("learner")}})
	holds(t, "after the correction", body, "Leo Lerner", "data-outdated")
	old := find(t, body, `href="/badges/(\w+)"`)
	if strings.Contains(send(t, owner, path+"/reissue", "reissued", url.Values{"reason": {"Your name was corrected."}}), "data-outdated") {
		t.Error("badges are still out of date")
	}
	now := find(t, see(t, owner, "/badges/"+old, "mybadge"), `href="/badges/(\w+)">See the newer badge`)
	see(t, visitor, "/v/"+now, "badge", `data-verdict="verified"`, "Leo Lerner")
	see(t, visitor, "/v/"+old, "badge", `data-verdict="refused"`, now)
	see(t, owner, "/badges/"+now, "mybadge", `href="/badges/`+old+`"`, `data-act="reissue"`)

	holds(t, "no reason", string(owner.Post(t, "/badges/"+now+"/reissue", url.Values{}).Want(t, 422).Body), "data-problem")
	next := find(t, send(t, owner, "/badges/"+now+"/reissue", "reissued", url.Values{"reason": {"A slip."}}), `data-badge="(\w+)"`)
	if next == now {
		t.Error("the badge is the same one")
	}
	learner.Post(t, "/badges/"+next+"/reissue", url.Values{"reason": {"x"}}).Want(t, http.StatusForbidden)
}

// TestRevokeWithWhatRests: the page of a badge asks about what rests on it.
func TestRevokeWithWhatRests(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	owner := s.Browse(t, "owner")
	var earned struct {
		Credentials []struct {
			ID          string
			Achievement struct{ Code string }
		}
	}
	id := map[string]string{}
	for _, module := range []string{"M1", "M2"} {
		s.Send(t, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address("other")+`"},"module":"`+module+`","cohort":"craft-1","score":{"value":100,"unit":"percent"}}`).JSON(t, &earned)
		for _, c := range earned.Credentials {
			id[c.Achievement.Code] = c.ID
		}
	}
	top := find(t, see(t, owner, "/badges/"+id["saws"], "mybadge", "data-resting"), `name="also" value="(\w+)"`)
	refused := owner.Post(t, "/badges/"+id["saws"]+"/revoke", url.Values{"also": {top}}).Want(t, 422)
	holds(t, "a revocation without a reason", string(refused.Body), "data-problem", `value="`+top+`" checked`)
	send(t, owner, "/badges/"+id["saws"]+"/revoke", "revoked", url.Values{"code": {"other"}, "also": {top}})
	see(t, owner, "/badges/"+top, "mybadge", "on which it rests, was revoked.")
	if strings.Contains(see(t, owner, "/badges/"+id["joints"], "mybadge"), "data-resting") {
		t.Error("something rests on it still")
	}
}

// TestRenew walks a renewal: the holder is told what renews the badge, the
// owner renews it by word, and the pages of the two badges lead to each other.
func TestRenew(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	file := issuertest.ProgramFile(time.Now())
	file.Achievements[0].ValidMonths = 12 // of the module M1
	if r, err := s.Registrar.ImportProgram(t.Context(), issuer.Caller{System: "test"}, file, false); err != nil || !r.Written {
		t.Fatal(err, r)
	}
	complete := func(kind string, daysAgo int) string {
		t.Helper()
		var earned struct{ Credentials []struct{ ID string } }
		s.Send(t, "lms", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address(kind)+`"},"module":"M1","completedAt":"`+
			time.Now().AddDate(0, 0, -daysAgo).UTC().Format(time.DateOnly)+`"}`).Want(t, http.StatusCreated).JSON(t, &earned)
		return earned.Credentials[0].ID
	}
	owner, learner, visitor := s.Browse(t, "owner"), s.Browse(t, "learner"), s.Browse(t, "nobody")
	if body := see(t, owner, "/badges/"+complete("other", 100), "mybadge"); strings.Contains(body, `data-act="renew"`) {
		t.Error("a badge can be renewed long before its end")
	}
	old := complete("learner", 300)
	path := "/badges/" + old
	if body := see(t, learner, path, "mybadge", `data-ends="module"`, "complete “"); strings.Contains(body, `data-act="renew"`) {
		t.Error("a learner can renew their own badge")
	}
	see(t, owner, path, "mybadge", `data-act="renew"`)
	holds(t, "no reason", string(owner.Post(t, path+"/renew", url.Values{}).Want(t, 422).Body), "data-problem")
	body := send(t, owner, path+"/renew", "renewed", url.Values{"reason": {"Still makes them."}})
	next := find(t, body, `data-badge="(\w+)"`)
	holds(t, "the new badge", body, `href="`+path+`"`)
	see(t, owner, path, "mybadge", `data-standing="renewed"`, `href="/badges/`+next+`"`)
	see(t, learner, path, "mybadge", `data-standing="renewed"`)
	see(t, visitor, "/v/"+old, "badge", `data-verdict="verified"`, `data-standing="renewed"`, "/v/"+next)
	see(t, visitor, "/v/"+next, "badge", `data-verdict="verified"`, `data-standing="renews"`, "/v/"+old)
	learner.Post(t, path+"/renew", url.Values{"reason": {"x"}}).Want(t, http.StatusForbidden)
}
