package store

import (
	"cmp"
	"database/sql"
	"reflect"
	"slices"

	"hallmark/issuer"
)

const noPerson = "There is no such person."

// Person reads a person by id.
func (tx *Tx) Person(id issuer.PersonID) (*issuer.Person, error) {
	return take[issuer.Person](tx, noPerson, "id = ?", id)
}

// HoldPerson holds a person until the transaction ends and gives the row as it
// is then. On SQLite it is the row that the transaction read already.
func (tx *Tx) HoldPerson(p *issuer.Person) (*issuer.Person, error) {
	if tx.dialect != postgresDialect {
		return p, nil
	}
	rows, err := read[issuer.Person](tx, "WHERE id = ? FOR UPDATE", p.ID)
	if err == nil && len(rows) != 1 {
		return nil, issuer.Refuse(issuer.NotFound, noPerson)
	}
	if err != nil {
		return nil, fault(err, "lock person")
	}
	return &rows[0], nil
}

// PersonByEmail reads the person an address, in its normal form, belongs to.
func (tx *Tx) PersonByEmail(address string) (*issuer.Person, error) {
	return take[issuer.Person](tx, noPerson, "id = (SELECT person_id FROM emails WHERE address = ?)", address)
}

// Learner is a person with what recording a completion asks of them.
type Learner struct {
	issuer.Person
	Main        string              // their main address; "": none
	Enrollments []issuer.Enrollment // where they learn, in the order of Enrollments
}

