package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store/storetest"
)

// heldUp runs acts so that, on SQLite, all of them share one batch: an act
// before them fills a batch by its time alone, and ends when they are in line. On
// PostgreSQL each has a transaction of its own, one after the other.
func heldUp(t *testing.T, s *Store, acts ...func(tx *Tx) error) []error {
	t.Helper()
	if s.dialect == postgresDialect {
		errs := make([]error, len(acts))
		for i, act := range acts {
			errs[i] = try(t, s, act)
		}
		return errs
	}
	begun, others := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = try(t, s, func(*Tx) error { close(begun); <-others; return nil })
	})
	<-begun
	errs := make([]error, len(acts))
	for i, act := range acts {
		wg.Go(func() { errs[i] = try(t, s, act) })
		time.Sleep(15 * time.Millisecond) // so that they line up in this order
	}
	time.Sleep(batchTime)
	close(others)
	wg.Wait()
	return errs
}

func keep(name string) func(tx *Tx) error {
	return func(tx *Tx) error { return tx.Set(name, "kept") }
}

func TestActsOfABatchAreAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		boom := errors.New("boom")
		errs := heldUp(t, s,
			keep("a"),
			func(tx *Tx) error { return errors.Join(tx.Set("refused", "x"), boom) },
			keep("b"),
			func(tx *Tx) error {
				if err := tx.Set("panicked", "x"); err != nil {
					return err
				}
				panic("oh")
			},
			func(tx *Tx) error { return tx.add("setting", &issuer.Setting{Name: "min_program"}) },
			keep("c"),
		)
		again := heldUp(t, s, keep("d"), func(tx *Tx) error {
			return errors.Join(tx.Set("too late", "x"), issuer.Refuse(issuer.Conflict, "No."))
		}, keep("e"))
		if again[0] != nil || !errors.Is(again[1], issuer.Conflict) || again[2] != nil {
			t.Errorf("with a refusal that comes after writing: %v", again)
		}
		if errs[0] != nil || errs[2] != nil || errs[5] != nil {
			t.Errorf("good acts: %v, %v, %v", errs[0], errs[2], errs[5])
		}
		if !errors.Is(errs[1], boom) || !errors.Is(errs[4], ErrDuplicate) {
			t.Errorf("refused acts: %v, %v", errs[1], errs[4])
		}
		if errs[3] == nil || !strings.Contains(errs[3].Error(), "panicked") {
			t.Errorf("act that panicked: %v", errs[3])
		}
		for name, want := range map[string]string{"a": "kept", "b": "kept", "c": "kept", "d": "kept", "e": "kept",
			"refused": "", "panicked": "", "too late": ""} {
			if got := value(s, t, name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	})
}

// TestFailedCommit breaks a foreign key that is only looked at when the batch
// is committed: nobody may be told that their act was kept.
func TestFailedCommit(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	refused := issuer.Refuse(issuer.Conflict, "It is there already.")
	errs := heldUp(t, s, keep("a"), func(tx *Tx) error {
		if err := tx.db.Exec("PRAGMA defer_foreign_keys = ON").Error; err != nil {
			return err
		}
		return tx.add("person", &issuer.Person{ID: "X", IssuerID: "NONE"})
	}, keep("b"), func(*Tx) error { return refused })
	for i, err := range errs {
		if err == nil || errors.Is(err, issuer.Conflict) {
			t.Errorf("act %d was answered %v", i, err)
		}
	}
	if value(s, t, "a") != "" || value(s, t, "b") != "" {
		t.Error("part of a failed batch is there")
	}
	if err := try(t, s, keep("after")); err != nil || value(s, t, "after") != "kept" {
		t.Errorf("the next act: %v", err)
	}
}

// TestTransactionLost takes the transaction away from under the acts, as
// SQLite does when the disk is full.
func TestTransactionLost(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	errs := heldUp(t, s, keep("a"), func(tx *Tx) error { return tx.db.Exec("ROLLBACK").Error })
	for i, err := range errs {
		if err == nil {
			t.Errorf("act %d was told that it was kept", i)
		}
	}
	if value(s, t, "a") != "" {
		t.Error("an act of a lost transaction is there")
	}
	if err := try(t, s, keep("after")); err != nil || value(s, t, "after") != "kept" {
		t.Errorf("the next act: %v", err)
	}
}

