package evidence

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"hallmark/issuer"
)

// Disk keeps files in a folder that may be shared by several copies of the
// program. It is made when it is first needed.
type Disk struct {
	// Free tells how much room is left where a folder is; nil: that is not known.
	// Files are not taken into the last of it, which the database needs.
	Free func(dir string) (bytes uint64, known bool)

	dir    string
	create func(path string) (*os.File, error) // of a file that is being written
}

// TemporaryDir is the folder within a store's where files lie that are not
// whole yet. Whoever copies a store leaves it out.
const TemporaryDir = "tmp"

// aside is the end of the name of a file that is looked at before it goes.
const aside = ".aside"

// NewDisk keeps files below a folder.
func NewDisk(dir string) *Disk {
	return &Disk{dir: dir, create: func(path string) (*os.File, error) { return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) }}
}

// path is where a file lies: spread over folders by the end of its digest.
func (d *Disk) path(digest string) string {
	return filepath.Join(d.dir, strings.ToLower(digest[len(digest)-2:]), digest)
}

// reserve is how much room is left for others.
const reserve = 256 << 20

// Put keeps a file.
func (d *Disk) Put(ctx context.Context, r io.Reader, max int64) (*File, error) {
	temporary := filepath.Join(d.dir, TemporaryDir, rand.Text())
	if err := os.MkdirAll(filepath.Dir(temporary), 0o700); err != nil {
		return nil, full(err)
	}
	if d.Free != nil {
		if free, known := d.Free(d.dir); known && free < reserve+uint64(max) {
			return nil, full(syscall.ENOSPC)
		}
	}
	f, err := d.create(temporary)
	if err != nil {
		return nil, full(err)
	}
	file, err := receive(ctx, f, r, max)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = d.name(temporary, file.digest)
	}
	if err != nil {
		return nil, errors.Join(full(err), os.RemoveAll(temporary))
	}
	return file, nil
}

// name gives a whole file its name, for good. One that is there is replaced by
// the same bytes, with a new time.
func (d *Disk) name(temporary, digest string) error {
	path := d.path(digest)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return errors.Join(syncFolder(filepath.Dir(path)), syncFolder(d.dir))
}

// full makes a sentence of a want of room; other errors are faults.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return issuer.Refuse(issuer.Unavailable, "There is no room for files just now, and nothing of this one was kept. Try again later.")
	}
	return err
}

// receiving is a file on its way.
type receiving struct {
	to   *bufio.Writer
	sum  hash.Hash
	kind Kind
	text texts
	size int64
}

