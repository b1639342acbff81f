package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	verifyweb "hallmark/verifier/web"
)

// statuses is the one table from a kind of refusal to a status.
var statuses = map[issuer.Kind]int{
	issuer.Invalid:     http.StatusUnprocessableEntity,
	issuer.Unsigned:    http.StatusUnauthorized,
	issuer.Forbidden:   http.StatusForbidden,
	issuer.NotFound:    http.StatusNotFound,
	issuer.Gone:        http.StatusGone,
	issuer.Conflict:    http.StatusConflict,
	issuer.TooLarge:    http.StatusRequestEntityTooLarge,
	issuer.Unsuitable:  http.StatusUnsupportedMediaType,
	issuer.Unavailable: http.StatusServiceUnavailable,
}

// ErrorPage is the data of the template "page/error".
type ErrorPage struct {
	Status int
	Title  string // words of the status
	Detail string // a sentence; "" for a fault of ours
	ID     string // of the request, to quote when asking for help
	Fields []issuer.Field
}

type refusals struct {
	log    *slog.Logger
	render Renderer
	view   func(c echo.Context, data any) any
	base   string // path of the base URL, "" for none
}

// Problem turns any error into what may be shown; the second value is false
// for a fault of ours.
func Problem(err error) (*verifyweb.Problem, bool) {
	var refusal *issuer.Error
	if !errors.As(err, &refusal) {
		// A database out of reach is a fault, and it passes: the caller is
		// told to come again.
		if p, known := verifyweb.ProblemOf(err); known || !errors.Is(err, issuer.Unavailable) {
			return p, known
		}
		return verifyweb.Standard(http.StatusServiceUnavailable), false
	}
	status, ok := statuses[refusal.Kind]
	if !ok {
		return verifyweb.NewProblem(http.StatusInternalServerError, ""), false
	}
	p := verifyweb.NewProblem(status, "%s", refusal.Reason)
	for _, f := range refusal.Fields {
		p.Errors = append(p.Errors, verifyweb.ProblemField{Field: f.Field, Reason: f.Reason})
	}
	if len(p.Errors) == 0 && status == http.StatusUnprocessableEntity {
		p.Errors = []verifyweb.ProblemField{{Field: refusal.Field, Reason: refusal.Reason}}
	}
	return p, true
}

// handle shows an error: a sign-in page, an error page or a problem document.
func (r refusals) handle(err error, c echo.Context) {
	p, known := Problem(err)
	if !known {
		r.report(err, c)
	}
	if c.Response().Committed {
		return
	}
	p.Instance = "urn:request:" + requestID(c)
	if p.Status == http.StatusUnauthorized {
		c.Response().Header().Set("WWW-Authenticate", challenge(c))
	}
	if send := r.show(c, p); send != nil {
		r.log.LogAttrs(c.Request().Context(), slog.LevelError, "answer not sent",
			slog.String("id", requestID(c)), slog.String("error", send.Error()))
	}
}

func (r refusals) report(err error, c echo.Context) {
	attrs := []slog.Attr{slog.String("id", requestID(c)), slog.String("route", c.Path()), slog.String("error", err.Error())}
	var f *fault
	if errors.As(err, &f) {
		attrs = append(attrs, slog.String("stack", string(f.stack)))
	}
	r.log.LogAttrs(c.Request().Context(), slog.LevelError, "fault", attrs...)
}

// show picks the form: browsers say text/html in as many words.
func (r refusals) show(c echo.Context, p *verifyweb.Problem) error {
	req := c.Request()
	if r.render == nil || !pageRoute(req.URL.Path) || !verifyweb.Names(req.Header.Get("Accept"), "text/html") {
		return verifyweb.SendProblem(c, p)
	}
	if p.Status == http.StatusUnauthorized {
		return c.Redirect(http.StatusSeeOther, r.base+"/signin?next="+url.QueryEscape(nextOf(req)))
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	c.Response().Header().Del("ETag")
	page := ErrorPage{Status: p.Status, Title: p.Title, Detail: p.Detail, ID: requestID(c)}
	for _, f := range p.Errors {
		page.Fields = append(page.Fields, issuer.Field{Field: f.Field, Reason: f.Reason})
	}
	var data any = page
	if r.view != nil {
		data = r.view(c, page)
	}
	err := verifyweb.SendPage(c, r.render, p.Status, "page/error", data)
	if err != nil && !c.Response().Committed {
		r.report(err, c)
		return verifyweb.SendProblem(c, p)
	}
	return err
}

// pageRoute tells whether people rather than programs come to a path.
func pageRoute(path string) bool {
	switch classOf(path) {
	case verifyweb.Private:
		return !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/vc-api/")
	case verifyweb.Public, verifyweb.Checking:
		return true
	}
	return strings.HasPrefix(path, "/issuers/") || strings.HasPrefix(path, "/achievements/")
}

// nextOf is where to go after signing in: the page asked for, or home after a
// form that was posted.
func nextOf(req *http.Request) string {
	if req.Method == http.MethodGet {
		return req.URL.RequestURI()
	}
	return "/home"
}

// challenge is RFC 6750 §3.
func challenge(c echo.Context) string {
	if c.Request().Header.Get("Authorization") != "" {
		return `Bearer error="invalid_token"`
	}
	return "Bearer"
}
