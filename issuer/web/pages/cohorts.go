package pages

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// CohortPage is the data of "page/cohort": a cohort, who is in it and how
// others come in.
type CohortPage struct {
	Cohort  *registrar.CohortDetail
	Next    url.Values // asks for the next page of the roster, nil at the end
	Form    registrar.PersonRow
	Places  string // of a link, as typed
	Days    string
	Problem string
	Link    string       // that was just made; it is shown this once
	Upload  *RosterCheck // a file that was read and is not written yet

	MentorEmail, MentorTier string // of a new mentor, as typed
}

// RosterCheck is what a roster would do.
type RosterCheck struct {
	Result   *registrar.ImportResult
	Warnings []string
	File     string // the file, in base 64, to send back
}

func (p *Pages) cohort(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showCohort(c, by, http.StatusOK, CohortPage{})
}

func (p *Pages) showCohort(c echo.Context, by issuer.Caller, status int, page CohortPage) (err error) {
	page.Cohort, err = p.Registrar.Cohort(c.Request().Context(), by, c.Param("code"), issuer.PersonID(c.QueryParam("after")))
	if err != nil {
		return err
	}
	if page.Cohort.Next != "" {
		page.Next = url.Values{"after": {string(page.Cohort.Next)}}
	}
	if page.Places == "" && page.Days == "" {
		page.Places, page.Days = "30", "14"
	}
	return p.show(c, status, "programs", "page/cohort", page)
}

// cohortDone leads back to the cohort, or shows what is wrong beside what was
// typed.
func (p *Pages) cohortDone(c echo.Context, by issuer.Caller, err error, page CohortPage, done string) error {
	if status, reason, _, ok := wrong(err); ok {
		page.Problem = reason
		return p.showCohort(c, by, status, page)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/cohorts/"+url.PathEscape(c.Param("code")), done)
}

// enroll puts one person into the cohort; they are added if they are new.
func (p *Pages) enroll(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	row := registrar.PersonRow{Row: 1, Email: form.Get("email"), Name: form.Get("name"), Department: form.Get("department"), Cohort: c.Param("code")}
	result, err := p.Registrar.ImportPeople(c.Request().Context(), by, []registrar.PersonRow{row}, registrar.ImportOptions{})
	if err == nil && len(result.Refused) > 0 {
		err = issuer.Wrong(result.Refused[0].Field, "%s", result.Refused[0].Reason)
	}
	return p.cohortDone(c, by, err, CohortPage{Form: row}, "enrolled")
}

// readRoster takes a roster as CSV: first it shows what would happen, then it
// does it, but for the rows that are wrong.
func (p *Pages) readRoster(c echo.Context) error {
	by, form, upload, err := web.Uploaded(c)
	if err != nil {
		return err
	}
	if len(upload) == 0 {
		if upload, err = base64.StdEncoding.DecodeString(form.Get("roster")); err != nil {
			return issuer.Refuse(issuer.Invalid, "The form could not be read.")
		}
	}
	save := form.Get("step") == "save"
	check := &RosterCheck{File: base64.StdEncoding.EncodeToString(upload)}
	sheet, err := intake.ReadSheet(upload)
	var rows []registrar.PersonRow
	if err == nil {
		rows, check.Warnings, err = sheet.People(intake.Options{Cohort: c.Param("code")})
	}
	if err == nil {
		check.Result, err = p.Registrar.ImportPeople(c.Request().Context(), by, rows, registrar.ImportOptions{DryRun: !save, SkipWrong: true})
	}
	if err != nil || save {
		return p.cohortDone(c, by, err, CohortPage{}, "enrolled")
	}
	return p.showCohort(c, by, http.StatusOK, CohortPage{Upload: check})
}

func (p *Pages) removeLearner(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	err = p.Registrar.RemoveLearner(c.Request().Context(), by, c.Param("code"), issuer.PersonID(strings.ToUpper(c.Param("person"))))
	return p.cohortDone(c, by, err, CohortPage{}, "unenrolled")
}

// addJoinLink makes a link to join by, which is shown this once.
func (p *Pages) addJoinLink(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	page := CohortPage{Places: form.Get("places"), Days: form.Get("days")}
	n := numbers{form: form}
	places, days := n.of("places"), n.of("days")
	if n.err != nil {
		return p.cohortDone(c, by, n.err, page, "")
	}
	secret, err := p.Registrar.AddJoinLink(c.Request().Context(), by, c.Param("code"), places, days)
	if err != nil {
		return p.cohortDone(c, by, err, page, "")
	}
	page.Link = p.Registrar.BaseURL + "/join?" + url.Values{"t": {secret}}.Encode()
	return p.showCohort(c, by, http.StatusOK, page)
}

func (p *Pages) closeJoinLink(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	err = p.Registrar.CloseJoinLink(c.Request().Context(), by, c.Param("code"), issuer.JoinLinkID(c.Param("link")))
	return p.cohortDone(c, by, err, CohortPage{}, "link-closed")
}
