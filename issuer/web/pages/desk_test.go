package pages_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"hallmark/issuer/issuertest"
)

// TestDeskWithoutScript walks the mentor's desk as forms without script do: take
// it, save, insert a reply, hand over, take over, declare a conflict, and take a
// mistaken approval back.
func TestDeskWithoutScript(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	learner, lead, community, owner := s.Browse(t, "learner"), s.Browse(t, "lead"), s.Browse(t, "community"), s.Browse(t, "owner")
	home := see(t, learner, "/home", "home")
	start := strings.ReplaceAll(find(t, home, `href="(/capstones/new\?[^"]+)"[^>]*data-brief="K1"`), "&amp;", "&")
	body := see(t, learner, start, "capstone-new")
	body = send(t, learner, "/capstones", "started", url.Values{"brief": {find(t, body, `name="brief" value="(\w+)"`)}, "cohort": {find(t, body, `name="cohort" value="(\w+)"`)}, "title": {"A chair"}})
	id := find(t, body, `data-capstone="(\w+)"`)
	send(t, learner, "/capstones/"+id, "submitted", with(draft, "act", "submit"))
	see(t, learner, "/capstones/"+id, "capstone", "data-line", "Nobody has taken it yet", `data-live="/capstones/`+id+`/events"`)

	send(t, lead, "/review/"+id+"/claim", "claimed", url.Values{"act": {"claim"}})
	see(t, lead, "/queue?show=mine", "queue", `data-waiting="`+id+`"`)
	see(t, lead, "/queue?show=unclaimed", "queue", `data-empty="filter"`)
	see(t, community, "/queue", "queue", `data-other="`+id+`"`)
	see(t, learner, "/capstones/"+id, "capstone", `data-claim="other"`, "Lea Lead")

	body = send(t, lead, "/desk/replies", "reply-saved", url.Values{"name": {"Links"}, "text": {"Do your links open?"}})
	holds(t, "the same name again", string(lead.Post(t, "/desk/replies", url.Values{"name": {"Links"}, "text": {"Other words."}}).Want(t, 422).Body), "data-problem", "Other words.")
	reply := find(t, body, `data-reply="(\w+)"`)
	form := url.Values{"submission": {"1"}, "decision": {"insert"}, "score.build": {"sound"}, "note": {"A fine chair."}, "reply": {reply}, "reason": {"evidence"}}
	holds(t, "no reply chosen", string(lead.Post(t, "/review/"+id, with(form, "reply", "")).Want(t, 422).Body), "data-problem", "A fine chair.", `value="sound" checked`)
	body = send(t, lead, "/review/"+id, "reply-inserted", form)
	holds(t, "the draft", body, "A fine chair.\n\nDo your links open?", `value="sound" checked`, `value="evidence" selected`, "data-saved")

	holds(t, "a decision while another has it", string(community.Post(t, "/review/"+id, with(form, "decision", "return")).Want(t, 409).Body), "data-problem", "A fine chair.", `data-act="take-over"`)
	community.Post(t, "/review/"+id+"/claim", url.Values{"act": {"take-over"}}).Want(t, 422)
	send(t, community, "/review/"+id+"/claim", "claimed", url.Values{"act": {"take-over"}, "note": {"They present tomorrow."}})
	to := find(t, see(t, community, "/review/"+id, "review", `data-form="hand-over"`), `<option value="(\w+)">Lea Lead`)
	send(t, community, "/review/"+id+"/claim", "handed-over", url.Values{"act": {"hand-over"}, "to": {to}})
	see(t, lead, "/review/"+id, "review", `data-claim="mine"`, "Do your links open?")

	// A mistaken approval.
	body = send(t, lead, "/review/"+id, "approved", url.Values{"submission": {"1"}, "decision": {"approve"}, "score.build": {"sound"}})
	back := find(t, body, `href="(/review/\w+/take-back/\w+)"`)
	badge := find(t, see(t, learner, "/capstones/"+id, "capstone", `data-capstone-state="approved"`), `data-badge="(\w+)"`)
	see(t, lead, back, "takeback", "Chair maker", "Take it back and revoke", `data-revokes="`+badge+`"`)
	community.Get(t, back).Want(t, 403)
	body = send(t, lead, back, "taken-back", url.Values{})
	holds(t, "after taking back", body, "data-taken-back", `data-act="approve"`)
	see(t, learner, "/capstones/"+id, "capstone", `data-capstone-state="submitted"`, "data-taken-back")
	see(t, s.Browse(t, "nobody"), "/v/"+badge, "badge", `data-verdict="refused"`, "It was issued by mistake.")

	// Conflicts, from either side.
	mentor := find(t, see(t, learner, "/capstones/"+id, "capstone", "data-declare"), `<option value="(\w+)">Cora Community`)
	send(t, learner, "/capstones/"+id+"/conflicts", "conflict-declared", url.Values{"reviewer": {mentor}, "about": {"worked"}})
	community.Post(t, "/review/"+id, with(form, "decision", "return", "reply", "")).Want(t, 403)
	clear := find(t, see(t, owner, "/capstones/"+id, "capstone", "data-conflict"), `action="(/capstones/\w+/conflicts/\w+/clear)"`)
	send(t, owner, clear, "conflict-cleared", url.Values{})
	send(t, lead, "/capstones/"+id+"/conflicts", "conflict-declared", url.Values{"about": {"other"}})
	lead.Post(t, "/review/"+id+"/claim", url.Values{"act": {"claim"}}).Want(t, 403)

	holds(t, "an absence without days", string(lead.Post(t, "/desk/absences", url.Values{"from": {"soon"}}).Want(t, 422).Body), "data-problem")
	day := time.Now().UTC().AddDate(0, 0, 3).Format(time.DateOnly)
	body = send(t, lead, "/desk/absences", "away", url.Values{"from": {day}, "until": {day}, "cover": {mentor}})
	send(t, lead, "/desk/absences/"+find(t, body, `data-absence="(\w+)"`)+"/end", "back-again", url.Values{})
	send(t, lead, "/desk/replies/"+reply+"/remove", "reply-removed", url.Values{})
}

