package store

import (
	"database/sql"

	"hallmark/issuer"
)

// tallies reads the rows of a sum: a name and a number. Gorm's Scan would do it,
// too, but it writes the values that are bound into the log.
func tallies(tx *Tx, what, query string, args ...any) (map[string]int, error) {
	out := map[string]int{}
	err := tx.query(query, args, func(rows *sql.Rows) error {
		var name string
		var n int
		err := rows.Scan(&name, &n)
		out[name] = n
		return err
	})
	return out, fault(err, "sum %s", what)
}

// held counts awards that are live, and those that were when their holder was
// erased: that someone left does not change what a program brought about.
const held = `(state IN ('issued', 'suspended') OR (state = 'erased' AND revoked_at IS NULL AND (valid_until IS NULL OR valid_until > erased_at)))`

// LiveByAchievement counts the held awards of a program by code of achievement.
func (tx *Tx) LiveByAchievement(p issuer.ProgramID) (map[string]int, error) {
	return tallies(tx, "badges", `SELECT a.code AS name, count(*) AS n FROM awards w JOIN achievements a ON a.id = w.achievement_id
		WHERE w.program_id = ? AND `+held+` GROUP BY a.code`, p)
}

// LiveByCohort counts the held awards of a program by id of cohort.
func (tx *Tx) LiveByCohort(p issuer.ProgramID) (map[string]int, error) {
	return tallies(tx, "badges", `SELECT cohort_id AS name, count(*) AS n FROM awards
		WHERE program_id = ? AND `+held+` GROUP BY cohort_id`, p)
}

// AwardsByState counts a program's awards by state; one that was revoked before
// its holder was erased counts as revoked.
func (tx *Tx) AwardsByState(p issuer.ProgramID) (map[string]int, error) {
	return tallies(tx, "badges", `SELECT CASE WHEN state = 'erased' AND revoked_at IS NOT NULL THEN 'revoked' ELSE state END AS name,
		count(*) AS n FROM awards WHERE program_id = ? GROUP BY 1`, p)
}

// LearnersByCohort counts who is enrolled by id of cohort, of one cohort or, for
// "", of all of a program.
func (tx *Tx) LearnersByCohort(p issuer.ProgramID, c issuer.CohortID) (map[string]int, error) {
	return tallies(tx, "learners", `SELECT id AS name, (SELECT count(*) FROM enrollments e WHERE e.cohort_id = cohorts.id) AS n
		FROM cohorts WHERE program_id = ? AND (? = '' OR id = ?)`, p, c, c)
}

// CountLearners counts who is enrolled in a program, each person once.
func (tx *Tx) CountLearners(p issuer.ProgramID) (n int, err error) {
	err = tx.query("SELECT count(DISTINCT person_id) FROM enrollments WHERE program_id = ?", []any{p}, func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n, fault(err, "count learners")
}

// ActiveByCohort counts who passed at least one module by id of cohort; ""
// has the people of the whole program, each once.
func (tx *Tx) ActiveByCohort(p issuer.ProgramID) (map[string]int, error) {
	return tallies(tx, "active learners", `SELECT cohort_id AS name, count(DISTINCT person_id) AS n FROM completions
		WHERE program_id = ? AND passed AND withdrawn_at IS NULL GROUP BY cohort_id
		UNION ALL SELECT '', count(DISTINCT person_id) FROM completions WHERE program_id = ? AND passed AND withdrawn_at IS NULL`, p, p)
}

// PassedByModule counts the people who passed each module, by its id.
func (tx *Tx) PassedByModule(p issuer.ProgramID) (map[string]int, error) {
	return tallies(tx, "modules", `SELECT module_id AS name, count(DISTINCT person_id) AS n FROM completions
		WHERE program_id = ? AND passed AND withdrawn_at IS NULL GROUP BY module_id`, p)
}

// TriedByModule counts the people who tried each module, passed or not.
func (tx *Tx) TriedByModule(p issuer.ProgramID) (map[string]int, error) {
	return tallies(tx, "modules", `SELECT module_id AS name, count(DISTINCT person_id) AS n FROM completions
		WHERE program_id = ? AND withdrawn_at IS NULL GROUP BY module_id`, p)
}

// WaitingByCohort counts the submissions that wait for a mentor by id of cohort, of
// one cohort or, for "", of all of a program.
func (tx *Tx) WaitingByCohort(p issuer.ProgramID, c issuer.CohortID) (map[string]int, error) {
	return tallies(tx, "capstones", `SELECT id AS name, (SELECT count(*) FROM capstones k WHERE k.cohort_id = cohorts.id AND k.state = 'submitted') AS n
		FROM cohorts WHERE program_id = ? AND (? = '' OR id = ?)`, p, c, c)
}

// ReviewsByMentor counts the decisions in a cohort by who made them.
func (tx *Tx) ReviewsByMentor(c issuer.CohortID) (map[string]int, error) {
	return tallies(tx, "reviews", `SELECT r.reviewer_id AS name, count(*) AS n FROM reviews r JOIN capstones k ON k.id = r.capstone_id
		WHERE k.cohort_id = ? GROUP BY r.reviewer_id`, c)
}

// CapstonesOfProgram lists every capstone of a program, without its texts.
func (tx *Tx) CapstonesOfProgram(p issuer.ProgramID) ([]issuer.Capstone, error) {
	return found[issuer.Capstone](tx.db.Select("id", "cohort_id", "state", "submission").Where("program_id = ?", p).Order("id"), "capstones")
}

// SubmissionsOfProgram lists everything that was handed in in a program,
// without its texts.
func (tx *Tx) SubmissionsOfProgram(p issuer.ProgramID) ([]issuer.Submission, error) {
	return found[issuer.Submission](tx.db.Select("id", "capstone_id", "number", "submitted_at").
		Where("capstone_id IN (SELECT id FROM capstones WHERE program_id = ?)", p).Order("id"), "submissions")
}

// ReviewsOfProgram lists every decision in a program that stands, without its
// texts.
func (tx *Tx) ReviewsOfProgram(p issuer.ProgramID) ([]issuer.Review, error) {
	return found[issuer.Review](tx.db.Select("id", "capstone_id", "submission", "reviewer_id", "decision", "at").
		Where("taken_back_at IS NULL AND capstone_id IN (SELECT id FROM capstones WHERE program_id = ?)", p).Order("id"), "reviews")
}
