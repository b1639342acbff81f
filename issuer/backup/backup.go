// Package backup puts all that an installation holds into one file and back:
// the records, as of one moment, and the evidence folder. The file is a ZIP
// archive of texts (package store says how tables are written) that ends with
// a manifest of the SHA-256 digest of each; what was backed up from SQLite can
// be restored into PostgreSQL and the other way round.
//
// A file is written beside its name and gets the name when it is whole and on
// disk. It is read through and held against its manifest before anything is
// restored. Private keys are in it as they lie in the database, sealed; the
// sealing key never is. Who has the file and the sealing key is the issuer, and
// who has the file alone can read every record of it: it belongs in a safe
// place.
//
// It does not know what a restored installation may do: whoever restores says
// what else is done in the transaction that brings the records back.
package backup

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/store"
)

// Manifest says what is in a backup.
type Manifest struct {
	Format  int             `json:"format"` // of the file: 1
	MadeAt  time.Time       `json:"madeAt"`
	Schema  int             `json:"schema"` // of the tables
	Issuer  issuer.IssuerID `json:"issuer"`
	Name    string          `json:"name"` // of the issuer
	BaseURL string          `json:"baseURL"`
	Log     int64           `json:"log"`   // size of the public log at least
	Files   []File          `json:"files"` // all but the manifest
}

// File is one entry of the archive.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

const (
	format       = 1
	manifestName = "manifest.json"
	tablesDir    = "tables/"
	evidenceDir  = "evidence/"
	tableEnd     = ".jsonl"
)

// Source is what is backed up.
type Source struct {
	Store    *store.Store
	Evidence string // folder; it need not be there
	Now      func() time.Time
}

// writer writes an archive and its manifest.
type writer struct {
	*zip.Writer
	manifest Manifest
	open     *entry
}

// entry is the file of the archive that is being written.
type entry struct {
	io.Writer
	name   string
	size   int64
	digest hash.Hash
}

func (e *entry) Write(p []byte) (int, error) {
	e.digest.Write(p)
	n, err := e.Writer.Write(p)
	e.size += int64(n)
	return n, err
}

// Write makes a backup at path while the service runs on. A file that is there
// is not touched.
func Write(ctx context.Context, s Source, path string) (*Manifest, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, issuer.Refuse(issuer.Conflict, "%s is there already; name another file.", path)
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make the backup: %w", err)
	}
	m, err := s.write(ctx, f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("make the backup: %w", err), os.Remove(part))
	}
	if err := os.Rename(part, path); err != nil {
		return nil, fmt.Errorf("make the backup: %w", err)
	}
	return m, syncFolder(filepath.Dir(path))
}

func (s Source) write(ctx context.Context, f io.Writer) (*Manifest, error) {
	buffered := bufio.NewWriterSize(f, 1<<20)
	w := &writer{Writer: zip.NewWriter(buffered), manifest: Manifest{Format: format, MadeAt: s.Now().UTC().Truncate(time.Second)}}
	if err := w.introduce(ctx, s.Store); err != nil {
		return nil, err
	}
	var err error
	w.manifest.Schema, err = s.Store.Dump(ctx, func(table string) (io.Writer, error) { return w.next(tablesDir+table+tableEnd, zip.Deflate) })
	if err != nil {
		return nil, err
	}
	if err := w.evidence(ctx, s.Evidence); err != nil {
		return nil, err
	}
	if err := w.end(); err != nil {
		return nil, err
	}
	return &w.manifest, buffered.Flush()
}

// introduce says whose backup it is.
func (w *writer) introduce(ctx context.Context, s *store.Store) error {
	_, err := store.Read(ctx, s, func(tx *store.Tx) (bool, error) {
		us, err := tx.Issuer()
		if err != nil {
			return false, err
		}
		w.manifest.Issuer, w.manifest.Name, w.manifest.BaseURL = us.ID, us.Name, us.BaseURL
		last, err := tx.LastCheckpoint()
		if last != nil {
			w.manifest.Log = last.Size
		}
		return true, err
	})
	return err
}

// next ends the file that was open and opens another.
func (w *writer) next(name string, method uint16) (io.Writer, error) {
	w.close()
	in, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: w.manifest.MadeAt})
	if err != nil {
		return nil, err
	}
	w.open = &entry{Writer: in, name: name, digest: sha256.New()}
	return w.open, nil
}

func (w *writer) close() {
	if e := w.open; e != nil {
		w.manifest.Files = append(w.manifest.Files, File{e.name, e.size, hex.EncodeToString(e.digest.Sum(nil))})
		w.open = nil
	}
}

// evidence takes the files of a folder; links are not followed, and what is not
// whole yet is left out. They are packed by now, or would gain little by it.
func (w *writer) evidence(ctx context.Context, dir string) error {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil && path != dir && errors.Is(err, fs.ErrNotExist) {
			return nil // it was taken out meanwhile
		}
		if err == nil && d.IsDir() && path == filepath.Join(dir, evidence.TemporaryDir) {
			return fs.SkipDir
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close()
		to, err := w.next(evidenceDir+filepath.ToSlash(name), zip.Store)
		if err != nil {
			return err
		}
		_, err = io.Copy(to, f)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (w *writer) end() error {
	w.close()
	out, err := w.Create(manifestName)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(out)
	lines.SetIndent("", " ")
	if err := lines.Encode(w.manifest); err != nil {
		return err
	}
	return w.Close()
}

// syncFolder makes the name of a file in a folder last.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}
