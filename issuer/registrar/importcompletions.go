package registrar

import (
	"context"
	"errors"
	"slices"

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
		for some := range slices.Chunk(rows, atOnce) {
			if err := i.some(ctx, some); err != nil {
				return nil, err
			}
		}
		if i.detail["deferred"] != nil {
			i.warn(0, "", laterWarning)
		}
		i.note("credentials", i.result.Credentials)
		return i.finish()
	}))
}

type completionsImport struct {
	rowImport
	book *book
	here []issuer.PersonID // whom the rows at work are about
	done int               // rows
}

// lock holds everyone the rows are about, in one go and in one order.
func (i *completionsImport) lock(rows []CompletionRow) error {
	var people []issuer.PersonID
	for some := range slices.Chunk(rows, atOnce) {
		emails, err := i.EmailsNamed(addresses(some)...)
		if err != nil {
			return err
		}
		for _, e := range emails {
			people = append(people, e.PersonID)
		}
	}
	slices.Sort(people)
	for some := range slices.Chunk(slices.Compact(people), 5000) { // a statement has room for so many
		if err := i.LockPeople(some...); err != nil {
			return err
		}
	}
	return nil
}

// addresses lists those of rows in their normal form, unreadable ones left out.
func addresses(rows []CompletionRow) []string {
	return unique(rows, func(row CompletionRow) string {
		address, _, err := issuer.NormalEmail(row.Email)
		if err != nil {
			return ""
		}
		return address
	})
}

// atOnce is how many rows are read up, and their badges signed and kept,
// together: what is remembered does not grow with the file.
const atOnce = 125

// some records some of the rows.
func (i *completionsImport) some(ctx context.Context, rows []CompletionRow) error {
	i.halt, i.defined = nil, nil // a stop counts from the next rows on
	if err := i.readUp(rows); err != nil {
		return err
	}
	var read []*prepared
	var facts []*issuer.Completion
	for _, row := range rows {
		p, err := i.read(row)
		if err == nil {
			i.warn(row.Row, "date", p.warnings...)
			read, facts = append(read, p), append(facts, &p.Completion)
		} else if err := i.refuse(row.Row, err); err != nil {
			return err
		}
	}
	added, err := i.AddCompletionsOnce(facts)
	if err != nil {
		return err
	}
	for n, p := range read {
		if err := i.completed(p, added[n]); err != nil {
			return err
		}
	}
	i.done += len(rows)
	i.progress(i.done, i.result.Rows)
	return i.startIssuing(ctx) // and the next rows are read while hands sign
}

// readUp reads who the rows are about, where they learn and what they hold,
// in place of what was known of others.
func (i *completionsImport) readUp(rows []CompletionRow) error {
	emails, err := i.EmailsNamed(addresses(rows)...)
	if err != nil {
		return err
	}
	i.here = unique(emails, func(e issuer.Email) issuer.PersonID { return e.PersonID })
	people, err := i.People(i.here...)
	if err != nil {
		return err
	}
	enrollments, err := i.Enrollments(i.here...)
	if err != nil {
		return err
	}
	clear(i.book.people)
	clear(i.book.enrollments)
	person := byID(people, func(p issuer.Person) issuer.PersonID { return p.ID })
	for _, e := range emails {
		p := person[e.PersonID]
		i.book.people[PersonRef{Email: e.Address}] = &p
		i.book.enrollments[p.ID] = nil
	}
	for _, e := range enrollments {
		i.book.enrollments[e.PersonID] = append(i.book.enrollments[e.PersonID], e)
	}
	for _, p := range i.book.paths {
		clear(p.live)
		if err := i.readLive(p, i.here); err != nil {
			return err
		}
	}
	return nil
}

// completed awards what a completion earns, unless it had been recorded.
func (i *completionsImport) completed(p *prepared, added bool) error {
	i.rowImport.count(added, false)
	if !added {
		return nil
	}
	_, err := cached(i.book.paths, p.ProgramID, func() (*path, error) {
		way, err := i.path(p.ProgramID)
		if err != nil {
			return nil, err
		}
		way.quiet, way.held = !i.options.Notify, true
		return way, i.readLive(way, i.here)
	})
	if err != nil {
		return err
	}
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
		CompletedAt: string(row.CompletedOn), Score: row.Score, Unit: row.Unit, Delivery: row.Delivery, Source: "import"})
	return p, inRow(err)
}

// inRow names the columns of a file where an act names its inputs.
func inRow(err error) error {
	var refusal *issuer.Error
	if !errors.As(err, &refusal) {
		return err
	}
	if refusal.Kind == issuer.Conflict { // its cohort is archived
		return issuer.Wrong("cohort", "%s", refusal.Reason)
	}
	if refusal.Kind != issuer.Invalid {
		return err
	}
	column := map[string]string{"person": "email", "completedAt": "date", "score.value": "score", "score.unit": "score"}[refusal.Field]
	if column == "" {
		return err
	}
	return issuer.Wrong(column, "%s", refusal.Reason)
}
