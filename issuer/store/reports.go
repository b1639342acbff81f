package store

import "hallmark/issuer"

// tally is a row of a sum.
type tally struct {
	Name string
	N    int
}

func tallies(tx *Tx, what, query string, args ...any) (map[string]int, error) {
	var rows []tally
	if err := tx.db.Raw(query, args...).Scan(&rows).Error; err != nil {
		return nil, fault(err, "sum %s", what)
	}
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.Name] = r.N
	}
	return out, nil
}

// LiveByAchievement counts a program's live awards by code of achievement.
func (tx *Tx) LiveByAchievement(p issuer.ProgramID) (map[string]int, error) {
	return tallies(tx, "badges", `SELECT a.code AS name, count(*) AS n FROM awards w JOIN achievements a ON a.id = w.achievement_id
		WHERE w.program_id = ? AND w.state IN ('issued', 'suspended') GROUP BY a.code`, p)
}
