package pages

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// IssuingPage is the data of "page/issuing": whether badges are issued, and
// the way to stop that.
type IssuingPage struct {
	Issuing *registrar.IssuingView
	Reason  string // that was typed
	Problem string
}

func (p *Pages) issuing(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Issuing(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "home", "page/issuing", IssuingPage{Issuing: view})
}

func (p *Pages) stopIssuing(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(form.Get("reason"))
	_, err = p.Registrar.StopIssuing(c.Request().Context(), by, reason)
	if status, problem, _, ok := wrong(err); ok {
		return p.issuingAgain(c, by, status, IssuingPage{Reason: reason, Problem: problem})
	}
	if err != nil {
		return err
	}
	return p.back(c, "/issuing", "stopped")
}

func (p *Pages) issuingAgain(c echo.Context, by issuer.Caller, status int, page IssuingPage) (err error) {
	if page.Issuing, err = p.Registrar.Issuing(c.Request().Context(), by); err != nil {
		return err
	}
	return p.show(c, status, "home", "page/issuing", page)
}

func (p *Pages) resumeIssuing(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if _, err := p.Registrar.ResumeIssuing(c.Request().Context(), by); err != nil {
		return err
	}
	return p.back(c, "/issuing", "resumed")
}
