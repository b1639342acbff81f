package web

import (
	"net/http"
	"net/url"
	"strings"

	"hallmark/issuer"
)

// AtFormer lets addresses from before a move lead where they led: what is asked of
// a former host under a path that its base URL had is asked below the present one.
// Former hosts without a path need nothing: the doors answer at every host. It
// stands before Handler.
func AtFormer(next http.Handler, base string, identities func() []issuer.IssuerIdentity) http.Handler {
	now := basePath(base)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, i := range identities() {
			former, err := url.Parse(i.BaseURL)
			if err != nil || !strings.EqualFold(former.Host, r.Host) || basePath(i.BaseURL) == now {
				continue
			}
			rest, under := strings.CutPrefix(r.URL.EscapedPath(), basePath(i.BaseURL))
			if path, err := url.PathUnescape(rest); under && err == nil && (rest == "" || rest[0] == '/') {
				inner, at := *r, *r.URL
				at.Path, at.RawPath = now+path, now+rest
				inner.URL = &at
				next.ServeHTTP(w, &inner)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
