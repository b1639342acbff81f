package fetch

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestClient: what a library asks by the client is guarded as Get is.
func TestClient(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/long":
			_, _ = io.WriteString(w, strings.Repeat("x", 200))
		case "/away":
			http.Redirect(w, r, "https://127.0.0.1/", http.StatusFound)
		default:
			_, _ = io.WriteString(w, r.Method+" "+r.Header.Get("Authorization"))
		}
	})
	f := w.fetcher()
	f.MaxBytes, f.PerHost = 100, 1
	c := f.Client()
	ask := func(address string) (string, error) {
		req, err := http.NewRequest("POST", address, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Basic x")
		resp, err := c.Do(req)
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return string(body), err
	}
	for range 3 { // each gives its place back
		if body, err := ask("https://example.com/"); err != nil || body != "POST Basic x" {
			t.Errorf("%q %v", body, err)
		}
	}
	if body, err := ask("https://example.com/long"); !errors.Is(err, ErrAnswer) || len(body) > 100 {
		t.Errorf("a long answer: %d bytes, %v", len(body), err)
	}
	if body, err := ask("https://example.com/away"); err != nil || strings.Contains(body, "POST") {
		t.Errorf("a redirect: %q %v", body, err)
	}
	w.names["inside.example"] = []string{"10.0.0.1"}
	for _, bad := range []string{"http://example.com/", "https://127.0.0.1/", "https://inside.example/", "https://user@example.com/", "https://example.com:8443/"} {
		if _, err := ask(bad); !errors.Is(err, ErrNotAllowed) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
