package store

import (
	"time"

	"hallmark/issuer"
)

// RenewAward keeps the term that an award has come to, and the one that is past.
// It refuses if another act renewed the award, or ended it, meanwhile.
func (tx *Tx) RenewAward(a *issuer.Award, past *issuer.PastTerm) error {
	n, err := change[issuer.Award](tx, map[string]any{
		"term": a.Term, "renewed_at": a.RenewedAt, "cohort_id": a.CohortID, "achievement_version_id": a.AchievementVersionID,
		"awarded_on": a.AwardedOn, "valid_until": a.ValidUntil, "fact": a.Fact, "fact_id": a.FactID, "reason": a.Reason,
	}, "id = ? AND term = ? AND state = 'issued'", a.ID, past.Term)
	switch {
	case err != nil:
		return err
	case n != 1:
		return issuer.Refuse(issuer.Conflict, "This badge was changed a moment ago; look at it again.")
	}
	return tx.add("past term", past)
}

// PastTerms lists the terms of awards that others followed, in their order.
func (tx *Tx) PastTerms(ids ...issuer.AwardID) ([]issuer.PastTerm, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return list[issuer.PastTerm](tx, "award_id, term", "award_id IN ?", ids)
}

// PastTermsOfFact lists the past terms that a fact began.
func (tx *Tx) PastTermsOfFact(factID string) ([]issuer.PastTerm, error) {
	return list[issuer.PastTerm](tx, "award_id, term", "fact_id = ? AND fact_id <> ''", factID)
}

// CountedSince is the moment from which deeds count towards an achievement of
// a person: when the term began in which they hold it, or when the last one
// ended; zero if there was none.
func (tx *Tx) CountedSince(p issuer.PersonID, a issuer.AchievementID) (time.Time, error) {
	awards, err := list[issuer.Award](tx, "created_at", "person_id = ? AND achievement_id = ?", p, a)
	var last time.Time
	for _, w := range awards {
		since := w.RevokedAt
		switch begun := w.Since(); {
		case w.State == issuer.Expired, w.Lapsed(tx.Now):
			since = w.ValidUntil
		case w.Live():
			since = &begun
		}
		if since != nil && since.After(last) {
			last = *since
		}
	}
	return last, err
}