// LearnerByEmail reads at once whom an address, in its normal form, belongs to;
// nil if that is nobody or someone who learns nowhere.
func (tx *Tx) LearnerByEmail(address string) (*Learner, error) {
	people, err := layoutOf(tx.db, reflect.TypeFor[issuer.Person]())
	if err != nil {
		return nil, err
	}
	places, err := layoutOf(tx.db, reflect.TypeFor[issuer.Enrollment]())
	if err != nil {
		return nil, err
	}
	l := &Learner{}
	into := make([]any, len(people.fields)+len(places.fields)+1)
	people.places(reflect.ValueOf(&l.Person).Elem(), into)
	into[len(into)-1] = &l.Main
	err = tx.query("SELECT "+people.full+", "+places.full+`, coalesce(main.address, '') FROM people
		JOIN enrollments ON enrollments.person_id = people.id LEFT JOIN emails main ON main.person_id = people.id AND main.main
		WHERE people.id = (SELECT person_id FROM emails WHERE address = ?)`,
		[]any{address}, func(found *sql.Rows) error {
			l.Enrollments = append(l.Enrollments, issuer.Enrollment{})
			places.places(reflect.ValueOf(&l.Enrollments[len(l.Enrollments)-1]).Elem(), into[len(people.fields):])
			return found.Scan(into...)
		})
	if err != nil || len(l.Enrollments) == 0 {
		return nil, fault(err, "read learner")
	}
	// There are one or two: the database would sort rows of all these columns.
	slices.SortFunc(l.Enrollments, func(a, b issuer.Enrollment) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return l, nil
}

// People reads people by id, in the order of their names.
func (tx *Tx) People(ids ...issuer.PersonID) ([]issuer.Person, error) {
	return list[issuer.Person](tx, "name, id", "id IN ?", none(ids))
}

// AddPerson keeps a new person.
func (tx *Tx) AddPerson(p *issuer.Person) error { return tx.add("person", p) }

// SavePerson keeps what is said about a person, consent and erasure included.
func (tx *Tx) SavePerson(p *issuer.Person) error {
	_, err := change[issuer.Person](tx, map[string]any{
		"name": p.Name, "department": p.Department, "experience": p.Experience, "time_zone": p.TimeZone,
		"locale": p.Locale, "name_consent": p.NameConsent, "consented_at": p.ConsentedAt, "signed_in_at": p.SignedInAt,
		"erased_at": p.ErasedAt, "merged_into": p.MergedInto,
	}, "id = ?", p.ID)
	return err
}

// ArrivePerson keeps that a person signed in just now.
func (tx *Tx) ArrivePerson(p issuer.PersonID) error {
	_, err := change[issuer.Person](tx, map[string]any{"signed_in_at": tx.Now}, "id = ?", p)
	return err
}

// Emails lists the addresses of people, the main one of each first.
func (tx *Tx) Emails(people ...issuer.PersonID) ([]issuer.Email, error) {
	return list[issuer.Email](tx, "person_id, main DESC, address", "person_id IN ?", none(people))
}

// EmailsNamed lists those of the addresses that belong to someone.
func (tx *Tx) EmailsNamed(addresses ...string) ([]issuer.Email, error) {
	return list[issuer.Email](tx, "address", "address IN ?", none(addresses))
}

// AddEmailOnce gives a person an address unless someone has it.
func (tx *Tx) AddEmailOnce(e *issuer.Email) (added bool, err error) { return tx.addOnce("e-mail", e) }

// RemoveEmail takes an address from whoever has it.
func (tx *Tx) RemoveEmail(address string) error {
	_, err := remove[issuer.Email](tx, "address = ?", address)
	return err
}

// AddConsentRecord keeps an answer about consent.
func (tx *Tx) AddConsentRecord(c *issuer.ConsentRecord) error { return tx.add("consent record", c) }

// Grant reads a grant by id.
func (tx *Tx) Grant(id issuer.GrantID) (*issuer.Grant, error) {
	return take[issuer.Grant](tx, "There is no such role.", "id = ?", id)
}

// Grants lists what people may do.
func (tx *Tx) Grants(people ...issuer.PersonID) ([]issuer.Grant, error) {
	return list[issuer.Grant](tx, "person_id, role, program_id, cohort_id", "person_id IN ?", none(people))
}

// GrantsIn lists who may do what in a program and its cohorts.
func (tx *Tx) GrantsIn(p issuer.ProgramID) ([]issuer.Grant, error) {
	return list[issuer.Grant](tx, "cohort_id, role, person_id", "program_id = ?", p)
}

// CountAdmins counts the admins of the whole installation.
func (tx *Tx) CountAdmins() (int, error) {
	return count[issuer.Grant](tx, "role = ? AND program_id = ''", issuer.Admin)
}

// CountOwners counts the owners of a program.
func (tx *Tx) CountOwners(p issuer.ProgramID) (int, error) {
	return count[issuer.Grant](tx, "role = ? AND program_id = ?", issuer.Owner, p)
}

// AddGrantOnce gives a role unless the person has it in that place.
func (tx *Tx) AddGrantOnce(g *issuer.Grant) (added bool, err error) { return tx.addOnce("grant", g) }

// SaveGrantTier changes the tier of a mentor in the place of a grant.
func (tx *Tx) SaveGrantTier(g *issuer.Grant) error {
	_, err := change[issuer.Grant](tx, map[string]any{"tier": g.Tier},
		"person_id = ? AND role = ? AND program_id = ? AND cohort_id = ?", g.PersonID, g.Role, g.ProgramID, g.CohortID)
	return err
}

// RemoveGrant takes a role away and tells whether it was there.
func (tx *Tx) RemoveGrant(id issuer.GrantID) (removed bool, err error) {
	n, err := remove[issuer.Grant](tx, "id = ?", id)
	return n > 0, err
}

// Enrollments lists where people learn.
func (tx *Tx) Enrollments(people ...issuer.PersonID) ([]issuer.Enrollment, error) {
	return list[issuer.Enrollment](tx, "person_id, created_at, id", "person_id IN ?", none(people))
}

// EnrollmentsIn lists who learns in cohorts.
func (tx *Tx) EnrollmentsIn(cohorts ...issuer.CohortID) ([]issuer.Enrollment, error) {
	return list[issuer.Enrollment](tx, "cohort_id, person_id", "cohort_id IN ?", none(cohorts))
}

// AddEnrollmentOnce puts a person into a cohort unless they are in it; who had
// left is in it again.
func (tx *Tx) AddEnrollmentOnce(e *issuer.Enrollment) (added bool, err error) {
	if added, err = tx.addOnce("enrollment", e); err != nil || added {
		return added, err
	}
	n, err := change[issuer.Enrollment](tx, map[string]any{"left_at": nil}, "cohort_id = ? AND person_id = ? AND left_at IS NOT NULL", e.CohortID, e.PersonID)
	return n > 0, err
}

// LeaveCohort notes that a learner left a cohort, and tells whether they were
// in it until now.
func (tx *Tx) LeaveCohort(p issuer.PersonID, c issuer.CohortID) (left bool, err error) {
	n, err := change[issuer.Enrollment](tx, map[string]any{"left_at": tx.Now}, "cohort_id = ? AND person_id = ? AND left_at IS NULL", c, p)
	return n > 0, err
}
