package keyring

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TestNothingPrivateOnDisk goes through a first start on a real database with
// a log that keeps everything, and looks for the keys in every file.
func TestNothingPrivateOnDisk(t *testing.T) {
	dir := t.TempDir()
	var lines bytes.Buffer
	log := slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := store.Open(t.Context(), store.Config{DSN: filepath.Join(dir, "hallmark.db"), Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	sealing := []byte("0123456789abcdefghijklmnopqrstuv")
	r, err := Open(t.Context(), Config{Load: s.LoadKeys, SealingKey: sealing, Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Write(t.Context(), s, func(tx *store.Tx) (bool, error) {
		i := &issuer.Issuer{ID: "I", BaseURL: "https://badges.example.org", CreatedAt: tx.Now}
		if err := tx.AddIssuer(i); err != nil {
			return false, err
		}
		if i.DID, err = r.EnsureKeys(tx, i, MethodByURL, tx.Now); err != nil {
			return false, err
		}
		return true, tx.SaveIssuer(i)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.SignCredential([]byte(unsigned), at); err != nil {
		t.Fatal(err)
	}
	secrets := [][]byte{sealing}
	for _, key := range r.view.Load().signers {
		secrets = append(secrets, secretFor(t, key))
	}
	if len(secrets) != 7 {
		t.Fatalf("%d secrets", len(secrets))
	}
	all := lines.Bytes()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range files { // before the store is closed: the newest rows are in the -wal file
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	if !bytes.Contains(all, []byte(r.view.Load().keys[0].Public)) {
		t.Fatal("not even a public key was found: the search finds nothing")
	}
	for _, secret := range secrets {
		for _, form := range spellings(secret) {
			if bytes.Contains(all, []byte(form)) {
				t.Errorf("a secret is on disk or in the log")
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
