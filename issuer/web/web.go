package web

import (
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/signin"
	verifyweb "hallmark/verifier/web"
)

// Renderer writes a page by its template's name.
type Renderer = verifyweb.Renderer

// Config says what New needs. The zero value serves, without sessions and
// with problem documents in place of error pages.
type Config struct {
	BaseURL string // as in the credentials: decides on HSTS and cookies
	Logger  *slog.Logger
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
	Signin  *signin.Signin // nil: nobody can sign in
	Render  Renderer       // nil: no pages
	// View puts the error page into the frame of its reader; nil: as it is.
	View    func(c echo.Context, data any) any
	Limits  Limits
	Timeout time.Duration // of one request; 0 = 12 s
}

// New makes the echo that the doors mount themselves on.
func New(cfg Config) *echo.Echo {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 12 * time.Second
	}
	secure := strings.HasPrefix(cfg.BaseURL, "https://")
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(discard{})
	e.IPExtractor = addressOf(cfg.Proxies)
	e.HTTPErrorHandler = refusals{log: cfg.Logger, render: cfg.Render, view: cfg.View, base: basePath(cfg.BaseURL)}.handle
	e.Use(
		identify,
		accessLog(cfg.Logger),
		recoverPanics,
		headers(secure),
		allowHead,
		readable,
		deadline(cfg.Timeout),
		newCrossOrigin(cfg.BaseURL).middleware,
		newLimiters(cfg.Limits).middleware,
		sessions(cfg.Signin),
	)
	return e
}

// discard swallows echo's own log; ours says what happened.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// basePath gives the path of a URL without a slash at the end.
func basePath(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.EscapedPath(), "/")
}

// originOf gives "https://host" of a URL, "" if it has none.
func originOf(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
