package pages

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

// Confirming that it is them: a form that takes it is posted as it is; if the
// session has not shown it lately, the answer is a page that asks for a code or
// a passkey and posts the same form again. Nothing that was typed is lost, and
// without script a code does.

// ConfirmPage is the data of "page/confirm".
type ConfirmPage struct {
	Action   string // path that the form goes to
	Fields   []ConfirmField
	Asked    bool // a code was mailed
	Minutes  int  // for which a code is good
	Passkeys bool // they have one, and the address allows for it
	Problem  string
}

// ConfirmField is one input of the form that waits.
type ConfirmField struct{ Name, Value string }

// confirmWith is the input that says how the person confirms: "code" with the
// input "code", "mail" to be mailed one. A passkey does so by itself.
const confirmWith = "confirm"

// confirmed gives the caller once they have confirmed that it is them, perhaps
// by this very form. If done is false the answer is on its way: the page that
// asks for it.
func (p *Pages) confirmed(c echo.Context, by issuer.Caller, form url.Values) (sure issuer.Caller, done bool, err error) {
	if by.SteppedUpAt(p.now()) {
		return by, true, nil
	}
	ctx := c.Request().Context()
	page := ConfirmPage{Action: c.Request().URL.Path, Fields: waiting(form), Minutes: int(issuer.CodeLife.Minutes())}
	keys, err := p.Registrar.Passkeys(ctx, by)
	if err != nil {
		return by, false, err
	}
	page.Passkeys = p.Signin.TakesPasskeys() && len(keys) > 0
	switch how := form.Get(confirmWith); {
	case how == "code":
		if by, err = p.Signin.TryCode(ctx, by, form.Get("code")); err == nil {
			return by, true, nil
		}
	case how == "mail", !page.Passkeys && !p.Signin.CodeAsked(ctx):
		err = p.Signin.AskCode(ctx, by)
	}
	page.Asked = p.Signin.CodeAsked(ctx)
	status := http.StatusOK
	if err != nil {
		reason, ok := "", false
		if status, reason, _, ok = wrong(err); !ok {
			return by, false, err
		}
		page.Problem = reason
	}
	return by, false, p.show(c, status, "", "page/confirm", page)
}

// waiting lists the inputs of a form without those that confirm.
func waiting(form url.Values) []ConfirmField {
	var all []ConfirmField
	for name, values := range form {
		for _, v := range values {
			if name != confirmWith && name != "code" {
				all = append(all, ConfirmField{name, v})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b ConfirmField) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

// maxCeremony bounds what a browser answers with: an attestation is about 1 KiB.
const maxCeremony = 32 << 10

// answered reads what a browser of someone answers in a ceremony, as it is.
func answered(c echo.Context) (issuer.Caller, []byte, error) {
	by, err := web.CallerOf(c)
	if err != nil {
		return by, nil, err
	}
	body, err := ceremonyOf(c)
	return by, body, err
}

func ceremonyOf(c echo.Context) ([]byte, error) {
	media, err := verifyweb.MediaType(c)
	if err != nil {
		return nil, err
	}
	if media != "application/json" {
		return nil, verifyweb.Unsupported(media, "application/json")
	}
	return verifyweb.ReadBody(c, maxCeremony)
}

// askPasskey begins to ask for a passkey: JSON for a browser.
func (p *Pages) askPasskey(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	options, err := p.Signin.BeginStepUp(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, options)
}

// takePasskey takes the browser's answer to it.
func (p *Pages) takePasskey(c echo.Context) error {
	by, body, err := answered(c)
	if err != nil {
		return err
	}
	if err := p.Signin.StepUp(c.Request().Context(), by, body); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
