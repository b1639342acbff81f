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

// TouchpointPage is the data of "page/touchpoint": one date, for who notes what
// came of it. Of many learners it shows some at a time; what is saved is of those
// alone, so that two people can take the attendance of a large cohort together.
type TouchpointPage struct {
	Date      *registrar.AttendanceView
	Kinds     []issuer.TouchpointKind
	Presences []issuer.Presence // to choose of
	States    []issuer.Presence // to filter by
	Filter    registrar.AttendanceFilter
	Filtered  bool
	Here      url.Values // the query of this page of the list
	Next      url.Values // asks for the next page, nil at the end
	Form      url.Values
	Problem   string
	Field     string
}

func (p *Pages) touchpoint(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showTouchpoint(c, by, http.StatusOK, TouchpointPage{})
}

// attendanceQuery writes the query that asks for a page of learners.
func attendanceQuery(f registrar.AttendanceFilter, after issuer.PersonID) url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Search, "state": string(f.State), "after": string(after)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func (p *Pages) showTouchpoint(c echo.Context, by issuer.Caller, status int, page TouchpointPage) (err error) {
	page.States = append(slices.Clone(issuer.Presences), registrar.Unnoted)
	f := registrar.AttendanceFilter{Search: strings.TrimSpace(c.QueryParam("q")), State: issuer.Presence(c.QueryParam("state")), After: issuer.PersonID(c.QueryParam("after"))}
	if !slices.Contains(page.States, f.State) {
		f.State = ""
	}
	if page.Date, err = p.Registrar.AttendanceAt(c.Request().Context(), by, issuer.TouchpointID(c.Param("date")), f); err != nil {
		return err
	}
	d := page.Date
	page.Filter, page.Filtered, page.Here = f, f.Search != "" || f.State != "", attendanceQuery(f, f.After)
	if d.Next != "" {
		page.Next = attendanceQuery(f, d.Next)
	}
	form := url.Values{"kind": {string(d.Kind)}, "title": {d.Title}, "at": {string(d.Day) + "T" + d.Clock}, "host": {string(d.Host.ID)}, "notes": {d.Notes}}
	for _, a := range d.Attendance {
		form.Set("came."+string(a.ID), string(a.State))
	}
	for name, values := range page.Form { // what was typed stands above what is kept
		form[name] = values
	}
	page.Form, page.Kinds, page.Presences = form, issuer.TouchpointKinds, issuer.Presences
	return p.show(c, status, "programs", "page/touchpoint", page)
}

// saveTouchpoint changes a date, notes what came of it, or cancels it, as the form
// says.
func (p *Pages) saveTouchpoint(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	id, ctx, done, to := issuer.TouchpointID(c.Param("date")), c.Request().Context(), "date-saved", url.Values{}
	switch form.Get("act") {
	case "note":
		err, done, to = p.Registrar.NoteTouchpoint(ctx, by, id, touchpointNotes(form)), "date-noted", c.QueryParams()
		if next := form.Get("next"); next != "" {
			to.Set("after", next)
		}
	case "rest":
		err, done = p.Registrar.NoteRest(ctx, by, id, issuer.Presence(form.Get("rest"))), "date-noted"
	case "cancel", "uncancel":
		err = p.Registrar.CancelTouchpoint(ctx, by, id, form.Get("act") == "cancel")
	default:
		err = p.Registrar.EditTouchpoint(ctx, by, id, touchpointIn(form))
	}
	if status, reason, field, ok := wrong(err); ok {
		return p.showTouchpoint(c, by, status, TouchpointPage{Form: form, Problem: reason, Field: field})
	}
	if err != nil {
		return err
	}
	f := registrar.AttendanceFilter{Search: to.Get("q"), State: issuer.Presence(to.Get("state"))}
	to = attendanceQuery(f, issuer.PersonID(to.Get("after")))
	to.Set("done", done)
	return p.back(c, touchpointsPath(c.Param("code"), c.Param("date"))+"?"+to.Encode(), "")
}

// touchpointNotes reads what is noted of a date, and of those learners who were on
// the page.
func touchpointNotes(form url.Values) registrar.TouchpointNotes {
	notes := registrar.TouchpointNotes{Notes: form.Get("notes"), Attendance: map[issuer.PersonID]issuer.Presence{}, Partly: true}
	for name := range form {
		if person, ok := strings.CutPrefix(name, "came."); ok {
			notes.Attendance[issuer.PersonID(person)] = issuer.Presence(form.Get(name))
		}
	}
	return notes
}
