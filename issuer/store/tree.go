package store

import (
	"errors"

	"hallmark/issuer"
)

// LogTile reads the hashes of a tile; there is none before its first leaf.
func (tx *Tx) LogTile(level int, position int64) (*issuer.LogTile, error) {
	return take[issuer.LogTile](tx, "There is no such tile.", "level = ? AND position = ?", level, position)
}

// SaveLogTile keeps a tile that is new or has grown.
func (tx *Tx) SaveLogTile(t *issuer.LogTile) error {
	n, err := tx.insert([]any{t}, " ON CONFLICT (level, position) DO UPDATE SET hashes = excluded.hashes")
	return onlyOne(n, err, "save log tile")
}

// AddCheckpoint keeps the checkpoint of a size, of which there is only one.
func (tx *Tx) AddCheckpoint(c *issuer.LogCheckpoint) error { return tx.add("checkpoint", c) }

// SignCheckpoint keeps a checkpoint's signatures as they are now.
func (tx *Tx) SignCheckpoint(c *issuer.LogCheckpoint) error {
	n, err := tx.exec("UPDATE log_checkpoints SET note = ? WHERE size = ?", c.Note, c.Size)
	return onlyOne(n, err, "sign checkpoint")
}

// LastCheckpoint reads the newest checkpoint; nil if there is none.
func (tx *Tx) LastCheckpoint() (*issuer.LogCheckpoint, error) {
	rows, err := read[issuer.LogCheckpoint](tx, "WHERE size >= 0 ORDER BY size DESC LIMIT 1")
	if err != nil || len(rows) == 0 {
		return nil, fault(err, "read last checkpoint")
	}
	return &rows[0], nil
}

// CheckpointUpTo reads the newest checkpoint of at most a size.
func (tx *Tx) CheckpointUpTo(size int64) (*issuer.LogCheckpoint, error) {
	return take[issuer.LogCheckpoint](tx, "There is no such checkpoint.", "size = (SELECT max(size) FROM log_checkpoints WHERE size <= ?)", size)
}

// Checkpoints lists checkpoints from a size on.
func (tx *Tx) Checkpoints(from int64, limit int) ([]issuer.LogCheckpoint, error) {
	rows, err := read[issuer.LogCheckpoint](tx, "WHERE size >= ? ORDER BY size LIMIT ?", from, limit)
	return rows, fault(err, "list checkpoints")
}

// AuditHead reads the signed head of the audit chain; nil if there is none.
func (tx *Tx) AuditHead() (*issuer.AuditHead, error) {
	h, err := take[issuer.AuditHead](tx, "", "size > 0")
	if errors.Is(err, issuer.NotFound) {
		return nil, nil
	}
	return h, err
}

// SaveAuditHead keeps the head of the audit chain, in place of the one before.
func (tx *Tx) SaveAuditHead(h *issuer.AuditHead) error {
	n, err := tx.insert([]any{h}, " ON CONFLICT (issuer_id) DO UPDATE SET size = excluded.size, hash = excluded.hash, note = excluded.note")
	return onlyOne(n, err, "save audit head")
}

// IssueLeaf reads the leaf that records that a credential was issued.
func (tx *Tx) IssueLeaf(c issuer.CredentialID) (*issuer.LogLeaf, error) {
	return take[issuer.LogLeaf](tx, "There is no such credential.", "credential_id = ? AND type = 'issue'", c)
}
