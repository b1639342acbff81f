package web_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
)

// earn gives learner the badge of the first module.
func earn(t *testing.T, s *issuertest.Service) string {
	t.Helper()
	var done struct{ Credentials []struct{ ID string } }
	s.Send(t, "lms", "POST", "/api/v1/completions", fmt.Sprintf(`{"person":{"email":%q},"module":"M1","completedAt":"2026-01-01"}`, issuertest.Address("learner"))).Want(t, 201).JSON(t, &done)
	return done.Credentials[0].ID
}

// field gives the value of an input of a page.
func field(t *testing.T, page []byte, id string) string {
	t.Helper()
	found := regexp.MustCompile(`id="` + id + `"[^>]* value="([^"]*)"`).FindSubmatch(page)
	if found == nil {
		t.Fatalf("no field %s in %s", id, page)
	}
	return string(found[1])
}

// TestShareLinkPage: the page of a link that ends names neither the badge's lasting
// address nor its file, counts those who open it, and is not there once it ended.
func TestShareLinkPage(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := earn(t, s)
	holder, reader := s.Browse(t, "learner"), s.Browse(t, "nobody")
	made := holder.Post(t, "/badges/"+id+"/links", url.Values{"label": {"<b>HR"}, "days": {"7"}}).Want(t, 200)
	link := strings.TrimPrefix(field(t, made.Body, "made"), s.URL)
	holder.Post(t, "/badges/"+id+"/visibility", url.Values{"visibility": {"withdrawn"}}).Want(t, 303)
	reader.Get(t, "/v/"+id).Want(t, 404)
	a := reader.Get(t, link).Want(t, 200)
	if strings.Contains(strings.ToUpper(string(a.Body)), id) || strings.Contains(string(a.Body), "application/vc") {
		t.Error("the page names the badge's lasting address")
	}
	if a.Header.Get("Cache-Control") != "no-store" || !strings.Contains(a.Header.Get("X-Robots-Tag"), "noindex") || a.Header.Get("Set-Cookie") != "" {
		t.Error(a.Header)
	}
	reader.Get(t, strings.ToLower(link)).Want(t, 200)
	if err := s.Sightings.Keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := string(holder.Get(t, "/badges/"+id).Want(t, 200).Body)
	if strings.Contains(page, "<b>HR") || !strings.Contains(page, "opened 0 times") { // this reader says of itself that it is a program
		t.Error(page)
	}
	end := regexp.MustCompile(`/badges/[A-Z0-9]+/links/[A-Z0-9]+/end`).FindString(page)
	s.Browse(t, "other").Post(t, end, nil).Want(t, 404)
	reader.Get(t, link).Want(t, 200)
	holder.Post(t, end, nil).Want(t, 303)
	never, ended := reader.Get(t, "/s/ABCDEFGHIJKLMNOPQRSTUVWXYZ").Want(t, 404), reader.Get(t, link).Want(t, 404)
	if plain(never.Body) != plain(ended.Body) {
		t.Error("a link that ended and one that never was tell themselves apart")
	}
	holder.Post(t, "/badges/"+id+"/links", url.Values{"days": {"many"}}).Want(t, 422)
}

// plain is an error page without the id of its request.
func plain(page []byte) string {
	return regexp.MustCompile(`[A-Z2-7]{26}`).ReplaceAllString(string(page), "")
}

