package registrar

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
	"hallmark/issuer/store/storetest"
)

// Kit is a registrar on a database of its own, with a clock that the test
// moves. It is exported to the tests outside the package.
type Kit struct {
	*Registrar
	dsn     string
	sealing []byte
	t       testing.TB
	mu      sync.Mutex
	clock   time.Time
}

const kitBase = "https://badges.example.org"

// NewKit opens a fresh SQLite file, or an empty database of the server that
// $HALLMARK_POSTGRES names. Every act is run twice, as after a deadlock: what only
// comes out well the first time fails the test of the act.
func NewKit(t testing.TB, postgres bool) *Kit { return newKit(t, postgres, true) }

func newKit(t testing.TB, postgres, twice bool) *Kit {
	t.Helper()
	dsn := filepath.Join(t.TempDir(), "hallmark.db")
	if postgres {
		dsn = shared.URL(t)
	}
	k := &Kit{dsn: dsn, sealing: []byte(rand.Text() + rand.Text())[:32], t: t, clock: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)}
	s, err := store.Open(t.Context(), store.Config{DSN: dsn, Logger: slog.New(slog.DiscardHandler), Now: k.now, Twice: twice})
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
	ring, err := keyring.Open(t.Context(), keyring.Config{SealingKey: k.sealing, Identities: s.LoadIdentities,
		Load: func(ctx context.Context) (string, []issuer.Key, error) { return loadKeys(ctx, s) }})
	if err != nil {
		t.Fatal(err)
	}
	k.Registrar = &Registrar{Store: s, Ring: ring, BaseURL: kitBase, Files: evidence.NewDisk(t.TempDir())}
	if _, err := k.Setup(t.Context(), issuer.Issuer{Name: "Example Academy", URL: "https://academy.example.org", Email: "academy@example.org"}, keyring.MethodWeb); err != nil {
		t.Fatal(err)
	}
	return k
}

func loadKeys(ctx context.Context, s *store.Store) (string, []issuer.Key, error) {
	name := ""
	keys, err := store.Read(ctx, s, func(tx *store.Tx) ([]issuer.Key, error) {
		if us, err := tx.Issuer(); err == nil {
			name = us.DID
		}
		return tx.Keys()
	})
	return name, keys, err
}

func (k *Kit) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.clock
}

// later moves the clock on.
func (k *Kit) later(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.clock = k.clock.Add(d)
}

// shared is the PostgreSQL database of the tests of this package.
var shared storetest.Shared

func TestMain(m *testing.M) {
	code := m.Run()
	if err := shared.Drop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// onBoth runs a test on each database.
func onBoth(t *testing.T, test func(t *testing.T, k *Kit)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, NewKit(t, false)) })
	t.Run("postgres", func(t *testing.T) { test(t, NewKit(t, true)) })
}

// Live counts the live badges by achievement.
func (k *Kit) Live(t testing.TB) map[string]int {
	t.Helper()
	counts, err := store.Read(t.Context(), k.Store, func(tx *store.Tx) (map[string]int, error) {
		out := map[string]int{}
		programs, err := tx.Programs()
		if err != nil {
			return nil, err
		}
		for _, p := range programs {
			live, err := tx.LiveByAchievement(p.ID)
			if err != nil {
				return nil, err
			}
			for code, n := range live {
				out[code] += n
			}
		}
		return out, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

// Mails counts the messages in the outbox.
func (k *Kit) Mails(t testing.TB) int {
	t.Helper()
	messages, err := store.Read(t.Context(), k.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 10_000) })
	if err != nil {
		t.Fatal(err)
	}
	return len(messages)
}
