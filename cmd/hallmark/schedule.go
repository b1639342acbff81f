package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"hallmark/issuer/backup"
)

// BackupConfig says when serve makes backups by itself.
type BackupConfig struct {
	Dir   string `yaml:"dir"`   // folder they go to, best on another disk
	Every string `yaml:"every"` // "24h", the default; at least a minute
	Keep  int    `yaml:"keep"`  // how many; 7 by default
}

func (b *BackupConfig) check() error {
	if _, err := b.every(); err != nil {
		return err
	}
	if b.Keep < 0 {
		return fmt.Errorf("backup.keep is %d; it is how many backups are kept", b.Keep)
	}
	return nil
}

func (b *BackupConfig) every() (time.Duration, error) {
	if b.Every == "" {
		return 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(b.Every)
	if err != nil || d < time.Minute {
		return 0, fmt.Errorf("backup.every is %q; it is a time of at least a minute, such as 24h", b.Every)
	}
	return d, nil
}

func (b *BackupConfig) keep() int {
	if b.Keep == 0 {
		return 7
	}
	return b.Keep
}

const (
	backupPattern = "hallmark-*.backup"
	backupStamp   = "hallmark-20060102-150405.backup"
)

// made lists the backups of the folder, the oldest first: their names are their
// times.
func (b *BackupConfig) made() ([]string, error) {
	found, err := filepath.Glob(filepath.Join(b.Dir, backupPattern))
	slices.Sort(found)
	return found, err
}

// lastBackup tells when the newest backup was made; the zero time if none is
// there.
func (b *BackupConfig) lastBackup() (time.Time, error) {
	found, err := b.made()
	if err != nil || len(found) == 0 {
		return time.Time{}, err
	}
	return time.Parse(backupStamp, filepath.Base(found[len(found)-1]))
}

// backups makes a backup whenever one is due, until ctx ends. One that fails is
// logged and tried again a minute later.
func (p *parts) backups(ctx context.Context) {
	b := &p.Config.Backup
	if b.Dir == "" {
		return
	}
	failing := false
	for {
		err := p.backupIfDue(ctx, time.Now())
		if err != nil && ctx.Err() == nil && !failing {
			p.Log.Error("make a backup", "error", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Minute):
		}
	}
}

// backupIfDue makes a backup if the last one is old enough, and drops those
// that are too many. What the oldest one left has of the log is not needed
// beside the high-water mark any more.
func (p *parts) backupIfDue(ctx context.Context, now time.Time) error {
	b := &p.Config.Backup
	every, err := b.every()
	if err != nil {
		return err
	}
	last, err := b.lastBackup()
	if err != nil || now.Sub(last) < every {
		return err
	}
	if err := os.MkdirAll(b.Dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of the backups: %w", err)
	}
	path := filepath.Join(b.Dir, now.UTC().Format(backupStamp))
	if _, err := backup.Write(ctx, p.Config.source(p.Store), path); err != nil {
		return err
	}
	p.Log.InfoContext(ctx, "backup made", "file", path)
	found, err := b.made()
	for err == nil && len(found) > b.keep() {
		err, found = os.Remove(found[0]), found[1:]
	}
	if err != nil || len(found) < b.keep() {
		return err
	}
	oldest, err := backup.ReadManifest(found[0])
	if err != nil {
		return err
	}
	return p.Jobs.Mark.Forget(oldest.Log)
}

// sameFolder tells whether two paths are in one folder.
func sameFolder(a, b string) bool {
	one, err := filepath.Abs(filepath.Dir(a))
	two, again := filepath.Abs(filepath.Dir(b))
	return errors.Join(err, again) == nil && one == two
}