// TestEmbedding: whoever has the link can put the badge on a page of theirs, unless
// its holder took it down.
func TestEmbedding(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := earn(t, s)
	reader, holder := s.Browse(t, "nobody"), s.Browse(t, "learner")
	at := "/oembed?url=" + url.QueryEscape(s.URL+"/v/"+id)
	page := string(reader.Get(t, "/v/"+id).Want(t, 200).Body)
	for _, format := range []string{"json", "xml"} {
		if !strings.Contains(page, `href="`+s.URL+"/oembed?url="+url.QueryEscape(s.URL+"/v/"+id)+"&amp;format="+format+`"`) {
			t.Errorf("the page does not tell of %s", format)
		}
	}
	var got struct {
		Type, Version, Title, HTML string
		Width, Height              int
	}
	reader.Get(t, at).Want(t, 200).JSON(t, &got)
	frame := regexp.MustCompile(`^<iframe src="` + regexp.QuoteMeta(s.URL) + `(/embed/` + id + `)" `).FindStringSubmatch(got.HTML)
	if got.Type != "rich" || got.Version != "1.0" || got.Title != "Saws" || frame == nil || got.Width != 420 {
		t.Fatalf("%+v", got)
	}
	var again struct {
		HTML string `xml:"html"`
	}
	if err := xml.Unmarshal(reader.Get(t, at+"&format=xml").Want(t, 200).Body, &again); err != nil || again.HTML != got.HTML {
		t.Errorf("%v %+v", err, again)
	}
	reader.Get(t, at+"&maxwidth=300").Want(t, 200).JSON(t, &got)
	if got.Width != 300 {
		t.Errorf("%d wide", got.Width)
	}
	for path, want := range map[string]int{"&format=yaml": 501, "&maxwidth=x": 400, "&maxwidth=10": 404, "&maxheight=10": 404} {
		reader.Get(t, at+path).Want(t, want)
	}
	for _, other := range []string{"https://elsewhere.example/v/" + id, s.URL + "/home", s.URL + "/v/AAAAAAAAAAAAAAAAAAAAAAAAAA", "x", "%"} {
		reader.Get(t, "/oembed?url="+url.QueryEscape(other)).Want(t, 404)
	}
	reader.Get(t, "/oembed").Want(t, 400)

	a := holder.Get(t, frame[1]).Want(t, 200)
	csp := a.Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "frame-ancestors *") || strings.Contains(csp, "script-src") || a.Header.Get("X-Frame-Options") != "" || a.Header.Get("Set-Cookie") != "" {
		t.Error(a.Header)
	}
	if body := string(a.Body); strings.Contains(body, "<script") || strings.Contains(body, "<form") || len(body) > 6000 || !strings.Contains(body, `data-verdict="verified"`) {
		t.Errorf("%d bytes: %s", len(body), body)
	}
	holder.Post(t, "/badges/"+id+"/visibility", url.Values{"visibility": {"withdrawn"}}).Want(t, 303)
	reader.Get(t, at).Want(t, 404)
	reader.Get(t, "/embed/"+id).Want(t, 404)
}

// TestViewsAreCounted: a person's look counts, a program's, a prefetch and the
// holder's own do not; and nothing is set in anyone's browser.
func TestViewsAreCounted(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := earn(t, s)
	const person = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	look := func(method, path, agent string, headers ...string) {
		t.Helper()
		a := s.Send(t, "nobody", method, path, "", append([]string{"User-Agent", agent, "Accept", "text/html,*/*;q=0.8"}, headers...)...).Want(t, 200)
		if a.Header.Get("Set-Cookie") != "" {
			t.Error("a cookie was set")
		}
	}
	look("GET", "/v/"+id, person)
	look("GET", "/V/"+id, person)
	look("HEAD", "/v/"+id, person)
	look("GET", "/v/"+id+"?mine", person)
	look("GET", "/v/"+id, person, "Sec-Purpose", "prefetch")
	look("GET", "/v/"+id, "LinkedInBot/1.0")
	look("GET", "/v/"+id, "facebookexternalhit/1.1")
	look("GET", "/v/"+id, "")
	look("GET", "/v/"+id, person, "Accept", "application/json")
	if err := s.Sightings.Keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := string(s.Browse(t, "learner").Get(t, "/badges/"+id).Want(t, 200).Body)
	if found := regexp.MustCompile(`data-seen="(\d+)"`).FindStringSubmatch(page); found == nil || found[1] != "2" {
		t.Errorf("counted %v", found)
	}
	if strings.Contains(string(s.Browse(t, "owner").Get(t, "/badges/"+id).Want(t, 200).Body), "data-seen") {
		t.Error("who runs the program sees it")
	}
}

