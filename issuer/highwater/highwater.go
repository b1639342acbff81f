// Package highwater keeps, in files outside the database, how far an
// installation had come: the newest checkpoint of its log, the leaves up to it,
// the bits and versions of its status lists, and its keys. A database that was
// put back to an earlier state is found out by it, and gets back from it what
// must not be forgotten: what was revoked, what the public log says, and who was
// erased, by ids that name nobody.
//
// It owns two files: the mark, small and replaced as a whole, and beside it the
// leaves, which are only appended to. Both are on disk before they count.
// Nothing here decides: package registrar compares the mark with the records,
// package jobs raises it. Each copy of the program that serves has its own, in
// its own folder.
//
// The mark is raised after the commit that it tells of, except for bits of
// status lists, which are in it before the list that shows them is signed. So
// no published revocation is missing, and a process that dies between a commit
// and its mark leaves a mark that is too low, never one that is too high.
package highwater

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"hallmark/issuer"
)

// Mark is how far an installation had come.
type Mark struct {
	Issuer issuer.IssuerID              `json:"issuer"`
	From   int64                        `json:"from"` // position of the first leaf that is kept here
	Size   int64                        `json:"size"` // of the log
	Root   []byte                       `json:"root"` // of its tree at that size
	Last   issuer.LeafID                `json:"last"` // the leaf before that size
	Lists  map[issuer.StatusListID]List `json:"lists"`
	Keys   []issuer.Key                 `json:"keys"`             // private parts sealed, as in the database
	Erased []issuer.PersonID            `json:"erased,omitempty"` // ids that were drawn at random, in order
}

// List is how far a status list had come.
type List struct {
	Base    string `json:"base,omitempty"` // base URL under which it is published; "" in marks of older programs
	Purpose string `json:"purpose"`
	Size    int    `json:"size"`
	Version int    `json:"version"`
	Set     []int  `json:"set"` // indexes whose bit is set, in order
}

// File is a mark on disk. Its methods may be called at the same time.
type File struct {
	path string

	mu    sync.Mutex
	mark  *Mark // nil: there is none yet
	known bool  // mark was read
}

// New names the file of a mark, which need not be there; its leaves are in
// path.leaves.
func New(path string) *File { return &File{path: path} }

// Path is where the mark is.
func (f *File) Path() string { return f.path }

// Read gives the mark as it is on disk now; nil if there is none. It must not
// be changed.
func (f *File) Read() (*Mark, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.read()
}

func (f *File) read() (*Mark, error) {
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		f.mark, f.known = nil, true
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the high-water mark: %w", err)
	}
	m := &Mark{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("read the high-water mark %s: %w", f.path, err)
	}
	f.mark, f.known = m, true
	return m, nil
}

// Last gives the mark as this process last read or wrote it.
func (f *File) Last() (*Mark, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known {
		return f.mark, nil
	}
	return f.read()
}

// Raise puts a mark in place of the last one, after the leaves that it has more
// of are on disk.
func (f *File) Raise(m *Mark, leaves []issuer.LogLeaf) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.append(leaves); err != nil {
		return fmt.Errorf("keep leaves beside the high-water mark: %w", err)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode the high-water mark: %w", err)
	}
	if err := replace(f.path, text); err != nil {
		return fmt.Errorf("write the high-water mark: %w", err)
	}
	f.mark, f.known = m, true
	return nil
}

func (f *File) leavesPath() string { return f.path + ".leaves" }

func (f *File) append(leaves []issuer.LogLeaf) error {
	if len(leaves) == 0 {
		return nil
	}
	var lines bytes.Buffer
	for _, l := range leaves {
		if err := json.NewEncoder(&lines).Encode(l); err != nil {
			return err
		}
	}
	out, err := os.OpenFile(f.leavesPath(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := appendLines(out, lines.Bytes()); err != nil {
		return errors.Join(err, out.Close())
	}
	return errors.Join(out.Sync(), out.Close())
}

// appendLines writes after the last whole line: what a process left unfinished
// when it died is written over.
func appendLines(f *os.File, lines []byte) error {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	last := make([]byte, 1)
	for end > 0 {
		if _, err := f.ReadAt(last, end-1); err != nil {
			return err
		}
		if last[0] == '\n' {
			break
		}
		end--
	}
	if err := f.Truncate(end); err != nil {
		return err
	}
	_, err = f.WriteAt(lines, end)
	return err
}

// Leaves hands out the leaves from a position on up to the size of the mark, in
// order and each once. It fails where one is missing.
func (f *File) Leaves(m *Mark, from int64, each func(*issuer.LogLeaf) error) error {
	in, err := os.Open(f.leavesPath())
	if errors.Is(err, fs.ErrNotExist) && from >= m.Size {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the leaves beside the high-water mark: %w", err)
	}
	defer in.Close()
	lines := json.NewDecoder(bufio.NewReaderSize(in, 1<<16))
	for from < m.Size {
		var l issuer.LogLeaf
		if err := lines.Decode(&l); err != nil {
			return fmt.Errorf("leaf %d is not beside the high-water mark: %w", from, err)
		}
		if l.Sequence == nil || *l.Sequence != from { // before what is asked for, or a second time
			continue
		}
		if err := each(&l); err != nil {
			return err
		}
		from++
	}
	return nil
}

// Forget drops leaves before a position, which every backup that is kept has.
func (f *File) Forget(before int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.mark
	if m == nil || before <= m.From || before > m.Size {
		return nil
	}
	var lines bytes.Buffer
	err := f.Leaves(m, before, func(l *issuer.LogLeaf) error { return json.NewEncoder(&lines).Encode(l) })
	if err != nil {
		return err
	}
	less := *m
	less.From, less.Lists = before, maps.Clone(m.Lists)
	text, err := json.Marshal(less)
	if err != nil {
		return fmt.Errorf("encode the high-water mark: %w", err)
	}
	if err := errors.Join(replace(f.path, text), replace(f.leavesPath(), lines.Bytes())); err != nil {
		return fmt.Errorf("forget leaves: %w", err)
	}
	f.mark = &less
	return nil
}

// replace puts a file in place of another, whole or not at all.
func replace(path string, data []byte) error {
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Has tells whether a list's bits hold all of some, both in order.
func (l List) Has(all []int) bool {
	return !slices.ContainsFunc(all, func(i int) bool { _, found := slices.BinarySearch(l.Set, i); return !found })
}
