package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	verifyweb "hallmark/verifier/web"
)

// classes sorts paths by their beginning; the first that fits counts. What
// fits none is Private.
var classes = []struct {
	prefix string
	class  verifyweb.Class
}{
	{"/api/verify", verifyweb.Anonymous},
	{"/api/openapi.json", verifyweb.Data},
	{"/oauth/", verifyweb.Anonymous},
	{"/oid4vci/", verifyweb.Anonymous},
	{"/verify", verifyweb.Checking},
	{"/v/", verifyweb.Public},
	{"/V/", verifyweb.Public},
	{"/s/", verifyweb.Public},
	{"/p/", verifyweb.Public},
	{"/embed/", verifyweb.Framed},
	{"/oembed", verifyweb.Data},
	{"/gallery", verifyweb.Public},
	{"/.well-known/", verifyweb.Data},
	{"/did.json", verifyweb.Data},
	{"/keys/", verifyweb.Data},
	{"/status/", verifyweb.Data},
	{"/achievements/", verifyweb.Data},
	{"/issuers/", verifyweb.Data},
	{"/log/", verifyweb.Data},
	{"/healthz", verifyweb.Anonymous},
	{"/readyz", verifyweb.Anonymous},
	{"/static/", verifyweb.Static},
	{"/art/", verifyweb.Picture},
}

// classOf gives the class of a path. A door may set another class's headers
// for one answer, such as the picture of a badge.
func classOf(path string) verifyweb.Class {
	for _, c := range classes {
		if strings.HasPrefix(path, c.prefix) {
			return c.class
		}
	}
	return verifyweb.Private
}

func headers(secure bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set(keySecure, secure)
			verifyweb.SetHeaders(c.Response().Header(), classOf(c.Request().URL.Path), secure)
			return next(c)
		}
	}
}

// As gives the answer the headers of another class than its path has.
func As(c echo.Context, class verifyweb.Class) {
	secure, _ := c.Get(keySecure).(bool)
	verifyweb.SetHeaders(c.Response().Header(), class, secure)
}

// names of what middleware leaves in the echo context
const (
	keySecure  = "hallmark.secure"
	keyRequest = "hallmark.request"
	keyCaller  = "hallmark.caller"
	keyBody    = "hallmark.body"
)
