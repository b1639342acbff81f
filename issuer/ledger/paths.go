package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// TileRef is what the path of a tile asks for (C2SP tlog-tiles): hashes of a
// level, or the data of leaves.
type TileRef struct {
	Entries bool // the data of the leaves that tile Index of level 0 hashes
	Level   int
	Index   int64
	Width   int // how many; TileWidth for a full tile
}

// maxLevel is the highest level there can be: 2^(8·6) leaves are below it.
const maxLevel = 5

// ParseTilePath reads what stands after "tile/": "0/x001/234", "1/005.p/17",
// "entries/x001/234.p/9". Every tile has one spelling.
func ParseTilePath(path string) (TileRef, error) {
	kind, rest, found := strings.Cut(path, "/")
	if !found {
		return TileRef{}, errors.New("this is not the path of a tile")
	}
	ref := TileRef{Entries: kind == "entries"}
	if ref.Entries {
		kind = "data"
	}
	// The same as that of Go's checksum database, but for the height.
	t, err := tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s/%s", TileHeight, kind, rest))
	if err != nil || t.L > maxLevel || t.L < 0 && !ref.Entries || path != tilePath(t) {
		return TileRef{}, errors.New("this is not the path of a tile")
	}
	ref.Level, ref.Index, ref.Width = max(t.L, 0), t.N, t.W
	return ref, nil
}

// tilePath is the one spelling of a tile.
func tilePath(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", TileHeight))
	if leaves, found := strings.CutPrefix(path, "data/"); found {
		return "entries/" + leaves
	}
	return path
}

// AppendEntry adds the data of a leaf to a bundle: its length in two bytes,
// then the data (C2SP tlog-tiles). Leaves of ours are about a hundred bytes.
func AppendEntry(bundle, data []byte) ([]byte, error) {
	if len(data) > 1<<16-1 {
		return nil, errors.New("a leaf is too long for a bundle")
	}
	bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(data)))
	return append(bundle, data...), nil
}

// TilePaths lists the tiles of a log of so many leaves by what stands after
// "tile/": the data of its leaves, then the hashes of each level from 0 up.
func TilePaths(size int64) iter.Seq[string] {
	return func(yield func(string) bool) {
		for level := -1; ; level++ { // -1 is how tlog names the data of leaves
			hashes := size >> (TileHeight * max(level, 0))
			if hashes == 0 {
				return
			}
			for index := int64(0); index*TileWidth < hashes; index++ {
				width := min(TileWidth, hashes-index*TileWidth)
				if !yield(tilePath(tlog.Tile{H: TileHeight, L: level, N: index, W: int(width)})) {
					return
				}
			}
		}
	}
}
