package web

import (
	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/signin"
	verifyweb "hallmark/verifier/web"
)

// sessions finds out who calls on routes of class Private: by the bearer
// token, else by the cookie. A bad token is a refusal also where nobody need
// be signed in; a cookie that is no longer good is nobody.
func sessions(s *signin.Signin) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if s == nil || classOf(c.Request().URL.Path) != verifyweb.Private {
				return next(c)
			}
			req, by, err := s.Open(c.Request())
			if err != nil {
				return err
			}
			c.SetRequest(req)
			c.Set(keyCaller, by)
			var kept error
			c.Response().Before(func() { kept = s.Keep(c.Response(), c.Request()) })
			if err := next(c); err != nil {
				return err
			}
			return kept
		}
	}
}

// Visitor gives who asks, nobody included.
func Visitor(c echo.Context) issuer.Caller {
	by, _ := c.Get(keyCaller).(issuer.Caller)
	return by
}

// CallerOf gives who asks; nobody is a refusal.
func CallerOf(c echo.Context) (issuer.Caller, error) {
	by := Visitor(c)
	if !by.Signed() {
		return by, issuer.Refuse(issuer.Unsigned, "Sign in first, or send an access token.")
	}
	return by, nil
}
