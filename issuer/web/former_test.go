package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"hallmark/issuer"
)

func TestAtFormer(t *testing.T) {
	for _, test := range []struct {
		former, now string
		asked       string
		led, known  string // to this path, as asked under this base URL
	}{
		{"https://a.example/badges", "https://b.example", "https://a.example/badges/v/X", "/v/X", "https://a.example/badges"},
		{"https://a.example/badges", "https://b.example", "https://a.example/badges", "", "https://a.example/badges"},
		{"https://a.example/badges", "https://b.example", "https://a.example/badgesmith", "/badgesmith", ""},
		{"https://a.example/badges", "https://b.example", "https://a.example/static/app.css", "/static/app.css", ""},
		{"https://a.example/badges", "https://b.example", "https://b.example/badges/v/X", "/badges/v/X", ""},
		{"https://a.example/badges", "https://b.example", "https://A.example/badges/v/%2F", "/v/%2F", "https://a.example/badges"},
		{"https://a.example", "https://b.example/badges", "https://a.example/v/X", "/badges/v/X", "https://a.example"},
		{"https://a.example", "https://b.example/badges", "https://a.example/badges/static/app.css", "/badges/static/app.css", ""},
		{"https://a.example", "https://a.example/badges", "https://a.example/v/X", "/badges/v/X", "https://a.example"},
		{"https://a.example", "https://a.example/badges", "https://a.example/badges/v/X", "/badges/v/X", ""},
		{"https://a.example/badges", "https://a.example", "https://a.example/badges/v/X", "/v/X", "https://a.example/badges"},
		{"https://a.example/badges", "https://a.example", "https://a.example/v/X", "/v/X", ""},
		{"https://a.example/x/y", "https://a.example/x", "https://a.example/x/y/v/X", "/x/v/X", "https://a.example/x/y"},
		{"https://a.example/x", "https://a.example/x/y", "https://a.example/x/y/v/X", "/x/y/v/X", ""},
		{"https://a.example", "https://b.example", "https://a.example/v/X", "/v/X", ""},
	} {
		var led, known string
		next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { led, known = r.URL.EscapedPath(), AskedAt(r.Context()) })
		identities := func() []issuer.IssuerIdentity {
			return []issuer.IssuerIdentity{{BaseURL: test.former}, {BaseURL: test.now}}
		}
		AtFormer(next, test.now, identities).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", test.asked, nil))
		if led != test.led || known != test.known {
			t.Errorf("%s, once %s and now %s: led to %q, known as %q", test.asked, test.former, test.now, led, known)
		}
	}
}
