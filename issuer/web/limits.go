package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	verifyweb "hallmark/verifier/web"
)

// Limit is so many requests a second from one address, after a burst. The
// zero Limit takes the default; a negative PerSecond takes the limit off.
type Limit struct {
	PerSecond float64
	Burst     int
}

// Limits are the limits that guessing and flooding run into.
type Limits struct {
	Signin Limit // asking for and using sign-in links, passkeys, concerns and questions: 0.2 a second after 10 or more
	Tokens Limit // POST /oauth/token, and what wallets ask for: 5 a second after 30 or more
	Verify Limit // checking badges, and the VC-API: 50 a second after 500
}

type limiter struct {
	prefix string
	store  middleware.RateLimiterStore
	wait   string // Retry-After
}

type limiters []limiter

func newLimiters(l Limits) limiters {
	var all limiters
	add := func(prefix string, l, usual Limit) {
		if l == (Limit{}) {
			l = usual
		}
		if l.PerSecond < 0 {
			return
		}
		all = append(all, limiter{prefix, middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
			Rate: rate.Limit(l.PerSecond), Burst: l.Burst, ExpiresIn: 10 * time.Minute,
		}), strconv.Itoa(max(1, int(1/max(l.PerSecond, 0.01))))})
	}
	add("/signin", l.Signin, Limit{0.2, 10})
	add("/join", l.Signin, Limit{0.5, 60}) // a class joins from one address
	add("/setup", l.Signin, Limit{0.2, 10})
	add("/confirm/", l.Signin, Limit{0.2, 10})
	add("/concerns", l.Signin, Limit{0.2, 20})
	add("/v/", l.Signin, Limit{0.2, 20}) // asking the issuer about a badge
	add("/asked/", l.Signin, Limit{0.2, 20})
	add("/oauth/token", l.Tokens, Limit{5, 30})
	add("/oid4vci/", l.Tokens, Limit{5, 60}) // a class fills its wallets from one address
	add("/api/verify", l.Verify, Limit{50, 500})
	add("/verify", l.Verify, Limit{50, 500})
	add("/vc-api/", l.Verify, Limit{50, 500})
	return all
}

// middleware counts what changes or costs something; reading a page does not.
func (ls limiters) middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method != http.MethodPost {
			return next(c)
		}
		for _, l := range ls {
			if !strings.HasPrefix(c.Request().URL.Path, l.prefix) {
				continue
			}
			ok, err := l.store.Allow(bucketOf(c.RealIP()))
			if err != nil {
				return err
			}
			if !ok {
				c.Response().Header().Set("Retry-After", l.wait)
				return verifyweb.Standard(http.StatusTooManyRequests)
			}
		}
		return next(c)
	}
}
