package intake

import (
	"errors"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// Completions reads the export of a learning system. A cell that cannot be
// read becomes its row's Problem, so that every wrong row is told at once.
func (s *Sheet) Completions(o Options) (rows []registrar.CompletionRow, warnings []string, err error) {
	cols, unknown, err := s.find(completionNames, o.Mapping)
	if err != nil {
		return nil, nil, err
	}
	if err := cols.need("email", "module", "date"); err != nil {
		return nil, nil, err
	}
	order := o.Dates
	if order == OrderUnknown {
		dates := make([]string, len(s.Rows))
		for i, r := range s.Rows {
			dates[i] = cols.cell(r, "date")
		}
		if order, err = dateOrder(dates); err != nil {
			return nil, nil, err
		}
	}
	for _, r := range s.Rows {
		c := registrar.CompletionRow{
			Row:    r.Number,
			Email:  cols.cell(r, "email"),
			Module: strings.TrimSpace(cols.cell(r, "module")),
			Cohort: cohortOf(cols.cell(r, "cohort"), o),
		}
		var dateErr, scoreErr error
		c.CompletedOn, dateErr = parseDate(cols.cell(r, "date"), order)
		c.Score, c.Unit, scoreErr = parseGrade(cols.cell(r, "score"))
		c.Problem = problem(r.Number, dateErr, scoreErr)
		rows = append(rows, c)
	}
	return rows, passedOver(unknown), nil
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
