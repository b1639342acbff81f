package pages

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// ProgramVersionsPage is the data of "page/programversions": what the program
// said after each change, the newest first.
type ProgramVersionsPage struct {
	Program registrar.FileProgram
	List    []registrar.ProgramVersionView
	Next    url.Values
}

// ProgramVersionPage is the data of "page/programversion": one of them.
type ProgramVersionPage struct {
	Program registrar.FileProgram
	Version *registrar.ProgramVersionView
	Problem string
	Wrong   []registrar.RowProblem
}

func (p *Pages) programVersions(c echo.Context) error {
	by, file, err := p.programFile(c)
	if err != nil {
		return err
	}
	list, err := p.Registrar.ProgramVersions(c.Request().Context(), by, c.Param("code"), registrar.Page{Cursor: c.QueryParam("after")})
	if err != nil {
		return err
	}
	page := ProgramVersionsPage{Program: file.Program, List: list.Items}
	if list.Next != "" {
		page.Next = url.Values{"after": {list.Next}}
	}
	return p.show(c, http.StatusOK, "programs", "page/programversions", page)
}

// version reads the version that the address names.
func (p *Pages) version(c echo.Context) (issuer.Caller, ProgramVersionPage, error) {
	by, file, err := p.programFile(c)
	if err != nil {
		return by, ProgramVersionPage{}, err
	}
	v, err := p.Registrar.ProgramVersion(c.Request().Context(), by, c.Param("code"), versionNumber(c))
	return by, ProgramVersionPage{Program: file.Program, Version: v}, err
}

// versionNumber is the number in the address; 0, which no version has, if it is
// none.
func versionNumber(c echo.Context) int {
	n, err := strconv.Atoi(c.Param("number"))
	if err != nil {
		return 0
	}
	return n
}

func (p *Pages) programVersion(c echo.Context) error {
	_, page, err := p.version(c)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "programs", "page/programversion", page)
}

// versionYAML gives a version as a file to keep.
func (p *Pages) versionYAML(c echo.Context) error {
	_, page, err := p.version(c)
	if err != nil {
		return err
	}
	text, err := intake.WriteProgram(page.Version.File)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+page.Program.Code+"-"+strconv.Itoa(page.Version.Number)+`.yaml"`)
	return web.Bytes(c, "application/yaml", text)
}

// putBack brings the program back to a version: first it shows what would
// happen, then it does it.
func (p *Pages) putBack(c echo.Context) error {
	by, page, err := p.version(c)
	if err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	result, err := p.Registrar.PutBackProgram(c.Request().Context(), by, page.Program.Code, page.Version.Number, form.Get("edition"), form.Get("step") != "save")
	switch status, reason, _, mendable := wrong(err); {
	case mendable:
		page.Problem = reason
		return p.show(c, status, "programs", "page/programversion", page)
	case err != nil:
		return err
	case len(result.Refused) > 0:
		page.Wrong = result.Refused
		return p.show(c, http.StatusUnprocessableEntity, "programs", "page/programversion", page)
	case result.Written:
		return p.back(c, editPath(page.Program.Code), "changed")
	}
	return p.show(c, http.StatusOK, "programs", "page/programpreview", ProgramPreviewPage{Program: page.Program,
		Action: c.Request().URL.Path[len(p.BasePath):], Sent: sent(form), Changes: result.Changes, Warnings: result.Warnings, Place: true})
}
