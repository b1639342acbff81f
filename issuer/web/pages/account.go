package pages

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/signin"
	"hallmark/issuer/web"
)

// AccountPage is the data of "page/account": the ways in of a person, where they are
// signed in, and their token for a program.
type AccountPage struct {
	Emails    []registrar.EmailView
	Claimed   []string // addresses that are not confirmed yet
	Email     string   // as typed
	Problem   string
	Passkeys  []issuer.Passkey
	Takes     bool // the address allows for passkeys
	Adding    bool // they have confirmed that it is them and can add a way in now
	Accounts  []AccountElsewhere
	Providers []signin.ProviderName
	Sessions  []signin.OpenSession
	Mentor    bool   // whose approvals can be signed
	Token     string // shown once
	Minutes   int    // how long it lasts
}

// AccountElsewhere is an account with a provider that opens this one.
type AccountElsewhere struct {
	issuer.Identity
	Label string
}

func (p *Pages) accountPage(c echo.Context, by issuer.Caller) (AccountPage, error) {
	ctx := c.Request().Context()
	page := AccountPage{Takes: p.Signin.TakesPasskeys(), Adding: by.SteppedUpAt(p.now()), Providers: p.Signin.ProviderNames(), Minutes: int(signin.TokenLife.Minutes())}
	for _, g := range by.Grants {
		page.Mentor = page.Mentor || g.Role == issuer.Mentor
	}
	var err error
	if page.Passkeys, err = p.Registrar.Passkeys(ctx, by); err != nil {
		return page, err
	}
	if page.Emails, page.Claimed, err = p.Registrar.Emails(ctx, by); err != nil {
		return page, err
	}
	accounts, err := p.Registrar.Identities(ctx, by)
	if err != nil {
		return page, err
	}
	for _, a := range accounts {
		page.Accounts = append(page.Accounts, AccountElsewhere{a, p.labelOf(a.Provider)})
	}
	page.Sessions, err = p.Signin.Sessions(ctx, by)
	return page, err
}

// labelOf is how people know a provider; one that is not configured any more is
// known by its address.
func (p *Pages) labelOf(provider string) string {
	for _, known := range p.Signin.ProviderNames() {
		if known.Issuer == provider {
			return known.Label
		}
	}
	return provider
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

// confirmAccount lets a person confirm that it is them, to add a way in.
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
	return p.surely(c, "passkey-removed", func(by issuer.Caller, _ url.Values) error {
		return p.Registrar.RemovePasskey(c.Request().Context(), by, c.Param("id"))
	})
}

func (p *Pages) renamePasskey(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	if err := p.Registrar.RenamePasskey(c.Request().Context(), by, c.Param("id"), form.Get("name")); err != nil {
		return p.accountProblem(c, by, err, "")
	}
	return p.back(c, "/account", "passkey-renamed")
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
