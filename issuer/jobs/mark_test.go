package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/highwater"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
)

// addLeaves adds so many leaves that wait for their position.
func (r *Runner) addLeaves(t *testing.T, n int) {
	t.Helper()
	r.must(t, func(tx *store.Tx) error {
		for i := range n {
			id := fmt.Sprintf("%s-%d-%d", t.Name(), n, i)
			err := tx.AddLeaf(&issuer.LogLeaf{ID: issuer.LeafID(id), IssuerID: us, Type: ledger.Key, At: ledger.Minute(tx.Now),
				Data: ledger.Leaf(ledger.Key, tx.Now, []byte(id))})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// TestMark: the mark follows the log and the lists, and bits are in it before
// a list shows them.
func TestMark(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		r.Mark = highwater.New(filepath.Join(t.TempDir(), "mark"))
		id, entry := r.begin(t)
		do(t, r.Sequence)
		do(t, r.Publish)
		r.addLeaves(t, 3*chainAtOnce+1)
		do(t, r.Sequence)
		last := read(t, r, (*store.Tx).LastCheckpoint)
		m, err := highwater.New(r.Mark.Path()).Read()
		if err != nil || m == nil || m.Size != 3*chainAtOnce+1 || m.Size != last.Size || !slices.Equal(m.Root, last.Root) || m.Lists[id].Version != 1 || len(m.Keys) == 0 {
			t.Fatalf("the mark is %+v, %v", m, err)
		}
		next := m.From
		err = r.Mark.Leaves(m, m.From, func(l *issuer.LogLeaf) error {
			row := read(t, r, func(tx *store.Tx) (*issuer.LogLeaf, error) { return tx.LeafAt(next) })
			if next++; l.ID != row.ID || !slices.Equal(l.Data, row.Data) {
				t.Errorf("leaf %d is another one beside the mark", next-1)
			}
			return nil
		})
		if err != nil || next != m.Size {
			t.Errorf("leaves up to %d, %v", next, err)
		}

		r.must(t, func(tx *store.Tx) error { return tx.SetStatus("CRED", "revoked") })
		if err := r.raiseBits(t.Context(), id); err != nil { // as before the list is signed
			t.Fatal(err)
		}
		if m, err := highwater.New(r.Mark.Path()).Read(); err != nil || !m.Lists[id].Has([]int{entry.StatusIndex}) || m.Lists[id].Version != 1 {
			t.Errorf("before the list is signed the mark has %+v, %v", m.Lists[id], err)
		}
		do(t, r.Publish)
		if m, err := r.Mark.Read(); err != nil || !m.Lists[id].Has([]int{entry.StatusIndex}) || m.Lists[id].Version != 2 {
			t.Errorf("when it is signed the mark has %+v, %v", m.Lists[id], err)
		}

		// A bit that cannot be marked is not published either.
		r.must(t, func(tx *store.Tx) error {
			_, err := tx.ReserveStatus(us, newest, "OTHER")
			return errors.Join(err, tx.SetStatus("OTHER", "revoked"))
		})
		if err := os.RemoveAll(filepath.Dir(r.Mark.Path())); err != nil {
			t.Fatal(err)
		}
		if err := r.Publish(t.Context()); err == nil || r.published(t, id).Version != 2 {
			t.Errorf("version %d was published without its mark: %v", r.published(t, id).Version, err)
		}
	})
}

// TestNotBehind: a database that was put back under a running program signs
// nothing, before anyone has noticed.
func TestNotBehind(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		r.Mark = highwater.New(filepath.Join(t.TempDir(), "mark"))
		id, _ := r.begin(t)
		r.addLeaves(t, 3)
		do(t, r.Sequence)
		do(t, r.Publish)
		m, err := r.Mark.Read()
		if err != nil {
			t.Fatal(err)
		}
		ahead := *m
		ahead.Size, ahead.Lists = m.Size+2, map[issuer.StatusListID]highwater.List{id: {Version: 5}}
		if err := r.Mark.Raise(&ahead, nil); err != nil {
			t.Fatal(err)
		}
		r.addLeaves(t, 1)
		r.must(t, func(tx *store.Tx) error { return tx.SetStatus("CRED", "revoked") })
		before := read(t, r, (*store.Tx).LastCheckpoint)
		for name, duty := range map[string]func(context.Context) error{"sequence": r.Sequence, "publish": r.Publish} {
			if err := duty(t.Context()); !errors.Is(err, errBehind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if after := read(t, r, (*store.Tx).LastCheckpoint); after.Size != before.Size || r.published(t, id).Version != 1 {
			t.Errorf("a head of size %d and version %d of the list were signed", after.Size, r.published(t, id).Version)
		}
	})
}

// TestHeld: records that are held sign no head, and lists only where what was
// published is known.
func TestHeld(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, c *clock) {
		id, _ := r.begin(t)
		do(t, r.Sequence)
		do(t, r.Publish)
		r.addLeaves(t, 1)
		r.must(t, func(tx *store.Tx) error {
			if err := tx.SetStatus("CRED", "revoked"); err != nil {
				return err
			}
			return tx.SetHold(issuer.Hold{Since: tx.Now})
		})
		do(t, r.Sequence)
		do(t, r.Publish)
		if last := read(t, r, (*store.Tx).LastCheckpoint); last.Size != 0 || r.published(t, id).Version != 1 {
			t.Errorf("held records signed a head of size %d and version %d of the list", last.Size, r.published(t, id).Version)
		}
		r.must(t, func(tx *store.Tx) error { return tx.SetHold(issuer.Hold{Since: tx.Now, Known: true}) })
		do(t, r.Publish)
		if v := r.published(t, id).Version; v != 2 {
			t.Errorf("version %d of the list where everything is known", v)
		}
		r.must(t, func(tx *store.Tx) error { return tx.SetHold(issuer.Hold{}) })
		do(t, r.Sequence)
		if last := read(t, r, (*store.Tx).LastCheckpoint); last.Size != 1 {
			t.Errorf("the log has %d leaves when nothing holds it", last.Size)
		}
	})
}
