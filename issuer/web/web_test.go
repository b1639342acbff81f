package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	verifyweb "hallmark/verifier/web"
)

// small renders error pages for a test.
type small struct{}

func (small) Render(w io.Writer, name string, data any) error {
	return template.Must(template.New(name).Parse(`<!doctype html><h1>{{.Status}}</h1><p>{{.Detail}}</p>`)).Execute(w, data)
}

// routes are handlers that fail in every way there is.
func routes(e *echo.Echo) {
	fail := map[string]error{
		"invalid": issuer.Wrong("note", "Say why."), "unsigned": issuer.Refuse(issuer.Unsigned, "Sign in."),
		"forbidden": issuer.Refuse(issuer.Forbidden, "Not you."), "missing": issuer.Refuse(issuer.NotFound, "Not there."),
		"gone": issuer.Refuse(issuer.Gone, "Erased."), "conflict": issuer.Refuse(issuer.Conflict, "Too late."),
		"unavailable": issuer.Refuse(issuer.Unavailable, "Later."), "fault": errors.New("password=hunter2"),
		"wrapped": fmt.Errorf("read capstone: %w", issuer.Refuse(issuer.NotFound, "Not there.")),
		"late":    context.DeadlineExceeded, "kindless": &issuer.Error{Kind: "odd", Reason: "secret"},
		"away":   fmt.Errorf("read: %w: %w", issuer.Unavailable, errors.New("secret host")),
		"joined": errors.Join(issuer.Refuse(issuer.Forbidden, "Not you."), nil),
	}
	for _, prefix := range []string{"/page/", "/api/v1/"} {
		for name, err := range fail {
			e.GET(prefix+name, func(echo.Context) error { return err })
		}
		e.GET(prefix+"panic", func(echo.Context) error { panic("secret state") })
	}
	e.POST("/api/v1/echo", func(c echo.Context) error {
		req, err := Body[struct {
			Name string `json:"name"`
			N    int    `json:"n"`
		}](c)
		if err != nil {
			return err
		}
		return c.JSON(200, req)
	})
	e.POST("/form", func(c echo.Context) error {
		form, err := Form(c)
		if err != nil {
			return err
		}
		return c.String(200, form.Get("name"))
	})
	e.POST("/signin", func(c echo.Context) error { return c.NoContent(204) })
	e.GET("/bytes", func(c echo.Context) error { return Bytes(c, "text/plain", []byte("hello")) })
	e.GET("/query", func(c echo.Context) error { return c.String(200, c.QueryParam("q")) })
	e.GET("/thing/:id", func(c echo.Context) error { return c.String(200, c.Param("id")) })
}

func serve(t *testing.T, cfg Config) (http.Handler, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	cfg.Logger = slog.New(slog.NewJSONHandler(&log, nil))
	if cfg.Render == nil {
		cfg.Render = small{}
	}
	e := New(cfg)
	routes(e)
	return Handler(e, cfg.BaseURL), &log
}

func ask(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, "http://hall.example/", strings.NewReader(body))
	req.RequestURI = target
	req.URL.Path, req.URL.RawQuery, _ = strings.Cut(target, "?")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

// TestRefusals: every kind of refusal has its status, and a fault shows
// nothing.
func TestRefusals(t *testing.T) {
	h, log := serve(t, Config{BaseURL: "https://hall.example"})
	want := map[string]int{
		"invalid": 422, "unsigned": 401, "forbidden": 403, "missing": 404, "gone": 410, "conflict": 409, "unavailable": 503,
		"fault": 500, "panic": 500, "wrapped": 404, "late": 503, "kindless": 500, "joined": 403, "away": 503,
	}
	for name, status := range want {
		rec := ask(h, "GET", "/api/v1/"+name, "", "Accept", "application/json")
		var p verifyweb.Problem
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
			t.Fatalf("%s: %s: %v", name, rec.Body, err)
		}
		if rec.Code != status || p.Status != status || p.Title == "" || p.Type == "" || rec.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %v %+v", name, rec.Code, rec.Header(), p)
		}
		if (p.Detail == "") != (status == 500) {
			t.Errorf("%s: detail %q", name, p.Detail)
		}
		if strings.Contains(rec.Body.String(), "secret") || strings.Contains(rec.Body.String(), "hunter2") {
			t.Errorf("%s: %s", name, rec.Body)
		}
		if (status == 422) != (len(p.Errors) > 0) {
			t.Errorf("%s: errors %v", name, p.Errors)
		}
		if (status == 503) != (rec.Header().Get("Retry-After") != "") {
			t.Errorf("%s: Retry-After %q", name, rec.Header().Get("Retry-After"))
		}
		if (status == 401) != (rec.Header().Get("WWW-Authenticate") != "") {
			t.Errorf("%s: WWW-Authenticate %q", name, rec.Header().Get("WWW-Authenticate"))
		}
		if !strings.Contains(p.Instance, rec.Header().Get("X-Request-Id")) {
			t.Errorf("%s: instance %q", name, p.Instance)
		}
	}
	if n := strings.Count(log.String(), `"msg":"fault"`); n != 4 {
		t.Errorf("%d faults logged, want 4 (fault, panic, kindless, away):\n%s", n, log)
	}
	if !strings.Contains(log.String(), "hunter2") || !strings.Contains(log.String(), "secret state") {
		t.Error("a fault's cause is not logged")
	}
}

