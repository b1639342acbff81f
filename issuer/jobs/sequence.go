package jobs

import (
	"context"

	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
)

// chainAtOnce is how many rows get their position in one transaction: few
// enough that acts waiting behind it on SQLite hardly notice.
const chainAtOnce = 200

// Sequence chains the audit entries and places the log leaves that wait.
// Acts write both without a position, so that they share nothing; here one
// after the other gets the next.
func (r *Runner) Sequence(ctx context.Context) error {
	for {
		waiting, err := store.Read(ctx, r.Store, (*store.Tx).Unplaced)
		if err != nil || !waiting {
			return err
		}
		more, err := store.Write(ctx, r.Store, place)
		if err != nil || !more {
			return err
		}
	}
}

// place gives positions to what waits and tells whether there may be more.
func place(tx *store.Tx) (more bool, err error) {
	if mine, err := tx.TryLock("sequence"); err != nil || !mine {
		return false, err
	}
	entries, err := chain(tx)
	if err != nil {
		return false, err
	}
	leaves, err := number(tx)
	return entries == chainAtOnce || leaves == chainAtOnce, err
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