// receive writes what r gives and tells what it was.
func receive(ctx context.Context, f io.Writer, r io.Reader, max int64) (*File, error) {
	in, from := &receiving{to: bufio.NewWriterSize(f, 1<<16), sum: sha256.New()}, bufio.NewReader(r)
	head, err := from.Peek(headSize)
	if errors.Is(err, io.EOF) {
		if err = nil; len(head) == 0 {
			return nil, issuer.Wrong("file", "This file is empty.")
		}
	}
	in.kind = kindOf(head)
	if err == nil && (in.kind == jpeg || in.kind == png) {
		return in.picture(ctx, from, max)
	}
	buffer := make([]byte, 1<<15)
	for err == nil {
		if err = ctx.Err(); err != nil {
			return nil, err
		}
		var n int
		n, err = from.Read(buffer)
		if err := in.take(buffer[:n], max); err != nil {
			return nil, err
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if in.kind == "" {
		if err := in.text.end(); err != nil {
			return nil, err
		}
		in.kind = text
	}
	return &File{digestOf(in.sum.Sum(nil)), in.size, in.kind}, in.to.Flush()
}

// picture writes a picture without its metadata. What is left out counts, too:
// a file is as large as it came.
func (in *receiving) picture(ctx context.Context, from *bufio.Reader, max int64) (*File, error) {
	came := &metered{ctx: ctx, from: from, left: max, tooMuch: func() error { return tooLarge(max) }}
	err := bare(in.kind, bufio.NewReader(came), taking(func(p []byte) error { return in.take(p, max) }))
	if err == nil {
		_, err = io.Copy(io.Discard, came) // what follows the picture
	}
	if err = cmp.Or(came.fault, err); err != nil {
		return nil, err
	}
	return &File{digestOf(in.sum.Sum(nil)), in.size, in.kind}, in.to.Flush()
}

// metered reads until so many bytes are read, or a time is over.
type metered struct {
	ctx     context.Context
	from    io.Reader
	left    int64
	tooMuch func() error
	fault   error // why it could not be read to its end
}

// Read implements io.Reader.
func (m *metered) Read(p []byte) (n int, err error) {
	if err = m.ctx.Err(); err == nil {
		n, err = m.from.Read(p)
	}
	if m.left -= int64(n); m.left < 0 {
		n, err = 0, m.tooMuch()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		m.fault = err
	}
	return n, err
}

// taking is a function as a writer.
type taking func(p []byte) error

// Write implements io.Writer.
func (t taking) Write(p []byte) (int, error) {
	if err := t(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

func tooLarge(max int64) error {
	e := issuer.Wrong("file", "This file is larger than %s.", Size(max))
	e.Kind = issuer.TooLarge
	return e
}

// take writes some bytes, or says why the file is not taken.
func (in *receiving) take(p []byte, max int64) error {
	if in.size += int64(len(p)); in.size > max {
		return tooLarge(max)
	}
	if in.kind == "" {
		if err := in.text.write(p); err != nil {
			return err
		}
	}
	in.sum.Write(p)
	_, err := in.to.Write(p)
	return err
}

// Size says a number of bytes for people.
func Size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// Open reads a file.
func (d *Disk) Open(_ context.Context, digest string) (io.ReadCloser, error) {
	if !isDigest(digest) {
		return nil, missing()
	}
	f, err := os.Open(d.path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing()
	}
	return f, err
}

// Remove takes a file away. It is taken aside first, and what came in its place
// meanwhile stays.
func (d *Disk) Remove(_ context.Context, digest string, unlessAfter time.Time) error {
	if !isDigest(digest) {
		return nil
	}
	path := d.path(digest)
	was := path + aside
	if err := os.Rename(path, was); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	info, err := os.Stat(was)
	if err == nil && info.ModTime().After(unlessAfter) {
		return os.Rename(was, path)
	}
	return errors.Join(err, os.Remove(was))
}

// staleAfter is after how long a file that never became whole is no upload any
// more.
const staleAfter = 24 * time.Hour

// Each names the files that are there. What is left of uploads and sweeps that
// were broken off is put right on the way.
func (d *Disk) Each(ctx context.Context, f func(Kept) error) error {
	err := filepath.WalkDir(d.dir, func(path string, entry fs.DirEntry, err error) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil || !entry.Type().IsRegular() {
			return gone(err)
		}
		info, err := entry.Info()
		if err != nil {
			return gone(err)
		}
		name := entry.Name()
		digest, taken := strings.CutSuffix(name, aside)
		switch {
		case filepath.Base(filepath.Dir(path)) == TemporaryDir:
			if time.Since(info.ModTime()) > staleAfter {
				return gone(os.Remove(path))
			}
			return nil
		case !isDigest(digest) || path != d.path(digest) && path != d.path(digest)+aside:
			return nil // not ours
		case taken: // a sweep was broken off: the next one decides
			if time.Since(info.ModTime()) < time.Minute {
				return nil
			}
			return gone(os.Rename(path, d.path(digest)))
		}
		return f(Kept{name, info.Size(), info.ModTime()})
	})
	return gone(err)
}

// gone takes away the error that something is not there any more: somebody else
// took it.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// syncFolder makes the names in a folder last.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}
