package pages

import (
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// PeoplePage is the data of "page/people".
type PeoplePage struct {
	People    *registrar.PeopleView
	Filter    registrar.PeopleFilter
	Filtered  bool
	Programs  []registrar.Named // that the caller manages
	Cohorts   []registrar.Named // of them
	Roles     []issuer.Role     // to filter by
	Grantable []string          // keys of the group "grantable"
	Form      registrar.NewPerson
	Problem   string
	Next      url.Values // asks for the next page, nil at the end
	Admin     bool       // of the installation

	Few  bool            // places: each person has the form of one more role
	Give issuer.PersonID // who alone has it where there are many
	Here url.Values      // the query of this page
}

// fewPlaces is how many programs and cohorts may stand in a form for each person.
const fewPlaces = 30

func (p *Pages) people(c echo.Context) error {
	return p.showPeople(c, http.StatusOK, registrar.NewPerson{}, "")
}

// showPeople shows the list under the filter of the query, and the form for
// one more person with what was typed into it.
func (p *Pages) showPeople(c echo.Context, status int, form registrar.NewPerson, problem string) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	page := PeoplePage{
		Filter: registrar.PeopleFilter{Page: registrar.Page{Cursor: c.QueryParam("after")}, Search: strings.TrimSpace(c.QueryParam("q")),
			Cohort: c.QueryParam("cohort"), Role: issuer.Role(c.QueryParam("role")), NeverIn: c.QueryParam("never") != ""},
		Roles:     []issuer.Role{issuer.Learner, issuer.Mentor, issuer.Owner, issuer.Admin, issuer.Sponsor},
		Grantable: []string{"lead", "community", "learner", "sponsor", "owner", "admin"}, Form: form, Problem: problem, Admin: by.Manages(""),
	}
	page.Filtered = page.Filter.Search != "" || page.Filter.Cohort != "" || page.Filter.Role != "" || page.Filter.NeverIn
	if page.People, err = p.Registrar.People(c.Request().Context(), by, page.Filter); err != nil {
		return err
	}
	managed, err := p.Registrar.Managed(c.Request().Context(), by)
	if err != nil {
		return err
	}
	page.Programs, page.Cohorts = managed.Programs, managed.Cohorts
	page.Few, page.Give = len(page.Programs)+len(page.Cohorts) <= fewPlaces, issuer.PersonID(c.QueryParam("give"))
	page.Here = maps.Clone(c.QueryParams())
	page.Here.Del("give")
	page.Here.Del("done")
	if page.People.Next != "" {
		page.Next = url.Values{"after": {page.People.Next}, "q": {page.Filter.Search}, "cohort": {page.Filter.Cohort}, "role": {string(page.Filter.Role)}}
		if page.Filter.NeverIn {
			page.Next.Set("never", "yes")
		}
	}
	return p.show(c, status, "people", "page/people", page)
}

func (p *Pages) addPerson(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	in := registrar.NewPerson{Email: form.Get("email"), Name: form.Get("name"), Department: form.Get("department")}
	person, err := p.Registrar.AddPerson(c.Request().Context(), by, in)
	if err == nil && form.Get("cohort") != "" {
		_, err = p.Registrar.Enroll(c.Request().Context(), by, registrar.PersonRef{ID: person.ID}, form.Get("cohort"))
	}
	if status, reason, _, ok := wrong(err); ok {
		return p.showPeople(c, status, in, reason)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/people", "added")
}

func (p *Pages) grant(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	ctx, person := c.Request().Context(), issuer.PersonID(c.Param("id"))
	in, err := grantOf(person, form)
	if err == nil && in.Role == issuer.Learner {
		_, err = p.Registrar.Enroll(ctx, by, registrar.PersonRef{ID: person}, in.Cohort)
	} else if err == nil {
		_, err = p.Registrar.GrantRole(ctx, by, in)
	}
	if status, reason, _, ok := wrong(err); ok {
		return p.showPeople(c, status, registrar.NewPerson{}, reason)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/people", "granted")
}

// grantOf reads the form of a role: mentors and learners are in a cohort,
// the others in a program.
func grantOf(person issuer.PersonID, form url.Values) (registrar.NewGrant, error) {
	in := registrar.NewGrant{Person: person, Role: issuer.Role(form.Get("role"))}
	kind, code, _ := strings.Cut(form.Get("where"), ":")
	switch in.Role {
	case "lead", "community":
		in.Role, in.Tier, in.Cohort = issuer.Mentor, issuer.Tier(in.Role), code
	case issuer.Learner:
		in.Cohort = code
	default:
		in.Program = code
	}
	switch {
	case in.Cohort != "" && kind != "cohort":
		return in, issuer.Wrong("where", "Choose a cohort for this role.")
	case in.Program != "" && kind != "program":
		return in, issuer.Wrong("where", "Choose a program for this role.")
	}
	return in, nil
}

func (p *Pages) removeGrant(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if err := p.Registrar.RemoveGrant(c.Request().Context(), by, issuer.GrantID(c.Param("grant"))); err != nil {
		return err
	}
	return p.back(c, "/people", "removed")
}
