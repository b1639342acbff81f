package api_test

import (
	"strings"
	"testing"
	"time"

	"hallmark/issuer/issuertest"
)

// TestCorrections: a name is put right, the badge that carries the old one is
// listed and issued anew, and what rests on a badge can go with it.
func TestCorrections(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	s.Browse(t, "learner").Post(t, "/consent", map[string][]string{"answer": {"yes"}}).Want(t, 303)
	var earned struct{ Credentials []badge }
	for _, module := range []string{"M1", "M2"} {
		c.send(t, s, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address("learner")+`"},"module":"`+module+`","cohort":"craft-1","score":{"value":100,"unit":"percent"}}`, 201).JSON(t, &earned)
	}
	leo := "/api/v1/people/" + string(s.People["learner"])
	c.send(t, s, "owner", "GET", leo, "", 200)
	c.send(t, s, "owner", "POST", leo, `{"name":""}`, 200)
	c.send(t, s, "owner", "POST", leo, `{"email":"no address"}`, 422)
	var person struct {
		Person   struct{ Name, Email string }
		Outdated []badge
	}
	c.send(t, s, "owner", "POST", leo, `{"name":"Leo Lerner","email":"lerner@people.example"}`, 200).JSON(t, &person)
	if person.Person.Name != "Leo Lerner" || person.Person.Email != "lerner@people.example" || len(person.Outdated) < 2 {
		t.Fatalf("%+v", person)
	}
	old := person.Outdated[0].ID
	var list struct{ Items []badge }
	c.send(t, s, "owner", "POST", leo+"/reissue", `{"reason":"Misspelt."}`, 200).JSON(t, &list)
	if len(list.Items) != len(person.Outdated) {
		t.Errorf("%d issued anew of %d", len(list.Items), len(person.Outdated))
	}
	c.send(t, s, "owner", "POST", leo+"/reissue", "", 200).JSON(t, &list)
	if len(list.Items) != 0 {
		t.Error("issued anew twice")
	}
	page := s.Browse(t, "nobody").Get(t, "/v/"+old).Want(t, 200)
	if !strings.Contains(string(page.Body), `data-verdict="refused"`) || !strings.Contains(string(page.Body), "See the newer badge") {
		t.Errorf("the old page: %.500s", page.Body)
	}

	c.send(t, s, "lms", "GET", "/api/v1/credentials?state=issued&person="+string(s.People["learner"]), "", 200).JSON(t, &list)
	id := list.Items[0].ID
	path := "/api/v1/credentials/" + id
	c.send(t, s, "owner", "POST", path+"/reissue", "", 422)
	var a, again struct{ Credential badge }
	c.send(t, s, "lms", "POST", path+"/reissue", `{"reason":"Misspelt."}`, 201).JSON(t, &a)
	c.send(t, s, "lms", "POST", path+"/reissue", `{"reason":"Misspelt."}`, 200).JSON(t, &again)
	if a.Credential.ID == id || again.Credential.ID != a.Credential.ID {
		t.Errorf("%s became %s, then %s", id, a.Credential.ID, again.Credential.ID)
	}
	c.send(t, s, "owner", "GET", "/api/v1/credentials/"+a.Credential.ID+"/resting", "", 200)
	c.send(t, s, "owner", "POST", "/api/v1/credentials/"+a.Credential.ID+"/revoke", `{"code":"other","also":["AAAAAAAAAAAAAAAAAAAAAAAAAA"]}`, 422)
}

// TestRenew: a badge whose end is near is renewed by word, once, and the two
// badges name each other.
func TestRenew(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		c := readContract(t)
		var a, again, first struct{ Credential shownTerm }
		c.send(t, s, "owner", "POST", "/api/v1/credentials", `{"achievement":"honour","person":{"email":"learner@people.example"},"reason":"For the chair."}`, 201).JSON(t, &first)
		path := "/api/v1/credentials/" + first.Credential.ID
		c.send(t, s, "owner", "POST", path+"/renew", `{"reason":"Still makes them."}`, 409)
		s.Clock.Advance(300 * 24 * time.Hour)
		token, err := s.Signin.PersonToken(s.People["owner"], time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		s.Tokens["owner"] = token
		c.send(t, s, "owner", "POST", path+"/renew", `{}`, 422)
		c.send(t, s, "owner", "POST", path+"/renew", `{"reason":"Still makes them."}`, 201).JSON(t, &a)
		c.send(t, s, "owner", "POST", path+"/renew", `{"reason":"Still makes them."}`, 200).JSON(t, &again)
		if a.Credential.ID != again.Credential.ID || a.Credential.Renews != first.Credential.ID || a.Credential.State != "issued" {
			t.Errorf("%+v, then %+v", a, again)
		}
		end := a.Credential.ValidUntil
		c.send(t, s, "owner", "GET", path, "", 200).JSON(t, &a)
		if a.Credential.RenewedBy != again.Credential.ID || a.Credential.State != "issued" || !a.Credential.ValidUntil.Before(end) {
			t.Errorf("the first: %+v", a)
		}
	})
}

type shownTerm struct {
	ID         string
	State      string
	Renews     string
	RenewedBy  string
	ValidUntil time.Time
}
