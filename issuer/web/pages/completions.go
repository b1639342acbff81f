package pages

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// CompletionsPage is the data of "page/completions": what was completed in a
// cohort, and how more is recorded.
type CompletionsPage struct {
	Record     *registrar.CohortRecord
	Next       url.Values // asks for the next page of the list, nil at the end
	Deliveries []issuer.Delivery
	Form       url.Values // as typed
	Problem    string
	Field      string // that is wrong
	Warnings   []string
}

// CompletionsFilePage is the data of "page/completionsfile": a file that was read,
// what its columns are taken for, and what it would do.
type CompletionsFilePage struct {
	Record   *registrar.CohortRecord
	Kind     string // learning system that it seems to come from, "" for none
	Columns  []FileColumn
	Fields   []string // that a column can be, beside the grades of a module
	Module   string
	Day      string
	Scale    intake.Scale
	Order    intake.Order
	File     string // in base 64, to send back
	Problem  string
	Field    string
	Warnings []string
	Result   *registrar.ImportResult // nil: it cannot be told yet
}

// FileColumn is a column of a file.
type FileColumn struct {
	Name    string
	Example string // of its first rows
	Field   string
}

// columnFields are what a column of a file for one cohort can be.
var columnFields = []string{"email", "module", "date", "score", "delivery"}

func completionsPath(cohort string, more ...string) string {
	path := "/cohorts/" + url.PathEscape(cohort) + "/completions"
	for _, m := range more {
		path += "/" + url.PathEscape(m)
	}
	return path
}

func (p *Pages) completions(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showCompletions(c, by, http.StatusOK, CompletionsPage{})
}

func (p *Pages) showCompletions(c echo.Context, by issuer.Caller, status int, page CompletionsPage) (err error) {
	f := registrar.CompletionFilter{Page: registrar.Page{Cursor: c.QueryParam("before")}, Person: issuer.PersonID(c.QueryParam("person")), Module: c.QueryParam("module")}
	if page.Record, err = p.Registrar.CohortRecord(c.Request().Context(), by, c.Param("code"), f); err != nil {
		return err
	}
	if page.Record.Next != "" {
		page.Next = url.Values{"before": {page.Record.Next}, "person": {string(f.Person)}, "module": {f.Module}}
	}
	if page.Form == nil {
		page.Form = url.Values{}
	}
	page.Deliveries = issuer.Deliveries
	return p.show(c, status, "programs", "page/completions", page)
}

// recordCompletion records one completion by hand.
func (p *Pages) recordCompletion(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	in := completionIn(form)
	in.Cohort, in.Source = c.Param("code"), "hand"
	if in.Person.ID == "" {
		err = issuer.Wrong("person", "Choose who completed it.")
	}
	var result *registrar.CompletionResult
	if err == nil {
		result, err = p.Registrar.RecordCompletion(c.Request().Context(), by, in)
	}
	if status, reason, field, ok := wrong(err); ok {
		return p.showCompletions(c, by, status, CompletionsPage{Form: form, Problem: reason, Field: field})
	}
	if err != nil {
		return err
	}
	switch {
	case !result.Recorded:
		return p.back(c, completionsPath(c.Param("code")), "completion-known")
	case len(result.Credentials) > 0:
		return p.back(c, completionsPath(c.Param("code")), "completion-badges")
	}
	return p.back(c, completionsPath(c.Param("code")), "completion")
}

// completionIn reads a completion as a form has it.
func completionIn(form url.Values) registrar.NewCompletion {
	in := registrar.NewCompletion{Person: registrar.PersonRef{ID: issuer.PersonID(form.Get("person"))}, Module: form.Get("module"),
		CompletedAt: form.Get("day"), Score: form.Get("score"), Delivery: form.Get("delivery"), Note: form.Get("note")}
	if in.Score != "" {
		in.Unit = "percent"
	}
	return in
}

// readCompletions takes a file of completions: first it shows what the columns are
// taken for and what would be recorded, which can be changed; then it is recorded,
// but for the rows that are wrong.
func (p *Pages) readCompletions(c echo.Context) error {
	by, form, upload, err := web.Uploaded(c)
	if err != nil {
		return err
	}
	page := CompletionsFilePage{Fields: columnFields}
	if page.Record, err = p.Registrar.CohortRecord(c.Request().Context(), by, c.Param("code"), registrar.CompletionFilter{}); err != nil {
		return err
	}
	fresh := len(upload) > 0
	if !fresh {
		if upload, err = base64.StdEncoding.DecodeString(form.Get("table")); err != nil {
			return issuer.Refuse(issuer.Invalid, "The form could not be read.")
		}
	}
	sheet, err := intake.ReadSheet(upload)
	if status, reason, _, ok := wrong(err); ok {
		return p.showCompletions(c, by, status, CompletionsPage{Problem: reason, Field: "file"})
	}
	if err != nil {
		return err
	}
	page.File = base64.StdEncoding.EncodeToString(upload)
	how := page.read(sheet, form, fresh)
	save := form.Get("step") == "save"
	rows, warnings, err := sheet.Completions(how)
	if page.Warnings = warnings; err == nil {
		page.Result, err = p.Registrar.ImportCompletions(c.Request().Context(), by, rows,
			registrar.ImportOptions{DryRun: !save, SkipWrong: true, Notify: form.Get("notify") != ""})
	}
	status, reason, field, mendable := wrong(err)
	switch {
	case mendable && fresh: // it has not been said yet what is what
		status = http.StatusOK
		fallthrough
	case mendable:
		page.Problem, page.Field = reason, field
		return p.show(c, status, "programs", "page/completionsfile", page)
	case err != nil:
		return err
	case save:
		return p.back(c, completionsPath(c.Param("code")), "completions")
	}
	return p.show(c, http.StatusOK, "programs", "page/completionsfile", page)
}

