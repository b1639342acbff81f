package store

import "hallmark/issuer"

// Who meets a rule of a program's achievement by what is recorded and never
// had it, counted: the program, what the rule names, the achievement.
const (
	countMeeting = "SELECT count(*) FROM ("
	neverHad     = ") p WHERE NOT EXISTS (SELECT 1 FROM awards w WHERE w.achievement_id = ? AND w.person_id = p.person_id)"

	meetingModule = countMeeting + `SELECT DISTINCT c.person_id FROM modules m JOIN cohorts h ON h.program_id = m.program_id
		JOIN completions c ON c.cohort_id = h.id AND c.module_id = m.id WHERE m.program_id = ? AND m.code = ? AND c.passed AND c.withdrawn_at IS NULL` + neverHad
	meetingCapstone = countMeeting + `SELECT DISTINCT t.person_id FROM members t JOIN capstones c ON c.id = t.capstone_id JOIN briefs b ON b.id = c.brief_id
		WHERE b.program_id = ? AND b.code = ? AND c.state = 'approved'` + neverHad
	meetingAll = countMeeting + `SELECT h.person_id FROM awards h JOIN achievements a ON a.id = h.achievement_id AND a.program_id = h.program_id
		WHERE a.program_id = ? AND a.code IN ? AND h.state IN ('issued', 'suspended') GROUP BY h.person_id HAVING count(DISTINCT a.code) = ?` + neverHad
	meetingReviews = countMeeting + `SELECT r.reviewer_id AS person_id FROM reviews r JOIN capstones c ON c.id = r.capstone_id
		WHERE c.program_id = ? GROUP BY r.reviewer_id HAVING count(DISTINCT r.capstone_id) >= ?` + neverHad
)

// CountMeeting counts the people who meet a rule of an achievement by what is
// recorded already and never had it.
func (tx *Tx) CountMeeting(a *issuer.Achievement, r issuer.Rule) (int, error) {
	counted := func(query string, named ...any) (n int, err error) {
		args := append(append([]any{a.ProgramID}, named...), a.ID)
		err = tx.db.Raw(query, args...).Row().Scan(&n)
		return n, fault(err, "count who meets a rule")
	}
	switch {
	case r.Module != "":
		return counted(meetingModule, r.Module)
	case r.Capstone != "":
		return counted(meetingCapstone, r.Capstone)
	case len(r.All) > 0:
		return counted(meetingAll, r.All, len(r.All))
	case r.Reviews > 0:
		return counted(meetingReviews, r.Reviews)
	}
	return 0, nil // it is given on someone's word alone
}
