package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"hallmark/issuer"
)

// Folder has write fill a folder that gets the name dir when it is whole. A
// folder of that name that has something in it is refused, or with force gives
// way to the new one at the end.
func Folder(dir string, force bool, write func(part string) error) error {
	dir = filepath.Clean(dir)
	used, err := inUse(dir)
	if err != nil {
		return err
	}
	if used && !force {
		return issuer.Refuse(issuer.Conflict, "%s is there and not empty; name another folder, or replace it with --force.", dir)
	}
	part := dir + ".tmp"
	if err := begin(part); err != nil {
		return err
	}
	if err := write(part); err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	if err := os.Remove(filepath.Join(part, unfinished)); err != nil {
		return fmt.Errorf("finish the export: %w", err)
	}
	return settle(part, dir, used)
}

// unfinished marks a folder as one of ours that is not whole yet.
const unfinished = ".unfinished-hallmark-export"

// begin makes an empty folder, in place of one that a broken run left.
func begin(part string) error {
	used, err := inUse(part)
	if err != nil {
		return err
	}
	if used {
		if _, err := os.Stat(filepath.Join(part, unfinished)); err != nil {
			return issuer.Refuse(issuer.Conflict, "%s is in the way; move it elsewhere.", part)
		}
		if err := os.RemoveAll(part); err != nil {
			return fmt.Errorf("make room for the export: %w", err)
		}
	}
	if err := os.MkdirAll(part, 0o755); err != nil {
		return fmt.Errorf("make the folder of the export: %w", err)
	}
	if err := os.WriteFile(filepath.Join(part, unfinished), nil, 0o644); err != nil {
		return fmt.Errorf("make the folder of the export: %w", err)
	}
	return nil
}

// settle gives a whole folder its name, in place of what had it.
func settle(part, dir string, used bool) error {
	old := dir + ".old"
	if used {
		if _, err := os.Lstat(old); err == nil {
			return issuer.Refuse(issuer.Conflict, "%s is in the way; move it elsewhere. The new export is in %s.", old, part)
		}
		if err := os.Rename(dir, old); err != nil {
			return fmt.Errorf("replace the export: %w", err)
		}
	} else if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace the empty folder: %w", err)
	}
	if err := os.Rename(part, dir); err != nil {
		return fmt.Errorf("name the export: %w", err)
	}
	if used {
		return os.RemoveAll(old)
	}
	return nil
}

// inUse tells whether there is a folder with something in it.
func inUse(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, issuer.Refuse(issuer.Invalid, "%s cannot be read as a folder: %v.", dir, errors.Unwrap(err))
	}
	return len(entries) > 0, nil
}
