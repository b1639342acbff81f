package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"hallmark/verifier/inclusion"
)

// shelf keeps tiles as the database does.
type shelf map[[2]int64][]byte

func (s shelf) read(level int, index int64) ([]byte, error) {
	hashes, ok := s[[2]int64{int64(level), index}]
	if !ok {
		return nil, fmt.Errorf("no tile %d/%d", level, index)
	}
	return hashes, nil
}

func (s shelf) grow(t testing.TB, from, to int64) tlog.Hash {
	t.Helper()
	e, err := NewEdge(from, s.read)
	if err != nil {
		t.Fatal(err)
	}
	for n := from; n < to; n++ {
		e.Append(leafData(n))
	}
	for _, tile := range e.Changed() {
		s[[2]int64{int64(tile.Level), tile.Index}] = tile.Hashes
	}
	if e.Size() != to {
		t.Fatalf("size %d, want %d", e.Size(), to)
	}
	return e.Root()
}

func leafData(n int64) []byte { return binary.BigEndian.AppendUint64([]byte("leaf "), uint64(n)) }

// TestEdge lets a tree grow in steps of every kind and holds its roots, tiles
// and proofs against the arithmetic of Go's checksum database.
func TestEdge(t *testing.T) {
	var stored []tlog.Hash
	plain := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, n := range indexes {
			found[i] = stored[n]
		}
		return found, nil
	})
	const most = 1<<16 + 700 // a full tile of level 1, and more
	stops := map[int64]bool{most: true}
	for _, n := range []int64{0, 1, 2, 3, 255, 256, 257, 511, 512, 1 << 16, 1<<16 - 1, 1<<16 + 1, 1<<16 + 256} {
		stops[n] = true
	}
	for range 300 {
		stops[rand.Int64N(most)] = true
	}
	s, size, random := shelf{}, int64(0), rand.New(rand.NewPCG(1, 2))
	for n := range int64(most + 1) {
		if stops[n] {
			root := s.grow(t, size, n)
			if size = n; n == 0 {
				if want, _ := tlog.TreeHash(0, plain); root != want {
					t.Fatalf("root of nothing %v", root)
				}
			} else {
				holdTree(t, s, plain, n, root, random.Int64N(n))
			}
		}
		hashes, err := tlog.StoredHashes(n, leafData(n), plain)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
	}
}

func holdTree(t *testing.T, s shelf, plain tlog.HashReader, size int64, root tlog.Hash, index int64) {
	t.Helper()
	if want, err := tlog.TreeHash(size, plain); err != nil || root != want {
		t.Fatalf("root of %d: %v, want %v, %v", size, root, want, err)
	}
	for _, tile := range tlog.NewTiles(TileHeight, 0, size) {
		want, err := tlog.ReadTileData(tile, plain)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.read(tile.L, tile.N); err != nil || string(got) != string(want) {
			t.Fatalf("tile %d/%d of %d: %v", tile.L, tile.N, size, err)
		}
		if size > 1000 {
			break // comparing all of them each time takes long
		}
	}
	path, err := Prove(inclusion.Checkpoint{Size: size, Root: root}, index, s.read)
	if err != nil {
		t.Fatal(err)
	}
	if err := tlog.CheckRecord(path, size, root, index, tlog.RecordHash(leafData(index))); err != nil {
		t.Fatalf("leaf %d of %d: %v", index, size, err)
	}
}

