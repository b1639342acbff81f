package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/templates"
	"hallmark/verifier"
	"hallmark/verifier/verifiertest"
)

// site mounts the endpoint with the real pages, in the frame of somebody who
// signed in.
func site(t *testing.T, own func(context.Context) (*Own, error)) http.Handler {
	t.Helper()
	set, err := templates.Open(templates.Config{})
	if err != nil {
		t.Fatal(err)
	}
	view := func(c echo.Context, data any) any {
		c.Response().Header().Add("Vary", "Accept-Language")
		return templates.View{Frame: templates.Frame{Signed: true, Name: "Ada Private", Issuer: "Example Academy", Lang: Language(c.Request())}, Data: data}
	}
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		p, _ := ProblemOf(err)
		if err := SendProblem(c, p); err != nil {
			t.Error(err)
		}
	}
	now := func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
	(&Verify{Verifier: &verifier.Verifier{Now: now}, Render: set, View: view, Own: own}).Mount(e)
	return e
}

func ask(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

func needProgram(t *testing.T) {
	t.Helper()
	if !templates.Stocked(templates.Program) {
		verifiertest.Lacks(t, "build templates/static/hallmark.wasm to save the checker as a file")
	}
}

var (
	inlineElement = regexp.MustCompile(`(?s)<(script|style)(| type="application/octet-stream" data-program)>(.*?)</(?:script|style)>`)
	metaPolicy    = regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`)
)

// The saved checker holds what it says and nothing of who asked for it; its
// policy names each script and style by digest, and nothing may be loaded.
func TestSavedCheckerFile(t *testing.T) {
	needProgram(t)
	own := &Own{IDs: []string{"did:web:a.example"}, Documents: map[string]string{"did:web:a.example": `{"x":"</template><script>alert(1)</script>"}`}}
	h := site(t, func(context.Context) (*Own, error) { return own, nil })
	res := ask(h, "/verify/offline")
	page := res.Body.String()
	if res.Code != http.StatusOK || res.Header().Get("Content-Disposition") != `attachment; filename="hallmark-verify.html"` || res.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %v", res.Code, res.Header())
	}
	for _, want := range []string{"As of ", "21 November 2026", "Example Academy", "did:web:a.example"} {
		if !strings.Contains(page, want) {
			t.Errorf("the file does not say %q", want)
		}
	}
	for _, not := range []string{"Ada Private", "alert(1)</script>", `src="`, `href="/`, `action="`} {
		if strings.Contains(page, not) {
			t.Errorf("the file has %q", not)
		}
	}
	found := metaPolicy.FindStringSubmatch(page)
	if found == nil {
		t.Fatal("there is no policy")
	}
	policy := html.UnescapeString(found[1])
	for _, loose := range []string{"unsafe-inline", "unsafe-eval'; ", "connect-src", "http", "*", "'self'"} {
		if strings.Contains(policy, loose) {
			t.Errorf("the policy %q has %q", policy, loose)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; ") {
		t.Errorf("the policy is %q", policy)
	}
	elements := inlineElement.FindAllStringSubmatch(page, -1)
	if len(elements) < 4 {
		t.Errorf("%d scripts and styles", len(elements))
	}
	for _, e := range elements {
		sum := sha256.Sum256([]byte(e[3]))
		if digest := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; (e[2] == "") != strings.Contains(policy, digest) {
			t.Errorf("%s%s of %d bytes: the policy names it: %v", e[1], e[2], len(e[3]), e[2] != "")
		}
	}
}

// It is made once, and anew for another language, other keys or another day.
func TestSavedCheckerIsKept(t *testing.T) {
	needProgram(t)
	own, fault := &Own{IDs: []string{"did:web:a.example"}}, error(nil)
	h := site(t, func(context.Context) (*Own, error) { return own, fault })
	tag := func(headers ...string) string {
		res := ask(h, "/verify/offline", headers...)
		if res.Code != http.StatusOK || !strings.Contains(strings.Join(res.Header().Values("Vary"), ","), "Accept-Language") {
			t.Errorf("%v: %d %v", headers, res.Code, res.Header())
		}
		return res.Header().Get("ETag")
	}
	first := tag()
	if again := tag(); again != first || len(first) < 10 {
		t.Errorf("tags %s and %s", first, again)
	}
	if res := ask(h, "/verify/offline", "If-None-Match", first); res.Code != http.StatusNotModified || res.Body.Len() > 0 {
		t.Errorf("the same again: %d with %d bytes", res.Code, res.Body.Len())
	}
	american := tag("Accept-Language", "en-US")
	own = &Own{IDs: []string{"did:web:b.example"}}
	other := tag()
	fault = errors.New("the keys are away")
	without := tag()
	seen := map[string]bool{first: true, american: true, other: true, without: true}
	if len(seen) != 4 {
		t.Errorf("tags %s, %s, %s and %s", first, american, other, without)
	}
	if page := ask(h, "/verify/offline").Body.String(); strings.Contains(page, "Example Academy") {
		t.Error("the file says that it has keys, and has none")
	}
}

// The page carries what its operator publishes, as text and not as markup.
func TestPageCarriesOwn(t *testing.T) {
	needProgram(t)
	h := site(t, func(context.Context) (*Own, error) {
		return &Own{IDs: []string{"did:web:a.example"}, KeySets: map[string]string{"https://a.example/keys/1": `{"kty":"</b></template><script>"}`}}, nil
	})
	page := ask(h, "/verify").Body.String()
	_, rest, _ := strings.Cut(page, "<b data-known>")
	known, _, _ := strings.Cut(rest, "</b>")
	if !strings.Contains(html.UnescapeString(known), `"https://a.example/keys/1"`) || strings.ContainsAny(known, "<>") {
		t.Errorf("the page carries %q", known)
	}
}

func TestAcceptsGzip(t *testing.T) {
	for accept, want := range map[string]bool{"": false, "gzip": true, "br, GZIP;q=0.5": true, "gzip;q=0": false, "gzip; q=0.0": false, "br, deflate": false, "x-gzipped": false} {
		if got := AcceptsGzip(accept); got != want {
			t.Errorf("%q: %v, want %v", accept, got, want)
		}
	}
}
