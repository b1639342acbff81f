package fetch

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestPost: the same guard as for Get, and any status is an answer.
func TestPost(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if r.URL.Path == "/long" {
			_, _ = io.WriteString(w, strings.Repeat("x", 200))
			return
		}
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.Header.Get("Content-Type"), body)
	})
	f := w.fetcher()
	status, body, err := f.Post(t.Context(), "https://example.com/add", "text/plain", []byte("old 0"), 100)
	if err != nil || status != http.StatusConflict || string(body) != "POST text/plain old 0" {
		t.Errorf("%d %q %v", status, body, err)
	}
	if _, _, err := f.Post(t.Context(), "https://example.com/long", "text/plain", nil, 100); !errors.Is(err, ErrAnswer) {
		t.Errorf("a long answer: %v", err)
	}
	w.names["inside.example"] = []string{"10.0.0.1"}
	for _, bad := range []string{"http://example.com/", "https://127.0.0.1/", "https://inside.example/", "https://user@example.com/"} {
		if _, _, err := f.Post(t.Context(), bad, "text/plain", nil, 100); !errors.Is(err, ErrNotAllowed) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, _, err := f.Post(t.Context(), "https://nowhere.example/", "text/plain", nil, 100); !errors.Is(err, ErrUnreachable) && !errors.Is(err, ErrNotFound) {
		t.Errorf("a name that leads nowhere: %v", err)
	}
}
