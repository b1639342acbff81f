package pages

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/signin"
	"hallmark/issuer/web"
)

// SigninPage is the data of "page/signin".
type SigninPage struct {
	Email     string // as typed
	Next      string // where to go afterwards
	Problem   string
	Takes     bool   // the address allows for passkeys
	Goal      string // the path that is gone to after a passkey
	Providers []signin.ProviderName
}

// SentPage is the data of "page/signin-sent". It is the same whether or not
// the address belongs to someone.
type SentPage struct {
	Email   string
	Anew    bool // in the place of a link that is over; the address is not told
	Minutes int
}

// LinkPage is the data of "page/signin-link", where a link lands: one button,
// or, for the setup link, who the first administrator is.
type LinkPage struct {
	Secret  string
	Setup   bool
	Over    bool // it was used, or its time is over; another is mailed for it
	Name    string
	Email   string
	Problem string
}

func (p *Pages) signinPage(c echo.Context) error {
	if web.Visitor(c).Person != "" {
		return p.back(c, "/home", "")
	}
	return p.showSignin(c, http.StatusOK, SigninPage{Next: c.QueryParam("next")})
}

func (p *Pages) showSignin(c echo.Context, status int, page SigninPage) error {
	page.Takes, page.Goal, page.Providers = p.Signin.TakesPasskeys(), signin.SafeNext(page.Next), p.Signin.ProviderNames()
	return p.show(c, status, "", "page/signin", page)
}

// signinProblem is what kept someone out, as the sign-in page says it; "" is a
// fault.
func signinProblem(err error) (status int, reason string) {
	if status, reason, _, ok := wrong(err); ok {
		return status, reason
	}
	var refusal *issuer.Error
	if errors.As(err, &refusal) && refusal.Kind == issuer.Forbidden {
		return http.StatusForbidden, refusal.Reason
	}
	return 0, ""
}

func (p *Pages) askLink(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	email, next := form.Get("email"), form.Get("next")
	err = p.Signin.Ask(c.Request().Context(), email, next)
	if status, reason, _, ok := wrong(err); ok {
		return p.showSignin(c, status, SigninPage{Email: email, Next: next, Problem: reason})
	}
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "", "page/signin-sent", SentPage{Email: email, Minutes: int(signin.LinkLife.Minutes())})
}

func (p *Pages) landing(c echo.Context) error {
	return p.show(c, http.StatusOK, "", "page/signin-link", LinkPage{Secret: c.QueryParam("t")})
}

func (p *Pages) useLink(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	secret := form.Get("t")
	if form.Get("anew") != "" {
		if err := p.Signin.AskAnew(c.Request().Context(), secret); err != nil {
			return err
		}
		return p.show(c, http.StatusOK, "", "page/signin-sent", SentPage{Anew: true, Minutes: int(signin.LinkLife.Minutes())})
	}
	next, err := p.Signin.Use(c.Request().Context(), secret)
	if errors.Is(err, issuer.NotFound) {
		return p.show(c, http.StatusNotFound, "", "page/signin-link", LinkPage{Secret: secret, Over: true})
	}
	if err != nil {
		return err
	}
	return p.back(c, next, "")
}

func (p *Pages) setupPage(c echo.Context) error {
	return p.show(c, http.StatusOK, "", "page/signin-link", LinkPage{Secret: c.QueryParam("t"), Setup: true})
}

func (p *Pages) useSetup(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	in := LinkPage{Secret: form.Get("t"), Setup: true, Name: form.Get("name"), Email: form.Get("email")}
	err = p.Signin.UseSetup(c.Request().Context(), in.Secret, in.Email, in.Name)
	if status, reason, _, ok := wrong(err); ok {
		in.Problem = reason
		return p.show(c, status, "", "page/signin-link", in)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/home", "")
}

func (p *Pages) signout(c echo.Context) error {
	if err := p.Signin.End(c.Request().Context()); err != nil {
		return err
	}
	return p.back(c, "/", "")
}