// TestAddToProfile: the month that goes to LinkedIn is that of the day, which is kept
// as a day: no zone of a cohort, a reader or a clock moves the first of January.
func TestAddToProfile(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := earn(t, s) // on 1 January
	page := string(s.Browse(t, "learner").Get(t, "/badges/"+id).Want(t, 200).Body)
	found := regexp.MustCompile(`href="(https://www\.linkedin\.com/profile/add\?[^"]*)"`).FindStringSubmatch(page)
	if found == nil {
		t.Fatal(page)
	}
	u, err := url.Parse(strings.ReplaceAll(found[1], "&amp;", "&"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"startTask": "CERTIFICATION_NAME", "name": "Saws", "issueYear": "2026", "issueMonth": "1", "certUrl": s.URL + "/v/" + id, "certId": id, "expirationYear": ""} {
		if got := u.Query().Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}

// TestPortfolioPage: it is there once it is shown, says who it is for machines too,
// and has no address of theirs.
func TestPortfolioPage(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := earn(t, s)
	holder, reader := s.Browse(t, "learner"), s.Browse(t, "nobody")
	holder.Post(t, "/badges/"+id+"/visibility", url.Values{"visibility": {"public"}}).Want(t, 303)
	form := url.Values{"handle": {"leo-makes"}, "headline": {`Saws </script><script>alert(1)</script>`}, "links": {"https://leo.example/\r\nhttps://code.example/leo"}, "named": {"yes"}}
	holder.Post(t, "/portfolio", form).Want(t, 303)
	never, hidden := reader.Get(t, "/p/never").Want(t, 404), reader.Get(t, "/p/leo-makes").Want(t, 404)
	if plain(never.Body) != plain(hidden.Body) {
		t.Error("a page that is not shown tells that it is there")
	}
	form.Set("shown", "yes")
	holder.Post(t, "/portfolio", form).Want(t, 303)
	a := reader.Get(t, "/p/leo-makes").Want(t, 200)
	page := string(a.Body)
	for _, want := range []string{"Leo Learner", "/v/" + id, `rel="me nofollow noopener noreferrer"`, `<meta property="og:image" content="` + s.URL + `/p/leo-makes/card.png">`, `content="index, nofollow"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(page, issuertest.Address("learner")) || strings.Contains(page, "<script>alert") || a.Header.Get("X-Robots-Tag") != "" {
		t.Error(page)
	}
	data := regexp.MustCompile(`<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(page)
	var about struct {
		Type   string `json:"@type"`
		Entity struct {
			Name   string
			SameAs []string
		} `json:"mainEntity"`
	}
	if data == nil || json.Unmarshal([]byte(data[1]), &about) != nil || about.Type != "ProfilePage" || about.Entity.Name != "Leo Learner" || len(about.Entity.SameAs) != 2 {
		t.Errorf("%v %+v", data, about)
	}
	card := reader.Get(t, "/p/leo-makes/card.png").Want(t, 200)
	if card.Header.Get("Content-Type") != "image/png" {
		t.Error(card.Header)
	}
	for name, bad := range map[string]string{"handle": "admin", "links": "javascript:alert(1)"} {
		wrong := url.Values{"handle": {"leo-makes"}, "headline": {"kept as typed"}}
		wrong.Set(name, bad)
		if a := holder.Post(t, "/portfolio", wrong).Want(t, http.StatusUnprocessableEntity); !strings.Contains(string(a.Body), "kept as typed") || !strings.Contains(string(a.Body), `aria-invalid="true"`) {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	s.Browse(t, "mate").Post(t, "/portfolio", url.Values{"handle": {"1eo-makes"}}).Want(t, 422)
	s.Browse(t, "mate").Post(t, "/portfolio", url.Values{"handle": {"leo-rnakes"}}).Want(t, 409)
}

// TestRequests: a name and a return are asked about, answered by who may, and read.
func TestRequests(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	capstone := prepare(t, s).Replace("{capstone}")
	holder, owner, community := s.Browse(t, "learner"), s.Browse(t, "owner"), s.Browse(t, "community")
	holder.Post(t, "/account/name", url.Values{"name": {"Leo Other"}}).Want(t, 303)
	holder.Post(t, "/account/name", url.Values{"name": {"Leo Lerner"}}).Want(t, 409)
	if a := holder.Post(t, "/account/name", url.Values{"name": {"\u202eLeo"}, "note": {"kept as typed"}}).Want(t, 422); !strings.Contains(string(a.Body), "turns the direction") {
		t.Errorf("%s", a.Body)
	}
	path := regexp.MustCompile(`/requests/names/[A-Z0-9]+`).FindString(string(owner.Get(t, "/requests").Want(t, 200).Body))
	if a := owner.Post(t, path, url.Values{"decision": {"refused"}}).Want(t, 422); !strings.Contains(string(a.Body), "Say why") {
		t.Errorf("%s", a.Body)
	}
	owner.Post(t, path, url.Values{"decision": {"done"}}).Want(t, 303)
	owner.Post(t, path, url.Values{"decision": {"done"}}).Want(t, 409)
	if page := string(holder.Get(t, "/account/name").Want(t, 200).Body); !strings.Contains(page, `data-name-request="done"`) || !strings.Contains(page, "Leo Other") {
		t.Error(page)
	}

	lead := s.Caller(t, "lead")
	if _, err := s.Registrar.ReviewCapstone(t.Context(), lead, issuer.CapstoneID(capstone), registrar.NewReview{Submission: 1, Decision: issuer.Return, Note: "Sand it."}); err != nil {
		t.Fatal(err)
	}
	if page := string(holder.Get(t, "/capstones/"+capstone).Want(t, 200).Body); !strings.Contains(page, `href="/capstones/`+capstone+`/appeal"`) {
		t.Error("no way to another look")
	}
	holder.Post(t, "/capstones/"+capstone+"/appeal", url.Values{"words": {""}}).Want(t, 422)
	holder.Post(t, "/capstones/"+capstone+"/appeal", url.Values{"words": {"It is sanded."}}).Want(t, 303)
	if page := string(s.Browse(t, "lead").Get(t, "/requests").Want(t, 200).Body); strings.Contains(page, "It is sanded.") {
		t.Error("who returned it is asked")
	}
	if page := string(community.Get(t, "/home").Want(t, 200).Body); !strings.Contains(page, "data-requests") {
		t.Error("the home does not tell of it")
	}
	_, theirs, _ := strings.Cut(string(community.Get(t, "/requests").Want(t, 200).Body), "It is sanded.") // among others
	path = regexp.MustCompile(`/requests/appeals/[A-Z0-9]+`).FindString(theirs)
	community.Post(t, path, url.Values{"decision": {"reopen"}, "answer": {"So it is."}}).Want(t, 303)
	if page := string(holder.Get(t, "/capstones/"+capstone+"/appeal").Want(t, 200).Body); !strings.Contains(page, "So it is.") || !strings.Contains(page, `data-appeal="reopened"`) {
		t.Error(page)
	}
}

// TestMailChoices: what is chosen is kept and shown; what is not offered is refused.
func TestMailChoices(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	b := s.Browse(t, "learner")
	b.Post(t, "/account/mails", url.Values{"badge-issued": {"daily"}, "sign-in": {"off"}}).Want(t, 303)
	b.Post(t, "/account/mails", url.Values{"badge-issued": {"hourly"}}).Want(t, 422)
	page := string(b.Get(t, "/account/mails").Want(t, 200).Body)
	if !regexp.MustCompile(`name="badge-issued">.*?value="daily" selected`).MatchString(page) || strings.Contains(page, `name="sign-in"`) {
		t.Error(page)
	}
}

// TestPublicPageIsLight: the page of a badge, with its style, script and the words
// it carries, is under 60 kB as it travels, before pictures and typefaces, and asks
// for one script.
func TestPublicPageIsLight(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := earn(t, s)
	sent := func(path string) (int, string) {
		a := s.Send(t, "nobody", "GET", path, "", "Accept", "text/html", "Accept-Encoding", "gzip").Want(t, 200)
		return len(a.Body), string(a.Body)
	}
	total, page := sent("/v/" + id)
	scripts := regexp.MustCompile(`<script src="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(scripts) > 1 {
		t.Errorf("%d scripts", len(scripts))
	}
	for _, found := range append(scripts, regexp.MustCompile(`rel="stylesheet" href="([^"]+)"`).FindAllStringSubmatch(page, -1)...) {
		n, _ := sent(found[1])
		total += n
	}
	if total > 60_000 {
		t.Errorf("%d bytes", total)
	}
	t.Logf("%d bytes", total)
}
