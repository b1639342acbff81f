package store

import (
	"errors"

	"hallmark/issuer"
)

// AddAuditEntry keeps an entry of the audit trail, without a position: the
// sequencer chains it.
func (tx *Tx) AddAuditEntry(e *issuer.AuditEntry) error { return addLate(tx, lateAudit, e) }

// AddAuditEntries keeps many.
func (tx *Tx) AddAuditEntries(e ...*issuer.AuditEntry) error {
	return addLate(tx, lateAudit, e...)
}

// AuditQuery narrows and pages the audit trail.
type AuditQuery struct {
	Object string // id, "" for everything
	From   int64  // first position
	Limit  int    // 0: 100
}

// AuditEntries lists chained entries in the order of the chain.
func (tx *Tx) AuditEntries(q AuditQuery) ([]issuer.AuditEntry, error) {
	if q.Limit <= 0 {
		q.Limit = 100
	}
	db := tx.db.Where("sequence >= ?", q.From)
	if q.Object != "" {
		db = db.Where("object = ?", q.Object)
	}
	return found[issuer.AuditEntry](db.Order("sequence").Limit(q.Limit), "audit entries")
}

// WaitingAudit lists entries that are not chained yet, oldest first.
func (tx *Tx) WaitingAudit(limit int) ([]issuer.AuditEntry, error) {
	rows, err := read[issuer.AuditEntry](tx, "WHERE sequence IS NULL ORDER BY at, id LIMIT ?", limit)
	return rows, fault(err, "list audit entries that wait")
}

// Unplaced tells whether any audit entry or log leaf waits for its position.
func (tx *Tx) Unplaced() (bool, error) {
	entries, err := tx.WaitingAudit(1)
	if err != nil || len(entries) > 0 {
		return len(entries) > 0, err
	}
	leaves, err := tx.WaitingLeaves(1)
	return len(leaves) > 0, err
}

// LastAudit reads the head of the chain; nil if nothing is chained.
func (tx *Tx) LastAudit() (*issuer.AuditEntry, error) {
	return last[issuer.AuditEntry](tx)
}

// ChainAudit gives an entry its place in the chain, once.
func (tx *Tx) ChainAudit(e *issuer.AuditEntry) error {
	n, err := tx.exec("UPDATE audit_entries SET sequence = ?, previous = ?, hash = ? WHERE id = ? AND sequence IS NULL",
		*e.Sequence, e.Previous, e.Hash, string(e.ID))
	return onlyOne(n, err, "chain audit entry")
}

// onlyOne is for statements that must find the row they name.
func onlyOne(n int64, err error, what string) error {
	if err == nil && n != 1 {
		err = errors.New("it is not where it was")
	}
	return fault(err, "%s", what)
}

// AddLeaf keeps a leaf of the public log, without a position.
func (tx *Tx) AddLeaf(l *issuer.LogLeaf) error { return addLate(tx, lateLeaves, l) }

// AddLeaves keeps many.
func (tx *Tx) AddLeaves(l ...*issuer.LogLeaf) error { return addLate(tx, lateLeaves, l...) }

// WaitingLeaves lists leaves without a position, oldest first.
func (tx *Tx) WaitingLeaves(limit int) ([]issuer.LogLeaf, error) {
	rows, err := read[issuer.LogLeaf](tx, "WHERE sequence IS NULL ORDER BY at, id LIMIT ?", limit)
	return rows, fault(err, "list log leaves that wait")
}

// LastLeaf reads the last leaf with a position; nil if there is none.
func (tx *Tx) LastLeaf() (*issuer.LogLeaf, error) { return last[issuer.LogLeaf](tx) }

// PlaceLeaf gives a leaf its position, once.
func (tx *Tx) PlaceLeaf(l *issuer.LogLeaf) error {
	n, err := tx.exec("UPDATE log_leaves SET sequence = ? WHERE id = ? AND sequence IS NULL", *l.Sequence, string(l.ID))
	return onlyOne(n, err, "place log leaf")
}

// Leaves lists leaves by position.
func (tx *Tx) Leaves(from int64, limit int) ([]issuer.LogLeaf, error) {
	rows, err := read[issuer.LogLeaf](tx, "WHERE sequence >= ? ORDER BY sequence LIMIT ?", from, limit)
	return rows, fault(err, "list log leaves")
}

// AddSalts keeps the salts of credentials' leaves.
func (tx *Tx) AddSalts(s ...*issuer.LogSalt) error { return addLate(tx, lateSalts, s...) }

// Salt reads the salt of a credential's leaves.
func (tx *Tx) Salt(c issuer.CredentialID) (*issuer.LogSalt, error) {
	return take[issuer.LogSalt](tx, "There is no such credential.", "credential_id = ?", c)
}

// last reads the row of T with the highest position.
func last[T any](tx *Tx) (*T, error) {
	rows, err := read[T](tx, "WHERE sequence >= 0 ORDER BY sequence DESC LIMIT 1")
	if err != nil || len(rows) == 0 {
		return nil, fault(err, "read last position")
	}
	return &rows[0], nil
}
