package jobs

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
	"hallmark/verifier/inclusion"
)

// checkTree computes the tree anew from the leaves and holds the tiles, every
// checkpoint and the signed head of the chain against the rows.
func (r *Runner) checkTree(t *testing.T, size int64) {
	t.Helper()
	leaves := read(t, r, func(tx *store.Tx) ([]issuer.LogLeaf, error) { return tx.Leaves(0, 100_000) })
	if int64(len(leaves)) != size {
		t.Fatalf("%d leaves, want %d", len(leaves), size)
	}
	edge, err := ledger.NewEdge(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	roots := map[int64]tlog.Hash{0: edge.Root()}
	for _, l := range leaves {
		edge.Append(l.Data)
		roots[edge.Size()] = edge.Root()
	}
	for _, tile := range edge.Changed() {
		row := read(t, r, func(tx *store.Tx) (*issuer.LogTile, error) { return tx.LogTile(tile.Level, tile.Index) })
		if !bytes.Equal(row.Hashes, tile.Hashes) {
			t.Errorf("tile %d/%d is not what the leaves give", tile.Level, tile.Index)
		}
	}
	origin := ledger.Origin(r.BaseURL)
	keys, err := r.Ring.LogKeys(origin)
	if err != nil {
		t.Fatal(err)
	}
	last := int64(-1)
	for _, c := range read(t, r, func(tx *store.Tx) ([]issuer.LogCheckpoint, error) { return tx.Checkpoints(0, 100_000) }) {
		head, err := inclusion.OpenCheckpoint([]byte(c.Note), keys)
		if err != nil || head.Origin != origin || head.Size != c.Size || head.Root != roots[c.Size] || !bytes.Equal(c.Root, head.Root[:]) {
			t.Errorf("checkpoint %d: %+v, %v", c.Size, head, err)
		}
		last = c.Size
	}
	if last != size {
		t.Errorf("the last checkpoint is of size %d, want %d", last, size)
	}
	head, err := r.openHead(t)
	if err != nil {
		t.Fatal(err)
	}
	if entry := read(t, r, (*store.Tx).LastAudit); entry != nil && (head.Size != *entry.Sequence+1 || !bytes.Equal(head.Root[:], entry.Hash)) {
		t.Errorf("the signed head of the chain is %+v", head)
	}
}

func (r *Runner) openHead(t *testing.T) (inclusion.Checkpoint, error) {
	t.Helper()
	head := read(t, r, (*store.Tx).AuditHead)
	if head == nil {
		return inclusion.Checkpoint{}, nil
	}
	keys, err := r.Ring.LogKeys(ledger.Origin(r.BaseURL))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inclusion.OpenCheckpoint([]byte(head.Note), keys); err == nil {
		t.Error("the head of the chain passes for a checkpoint of the log")
	}
	return inclusion.OpenHead([]byte(head.Note), ledger.ChainOrigin(r.BaseURL), keys)
}

func TestTree(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		do(t, r.Sequence)
		r.checkTree(t, 0) // a log of nothing has a head too
		size := int64(0)
		for _, n := range []int{1, 1, 254, 1, 3, chainAtOnce + 100} {
			r.record(t, 1, n)
			do(t, r.Sequence)
			size += int64(n)
			r.checkTree(t, size)
		}
	})
}

// TestTreeByMany lets copies of the program work while acts write.
func TestTreeByMany(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				for range 5 {
					r.record(t, 1, 3)
					do(t, r.Sequence)
				}
			})
		}
		wg.Wait()
		do(t, r.Sequence)
		r.checkTree(t, 90)
	})
}

// TestTreeCatchesUp: leaves that were given positions before there was a tree
// come into it, more than go into one transaction.
func TestTreeCatchesUp(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		r.record(t, 0, chainAtOnce+50)
		for range 2 {
			r.must(t, func(tx *store.Tx) error { _, err := number(tx); return err })
		}
		do(t, r.Sequence)
		r.checkTree(t, chainAtOnce+50)
	})
}

// TestNoFork: from rows that do not give the last checkpoint nothing more is
// signed, and what waits goes on waiting.
func TestNoFork(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		r.record(t, 0, 3)
		do(t, r.Sequence)
		r.must(t, func(tx *store.Tx) error { // a tile that goes on with something else than the leaves
			tile, err := tx.LogTile(0, 0)
			if err != nil {
				return err
			}
			tile.Hashes = append(tile.Hashes, make([]byte, 32)...)
			return tx.SaveLogTile(tile)
		})
		r.record(t, 1, 1)
		if err := r.Sequence(t.Context()); err == nil {
			t.Fatal("a fork was signed")
		}
		if c := read(t, r, (*store.Tx).LastCheckpoint); c.Size != 3 {
			t.Errorf("checkpoint of size %d", c.Size)
		}
		if waiting := read(t, r, (*store.Tx).Unplaced); !waiting {
			t.Error("half of a transaction was kept")
		}
	})
}

