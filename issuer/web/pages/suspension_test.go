package pages_test

import (
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
)

// TestSuspensionIsOurs: whoever pauses a badge reads, where they do it, that
// other verifiers do not see it.
func TestSuspensionIsOurs(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	r, err := s.Registrar.AwardAchievement(t.Context(), issuer.Caller{System: "test"},
		registrar.NewAward{Achievement: "honour", Person: registrar.PersonRef{ID: s.People["learner"]}, Reason: "x"})
	if err != nil {
		t.Fatal(err)
	}
	owner, page := s.Browse(t, "owner"), "/badges/"+string(r.Badge.ID)
	body := string(owner.Get(t, page).Want(t, 200).Body)
	_, form, found := strings.Cut(body, `data-form="suspend"`)
	if form, _, _ = strings.Cut(form, "</form>"); !found || !strings.Contains(form, "Other verifiers cannot see a pause") {
		t.Errorf("the form says %q", form)
	}
	owner.Post(t, page+"/suspend", url.Values{"reason": {"We look into it."}}).Want(t, 303)
	if body := string(owner.Get(t, page).Want(t, 200).Body); !strings.Contains(body, `data-form="reinstate"`) {
		t.Error("it was not paused")
	}
	if list := s.Send(t, "nobody", "GET", "/v/"+string(r.Badge.ID), "", "Accept", "application/json").Want(t, 200); !strings.Contains(string(list.Body), `"verdict":"refused"`) {
		t.Errorf("our own verifier: %.300s", list.Body)
	}
}
