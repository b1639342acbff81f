package pages_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/templates"
)

// see opens a page and holds it to its name and to texts that it must show.
func see(t *testing.T, b *issuertest.Browser, path, page string, texts ...string) string {
	t.Helper()
	body := string(b.Get(t, path).Want(t, http.StatusOK).Body)
	holds(t, path, body, append(texts, `data-page="`+page+`"`)...)
	return body
}

func holds(t *testing.T, where, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("%s does not show %q", where, text)
		}
	}
}

// send posts a form and follows the redirect to the page that says what
// happened.
func send(t *testing.T, b *issuertest.Browser, path, notice string, form url.Values) string {
	t.Helper()
	to := b.Post(t, path, form).Want(t, http.StatusSeeOther).Header.Get("Location")
	body := string(b.Get(t, to).Want(t, http.StatusOK).Body)
	if notice != "" && !strings.Contains(body, `data-notice="`+notice+`"`) {
		t.Errorf("%s led to %s, which does not say %q", path, to, notice)
	}
	return body
}

func find(t *testing.T, body, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no %s in %.2000s", pattern, body)
	}
	return m[1]
}

var draft = url.Values{"title": {"A chair for reading"}, "summary": {"It holds.\r\n\r\nTwo people sit on it."}, "measure": {"hours saved per month"}, "before": {"9"}, "after": {"2"},
	"evidence_kind": {"link", "link"}, "evidence_url": {"https://wiki.example.org/chair", ""}, "evidence_name": {"The chair", ""}}

func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

// TestCapstoneFromDraftToRevocation walks the main way through the pages, as
// forms without script do.
func TestCapstoneFromDraftToRevocation(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	learner, lead, admin, visitor := s.Browse(t, "learner"), s.Browse(t, "lead"), s.Browse(t, "admin"), s.Browse(t, "nobody")

	home := see(t, learner, "/home", "home", "Leo Learner", "data-consent", "data-next=", "data-coming=")
	send(t, learner, "/consent", "consent-yes", url.Values{"answer": {"yes"}})
	if strings.Contains(see(t, learner, "/home", "home"), "data-consent") {
		t.Error("consent is asked again")
	}
	see(t, learner, "/badges", "badges", `data-consent="given"`, `data-act="consent-no"`)
	send(t, learner, "/consent", "consent-no", url.Values{"answer": {"no"}})
	see(t, learner, "/badges", "badges", `data-consent="refused"`, `data-act="consent-yes"`)
	send(t, learner, "/consent", "consent-yes", url.Values{"answer": {"yes"}})

	start := strings.ReplaceAll(find(t, home, `href="(/capstones/new\?[^"]+)"[^>]*data-brief="K1"`), "&amp;", "&")
	body := see(t, learner, start, "capstone-new", "A chair", "Mia Mate")
	body = send(t, learner, "/capstones", "started", url.Values{"brief": {find(t, body, `name="brief" value="(\w+)"`)}, "cohort": {find(t, body, `name="cohort" value="(\w+)"`)}, "title": {"A chair"}})
	id := find(t, body, `data-capstone="(\w+)"`)

	holds(t, "the form again", string(learner.Post(t, "/capstones/"+id, with(draft, "title", "", "act", "submit")).Want(t, 422).Body), "data-problem", "It holds.", "https://wiki.example.org/chair")
	send(t, learner, "/capstones/"+id, "saved", with(draft, "act", "save"))
	send(t, learner, "/capstones/"+id, "submitted", with(draft, "act", "submit"))

	see(t, lead, "/queue", "queue", `data-waiting="`+id+`"`, "Leo Learner")
	see(t, lead, "/review/"+id, "review", "https://wiki.example.org/chair", "Working solution", "Approve and issue 1 badge", "Return with changes")
	review := url.Values{"submission": {"1"}, "decision": {"return"}, "score.build": {"not yet"}}
	holds(t, "a return without a note", string(lead.Post(t, "/review/"+id, review).Want(t, 422).Body), "data-problem", `value="not yet" checked`)
	send(t, lead, "/review/"+id, "returned", with(review, "note", "Say who sits on it."))
	see(t, learner, "/capstones/"+id, "capstone", "Say who sits on it.", `data-capstone-state="returned"`)
	send(t, learner, "/capstones/"+id, "submitted", with(draft, "act", "submit", "summary", "It holds. Ann and Bob sit on it."))

	stale := lead.Post(t, "/review/"+id, with(review, "decision", "approve", "score.build", "sound")).Want(t, 409)
	holds(t, "a decision about the version before", string(stale.Body), "data-problem")
	body = send(t, lead, "/review/"+id, "approved", url.Values{"submission": {"2"}, "decision": {"approve"}, "score.build": {"sound"}})
	holds(t, "after the approval", body, `data-page="queue"`, `data-empty="queue"`)
	see(t, lead, "/capstones/"+id, "capstone", `data-capstone-state="approved"`)
	see(t, learner, "/capstones/"+id, "capstone", `data-capstone-state="approved"`, "Chair maker")

	badge := find(t, see(t, learner, "/home", "home", "Chair maker"), `data-badge="(\w+)"`)
	see(t, learner, "/badges", "badges", `data-badge="`+badge+`"`)
	see(t, learner, "/badges/"+badge, "mybadge", s.URL+"/v/"+badge, `data-act="set-visibility"`)
	see(t, visitor, "/v/"+badge, "badge", `data-verdict="verified"`, "Genuine and current.", "Leo Learner", "Chair maker")
	send(t, learner, "/badges/"+badge+"/visibility", "visibility", url.Values{"visibility": {"withdrawn"}})
	visitor.Get(t, "/v/"+badge).Want(t, http.StatusNotFound)
	send(t, learner, "/badges/"+badge+"/visibility", "visibility", url.Values{"visibility": {"unlisted"}})

	leo := find(t, see(t, admin, "/people?q=Leo", "people"), `href="(/badges\?person=\w+)"`)
	see(t, admin, leo, "badges", "Badges of", `data-badge="`+badge+`"`)
	lead.Get(t, leo).Want(t, http.StatusNotFound)
	see(t, admin, "/badges?person="+string(s.People["other"]), "badges", "Badges of", "Ola Other")
	lead.Get(t, "/badges?person="+string(s.People["other"])).Want(t, http.StatusNotFound)
	see(t, admin, "/badges/"+badge, "mybadge", `data-act="revoke"`)
	holds(t, "a revocation without a reason", string(admin.Post(t, "/badges/"+badge+"/revoke", url.Values{"note": {"private words"}}).Want(t, 422).Body), "data-problem", "private words")
	learner.Post(t, "/badges/"+badge+"/revoke", url.Values{"code": {"other"}}).Want(t, http.StatusForbidden)
	send(t, admin, "/badges/"+badge+"/revoke", "revoked", url.Values{"code": {"evidence-withdrawn"}, "reason": {"The chair broke."}, "note": {"private words"}})
	revoked := see(t, visitor, "/v/"+badge, "badge", `data-verdict="refused"`, "Revoked by its issuer.", "The chair broke.", "The evidence it rests on was withdrawn.")
	if strings.Contains(revoked, "private words") {
		t.Error("the private note is public")
	}
}