// TestErrorPages: a browser gets a page on page routes, a program a document.
func TestErrorPages(t *testing.T) {
	h, _ := serve(t, Config{})
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	tests := []struct {
		path, accept, media string
		status              int
	}{
		{"/page/missing", browser, "text/html; charset=utf-8", 404},
		{"/page/fault", browser, "text/html; charset=utf-8", 500},
		{"/page/missing", "*/*", "application/problem+json", 404},
		{"/page/missing", "", "application/problem+json", 404},
		{"/api/v1/missing", browser, "application/problem+json", 404},
		{"/nowhere", browser, "text/html; charset=utf-8", 404},
		{"/v/nothing", browser, "text/html; charset=utf-8", 404},
		{"/status/none", browser, "application/problem+json", 404},
		{"/page/unsigned", "*/*", "application/problem+json", 401},
		{"/page/unsigned", browser, "", 303},
	}
	for _, tt := range tests {
		rec := ask(h, "GET", tt.path, "", "Accept", tt.accept)
		if rec.Code != tt.status || rec.Header().Get("Content-Type") != tt.media {
			t.Errorf("%s %q: %d %q", tt.path, tt.accept, rec.Code, rec.Header().Get("Content-Type"))
		}
	}
	rec := ask(h, "GET", "/page/unsigned?a=b", "", "Accept", browser)
	if got := rec.Header().Get("Location"); got != "/signin?next=%2Fpage%2Funsigned%3Fa%3Db" {
		t.Errorf("Location %q", got)
	}
}

// TestRouter: what no route answers.
func TestRouter(t *testing.T) {
	h, _ := serve(t, Config{})
	if rec := ask(h, "DELETE", "/query", ""); rec.Code != 405 || rec.Header().Get("Allow") != "OPTIONS, GET, HEAD" || !strings.Contains(rec.Body.String(), `"status":405`) {
		t.Errorf("405: %d %v %s", rec.Code, rec.Header(), rec.Body)
	}
	if rec := ask(h, "OPTIONS", "/query", ""); rec.Code != 204 || rec.Header().Get("Allow") != "OPTIONS, GET, HEAD" {
		t.Errorf("OPTIONS: %d %v", rec.Code, rec.Header())
	}
	if rec := ask(h, "GET", "/signin", ""); rec.Code != 405 || strings.Contains(rec.Header().Get("Allow"), "HEAD") {
		t.Errorf("405 of what only takes POST: %d %v", rec.Code, rec.Header())
	}
	if rec := ask(h, "GET", "/nowhere", ""); rec.Code != 404 || rec.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("404: %d %v", rec.Code, rec.Header())
	}
	if rec := ask(h, "HEAD", "/query?q=x", ""); rec.Code != 200 {
		t.Errorf("HEAD: %d", rec.Code)
	}
	if rec := ask(h, "BREW", "/query", ""); rec.Code/100 != 4 {
		t.Errorf("BREW: %d", rec.Code)
	}
	rec := ask(h, "GET", "/bytes", "")
	if again := ask(h, "GET", "/bytes", "", "If-None-Match", rec.Header().Get("ETag")); again.Code != 304 || again.Body.Len() != 0 {
		t.Errorf("304: %d %s", again.Code, again.Body)
	}
	if other := ask(h, "GET", "/bytes", "", "If-None-Match", `"other"`); other.Code != 200 {
		t.Errorf("other tag: %d", other.Code)
	}
}

