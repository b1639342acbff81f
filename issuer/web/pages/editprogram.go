package pages

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/badge"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// EditProgramPage is the data of "page/editprogram": everything that a program
// is made of, and its file.
type EditProgramPage struct {
	Program registrar.FileProgram
	Edition string
	Parts   []EditList
	Problem string
	Wrong   []registrar.RowProblem // of a file that was read in
}

// EditList is what there is of one kind.
type EditList struct {
	Key   string
	Lines []EditLine
}

// Last is the place of the last of those that can be moved, -1 where their
// order is not for choosing.
func (l EditList) Last() int {
	if l.Key == "skills" || l.Key == "cohorts" {
		return -1
	}
	return len(l.Lines) - 1
}

// EditPartPage is the data of "page/editpart": the form of one thing.
type EditPartPage struct {
	Program registrar.FileProgram
	Edition string
	Part    string
	Code    string // "" for something new
	Name    string
	Fields  []EditField
	Retired bool
	Art     url.Values // asks for the picture, of an achievement
	Problem string
	Wrong   []registrar.RowProblem
}

// ProgramPreviewPage is the data of "page/programpreview": what an edit or a
// file is going to do, and the form that does it.
type ProgramPreviewPage struct {
	Program  registrar.FileProgram
	Action   string // where the form goes, below the base path
	Sent     []SentField
	Changes  []registrar.ProgramChange
	Warnings []registrar.RowProblem
	Whole    bool // it is of a file
	Place    bool // it is of where a part stands, or whether: there is no form to go back to
}

// SentField is one value of a form that waits to be confirmed.
type SentField struct{ Name, Value string }

// sent lists a form's values but the button that sent it.
func sent(form url.Values) []SentField {
	var out []SentField
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if name == "step" {
			continue
		}
		for _, v := range form[name] {
			out = append(out, SentField{name, v})
		}
	}
	return out
}

func editPath(program string, more ...string) string {
	path := "/programs/" + url.PathEscape(program) + "/edit"
	for _, m := range more {
		path += "/" + url.PathEscape(m)
	}
	return path
}

// programFile gives who asks and the program of the address as a file.
func (p *Pages) programFile(c echo.Context) (issuer.Caller, *registrar.ProgramFile, error) {
	by, err := web.CallerOf(c)
	if err != nil {
		return by, nil, err
	}
	file, err := p.Registrar.ProgramFile(c.Request().Context(), by, c.Param("code"))
	return by, file, err
}

func (p *Pages) editProgram(c echo.Context) error {
	_, file, err := p.programFile(c)
	if err != nil {
		return err
	}
	return p.showEdit(c, http.StatusOK, file, "", nil)
}

func (p *Pages) showEdit(c echo.Context, status int, file *registrar.ProgramFile, problem string, wrong []registrar.RowProblem) error {
	page := EditProgramPage{Program: file.Program, Edition: file.Edition, Problem: problem, Wrong: wrong}
	for _, part := range editParts {
		if part.lines != nil {
			page.Parts = append(page.Parts, EditList{part.key, part.lines(file)})
		}
	}
	return p.show(c, status, "programs", "page/editprogram", page)
}

// programYAML gives the program as a file to keep.
func (p *Pages) programYAML(c echo.Context) error {
	_, file, err := p.programFile(c)
	if err != nil {
		return err
	}
	text, err := intake.WriteProgram(file)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+file.Program.Code+`.yaml"`)
	return web.Bytes(c, "application/yaml", text)
}

// part finds the kind of thing that the address names.
func part(c echo.Context) (editPart, error) {
	i := slices.IndexFunc(editParts, func(p editPart) bool { return p.key == c.Param("part") })
	if i < 0 {
		return editPart{}, issuer.Refuse(issuer.NotFound, "There is no such part of a program.")
	}
	return editParts[i], nil
}

// partForm gives the form of what the address names, as it is now.
func (p *Pages) partForm(c echo.Context) (issuer.Caller, editPart, EditPartPage, error) {
	var page EditPartPage
	by, file, err := p.programFile(c)
	if err != nil {
		return by, editPart{}, page, err
	}
	part, err := part(c)
	if err != nil {
		return by, part, page, err
	}
	page = EditPartPage{Program: file.Program, Edition: file.Edition, Part: part.key, Code: c.Param("item")}
	if part.key == "program" {
		page.Code = file.Program.Code
	}
	fields, ok := part.fields(file, page.Code)
	if !ok {
		return by, part, page, issuer.Refuse(issuer.NotFound, "There is no such part of this program.")
	}
	page.Fields = fields
	if part.lines != nil {
		page.Retired = slices.ContainsFunc(part.lines(file), func(l EditLine) bool { return l.Code == page.Code && l.Retired })
	}
	for _, f := range fields {
		if f.Name == "name" {
			page.Name = f.Value
		}
	}
	if part.key == "achievements" {
		page.Art = artQuery(page.Code, fields)
	}
	return by, part, page, nil
}

