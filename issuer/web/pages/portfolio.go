package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// MyPortfolioPage is the data of "page/myportfolio": the page about themselves, as
// its owner edits it.
type MyPortfolioPage struct {
	Portfolio *registrar.PortfolioView
	Base      string // that the handle is put behind
	Problem   string
	Wrong     string // field
}

// LinkLines gives the links one a line, as they are typed.
func (p MyPortfolioPage) LinkLines() string { return strings.Join(p.Portfolio.Links, "\n") }

func (p *Pages) myPortfolio(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	v, err := p.Registrar.Portfolio(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "badges", "page/myportfolio", MyPortfolioPage{Portfolio: v, Base: p.Registrar.BaseURL + "/p/"})
}

func (p *Pages) savePortfolio(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	in := portfolioInput(form)
	_, err = p.Registrar.SavePortfolio(c.Request().Context(), by, in)
	if err == nil {
		return p.back(c, "/portfolio", "portfolio")
	}
	status, reason, field, mendable := wrong(err)
	if !mendable {
		return err
	}
	v, err := p.Registrar.Portfolio(c.Request().Context(), by)
	if err != nil {
		return err
	}
	v.PortfolioInput = in
	for i := range v.Choices {
		v.Choices[i].Chosen = slices.Contains(form["capstone"], string(v.Choices[i].ID))
	}
	return p.show(c, status, "badges", "page/myportfolio", MyPortfolioPage{v, p.Registrar.BaseURL + "/p/", reason, field})
}

func portfolioInput(form url.Values) registrar.PortfolioInput {
	in := registrar.PortfolioInput{Handle: form.Get("handle"), Headline: form.Get("headline"), Named: form.Get("named") == "yes", Shown: form.Get("shown") == "yes",
		Links: strings.Split(strings.ReplaceAll(form.Get("links"), "\r\n", "\n"), "\n")}
	for _, id := range form["capstone"] {
		in.Capstones = append(in.Capstones, issuer.CapstoneID(id))
	}
	return in
}
