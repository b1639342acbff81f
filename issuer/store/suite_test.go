package store

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"hallmark/issuer/store/storetest"
)

// quiet is a logger for tests that look at nothing in the log.
var quiet = slog.New(slog.DiscardHandler)

// onBoth runs a test on an empty, migrated database of each kind.
func onBoth(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, migrated(t, sqliteFile(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, migrated(t, shared.URL(t))) })
}

// onOwn does the same for a test that changes the schema.
func onOwn(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, migrated(t, sqliteFile(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, migrated(t, storetest.Postgres(t))) })
}

func migrated(t testing.TB, dsn string) *Store {
	t.Helper()
	s := opened(t, dsn)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func opened(t testing.TB, dsn string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{DSN: dsn, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func sqliteFile(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "hallmark.db")
}

// shared is the database of tests that leave its schema alone.
var shared storetest.Shared

func TestMain(m *testing.M) {
	code := m.Run()
	if err := shared.Drop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