// artQuery asks for the picture of an achievement as the form has it.
func artQuery(code string, fields []EditField) url.Values {
	query := url.Values{"code": {code}}
	for _, f := range fields {
		switch f.Name {
		case "code", "name", "award", "icon", "colour", "award.reviews":
			query.Set(f.Name, f.Value)
		case "award.all":
			query[f.Name] = f.Values
		}
	}
	return query
}

func (p *Pages) editPart(c echo.Context) error {
	_, _, page, err := p.partForm(c)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "programs", "page/editpart", page)
}

// savePart takes the form of one thing: first it shows what would happen, then
// it does it. "look" shows a badge as it would be drawn, "change" leads back to
// the form.
func (p *Pages) savePart(c echo.Context) error {
	by, part, page, err := p.partForm(c)
	if err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if page.Code != "" {
		form.Set("code", page.Code)
	}
	page.Fields = typed(page.Fields, form)
	if part.key == "achievements" {
		page.Art = artQuery(page.Code, page.Fields)
	}
	step := form.Get("step")
	if step == "look" || step == "change" || rubricStep(page.Fields, step) {
		return p.show(c, http.StatusOK, "programs", "page/editpart", page)
	}
	edit, err := part.read(form)
	var result *registrar.ImportResult
	if err == nil {
		edit.Edition, edit.New = form.Get("edition"), page.Code == ""
		result, err = p.Registrar.EditProgram(c.Request().Context(), by, page.Program.Code, edit, step != "save")
	}
	switch status, reason, field, mendable := wrong(err); {
	case mendable:
		page.Problem = reason
		return p.wrongPart(c, status, page, []registrar.RowProblem{{Field: field}})
	case err != nil:
		return err
	case len(result.Refused) > 0:
		page.Wrong = inForm(result.Refused)
		return p.wrongPart(c, http.StatusUnprocessableEntity, page, page.Wrong)
	case step == "save":
		return p.back(c, editPath(page.Program.Code), "changed")
	}
	return p.show(c, http.StatusOK, "programs", "page/programpreview", ProgramPreviewPage{Program: page.Program,
		Action: c.Request().URL.Path[len(p.BasePath):], Sent: sent(form), Changes: result.Changes, Warnings: result.Warnings})
}

// placePart moves a part of a program, retires it, takes it back or removes it.
// What nothing follows from is done at once; for the rest it shows first what
// follows.
func (p *Pages) placePart(c echo.Context) error {
	by, part, page, err := p.partForm(c)
	if err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	edit := registrar.ProgramEdit{Edition: form.Get("edition"), Place: &registrar.PartEdit{Part: part.key, Code: page.Code, Do: registrar.PartDeed(form.Get("do"))}}
	result, err := p.place(c, by, page.Program.Code, edit, form.Get("step") == "save")
	switch status, reason, _, mendable := wrong(err); {
	case mendable:
		return p.againEdit(c, status, reason, nil)
	case err != nil:
		return err
	case len(result.Refused) > 0:
		return p.againEdit(c, http.StatusUnprocessableEntity, "", result.Refused)
	case result.Written:
		return c.Redirect(http.StatusSeeOther, p.BasePath+editPath(page.Program.Code)+"?done=changed#"+url.PathEscape(part.key+"-"+page.Code))
	}
	return p.show(c, http.StatusOK, "programs", "page/programpreview", ProgramPreviewPage{Program: page.Program,
		Action: c.Request().URL.Path[len(p.BasePath):], Sent: sent(form), Changes: result.Changes, Warnings: result.Warnings, Place: true})
}

