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
	err := tx.query(`SELECT person_id FROM completions WHERE cohort_id = ? AND person_id IN ?
		UNION SELECT m.person_id FROM members m JOIN capstones k ON k.id = m.capstone_id WHERE k.cohort_id = ? AND m.person_id IN ?
		UNION SELECT a.person_id FROM attendances a JOIN touchpoints t ON t.id = a.touchpoint_id WHERE t.cohort_id = ? AND a.person_id IN ?
		UNION SELECT person_id FROM self_ratings WHERE cohort_id = ? AND person_id IN ?`,
		[]any{c, none(people), c, none(people), c, none(people), c, none(people)}, func(rows *sql.Rows) error {
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
