package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync/atomic"

	"gorm.io/gorm"
)

// steady hands out connections to the SQLite file that keep the statements
// they have prepared from one transaction to the next. database/sql closes
// what was prepared within a transaction when it ends, and preparing takes
// SQLite longer than most of our statements take to run.
//
// It takes transactions alone; single statements go to the handle.
type steady struct {
	*sql.DB
	begin   string // the statement that begins a transaction
	prepare string // the statement that a new connection runs first; "" is none
	free    chan *connection
	closed  atomic.Bool
}

// newSteady makes places for n connections, opened when they are needed.
func newSteady(handle *sql.DB, n int, begin, prepare string) *steady {
	s := &steady{DB: handle, begin: begin, prepare: prepare, free: make(chan *connection, n)}
	for range n {
		s.free <- nil
	}
	return s
}

// BeginTx begins a transaction on a connection that is free, and waits for
// one until the context ends.
func (s *steady) BeginTx(ctx context.Context, _ *sql.TxOptions) (gorm.ConnPool, error) {
	var c *connection
	select {
	case c = <-s.free:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c == nil {
		conn, err := s.Conn(ctx)
		if err != nil {
			s.free <- nil
			return nil, err
		}
		c = &connection{Conn: conn, kept: map[string]*sql.Stmt{}}
		if s.prepare != "" {
			if _, err := c.ExecContext(ctx, s.prepare); err != nil {
				s.drop(c)
				return nil, err
			}
		}
	}
	if _, err := c.ExecContext(ctx, s.begin); err != nil {
		s.drop(c)
		return nil, err
	}
	return &transaction{connection: c, home: s}, nil
}

// back takes a connection that is in no transaction.
func (s *steady) back(c *connection) {
	s.free <- c
	if s.closed.Load() {
		s.end()
	}
}

// drop ends a connection whose state is not known.
func (s *steady) drop(c *connection) {
	c.forget()
	_ = c.Raw(func(any) error { return driver.ErrBadConn }) // closes it
	_ = c.Close()                                           // and gives its place back
	s.back(nil)
}

// end closes the connections that are free, and those that come back later.
func (s *steady) end() {
	s.closed.Store(true)
	for range cap(s.free) {
		select {
		case c := <-s.free:
			if c != nil {
				c.forget()
				_ = c.Close()
			}
			s.free <- nil
		default:
			return
		}
	}
}

// maxKept is how many statements a connection keeps: lists in conditions make
// texts of many lengths.
const maxKept = 500

// connection is used by one goroutine at a time.
type connection struct {
	*sql.Conn
	kept map[string]*sql.Stmt
}

func (c *connection) forget() {
	for text, s := range c.kept {
		_ = s.Close()
		delete(c.kept, text)
	}
}

func (c *connection) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := c.kept[text]; ok {
		return s, nil
	}
	if len(c.kept) == maxKept {
		for old, s := range c.kept { // any of them: the busy ones are soon back
			_ = s.Close()
			delete(c.kept, old)
			break
		}
	}
	s, err := c.PrepareContext(ctx, text)
	if err == nil {
		c.kept[text] = s
	}
	return s, err
}

// ExecContext runs a statement that gives no rows.
func (c *connection) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	s, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext runs a statement that gives rows; they are read to their end
// before the same statement is run again.
func (c *connection) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	s, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext runs a statement that gives one row.
func (c *connection) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	s, err := c.statement(ctx, text)
	if err != nil {
		return c.Conn.QueryRowContext(ctx, text, args...) // fails likewise, with the error in its row
	}
	return s.QueryRowContext(ctx, args...)
}

// transaction is what gorm works on until Commit or Rollback gives the
// connection back. It goes on when the context it began with ends: an
// interrupted statement is an error of its own.
type transaction struct {
	*connection
	home *steady
	over bool
}

// Commit ends the transaction. One that fails may have left it open: nothing
// of it stays.
func (t *transaction) Commit() error {
	if t.over {
		return sql.ErrTxDone
	}
	if _, err := t.ExecContext(context.Background(), "COMMIT"); err != nil {
		return errors.Join(err, t.Rollback())
	}
	t.over = true
	t.home.back(t.connection)
	return nil
}

// Rollback undoes the transaction, also where SQLite undid it by itself (disk
// full, I/O error). It does nothing after Commit.
func (t *transaction) Rollback() error {
	if t.over {
		return nil
	}
	t.over = true
	if _, err := t.ExecContext(context.Background(), "ROLLBACK"); err != nil {
		t.home.drop(t.connection) // a closed connection leaves nothing open
		return nil
	}
	t.home.back(t.connection)
	return nil
}
