package store

import (
	"time"

	"hallmark/issuer"
)

// TouchedQuery says what live awards are to have in common; empty members do
// not narrow.
type TouchedQuery struct {
	Mentor      issuer.PersonID // approved the capstone, or recorded the completion, it came by
	Achievement issuer.AchievementID
	Version     issuer.AchievementVersionID
	Source      string    // of the completion it came by
	Since       time.Time // issued then or later
	Until       time.Time // issued before
	After       issuer.AwardID
	Limit       int
}

// Touched lists a page of live awards by id. What stacked on an award by the
// same fact counts as having come by that fact too, and an award that was
// renewed as having come by the facts of all its terms.
func (tx *Tx) Touched(q TouchedQuery) ([]issuer.Award, error) {
	db := tx.db.Where("state IN ('issued', 'suspended') AND id > ?", q.After).Order("id").Limit(q.Limit)
	if q.Mentor != "" {
		db = db.Where(byFact("SELECT capstone_id FROM reviews WHERE reviewer_id = @mentor AND decision = 'approve' AND taken_back_at IS NULL"+
			" UNION ALL SELECT id FROM completions WHERE recorded_by = @actor"),
			map[string]any{"mentor": q.Mentor, "actor": issuer.Caller{Person: q.Mentor}.Actor()})
	}
	if q.Achievement != "" {
		db = db.Where("achievement_id = ?", q.Achievement)
	}
	if q.Version != "" {
		db = db.Where("(achievement_version_id = @version OR id IN (SELECT award_id FROM past_terms WHERE achievement_version_id = @version))",
			map[string]any{"version": q.Version})
	}
	if q.Source != "" {
		db = db.Where(byFact("SELECT id FROM completions WHERE source = @source"), map[string]any{"source": q.Source})
	}
	if !q.Since.IsZero() {
		db = db.Where("(created_at >= @since OR renewed_at >= @since)", map[string]any{"since": q.Since})
	}
	if !q.Until.IsZero() {
		db = db.Where("created_at < ?", q.Until)
	}
	return found[issuer.Award](db, "awards")
}

// byFact is the condition that a fact which a query lists began a term of an
// award.
func byFact(facts string) string {
	return "(fact_id IN (" + facts + ") OR id IN (SELECT award_id FROM past_terms WHERE fact_id IN (" + facts + ")))"
}

// AchievementVersion reads a version of an achievement by its number.
func (tx *Tx) AchievementVersion(a issuer.AchievementID, version int) (*issuer.AchievementVersion, error) {
	return take[issuer.AchievementVersion](tx, "There is no such version.", "achievement_id = ? AND version = ?", a, version)
}
