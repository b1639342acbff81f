package pages

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// ReportsPage is the data of "page/reports": the report of one program, or
// the choice between several.
type ReportsPage struct {
	Programs []registrar.Named
	Report   *registrar.ReportView
	Wait     Wait
}

// Wait is a length of time in one unit: Key is "report.days", "report.hours",
// or a text without a number.
type Wait struct {
	Key     string
	Counted bool
	N       int
}

func (p *Pages) reports(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	ctx, code := c.Request().Context(), c.QueryParam("program")
	view, err := p.Registrar.Home(ctx, by)
	if err != nil {
		return err
	}
	page := ReportsPage{Programs: view.Programs}
	if code == "" && len(view.Programs) == 1 {
		code = view.Programs[0].Code
	}
	if code != "" {
		if page.Report, err = p.Registrar.Report(ctx, by, code); err != nil {
			return err
		}
		page.Wait = waitOf(page.Report.Capstones.MedianWait, page.Report.Reviews)
	}
	return p.show(c, http.StatusOK, "reports", "page/reports", page)
}

func waitOf(d time.Duration, reviews int) Wait {
	switch {
	case reviews == 0:
		return Wait{Key: "report.nowait"}
	case d < time.Hour:
		return Wait{Key: "report.lessthanhour"}
	case d < 48*time.Hour:
		return Wait{"report.hours", true, int(d.Hours())}
	}
	return Wait{"report.days", true, int(d.Hours() / 24)}
}
