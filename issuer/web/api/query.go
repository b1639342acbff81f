package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

// asked is what the query of a list asks for.
type asked struct {
	values url.Values
	page   registrar.Page
}

func (a asked) get(name string) string { return a.values.Get(name) }

// request reads who asks, and the body that says what.
func request[T any](c echo.Context) (by issuer.Caller, req T, err error) {
	if by, err = web.CallerOf(c); err == nil {
		req, err = web.Body[T](c)
	}
	return by, req, err
}

// reading reads who asks for a list, and the parameters that it takes.
func reading(c echo.Context, names ...string) (by issuer.Caller, q asked, err error) {
	if by, err = web.CallerOf(c); err == nil {
		q, err = query(c, names...)
	}
	return by, q, err
}

// bodyless reads who asks for what needs no words: no body, or {}.
func bodyless(c echo.Context) (by issuer.Caller, err error) {
	if by, err = web.CallerOf(c); err == nil && c.Request().ContentLength != 0 {
		_, err = web.Body[struct{}](c)
	}
	return by, err
}

// query reads the parameters of a list: cursor, limit, and those it names.
func query(c echo.Context, names ...string) (asked, error) {
	q := asked{values: c.QueryParams()}
	for name, values := range q.values {
		if name != "cursor" && name != "limit" && !slices.Contains(names, name) {
			return q, verifyweb.WrongField(name, "This list cannot be narrowed by “%.60s”; it takes %s.", name, strings.Join(append(names, "cursor", "limit"), ", "))
		}
		if len(values) > 1 {
			return q, verifyweb.WrongField(name, "Give “%s” once.", name)
		}
	}
	q.page.Cursor = q.get("cursor")
	if s := q.get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 200 {
			return q, verifyweb.WrongField("limit", "“limit” is a number from 1 to 200.")
		}
		q.page.Limit = n
	}
	return q, nil
}

// acceptsJSON refuses callers that want something else than JSON.
func acceptsJSON(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := web.Acceptable(c, "application/json", "application/problem+json"); err != nil {
			return err
		}
		return next(c)
	}
}

func preflight(c echo.Context) error {
	verifyweb.Preflight(c.Response().Header(), "GET, HEAD, OPTIONS")
	return c.NoContent(http.StatusNoContent)
}
