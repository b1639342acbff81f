package web

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"hallmark/verifier"
	"hallmark/verifier/shown"
	"hallmark/verifier/verifiertest"
)

// fixture reads a file of the reference data.
func fixture(t *testing.T, name string) []byte {
	t.Helper()
	return verifiertest.Fixture(t, "standards", name)
}

// small is a renderer that shows what a page would be told.
type small struct{}

func (small) Render(w io.Writer, name string, data any) error {
	t := template.Must(template.New(name).Parse(`<p>{{.Problem}}{{.BatchProblem}}</p>{{with .Result}}<b data-verdict="{{.Verdict}}">{{.Summary}}</b>{{with .Newer}}newer: {{.}}{{end}}{{end}}{{with .Held}} held: {{.}}{{end}}{{with .Batch}}{{range .Rows}}{{.Row}} {{.Verdict}} {{end}}{{end}}`))
	return t.Execute(w, data)
}

// server mounts the endpoint alone, with nothing of an issuer.
func server(t *testing.T, open func(context.Context, string) ([]byte, error)) http.Handler {
	t.Helper()
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		p, known := ProblemOf(err)
		if !known {
			t.Errorf("%s %s: fault %v", c.Request().Method, c.Path(), err)
		}
		if err := SendProblem(c, p); err != nil {
			t.Error(err)
		}
	}
	v := &Verify{Verifier: &verifier.Verifier{Now: func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) }}, Open: open, Render: small{}}
	v.Mount(e)
	return e
}

func post(h http.Handler, path, media string, body []byte) *httptest.ResponseRecorder {
	req := httptest.NewRequest("POST", path, bytes.NewReader(body))
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

// TestVerifyStatuses: what is a report, and what is a refusal.
func TestVerifyStatuses(t *testing.T) {
	golden := fixture(t, "examples/examples-ob3-di.json")
	png := fixture(t, "vectors/1edtech-ob30/simple-json.png")
	svg := fixture(t, "vectors/1edtech-ob30/simple-json.svg")
	open := func(_ context.Context, url string) ([]byte, error) {
		switch url {
		case "https://ours.example/v/A":
			return golden, nil
		case "https://ours.example/v/GONE":
			return nil, NewProblem(http.StatusGone, "This badge was erased.")
		}
		return nil, errors.New("dial tcp 10.0.0.1: secret detail")
	}
	wrapped := func(s string) []byte { return fmt.Appendf(nil, s, golden) }
	asText, _ := json.Marshal(string(golden))
	tests := []struct {
		name, media string
		body        []byte
		status      int
	}{
		{"credential as JSON", "application/json", golden, 200},
		{"credential as application/vc", "application/vc", golden, 200},
		{"credential as JSON-LD", "application/ld+json; charset=utf-8", golden, 200},
		{"PNG", "image/png", png, 200},
		{"SVG", "image/svg+xml", svg, 200},
		{"wrapped", "application/json", wrapped(`{"credential":%s}`), 200},
		{"wrapped as text", "application/json", fmt.Appendf(nil, `{"credential":%s}`, asText), 200},
		{"wrapped with recipient", "application/json", wrapped(`{"credential":%s,"recipient":{"name":"Ada"}}`), 200},
		{"wrapped, asking for a newer copy", "application/json", wrapped(`{"credential":%s,"refresh":true}`), 200},
		{"asking with more than yes or no", "application/json", wrapped(`{"credential":%s,"refresh":"yes"}`), 422},
		{"token", "application/vc+jwt", []byte("not a token"), 400},
		{"PDF without badge", "application/pdf", []byte("%PDF-1.7\n"), 400},
		{"link of ours", "application/json", []byte(`{"url":"https://ours.example/v/A"}`), 200},
		{"tampered", "application/json", bytes.Replace(golden, []byte("Citizen"), []byte("Citisen"), 1), 200},
		{"damaged", "application/json", golden[:len(golden)-3], 200},
		{"erased link", "application/json", []byte(`{"url":"https://ours.example/v/GONE"}`), 410},
		{"link that leads nowhere", "application/json", []byte(`{"url":"https://else.example/"}`), 422},
		{"link that is no text", "application/json", []byte(`{"url":7}`), 422},
		{"empty link", "application/json", []byte(`{"url":""}`), 422},
		{"link and credential", "application/json", wrapped(`{"url":"https://ours.example/v/A","credential":%s}`), 422},
		{"unknown member beside it", "application/json", wrapped(`{"credential":%s,"recipent":{}}`), 422},
		{"credential of another kind", "application/json", []byte(`{"credential":[1]}`), 422},
		{"presentation", "application/json", wrapped(`{"presentation":{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"verifiableCredential":[%s]},"challenge":"c","domain":"d"}`), 200},
		{"presentation that is none", "application/json", []byte(`{"presentation":{}}`), 400},
		{"credential and presentation", "application/json", wrapped(`{"credential":%s,"presentation":{}}`), 422},
		{"presentation of another kind", "application/json", []byte(`{"presentation":true}`), 422},
		{"not a credential", "application/json", []byte(`{"hello":"world"}`), 400},
		{"list", "application/json", []byte(`[]`), 400},
		{"no JSON", "application/json", []byte(`hello`), 400},
		{"nothing", "application/json", nil, 400},
		{"picture without badge", "image/png", []byte("\x89PNG\r\n\x1a\n"), 400},
		{"NUL", "application/json", []byte(`{"url":"a\u0000"}`), 422},
		{"too large", "application/json", bytes.Repeat([]byte(" "), MaxJSON+1), 413},
		{"picture too large", "image/png", bytes.Repeat([]byte(" "), MaxPicture+1), 413},
		{"form", "application/x-www-form-urlencoded", golden, 415},
		{"no type", "", golden, 415},
		{"broken type", "application/json; charset", golden, 415},
		{"Latin-1", "application/json; charset=iso-8859-1", golden, 415},
	}
	h := server(t, open)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := post(h, "/api/verify", tt.media, tt.body)
			if rec.Code != tt.status {
				t.Fatalf("status %d, want %d: %s", rec.Code, tt.status, rec.Body)
			}
			if tt.status == 200 {
				var r verifier.Report
				if err := json.Unmarshal(rec.Body.Bytes(), &r); err != nil || len(r.Checks) != len(verifier.Names) {
					t.Errorf("report %s (%v)", rec.Body, err)
				}
				return
			}
			var p Problem
			if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || p.Status != tt.status || p.Detail == "" || p.Title == "" {
				t.Errorf("problem %s (%v)", rec.Body, err)
			}
			if got := rec.Header().Get("Content-Type"); got != ProblemType {
				t.Errorf("Content-Type %q", got)
			}
			if strings.Contains(rec.Body.String(), "secret detail") {
				t.Error("the cause of a failed fetch is shown")
			}
		})
	}
}

