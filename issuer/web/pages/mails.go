package pages

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// MailsPage is the data of "page/mails": what was mailed, and what became of it.
type MailsPage struct {
	Mails     *registrar.MailList
	Standing  issuer.Standing // that is shown; "" for all
	Standings []issuer.Standing
	Problem   string
}

func (p *Pages) mails(c echo.Context) error { return p.showMails(c, http.StatusOK, "") }

func (p *Pages) showMails(c echo.Context, status int, problem string) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	page := MailsPage{Standing: issuer.Standing(c.QueryParam("standing")), Standings: issuer.Standings, Problem: problem}
	if !slices.Contains(issuer.Standings, page.Standing) {
		page.Standing = ""
	}
	page.Mails, err = p.Registrar.Mails(c.Request().Context(), by, page.Standing, issuer.MessageID(c.QueryParam("before")))
	if err != nil {
		return err
	}
	return p.show(c, status, "mail", "page/mails", page)
}

func (p *Pages) resendMail(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.mailDone(c, p.Registrar.ResendMail(c.Request().Context(), by, issuer.MessageID(c.Param("id"))), "mail-resent")
}

func (p *Pages) bounceMail(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.mailDone(c, p.Registrar.BounceMail(c.Request().Context(), by, issuer.MessageID(c.Param("id"))), "mail-bounced")
}

func (p *Pages) mailDone(c echo.Context, err error, done string) error {
	if status, reason, _, ok := wrong(err); ok {
		return p.showMails(c, status, reason)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/mail", done)
}

// StopPage is the data of "page/mail-stop", where the link in a mail lands that stops
// mails like it: one button, because some programs open links by themselves.
type StopPage struct {
	Secret string
	Moment issuer.Moment
	Done   bool
}

func (p *Pages) stopPage(c echo.Context) error {
	moment, err := p.Registrar.StoppedBy(c.Request().Context(), c.QueryParam("t"))
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "", "page/mail-stop", StopPage{Secret: c.QueryParam("t"), Moment: moment})
}

// stopMail takes the button, and what mail programs send by themselves when their
// reader unsubscribes (RFC 8058 §3.2): all that counts is in the address.
func (p *Pages) stopMail(c echo.Context) error {
	ctx, secret := c.Request().Context(), c.QueryParam("t")
	moment, err := p.Registrar.StoppedBy(ctx, secret)
	if err != nil {
		return err
	}
	if err := p.Registrar.StopMail(ctx, secret); err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "", "page/mail-stop", StopPage{Moment: moment, Done: true})
}
