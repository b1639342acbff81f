package store

import (
	"database/sql"

	"hallmark/issuer"
)

const inRoster = "erased_at IS NULL AND id IN (SELECT person_id FROM enrollments WHERE cohort_id = ?)"

// Roster lists a page of the learners of a cohort in the order of their names.
func (tx *Tx) Roster(c issuer.CohortID, after issuer.PersonID, limit int) ([]issuer.Person, error) {
	page := tx.db.Where(inRoster, c).Order("name, id").Limit(limit)
	if after != "" {
		page = page.Where("(name, id) > (SELECT name, id FROM people WHERE id = ?)", after)
	}
	return found[issuer.Person](page, "learners")
}

// BegunIn lists who of some learners did anything in a cohort: tried a module,
// started a capstone, came to a touchpoint or rated themselves.
func (tx *Tx) BegunIn(c issuer.CohortID, people ...issuer.PersonID) (map[issuer.PersonID]bool, error) {
	begun := map[issuer.PersonID]bool{}
	// Asked person by person: what a whole cohort did is much more than what a page
	// of its learners did.
	err := tx.query(`SELECT id FROM people WHERE id IN ? AND (
		EXISTS (SELECT 1 FROM completions d WHERE d.person_id = people.id AND d.cohort_id || '' = ?)
		OR EXISTS (SELECT 1 FROM members m CROSS JOIN capstones k WHERE m.person_id = people.id AND k.id = m.capstone_id AND k.cohort_id || '' = ?)
		OR EXISTS (SELECT 1 FROM attendances a CROSS JOIN touchpoints t WHERE a.person_id = people.id AND t.id = a.touchpoint_id AND t.cohort_id || '' = ?)
		OR EXISTS (SELECT 1 FROM self_ratings r WHERE r.cohort_id = ? AND r.person_id = people.id))`,
		[]any{none(people), c, c, c, c}, func(rows *sql.Rows) error {
			var p issuer.PersonID
			err := rows.Scan(&p)
			begun[p] = true
			return err
		})
	return begun, fault(err, "list who has begun")
}

// RemoveEnrollment takes a learner out of a cohort.
func (tx *Tx) RemoveEnrollment(p issuer.PersonID, c issuer.CohortID) (removed bool, err error) {
	n, err := remove[issuer.Enrollment](tx, "person_id = ? AND cohort_id = ?", p, c)
	return n > 0, err
}
