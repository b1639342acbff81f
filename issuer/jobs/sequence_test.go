package jobs

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"sync"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
)

func (r *Runner) record(t *testing.T, entries, leaves int) {
	t.Helper()
	r.must(t, func(tx *store.Tx) error {
		for i := range entries {
			e := &issuer.AuditEntry{ID: issuer.AuditID(rand.Text()), IssuerID: us, At: tx.Now, Actor: "person:ANN", Act: "x", Object: fmt.Sprint(i), Outcome: "done", Detail: `{"n":1}`}
			if err := tx.AddAuditEntry(e); err != nil {
				return err
			}
		}
		for range leaves {
			l := &issuer.LogLeaf{ID: issuer.LeafID(rand.Text()), IssuerID: us, Type: ledger.Key, At: ledger.Minute(tx.Now), Data: ledger.Leaf(ledger.Key, tx.Now, []byte("x"))}
			if err := tx.AddLeaf(l); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkChain computes every hash anew from the rows.
func (r *Runner) checkChain(t *testing.T, entries, leaves int) {
	t.Helper()
	chained := read(t, r, func(tx *store.Tx) ([]issuer.AuditEntry, error) {
		return tx.AuditEntries(store.AuditQuery{Limit: 10_000})
	})
	previous := ledger.Start()
	for i, e := range chained {
		if *e.Sequence != int64(i) || !bytes.Equal(e.Previous, previous) || !bytes.Equal(e.Hash, ledger.Audit(previous, &e)) {
			t.Fatalf("entry %d is not in the chain: %+v", i, e)
		}
		previous = e.Hash
	}
	placed := read(t, r, func(tx *store.Tx) ([]issuer.LogLeaf, error) { return tx.Leaves(0, 10_000) })
	for i, l := range placed {
		if *l.Sequence != int64(i) {
			t.Fatalf("leaf %d has position %d", i, *l.Sequence)
		}
	}
	if len(chained) != entries || len(placed) != leaves {
		t.Errorf("%d entries and %d leaves, want %d and %d", len(chained), len(placed), entries, leaves)
	}
	if waiting := read(t, r, (*store.Tx).Unplaced); waiting {
		t.Error("something waits still")
	}
}

func TestSequence(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, c *clock) {
		do(t, r.Sequence)
		r.checkChain(t, 0, 0)
		r.record(t, 2*chainAtOnce+1, chainAtOnce+30)
		do(t, r.Sequence)
		r.checkChain(t, 2*chainAtOnce+1, chainAtOnce+30)
		c.forward(1e9)
		r.record(t, 3, 0)
		do(t, r.Sequence)
		do(t, r.Sequence)
		r.checkChain(t, 2*chainAtOnce+4, chainAtOnce+30)
	})
}

// TestSequenceByMany lets copies work while acts write.
func TestSequenceByMany(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				for range 5 {
					r.record(t, 2, 1)
					do(t, r.Sequence)
				}
			})
		}
		wg.Wait()
		do(t, r.Sequence)
		r.checkChain(t, 60, 30)
	})
}
