package registrar

import (
	"context"
	"errors"

	"hallmark/issuer"
)

// ImportCompletions records the rows of an LMS export and issues what they
// earn. It mails no one unless asked to.
func (r *Registrar) ImportCompletions(ctx context.Context, by issuer.Caller, rows []CompletionRow, o ImportOptions) (*ImportResult, error) {
	return rehearsed(act(ctx, r, by, "completions.import", "", func(w *work) (*ImportResult, error) {
		if err := w.mayRecordAny(); err != nil {
			return nil, err
		}
		i := &completionsImport{rowImport: rowImport{work: w, options: o, result: &ImportResult{Rows: len(rows)}}, book: w.book()}
		if err := i.lock(rows); err != nil {
			return nil, err
		}
		for n, row := range rows {
			if err := i.row(ctx, row); err != nil {
				return nil, err
			}
			i.progress(n+1, len(rows))
		}
		i.note("credentials", i.result.Credentials)
		return i.finish()
	}))
}

type completionsImport struct {
	rowImport
	book *book
}

// lock holds everyone the rows are about, in one go and in one order.
func (i *completionsImport) lock(rows []CompletionRow) error {
	var addresses []string
	for _, row := range rows {
		if address, _, err := issuer.NormalEmail(row.Email); err == nil {
			addresses = append(addresses, address)
		}
	}
	var people []issuer.PersonID
	for len(addresses) > 0 {
		n := min(len(addresses), 500)
		emails, err := i.EmailsNamed(addresses[:n]...)
		if err != nil {
			return err
		}
		for _, e := range emails {
			people = append(people, e.PersonID)
		}
		addresses = addresses[n:]
	}
	return i.LockPeople(people...)
}

func (i *completionsImport) row(ctx context.Context, row CompletionRow) error {
	p, err := i.read(row)
	if err != nil {
		return i.refuse(row.Row, err)
	}
	i.warn(row.Row, "date", p.warnings...)
	added, err := i.AddCompletionOnce(&p.Completion)
	if err != nil {
		return err
	}
	i.rowImport.count(added, false)
	if !added {
		return nil
	}
	path, err := cached(i.book.paths, p.ProgramID, func() (*path, error) { return i.path(p.ProgramID) })
	if err != nil {
		return err
	}
	path.quiet = !i.options.Notify
	awards, err := i.earnByCompletion(i.book, p)
	i.result.Credentials += len(awards)
	return err
}

func (i *completionsImport) read(row CompletionRow) (*prepared, error) {
	if row.Problem != nil {
		return nil, issuer.Wrong(row.Problem.Field, "%s", row.Problem.Reason)
	}
	address, warnings, err := issuer.NormalEmail(row.Email)
	if err != nil {
		return nil, err
	}
	i.warn(row.Row, "email", warnings...)
	if _, err := issuer.ParseDay(string(row.CompletedOn)); err != nil {
		return nil, issuer.Wrong("date", "%s", err.Error())
	}
	p, err := i.book.prepare(NewCompletion{Person: PersonRef{Email: address}, Module: row.Module, Cohort: row.Cohort,
		CompletedAt: string(row.CompletedOn), Score: row.Score, Unit: row.Unit, Source: "import"})
	return p, inRow(err)
}

// inRow names the columns of a file where an act names its inputs.
func inRow(err error) error {
	var refusal *issuer.Error
	if !errors.As(err, &refusal) || refusal.Kind != issuer.Invalid {
		return err
	}
	column := map[string]string{"person": "email", "completedAt": "date", "score.value": "score", "score.unit": "score"}[refusal.Field]
	if column == "" {
		return err
	}
	return issuer.Wrong(column, "%s", refusal.Reason)
}