func TestCallerWhoWentAway(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	begun, others := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := try(t, s, func(*Tx) error { close(begun); <-others; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-begun
	ctx, leave := context.WithCancel(t.Context())
	ran, answered := false, make(chan error)
	go func() {
		_, err := Write(ctx, s, func(tx *Tx) (bool, error) { ran = true; return true, nil })
		answered <- err
	}()
	time.Sleep(20 * time.Millisecond)
	leave()
	if err := <-answered; !errors.Is(err, context.Canceled) { // while the first act still runs
		t.Errorf("answered %v", err)
	}
	close(others)
	wg.Wait()
	if err := try(t, s, keep("after")); err != nil {
		t.Fatal(err)
	}
	s.acts <- &waiting{ctx: ctx, run: func(*Tx) error { ran = true; return nil }, done: make(chan struct{})}
	if err := try(t, s, keep("later")); err != nil {
		t.Fatal(err)
	}
	if ran {
		t.Error("the act of a caller who went away ran")
	}
}

// TestCallerWhoLeavesTooLate leaves while the act runs: it is kept all the
// same, and so are its neighbours.
func TestCallerWhoLeavesTooLate(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	ctx, leave := context.WithCancel(t.Context())
	_, err := Write(ctx, s, func(tx *Tx) (bool, error) {
		leave()
		return true, tx.Set("late", "kept")
	})
	if err != nil || value(s, t, "late") != "kept" {
		t.Errorf("%v, %q", err, value(s, t, "late"))
	}
}

func TestClosed(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := try(t, s, keep("x")); !errors.Is(err, ErrClosed) {
		t.Errorf("write to a closed store: %v", err)
	}
	if _, err := Open(t.Context(), Config{DSN: t.TempDir() + "/no/such/folder/x.db"}); err == nil {
		t.Error("a file in no folder was opened")
	}
}

func TestReadersDoNotWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		_, err := Read(t.Context(), s, func(tx *Tx) (bool, error) { return true, tx.Set("x", "y") })
		if err == nil || value(s, t, "x") != "" {
			t.Error("a reader wrote")
		}
	})
}

// TestReadIsOneView writes between two reads of one view.
func TestReadIsOneView(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		must(t, s, keep("x"))
		_, err := Read(t.Context(), s, func(tx *Tx) (bool, error) {
			before, err := tx.Setting("x")
			if err != nil {
				return false, err
			}
			must(t, s, func(tx *Tx) error { return tx.Set("x", "changed") })
			after, err := tx.Setting("x")
			if before != after {
				t.Errorf("%q became %q within one view", before, after)
			}
			return true, err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestTimeStandsStill(t *testing.T) {
	zone := time.FixedZone("", 3600)
	clock := &Store{now: func() time.Time { return time.Date(2026, 11, 21, 10, 0, 0, 999, zone) }}
	if got, want := clock.moment(), time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	onBoth(t, func(t *testing.T, s *Store) {
		at := time.Date(2026, 11, 21, 9, 30, 15, 0, time.UTC)
		must(t, s, func(tx *Tx) error {
			return tx.AddIssuer(&issuer.Issuer{ID: us, CreatedAt: at.In(time.FixedZone("", 7200))})
		})
		got := get(t, s, (*Tx).Issuer).CreatedAt
		if got != at {
			t.Errorf("%v came back as %v", at, got)
		}
	})
}

// TestLogHoldsNoValues runs good and bad statements with a logger that keeps
// everything and looks for what was bound.
func TestLogHoldsNoValues(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		var lines bytes.Buffer
		var lock sync.Mutex
		s.log = slog.New(slog.NewTextHandler(writer(func(b []byte) { lock.Lock(); lines.Write(b); lock.Unlock() }), &slog.HandlerOptions{Level: slog.LevelDebug}))
		s.read.Logger, s.write.Logger = scribe{s.log}, scribe{s.log}
		sample(t, s)
		for range 2 {
			err := try(t, s, func(tx *Tx) error {
				return tx.add("e-mail", &issuer.Email{Address: "ann@example.org", IssuerID: us, PersonID: bob})
			})
			if err == nil || strings.Contains(err.Error(), "ann@") {
				t.Errorf("error: %v", err)
			}
		}
		get(t, s, func(tx *Tx) (*issuer.Person, error) { return tx.PersonByEmail("ann@example.org") })
		if lines.Len() == 0 || !strings.Contains(lines.String(), "INSERT INTO") {
			t.Fatal("nothing was logged")
		}
		if strings.Contains(lines.String(), "ann@") || strings.Contains(lines.String(), "Example Academy") || strings.Contains(lines.String(), "sealed'") {
			t.Errorf("bound values in the log")
		}
	})
}

type writer func([]byte)

func (w writer) Write(b []byte) (int, error) { w(b); return len(b), nil }

// BenchmarkWrite keeps one row per act and says how many acts a second are on
// disk, with as many callers at once.
func BenchmarkWrite(b *testing.B) {
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint("sqlite/", callers), func(b *testing.B) { benchmarkWrite(b, migrated(b, sqliteFile(b)), callers) })
		b.Run(fmt.Sprint("postgres/", callers), func(b *testing.B) { benchmarkWrite(b, migrated(b, storetest.Postgres(b)), callers) })
	}
}

func benchmarkWrite(b *testing.B, s *Store, callers int) {
	sample(b, s)
	b.SetParallelism(callers)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, err := Write(b.Context(), s, func(tx *Tx) (bool, error) {
				return true, tx.AddAuditEntry(&issuer.AuditEntry{ID: issuer.AuditID(rand.Text()), IssuerID: us, At: tx.Now, Actor: "x", Act: "x", Outcome: "done", Detail: "{}"})
			})
			if err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
}
