package store

import "hallmark/issuer"

const inRoster = "erased_at IS NULL AND id IN (SELECT person_id FROM enrollments WHERE cohort_id = ?)"

// Roster lists a page of the learners of a cohort in the order of their names.
func (tx *Tx) Roster(c issuer.CohortID, after issuer.PersonID, limit int) ([]issuer.Person, error) {
	page := tx.db.Where(inRoster, c).Order("name, id").Limit(limit)
	if after != "" {
		page = page.Where("(name, id) > (SELECT name, id FROM people WHERE id = ?)", after)
	}
	return found[issuer.Person](page, "learners")
}

// CountRoster counts the learners of a cohort.
func (tx *Tx) CountRoster(c issuer.CohortID) (int, error) {
	return count[issuer.Person](tx, inRoster, c)
}

// Begun tells whether a learner did anything in a cohort: tried a module, or
// started a capstone.
func (tx *Tx) Begun(p issuer.PersonID, c issuer.CohortID) (bool, error) {
	n, err := count[issuer.Completion](tx, "person_id = ? AND cohort_id = ?", p, c)
	if err != nil || n > 0 {
		return n > 0, err
	}
	n, err = count[issuer.Capstone](tx, "cohort_id = ? AND id IN (SELECT capstone_id FROM members WHERE person_id = ?)", c, p)
	return n > 0, err
}

// RemoveEnrollment takes a learner out of a cohort.
func (tx *Tx) RemoveEnrollment(p issuer.PersonID, c issuer.CohortID) (removed bool, err error) {
	n, err := remove[issuer.Enrollment](tx, "person_id = ? AND cohort_id = ?", p, c)
	return n > 0, err
}
