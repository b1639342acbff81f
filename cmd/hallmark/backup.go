package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/backup"
	"hallmark/issuer/evidence"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

type backupCmd struct {
	File string `arg:"" help:"The file to make; it must not be there yet."`
	JSON bool   `name:"json" help:"Print the manifest as JSON."`
}

// Run makes a backup, beside a running server or without one.
func (b *backupCmd) Run(ctx context.Context, cli *commands, std streams) error {
	cfg, err := cli.load()
	if err != nil {
		return err
	}
	db, err := cli.database(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	m, err := backup.Write(ctx, cfg.source(db), b.File)
	if err != nil {
		return err
	}
	if b.JSON {
		return json.NewEncoder(std.out).Encode(m)
	}
	_, err = fmt.Fprintf(std.out, "%s holds all of %s as of %s.\nThe sealing key is not in it, and nothing can be signed without it: keep %s, or what hallmark keys export prints, in another place.\n",
		b.File, m.Name, m.MadeAt.Format("2006-01-02 15:04 MST"), cfg.SealingKeyFile)
	return err
}

func (c *Config) source(db *store.Store) backup.Source {
	return backup.Source{Store: db, Evidence: c.evidence, Now: time.Now}
}

// files are where what learners hand in is kept.
func (c *Config) files() *evidence.Disk {
	d := evidence.NewDisk(c.evidence)
	d.Free = freeSpace
	return d
}

type restoreCmd struct {
	File           string `arg:"" help:"The backup."`
	SealingKeyFile string `help:"The sealing key of the installation; by default where the configuration has it." placeholder:"FILE"`
}

// Run brings a backup into an empty database and data folder. Nothing is issued
// there until hallmark doctor --reconcile.
func (r *restoreCmd) Run(ctx context.Context, cli *commands, std streams) error {
	cfg, err := cli.load()
	if err != nil {
		return err
	}
	a, err := backup.Open(r.File)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := r.key(ctx, cfg, a); err != nil {
		return err
	}
	if onPostgres(cfg.DB) {
		err = r.into(ctx, cfg, cfg.DB, a)
	} else {
		err = r.file(ctx, cfg, a)
	}
	if err != nil {
		return err
	}
	if err := r.keepKey(cfg); err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s is restored as of %s.\nBadges can be checked when hallmark serve runs; nothing is issued until hallmark doctor --reconcile.\n",
		a.Manifest.Name, a.Manifest.MadeAt.Format("2006-01-02 15:04 MST"))
	return err
}

// key refuses a sealing key that does not open the keys of the backup.
func (r *restoreCmd) key(ctx context.Context, cfg *Config, a *backup.Archive) error {
	from := *cfg
	if r.SealingKeyFile != "" {
		from.SealingKeyFile = r.SealingKeyFile
	}
	if _, err := os.Stat(from.SealingKeyFile); errors.Is(err, fs.ErrNotExist) {
		return issuer.Refuse(issuer.Invalid, "There is no sealing key at %s; name the one of the installation with --sealing-key-file.", from.SealingKeyFile)
	}
	key, err := from.sealingKey(ctx, true)
	if err != nil {
		return err
	}
	keys, err := a.Keys()
	if err != nil {
		return err
	}
	load := func(context.Context) (string, []issuer.Key, error) { return string(a.Manifest.Issuer), keys, nil }
	_, err = keyring.Open(ctx, keyring.Config{Load: load, SealingKey: key, Logger: slog.New(slog.DiscardHandler)})
	if errors.Is(err, keyring.ErrSealed) {
		return issuer.Refuse(issuer.Invalid, "The sealing key %s does not open the keys of this backup; name the one of that installation.", from.SealingKeyFile)
	}
	return err
}

// file restores into a SQLite file that gets its name when it is whole.
func (r *restoreCmd) file(ctx context.Context, cfg *Config, a *backup.Archive) error {
	if err := emptyFile(ctx, cfg); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(cfg.DB), 0o700); err != nil {
		return fmt.Errorf("make the folder of the database: %w", err)
	}
	part := cfg.DB + ".restoring"
	if err := removeAll(part + "*"); err != nil {
		return err
	}
	if err := r.into(ctx, cfg, part, a); err != nil {
		return errors.Join(err, removeAll(part+"*"))
	}
	for _, end := range []string{"-wal", "-shm"} { // of the empty file that was there
		if err := os.Remove(cfg.DB + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("restore the database: %w", err)
		}
	}
	if err := os.Rename(part, cfg.DB); err != nil {
		return fmt.Errorf("restore the database: %w", err)
	}
	return removeAll(part + "*")
}

// emptyFile refuses a file that has records.
func emptyFile(ctx context.Context, cfg *Config) error {
	if _, err := os.Stat(cfg.DB); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := openStore(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	empty, err := db.Empty(ctx)
	if err == nil && !empty {
		err = issuer.Refuse(issuer.Conflict, "There is a database with records at %s; a backup goes into an empty place.", cfg.DB)
	}
	return errors.Join(err, db.Close())
}

func removeAll(pattern string) error {
	found, err := filepath.Glob(pattern)
	for _, path := range found {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

func (r *restoreCmd) into(ctx context.Context, cfg *Config, dsn string, a *backup.Archive) error {
	db, err := store.Open(ctx, store.Config{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return errors.Join(a.Restore(ctx, db, cfg.evidence, registrar.HoldRestored), db.Close())
}

// keepKey copies the sealing key to where the configuration has it.
func (r *restoreCmd) keepKey(cfg *Config) error {
	if r.SealingKeyFile == "" {
		return nil
	}
	if _, err := os.Stat(cfg.SealingKeyFile); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	kept, err := readFile(r.SealingKeyFile, 1<<20)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(cfg.SealingKeyFile), 0o700); err != nil {
		return fmt.Errorf("make the folder of the sealing key: %w", err)
	}
	if err := os.WriteFile(cfg.SealingKeyFile, kept, 0o600); err != nil {
		return fmt.Errorf("keep the sealing key: %w", err)
	}
	return nil
}
