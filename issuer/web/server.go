package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Server makes the HTTP server around a handler, with the limits that slow
// and large callers run into.
func Server(addr string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           h,
		ReadHeaderTimeout: 3 * time.Second,
		ReadTimeout:       8 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// Handler stands before echo: it takes the path of the base URL off, and lets
// HEAD find the routes of GET. The server itself leaves the body of an answer
// to HEAD away, by the request that it read; the doors see a copy.
func Handler(h http.Handler, base string) http.Handler {
	prefix := basePath(base)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner := *r
		if inner.Method == http.MethodHead {
			inner = *r.WithContext(context.WithValue(r.Context(), headKey{}, true))
			inner.Method = http.MethodGet
		}
		if prefix != "" {
			inner.URL = under(r.URL, prefix)
		}
		h.ServeHTTP(w, &inner)
	})
}

type headKey struct{}

// HeadOnly tells whether a request came as HEAD: nobody reads what is answered.
func HeadOnly(r *http.Request) bool {
	head, _ := r.Context().Value(headKey{}).(bool)
	return head
}

// allowHead names HEAD in Allow wherever GET is named, because Handler
// answers it there.
func allowHead(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method == http.MethodGet {
			return next(c)
		}
		h := c.Response().Header()
		c.Response().Before(func() {
			methods := strings.Split(h.Get("Allow"), ", ")
			if slices.Contains(methods, http.MethodGet) && !slices.Contains(methods, http.MethodHead) {
				h.Set("Allow", strings.Join(append(methods, http.MethodHead), ", "))
			}
		})
		return next(c)
	}
}

// Addresses at which others look up what the issuer says of itself. Where the
// base URL has a path they stand before it (RFC 8414 §3.1, OpenID4VCI 1.0
// §12.2.2), and so outside of it.
const (
	WellKnownIssuer = "/.well-known/openid-credential-issuer"
	WellKnownServer = "/.well-known/oauth-authorization-server"
)

// under takes a prefix off a path. What does not lie under it is sent where
// nothing is.
func under(u *url.URL, prefix string) *url.URL {
	inner := *u
	if u.Path == WellKnownIssuer+prefix || u.Path == WellKnownServer+prefix {
		inner.Path, inner.RawPath = strings.TrimSuffix(u.Path, prefix), ""
		return &inner
	}
	path, ok := strings.CutPrefix(u.Path, prefix)
	if !ok || (path != "" && path[0] != '/') {
		path, inner.RawPath = "/outside/of/the/base/path", ""
	}
	inner.Path = path
	inner.RawPath = strings.TrimPrefix(inner.RawPath, prefix)
	if inner.Path == "" {
		inner.Path = "/"
	}
	return &inner
}
