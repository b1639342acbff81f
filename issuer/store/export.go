package store

import (
	"hallmark/issuer"
)

// Shown lists the credentials whose holders show them, superseded ones too, by
// id after one: those that the public door answers for.
func (tx *Tx) Shown(after issuer.CredentialID, limit int) ([]issuer.Credential, error) {
	rows, err := read[issuer.Credential](tx, "WHERE id > ? AND award_id IN (SELECT id FROM awards WHERE state <> 'erased' AND visibility <> 'withdrawn') ORDER BY id LIMIT ?", after, limit)
	return rows, fault(err, "list credentials that are shown")
}

// Listed lists the credentials whose holders want them found, the current one
// of each award, the newest first.
func (tx *Tx) Listed(limit int) ([]issuer.Credential, error) {
	rows, err := read[issuer.Credential](tx, "WHERE superseded_by = '' AND copy_of = '' AND award_id IN (SELECT id FROM awards WHERE state <> 'erased' AND visibility = 'public') ORDER BY issued_at DESC, id LIMIT ?", limit)
	return rows, fault(err, "list public credentials")
}

// ConsentRecords lists what a person answered, in the order of time.
func (tx *Tx) ConsentRecords(p issuer.PersonID) ([]issuer.ConsentRecord, error) {
	return list[issuer.ConsentRecord](tx, "at, id", "person_id = ?", p)
}

// CompletionEvidence lists the links that came with completions.
func (tx *Tx) CompletionEvidence(ids ...issuer.CompletionID) ([]issuer.CompletionEvidence, error) {
	return list[issuer.CompletionEvidence](tx, "completion_id, id", "completion_id IN ?", none(ids))
}

// MessagesTo lists the messages to some addresses in the order of time.
func (tx *Tx) MessagesTo(addresses ...string) ([]issuer.Message, error) {
	return list[issuer.Message](tx, "created_at, id", "recipient IN ?", none(addresses))
}

// Sessions lists the browsers that a person is signed in with.
func (tx *Tx) Sessions(p issuer.PersonID) ([]issuer.Session, error) {
	return list[issuer.Session](tx, "created_at, token", "person_id = ?", p)
}
