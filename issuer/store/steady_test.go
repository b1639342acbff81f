package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"
)

// TestStatementsOutliveTheirTransaction looks for the statement that one
// transaction prepared in the next, and sees a full shelf make room.
func TestStatementsOutliveTheirTransaction(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	k := s.kept[0]
	seen := map[*sql.Stmt]bool{}
	for range 3 {
		must(t, s, keep("a"))
		c := <-k.free
		for _, statement := range c.kept {
			seen[statement] = true
		}
		before := len(c.kept)
		k.free <- c
		if len(seen) != before {
			t.Errorf("%d statements were prepared, %d are kept", len(seen), before)
		}
	}
	must(t, s, func(tx *Tx) error {
		for n := range maxKept + 50 {
			var got int
			if err := tx.db.Raw(fmt.Sprintf("SELECT %d", n)).Row().Scan(&got); err != nil || got != n {
				return fmt.Errorf("%d is %d: %w", n, got, err)
			}
		}
		return nil
	})
	c := <-k.free
	if len(c.kept) > maxKept {
		t.Errorf("%d statements are kept", len(c.kept))
	}
	k.free <- c
}

// TestConnectionsComeBack takes every reading connection, sees one who waits
// give up with its context, and finds the places free again afterwards.
func TestConnectionsComeBack(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	for range 2 {
		var held []interface{ Rollback() error }
		for range readers {
			c, err := s.kept[1].BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, c.(*transaction))
		}
		if err := s.Ready(t.Context()); err != nil { // asks past them
			t.Error(err)
		}
		short, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if _, err := s.kept[1].BeginTx(short, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("one more: %v", err)
		}
		stop()
		for _, tx := range held {
			if err := errors.Join(tx.Rollback(), tx.Rollback()); err != nil {
				t.Error(err)
			}
		}
	}
	if n := len(s.kept[1].free); n != readers {
		t.Errorf("%d of %d places are free", n, readers)
	}
}

// TestLostConnection undoes a transaction behind the back of an act, as
// SQLite itself does when the disk is full: the act is refused, the next one
// is not.
func TestLostConnection(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	err := try(t, s, func(tx *Tx) error {
		return errors.Join(tx.Set("a", "lost"), tx.db.Exec("ROLLBACK").Error)
	})
	if err == nil {
		t.Error("an act whose transaction is gone was kept")
	}
	must(t, s, keep("b"))
	if a, b := value(s, t, "a"), value(s, t, "b"); a != "" || b != "kept" {
		t.Errorf("a is %q, b is %q", a, b)
	}
}
