package store

import (
	"gorm.io/gorm"

	"hallmark/issuer"
)

// Cohort reads a cohort by id.
func (tx *Tx) Cohort(id issuer.CohortID) (*issuer.Cohort, error) {
	return take[issuer.Cohort](tx, "There is no such cohort.", "id = ?", id)
}

// CohortNamed reads a cohort by code or id.
func (tx *Tx) CohortNamed(name string) (*issuer.Cohort, error) {
	return take[issuer.Cohort](tx, "There is no such cohort.", "code = ? OR id = ?", name, name)
}

// Cohorts lists the cohorts of a program, the latest first.
func (tx *Tx) Cohorts(p issuer.ProgramID) ([]issuer.Cohort, error) {
	return list[issuer.Cohort](tx, "starts_on DESC, code", "program_id = ?", p)
}

// AllCohorts lists every cohort, the latest first.
func (tx *Tx) AllCohorts() ([]issuer.Cohort, error) {
	return list[issuer.Cohort](tx, "starts_on DESC, code", "1 = 1")
}

// AddCohort keeps a new cohort.
func (tx *Tx) AddCohort(c *issuer.Cohort) error { return tx.add("cohort", c) }

// SaveCohort keeps what may change of a cohort.
func (tx *Tx) SaveCohort(c *issuer.Cohort) error {
	return save[issuer.Cohort](tx, "cohort", string(c.ID), map[string]any{
		"name": c.Name, "purpose": c.Purpose, "expectations": c.Expectations,
		"starts_on": c.StartsOn, "ends_on": c.EndsOn, "time_zone": c.TimeZone,
		"closed_at": c.ClosedAt, "archived_at": c.ArchivedAt})
}

// PlacedQuery narrows PlacedPeople; empty members do not.
type PlacedQuery struct {
	All      bool               // everyone
	Programs []issuer.ProgramID // who has a place in one of these
	Search   string             // part of a name or an address, any case
	Program  issuer.ProgramID
	Cohort   issuer.CohortID
	Role     issuer.Role
	NeverIn  bool // those who never signed in
	After    issuer.PersonID
	Limit    int
}

const placedIn = `(id IN (SELECT person_id FROM enrollments WHERE program_id IN ?) OR id IN (SELECT person_id FROM grants WHERE program_id IN ?))`

// PlacedPeople lists a page of people in the order of their names, erased ones
// left out, and counts all whom the query means.
func (tx *Tx) PlacedPeople(q PlacedQuery) (people []issuer.Person, total int, err error) {
	db := tx.db.Model(&issuer.Person{}).Where("erased_at IS NULL")
	if !q.All {
		db = db.Where(placedIn, none(q.Programs), none(q.Programs))
	}
	if q.Program != "" {
		db = db.Where(placedIn, []issuer.ProgramID{q.Program}, []issuer.ProgramID{q.Program})
	}
	if q.Cohort != "" {
		db = db.Where(`(id IN (SELECT person_id FROM enrollments WHERE cohort_id = ?) OR id IN (SELECT person_id FROM grants WHERE cohort_id = ?))`, q.Cohort, q.Cohort)
	}
	if q.Role == issuer.Learner {
		db = db.Where("id IN (SELECT person_id FROM enrollments)")
	} else if q.Role != "" {
		db = db.Where("id IN (SELECT person_id FROM grants WHERE role = ?)", q.Role)
	}
	if q.NeverIn {
		db = db.Where("signed_in_at IS NULL")
	}
	if q.Search != "" {
		like := containing(q.Search)
		db = db.Where(`(lower(name) LIKE ? ESCAPE '!' OR id IN (SELECT person_id FROM emails WHERE lower(address) LIKE ? ESCAPE '!'))`, like, like)
	}
	var n int64
	if err := db.Session(&gorm.Session{}).Count(&n).Error; err != nil {
		return nil, 0, fault(err, "count people")
	}
	page := db.Session(&gorm.Session{}).Order("name, id").Limit(q.Limit)
	if q.After != "" {
		page = page.Where("(name, id) > (SELECT name, id FROM people WHERE id = ?)", q.After)
	}
	people, err = found[issuer.Person](page, "people")
	return people, int(n), err
}