// place rehearses an edit, and does it if it was looked at or is an order and
// nothing else.
func (p *Pages) place(c echo.Context, by issuer.Caller, program string, edit registrar.ProgramEdit, save bool) (*registrar.ImportResult, error) {
	result, err := p.Registrar.EditProgram(c.Request().Context(), by, program, edit, !save)
	if err != nil || save || len(result.Refused) > 0 || len(result.Changes) != 1 || !result.Changes[0].Moved {
		return result, err
	}
	return p.Registrar.EditProgram(c.Request().Context(), by, program, edit, false)
}

// againEdit shows the program with what is wrong.
func (p *Pages) againEdit(c echo.Context, status int, problem string, wrong []registrar.RowProblem) error {
	_, file, err := p.programFile(c)
	if err != nil {
		return err
	}
	return p.showEdit(c, status, file, problem, wrong)
}

// wrongPart shows the form again, with what is wrong beside what was typed.
func (p *Pages) wrongPart(c echo.Context, status int, page EditPartPage, problems []registrar.RowProblem) error {
	for i := range page.Fields {
		f := &page.Fields[i]
		f.Wrong = slices.ContainsFunc(problems, func(w registrar.RowProblem) bool {
			rest, ok := strings.CutPrefix(w.Field, f.Name)
			return ok && (rest == "" || rest[0] == '[')
		})
	}
	return p.show(c, status, "programs", "page/editpart", page)
}

// inForm names what is wrong as the form does: without the place of the thing
// in the file.
func inForm(problems []registrar.RowProblem) []registrar.RowProblem {
	out := slices.Clone(problems)
	for i := range out {
		if field, ok := strings.CutPrefix(out[i].Field, "program."); ok {
			out[i].Field = field
		} else if _, field, ok := strings.Cut(out[i].Field, "]."); ok {
			out[i].Field = field
		}
	}
	return out
}

// readFile takes a program's file: first it shows what would happen, then it
// does it. The address of a program takes its file alone.
func (p *Pages) readFile(c echo.Context) error {
	by, form, upload, err := web.Uploaded(c)
	if err != nil {
		return err
	}
	now, err := p.Registrar.ProgramFile(c.Request().Context(), by, c.Param("code"))
	if err != nil {
		return err
	}
	if len(upload) == 0 {
		upload = []byte(form.Get("yaml"))
	}
	file, err := intake.Program(upload)
	if err == nil && file.Program.Code != now.Program.Code {
		err = issuer.Wrong("file", "This file is of the program “%s”; open that one, or change the code in the file.", short(file.Program.Code))
	}
	var result *registrar.ImportResult
	if err == nil {
		file.Edition = form.Get("edition")
		result, err = p.Registrar.ImportProgram(c.Request().Context(), by, file, form.Get("step") != "save")
	}
	switch status, reason, _, mendable := wrong(err); {
	case mendable:
		return p.showEdit(c, status, now, reason, nil)
	case err != nil:
		return err
	case len(result.Refused) > 0:
		return p.showEdit(c, http.StatusUnprocessableEntity, now, "", result.Refused)
	case result.Written:
		return p.back(c, editPath(now.Program.Code), "changed")
	}
	text, err := intake.WriteProgram(file)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "programs", "page/programpreview", ProgramPreviewPage{Program: now.Program, Action: editPath(now.Program.Code), Whole: true,
		Sent: []SentField{{"edition", now.Edition}, {"yaml", string(text)}}, Changes: result.Changes, Warnings: result.Warnings})
}

// short keeps what a file says short enough for a sentence.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// previewSize is how wide a picture of a badge in the making is, in pixels.
const previewSize = 512

// previewArt draws the badge that a form describes: as the picture that it
// would get, with the year of today.
func (p *Pages) previewArt(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	query := c.QueryParams()
	a, _ := readAchievement(query) // a number or badge that is missing is drawn without
	ref, err := p.Registrar.ArtOf(c.Request().Context(), by, c.Param("code"), *a)
	if err != nil {
		return err
	}
	art := badge.Art{Kind: ref.Art.Kind, Ring: ref.Art.Ring, Icon: ref.Art.Icon, Inks: badge.InksNamed(ref.Art.Ink, ref.Program.Code), Code: ref.Code, Name: ref.Name, Year: p.now().Year()}
	switch c.Param("file") {
	case "badge.svg":
		return web.Bytes(c, "image/svg+xml", badge.SVG(art))
	case "badge.png":
		body, err := badge.PNG(art, previewSize)
		if err != nil {
			return err
		}
		return web.Bytes(c, "image/png", body)
	}
	return issuer.Refuse(issuer.NotFound, "There is no such picture.")
}
