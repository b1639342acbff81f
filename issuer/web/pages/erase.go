package pages

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// ErasePage is the data of "page/erase": what goes and what stays, and the words
// to type before it is done.
type ErasePage struct {
	Erasure *registrar.Erasure
	Mine    bool // the reader is the one
	Action  string
	Typed   string
	Problem string
}

func (p *Pages) eraseMe(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showErase(c, http.StatusOK, by, by.Person, "", "")
}

func (p *Pages) erasePerson(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showErase(c, http.StatusOK, by, personID(c), "", "")
}

func (p *Pages) showErase(c echo.Context, status int, by issuer.Caller, id issuer.PersonID, typed, problem string) error {
	e, err := p.Registrar.Erasure(c.Request().Context(), by, id)
	if err != nil {
		return err
	}
	page := ErasePage{Erasure: e, Mine: by.Person == id, Action: "/people/" + string(id) + "/erase", Typed: typed, Problem: problem}
	if page.Mine {
		page.Action = "/erase"
	}
	return p.show(c, status, "people", "page/erase", page)
}

func (p *Pages) doEraseMe(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	return p.eraseTyped(c, by, by.Person, form, "/")
}

func (p *Pages) doErasePerson(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	next := "/people"
	if by.Person == personID(c) {
		next = "/"
	}
	return p.eraseTyped(c, by, personID(c), form, next)
}

// eraseTyped erases a person whose address was typed as it stands on the page.
// People who erase themselves confirm that it is them: a browser that was left
// open is no reason to be gone for good.
func (p *Pages) eraseTyped(c echo.Context, by issuer.Caller, id issuer.PersonID, form url.Values, next string) error {
	typed := form.Get("address")
	e, err := p.Registrar.Erasure(c.Request().Context(), by, id)
	if err != nil {
		return err
	}
	if !strings.EqualFold(strings.TrimSpace(typed), e.Sign()) {
		return p.showErase(c, http.StatusUnprocessableEntity, by, id, typed, "What you typed is not "+e.Sign()+"; nothing was erased.")
	}
	if by.Person == id {
		if _, done, err := p.confirmed(c, by, form); !done {
			return err
		}
	}
	err = p.Registrar.ErasePerson(c.Request().Context(), by, id)
	if status, reason, _, ok := wrong(err); ok {
		return p.showErase(c, status, by, id, typed, reason)
	}
	if err != nil {
		return err
	}
	if by.Person == id {
		if err := p.Signin.End(c.Request().Context()); err != nil {
			return err
		}
	}
	return p.back(c, next, "erased")
}
