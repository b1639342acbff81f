package pages

import (
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/signin"
	"hallmark/issuer/web"
	"hallmark/templates"
	verifyweb "hallmark/verifier/web"
)

// languageLife is how long a browser keeps to the language chosen.
const languageLife = 365 * 24 * time.Hour

// language keeps the language that a reader chose in the foot of a page, in
// their browser, and goes back to that page. Nobody need be signed in; the mails
// of who is come in it, too.
func (p *Pages) language(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	tag, ok := templates.Known(form.Get("lang"))
	if !ok {
		return issuer.Wrong("lang", "Choose one of the languages in the list.")
	}
	if by := web.Visitor(c); by.Person != "" {
		if err := p.Registrar.ChooseLanguage(c.Request().Context(), by, tag); err != nil {
			return err
		}
	}
	c.SetCookie(p.Signin.Preference(verifyweb.LanguageCookie, tag, languageLife))
	return p.back(c, signin.SafeNext(form.Get("next")), "")
}
