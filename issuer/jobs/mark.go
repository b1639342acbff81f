package jobs

import (
	"context"
	"errors"
	"maps"
	"slices"

	"hallmark/issuer"
	"hallmark/issuer/highwater"
	"hallmark/issuer/store"
)

// leavesAtOnce is how many leaves are copied beside the mark in one go.
const leavesAtOnce = 5000

// Raise brings the high-water mark up to the records. It never lowers it:
// records that are behind are held elsewhere, and until then left alone here.
func (r *Runner) Raise(ctx context.Context) error {
	if r.Mark == nil {
		return nil
	}
	r.marking.Lock()
	defer r.marking.Unlock()
	for {
		old, err := r.Mark.Last()
		if err != nil {
			return err
		}
		rise, err := store.Read(ctx, r.Store, func(tx *store.Tx) (*rise, error) { return higher(tx, old) })
		if err != nil || rise == nil {
			return err
		}
		if err := r.Mark.Raise(rise.mark, rise.leaves); err != nil || !rise.more {
			return err
		}
	}
}

// rise is a mark above the last one.
type rise struct {
	mark   *highwater.Mark
	leaves []issuer.LogLeaf // that it has more
	more   bool             // the records have more still
}

// higher reads the mark that the records give; nil if it is the old one.
func higher(tx *store.Tx, old *highwater.Mark) (*rise, error) {
	us, err := tx.Issuer()
	if errors.Is(err, issuer.NotFound) {
		return nil, nil // before the first start
	}
	if err != nil {
		return nil, err
	}
	if held, err := tx.Held(); err != nil || held.Holds() {
		return nil, err
	}
	last, err := tx.LastCheckpoint()
	if err != nil || last == nil {
		return nil, err
	}
	next := &rise{mark: &highwater.Mark{Issuer: us.ID, From: last.Size, Lists: map[issuer.StatusListID]highwater.List{}}}
	if old != nil {
		if old.Issuer != us.ID {
			return nil, errors.New("the high-water mark is of another installation")
		}
		if last.Size < old.Size {
			return nil, nil // the log grows over what was reconciled
		}
		copied := *old
		next.mark, copied.Lists = &copied, maps.Clone(old.Lists)
	}
	grown, err := next.log(tx, last, old)
	if err != nil {
		return nil, err
	}
	listed, err := next.lists(tx)
	if err != nil {
		return nil, err
	}
	turned, err := next.keys(tx)
	if err != nil {
		return nil, err
	}
	erased, err := next.erased(tx)
	if err != nil || !grown && !listed && !turned && !erased && old != nil {
		return nil, err
	}
	return next, nil
}

// log takes the leaves that the mark lacks, as far as a checkpoint is over them.
func (n *rise) log(tx *store.Tx, last *issuer.LogCheckpoint, old *highwater.Mark) (bool, error) {
	if old == nil {
		n.mark.Size, n.mark.Root = last.Size, last.Root
		if last.Size == 0 {
			return true, nil
		}
		l, err := tx.LeafAt(last.Size - 1)
		if err == nil {
			n.mark.Last = l.ID
		}
		return true, err
	}
	if last.Size == old.Size {
		return false, nil
	}
	leaves, err := tx.Leaves(old.Size, int(min(leavesAtOnce, last.Size-old.Size)))
	if err != nil {
		return false, err
	}
	to := old.Size + int64(len(leaves))
	root := last.Root
	if to < last.Size { // as far as a checkpoint that there is
		n.more = true
		before, err := tx.CheckpointUpTo(to)
		if err != nil || before.Size <= old.Size {
			return false, errors.Join(err, errors.New("no checkpoint follows the high-water mark"))
		}
		leaves, to, root = leaves[:before.Size-old.Size], before.Size, before.Root
	}
	n.leaves, n.mark.Size, n.mark.Root, n.mark.Last = leaves, to, root, leaves[len(leaves)-1].ID
	return true, nil
}

// lists takes the versions and bits of lists that were published.
func (n *rise) lists(tx *store.Tx) (changed bool, err error) {
	lists, err := tx.StatusLists()
	if err != nil || len(lists) == 0 {
		return false, err
	}
	names, err := tx.IssuerIdentities()
	for _, l := range lists {
		if err != nil {
			return changed, err
		}
		had, known := n.mark.Lists[l.ID]
		if known && had.Version >= l.Version {
			continue
		}
		var set []int
		set, err = tx.SetIndexes(l.ID)
		n.mark.Lists[l.ID] = highwater.List{Base: names[l.Identity].BaseURL, Purpose: l.Purpose, Size: l.Size, Version: l.Version, Set: set}
		changed = true
	}
	return changed, err
}

// keys takes keys that are new or moved on.
func (n *rise) keys(tx *store.Tx) (changed bool, err error) {
	keys, err := tx.Keys()
	if err != nil || slices.EqualFunc(keys, n.mark.Keys, func(a, b issuer.Key) bool { return a.ID == b.ID && a.State == b.State }) {
		return false, err
	}
	n.mark.Keys = keys
	return true, nil
}

// erased takes who was erased.
func (n *rise) erased(tx *store.Tx) (changed bool, err error) {
	erased, err := tx.ErasedPeople()
	if err != nil || slices.Equal(erased, n.mark.Erased) {
		return false, err
	}
	n.mark.Erased = erased
	return true, nil
}

// raiseBits puts the bits of a list into the mark before the list that shows
// them is signed.
func (r *Runner) raiseBits(ctx context.Context, id issuer.StatusListID) error {
	if r.Mark == nil {
		return nil
	}
	r.marking.Lock()
	defer r.marking.Unlock()
	old, err := r.Mark.Last()
	if err != nil || old == nil {
		return err
	}
	set, err := store.Read(ctx, r.Store, func(tx *store.Tx) ([]int, error) { return tx.SetIndexes(id) })
	if err != nil {
		return err
	}
	l, known := old.Lists[id]
	if !known || l.Has(set) {
		return nil
	}
	next := *old
	next.Lists = maps.Clone(old.Lists)
	l.Set = set
	next.Lists[id] = l
	return r.Mark.Raise(&next, nil)
}

// errBehind is the answer to a database that was put back under a running
// program; Guard holds it at its next round.
var errBehind = errors.New("the records are behind the high-water mark: nothing is signed over what was published")

// notBehind refuses to give positions that were given before.
func (r *Runner) notBehind(tx *store.Tx) error {
	m, err := r.lastMark()
	if err != nil || m == nil || m.Size == 0 {
		return err
	}
	l, err := tx.LastLeaf()
	if err == nil && (l == nil || *l.Sequence+1 < m.Size) {
		err = errBehind
	}
	return err
}

// listNotBehind refuses to sign a list that was published later already.
func (r *Runner) listNotBehind(l *issuer.StatusList) error {
	m, err := r.lastMark()
	if err == nil && m != nil && l.Version < m.Lists[l.ID].Version {
		err = errBehind
	}
	return err
}

func (r *Runner) lastMark() (*highwater.Mark, error) {
	if r.Mark == nil {
		return nil, nil
	}
	return r.Mark.Last()
}
