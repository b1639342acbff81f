package registrar

import (
	"context"
	"errors"
	"fmt"

	"hallmark/issuer"
)

// ImportPeople adds the people of a roster and puts them in their places: a
// learner into the cohort, a mentor with their tier over it, a sponsor or
// admin into its program. What is there already stays, and what a row says
// anew of a person takes the place of what was said before. New people are
// invited by mail only if asked to.
func (r *Registrar) ImportPeople(ctx context.Context, by issuer.Caller, rows []PersonRow, o ImportOptions) (*ImportResult, error) {
	return rehearsed(act(ctx, r, by, "people.import", "", func(w *work) (*ImportResult, error) {
		if err := w.mayManageAny(); err != nil {
			return nil, err
		}
		i := &peopleImport{rowImport: rowImport{work: w, options: o, result: &ImportResult{Rows: len(rows)}},
			cohorts: map[string]*issuer.Cohort{}, seen: map[string]int{}}
		for n, row := range rows {
			if err := i.row(row); err != nil {
				return nil, err
			}
			i.progress(n+1, len(rows))
		}
		return i.finish()
	}))
}

// rowImport is what imports of rows have in common.
type rowImport struct {
	*work
	options ImportOptions
	result  *ImportResult
}

func (i *rowImport) progress(done, total int) {
	if i.options.Progress != nil {
		i.options.Progress(done, total)
	}
}

// refuse puts a wrong row on the list; a fault of ours ends the import.
func (i *rowImport) refuse(row int, err error) error {
	var refusal *issuer.Error
	if !errors.As(err, &refusal) || refusal.Kind != issuer.Invalid {
		return err
	}
	i.result.Refused = append(i.result.Refused, RowProblem{Row: row, Field: refusal.Field, Reason: refusal.Reason})
	return nil
}

func (i *rowImport) warn(row int, field string, warnings ...string) {
	for _, text := range warnings {
		i.result.Warnings = append(i.result.Warnings, RowProblem{Row: row, Field: field, Reason: text})
	}
}

func (i *rowImport) count(added, changed bool) {
	switch {
	case added:
		i.result.Added++
	case changed:
		i.result.Changed++
	default:
		i.result.Unchanged++
	}
}

// finish keeps the import unless it is a rehearsal or, where wrong rows are
// not to be skipped, one was wrong.
func (i *rowImport) finish() (*ImportResult, error) {
	i.result.Written = !i.options.DryRun && (i.options.SkipWrong || len(i.result.Refused) == 0)
	if !i.result.Written {
		return nil, &unkept[*ImportResult]{i.result}
	}
	i.note("rows", i.result.Rows)
	i.note("added", i.result.Added)
	i.note("changed", i.result.Changed)
	i.note("refused", len(i.result.Refused))
	return i.result, nil
}

type peopleImport struct {
	rowImport
	cohorts map[string]*issuer.Cohort
	seen    map[string]int // address → the row it was first in
}

// roster is a row that was understood.
type roster struct {
	PersonRow
	address string
	person  *issuer.Person
	cohort  *issuer.Cohort
}

func (i *peopleImport) row(row PersonRow) error {
	in, err := i.read(row)
	if err != nil {
		return i.refuse(row.Row, err)
	}
	have, err := i.holdAddress(in.address)
	if err != nil && !errors.Is(err, issuer.NotFound) {
		return err
	}
	if in.Role == "" || in.Role == string(issuer.Learner) {
		if err := i.admits(have, in.cohort); err != nil {
			return i.refuse(row.Row, err)
		}
	}
	first, again := i.seen[in.address]
	if again {
		i.warn(row.Row, "email", fmt.Sprintf("The address was there before, in row %d; what that row says of the person stays.", first))
	} else {
		i.seen[in.address] = row.Row
	}
	added, changed := have == nil, false
	switch {
	case added:
		err = i.add(in)
	case !again:
		changed, err = i.update(have, in)
	}
	if err != nil {
		return err
	}
	if !added {
		in.person = have
	}
	placed, err := i.put(in)
	if err != nil {
		return err
	}
	i.count(added, changed || placed)
	if added && i.options.Notify {
		return i.invite(in)
	}
	return nil
}

// invite mails someone new where to sign in.
func (i *peopleImport) invite(in *roster) error {
	p, err := i.Program(in.cohort.ProgramID)
	if err != nil {
		return err
	}
	return i.mail(in.person, "invitation", map[string]any{"Program": p.Name, "Link": i.r.BaseURL + "/signin"})
}

