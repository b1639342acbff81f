package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestLanguage(t *testing.T) {
	for _, row := range []struct{ cookie, accept, want string }{
		{"", "", "en-GB"},
		{"", "en-US", "en-US"},
		{"en-US", "en-GB", "en-US"},
		{"<script>", "en-US", "en-US"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", row.accept)
		if row.cookie != "" {
			r.AddCookie(&http.Cookie{Name: LanguageCookie, Value: row.cookie})
		}
		if got := Language(r); got != row.want {
			t.Errorf("cookie %q, %q: %s, want %s", row.cookie, row.accept, got, row.want)
		}
	}
}
