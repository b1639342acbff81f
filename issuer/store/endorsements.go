package store

import (
	"hallmark/issuer"
)

// AddAllotments keeps ids of badges that may come.
func (tx *Tx) AddAllotments(a ...*issuer.Allotment) error {
	return addAll(tx, "allotments", a)
}

// Allotments lists the ids that a submission allotted.
func (tx *Tx) Allotments(c issuer.CapstoneID, submission int) ([]issuer.Allotment, error) {
	return list[issuer.Allotment](tx, "person_id, achievement_id", "capstone_id = ? AND submission = ?", string(c), submission)
}

// MentorKey reads the key of a mentor.
func (tx *Tx) MentorKey(p issuer.PersonID) (*issuer.MentorKey, error) {
	return take[issuer.MentorKey](tx, "This mentor has no key.", "person_id = ?", string(p))
}

// AddMentorKey keeps the key of a mentor, who has none.
func (tx *Tx) AddMentorKey(k *issuer.MentorKey) error { return tx.add("mentor key", k) }

// AddEndorsements keeps what a mentor signed.
func (tx *Tx) AddEndorsements(e ...*issuer.Endorsement) error {
	return addAll(tx, "endorsements", e)
}

// Endorsements lists what was signed about badges, voided ones left out, in the
// order of signing.
func (tx *Tx) Endorsements(ids ...issuer.CredentialID) ([]issuer.Endorsement, error) {
	return list[issuer.Endorsement](tx, "credential_id, created_at, id", "credential_id IN ? AND voided_at IS NULL", none(ids))
}

// EndorsementsOfReviews lists what was signed with decisions, voided ones too.
func (tx *Tx) EndorsementsOfReviews(ids ...issuer.ReviewID) ([]issuer.Endorsement, error) {
	return list[issuer.Endorsement](tx, "created_at, id", "review_id IN ?", none(ids))
}

// SendEndorsements says of what was signed about badges that they carry it.
func (tx *Tx) SendEndorsements(ids ...issuer.CredentialID) error {
	_, err := change[issuer.Endorsement](tx, map[string]any{"sent_at": tx.Now},
		"credential_id IN ? AND sent_at IS NULL AND voided_at IS NULL", none(ids))
	return err
}

// VoidEndorsements voids what was signed about the badges of a capstone and is
// in none.
func (tx *Tx) VoidEndorsements(c issuer.CapstoneID) error {
	_, err := change[issuer.Endorsement](tx, map[string]any{"voided_at": tx.Now},
		"sent_at IS NULL AND voided_at IS NULL AND review_id IN (SELECT id FROM reviews WHERE capstone_id = ?)", c)
	return err
}
