package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	sqlite3 "modernc.org/sqlite"

	"hallmark/issuer"
)

// What a database can answer apart from faults.
var (
	// ErrDuplicate says that a row of that key exists. On PostgreSQL the
	// transaction is over then: use the Add…Once functions to go on.
	ErrDuplicate = errors.New("duplicate record")
	// ErrMissing says that a row refers to one that is not there.
	ErrMissing = errors.New("missing record referred to")
	// ErrFinal says that the schema forbids a change of something final: a
	// revoked award, a set status bit, signed bytes, an audit entry.
	ErrFinal = errors.New("final record")
	// ErrClosed says that the store was closed before the act ran.
	ErrClosed = errors.New("store is closed")
)

// finalCode is the SQLSTATE that the triggers of the PostgreSQL schema raise.
const finalCode = "HM001"

// fault wraps a database error with what failed and, where it is one of ours,
// the error to look for. It never holds a bound value.
func fault(err error, what string, args ...any) error {
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, gorm.ErrDuplicatedKey):
		err = errors.Join(ErrDuplicate, err)
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		err = errors.Join(ErrMissing, err)
	case errors.As(err, &pg) && pg.Code == finalCode:
		err = errors.Join(ErrFinal, err)
	}
	return fmt.Errorf("%s: %w", fmt.Sprintf(what, args...), err)
}

// PostgreSQL's classes of errors that pass: connection exceptions, want of
// resources (disk full, memory, connections), an operator who ends things and
// a transaction undone for others, again and again
// (https://www.postgresql.org/docs/current/errcodes-appendix.html), and a lock
// that was not to be had.
const (
	classConnection = "08"
	classUndone     = "40"
	classResources  = "53"
	classOperator   = "57"
	lockNotHad      = "55P03"
)

// away marks a fault that is likely to pass, so that the caller is told to
// come again. It is not a refusal: it is logged like every fault.
func (s *Store) away(err error) error {
	var network net.Error
	var pg *pgconn.PgError
	var lite *sqlite3.Error
	passes := false
	switch {
	case err == nil, errors.Is(err, issuer.Unavailable):
		return err
	case s.closed.Load(), errors.Is(err, ErrClosed), errors.Is(err, errDisk), errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // the server hung up
		passes = true
	case errors.As(err, &pg):
		class := pg.Code[:min(2, len(pg.Code))]
		passes = class == classConnection || class == classUndone || class == classResources || class == classOperator || pg.Code == lockNotHad
	case errors.As(err, &lite):
		passes = outOfReach(lite.Code())
	case errors.As(err, &network):
		passes = true
	}
	if !passes {
		return err
	}
	return fmt.Errorf("%w: %w", issuer.Unavailable, err)
}

// panicked turns what an act panicked with into an error and keeps the stack
// for us in the log.
func (s *Store) panicked(p any) error {
	s.log.Error("an act panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	return fmt.Errorf("act panicked: %v", p)
}