// TestPeopleAndRoles walks the owner's part.
func TestPeopleAndRoles(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	admin := s.Browse(t, "admin")
	see(t, admin, "/people", "people", "Leo Learner", issuertest.Address("learner"))
	if strings.Contains(see(t, admin, "/people?q=Cora", "people", "Cora Community"), "Leo Learner") {
		t.Error("the filter lets everyone through")
	}
	see(t, admin, "/people?q=nobody+of+that+name", "people", `data-empty="people"`)
	in := url.Values{"name": {"Nia New"}, "email": {"nia@people.example"}, "cohort": {"craft-1"}}
	holds(t, "the form again", string(admin.Post(t, "/people", with(in, "email", "not an address")).Want(t, 422).Body), "data-problem", "Nia New")
	send(t, admin, "/people", "added", in)
	nia := find(t, see(t, admin, "/people?q=Nia", "people", "Nia New"), `data-person="(\w+)"`)
	admin.Post(t, "/people/"+nia+"/grants", url.Values{"role": {"lead"}, "where": {"program:craft"}}).Want(t, 422)
	send(t, admin, "/people/"+nia+"/grants", "granted", url.Values{"role": {"lead"}, "where": {"cohort:craft-1"}})
	grant := find(t, see(t, admin, "/people?q=Nia", "people", "lead mentor"), `/people/`+nia+`/grants/(\w+)/remove`)
	send(t, admin, "/people/"+nia+"/grants/"+grant+"/remove", "removed", url.Values{})
}

// TestDesks opens every page as those who have it, and as those who have not.
func TestDesks(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	for _, test := range []struct {
		path    string
		allowed string
		refused string
	}{
		{"/home", "learner lead owner admin root sponsor plain", ""},
		{"/badges", "learner plain", ""},
		{"/queue", "lead community", "learner owner"},
		{"/desk", "lead community", "learner owner"},
		{"/programs", "owner admin root", ""},
		{"/programs/craft", "learner lead owner admin root", "plain"},
		{"/people", "owner admin root", "learner lead sponsor plain"},
		{"/reports?program=craft", "owner admin root sponsor", "learner lead plain"},
		{"/reports", "sponsor owner", ""},
	} {
		for _, kind := range strings.Fields(test.allowed) {
			holds(t, test.path+" for "+kind, string(s.Browse(t, kind).Get(t, test.path).Want(t, 200).Body), `data-page="`)
		}
		for _, kind := range strings.Fields(test.refused) {
			answer := s.Browse(t, kind).Get(t, test.path)
			if answer.Status != http.StatusForbidden && answer.Status != http.StatusNotFound {
				t.Errorf("%s opens %s: %d", kind, test.path, answer.Status)
			}
			holds(t, test.path, string(answer.Body), `data-page="error"`)
		}
		to := s.Browse(t, "nobody").Get(t, test.path).Want(t, http.StatusSeeOther).Header.Get("Location")
		if !strings.HasPrefix(to, "/signin?next=") {
			t.Errorf("nobody is led from %s to %s", test.path, to)
		}
	}
}

