package pages

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// ProgramsPage is the data of "page/programs".
type ProgramsPage struct{ Programs []registrar.Named }

// ProgramPage is the data of "page/program".
type ProgramPage struct{ Program *registrar.ProgramView }

func (p *Pages) programs(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Home(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "programs", "page/programs", ProgramsPage{view.Programs})
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
