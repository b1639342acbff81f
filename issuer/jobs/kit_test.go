package jobs

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
	"hallmark/issuer/store/storetest"
)

// shared is the PostgreSQL database of these tests.
var shared storetest.Shared

// TestMain looks for goroutines that are left. gorm never ends the one that
// forgets prepared statements; there is one per open handle.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("gorm.io/gorm/internal/lru.NewLRU[...].func1"), goleak.Cleanup(func(code int) {
		if err := shared.Drop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
		os.Exit(code)
	}))
}

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// clock is set by hand.
type clock struct {
	lock sync.Mutex
	at   time.Time
}

func (c *clock) Now() time.Time { c.lock.Lock(); defer c.lock.Unlock(); return c.at }

func (c *clock) forward(d time.Duration) { c.lock.Lock(); c.at = c.at.Add(d); c.lock.Unlock() }

const us = issuer.IssuerID("I")

// onBoth runs a test with an issuer that has been set up on each database.
func onBoth(t *testing.T, test func(t *testing.T, r *Runner, c *clock)) {
	t.Run("sqlite", func(t *testing.T) {
		r, c := runner(t, filepath.Join(t.TempDir(), "hallmark.db"))
		test(t, r, c)
	})
	t.Run("postgres", func(t *testing.T) {
		r, c := runner(t, shared.URL(t))
		test(t, r, c)
	})
}

func runner(t testing.TB, dsn string) (*Runner, *clock) {
	t.Helper()
	c := &clock{at: start}
	quiet := slog.New(slog.DiscardHandler)
	s, err := store.Open(t.Context(), store.Config{DSN: dsn, Logger: quiet, Now: c.Now, Twice: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Open(t.Context(), keyring.Config{Load: s.LoadKeys, SealingKey: bytes.Repeat([]byte{9}, 32), Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	r := &Runner{Store: s, Ring: ring, BaseURL: "https://badges.example.org", Logger: quiet}
	r.must(t, func(tx *store.Tx) error {
		i := &issuer.Issuer{ID: us, Name: "Example Academy", BaseURL: r.BaseURL, CreatedAt: tx.Now}
		if err := tx.AddIssuer(i); err != nil {
			return err
		}
		if i.DID, err = ring.EnsureKeys(tx, i, keyring.MethodByURL, tx.Now); err != nil {
			return err
		}
		return tx.SaveIssuer(i)
	})
	if err := ring.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r, c
}

func (r *Runner) must(t testing.TB, f func(tx *store.Tx) error) {
	t.Helper()
	if _, err := store.Write(t.Context(), r.Store, func(tx *store.Tx) (bool, error) { return true, f(tx) }); err != nil {
		t.Fatal(err)
	}
}

func read[T any](t *testing.T, r *Runner, f func(tx *store.Tx) (T, error)) T {
	t.Helper()
	v, err := store.Read(t.Context(), r.Store, f)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func do(t *testing.T, duty func(context.Context) error) {
	t.Helper()
	if err := duty(t.Context()); err != nil {
		t.Fatal(err)
	}
}