// read fills in what the columns of a sheet are: as guessed of a file that has
// just come, else as the form says.
func (page *CompletionsFilePage) read(sheet *intake.Sheet, form url.Values, fresh bool) intake.Options {
	var modules []intake.Module
	for _, m := range page.Record.Modules {
		modules = append(modules, intake.Module{Code: m.Code, Name: m.Name})
	}
	how, kind := sheet.Guess(modules)
	page.Kind = kind
	if !fresh {
		how.Module, how.Day, how.Scale, how.Dates = form.Get("module"), form.Get("day"), intake.Scale(form.Get("scale")), intake.Order(form.Get("order"))
		for i := range how.Columns {
			how.Columns[i] = form.Get("column" + strconv.Itoa(i))
		}
	}
	for i, name := range sheet.Header {
		if how.Columns[i] == "cohort" { // all are of the cohort whose page it is
			how.Columns[i] = ""
		}
		page.Columns = append(page.Columns, FileColumn{short(name), example(sheet, i), how.Columns[i]})
	}
	how.Cohort = page.Record.Cohort.ID
	page.Module, page.Day, page.Scale, page.Order = how.Module, how.Day, how.Scale, how.Dates
	return how
}

// example is the first value of a column.
func example(sheet *intake.Sheet, column int) string {
	value := ""
	for _, row := range sheet.Rows[:min(5, len(sheet.Rows))] {
		if column < len(row.Cells) {
			value = cmp.Or(value, row.Cells[column])
		}
	}
	return short(value)
}

// CompletionPage is the data of "page/completion": one completion, and how it is
// corrected or withdrawn.
type CompletionPage struct {
	Record     *registrar.CohortRecord
	Completion *registrar.CompletionDetail
	Deliveries []issuer.Delivery
	Form       url.Values
	Would      *registrar.CompletionFix // what a correction or withdrawal would do, before it is done
	Withdraw   bool                     // it is a withdrawal
	Sent       []SentField
	Problem    string
	Field      string
}

func (p *Pages) completion(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showCompletion(c, by, http.StatusOK, CompletionPage{})
}

func (p *Pages) showCompletion(c echo.Context, by issuer.Caller, status int, page CompletionPage) (err error) {
	ctx := c.Request().Context()
	if page.Completion, err = p.Registrar.Completion(ctx, by, issuer.CompletionID(c.Param("completion"))); err != nil {
		return err
	}
	of := page.Completion
	if of.Cohort.Code != c.Param("code") && of.Cohort.ID != c.Param("code") {
		return issuer.Refuse(issuer.NotFound, "There is no such completion in this cohort.")
	}
	if page.Record, err = p.Registrar.CohortRecord(ctx, by, of.Cohort.ID, registrar.CompletionFilter{Page: registrar.Page{Limit: 1}}); err != nil {
		return err
	}
	if page.Form == nil {
		page.Form = url.Values{"person": {string(of.Person.ID)}, "module": {of.Module.Code}, "day": {string(of.CompletedOn)}, "score": {of.Score},
			"delivery": {string(of.Delivery)}, "note": {of.Note}}
	}
	page.Deliveries = issuer.Deliveries
	return p.show(c, status, "programs", "page/completion", page)
}

// fixCompletion corrects or withdraws a completion: first it shows what becomes
// of badges, then it does it.
func (p *Pages) fixCompletion(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	page := CompletionPage{Withdraw: form.Get("act") == "withdraw", Sent: sent(form)}
	if !page.Withdraw {
		page.Form = form
	}
	id, reason, ctx := issuer.CompletionID(c.Param("completion")), form.Get("reason"), c.Request().Context()
	save := form.Get("step") == "save"
	if page.Withdraw {
		page.Would, err = p.Registrar.WithdrawCompletion(ctx, by, id, reason, !save)
	} else {
		page.Would, err = p.Registrar.CorrectCompletion(ctx, by, id, completionIn(form), reason, !save)
	}
	if status, reason, field, ok := wrong(err); ok {
		page.Problem, page.Field = reason, field
		return p.showCompletion(c, by, status, page)
	}
	if err != nil {
		return err
	}
	if save {
		return p.back(c, completionsPath(c.Param("code")), map[bool]string{true: "completion-withdrawn", false: "completion-corrected"}[page.Withdraw])
	}
	return p.showCompletion(c, by, http.StatusOK, page)
}
