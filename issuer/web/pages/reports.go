package pages

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/intake"
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
	programs, err := p.Registrar.Overseen(ctx, by)
	if err != nil {
		return err
	}
	page := ReportsPage{Programs: programs}
	if code == "" && len(programs) == 1 {
		code = programs[0].Code
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

// valueSheet is what approved capstones of a program claim to be worth, as a
// spreadsheet: one row for what adds up, confirmed and stated apart.
func (p *Pages) valueSheet(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	report, err := p.Registrar.Report(c.Request().Context(), by, c.Param("code"))
	if err != nil {
		return err
	}
	var file bytes.Buffer
	sheet, err := intake.NewWriter(&file, "measure", "unit", "period", "confirmed claims", "confirmed change", "stated claims", "stated change")
	for _, v := range report.Impact {
		if err == nil {
			err = sheet.Row(v.Measure, v.Unit, v.Period, strconv.Itoa(v.Confirmed.Claims), v.Confirmed.Change, strconv.Itoa(v.Stated.Claims), v.Stated.Change)
		}
	}
	if err == nil {
		err = sheet.Flush()
	}
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="value.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", file.Bytes())
}
