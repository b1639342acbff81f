package store

import (
	"slices"

	"hallmark/issuer"
)

// Award reads an award by id.
func (tx *Tx) Award(id issuer.AwardID) (*issuer.Award, error) {
	return take[issuer.Award](tx, "There is no such badge.", "id = ?", id)
}

// Awards reads awards by id.
func (tx *Tx) Awards(ids ...issuer.AwardID) ([]issuer.Award, error) {
	return list[issuer.Award](tx, "id", "id IN ?", none(ids))
}

// AwardsOf lists a person's awards, live or not, the newest first.
func (tx *Tx) AwardsOf(p issuer.PersonID) ([]issuer.Award, error) {
	return list[issuer.Award](tx, "created_at DESC, id", "person_id = ?", p)
}

// LiveAwards lists the awards that people hold in a program. The question names
// the people alone: told the program, SQLite goes through all of its awards.
func (tx *Tx) LiveAwards(program issuer.ProgramID, people ...issuer.PersonID) ([]issuer.Award, error) {
	live, err := list[issuer.Award](tx, "person_id, achievement_id",
		"person_id IN ? AND state IN ('issued', 'suspended')", none(people))
	return slices.DeleteFunc(live, func(a issuer.Award) bool { return a.ProgramID != program }), err
}

// AwardsOfFact lists the awards that a fact brought about.
func (tx *Tx) AwardsOfFact(factID string, people ...issuer.PersonID) ([]issuer.Award, error) {
	return list[issuer.Award](tx, "created_at, id", "fact_id = ? AND person_id IN ?", factID, none(people))
}

// AddAwardOnce keeps an award unless the person has a live one of the same
// achievement.
func (tx *Tx) AddAwardOnce(a *issuer.Award) (added bool, err error) { return tx.addOnce("award", a) }

// AddAwards keeps awards of people who are held and have no live ones of the same
// achievements.
func (tx *Tx) AddAwards(a ...*issuer.Award) error { return addAll(tx, "awards", a) }

// SaveAward keeps the state and visibility of an award.
func (tx *Tx) SaveAward(a *issuer.Award) error {
	return save[issuer.Award](tx, "award", string(a.ID), map[string]any{
		"state": a.State, "visibility": a.Visibility, "name_signed": a.NameSigned,
		"revoked_code": a.RevokedCode, "revoked_reason": a.RevokedReason, "revoked_note": a.RevokedNote,
		"revoked_at": a.RevokedAt, "suspended_at": a.SuspendedAt, "suspended_reason": a.SuspendedReason,
		"erased_at": a.ErasedAt})
}

// SaveAwardFact keeps which fact an award rests on, and the day of it, where the
// one that it rested on fell away.
func (tx *Tx) SaveAwardFact(a *issuer.Award) error {
	return save[issuer.Award](tx, "award", string(a.ID), map[string]any{
		"fact_id": a.FactID, "cohort_id": a.CohortID, "awarded_on": a.AwardedOn, "valid_until": a.ValidUntil})
}
