package backup

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Archive is a backup that has been read through.
type Archive struct {
	Manifest Manifest
	zip      *zip.ReadCloser
	files    map[string]*zip.File
}

// broken refuses a file that is not what a backup was.
func broken(path, why string, args ...any) error {
	return issuer.Refuse(issuer.Invalid, "%s is not a whole backup: %s.", path, fmt.Sprintf(why, args...))
}

// Open reads a backup through and holds every byte of it against its manifest.
func Open(path string) (*Archive, error) {
	r, err := zip.OpenReader(path)
	if err != nil {
		return nil, broken(path, "it cannot be opened (%v)", err)
	}
	a := &Archive{zip: r, files: map[string]*zip.File{}}
	if err := a.check(path); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return a, nil
}

// ReadManifest reads what a backup says of itself, without reading the rest.
func ReadManifest(path string) (*Manifest, error) {
	r, err := zip.OpenReader(path)
	if err != nil {
		return nil, broken(path, "it cannot be opened (%v)", err)
	}
	defer r.Close()
	a := &Archive{zip: r, files: map[string]*zip.File{}}
	for _, f := range r.File {
		a.files[f.Name] = f
	}
	return &a.Manifest, a.readManifest(path)
}

// Close lets go of the file.
func (a *Archive) Close() error { return a.zip.Close() }

// maxManifest bounds what is read before anything is known of a file.
const maxManifest = 64 << 20

func (a *Archive) check(path string) error {
	for _, f := range a.zip.File {
		if a.files[f.Name] != nil {
			return broken(path, "it has two files %s", f.Name)
		}
		a.files[f.Name] = f
	}
	if err := a.readManifest(path); err != nil {
		return err
	}
	if len(a.Manifest.Files)+1 != len(a.files) {
		return broken(path, "it holds %d files and its manifest names %d", len(a.files)-1, len(a.Manifest.Files))
	}
	for _, want := range a.Manifest.Files {
		if err := a.same(want); err != nil {
			return broken(path, "%s %v", want.Name, err)
		}
	}
	return nil
}

func (a *Archive) readManifest(path string) error {
	f := a.files[manifestName]
	if f == nil {
		return broken(path, "it has no manifest")
	}
	text, err := readAll(f, maxManifest)
	if err != nil {
		return broken(path, "its manifest cannot be read (%v)", err)
	}
	if err := json.Unmarshal(text, &a.Manifest); err != nil {
		return broken(path, "its manifest cannot be read (%v)", err)
	}
	if a.Manifest.Format != format {
		return issuer.Refuse(issuer.Unavailable, "%s is a backup of a later kind (%d): use the newer program.", path, a.Manifest.Format)
	}
	return nil
}

// same holds a file against what the manifest says.
func (a *Archive) same(want File) error {
	f := a.files[want.Name]
	if f == nil {
		return errors.New("is missing")
	}
	if strings.HasPrefix(want.Name, evidenceDir) && !filepath.IsLocal(filepath.FromSlash(want.Name)) {
		return errors.New("leads out of its folder")
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("cannot be read (%w)", err)
	}
	defer r.Close()
	digest := sha256.New()
	n, err := io.Copy(digest, io.LimitReader(r, want.Size+1))
	if err != nil {
		return fmt.Errorf("cannot be read (%w)", err)
	}
	if n != want.Size || hex.EncodeToString(digest.Sum(nil)) != want.SHA256 {
		return errors.New("was changed")
	}
	return nil
}

func readAll(f *zip.File, limit int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, limit))
}

// table opens the text of a table; nil if there is none.
func (a *Archive) table(name string) (io.ReadCloser, error) {
	f := a.files[tablesDir+name+tableEnd]
	if f == nil {
		return nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("read table %s: %w", name, err)
	}
	return r, nil
}

// keyTables are the tables with private keys that the sealing key opens.
var keyTables = []string{"keys", "slip_keys", "staple_keys"}

// Keys gives the keys in a backup as package keyring reads them, so that a
// sealing key can be tried on them.
func (a *Archive) Keys() ([]issuer.Key, error) {
	var keys []issuer.Key
	for _, name := range keyTables {
		r, err := a.table(name)
		if err != nil {
			return nil, err
		}
		if r == nil {
			continue
		}
		some, err := keysIn(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, fmt.Errorf("read table %s: %w", name, err)
		}
		keys = append(keys, some...)
	}
	return keys, nil
}

func keysIn(r io.Reader) ([]issuer.Key, error) {
	lines := json.NewDecoder(r)
	var head struct {
		Columns []string `json:"columns"`
	}
	if err := lines.Decode(&head); err == io.EOF {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var keys []issuer.Key
	for lines.More() {
		var row []any
		if err := lines.Decode(&row); err != nil {
			return nil, err
		}
		cell := map[string]string{}
		for i, name := range head.Columns {
			if i >= len(row) {
				break
			}
			if text, ok := row[i].(string); ok {
				cell[name] = text
			}
		}
		keys = append(keys, issuer.Key{ID: issuer.KeyID(cell["id"]), Purpose: cell["purpose"], Algorithm: cell["algorithm"],
			State: issuer.KeyState(cell["state"]), Public: cell["public"], Sealed: cell["sealed"]})
	}
	return keys, nil
}

// Restore brings the records into an empty database and the evidence into a
// folder that is empty or not there. last is done in the transaction of the
// records. What is left of a restore that was broken off does not stand in the
// way of the next.
func (a *Archive) Restore(ctx context.Context, s *store.Store, evidence string, last func(tx *store.Tx) error) error {
	some, err := os.ReadDir(evidence)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look at the evidence: %w", err)
	}
	if len(some) > 0 {
		return issuer.Refuse(issuer.Conflict, "The folder %s is not empty; a backup goes into an empty place.", evidence)
	}
	part := evidence + ".restoring"
	if err := a.evidence(part); err != nil {
		return fmt.Errorf("restore the evidence: %w", err)
	}
	if err := s.Load(ctx, a.Manifest.Schema, a.table, last); err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	if _, err := os.Stat(part); errors.Is(err, os.ErrNotExist) {
		return nil // there is none
	}
	if err := os.RemoveAll(evidence); err != nil { // empty
		return fmt.Errorf("restore the evidence: %w", err)
	}
	return os.Rename(part, evidence)
}

func (a *Archive) evidence(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for _, f := range a.Manifest.Files {
		if name, ok := strings.CutPrefix(f.Name, evidenceDir); ok {
			if err := a.unpack(f.Name, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *Archive) unpack(name, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	r, err := a.files[name].Open()
	if err != nil {
		return err
	}
	defer r.Close()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(f.Sync(), f.Close())
}
