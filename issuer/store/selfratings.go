package store

import (
	"hallmark/issuer"
)

// PutSelfRatings keeps how a learner rates themselves, in place of what they said
// before of the same skills at the same moment.
func (tx *Tx) PutSelfRatings(all ...*issuer.SelfRating) error {
	for _, r := range all {
		if _, err := remove[issuer.SelfRating](tx, "cohort_id = ? AND person_id = ? AND skill_id = ? AND moment = ?",
			r.CohortID, r.PersonID, r.SkillID, r.Moment); err != nil {
			return err
		}
	}
	return addAll(tx, "self-ratings", all)
}

// SelfRatings lists how the learners of a cohort rated themselves.
func (tx *Tx) SelfRatings(c issuer.CohortID) ([]issuer.SelfRating, error) {
	return list[issuer.SelfRating](tx, "person_id, skill_id, moment", "cohort_id = ?", c)
}

// SelfRatingsOf lists how a person rated themselves.
func (tx *Tx) SelfRatingsOf(p issuer.PersonID) ([]issuer.SelfRating, error) {
	return list[issuer.SelfRating](tx, "cohort_id, skill_id, moment", "person_id = ?", p)
}