func TestBodies(t *testing.T) {
	h, _ := serve(t, Config{})
	tests := []struct {
		name, media, body string
		status            int
	}{
		{"good", "application/json", `{"name":"Ada","n":1}`, 200},
		{"good with charset", "application/json; charset=UTF-8", `{}`, 200},
		{"empty", "application/json", ``, 400},
		{"not JSON", "application/json", `hello`, 400},
		{"two values", "application/json", `{} {}`, 400},
		{"twice", "application/json", `{"name":"a","name":"b"}`, 400},
		{"broken UTF-8", "application/json", "{\"name\":\"\xff\"}", 400},
		{"lone surrogate", "application/json", `{"name":"\ud800"}`, 400},
		{"too deep", "application/json", strings.Repeat("[", 5000), 400},
		{"unknown", "application/json", `{"nam":"x"}`, 422},
		{"other case", "application/json", `{"Name":"x"}`, 422},
		{"other kind", "application/json", `{"name":1,"n":"x"}`, 422},
		{"a list", "application/json", `[]`, 422},
		{"NUL", "application/json", `{"name":"a\u0000b"}`, 422},
		{"a word that looks like NUL", "application/json", `{"name":"\\u0000"}`, 200},
		{"too large", "application/json", `{"name":"` + strings.Repeat("x", 256<<10) + `"}`, 413},
		{"form", "application/x-www-form-urlencoded", `name=x`, 415},
		{"no type", "", `{}`, 415},
		{"UTF-16", "application/json; charset=utf-16", `{}`, 415},
	}
	for _, tt := range tests {
		rec := ask(h, "POST", "/api/v1/echo", tt.body, "Content-Type", tt.media)
		if rec.Code != tt.status {
			t.Errorf("%s: %d %s", tt.name, rec.Code, rec.Body)
		}
	}
	rec := ask(h, "POST", "/api/v1/echo", `[]`, "Content-Type", "application/json")
	if !strings.Contains(rec.Body.String(), `{"field":"body","reason":"The body must be an object, not an array."}`) {
		t.Errorf("a list: %s", rec.Body)
	}
	rec = ask(h, "POST", "/api/v1/echo", `{"name":1,"n":"x"}`, "Content-Type", "application/json")
	var p verifyweb.Problem
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || len(p.Errors) != 2 || p.Errors[0].Field != "name" || p.Errors[1].Field != "n" {
		t.Errorf("errors %s", rec.Body)
	}
}

// TestNaughtyAddresses: whatever stands in an address or a form, the answer
// is never a fault.
func TestNaughtyAddresses(t *testing.T) {
	h, log := serve(t, Config{})
	naughty := []string{"\x00", "a\x00b", "\xff\xfe", "\xc0\xaf", "%", "%zz", "%00", "%ff", "../../etc/passwd", "..%2f..%2f", "\u202e", "𝕳", "😀",
		"' OR 1=1 --", "<script>alert(1)</script>", "${jndi:ldap://x}", "{{7*7}}", strings.Repeat("A", 3000), "\r\nSet-Cookie: a=b", ";", "&&&", "a=b;c=d", "*"}
	for _, s := range naughty {
		for _, target := range []string{"/thing/" + s, "/query?q=" + s, "/v/" + s, "/" + s} {
			if rec := ask(h, "GET", target, ""); rec.Code >= 500 {
				t.Errorf("GET %q: %d", target, rec.Code)
			}
		}
		if rec := ask(h, "POST", "/form", "name="+s, "Content-Type", "application/x-www-form-urlencoded"); rec.Code >= 500 {
			t.Errorf("form %q: %d", s, rec.Code)
		}
		if rec := ask(h, "GET", "/query", "", "Cookie", "hallmark_session="+s, "Accept", s, "If-None-Match", s, "Authorization", s); rec.Code >= 500 {
			t.Errorf("headers %q: %d", s, rec.Code)
		}
	}
	for target, status := range map[string]int{"/thing/a\x00b": 400, "/query?q=%00": 400, "/query?q=%ff": 400, "/query?q=%zz": 400,
		"/thing/" + strings.Repeat("A", 3000): 414, "/query?" + strings.Repeat("A", 9000): 414} {
		if rec := ask(h, "GET", target, ""); rec.Code != status {
			t.Errorf("%.40q: %d, want %d", target, rec.Code, status)
		}
	}
	if rec := ask(h, "POST", "/form", "name=%00", "Content-Type", "application/x-www-form-urlencoded"); rec.Code != 422 {
		t.Errorf("NUL in a form: %d", rec.Code)
	}
	if strings.Contains(log.String(), "jndi") || strings.Contains(log.String(), "passwd") {
		t.Error("the log repeats an address")
	}
}

