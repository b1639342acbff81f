package jobs

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
	"hallmark/verifier/inclusion"
)

// chainAtOnce is how many rows get their position in one transaction: few
// enough that acts waiting behind it on SQLite hardly notice.
const chainAtOnce = 200

// Sequence chains the audit entries and places the log leaves that wait, lets
// the tree grow over them and signs its new head. Acts write both without a
// position, so that they share nothing; here one after the other gets the next.
// A leaf, its position, its hashes and the checkpoint over it are one
// transaction: whatever dies in between, there is no position without a
// checkpoint over it and no checkpoint that the rows do not give.
func (r *Runner) Sequence(ctx context.Context) error {
	if r.Ring.DID() == "" {
		return nil // before the first start
	}
	raised := time.Now()
	for {
		waiting, err := store.Read(ctx, r.Store, r.unsequenced)
		if err != nil || !waiting {
			return err
		}
		more, err := store.Write(ctx, r.Store, r.place)
		if err != nil {
			return err
		}
		if more && time.Since(raised) < often { // the mark costs as much disk as a commit
			continue
		}
		if err := r.Raise(ctx); err != nil || !more {
			return err
		}
		raised = time.Now()
	}
}

// unsequenced tells whether there is anything to do. Records that are held sign
// nothing: they would give positions again that others have seen.
func (r *Runner) unsequenced(tx *store.Tx) (bool, error) {
	if held, err := tx.Held(); err != nil || held.Holds() {
		return false, err
	}
	waiting, err := tx.Unplaced()
	if err != nil || waiting {
		return waiting, err
	}
	last, err := tx.LastCheckpoint()
	if err != nil || last == nil {
		return true, err
	}
	leaf, err := tx.LastLeaf()
	if err != nil || leaf != nil && *leaf.Sequence >= last.Size {
		return true, err
	}
	signed, err := r.signedByUs(last.Note)
	return !signed, err
}

// place gives positions to what waits and tells whether there may be more.
func (r *Runner) place(tx *store.Tx) (more bool, err error) {
	if mine, err := tx.TryLock("sequence"); err != nil || !mine {
		return false, err
	}
	if held, err := tx.Held(); err != nil || held.Holds() {
		return false, err
	}
	if err := r.notBehind(tx); err != nil {
		return false, err
	}
	entries, err := r.chainOn(tx)
	if err != nil {
		return false, err
	}
	if _, err := number(tx); err != nil {
		return false, err
	}
	grown, err := r.grow(tx)
	return entries == chainAtOnce || grown == chainAtOnce, err
}

// chainOn chains the entries that wait and signs the head they make: a chain
// without a signature could be made anew by whoever holds the database.
func (r *Runner) chainOn(tx *store.Tx) (int, error) {
	n, err := chain(tx)
	if err != nil || n == 0 {
		return n, err
	}
	last, err := tx.LastAudit()
	if err != nil {
		return 0, err
	}
	head := inclusion.Checkpoint{Origin: ledger.ChainOrigin(r.logBase()), Size: *last.Sequence + 1, Root: tlog.Hash(last.Hash)}
	signed, err := r.signNote(head)
	if err != nil {
		return 0, err
	}
	return n, tx.SaveAuditHead(&issuer.AuditHead{IssuerID: last.IssuerID, Size: head.Size, Hash: last.Hash, Note: signed})
}

func chain(tx *store.Tx) (int, error) {
	last, err := tx.LastAudit()
	if err != nil {
		return 0, err
	}
	next, previous := int64(0), ledger.Start()
	if last != nil {
		next, previous = *last.Sequence+1, last.Hash
	}
	entries, err := tx.WaitingAudit(chainAtOnce)
	for i := range entries {
		if err != nil {
			return 0, err
		}
		e, at := &entries[i], next
		e.Sequence, e.Previous, e.Hash = &at, previous, ledger.Audit(previous, e)
		next, previous = next+1, e.Hash
		err = tx.ChainAudit(e)
	}
	return len(entries), err
}

func number(tx *store.Tx) (int, error) {
	last, err := tx.LastLeaf()
	if err != nil {
		return 0, err
	}
	next := int64(0)
	if last != nil {
		next = *last.Sequence + 1
	}
	leaves, err := tx.WaitingLeaves(chainAtOnce)
	for i := range leaves {
		if err != nil {
			return 0, err
		}
		at := next
		leaves[i].Sequence = &at
		next++
		err = tx.PlaceLeaf(&leaves[i])
	}
	return len(leaves), err
}