// TestNoForkOfHashes: tiles that are as long as the last checkpoint says and hold
// other hashes are no ground to sign on.
func TestNoForkOfHashes(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		r.record(t, 0, 3)
		do(t, r.Sequence)
		r.record(t, 0, 3)
		r.must(t, func(tx *store.Tx) error {
			if _, err := number(tx); err != nil {
				return err
			}
			tile, err := tx.LogTile(0, 0)
			if err != nil {
				return err
			}
			tile.Hashes = append(tile.Hashes, make([]byte, 64)...)
			head := inclusion.Checkpoint{Origin: ledger.Origin(r.BaseURL), Size: 5, Root: tlog.Hash{1}}
			signed, err := r.signNote(head)
			return errors.Join(err, tx.SaveLogTile(tile), tx.AddCheckpoint(&issuer.LogCheckpoint{Size: 5, IssuerID: us, Root: head.Root[:], Note: signed}))
		})
		if err := r.Sequence(t.Context()); err == nil {
			t.Fatal("a fork was signed")
		}
		if c := read(t, r, (*store.Tx).LastCheckpoint); c.Size != 5 {
			t.Errorf("checkpoint of size %d", c.Size)
		}
	})
}

// TestNewKey: when another key is active, or the log has another name, the
// same head is signed anew.
func TestNewKey(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		r.record(t, 1, 3)
		do(t, r.Sequence)
		before := read(t, r, (*store.Tx).LastCheckpoint)
		r.BaseURL = "https://moved.example.org"
		do(t, r.Sequence)
		after := read(t, r, (*store.Tx).LastCheckpoint)
		if after.Note == before.Note || after.Size != 3 || !bytes.Equal(after.Root, before.Root) {
			t.Errorf("%+v after %+v", after, before)
		}
		do(t, r.Sequence)
		if again := read(t, r, (*store.Tx).LastCheckpoint); again.Note != after.Note {
			t.Error("signed again for nothing")
		}
	})
}

// TestForeignNote: what another key signed is not ours.
func TestForeignNote(t *testing.T) {
	r, _ := runner(t, t.TempDir()+"/hallmark.db")
	private, _, err := note.GenerateKey(rand.Reader, ledger.Origin(r.BaseURL))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: inclusion.Checkpoint{Origin: ledger.Origin(r.BaseURL)}.Text()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	if ours, err := r.signedByUs(string(signed)); err != nil || ours {
		t.Errorf("%v, %v", ours, err)
	}
}

// BenchmarkSequence places leaves and chains entries, 10,000 of each in a
// round, and tells what one of each takes and how much memory is held.
func BenchmarkSequence(b *testing.B) {
	r, _ := runner(b, b.TempDir()+"/hallmark.db")
	const many = 10_000
	for b.Loop() {
		b.StopTimer()
		for range many / 500 {
			r.recordMany(b, 500)
		}
		b.StartTimer()
		if err := r.Sequence(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MiB-held")
	b.ReportMetric(float64(b.N)*many/b.Elapsed().Seconds(), "leaves/s")
}

func (r *Runner) recordMany(t testing.TB, n int) {
	t.Helper()
	_, err := store.Write(t.Context(), r.Store, func(tx *store.Tx) (bool, error) {
		var entries []*issuer.AuditEntry
		var leaves []*issuer.LogLeaf
		for i := range n {
			entries = append(entries, &issuer.AuditEntry{ID: issuer.AuditID(rand.Text()), IssuerID: us, At: tx.Now, Actor: "person:ANN", Act: "x", Object: fmt.Sprint(i), Outcome: "done", Detail: `{"n":1}`})
			leaves = append(leaves, &issuer.LogLeaf{ID: issuer.LeafID(rand.Text()), IssuerID: us, Type: ledger.Key, At: ledger.Minute(tx.Now), Data: ledger.Leaf(ledger.Key, tx.Now, bytes.Repeat([]byte{7}, 32))})
		}
		return true, errors.Join(tx.AddAuditEntries(entries...), tx.AddLeaves(leaves...))
	})
	if err != nil {
		t.Fatal(err)
	}
}
