package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"hallmark/issuer"
)

// settled reads a value as an act of any caller does.
func settled(t *testing.T, s *Store) error {
	t.Helper()
	_, err := Read(t.Context(), s, func(tx *Tx) (string, error) { return tx.Setting("a") })
	return err
}

// TestDiskFull: an act that finds no room is told to come again, and the next
// one that needs none goes through.
func TestDiskFull(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	var before int
	must(t, s, func(tx *Tx) error {
		var pages int
		if err := tx.db.Raw("PRAGMA page_count").Row().Scan(&pages); err != nil {
			return err
		}
		return tx.db.Raw(fmt.Sprintf("PRAGMA max_page_count(%d)", pages+2)).Row().Scan(&before)
	})
	err := try(t, s, func(tx *Tx) error { return tx.Set("big", strings.Repeat("x", 1<<20)) })
	if !errors.Is(err, issuer.Unavailable) || errors.As(err, new(*issuer.Error)) {
		t.Errorf("a full disk: %v", err)
	}
	if err := settled(t, s); err != nil {
		t.Errorf("reading on a full disk: %v", err)
	}
	must(t, s, keep("a"))
}

// TestLockedTooLong: who waits in vain for another program's lock is told to
// come again.
func TestLockedTooLong(t *testing.T) {
	file := sqliteFile(t)
	s := migrated(t, file)
	must(t, s, func(tx *Tx) error {
		var n int
		return tx.db.Raw("PRAGMA busy_timeout(50)").Row().Scan(&n)
	})
	other, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if err := try(t, s, keep("a")); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("while another writes: %v", err)
	}
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	must(t, s, keep("a"))
}

// TestClosedIsUnavailable: acts and reads after Close are told to come again.
func TestClosedIsUnavailable(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := try(t, s, keep("a")); !errors.Is(err, issuer.Unavailable) {
			t.Errorf("act: %v", err)
		}
		if err := settled(t, s); !errors.Is(err, issuer.Unavailable) {
			t.Errorf("read: %v", err)
		}
	})
}

// TestAway: what passes and what does not.
func TestAway(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	broken := try(t, s, func(tx *Tx) error { return tx.db.Exec("SELECT nonsense").Error })
	for name, tt := range map[string]struct {
		err    error
		passes bool
	}{
		"dial":            {&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, true},
		"connection lost": {&pgconn.PgError{Code: "08006"}, true},
		"disk full":       {&pgconn.PgError{Code: "53100"}, true},
		"shut down":       {&pgconn.PgError{Code: "57P01"}, true},
		"lock":            {&pgconn.PgError{Code: "55P03"}, true},
		"deadlock":        {&pgconn.PgError{Code: "40P01"}, true},
		"hung up":         {fmt.Errorf("read: %w", io.ErrUnexpectedEOF), true},
		"wrong SQL":       {&pgconn.PgError{Code: "42601"}, false},
		"no code":         {&pgconn.PgError{}, false},
		"ours":            {ErrDuplicate, false},
		"refusal":         {issuer.Refuse(issuer.Conflict, "Too late."), false},
		"wrong SQL here":  {broken, false},
		"nothing":         {nil, false},
	} {
		if err := s.away(tt.err); errors.Is(err, issuer.Unavailable) != tt.passes || tt.err != nil && !errors.Is(err, tt.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
