package backup_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallmark/issuer/backup"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

// made makes a service, some evidence and a backup of both.
func made(t *testing.T) (s *issuertest.Service, file string) {
	t.Helper()
	s = issuertest.New(t, issuertest.Options{})
	dir := t.TempDir()
	deep := filepath.Join(dir, "evidence", "a", "b.pdf")
	if err := os.MkdirAll(filepath.Dir(deep), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(deep, []byte("proof of work"), 0o600); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(dir, "evidence", "tmp", "HALF") // an upload on its way
	if err := errors.Join(os.MkdirAll(filepath.Dir(half), 0o700), os.WriteFile(half, []byte("half of it"), 0o600)); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(dir, "backup")
	m, err := backup.Write(t.Context(), backup.Source{Store: s.Store, Evidence: filepath.Join(dir, "evidence"), Now: time.Now}, file)
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "Test Academy" || len(m.Files) < 40 {
		t.Errorf("the manifest is %+v", m)
	}
	return s, file
}

func restore(t *testing.T, file, dir string) error {
	t.Helper()
	a, err := backup.Open(file)
	if err != nil {
		return err
	}
	defer a.Close()
	db, err := store.Open(t.Context(), store.Config{DSN: filepath.Join(dir, "hallmark.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return a.Restore(t.Context(), db, filepath.Join(dir, "evidence"), registrar.HoldRestored)
}

func TestEvidence(t *testing.T) {
	_, file := made(t)
	dir := t.TempDir()
	if err := restore(t, file, dir); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "evidence", "a", "b.pdf")); err != nil || string(got) != "proof of work" {
		t.Errorf("the evidence is %q, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "evidence", "tmp")); err == nil {
		t.Error("what was on its way is in the backup")
	}
	if err := restore(t, file, dir); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("over evidence that is there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "evidence.restoring")); err == nil {
		t.Error("a folder is left over")
	}
}

// TestSealed looks for the sealing key in every byte of a backup.
func TestSealed(t *testing.T) {
	_, file := made(t)
	key := bytes.Repeat([]byte{7}, keyring.SealingKeySize) // of issuertest
	r, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{string(key), hex.EncodeToString(key), base64.StdEncoding.EncodeToString(key)[:40], base64.RawURLEncoding.EncodeToString(key)[:40]} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s holds the sealing key", f.Name)
			}
		}
	}
}

// TestChanged refuses every backup that is not what was written, and touches
// nothing then.
func TestChanged(t *testing.T) {
	_, file := made(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rewrite := func(change func(name string, text []byte) (string, []byte)) []byte {
		r, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, f := range r.File {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(in)
			if err != nil {
				t.Fatal(err)
			}
			name, text := change(f.Name, text)
			if name == "" {
				continue
			}
			to, err := w.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := to.Write(text); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	same := func(name string, text []byte) (string, []byte) { return name, text }
	for name, test := range map[string]struct {
		file []byte
		want string
	}{
		"untouched":      {rewrite(same), ""},
		"cut short":      {whole[:len(whole)-100], "cannot be opened"},
		"something else": {[]byte("hello"), "cannot be opened"},
		"a changed row": {rewrite(func(n string, b []byte) (string, []byte) {
			return n, bytes.ReplaceAll(b, []byte("Leo Learner"), []byte("Leo Loarner"))
		}), "was changed"},
		"a table less": {rewrite(func(n string, b []byte) (string, []byte) { return strings.Replace(n, "tables/awards.jsonl", "", 1), b }), "its manifest names"},
		"another name": {rewrite(func(n string, b []byte) (string, []byte) {
			return strings.Replace(n, "tables/awards", "tables/bwards", 1), b
		}), "is missing"},
		"out of its place": {rewrite(func(n string, b []byte) (string, []byte) {
			return strings.Replace(n, "evidence/a/", "evidence/../../", 1), bytes.ReplaceAll(b, []byte("evidence/a/"), []byte("evidence/../../"))
		}), "leads out of its folder"},
		"no manifest": {rewrite(func(n string, b []byte) (string, []byte) { return strings.Replace(n, "manifest.json", "", 1), b }), "has no manifest"},
		"a later kind": {rewrite(func(n string, b []byte) (string, []byte) {
			return n, bytes.Replace(b, []byte(`"format": 1`), []byte(`"format": 2`), 1)
		}), "newer program"},
	} {
		path := filepath.Join(t.TempDir(), "changed")
		if err := os.WriteFile(path, test.file, 0o600); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		err := restore(t, path, dir)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(dir); test.want != "" && (err != nil || len(left) > 0) {
			t.Errorf("%s left %v, %v", name, left, err)
		}
	}
}

// TestOver refuses to write over a file.
func TestOver(t *testing.T) {
	s, file := made(t)
	if _, err := backup.Write(t.Context(), backup.Source{Store: s.Store, Now: time.Now}, file); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("a second backup of the same name: %v", err)
	}
}
