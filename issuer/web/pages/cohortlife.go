package pages

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// TouchpointsPage is the data of "page/touchpoints": the dates of a cohort.
type TouchpointsPage struct {
	Dates   *registrar.TouchpointsView
	Kinds   []issuer.TouchpointKind
	Form    url.Values // a new one, as typed
	Problem string
	Field   string
}

// RatingsPage is the data of "page/ratings": how the learners of a cohort rate
// themselves.
type RatingsPage struct {
	Ratings *registrar.RatingsView
	Scale   []int
	Form    url.Values // as typed
	Problem string
}

var ratingScale = []int{1, 2, 3, 4, 5}

// closeCohort lets nobody new into a cohort, archives it or opens it again, as the
// form says.
func (p *Pages) closeCohort(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	ctx, code, done := c.Request().Context(), c.Param("code"), ""
	switch form.Get("state") {
	case "closed":
		done, err = "cohort-closed", p.Registrar.CloseCohort(ctx, by, code)
	case "archived":
		done, err = "cohort-archived", p.Registrar.ArchiveCohort(ctx, by, code)
	case "open":
		done, err = "cohort-open", p.Registrar.ReopenCohort(ctx, by, code)
	default:
		err = issuer.Wrong("state", "A cohort is open, closed or archived.")
	}
	return p.cohortDone(c, by, err, CohortPage{}, done)
}

// leaveCohort ends a learner's time in a cohort: that of the caller unless the
// form names someone else.
func (p *Pages) leaveCohort(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	person := issuer.PersonID(strings.ToUpper(form.Get("person")))
	if person == "" {
		person = by.Person
	}
	if err := p.Registrar.LeaveCohort(c.Request().Context(), by, c.Param("code"), person); err != nil || person != by.Person {
		return p.cohortDone(c, by, err, CohortPage{}, "left-them")
	}
	return p.back(c, "/home", "left")
}

func (p *Pages) assignMentor(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	page := CohortPage{MentorEmail: form.Get("email"), MentorTier: form.Get("tier")}
	err = p.Registrar.AssignMentor(c.Request().Context(), by, c.Param("code"), page.MentorEmail, issuer.Tier(page.MentorTier))
	return p.cohortDone(c, by, err, page, "granted")
}

func (p *Pages) removeMentor(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	err = p.Registrar.RemoveGrant(c.Request().Context(), by, issuer.GrantID(c.Param("grant")))
	return p.cohortDone(c, by, err, CohortPage{}, "removed")
}

func touchpointsPath(cohort string, more ...string) string {
	path := "/cohorts/" + url.PathEscape(cohort) + "/dates"
	for _, m := range more {
		path += "/" + url.PathEscape(m)
	}
	return path
}

func (p *Pages) touchpoints(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showTouchpoints(c, by, http.StatusOK, TouchpointsPage{})
}

func (p *Pages) showTouchpoints(c echo.Context, by issuer.Caller, status int, page TouchpointsPage) (err error) {
	if page.Dates, err = p.Registrar.Touchpoints(c.Request().Context(), by, c.Param("code")); err != nil {
		return err
	}
	if page.Form == nil {
		page.Form = url.Values{"host": {string(by.Person)}}
	}
	page.Kinds = issuer.TouchpointKinds
	return p.show(c, status, "programs", "page/touchpoints", page)
}

func touchpointIn(form url.Values) registrar.NewTouchpoint {
	return registrar.NewTouchpoint{Kind: issuer.TouchpointKind(form.Get("kind")), Title: form.Get("title"), At: form.Get("at"), Host: issuer.PersonID(form.Get("host"))}
}

func (p *Pages) addTouchpoint(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	_, err = p.Registrar.AddTouchpoint(c.Request().Context(), by, c.Param("code"), touchpointIn(form))
	if status, reason, field, ok := wrong(err); ok {
		return p.showTouchpoints(c, by, status, TouchpointsPage{Form: form, Problem: reason, Field: field})
	}
	if err != nil {
		return err
	}
	return p.back(c, touchpointsPath(c.Param("code")), "date-added")
}

func (p *Pages) ratings(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showRatings(c, by, http.StatusOK, RatingsPage{})
}

func (p *Pages) showRatings(c echo.Context, by issuer.Caller, status int, page RatingsPage) (err error) {
	if page.Ratings, err = p.Registrar.Ratings(c.Request().Context(), by, c.Param("code")); err != nil {
		return err
	}
	if page.Form == nil {
		page.Form = url.Values{}
	}
	page.Scale = ratingScale
	return p.show(c, status, "programs", "page/ratings", page)
}

func (p *Pages) rateSelf(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	ratings, asked := map[string]int{}, map[string]string{}
	for name := range form {
		if skill, ok := strings.CutPrefix(name, "asked."); ok {
			asked[skill] = form.Get(name)
		}
		if skill, ok := strings.CutPrefix(name, "skill."); ok {
			ratings[skill], _ = strconv.Atoi(form.Get(name)) // what is no number is no rating
		}
	}
	err = p.Registrar.RateSelf(c.Request().Context(), by, c.Param("code"), ratings, asked)
	if status, reason, _, ok := wrong(err); ok {
		return p.showRatings(c, by, status, RatingsPage{Form: form, Problem: reason})
	}
	if err != nil {
		return err
	}
	return p.back(c, "/home", "rated")
}
