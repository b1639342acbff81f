package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"hallmark/issuer"
)

// AtFormer lets addresses from before a move lead where they led: what is asked of
// a former host under a path that its base URL had is asked below the present one,
// and AskedAt tells under which base URL. What is asked below the path of the present
// base URL needs nothing: the doors answer there at every host, and pages link there.
// Where several paths fit, the longest is meant. It stands before Handler.
func AtFormer(next http.Handler, base string, identities func() []issuer.IssuerIdentity) http.Handler {
	now := basePath(base)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, rest := "", ""
		longest, here := now, below(r.URL.EscapedPath(), now)
		for _, i := range identities() {
			former, err := url.Parse(i.BaseURL)
			if err != nil || !strings.EqualFold(former.Host, r.Host) {
				continue
			}
			path := basePath(i.BaseURL)
			if path == now || here && len(path) < len(longest) || !below(r.URL.EscapedPath(), path) {
				continue
			}
			asked, longest, here = i.BaseURL, path, true
			rest = strings.TrimPrefix(r.URL.EscapedPath(), path)
		}
		path, err := url.PathUnescape(rest)
		if asked == "" || err != nil {
			next.ServeHTTP(w, r)
			return
		}
		inner := r.WithContext(context.WithValue(r.Context(), askedKey{}, asked))
		at := *r.URL
		at.Path, at.RawPath = now+path, now+rest
		inner.URL = &at
		next.ServeHTTP(w, inner)
	})
}

// below tells whether a path is a base path or lies below it.
func below(path, base string) bool {
	rest, under := strings.CutPrefix(path, base)
	return under && (rest == "" || rest[0] == '/')
}

type askedKey struct{}

// AskedAt gives the base URL from before a move under which something is asked; ""
// where it is not.
func AskedAt(ctx context.Context) string {
	asked, _ := ctx.Value(askedKey{}).(string)
	return asked
}
