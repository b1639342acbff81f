package pages

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/signin"
	"hallmark/issuer/web"
)

// AccountPage is the data of "page/account": how a person confirms that it is
// them, and their token for a program.
type AccountPage struct {
	Passkeys []issuer.Passkey
	Takes    bool   // the address allows for passkeys
	Adding   bool   // they have confirmed that it is them and can make one now
	Mentor   bool   // whose approvals can be signed
	Token    string // shown once
	Minutes  int    // how long it lasts
}

func (p *Pages) accountPage(c echo.Context, by issuer.Caller) (AccountPage, error) {
	keys, err := p.Registrar.Passkeys(c.Request().Context(), by)
	page := AccountPage{Passkeys: keys, Takes: p.Signin.TakesPasskeys(), Adding: by.SteppedUpAt(p.now()), Minutes: int(signin.TokenLife.Minutes())}
	for _, g := range by.Grants {
		page.Mentor = page.Mentor || g.Role == issuer.Mentor
	}
	return page, err
}

func (p *Pages) account(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	page, err := p.accountPage(c, by)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "account", "page/account", page)
}

// confirmAccount lets a person confirm that it is them, to make a passkey.
func (p *Pages) confirmAccount(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	if _, done, err := p.confirmed(c, by, form); !done {
		return err
	}
	return p.back(c, "/account", "")
}

// makePasskey begins to make a passkey: JSON for a browser.
func (p *Pages) makePasskey(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	options, err := p.Signin.BeginPasskey(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, options)
}

// addPasskey takes the browser's answer to it; its name stands in the query.
func (p *Pages) addPasskey(c echo.Context) error {
	by, body, err := answered(c)
	if err != nil {
		return err
	}
	if err := p.Signin.AddPasskey(c.Request().Context(), by, c.QueryParam("name"), body); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (p *Pages) removePasskey(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	by, done, err := p.confirmed(c, by, form)
	if !done {
		return err
	}
	if err := p.Registrar.RemovePasskey(c.Request().Context(), by, c.Param("id")); err != nil {
		return err
	}
	return p.back(c, "/account", "passkey-removed")
}

// makeToken gives a mentor a token with which a program of theirs signs their
// approvals for an hour.
func (p *Pages) makeToken(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	by, done, err := p.confirmed(c, by, form)
	if !done {
		return err
	}
	token, err := p.Signin.EndorseToken(c.Request().Context(), by)
	if err != nil {
		return err
	}
	page, err := p.accountPage(c, by)
	if err != nil {
		return err
	}
	page.Token = token
	return p.show(c, http.StatusOK, "account", "page/account", page)
}