// read checks a row and brings it into the form in which it is kept.
func (i *peopleImport) read(row PersonRow) (*roster, error) {
	if row.Problem != nil {
		return nil, issuer.Wrong(row.Problem.Field, "%s", row.Problem.Reason)
	}
	in := &roster{PersonRow: row}
	var warnings []string
	var err error
	if in.address, warnings, err = issuer.NormalEmail(row.Email); err != nil {
		return nil, err
	}
	i.warn(row.Row, "email", warnings...)
	if in.person, err = i.newPerson(NewPerson{Name: row.Name, Department: row.Department, Experience: row.Experience, TimeZone: row.TimeZone}); err != nil {
		return nil, err
	}
	if _, warnings, err = issuer.CleanName(row.Name); err != nil {
		return nil, err
	}
	i.warn(row.Row, "name", warnings...)
	if in.cohort, err = i.cohort(row.Cohort); err != nil {
		return nil, err
	}
	return in, i.checkRole(in)
}

func (i *peopleImport) cohort(code string) (*issuer.Cohort, error) {
	if c, ok := i.cohorts[code]; ok {
		return c, nil
	}
	if code == "" {
		return nil, issuer.Wrong("cohort", "Name the cohort.")
	}
	c, err := i.CohortNamed(code)
	if err != nil {
		return nil, unknown(err, "cohort", code)
	}
	if err := i.mayManage(c.ProgramID); err != nil {
		return nil, err
	}
	i.cohorts[code] = c
	return c, nil
}

func (i *peopleImport) checkRole(in *roster) error {
	switch issuer.Role(in.Role) {
	case "", issuer.Learner, issuer.Sponsor, issuer.Admin, issuer.Owner:
		if in.Tier != "" {
			return issuer.Wrong("mentor_tier", "Only a mentor has a tier.")
		}
		return nil
	case issuer.Mentor:
		if t := issuer.Tier(in.Tier); t != issuer.Lead && t != issuer.Community {
			return issuer.Wrong("mentor_tier", "A mentor is “lead” or “community”.")
		}
		return nil
	}
	return issuer.Wrong("role", "“%s” is not a role; there are learner, mentor, sponsor, owner and admin.", clip(in.Role))
}

func (i *peopleImport) add(in *roster) error {
	if err := i.AddPerson(in.person); err != nil {
		return err
	}
	added, err := i.AddEmailOnce(&issuer.Email{Address: in.address, IssuerID: i.us.ID, PersonID: in.person.ID, Main: true, CreatedAt: i.Now})
	if err == nil && !added {
		err = issuer.Refuse(issuer.Conflict, "Someone with the address %s was added a moment ago; try again.", in.address)
	}
	return err
}

// update keeps what the row says anew of someone who was there. A name that
// its owner may have corrected meanwhile is theirs: it stays if consent to it
// was given. Of someone who has no place in the caller's programs, or runs
// the installation, nothing is changed.
func (i *peopleImport) update(have *issuer.Person, in *roster) (changed bool, err error) {
	was := *have
	if ours, err := i.ours(have.ID); err != nil || !ours {
		return false, err
	}
	if have.NameConsent != issuer.ConsentGiven {
		have.Name = in.person.Name
	}
	have.Department, have.Experience, have.TimeZone = in.person.Department, in.person.Experience, in.person.TimeZone
	if have.Name == was.Name && have.Department == was.Department && have.Experience == was.Experience && have.TimeZone == was.TimeZone {
		return false, nil
	}
	return true, i.SavePerson(have)
}

// ours tells whether what is said of a person is the caller's to change.
func (i *peopleImport) ours(p issuer.PersonID) (bool, error) {
	if i.by.Manages("") {
		return true, nil
	}
	grants, err := i.Grants(p)
	if err != nil {
		return false, err
	}
	enrollments, err := i.Enrollments(p)
	if err != nil {
		return false, err
	}
	placed := false
	for _, g := range grants {
		if g.Role == issuer.Admin && g.ProgramID == "" {
			return false, nil
		}
		placed = placed || i.by.Manages(g.ProgramID)
	}
	for _, e := range enrollments {
		placed = placed || i.by.Manages(e.ProgramID)
	}
	return placed, nil
}

// put gives someone their place.
func (i *peopleImport) put(in *roster) (changed bool, err error) {
	g := &issuer.Grant{PersonID: in.person.ID, Role: issuer.Role(in.Role), ProgramID: in.cohort.ProgramID}
	switch g.Role {
	case "", issuer.Learner:
		return i.enroll(in.person, in.cohort)
	case issuer.Mentor:
		g.CohortID, g.Tier = in.cohort.ID, issuer.Tier(in.Tier)
	}
	return i.grant(g)
}
