package pages

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/web"
)

// surely does what a form asks for once its person has confirmed that it is them,
// and goes back to their account.
func (p *Pages) surely(c echo.Context, done string, do func(by issuer.Caller, form url.Values) error) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	by, sure, err := p.confirmed(c, by, form)
	if !sure {
		return err
	}
	if err := do(by, form); err != nil {
		return p.accountProblem(c, by, err, form.Get("email"))
	}
	return p.back(c, "/account", done)
}

// accountProblem shows the account with what was wrong, where that can be mended
// there.
func (p *Pages) accountProblem(c echo.Context, by issuer.Caller, problem error, email string) error {
	status, reason, _, ok := wrong(problem)
	if !ok {
		return problem
	}
	page, err := p.accountPage(c, by)
	if err != nil {
		return err
	}
	page.Problem, page.Email = reason, email
	return p.show(c, status, "account", "page/account", page)
}

func (p *Pages) addAddress(c echo.Context) error {
	return p.surely(c, "address-claimed", func(by issuer.Caller, form url.Values) error {
		return p.Signin.Claim(c.Request().Context(), by, form.Get("email"))
	})
}

func (p *Pages) chooseAddress(c echo.Context) error {
	return p.surely(c, "address-main", func(by issuer.Caller, form url.Values) error {
		return p.Registrar.ChooseMainAddress(c.Request().Context(), by, form.Get("address"))
	})
}

func (p *Pages) removeAddress(c echo.Context) error {
	return p.surely(c, "address-removed", func(by issuer.Caller, form url.Values) error {
		return p.Registrar.RemoveAddress(c.Request().Context(), by, form.Get("address"))
	})
}

// addressPage is where the link lands that was mailed to a new address: one button.
// Of an address that belongs to another account it shows what making both one
// brings about.
func (p *Pages) addressPage(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	secret := c.QueryParam("t")
	m, err := p.Signin.OwnMerge(c.Request().Context(), by, secret)
	if err != nil && !errors.Is(err, issuer.NotFound) { // a link that ended is told of once its button is pressed
		return err
	}
	if m != nil {
		return p.show(c, http.StatusOK, "account", "page/merge", MergePage{Person: m.Kept.PersonName, Merge: m, Secret: secret})
	}
	return p.show(c, http.StatusOK, "account", "page/address", LinkPage{Secret: secret})
}

func (p *Pages) confirmAddress(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	if err := p.Signin.ConfirmAddress(c.Request().Context(), by, form.Get("t")); err != nil {
		return p.accountProblem(c, by, err, "")
	}
	return p.back(c, "/account", "address-added")
}

func (p *Pages) endSession(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	if err := p.Registrar.EndSession(c.Request().Context(), by, form.Get("session")); err != nil {
		return err
	}
	return p.back(c, "/account", "session-ended")
}

// endSessions signs out everywhere but here.
func (p *Pages) endSessions(c echo.Context) error {
	by, _, err := web.Posted(c)
	if err != nil {
		return err
	}
	if err := p.Signin.EndOthers(c.Request().Context(), by); err != nil {
		return err
	}
	return p.back(c, "/account", "sessions-ended")
}

// enterPasskey begins to ask for a passkey to sign in with: JSON for a browser.
func (p *Pages) enterPasskey(c echo.Context) error {
	options, err := p.Signin.BeginPasskeyEntry(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, options)
}

// enteredPasskey takes the browser's answer to it.
func (p *Pages) enteredPasskey(c echo.Context) error {
	body, err := ceremonyOf(c)
	if err != nil {
		return err
	}
	if err := p.Signin.EnterByPasskey(c.Request().Context(), body); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// leave sends a browser to a provider to sign in there. It is a link, because a
// form may not lead to other sites, and it changes nothing here.
func (p *Pages) leave(c echo.Context) error {
	next := c.QueryParam("next")
	address, err := p.Signin.Leave(c.Response(), c.Request(), c.Param("name"), next, "")
	if status, reason, _, ok := wrong(err); ok {
		return p.showSignin(c, status, SigninPage{Next: next, Problem: reason})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, address)
}

// leaveToBind sends who has just confirmed that it is them to a provider, whose
// account is to open theirs.
func (p *Pages) leaveToBind(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if !by.SteppedUpAt(p.now()) {
		return p.back(c, "/account", "")
	}
	address, err := p.Signin.Leave(c.Response(), c.Request(), c.Param("name"), "/account", by.Person)
	if err != nil {
		return p.accountProblem(c, by, err, "")
	}
	return c.Redirect(http.StatusSeeOther, address)
}

// returned takes a browser that comes back from a provider.
func (p *Pages) returned(c echo.Context) error {
	by := web.Visitor(c)
	next, err := p.Signin.Return(c.Response(), c.Request(), by)
	if err == nil {
		return p.back(c, next, "")
	}
	status, reason := signinProblem(err)
	if reason == "" {
		return err
	}
	if by.Person != "" {
		return p.accountProblem(c, by, err, "")
	}
	return p.showSignin(c, status, SigninPage{Problem: reason})
}

func (p *Pages) removeIdentity(c echo.Context) error {
	return p.surely(c, "identity-removed", func(by issuer.Caller, form url.Values) error {
		provider := form.Get("provider")
		return p.Registrar.RemoveIdentity(c.Request().Context(), by, provider, form.Get("subject"), p.labelOf(provider))
	})
}
