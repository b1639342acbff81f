package web_test

import (
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// TestCohortLifeByPage: a mentor is assigned, plans a date and notes who came; a
// learner rates themselves, sees their own attendance and leaves; the cohort ends.
func TestCohortLifeByPage(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	root, mentor, learner := s.Browse(t, "root"), s.Browse(t, "community"), s.Browse(t, "learner")
	const here = "/cohorts/craft-1"
	action, form := formOf(t, root.Get(t, here).Want(t, 200), "mentor", "")
	root.Post(t, action, fill(form, "email", "nobody@people.example")).Want(t, 422)
	root.Post(t, action, fill(form, "email", issuertest.Address("plain"), "tier", "community")).Want(t, 303)

	action, form = formOf(t, mentor.Get(t, here+"/dates").Want(t, 200), "date", "")
	mentor.Post(t, action, fill(form, "at", "tomorrow")).Want(t, 422)
	mentor.Post(t, action, fill(form, "kind", "demo", "at", "2031-12-01T10:00", "title", "Show <b>it</b>")).Want(t, 303)
	list := mentor.Get(t, here+"/dates").Want(t, 200)
	_, id, _ := strings.Cut(string(list.Body), `data-date="`)
	id, _, _ = strings.Cut(id, `"`)
	at := here + "/dates/" + id
	learner.Get(t, at).Want(t, 403)
	action, form = formOf(t, mentor.Get(t, at).Want(t, 200), "note", "")
	mentor.Post(t, action, fill(form, "notes", "Leo is stuck.", "came."+string(s.People["learner"]), "present")).Want(t, 303)
	mentor.Post(t, action, fill(form, "came."+string(s.People["learner"]), "late")).Want(t, 422)
	mentor.Get(t, at+"?state=unnoted&q=zz").Want(t, 200)
	action, form = formOf(t, mentor.Get(t, at).Want(t, 200), "rest", "")
	mentor.Post(t, action, form).Want(t, 422)
	mentor.Post(t, action, fill(form, "rest", "excused")).Want(t, 303)
	if text := words(mentor.Get(t, at+"?state=present").Want(t, 200)); !strings.Contains(text, "Leo Learner") || !strings.Contains(text, "Leo is stuck.") {
		t.Errorf("after the rest was noted a mentor sees %s", text)
	}
	if text := words(learner.Get(t, here+"/dates").Want(t, 200)); !strings.Contains(text, "Present") || strings.Contains(text, "stuck") || !strings.Contains(text, "Show <b>it</b>") {
		t.Errorf("a learner sees %s", text)
	}

	if text := words(learner.Get(t, "/home")); !strings.Contains(text, `data-rating-ask="craft-1"`) {
		t.Error("the learner is not asked where they stand")
	}
	page := learner.Get(t, here+"/ratings").Want(t, 200)
	ratings := url.Values{}
	for _, part := range strings.Split(string(page.Body), `name="`)[1:] {
		if name, _, _ := strings.Cut(part, `"`); strings.HasPrefix(name, "skill.") {
			ratings.Set(name, "4")
		}
	}
	learner.Post(t, here+"/ratings", url.Values{}).Want(t, 422)
	learner.Post(t, here+"/ratings", ratings).Want(t, 303)
	learner.Post(t, here+"/ratings", ratings).Want(t, 409)
	if text := words(mentor.Get(t, here+"/ratings").Want(t, 200)); !strings.Contains(text, "Leo Learner") || strings.Contains(text, "All together") {
		t.Errorf("a mentor sees %s", text)
	}
	if text := words(root.Get(t, here+"/ratings").Want(t, 200)); strings.Contains(text, "Leo Learner") || !strings.Contains(text, "Fewer than five") {
		t.Errorf("who runs the program sees %s", text)
	}

	// What is offered for a learner is what is possible.
	roster := words(root.Get(t, here).Want(t, 200))
	leo := strings.Index(roster, `data-learner="`+string(s.People["learner"]))
	if line, _, _ := strings.Cut(roster[leo:], "</li>"); !strings.Contains(line, `data-act="learner-left"`) || strings.Contains(line, `data-act="remove-learner"`) {
		t.Errorf("of someone who has begun the roster offers %s", line)
	}
	action, form = formOf(t, learner.Get(t, here), "leave", "")
	if to := learner.Post(t, action, form).Want(t, 303).Header.Get("Location"); !strings.HasPrefix(to, "/home") {
		t.Errorf("after leaving it goes on at %s", to)
	}
	learner.Get(t, here).Want(t, 404)
	if !strings.Contains(words(root.Get(t, here)), "left on") {
		t.Error("the roster does not say who left")
	}

	for _, state := range []string{"closed", "archived"} {
		root.Post(t, here+"/state", url.Values{"state": {state}}).Want(t, 303)
	}
	root.Post(t, here+"/state", url.Values{"state": {"gone"}}).Want(t, 422)
	if text := words(root.Get(t, here)); strings.Contains(text, `data-form="enroll"`) || strings.Contains(text, `data-form="link"`) || !strings.Contains(text, `data-state="archived"`) {
		t.Error("an archived cohort offers to take people in")
	}
	if text := words(root.Get(t, "/programs/craft")); !strings.Contains(text, `data-archived="craft-1"`) || strings.Contains(text, `data-cohort="craft-1"`) {
		t.Error("an archived cohort is in the menus")
	}
	root.Post(t, here+"/state", url.Values{"state": {"open"}}).Want(t, 303)
}
