package ledger

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"hallmark/verifier/inclusion"
)

// Tiles of the tree (C2SP tlog-tiles): 8 levels of it, 256 hashes.
const (
	TileHeight = 8
	TileWidth  = 1 << TileHeight
)

// Origin is the name of the log of a base URL: where it is served, without the
// scheme (C2SP tlog-checkpoint).
func Origin(baseURL string) string {
	_, place, found := strings.Cut(baseURL, "://")
	if !found {
		place = baseURL
	}
	return strings.TrimSuffix(place, "/") + "/log"
}

// ChainOrigin is the name that the signed head of the audit chain begins with.
// It is not the log's, so that a head cannot pass for a checkpoint.
func ChainOrigin(baseURL string) string { return Origin(baseURL) + "/private-audit-chain" }

// Tile is hashes of one level, from the left; full with TileWidth of them.
type Tile struct {
	Level  int
	Index  int64
	Hashes []byte
}

func (t *Tile) width() int { return len(t.Hashes) / tlog.HashSize }

// Edge is the right edge of a tree: for each level the tile that is not full.
// It is all that is needed to let the tree grow.
type Edge struct {
	size    int64
	open    []*Tile // by level; nil where every tile is full
	changed map[*Tile]bool
	order   []*Tile // what changed, in the order it did first
}

// NewEdge takes up a tree of a size. read gives the hashes of a tile, which may
// be more than are asked for.
func NewEdge(size int64, read func(level int, index int64) ([]byte, error)) (*Edge, error) {
	e := &Edge{size: size, changed: map[*Tile]bool{}}
	for level := 0; size>>(TileHeight*level) > 0; level++ {
		count := size >> (TileHeight * level)
		t := &Tile{Level: level, Index: count / TileWidth}
		if width := int(count % TileWidth); width > 0 {
			hashes, err := read(t.Level, t.Index)
			if err != nil {
				return nil, err
			}
			if len(hashes) != width*tlog.HashSize {
				return nil, fmt.Errorf("tile %d/%d has %d bytes, not those of %d hashes", t.Level, t.Index, len(hashes), width)
			}
			t.Hashes = append(t.Hashes, hashes...)
		}
		e.open = append(e.open, t)
	}
	return e, nil
}

// Append adds the data of a leaf.
func (e *Edge) Append(data []byte) {
	e.push(0, tlog.RecordHash(data))
	e.size++
}

func (e *Edge) push(level int, h tlog.Hash) {
	if level == len(e.open) {
		e.open = append(e.open, &Tile{Level: level})
	}
	t := e.open[level]
	t.Hashes = append(t.Hashes, h[:]...)
	if !e.changed[t] {
		e.changed[t], e.order = true, append(e.order, t)
	}
	if t.width() == TileWidth {
		e.open[level] = &Tile{Level: level, Index: t.Index + 1}
		e.push(level+1, top(t.Hashes))
	}
}

// Changed lists the tiles that are new or have grown.
func (e *Edge) Changed() []*Tile { return e.order }

// Full takes the tiles that have become full out of what changed, so that going
// through a long log holds no more than the edge.
func (e *Edge) Full() []*Tile {
	var full, open []*Tile
	for _, t := range e.order {
		if t.width() < TileWidth {
			open = append(open, t)
			continue
		}
		full = append(full, t)
		delete(e.changed, t)
	}
	e.order = open
	return full
}

// Size is how many leaves the tree has.
func (e *Edge) Size() int64 { return e.size }

// Root is the hash of the tree: the perfect subtrees that it is made of, folded
// from the right, the smallest first (RFC 6962 §2.1).
func (e *Edge) Root() tlog.Hash {
	var root tlog.Hash
	none := true
	for _, t := range e.open {
		for hashes := t.Hashes; len(hashes) > 0; {
			width := len(hashes) / tlog.HashSize
			cut := len(hashes) - (width&-width)*tlog.HashSize
			peak := top(hashes[cut:])
			if hashes = hashes[:cut]; none {
				root, none = peak, false
			} else {
				root = tlog.NodeHash(peak, root)
			}
		}
	}
	if none {
		root, _ = tlog.TreeHash(0, nil) // of nothing: reads nothing and never fails
	}
	return root
}

// top is the hash over a power of two of hashes.
func top(hashes []byte) tlog.Hash {
	row := make([]tlog.Hash, len(hashes)/tlog.HashSize)
	for i := range row {
		copy(row[i][:], hashes[i*tlog.HashSize:])
	}
	for len(row) > 1 {
		for i := range len(row) / 2 {
			row[i] = tlog.NodeHash(row[2*i], row[2*i+1])
		}
		row = row[:len(row)/2]
	}
	return row[0]
}

// Prove gives the path from a leaf to the root of a checkpoint. What is read
// is held against the root first: a tile that was tampered with gives no path.
func Prove(c inclusion.Checkpoint, index int64, read func(level int, index int64) ([]byte, error)) ([]tlog.Hash, error) {
	hashes := tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, tiles(read))
	path, err := tlog.ProveRecord(c.Size, index, hashes)
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d: %w", index, err)
	}
	return path, nil
}

// ProveGrowth gives the proof that a checkpoint goes on from the first leaves
// of it, old in number (RFC 6962 §2.1.2).
func ProveGrowth(c inclusion.Checkpoint, old int64, read func(level int, index int64) ([]byte, error)) ([]tlog.Hash, error) {
	proof, err := tlog.ProveTree(c.Size, old, tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, tiles(read)))
	if err != nil {
		return nil, fmt.Errorf("prove growth from %d to %d: %w", old, c.Size, err)
	}
	return proof, nil
}

// tiles is a tlog.TileReader of rows.
type tiles func(level int, index int64) ([]byte, error)

// Height is that of all tiles.
func (tiles) Height() int { return TileHeight }

// SaveTiles keeps nothing: rows are read, not cached.
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// ReadTiles gives as much of each tile as is asked for.
func (read tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, w := range wanted {
		hashes, err := read(w.L, w.N)
		if err != nil {
			return nil, err
		}
		if len(hashes) < w.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %d/%d is too short", w.L, w.N)
		}
		found[i] = hashes[:w.W*tlog.HashSize]
	}
	return found, nil
}
