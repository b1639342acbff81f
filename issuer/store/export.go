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
	rows, err := read[issuer.Credential](tx, "WHERE superseded_by = '' AND award_id IN (SELECT id FROM awards WHERE state <> 'erased' AND visibility = 'public') ORDER BY issued_at DESC, id LIMIT ?", limit)
	return rows, fault(err, "list public credentials")
}
