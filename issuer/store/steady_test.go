package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
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

// TestHotQuestionsUseTheirIndex asks SQLite how it would answer what every act
// that issues asks, and what is asked for every mail: none may go through all rows of
// a program.
func TestHotQuestionsUseTheirIndex(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	var asked []string
	s.read.Logger = scribe{slog.New(slog.NewTextHandler(writer(func(line []byte) {
		if i := bytes.Index(line, []byte(`statement="`)); i >= 0 {
			text := string(line[i+len(`statement="`):])
			asked = append(asked, strings.NewReplacer(`\"`, `"`, `\n`, " ", `\t`, " ").Replace(text[:strings.Index(text, `" rows=`)]))
		}
	}), &slog.HandlerOptions{Level: slog.LevelDebug}))}
	tests := []struct {
		ask   func(tx *Tx) error
		index string
	}{
		{func(tx *Tx) error { _, err := tx.LiveAwards("P", "A", "B", "C"); return err }, "ux_awards_live"},
		{func(tx *Tx) error { _, err := tx.AwardsOfFact("F", "A", "B"); return err }, "ux_awards_live"},
		{func(tx *Tx) error { _, err := tx.SameCompletion(&issuer.Completion{}); return err }, "ux_completions_fact"},
		{func(tx *Tx) error { _, err := tx.Enrollments("A", "B"); return err }, "ix_enrollments_person"},
		{func(tx *Tx) error { _, err := tx.LearnerByEmail("a@b.example"); return err }, "ix_enrollments_person"},
		{func(tx *Tx) error { _, err := tx.Emails("A", "B"); return err }, "ix_emails_person"},
		{func(tx *Tx) error { _, err := tx.CredentialsOfAwards("A", "B"); return err }, "ix_credentials_award"},
		{func(tx *Tx) error { _, err := tx.OpenStatusList("revocation"); return err }, "ix_status_lists_newest"},
		{func(tx *Tx) error { _, err := tx.AwardsOf("A"); return err }, "ux_awards_live"},
		{func(tx *Tx) error { _, err := tx.HeldMessages("A", 9); return err }, "ix_messages_person"},
		{func(tx *Tx) error { _, err := tx.SentLately("A", tx.Now); return err }, "ix_messages_person"},
		{func(tx *Tx) error { _, err := tx.LastAudit(); return err }, "ux_audit_entries_sequence"},
		{func(tx *Tx) error { _, err := tx.LastLeaf(); return err }, "ux_log_leaves_sequence"},
		{func(tx *Tx) error { _, err := tx.Leaves(7, 1); return err }, "ux_log_leaves_sequence"},
	}
	for _, test := range tests {
		asked = nil
		_, err := Read(t.Context(), s, func(tx *Tx) (bool, error) { return true, test.ask(tx) })
		if (err != nil && !errors.Is(err, issuer.NotFound)) || len(asked) != 1 {
			t.Errorf("%s: %v, asked %d times", test.index, err, len(asked))
			continue
		}
		plan := fmt.Sprint(rowsOf(t, s.handles[0], "EXPLAIN QUERY PLAN "+strings.ReplaceAll(asked[0], "?", "'x'")))
		if !strings.Contains(plan, test.index) || strings.Contains(plan, "SCAN") {
			t.Errorf("%s is not used: %s", test.index, plan)
		}
	}
}