// TestCrossOrigin: nobody acts with a visitor's cookie from another site.
func TestCrossOrigin(t *testing.T) {
	h, _ := serve(t, Config{BaseURL: "https://hall.example", Limits: Limits{Signin: Limit{PerSecond: -1}}})
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	const cookie = "__Host-hallmark=x"
	tests := []struct {
		name    string
		path    string
		headers []string
		status  int
	}{
		{"own form", "/form", []string{"Cookie", cookie, "Sec-Fetch-Site", "same-origin"}, 200},
		{"own form, older browser", "/form", []string{"Cookie", cookie, "Origin", "https://hall.example"}, 200},
		{"other site", "/form", []string{"Cookie", cookie, "Sec-Fetch-Site", "cross-site"}, 403},
		{"other site without cookie", "/form", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"sibling site", "/form", []string{"Cookie", cookie, "Sec-Fetch-Site", "same-site"}, 403},
		{"other origin", "/form", []string{"Cookie", cookie, "Origin", "https://evil.example"}, 403},
		{"no origin", "/form", []string{"Cookie", cookie, "Origin", "null"}, 403},
		{"unsaid, with cookie", "/form", []string{"Cookie", cookie}, 403},
		{"unsaid, no cookie", "/form", nil, 200},
		{"signing in from elsewhere", "/signin", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"program with its token", "/form", []string{"Authorization", "Bearer x", "Cookie", cookie}, 200},
	}
	for _, tt := range tests {
		if rec := ask(h, "POST", tt.path, "name=x", append(tt.headers, form...)...); rec.Code != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, rec.Code, tt.status)
		}
	}
}

func TestRateLimit(t *testing.T) {
	h, _ := serve(t, Config{Limits: Limits{Signin: Limit{PerSecond: 0.01, Burst: 3}}})
	for i := range 5 {
		rec := ask(h, "POST", "/signin", "", "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i))
		if want := map[bool]int{true: 204, false: 429}[i < 3]; rec.Code != want {
			t.Errorf("request %d: %d, want %d", i+1, rec.Code, want)
		}
		if rec.Code == 429 && rec.Header().Get("Retry-After") == "" {
			t.Error("429 without Retry-After")
		}
	}
}

func TestAddress(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48")}
	tests := []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"direct", "203.0.113.9:1234", nil, "203.0.113.9"},
		{"direct, with a made-up header", "203.0.113.9:1234", []string{"198.51.100.1"}, "203.0.113.9"},
		{"behind a proxy", "10.1.1.1:80", []string{"198.51.100.1"}, "198.51.100.1"},
		{"made-up hop first", "10.1.1.1:80", []string{"192.0.2.66, 198.51.100.1"}, "198.51.100.1"},
		{"two headers", "10.1.1.1:80", []string{"192.0.2.66", "198.51.100.1, 10.2.2.2"}, "198.51.100.1"},
		{"rubbish", "10.1.1.1:80", []string{"hello"}, "10.1.1.1"},
		{"mapped", "[::ffff:10.1.1.1]:80", []string{"198.51.100.1"}, "198.51.100.1"},
		{"v6 proxy", "[2001:db8:1::1]:80", []string{"2001:db8:9::1"}, "2001:db8:9::1"},
		{"no header", "10.1.1.1:80", nil, "10.1.1.1"},
	}
	for _, tt := range tests {
		req := httptest.NewRequest("GET", "/", nil)
		req.RemoteAddr = tt.remote
		for _, f := range tt.forwarded {
			req.Header.Add("X-Forwarded-For", f)
		}
		if got := addressOf(proxies)(req); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if bucketOf("2001:db8::1") != bucketOf("2001:db8::ffff") || bucketOf("192.0.2.1") == bucketOf("192.0.2.2") {
		t.Error("buckets")
	}
}

// TestBasePath: a service under a path answers there.
func TestBasePath(t *testing.T) {
	h, _ := serve(t, Config{BaseURL: "https://hall.example/badges"})
	if rec := ask(h, "GET", "/badges/query?q=x", ""); rec.Code != 200 || rec.Body.String() != "x" {
		t.Errorf("under the path: %d", rec.Code)
	}
	browser := []string{"Accept", "text/html"}
	if got := ask(h, "GET", "/badges/page/unsigned?x=y", "", browser...).Header().Get("Location"); got != "/badges/signin?next=%2Fpage%2Funsigned%3Fx%3Dy" {
		t.Errorf("sent to %q to sign in", got)
	}
	for _, path := range []string{"/query?q=x", "/badgesquery?q=x", "/"} {
		if rec := ask(h, "GET", path, ""); rec.Code != 404 || rec.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s, beside it: %d %s", path, rec.Code, rec.Body)
		}
	}
}
