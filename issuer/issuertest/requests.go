package issuertest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hallmark/issuer/registrar"
)

// Answer is what a request was answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON reads the answer into a value, strictly enough to notice a member that
// is missing from it.
func (a *Answer) JSON(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal(a.Body, into); err != nil {
		t.Fatalf("answer %d is no JSON: %v\n%.400s", a.Status, err, a.Body)
	}
}

// Want fails the test unless the answer has a status.
func (a *Answer) Want(t testing.TB, status int) *Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %.800s", a.Status, status, a.Body)
	}
	return a
}

// Send makes a request as one of Kinds, with that one's access token. Headers
// are pairs of name and value; a body is JSON unless a header says otherwise.
func (s *Service) Send(t testing.TB, kind, method, path, body string, headers ...string) *Answer {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, s.Server.URL+path, content)
	must(t, err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token := s.Tokens[kind]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return do(t, plainClient, req)
}

// plainClient follows no redirect, so that tests see it.
var plainClient = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func do(t testing.TB, client *http.Client, req *http.Request) *Answer {
	t.Helper()
	res, err := client.Do(req)
	must(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	return &Answer{res.StatusCode, res.Header, body}
}

// Browser is a browser with cookies, someone signed in or nobody.
type Browser struct {
	s      *Service
	client *http.Client
}

// Browse opens a browser; for a kind other than nobody it signs in by a link.
func (s *Service) Browse(t testing.TB, kind string) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	b := &Browser{s, &http.Client{Jar: jar, CheckRedirect: plainClient.CheckRedirect}}
	if kind == "nobody" {
		return b
	}
	link, err := s.Signin.Link(t.Context(), operator, registrar.PersonRef{ID: s.People[kind]}, "/home")
	must(t, err)
	u, err := url.Parse(link)
	must(t, err)
	b.Post(t, "/signin/link", url.Values{"t": {u.Query().Get("t")}}).Want(t, http.StatusSeeOther)
	return b
}

const acceptOfBrowsers = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// Get opens a page.
func (b *Browser) Get(t testing.TB, path string) *Answer {
	t.Helper()
	req, err := http.NewRequest("GET", b.s.Server.URL+path, nil)
	must(t, err)
	req.Header.Set("Accept", acceptOfBrowsers)
	return do(t, b.client, req)
}

// Post sends a form as a page of ours does.
func (b *Browser) Post(t testing.TB, path string, form url.Values) *Answer {
	t.Helper()
	return b.PostWith(t, path, form)
}

// Send sends any body from a page of the service.
func (b *Browser) Send(t testing.TB, method, path, body string, headers ...string) *Answer {
	t.Helper()
	req, err := http.NewRequest(method, b.s.Server.URL+path, strings.NewReader(body))
	must(t, err)
	req.Header.Set("Accept", acceptOfBrowsers)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return do(t, b.client, req)
}

// PostWith sends a form with other headers; one without a value is left out.
func (b *Browser) PostWith(t testing.TB, path string, form url.Values, headers ...string) *Answer {
	t.Helper()
	req, err := http.NewRequest("POST", b.s.Server.URL+path, strings.NewReader(form.Encode()))
	must(t, err)
	req.Header.Set("Accept", acceptOfBrowsers)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(headers); i += 2 {
		if req.Header.Set(headers[i], headers[i+1]); headers[i+1] == "" {
			req.Header.Del(headers[i])
		}
	}
	return do(t, b.client, req)
}

var linkPattern = regexp.MustCompile(`https?://[^\s"<>]+`)

// Links gives the links in a text.
func Links(text string) []string { return linkPattern.FindAllString(text, -1) }