// TestNews: who waits on the page of a capstone is told when there is something
// new to see, and others are told nothing.
func TestNews(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	learner, lead := s.Browse(t, "learner"), s.Browse(t, "lead")
	start := strings.ReplaceAll(find(t, see(t, learner, "/home", "home"), `href="(/capstones/new\?[^"]+)"[^>]*data-brief="K1"`), "&amp;", "&")
	body := see(t, learner, start, "capstone-new")
	body = send(t, learner, "/capstones", "started", url.Values{"brief": {find(t, body, `name="brief" value="(\w+)"`)}, "cohort": {find(t, body, `name="cohort" value="(\w+)"`)}, "title": {"A chair"}})
	id := find(t, body, `data-capstone="(\w+)"`)
	send(t, learner, "/capstones/"+id, "submitted", with(draft, "act", "submit"))
	stream := "/capstones/" + id + "/events?seen=" + url.QueryEscape(find(t, see(t, learner, "/capstones/"+id, "capstone"), `data-seen="([^"]+)"`))
	s.Browse(t, "other").Get(t, stream).Want(t, 404)

	approved := make(chan time.Time, 1)
	go func() {
		lead.Post(t, "/review/"+id, url.Values{"submission": {"1"}, "decision": {"approve"}, "score.build": {"sound"}})
		approved <- time.Now()
	}()
	for {
		answer := learner.Get(t, stream).Want(t, 200)
		if got := answer.Header.Get("Content-Type"); got != "text/event-stream" {
			t.Fatal(got)
		}
		if strings.Contains(string(answer.Body), "event: news") {
			break
		}
	}
	t.Logf("told %v after the approval was answered", time.Since(<-approved).Round(time.Millisecond))
	see(t, learner, "/capstones/"+id, "capstone", `data-capstone-state="approved"`, "data-badge=")
}
