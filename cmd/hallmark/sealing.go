package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
)

// wrapper stands between the sealing key and the file that keeps it. There are
// two: the file has the key as it is (openFile), or closed by a key service that
// alone can open it (transit).
//
// A key service closes the one sealing key and not each signing key, so it is
// asked once, when the program starts: signing goes on while the service is
// away, and a key that was rotated is read without it.
type wrapper interface {
	// wrap gives what is to stand in the file.
	wrap(ctx context.Context, key []byte) ([]byte, error)
	// unwrap gives the key; its refusals say what to do about the file.
	unwrap(ctx context.Context, kept []byte) ([]byte, error)
}

// openFile keeps the key as it is, keyring.SealingKeySize bytes.
type openFile struct{}

func (openFile) wrap(_ context.Context, key []byte) ([]byte, error) { return key, nil }

func (openFile) unwrap(_ context.Context, kept []byte) ([]byte, error) { return kept, nil }

// sealingKey reads the key that opens the private keys, or makes it (see below).
func (c *Config) sealingKey(ctx context.Context, used bool) ([]byte, error) {
	w, err := c.SealingKeyKMS.wrapper()
	if err != nil {
		return nil, err
	}
	return sealingKey(ctx, c.SealingKeyFile, used, w)
}

// sealingKey reads the key that opens the private keys. While the database
// holds none, a missing one is made; later it is never replaced, because the
// keys that it sealed could not be opened any more. Its file must be readable
// by its owner alone.
func sealingKey(ctx context.Context, path string, used bool, w wrapper) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && used {
		return nil, issuer.Refuse(issuer.Unavailable, "The sealing key %s is missing; put back the one that this installation began with.", path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return newSealingKey(ctx, path, w)
	}
	if err != nil {
		return nil, fmt.Errorf("look at the sealing key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, issuer.Refuse(issuer.Invalid, "Others can read the sealing key %s; run chmod 600 on it.", path)
	}
	kept, err := readFile(path, 4096)
	if err != nil {
		return nil, fmt.Errorf("read the sealing key: %w", err)
	}
	key, err := w.unwrap(ctx, kept)
	if err != nil {
		return nil, err
	}
	if len(key) != keyring.SealingKeySize {
		return nil, issuer.Refuse(issuer.Invalid, "The sealing key %s must hold %d bytes, not %d.", path, keyring.SealingKeySize, len(key))
	}
	return key, nil
}

func newSealingKey(ctx context.Context, path string, w wrapper) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the sealing key: %w", err)
	}
	key := make([]byte, keyring.SealingKeySize)
	rand.Read(key)
	kept, err := w.wrap(ctx, key)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return sealingKey(ctx, path, true, w) // another process was first
	}
	if err != nil {
		return nil, fmt.Errorf("make the sealing key: %w", err)
	}
	if _, err := f.Write(kept); err != nil {
		return nil, errors.Join(fmt.Errorf("write the sealing key: %w", err), f.Close())
	}
	if err := f.Sync(); err != nil {
		return nil, errors.Join(fmt.Errorf("write the sealing key: %w", err), f.Close())
	}
	return key, f.Close()
}
