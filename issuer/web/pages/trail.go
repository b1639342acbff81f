package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// TrailPage is the data of "page/trail": who did what.
type TrailPage struct {
	Trail    *registrar.TrailView
	Filter   registrar.TrailFilter
	Filtered bool
	Groups   []issuer.DeedGroup
	Problem  string
	Wrong    string
	Next     url.Values // asks for the next page, nil at the end
	Sheet    url.Values // asks for all of it as a table
	All      bool       // the reader runs the installation
}

func trailFilter(c echo.Context) registrar.TrailFilter {
	return registrar.TrailFilter{Who: strings.TrimSpace(c.QueryParam("who")), About: strings.TrimSpace(c.QueryParam("about")), Group: issuer.DeedGroup(c.QueryParam("group")),
		From: issuer.Day(c.QueryParam("from")), Until: issuer.Day(c.QueryParam("until")), Refused: c.QueryParam("refused") != "", Before: c.QueryParam("before")}
}

func trailQuery(f registrar.TrailFilter, before string) url.Values {
	q := url.Values{}
	for key, value := range map[string]string{"who": f.Who, "about": f.About, "group": string(f.Group), "from": string(f.From), "until": string(f.Until), "before": before} {
		if value != "" {
			q.Set(key, value)
		}
	}
	if f.Refused {
		q.Set("refused", "yes")
	}
	return q
}

func (p *Pages) trail(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	page := TrailPage{Filter: trailFilter(c), Groups: issuer.DeedGroups, All: by.Manages("")}
	status := http.StatusOK
	page.Trail, err = p.Registrar.Trail(c.Request().Context(), by, page.Filter)
	if s, reason, field, ok := wrong(err); ok {
		status, page.Problem, page.Wrong, page.Trail = s, reason, field, &registrar.TrailView{}
	} else if err != nil {
		return err
	}
	page.Sheet = trailQuery(page.Filter, "")
	page.Filtered = len(page.Sheet) > 0
	if page.Trail.Next != "" {
		page.Next = trailQuery(page.Filter, page.Trail.Next)
	}
	return p.show(c, status, "people", "page/trail", page)
}

// maxTrailRows is how many rows a table of the trail has at most; days narrow it.
const maxTrailRows = 50_000

// trailSheet sends the trail as a table, page by page as it is read.
func (p *Pages) trailSheet(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if !p.takeouts.enter() {
		c.Response().Header().Set("Retry-After", "5")
		return issuer.Refuse(issuer.Unavailable, "Others are taking their files just now; try again in a few seconds.")
	}
	defer p.takeouts.leave()
	ctx, filter := c.Request().Context(), trailFilter(c)
	view, err := p.Registrar.Trail(ctx, by, filter)
	if err != nil {
		return err
	}
	out := c.Response()
	out.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="hallmark-trail-%s.csv"`, p.now().UTC().Format(time.DateOnly)))
	_ = http.NewResponseController(out).SetWriteDeadline(time.Now().Add(web.LongTime)) // a recorder of tests has none
	out.WriteHeader(http.StatusOK)
	sheet, err := intake.NewWriter(out, "position", "time", "who", "did", "what", "sentence", "outcome", "details", "words", "actor", "object")
	if err != nil {
		return err
	}
	lang := p.Frame(c, "").Lang
	for rows := 0; ; {
		for i := range view.Items {
			if err := p.trailRow(sheet, lang, &view.Items[i]); err != nil {
				return err
			}
		}
		if rows += len(view.Items); view.Next == "" || rows >= maxTrailRows {
			return sheet.Flush()
		}
		filter.Before = view.Next
		if view, err = p.Registrar.Trail(ctx, by, filter); err != nil {
			return err
		}
	}
}

func (p *Pages) trailRow(sheet *intake.Writer, lang string, l *registrar.TrailLine) error {
	who, err := p.nameIn(lang, l.Who)
	if err != nil {
		return err
	}
	what, err := p.nameIn(lang, l.What)
	if err != nil {
		return err
	}
	group, err := p.Templates.Text(lang, "deedgroup."+string(l.Group))
	if err != nil {
		return err
	}
	said, err := p.Templates.Text(lang, l.Sentence, "who", who, "what", what, "group", group)
	if err != nil {
		return err
	}
	outcome := "done"
	if l.Refused {
		outcome = "refused"
	}
	var facts []string
	for _, f := range l.Facts {
		facts = append(facts, f.Key+": "+f.Value)
	}
	return sheet.Row(strconv.FormatInt(l.Position, 10), l.At.UTC().Format(time.RFC3339), who, l.Act, what, said, outcome,
		strings.Join(facts, "; "), strings.Join(l.Words, "\n"), l.Actor, l.Object)
}

// nameIn names who or what a deed had to do with.
func (p *Pages) nameIn(lang string, n registrar.TrailName) (string, error) {
	if n.Name != "" {
		return n.Name, nil
	}
	return p.Templates.Text(lang, "deedname."+n.Kind)
}
