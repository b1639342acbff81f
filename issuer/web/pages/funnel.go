package pages

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	"hallmark/issuer/web/chart"
)

// FunnelPage is the data of "page/funnel": how far the people of a cohort, or of
// a program, came.
type FunnelPage struct {
	Funnel *registrar.FunnelView
	Steps  chart.Bars // of Shown
	Shown  []ShownStep
	Weeks  chart.Line
	Mixes  []MixOf
	Times  int // capstones were returned
}

// ShownStep is a step that the chart shows. Label is the name of a module as far
// as there is room for it, "" for a step that has a word.
type ShownStep struct {
	registrar.FunnelStep
	Label string
}

// MixOf is a mix and of what; Key is of the group "mix".
type MixOf struct {
	Key string
	issuer.Mix
}

func (p *Pages) programFunnel(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Funnel(c.Request().Context(), by, c.Param("code"))
	return p.showFunnel(c, view, err)
}

func (p *Pages) cohortFunnel(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.CohortFunnel(c.Request().Context(), by, c.Param("code"))
	return p.showFunnel(c, view, err)
}

func (p *Pages) showFunnel(c echo.Context, view *registrar.FunnelView, err error) error {
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "programs", "page/funnel", funnelPage(view))
}

// returnsSheet is how often capstones were returned for each reason, as a
// spreadsheet; a return without a reason has no code.
func (p *Pages) returnsSheet(c echo.Context, view *registrar.FunnelView, err error) error {
	if err != nil {
		return err
	}
	var file bytes.Buffer
	sheet, err := intake.NewWriter(&file, "program", "cohort", "code", "reason", "times", "counted")
	for _, r := range view.Returns {
		if err == nil {
			err = sheet.Row(view.Program.Code, view.Cohort.Code, r.Code, r.Name, strconv.Itoa(r.Times), view.At.UTC().Format(time.RFC3339))
		}
	}
	if err == nil {
		err = sheet.Flush()
	}
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="returns.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", file.Bytes())
}

func (p *Pages) programReturns(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Funnel(c.Request().Context(), by, c.Param("code"))
	return p.returnsSheet(c, view, err)
}

func (p *Pages) cohortReturns(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.CohortFunnel(c.Request().Context(), by, c.Param("code"))
	return p.returnsSheet(c, view, err)
}

func funnelPage(view *registrar.FunnelView) FunnelPage {
	page := FunnelPage{Funnel: view}
	var bars []chart.Bar
	for _, s := range view.Steps {
		if !s.Hidden {
			page.Shown = append(page.Shown, ShownStep{s, chart.Fit(s.Name.Name)})
			bars = append(bars, chart.Bar{Here: s.People, Before: s.Of})
		}
	}
	page.Steps = chart.NewBars(bars)
	weeks := make([]int, len(view.Weeks))
	for i, w := range view.Weeks {
		weeks[i] = w.People
	}
	page.Weeks = chart.NewLine(weeks)
	for _, r := range view.Returns {
		page.Times += r.Times
	}
	for _, m := range []MixOf{{"departments", view.Departments}, {"experience", view.Experience}, {"zones", view.Zones}} {
		if len(m.Groups) > 0 {
			page.Mixes = append(page.Mixes, m)
		}
	}
	return page
}

func (p *Pages) stuck(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Stuck(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "programs", "page/stuck", view)
}

// UnearnedPage is the data of "page/unearned": who should have a badge and never
// had it, and the button that mends it.
type UnearnedPage struct {
	Unearned *registrar.UnearnedView
	Reason   string
	Problem  string
	Field    string
}

func (p *Pages) unearned(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showUnearned(c, by, http.StatusOK, UnearnedPage{})
}

func (p *Pages) showUnearned(c echo.Context, by issuer.Caller, status int, page UnearnedPage) (err error) {
	if page.Unearned, err = p.Registrar.Unearned(c.Request().Context(), by, c.Param("code")); err != nil {
		return err
	}
	return p.show(c, status, "programs", "page/unearned", page)
}

func (p *Pages) awardUnearned(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	_, err = p.Registrar.AwardUnearned(c.Request().Context(), by, c.Param("code"), form.Get("reason"))
	if status, reason, field, ok := wrong(err); ok {
		return p.showUnearned(c, by, status, UnearnedPage{Reason: form.Get("reason"), Problem: reason, Field: field})
	}
	if err != nil {
		return err
	}
	return p.back(c, "/cohorts/"+url.PathEscape(c.Param("code"))+"/unearned", "awarding")
}

// UnseenPage is the data of "page/unseen": learners who never signed in, and the
// button that mails them the link.
type UnseenPage struct {
	Unseen  *registrar.UnseenView
	Problem string
}

func (p *Pages) unseen(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showUnseen(c, by, http.StatusOK, "")
}

func (p *Pages) showUnseen(c echo.Context, by issuer.Caller, status int, problem string) error {
	view, err := p.Registrar.Unseen(c.Request().Context(), by, c.Param("code"))
	if err != nil {
		return err
	}
	return p.show(c, status, "programs", "page/unseen", UnseenPage{view, problem})
}

// inviteUnseen mails a sign-in link to one of those who never signed in.
func (p *Pages) inviteUnseen(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	view, err := p.Registrar.Unseen(ctx, by, c.Param("code"))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(view.People, func(l registrar.RosterLine) bool { return string(l.ID) == form.Get("person") && l.Email != "" })
	if at < 0 {
		return p.showUnseen(c, by, http.StatusUnprocessableEntity, "This person is not among those who never signed in, or has no address.")
	}
	if err := p.Signin.Send(ctx, by, issuer.PersonID(form.Get("person"))); err != nil {
		status, reason, _, mendable := wrong(err)
		if !mendable {
			return err
		}
		return p.showUnseen(c, by, status, reason)
	}
	return p.back(c, "/cohorts/"+url.PathEscape(c.Param("code"))+"/unseen", "link-sent")
}