// TestVerifyAccept: the answer is JSON, and who wants none is told so before
// anything is checked.
func TestVerifyAccept(t *testing.T) {
	h := server(t, nil)
	for accept, want := range map[string]int{"": 400, "*/*": 400, "application/*": 400, "application/json;q=0.1": 400, "text/html, */*;q=0.8": 400, "image/png": 406, "application/json;q=0": 406} {
		req := httptest.NewRequest("POST", "/api/verify", strings.NewReader("{}"))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", accept)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		if rec.Code != want || rec.Header().Get("Content-Type") != ProblemType {
			t.Errorf("%q: %d %s, want %d", accept, rec.Code, rec.Body, want)
		}
	}
}

// TestPictureOfTwo: what is wrong with a picture is said, not that it holds
// nothing.
func TestPictureOfTwo(t *testing.T) {
	png := fixture(t, "vectors/1edtech-ob30/simple-json.png")
	at := bytes.Index(png, []byte("iTXtopenbadgecredential")) - 4
	if at < 0 {
		t.Fatal("the picture has no credential to double")
	}
	end := at + 12 + int(binary.BigEndian.Uint32(png[at:]))
	two := slices.Concat(png[:end], png[at:end], png[end:])
	rec := post(server(t, nil), "/api/verify", "image/png", two)
	if rec.Code != 400 || !strings.Contains(rec.Body.String(), "carries 2 credentials") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// TestVerifyForm walks the page without a script: file, text, link, nothing.
func TestVerifyForm(t *testing.T) {
	golden := fixture(t, "examples/examples-ob3-di.json")
	h := server(t, func(context.Context, string) ([]byte, error) { return golden, nil })
	tests := []struct {
		name   string
		field  string
		value  []byte
		status int
		want   string
	}{
		{"file", "file", golden, 200, "data-verdict"},
		{"text", "text", golden, 200, "data-verdict"},
		{"link", "link", []byte("https://ours.example/v/A"), 200, "data-verdict"},
		{"nothing", "text", []byte("  "), 422, "Choose a file"},
		{"no badge", "file", []byte("hello"), 400, "no credential"},
		{"broken text", "text", []byte("\xff\xfe"), 422, `"status":422`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var body bytes.Buffer
			m := multipart.NewWriter(&body)
			part, err := m.CreateFormField(tt.field)
			if err != nil {
				t.Fatal(err)
			}
			part.Write(tt.value)
			m.Close()
			rec := post(h, "/verify", m.FormDataContentType(), body.Bytes())
			if rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.want) {
				t.Errorf("%d %s, want %d with %q", rec.Code, rec.Body, tt.status, tt.want)
			}
		})
	}
}

