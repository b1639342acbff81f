package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	verifyweb "hallmark/verifier/web"
)

// identify gives every request an id of our own, which the log and a problem
// document both name. One that the caller sent is not used: it would be
// theirs to choose what our log says.
func identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := rand.Text()
		c.Set(keyRequest, id)
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

func requestID(c echo.Context) string {
	id, _ := c.Get(keyRequest).(string)
	return id
}

// accessLog writes one line per request. It names the route, not the path: a
// badge's path is the secret that opens it, and a query may hold a sign-in
// link.
func accessLog(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			began := time.Now()
			if err := next(c); err != nil {
				c.Error(err)
			}
			req, res := c.Request(), c.Response()
			log.LogAttrs(req.Context(), slog.LevelInfo, "request",
				slog.String("id", requestID(c)),
				slog.String("method", method(req)),
				slog.String("route", c.Path()),
				slog.Int("status", res.Status),
				slog.Int64("bytes", res.Size),
				slog.Duration("took", time.Since(began)))
			return nil
		}
	}
}

// method keeps made-up methods out of the log.
func method(req *http.Request) string {
	switch req.Method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodHead:
		return req.Method
	}
	return "other"
}

// fault is a panic on its way to the refusals.
type fault struct {
	value any
	stack []byte
}

func (f *fault) Error() string { return fmt.Sprintf("panic: %v", f.value) }

func recoverPanics(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler {
					panic(v)
				}
				err = &fault{v, debug.Stack()}
			}
		}()
		return next(c)
	}
}

// LongTime is how long a request may take that makes a file of many parts.
const LongTime = 2 * time.Minute

// deadline ends the work for a request that takes too long. A batch of checks
// has a deadline of its own, and so has what makes a file.
func deadline(timeout time.Duration) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			limit := timeout
			switch path := c.Request().URL.Path; {
			case strings.HasSuffix(path, "/verify/batch"):
				limit = verifyweb.BatchTime + verifyweb.BatchGrace
			case strings.HasSuffix(path, "/export"), sendsFiles(c.Request()):
				limit = LongTime
			}
			ctx, cancel := context.WithTimeout(c.Request().Context(), limit)
			defer cancel()
			c.SetRequest(c.Request().WithContext(ctx))
			return next(c)
		}
	}
}
