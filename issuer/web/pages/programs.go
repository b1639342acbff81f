package pages

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// ProgramsPage is the data of "page/programs".
type ProgramsPage struct {
	Programs []registrar.Named
	MayAdd   bool
	Form     registrar.FileProgram // a new one, as typed
	Problem  string
}

// ProgramPage is the data of "page/program".
type ProgramPage struct{ Program *registrar.ProgramView }

func (p *Pages) programs(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showPrograms(c, by, http.StatusOK, ProgramsPage{})
}

func (p *Pages) showPrograms(c echo.Context, by issuer.Caller, status int, page ProgramsPage) error {
	programs, err := p.Registrar.Overseen(c.Request().Context(), by)
	if err != nil {
		return err
	}
	page.Programs, page.MayAdd = programs, by.Manages("")
	return p.show(c, status, "programs", "page/programs", page)
}

// addProgram begins a program and leads to where it is filled in.
func (p *Pages) addProgram(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	in := registrar.FileProgram{Code: form.Get("code"), Name: form.Get("name"), Purpose: form.Get("purpose")}
	result, err := p.Registrar.AddProgram(c.Request().Context(), by, in)
	if err == nil && len(result.Refused) > 0 {
		err = issuer.Wrong(result.Refused[0].Field, "%s", result.Refused[0].Reason)
	}
	if status, reason, _, ok := wrong(err); ok {
		return p.showPrograms(c, by, status, ProgramsPage{Form: in, Problem: reason})
	}
	if err != nil {
		return err
	}
	return p.back(c, editPath(in.Code), "program-added")
}

func (p *Pages) program(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Program(c.Request().Context(), by, c.Param("code"))
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "programs", "page/program", ProgramPage{view})
}
