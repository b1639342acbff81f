package store

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// quiet is a logger for tests that look at nothing in the log.
var quiet = slog.New(slog.DiscardHandler)

// onBoth runs a test on a fresh, migrated database of each kind.
func onBoth(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, migrated(t, sqliteFile(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, migrated(t, postgresDatabase(t))) })
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

// postgresDatabase makes a database of its own on the server that
// $HALLMARK_POSTGRES names and drops it after the test.
func postgresDatabase(t testing.TB) string {
	t.Helper()
	server := os.Getenv("HALLMARK_POSTGRES")
	if server == "" {
		if os.Getenv("HALLMARK_REQUIRE") == "1" {
			t.Fatal("HALLMARK_POSTGRES is not set: this test needs a PostgreSQL server where databases may be made")
		}
		t.Skip("set HALLMARK_POSTGRES to a server where databases may be made to test on PostgreSQL")
	}
	name := "hallmark_test_" + strings.ToLower(rand.Text())
	onServer(t, t.Context(), server, "CREATE DATABASE "+name)
	t.Cleanup(func() {
		onServer(t, context.Background(), server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("HALLMARK_POSTGRES is not a postgres:// URL")
	}
	u.Path = "/" + name
	return u.String()
}

func onServer(t testing.TB, ctx context.Context, server, statement string) {
	t.Helper()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}