// TestSigninPages walks the way in: the same answer for an address that
// nobody has, one button where a link lands, and a link that works once.
func TestSigninPages(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	b := s.Browse(t, "nobody")
	see(t, b, "/", "front", `data-act="check"`)
	see(t, b, "/signin?next=/badges", "signin", `value="/badges"`)
	known := b.Post(t, "/signin", url.Values{"email": {issuertest.Address("learner")}, "next": {"/badges"}}).Want(t, 200)
	unknown := b.Post(t, "/signin", url.Values{"email": {"no.one.here@people.example"}, "next": {"/badges"}}).Want(t, 200)
	same := func(body []byte, address string) string { return strings.ReplaceAll(string(body), address, "") }
	if same(known.Body, issuertest.Address("learner")) != same(unknown.Body, "no.one.here@people.example") {
		t.Error("the answer tells who has an account")
	}
	holds(t, "an address that is none", string(b.Post(t, "/signin", url.Values{"email": {"nobody"}}).Want(t, 422).Body), "data-problem", `value="nobody"`)
	see(t, b, "/signin/link?t=abc", "signin-link", `name="t" value="abc"`, `data-act="enter"`)
	if status := b.Post(t, "/signin/link", url.Values{"t": {"abc"}}).Status; status < 400 || status > 499 {
		t.Errorf("a link that was never made: %d", status)
	}
	in := s.Browse(t, "learner")
	send(t, in, "/signout", "", url.Values{})
	in.Get(t, "/home").Want(t, http.StatusSeeOther)
}

func TestStaticFiles(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	b := s.Browse(t, "nobody")
	css := find(t, see(t, b, "/", "front"), `href="(/static/[^"]+\.css)"`)
	answer := b.Get(t, css).Want(t, 200)
	if got := answer.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") || answer.Header.Get("ETag") == "" {
		t.Errorf("style sheet: Cache-Control %q, ETag %q", got, answer.Header.Get("ETag"))
	}
	if got := b.Get(t, "/static/0000/hallmark.css").Want(t, 200).Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("an old address: %q", got)
	}
	b.Get(t, "/static/0000/none.css").Want(t, 404)
	if !templates.Stocked(templates.Program) {
		return
	}
	program := css[:strings.LastIndex(css, "/")+1] + templates.Program
	plain := s.Send(t, "nobody", "GET", program, "", "Accept-Encoding", "identity").Want(t, 200)
	packed := s.Send(t, "nobody", "GET", program, "", "Accept-Encoding", "gzip").Want(t, 200)
	r, err := gzip.NewReader(bytes.NewReader(packed.Body))
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(r); err != nil || !bytes.Equal(unpacked, plain.Body) || !bytes.HasPrefix(plain.Body, []byte("\x00asm")) {
		t.Errorf("the program as gzip is %d bytes, not the %d that it is: %v", len(unpacked), len(plain.Body), err)
	}
	for _, a := range []*issuertest.Answer{plain, packed} {
		if a.Header.Get("Content-Type") != "application/wasm" || !strings.Contains(a.Header.Get("Vary"), "Accept-Encoding") || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("the program: %v", a.Header)
		}
	}
	if plain.Header.Get("ETag") == packed.Header.Get("ETag") || packed.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("tags %s and %s, encodings %q and %q", plain.Header.Get("ETag"), packed.Header.Get("ETag"), plain.Header.Get("Content-Encoding"), packed.Header.Get("Content-Encoding"))
	}
	b.Get(t, "/demo/mail").Want(t, 404)
}

// TestNoticeOfAnotherSite holds a notice to what happened here: a link that
// someone else made says nothing.
func TestNoticeOfAnotherSite(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	for site, want := range map[string]bool{"same-origin": true, "cross-site": false, "none": false} {
		answer := s.Send(t, "learner", "GET", "/home?done=approved", "", "Sec-Fetch-Site", site)
		if got := strings.Contains(string(answer.Want(t, 200).Body), "data-notice"); got != want {
			t.Errorf("from %s: notice shown %v", site, got)
		}
	}
	if strings.Contains(string(s.Send(t, "learner", "GET", "/home?done=anything+else", "").Body), "anything else") {
		t.Error("the page says what its address says")
	}
}
