package pages

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// PersonPage is the data of "page/person": what can be put right about someone,
// and the badges that would follow.
type PersonPage struct {
	Person  *registrar.PersonDetail
	Form    registrar.Correction // what was typed
	Problem string
	Wrong   string
	Runs    bool // the reader runs the installation: may take all that is known of them, and erase them
}

func personPage(by issuer.Caller, d *registrar.PersonDetail) PersonPage {
	return PersonPage{Person: d, Form: registrar.Correction{Name: d.Name, Email: d.Email}, Runs: by.Manages("")}
}

func personID(c echo.Context) issuer.PersonID {
	return issuer.PersonID(strings.ToUpper(c.Param("id")))
}

func (p *Pages) person(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Person(c.Request().Context(), by, personID(c))
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "people", "page/person", personPage(by, view))
}

func (p *Pages) correctPerson(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	in := registrar.Correction{Name: form.Get("name"), Email: form.Get("email")}
	_, err = p.Registrar.CorrectPerson(c.Request().Context(), by, personID(c), in)
	return p.personDone(c, by, err, in, "corrected")
}

func (p *Pages) reissueOutdated(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	_, err = p.Registrar.ReissueOutdated(c.Request().Context(), by, personID(c), form.Get("reason"))
	return p.personDone(c, by, err, registrar.Correction{}, "reissued")
}

// personDone leads back to the person, or shows what is wrong beside what was
// typed.
func (p *Pages) personDone(c echo.Context, by issuer.Caller, err error, in registrar.Correction, done string) error {
	status, reason, field, mendable := wrong(err)
	if !mendable {
		if err != nil {
			return err
		}
		return p.back(c, "/people/"+string(personID(c)), done)
	}
	view, err := p.Registrar.Person(c.Request().Context(), by, personID(c))
	if err != nil {
		return err
	}
	page := personPage(by, view)
	page.Problem, page.Wrong = reason, field
	if in.Name != "" || in.Email != "" {
		page.Form = in
	}
	return p.show(c, status, "people", "page/person", page)
}

// sendLink mails a sign-in link to the person.
func (p *Pages) sendLink(c echo.Context) error {
	by, _, err := web.Posted(c)
	if err != nil {
		return err
	}
	return p.personDone(c, by, p.Signin.Send(c.Request().Context(), by, personID(c)), registrar.Correction{}, "link-sent")
}
