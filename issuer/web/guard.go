package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	verifyweb "hallmark/verifier/web"
)

const (
	maxPath  = 2 << 10
	maxQuery = 8 << 10
)

// readable refuses addresses that are not text: what comes after it may look
// paths and queries up in a database, and PostgreSQL takes neither NUL nor
// broken UTF-8.
func readable(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		if len(u.EscapedPath()) > maxPath || len(u.RawQuery) > maxQuery {
			return verifyweb.NewProblem(http.StatusRequestURITooLong, "This address is too long.")
		}
		if !Text(u.Path) {
			return verifyweb.NewProblem(http.StatusBadRequest, "This address is not readable text.")
		}
		query, err := url.ParseQuery(u.RawQuery)
		if err != nil {
			return verifyweb.NewProblem(http.StatusBadRequest, "The part of the address after “?” could not be read.")
		}
		for name, values := range query {
			if !Text(name) || !Text(strings.Join(values, "")) {
				return verifyweb.NewProblem(http.StatusBadRequest, "The part of the address after “?” is not readable text.")
			}
		}
		return next(c)
	}
}

// Text tells whether s can be kept and shown: UTF-8 without NUL.
func Text(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// crossOrigin keeps other sites from acting with a visitor's cookies.
type crossOrigin struct{ check *http.CrossOriginProtection }

func newCrossOrigin(base string) crossOrigin {
	check := http.NewCrossOriginProtection()
	if origin := originOf(base); origin != "" {
		if err := check.AddTrustedOrigin(origin); err != nil {
			panic("web: base URL has no origin: " + err.Error()) // originOf gives scheme and host alone
		}
	}
	return crossOrigin{check}
}

// middleware lets through what no browser sent on someone's behalf: a request
// with its own credentials in Authorization, and routes that never look at
// cookies. The standard library's check also lets through what carries
// neither Sec-Fetch-Site nor Origin; a request with a cookie must carry one.
func (x crossOrigin) middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		req := c.Request()
		switch req.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			return next(c)
		}
		if class := classOf(req.URL.Path); class == verifyweb.Anonymous || class == verifyweb.Data || req.Header.Get("Authorization") != "" {
			return next(c)
		}
		unsaid := req.Header.Get("Sec-Fetch-Site") == "" && req.Header.Get("Origin") == ""
		if (unsaid && req.Header.Get("Cookie") != "") || x.check.Check(req) != nil {
			return verifyweb.NewProblem(http.StatusForbidden, "This was sent from another site. Open the page here and try again.")
		}
		return next(c)
	}
}
