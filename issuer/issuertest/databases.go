package issuertest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// OnBoth runs a test on a service on each of the two databases. PostgreSQL is
// the server that $HALLMARK_POSTGRES names, where databases may be made; the
// test is skipped aloud where there is none, and fails under
// HALLMARK_REQUIRE=1.
func OnBoth(t *testing.T, test func(t *testing.T, s *Service)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, New(t, Options{})) })
	t.Run("postgres", func(t *testing.T) { test(t, New(t, Options{DSN: postgres(t)})) })
}

// postgres makes a database that is dropped after the test.
func postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("HALLMARK_POSTGRES")
	if server == "" {
		if os.Getenv("HALLMARK_REQUIRE") == "1" {
			t.Fatal("HALLMARK_POSTGRES is not set: this test needs a PostgreSQL server where databases may be made")
		}
		t.Skip("set HALLMARK_POSTGRES to a server where databases may be made to test on PostgreSQL")
	}
	name := "hallmark_test_" + strings.ToLower(rand.Text())
	command(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { command(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("HALLMARK_POSTGRES is not a postgres:// URL")
	}
	u.Path = "/" + name
	return u.String()
}

func command(t testing.TB, server, statement string) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, server)
	must(t, err)
	defer c.Close(ctx)
	_, err = c.Exec(ctx, statement)
	must(t, err)
}