func TestNegotiate(t *testing.T) {
	offers := []string{"text/html", "application/json", "application/vc"}
	tests := []struct{ accept, want string }{
		{"", "text/html"},
		{"*/*", "text/html"},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"},
		{"application/json", "application/json"},
		{"application/json, text/plain, */*", "application/json"},
		{"application/vc", "application/vc"},
		{"application/vc;q=0.9, application/json;q=0.8", "application/vc"},
		{"application/*", "application/json"},
		{"text/html;q=0, */*", "application/json"},
		{"image/png", ""},
		{"application/json;q=2", ""},
		{"nonsense", ""},
		{"APPLICATION/JSON", "application/json"},
	}
	for _, tt := range tests {
		if got := Negotiate(tt.accept, offers...); got != tt.want {
			t.Errorf("Negotiate(%q) = %q, want %q", tt.accept, got, tt.want)
		}
	}
}

func TestHeadersByClass(t *testing.T) {
	names := map[Class]string{Private: "private", Public: "public", Checking: "checking", Anonymous: "anonymous", Data: "data", Picture: "picture", Static: "static", Framed: "framed"}
	for class, name := range names {
		h := http.Header{}
		SetHeaders(h, class, true)
		csp := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "frame-ancestors 'none'") == (class == Framed) || !strings.Contains(csp, "base-uri 'none'") {
			t.Errorf("%s: policy %q", name, csp)
		}
		if class != Picture && strings.Contains(csp, "unsafe-inline") || strings.Contains(csp, "'unsafe-eval'") {
			t.Errorf("%s: policy lets inline through: %q", name, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: %v", name, h)
		}
		anyone := class == Anonymous || class == Data || class == Picture
		if got := h.Get("Access-Control-Allow-Origin") == "*"; got != anyone {
			t.Errorf("%s: open to other origins: %v", name, got)
		}
		if h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: credentials from other origins", name)
		}
		if got := h.Get("X-Frame-Options") == "" && strings.Contains(csp, "frame-ancestors *"); got != (class == Framed) {
			t.Errorf("%s: others may frame it: %v", name, got)
		}
		if class == Framed && (strings.Contains(csp, "script-src") || !strings.Contains(csp, "form-action 'none'")) {
			t.Errorf("%s: policy %q", name, csp)
		}
		if got := strings.Contains(csp, "wasm-unsafe-eval"); got != (class == Checking) {
			t.Errorf("%s: WebAssembly: %v", name, got)
		}
	}
	h := http.Header{}
	SetHeaders(h, Private, false)
	if h.Get("Strict-Transport-Security") != "" {
		t.Error("http asks for https")
	}
}

// TestClaims: what a page shows comes from the signed claims, and a link is
// never of another scheme than http.
func TestClaims(t *testing.T) {
	doc := []byte(`{"credentialSubject":{"id":"urn:uuid:1","identifier":[{"type":"IdentityObject","hashed":true,"identityType":"name","identityHash":"sha256$x"},
	 {"type":"IdentityObject","hashed":false,"identityType":"name","identityHash":"Ada"}],
	 "result":{"resultDescription":"urn:r","achievedLevel":"urn:l"},
	 "achievement":{"name":"A","criteria":{"narrative":"N","id":"javascript:alert(1)"},"alignment":[{"targetName":"S","targetUrl":"data:text/html,x"},{"targetName":"T","targetUrl":"https://t.example/"}],
	 "resultDescription":[{"id":"urn:r","name":"Build","rubricCriterionLevel":[{"id":"urn:l","name":"sound"}]}]}},"validFrom":"2026-11-21T00:00:00Z","validUntil":7}`)
	got := shown.ClaimsOf(doc)
	want := Claims{Subject: "urn:uuid:1", Recipient: "Ada", Achievement: "A", Criteria: "N",
		Skills: []Link{{Name: "S"}, {Name: "T", URL: "https://t.example/"}}, Results: []ClaimResult{{Name: "Build", Level: "sound"}},
		ValidFrom: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if shown.ClaimsOf([]byte("nonsense")).Achievement != "" || shown.ClaimsOf(nil).Achievement != "" {
		t.Error("claims of nothing")
	}
}

// TestPlainIssuer: what an issuer calls itself neither turns the text around
// it nor looks like our verdict.
func TestPlainIssuer(t *testing.T) {
	got := ResultOf(&verifier.Report{Issuer: verifier.Issuer{Name: "\u202eAcme \u2714\u2705 Verified\nnow"}}).Issuer.Name
	if got != "Acme  Verified now" {
		t.Errorf("%q", got)
	}
}

// TestLongReport: the text of a report does not grow without bound by being
// indented.
func TestLongReport(t *testing.T) {
	deep := strings.Repeat("[", 60) + strings.TrimSuffix(strings.Repeat("0,", 9000), ",") + strings.Repeat("]", 60)
	for claims, indented := range map[string]bool{`{"x":[0]}`: true, `{"x":` + deep + `}`: false} {
		text := ResultOf(&verifier.Report{Credential: []byte(claims)}).JSON
		if len(text) > maxIndented || strings.Contains(text, "\n") != indented || !json.Valid([]byte(text)) {
			t.Errorf("%.20s: %d bytes", claims, len(text))
		}
	}
}
