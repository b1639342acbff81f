package store

import (
	"time"

	"hallmark/issuer"
)

// AddStepUpCode keeps a code that is being mailed.
func (tx *Tx) AddStepUpCode(c *issuer.StepUpCode) error { return tx.add("code", c) }

// StepUpCode reads a code of a person.
func (tx *Tx) StepUpCode(p issuer.PersonID, id string) (*issuer.StepUpCode, error) {
	return take[issuer.StepUpCode](tx, "There is no such code.", "id = ? AND person_id = ?", id, string(p))
}

// StepUpCodesSince lists the codes that a person asked for after a time.
func (tx *Tx) StepUpCodesSince(p issuer.PersonID, after time.Time) ([]issuer.StepUpCode, error) {
	return list[issuer.StepUpCode](tx, "created_at, id", "person_id = ? AND created_at > ?", string(p), after)
}

// SaveStepUpCode keeps what became of a code.
func (tx *Tx) SaveStepUpCode(c *issuer.StepUpCode) error {
	_, err := change[issuer.StepUpCode](tx, map[string]any{"attempts": c.Attempts, "used_at": c.UsedAt}, "id = ?", c.ID)
	return err
}

// Passkeys lists the passkeys of a person, the oldest first.
func (tx *Tx) Passkeys(p issuer.PersonID) ([]issuer.Passkey, error) {
	return list[issuer.Passkey](tx, "created_at, id", "person_id = ?", string(p))
}

// AddPasskeyOnce keeps a new passkey unless it is somebody's already.
func (tx *Tx) AddPasskeyOnce(k *issuer.Passkey) (added bool, err error) {
	return tx.addOnce("passkey", k)
}

// SavePasskey keeps what using a passkey changed of it.
func (tx *Tx) SavePasskey(k *issuer.Passkey) error {
	_, err := change[issuer.Passkey](tx, map[string]any{"data": k.Data, "used_at": k.UsedAt}, "id = ?", k.ID)
	return err
}

// RemovePasskey takes a passkey from its person and tells whether they had it.
func (tx *Tx) RemovePasskey(p issuer.PersonID, id string) (bool, error) {
	n, err := remove[issuer.Passkey](tx, "id = ? AND person_id = ?", id, p)
	return n > 0, err
}
