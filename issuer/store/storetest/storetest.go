// Package storetest makes PostgreSQL databases for tests, on the server that
// $HALLMARK_POSTGRES names and where databases may be made; without one the
// test ends as verifiertest.Lacks says. The databases are empty: it does not
// know the store or its schema, so that the store's own tests can use it. Beside
// that it tells benchmarks what they used of the processors.
package storetest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"hallmark/verifier/verifiertest"
)

// Postgres makes an empty database, dropped after the test, and gives its URL.
func Postgres(t testing.TB) string {
	t.Helper()
	db := create(t)
	t.Cleanup(func() {
		if err := db.drop(); err != nil {
			t.Error(err)
		}
	})
	return db.url
}

// Shared is one database that the tests of a package use one after the other:
// making one for each takes many times longer than the tests. The zero value
// is ready; TestMain of the package drops it at the end.
type Shared struct{ db database }

// URL gives the database without rows: without a schema the first time, and
// with the schema that the first test gave it from then on. Tests that use it
// must not run at the same time.
func (s *Shared) URL(t testing.TB) string {
	t.Helper()
	if s.db.name == "" {
		s.db = create(t)
		return s.db.url
	}
	// TRUNCATE passes by the guards of what is final. What the migrations put
	// into a table is left.
	err := command(t.Context(), s.db.url, `DO $$ BEGIN
		EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') FROM pg_tables
			WHERE schemaname = 'public' AND tablename NOT IN ('goose_db_version', 'settings'));
		DELETE FROM settings WHERE name NOT IN ('min_program', 'definitions');
	END $$`)
	if err != nil {
		t.Fatal(err)
	}
	return s.db.url
}

// Drop drops the database, if there is one.
func (s *Shared) Drop() error {
	if s.db.name == "" {
		return nil
	}
	return s.db.drop()
}

// A database is one that was made here, on a server whose URL leads to another.
type database struct{ server, name, url string }

func create(t testing.TB) database {
	t.Helper()
	server := os.Getenv("HALLMARK_POSTGRES")
	if server == "" {
		verifiertest.Lacks(t, "set HALLMARK_POSTGRES to a server where databases may be made, to test on PostgreSQL")
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("HALLMARK_POSTGRES is not a postgres:// URL")
	}
	name := "hallmark_test_" + strings.ToLower(rand.Text())
	if err := command(t.Context(), server, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return database{server: server, name: name, url: u.String()}
}

// drop works after the context of the test is gone.
func (d database) drop() error {
	return command(context.Background(), d.server, "DROP DATABASE IF EXISTS "+d.name+" WITH (FORCE)")
}

func command(ctx context.Context, url, statement string) error {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	_, err = c.Exec(ctx, statement)
	return err
}
