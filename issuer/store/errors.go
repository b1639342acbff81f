package store

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
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

// panicked turns what an act panicked with into an error and keeps the stack
// for us in the log.
func (s *Store) panicked(p any) error {
	s.log.Error("an act panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	return fmt.Errorf("act panicked: %v", p)
}
