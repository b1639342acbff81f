package store

import (
	"context"
	"crypto/rand"
	"errors"
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

// onBoth runs a test on an empty, migrated database of each kind.
func onBoth(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, migrated(t, sqliteFile(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, opened(t, postgresShared(t))) })
}

// onOwn does the same for a test that changes the schema.
func onOwn(t *testing.T, test func(t *testing.T, s *Store)) {
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

// postgresDatabase makes an empty database of its own and drops it after the
// test.
func postgresDatabase(t testing.TB) string {
	t.Helper()
	name, dsn := newDatabase(t)
	t.Cleanup(func() {
		onServer(t, context.Background(), os.Getenv("HALLMARK_POSTGRES"), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	})
	return dsn
}

// newDatabase makes a database on the server that $HALLMARK_POSTGRES names.
func newDatabase(t testing.TB) (name, dsn string) {
	t.Helper()
	server := os.Getenv("HALLMARK_POSTGRES")
	if server == "" {
		if os.Getenv("HALLMARK_REQUIRE") == "1" {
			t.Fatal("HALLMARK_POSTGRES is not set: this test needs a PostgreSQL server where databases may be made")
		}
		t.Skip("set HALLMARK_POSTGRES to a server where databases may be made to test on PostgreSQL")
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("HALLMARK_POSTGRES is not a postgres:// URL")
	}
	name = "hallmark_test_" + strings.ToLower(rand.Text())
	onServer(t, t.Context(), server, "CREATE DATABASE "+name)
	u.Path = "/" + name
	return name, u.String()
}

// shared is a migrated database that tests use one after the other: making
// one for each takes many times longer than the tests.
var shared struct{ name, dsn string }

// TestMain drops the shared database at the end.
func TestMain(m *testing.M) {
	code := m.Run()
	if shared.name != "" {
		if c, err := pgx.Connect(context.Background(), os.Getenv("HALLMARK_POSTGRES")); err == nil {
			_, _ = c.Exec(context.Background(), "DROP DATABASE IF EXISTS "+shared.name+" WITH (FORCE)")
			_ = c.Close(context.Background())
		}
	}
	os.Exit(code)
}

// postgresShared gives the migrated database and empties it after the test.
// TRUNCATE passes by the guards of what is final.
func postgresShared(t testing.TB) string {
	t.Helper()
	if shared.name == "" {
		name, dsn := newDatabase(t)
		s, err := Open(t.Context(), Config{DSN: dsn, Logger: quiet})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Migrate(t.Context()), s.Close()); err != nil {
			t.Fatal(err)
		}
		shared.name, shared.dsn = name, dsn
	}
	t.Cleanup(func() {
		onServer(t, context.Background(), shared.dsn, `DO $$ BEGIN
			EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version');
			INSERT INTO settings (name, value) VALUES ('min_program', '2');
		END $$`)
	})
	return shared.dsn
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
