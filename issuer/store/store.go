package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// Config says where the records are.
type Config struct {
	DSN    string           // path of a SQLite file, or postgres://…
	Logger *slog.Logger     // nil: slog.Default()
	Now    func() time.Time // nil: time.Now

	// Twice has every act run, undone as a deadlock undoes it, and run again. Tests
	// that set it see whether acts leave anything behind outside of their transaction.
	Twice bool
}

// Store is an open database. Its methods may be called at the same time.
type Store struct {
	alike   examples // of signed copies
	read    *gorm.DB
	write   *gorm.DB // the same handle as read on PostgreSQL
	handles []*sql.DB
	kept    []*steady // over the handles on SQLite
	dialect dialect
	path    string // of the SQLite file, "" on PostgreSQL
	log     *slog.Logger
	now     func() time.Time
	twice   bool
	acts    chan *waiting // to the writer; nil on PostgreSQL
	disk    *durable      // nil on PostgreSQL, whose COMMIT waits for its disk
	wal     *walFile
	stop    context.CancelFunc
	stopped chan struct{}
	closed  atomic.Bool

	unscrubbed atomic.Bool // Scrub is to be done again
}

// dialect is the name gorm and goose's folder know a database by.
type dialect string

const (
	sqliteDialect   dialect = "sqlite"
	postgresDialect dialect = "postgres"
)

// Open opens the database and makes sure that it answers. It does not migrate.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{log: c.Logger, now: c.Now, twice: c.Twice}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.now == nil {
		s.now = time.Now
	}
	open := s.openSQLite
	if strings.HasPrefix(c.DSN, "postgres://") || strings.HasPrefix(c.DSN, "postgresql://") {
		open = s.openPostgres
	}
	if err := open(ctx, c.DSN); err != nil {
		return nil, errors.Join(err, s.closeHandles())
	}
	return s, nil
}

// Close ends the writer after the acts it has begun and closes the database.
// Acts that wait are refused with ErrClosed.
func (s *Store) Close() error {
	s.closed.Store(true)
	if s.stop != nil {
		s.stop()
		<-s.stopped
		s.disk.close()
		return errors.Join(s.wal.close(), s.closeHandles())
	}
	return s.closeHandles()
}

func (s *Store) closeHandles() error {
	var errs []error
	for _, k := range s.kept {
		k.end()
	}
	for _, h := range s.handles {
		errs = append(errs, h.Close())
	}
	return errors.Join(errs...)
}

// gormConfig is how gorm is used here, on both databases.
func (s *Store) gormConfig() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true, // transactions are explicit
		TranslateError:         true,
		DisableAutomaticPing:   true,
		NamingStrategy:         naming{},
		Logger:                 scribe{s.log},
		NowFunc:                func() time.Time { return s.moment() },
	}
}

// moment is the time as records know it: UTC in whole seconds.
func (s *Store) moment() time.Time { return s.now().UTC().Truncate(time.Second) }

// Read runs f on one consistent view of the records and gives back its value.
// Like Write it answers issuer.Unavailable where the database is out of reach.
// f must not write: the database refuses it.
func Read[T any](ctx context.Context, s *Store, f func(tx *Tx) (T, error)) (T, error) {
	var none T
	opts := &sql.TxOptions{}
	if s.dialect == postgresDialect {
		opts = &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	db := s.read.WithContext(ctx).Begin(opts)
	if db.Error != nil {
		return none, s.away(fmt.Errorf("begin to read: %w", db.Error))
	}
	defer db.Rollback() // a view has nothing to keep
	value, err := guard(s, &Tx{Now: s.moment(), db: db, dialect: s.dialect}, f)
	if err == nil && s.disk != nil {
		err = s.disk.wait()
	}
	return value, s.away(err)
}

// Write runs f as one act: everything it wrote is kept if it returns no error,
// nothing if it returns one or panics. The answer comes after the commit.
//
// f may be run more than once (PostgreSQL: after a deadlock; SQLite: when an act of
// the same commit failed after it wrote) and must leave
// nothing behind outside the transaction but its result. It must not call
// Write: on SQLite the inner act would wait for the outer one for ever.
func Write[T any](ctx context.Context, s *Store, f func(tx *Tx) (T, error)) (T, error) {
	var value T
	run := func(tx *Tx) error {
		v, err := guard(s, tx, f)
		value = v
		return err
	}
	err := s.act(ctx, run)
	if err != nil {
		var none T
		return none, s.away(err)
	}
	return value, nil
}

func (s *Store) act(ctx context.Context, run func(tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.dialect == sqliteDialect {
		return s.enqueue(ctx, run)
	}
	return s.transact(ctx, run)
}

// guard runs f and makes a panic in it an error of this act alone, so that a
// bug in one act does not take the writer, and every other act, with it.
func guard[T any](s *Store, tx *Tx, f func(tx *Tx) (T, error)) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = s.panicked(p)
		}
	}()
	return f(tx)
}
