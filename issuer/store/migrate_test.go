package store

import (
	"database/sql"
	"errors"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/store/storetest"
)

func TestMigrate(t *testing.T) {
	test := func(t *testing.T, dsn string) {
		s := opened(t, dsn)
		have, want, err := s.Schema(t.Context())
		if err != nil || have != 0 || want < 2 {
			t.Fatalf("empty: have %d, want %d, %v", have, want, err)
		}
		err = s.Ready(t.Context())
		if !errors.Is(err, issuer.Unavailable) || !strings.Contains(err.Error(), "migrate up") {
			t.Errorf("ready when empty: %v", err)
		}
		var wg sync.WaitGroup
		others := []*Store{s, opened(t, dsn), opened(t, dsn)}
		for _, other := range others {
			wg.Go(func() {
				if err := other.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if have, _, err := s.Schema(t.Context()); err != nil || have != want {
			t.Errorf("migrated: have %d, want %d, %v", have, want, err)
		}
		if err := s.Ready(t.Context()); err != nil {
			t.Errorf("ready: %v", err)
		}
	}
	t.Run("sqlite", func(t *testing.T) { test(t, sqliteFile(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, storetest.Postgres(t)) })
}

// TestNewerSchema meets a schema of a later program: it works, unless the
// schema says that this program is too old for it.
func TestNewerSchema(t *testing.T) {
	onOwn(t, func(t *testing.T, s *Store) {
		_, want, err := s.Schema(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		statement := "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)"
		if s.dialect == postgresDialect {
			statement = "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)"
		}
		if _, err := s.handles[0].ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Ready(t.Context()), s.Migrate(t.Context())); err != nil {
			t.Errorf("newer schema %d that fits: %v", want, err)
		}
		must(t, s, func(tx *Tx) error { return tx.Set("min_program", "98") })
		for _, err := range []error{s.Ready(t.Context()), s.Migrate(t.Context())} {
			if !errors.Is(err, issuer.Unavailable) || !strings.Contains(err.Error(), "newer program") {
				t.Errorf("newer schema that does not fit: %v", err)
			}
		}
	})
}

// TestCopyBeside migrates a database that has rows and finds them in the copy
// that was made before.
func TestCopyBeside(t *testing.T) {
	dsn := sqliteFile(t)
	s := opened(t, dsn)
	p, err := s.provider()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	must(t, s, keep("before"))
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	must(t, s, keep("after"))
	_, newest, err := s.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept := dsn + ".before-" + strconv.Itoa(newest)
	if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("copy: %v, %v", info, err)
	}
	c, err := sql.Open("sqlite", kept)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	names := rowsOf(t, c, "SELECT name FROM settings ORDER BY name")
	if len(names) != 2 || names[0][0] != "before" {
		t.Errorf("the copy holds %v", names)
	}
	if left, err := os.ReadDir(strings.TrimSuffix(dsn, "/hallmark.db")); err != nil || len(left) > 4 {
		t.Errorf("files left: %v, %v", left, err)
	}
}

func TestFileIsPrivate(t *testing.T) {
	dsn := sqliteFile(t)
	migrated(t, dsn)
	for _, name := range []string{dsn, dsn + "-wal", dsn + "-shm"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}
