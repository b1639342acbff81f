package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// connections is how many a copy of the program holds at most.
const connections = 24

// openPostgres opens a pool. pgx prepares and keeps statements itself, so gorm
// does not.
func (s *Store) openPostgres(ctx context.Context, dsn string) error {
	s.dialect = postgresDialect
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("open database: %w", err) // pgx hides the password
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "hallmark"
	}
	config.RuntimeParams["timezone"] = "UTC"
	handle := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(_ context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID,
			Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}})
		return nil
	}))
	s.handles = append(s.handles, handle)
	handle.SetMaxOpenConns(connections)
	handle.SetMaxIdleConns(connections)
	handle.SetConnMaxIdleTime(5 * time.Minute)
	if err := handle.PingContext(ctx); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: handle}), s.gormConfig())
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	s.read, s.write = db, db
	return nil
}

// attempts is how often an act is run when PostgreSQL ends its transaction to
// break a deadlock.
const attempts = 4

// transact runs an act in a transaction of its own.
func (s *Store) transact(ctx context.Context, run func(tx *Tx) error) error {
	if s.twice {
		_ = s.attempt(ctx, run, false) // the run that counts answers
	}
	for n := 1; ; n++ {
		err := s.attempt(ctx, run, true)
		if err == nil || n == attempts || !again(err) {
			return err
		}
	}
}

// errUndone ends a transaction of which nothing is to be kept though nothing was
// wrong with it.
var errUndone = errors.New("undone, to be done again")

func (s *Store) attempt(ctx context.Context, run func(tx *Tx) error, keep bool) error {
	db := s.write.WithContext(ctx).Begin()
	if db.Error != nil {
		return fmt.Errorf("begin: %w", db.Error)
	}
	tx := s.newAct(ctx, db, &late{})
	err := run(tx)
	if err == nil {
		err = tx.writeLate()
	}
	if err == nil && !keep {
		err = errUndone
	}
	if err != nil {
		if undo := rollback(db); undo != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "roll back", "error", undo)
		}
		return err
	}
	if err := db.Commit().Error; err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	s.alike.committed(tx.late)
	return nil
}

// again tells whether the server undid a transaction that may well succeed
// now: a deadlock or a failed serialization.
func again(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40P01" || pg.Code == "40001")
}
