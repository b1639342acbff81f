package intake

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// Completions reads the export of a learning system: a row for each completion,
// or a gradebook with a row for each learner and the grades of a module in each
// of some columns. In a gradebook an empty grade, or 0, is of someone who has not
// taken the module. A cell that cannot be read becomes its row's Problem, so that
// every wrong row is told at once.
func (s *Sheet) Completions(o Options) (rows []registrar.CompletionRow, warnings []string, err error) {
	r := &gradeReader{sheet: s, o: o, order: o.Dates}
	if err := r.lay(); err != nil {
		return nil, nil, err
	}
	for _, row := range s.Rows {
		if r.isPoints(row) {
			continue
		}
		rows = append(rows, r.read(row)...)
	}
	if r.empty > 0 {
		r.warnings = append(r.warnings, fmt.Sprintf("%d grades are empty or 0: not taken yet, passed over.", r.empty))
	}
	return rows, r.warnings, nil
}

// gradeReader reads one sheet of completions.
type gradeReader struct {
	sheet    *Sheet
	o        Options
	cols     columns
	grades   []gradeColumn
	order    Order
	points   Row // that says how many points there are, on a scale of points
	empty    int // grades that are not there yet
	warnings []string
}

// gradeColumn is a column with the grades of one module.
type gradeColumn struct {
	module string // "": as the row, or the file, says
	at     int    // -1: there are no grades
}

// lay finds out what is where.
func (r *gradeReader) lay() (err error) {
	var unknown []string
	if r.o.Columns != nil {
		r.cols, err = r.sheet.laid(completionNames, r.o.Columns)
	} else {
		r.cols, unknown, err = r.sheet.find(completionNames, r.o.Mapping)
	}
	if err != nil {
		return err
	}
	r.warnings = passedOver(unknown)
	for field, at := range r.cols {
		if module, ok := strings.CutPrefix(field, gradesOf); ok {
			r.grades = append(r.grades, gradeColumn{module, at})
		}
	}
	slices.SortFunc(r.grades, func(a, b gradeColumn) int { return a.at - b.at })
	need := []string{"email"}
	if len(r.grades) == 0 && r.o.Module == "" {
		need = append(need, "module")
	}
	if r.o.Day == "" {
		need = append(need, "date")
	}
	if err := r.cols.need(need...); err != nil {
		return err
	}
	if len(r.grades) == 0 {
		at, ok := r.cols["score"]
		if !ok {
			at = -1
		}
		r.grades = []gradeColumn{{"", at}}
	}
	if i := slices.IndexFunc(r.sheet.Rows, r.isPoints); i >= 0 {
		r.points = r.sheet.Rows[i]
	}
	return r.dates()
}

func (r *gradeReader) dates() (err error) {
	if r.order != OrderUnknown {
		return nil
	}
	dates := make([]string, len(r.sheet.Rows))
	for i, row := range r.sheet.Rows {
		dates[i] = r.cols.cell(row, "date")
	}
	r.order, err = dateOrder(dates)
	return err
}

// gradebook tells whether each row is of a learner, not of a completion.
func (r *gradeReader) gradebook() bool {
	_, named := r.cols["module"]
	return !named && (r.grades[0].module != "" || r.o.Scale != Percent)
}

// read reads the completions of a row.
func (r *gradeReader) read(row Row) []registrar.CompletionRow {
	var out []registrar.CompletionRow
	for _, g := range r.grades {
		c := registrar.CompletionRow{
			Row:      row.Number,
			Email:    r.cols.cell(row, "email"),
			Module:   cmp.Or(g.module, strings.TrimSpace(r.cols.cell(row, "module")), r.o.Module),
			Cohort:   cohortOf(r.cols.cell(row, "cohort"), r.o),
			Delivery: r.cols.cell(row, "delivery"),
		}
		var dateErr, scoreErr error
		if c.Score, c.Unit, scoreErr = r.grade(row, g.at); scoreErr == nil && r.gradebook() && (c.Score == "" || c.Score == "0") {
			r.empty++
			continue
		}
		if day := r.cols.cell(row, "date"); strings.TrimSpace(day) == "" && r.o.Day != "" {
			c.CompletedOn, dateErr = parseDate(r.o.Day, DayFirst)
		} else {
			c.CompletedOn, dateErr = parseDate(day, r.order)
		}
		c.Problem = problem(row.Number, dateErr, scoreErr)
		out = append(out, c)
	}
	return out
}

// problem is the first of the errors as a row's problem, nil if there is none.
func problem(row int, errs ...error) *registrar.RowProblem {
	for _, err := range errs {
		var refusal *issuer.Error
		if errors.As(err, &refusal) {
			return &registrar.RowProblem{Row: row, Field: refusal.Field, Reason: refusal.Reason}
		}
	}
	return nil
}
