package store

import (
	"time"

	"hallmark/issuer"
)

// AddAllotments keeps ids of badges that may come.
func (tx *Tx) AddAllotments(a ...*issuer.Allotment) error {
	return addAll(tx, "allotments", a)
}

// Allotments lists the ids that a submission allotted and that no badge has yet.
func (tx *Tx) Allotments(c issuer.CapstoneID, submission int) ([]issuer.Allotment, error) {
	return list[issuer.Allotment](tx, "person_id, achievement_id",
		"capstone_id = ? AND submission = ? AND NOT EXISTS (SELECT 1 FROM credentials k WHERE k.id = credential_id)", string(c), submission)
}

// MentorKey reads the key of a mentor.
func (tx *Tx) MentorKey(p issuer.PersonID) (*issuer.MentorKey, error) {
	return take[issuer.MentorKey](tx, "This mentor has no key.", "person_id = ?", string(p))
}

// MentorKeys lists the keys of mentors.
func (tx *Tx) MentorKeys() ([]issuer.MentorKey, error) {
	return list[issuer.MentorKey](tx, "person_id", "true")
}

// AddMentorKey keeps the key of a mentor, who has none.
func (tx *Tx) AddMentorKey(k *issuer.MentorKey) error { return tx.add("mentor key", k) }

// RemoveMentorKey deletes a key of a mentor.
func (tx *Tx) RemoveMentorKey(public string) error {
	_, err := remove[issuer.MentorKey](tx, "public = ?", public)
	return err
}

// AddLostMentorKey keeps that a key of a mentor was in other hands.
func (tx *Tx) AddLostMentorKey(k *issuer.LostMentorKey) error { return tx.add("lost mentor key", k) }

// LostMentorKey reads one.
func (tx *Tx) LostMentorKey(public string) (*issuer.LostMentorKey, error) {
	return take[issuer.LostMentorKey](tx, "This key was not given up.", "public = ?", public)
}

// AllLostMentorKeys lists those of all mentors.
func (tx *Tx) AllLostMentorKeys() ([]issuer.LostMentorKey, error) {
	return list[issuer.LostMentorKey](tx, "public", "true")
}

// LostMentorKeys lists those of a mentor.
func (tx *Tx) LostMentorKeys(p issuer.PersonID) ([]issuer.LostMentorKey, error) {
	return list[issuer.LostMentorKey](tx, "public", "person_id = ?", p)
}

// MoveLostMentorKey says that a key was in other hands since another time.
func (tx *Tx) MoveLostMentorKey(public string, since time.Time) error {
	_, err := change[issuer.LostMentorKey](tx, map[string]any{"since": since}, "public = ?", public)
	return err
}

// VoidEndorsementsSince voids what a mentor signed since a time and is in no badge.
func (tx *Tx) VoidEndorsementsSince(p issuer.PersonID, since time.Time) error {
	_, err := change[issuer.Endorsement](tx, map[string]any{"voided_at": tx.Now},
		"sent_at IS NULL AND voided_at IS NULL AND created_at >= ? AND review_id IN (SELECT id FROM reviews WHERE reviewer_id = ?)", since, p)
	return err
}

// AddEndorsements keeps what a mentor signed.
func (tx *Tx) AddEndorsements(e ...*issuer.Endorsement) error {
	return addAll(tx, "endorsements", e)
}

// Endorsements lists what was signed about badges, voided ones left out, in the
// order of signing.
func (tx *Tx) Endorsements(ids ...issuer.CredentialID) ([]issuer.Endorsement, error) {
	return list[issuer.Endorsement](tx, "credential_id, created_at, id", "credential_id IN ? AND voided_at IS NULL", none(ids))
}

// EndorsementsFrom lists what was signed, voided ones too, by id after one.
func (tx *Tx) EndorsementsFrom(after string, limit int) ([]issuer.Endorsement, error) {
	rows, err := read[issuer.Endorsement](tx, "WHERE id > ? ORDER BY id LIMIT ?", after, limit)
	return rows, fault(err, "list endorsements")
}

// HolderAllotted reads who a badge was allotted to; "" if it was to nobody.
func (tx *Tx) HolderAllotted(id issuer.CredentialID) (issuer.PersonID, error) {
	found, err := list[issuer.Allotment](tx, "credential_id", "credential_id = ?", id)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].PersonID, nil
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