// TestFull: tiles that are taken out as they fill up are all there are.
func TestFull(t *testing.T) {
	all := shelf{}
	all.grow(t, 0, 1300)
	e, err := NewEdge(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := shelf{}
	take := func(tiles []*Tile) {
		for _, tile := range tiles {
			found[[2]int64{int64(tile.Level), tile.Index}] = tile.Hashes
		}
	}
	for n := range int64(1300) {
		e.Append(leafData(n))
		if n%100 == 0 {
			take(e.Full())
		}
	}
	take(e.Full())
	if len(found) != 5 || len(e.Changed()) != 2 {
		t.Errorf("%d full tiles and %d others", len(found), len(e.Changed()))
	}
	take(e.Changed())
	for key, hashes := range all {
		if string(found[key]) != string(hashes) {
			t.Errorf("tile %v", key)
		}
	}
}

// TestTamperedTile: no path comes out of hashes that do not give the root, and
// no tree grows on an edge of another size.
func TestTamperedTile(t *testing.T) {
	s := shelf{}
	c := inclusion.Checkpoint{Size: 700, Root: s.grow(t, 0, 700)}
	for key, hashes := range s {
		hashes[40] ^= 1
		if _, err := Prove(c, 13+256*key[1], s.read); err == nil && key[0] == 0 {
			t.Errorf("tile %v was not held against the root", key)
		}
		hashes[40] ^= 1
	}
	for _, size := range []int64{699, 701, 256*3 + 1} {
		if _, err := NewEdge(size, s.read); err == nil {
			t.Errorf("an edge of %d leaves was taken up from tiles of 700", size)
		}
	}
	lost := errors.New("lost")
	if _, err := Prove(c, 5, func(int, int64) ([]byte, error) { return nil, lost }); !errors.Is(err, lost) {
		t.Errorf("a tile that cannot be read: %v", err)
	}
}

func TestTilePath(t *testing.T) {
	for path, want := range map[string]TileRef{
		"0/000":                 {Level: 0, Index: 0, Width: 256},
		"0/x001/234":            {Level: 0, Index: 1234, Width: 256},
		"1/005.p/17":            {Level: 1, Index: 5, Width: 17},
		"5/000.p/255":           {Level: 5, Index: 0, Width: 255},
		"0/x001/x234/067":       {Level: 0, Index: 1234067, Width: 256},
		"entries/000":           {Entries: true, Index: 0, Width: 256},
		"entries/x001/234.p/9":  {Entries: true, Index: 1234, Width: 9},
		"entries/x001/x234/067": {Entries: true, Index: 1234067, Width: 256},
	} {
		if got, err := ParseTilePath(path); err != nil || got != want {
			t.Errorf("%s: %+v, %v", path, got, err)
		}
	}
	for _, bad := range []string{"", "0", "0/", "0/0", "0/00", "0/0000", "0/1", "0/000.p/0", "0/000.p/256", "0/000.p/", "0/000.p/01", "0/000/",
		"00/000", "6/000", "64/000", "-1/000", "data/000", "8/0/000", "0/x000/001", "0/x001/x234", "0/001/234", "0/x1/234", "entries", "entries/", "entries/1/000",
		"0/999999999999999999999999", "0/000.p/1/", "0/../000", "0/x001/234.p/9.p/8"} {
		if got, err := ParseTilePath(bad); err == nil {
			t.Errorf("%q was read as %+v", bad, got)
		}
	}
}

func TestOrigin(t *testing.T) {
	for base, want := range map[string]string{
		"https://badges.example.org": "badges.example.org/log", "https://example.org/badges": "example.org/badges/log", "http://127.0.0.1:8080": "127.0.0.1:8080/log",
	} {
		if got := Origin(base); got != want {
			t.Errorf("Origin(%s) = %s", base, got)
		}
		if ChainOrigin(base) == Origin(base) {
			t.Error("the chain has the name of the log")
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	e, err := NewEdge(0, shelf{}.read)
	if err != nil {
		b.Fatal(err)
	}
	data := leafData(1)
	for b.Loop() {
		e.Append(data)
	}
}

func TestTilePaths(t *testing.T) {
	for size, want := range map[int64][]string{
		0:   nil,
		1:   {"entries/000.p/1", "0/000.p/1"},
		256: {"entries/000", "0/000", "1/000.p/1"},
		600: {"entries/000", "entries/001", "entries/002.p/88", "0/000", "0/001", "0/002.p/88", "1/000.p/2"},
	} {
		got := slices.Collect(TilePaths(size))
		if !slices.Equal(got, want) {
			t.Errorf("%d leaves: %q, want %q", size, got, want)
		}
		for _, path := range got {
			if _, err := ParseTilePath(path); err != nil {
				t.Errorf("%q: %v", path, err)
			}
		}
	}
	last := ""
	for path := range TilePaths(1<<16 + 3) {
		last = path
	}
	if last != "2/000.p/1" {
		t.Errorf("the last tile is %q", last)
	}
}
