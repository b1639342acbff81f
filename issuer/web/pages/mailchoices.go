package pages

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/web"
)

// MailChoicesPage is the data of "page/mailchoices": which mails a person wants.
type MailChoicesPage struct {
	Moments []MailMoment
	Choices []string
	Problem string
}

// MailMoment is what a mail is about, and what was chosen of it.
type MailMoment struct {
	Moment issuer.Moment
	Choice string
}

var mailChoices = []string{issuer.MailAtOnce, issuer.MailDaily, issuer.MailOff}

func (p *Pages) mailChoices(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showMailChoices(c, by, http.StatusOK, "")
}

func (p *Pages) showMailChoices(c echo.Context, by issuer.Caller, status int, problem string) error {
	chosen, err := p.Registrar.MailChoices(c.Request().Context(), by)
	if err != nil {
		return err
	}
	page := MailChoicesPage{Choices: mailChoices, Problem: problem}
	for _, m := range issuer.Moments {
		page.Moments = append(page.Moments, MailMoment{m, chosen[m]})
	}
	return p.show(c, status, "account", "page/mailchoices", page)
}

func (p *Pages) chooseMail(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	choices := map[issuer.Moment]string{}
	for _, m := range issuer.Moments {
		if form.Has(string(m)) {
			choices[m] = form.Get(string(m))
		}
	}
	if err := p.Registrar.ChooseMail(c.Request().Context(), by, choices); err != nil {
		status, reason, _, mendable := wrong(err)
		if !mendable {
			return err
		}
		return p.showMailChoices(c, by, status, reason)
	}
	return p.back(c, "/account/mails", "mails-chosen")
}
