package jobs

import (
	"bytes"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
	"hallmark/verifier/inclusion"
)

// grow lets the tree grow over leaves that have a position and are not in it
// yet, signs its head, and tells how many there were. A log that nothing is in
// has a checkpoint too, and one that another key signed is signed anew.
func (r *Runner) grow(tx *store.Tx) (int, error) {
	us, err := tx.Issuer()
	if err != nil {
		return 0, err
	}
	last, err := tx.LastCheckpoint()
	if err != nil {
		return 0, err
	}
	size := int64(0)
	if last != nil {
		size = last.Size
	}
	leaves, err := tx.Leaves(size, chainAtOnce)
	if err != nil {
		return 0, err
	}
	edge, err := ledger.NewEdge(size, readTile(tx))
	if err != nil {
		return 0, err
	}
	if err := extends(edge, last); err != nil {
		return 0, err
	}
	for i, l := range leaves {
		if *l.Sequence != size+int64(i) {
			return 0, fmt.Errorf("leaf %d of the log is missing", size+int64(i))
		}
		edge.Append(l.Data)
	}
	for _, t := range edge.Changed() {
		if err := tx.SaveLogTile(&issuer.LogTile{Level: t.Level, Position: t.Index, IssuerID: us.ID, Hashes: t.Hashes}); err != nil {
			return 0, err
		}
	}
	return len(leaves), r.checkpoint(tx, us.ID, edge, last)
}

func readTile(tx *store.Tx) func(level int, index int64) ([]byte, error) {
	return func(level int, index int64) ([]byte, error) {
		t, err := tx.LogTile(level, index)
		if err != nil {
			return nil, fmt.Errorf("read tile %d/%d: %w", level, index, err)
		}
		return t.Hashes, nil
	}
}

// extends refuses to go on from tiles that do not give the last checkpoint:
// signing is the point of no return, and two heads that do not agree would be
// the end of anyone's trust in the log.
func extends(edge *ledger.Edge, last *issuer.LogCheckpoint) error {
	if last == nil {
		return nil
	}
	if root := edge.Root(); !bytes.Equal(root[:], last.Root) {
		return fmt.Errorf("the tiles of the log do not give its checkpoint of size %d: run hallmark log check", last.Size)
	}
	return nil
}

// checkpoint signs the head of the tree unless that has been done.
func (r *Runner) checkpoint(tx *store.Tx, us issuer.IssuerID, edge *ledger.Edge, last *issuer.LogCheckpoint) error {
	again := last != nil && last.Size == edge.Size()
	if again {
		if signed, err := r.signedByUs(last.Note); err != nil || signed {
			return err
		}
	}
	head := inclusion.Checkpoint{Origin: ledger.Origin(r.logBase()), Size: edge.Size(), Root: edge.Root()}
	signed, err := r.signNote(head)
	if err != nil {
		return err
	}
	c := &issuer.LogCheckpoint{Size: head.Size, IssuerID: us, Root: head.Root[:], Note: signed}
	if again {
		return tx.SignCheckpoint(c)
	}
	return tx.AddCheckpoint(c)
}

// logBase is the base URL that the log is named by, that of the first start: its
// name is what its keys are known by, and no address.
func (r *Runner) logBase() string { return r.Ring.Identities(r.BaseURL)[0].BaseURL }

// signNote signs a head and reads it back before it is kept.
func (r *Runner) signNote(head inclusion.Checkpoint) (string, error) {
	origin := ledger.Origin(r.logBase())
	signer, err := r.Ring.LogSigner(origin)
	if err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: head.Text()}, signer)
	if err != nil {
		return "", fmt.Errorf("sign the head of the log: %w", err)
	}
	keys, err := r.Ring.LogKeys(origin)
	if err != nil {
		return "", err
	}
	if _, err := inclusion.OpenHead(signed, head.Origin, keys); err != nil {
		return "", fmt.Errorf("our own signature does not verify: %w", err)
	}
	return string(signed), nil
}

// signedByUs tells whether a checkpoint is signed with the key that is active,
// under the name the log has now.
func (r *Runner) signedByUs(signed string) (bool, error) {
	keys, err := r.Ring.LogKeys(ledger.Origin(r.logBase()))
	if err != nil {
		return false, err
	}
	if len(keys) == 0 {
		return false, errors.New("no active key for the log")
	}
	_, err = inclusion.OpenCheckpoint([]byte(signed), keys[:1])
	return err == nil, nil
}
