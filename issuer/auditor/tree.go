package auditor

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/verifier/inclusion"
)

// walk goes through the leaves and, beside them, the checkpoints.
type walk struct {
	*audit
	edge  *ledger.Edge
	heads []issuer.LogCheckpoint // to come, a page of them
	from  int64                  // size from which the next page is read
	last  *issuer.LogCheckpoint
	known *inclusion.Checkpoint
	tiles map[int]int64 // that there must be, by level
}

// checkTree computes the tree anew from the leaves and holds every tile and
// every checkpoint against it.
func (c *audit) checkTree() error {
	edge, err := ledger.NewEdge(0, nil)
	if err != nil {
		return err
	}
	w := &walk{audit: c, edge: edge, tiles: map[int]int64{}}
	if c.a.Known != nil {
		known, err := inclusion.OpenCheckpoint(c.a.Known, c.keys)
		if err != nil {
			return issuer.Refuse(issuer.Invalid, "The checkpoint handed in is not one of this log: %v.", err)
		}
		w.known = &known
	}
	if err := w.atSize(); err != nil {
		return err
	}
	for {
		leaves, err := c.Leaves(w.edge.Size(), page)
		if err != nil {
			return err
		}
		for i := range leaves {
			if err := w.leaf(&leaves[i]); err != nil {
				return err
			}
		}
		if err := w.holdTiles(w.edge.Full()); err != nil {
			return err
		}
		if len(leaves) < page {
			break
		}
	}
	return w.end()
}

// leaf adds one leaf to the tree. From a gap on nothing would fit; it is named
// once, and the leaves after it take its place.
func (w *walk) leaf(l *issuer.LogLeaf) error {
	id := string(l.ID)
	w.ours("log leaf", id, l.IssuerID)
	if *l.Sequence != w.edge.Size() {
		w.find("log leaf", strconv.FormatInt(w.edge.Size(), 10), "The leaf at place %d of the log is missing.", w.edge.Size())
	}
	data, err := inclusion.ParseLeaf(l.Data)
	switch {
	case err != nil:
		w.find("log leaf", id, "At place %d of the log it is none: %v.", *l.Sequence, err)
	case data.Type != l.Type || !data.At.Equal(l.At):
		w.find("log leaf", id, "At place %d of the log its columns do not say what its data say.", *l.Sequence)
	}
	w.edge.Append(l.Data)
	w.out.Leaves++
	return w.atSize()
}

// atSize holds the checkpoint of the size that the tree has now.
func (w *walk) atSize() error {
	if w.known != nil && w.known.Size == w.edge.Size() && w.known.Root != w.edge.Root() {
		w.find("checkpoint", strconv.FormatInt(w.known.Size, 10), "The log does not go on from the checkpoint that was handed in.")
	}
	if len(w.heads) == 0 && w.from >= 0 {
		var err error
		if w.heads, err = w.Checkpoints(w.from, page); err != nil {
			return err
		}
		if w.from = -1; len(w.heads) == page {
			w.from = w.heads[page-1].Size + 1
		}
	}
	if len(w.heads) == 0 || w.heads[0].Size != w.edge.Size() {
		return nil
	}
	w.hold(&w.heads[0])
	w.heads = w.heads[1:]
	return nil
}

func (w *walk) hold(row *issuer.LogCheckpoint) {
	id := strconv.FormatInt(row.Size, 10)
	w.last = row
	w.out.Checkpoints++
	w.ours("checkpoint", id, row.IssuerID)
	root := w.edge.Root()
	if !bytes.Equal(row.Root, root[:]) {
		w.find("checkpoint", id, "The first %d leaves of the log are not those that it was made of.", row.Size)
	}
	head, ok := w.openHead("checkpoint", id, row.Note, w.origin, slices.Concat(w.keys, w.lost))
	if ok && (head.Size != row.Size || !bytes.Equal(head.Root[:], row.Root)) {
		w.find("checkpoint", id, "It is not what was signed.")
	}
}

// holdTiles compares tiles with those that are kept.
func (w *walk) holdTiles(tiles []*ledger.Tile) error {
	for _, t := range tiles {
		w.tiles[t.Level]++
		name := fmt.Sprintf("%d/%d", t.Level, t.Index)
		row, err := w.LogTile(t.Level, t.Index)
		switch {
		case errors.Is(err, issuer.NotFound):
			w.find("log tile", name, "It is missing.")
			continue
		case err != nil:
			return err
		}
		w.ours("log tile", name, row.IssuerID)
		if !bytes.Equal(row.Hashes, t.Hashes) {
			w.find("log tile", name, "It is not what the leaves give.")
		}
	}
	return nil
}

// end looks for what there is too much of.
func (w *walk) end() error {
	if err := w.holdTiles(w.edge.Changed()); err != nil {
		return err
	}
	for level, n := range w.counts.Tiles {
		if n != w.tiles[level] {
			w.find("log tile", strconv.Itoa(level), "Level %d of the tree has %d tiles and needs %d.", level, n, w.tiles[level])
		}
	}
	if w.out.Leaves != w.counts.Placed {
		w.find("log leaf", "-", "%d leaves have a place that the log does not have.", w.counts.Placed-w.out.Leaves)
	}
	for _, h := range w.heads {
		w.find("checkpoint", strconv.FormatInt(h.Size, 10), "The log has %d leaves, fewer than it was signed with.", w.edge.Size())
	}
	switch {
	case w.known != nil && w.known.Size > w.edge.Size():
		w.find("checkpoint", strconv.FormatInt(w.known.Size, 10), "The log has %d leaves, fewer than at the checkpoint that was handed in.", w.edge.Size())
	case w.last == nil && w.out.Leaves+w.out.Entries > 0:
		w.find("checkpoint", "-", "The log has no signed checkpoint; a running server makes one within a second.")
	case w.last != nil && !w.vouched():
		w.find("checkpoint", strconv.FormatInt(w.last.Size, 10), "It is the newest, and a key signed it that was given up; a running server signs it anew within a second.")
	case w.last != nil && w.last.Size != w.edge.Size() && len(w.heads) == 0:
		w.find("checkpoint", strconv.FormatInt(w.last.Size, 10), "The log has %d leaves, and only these were signed.", w.edge.Size())
	}
	return nil
}

// vouched tells whether the newest checkpoint, which all that went before rests
// on, is signed with a key that is good. Those before it may be signed with one
// that was given up since: the newest covers the same leaves.
func (w *walk) vouched() bool {
	if _, err := inclusion.OpenHead([]byte(w.last.Note), w.origin, w.lost); err != nil {
		return true // by another key, which hold has judged
	}
	_, err := inclusion.OpenHead([]byte(w.last.Note), w.origin, w.keys)
	return err == nil
}
