package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"gorm.io/gorm"
	lite "modernc.org/sqlite"
)

// readers is how many connections read at the same time.
const readers = 8

// openSQLite opens the file at path, made if it is not there, readable by its
// owner alone, with a handle that writes and one that reads.
func (s *Store) openSQLite(ctx context.Context, path string) error {
	s.dialect = sqliteDialect
	abs, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	s.path = abs
	f, err := os.OpenFile(abs, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	if err := lowerCase(); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	// The log is moved into the file every 32 MB: each page of an index then
	// moves once for many acts. What is removed is written over with zeros, or
	// who was erased would stand in the file until their pages are taken again.
	if s.write, err = s.sqliteHandle(ctx, 1, "BEGIN IMMEDIATE", "PRAGMA synchronous=NORMAL", "&_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=wal_autocheckpoint(8000)&_pragma=secure_delete(1)"); err != nil {
		return err
	}
	if s.read, err = s.sqliteHandle(ctx, readers, "BEGIN", "", "&_pragma=query_only(1)"); err != nil {
		return err
	}
	run, stop := context.WithCancel(context.Background())
	s.acts, s.stopped, s.stop = make(chan *waiting), make(chan struct{}), stop
	s.wal = &walFile{path: abs + "-wal"}
	s.disk = newDurable(s.wal.sync)
	go s.writer(run)
	return nil
}

// sqliteHandle opens connections to the file: so many for transactions, which
// begin with a statement and are prepared by another, and one more for migrating
// and looking at the schema. FULL: a commit is on disk when it is answered, also
// after a power cut; for acts durable sees to that.
func (s *Store) sqliteHandle(ctx context.Context, connections int, begin, prepare, more string) (*gorm.DB, error) {
	name := (&url.URL{Scheme: "file", Path: s.path}).String() +
		"?_pragma=busy_timeout(30000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)" +
		"&_pragma=cache_size(-32000)&_pragma=temp_store(MEMORY)&_time_format=sqlite&_timezone=UTC" + more
	handle, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s.handles = append(s.handles, handle)
	handle.SetMaxOpenConns(connections + 1)
	handle.SetMaxIdleConns(1)
	if err := handle.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("open database %s: %w", s.path, err)
	}
	kept := newSteady(handle, connections, begin, prepare)
	s.kept = append(s.kept, kept)
	db, err := gorm.Open(sqlite{kept}, s.gormConfig())
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// lowerCase teaches SQLite the lower case of letters beyond ASCII, as
// PostgreSQL knows it, so that one search finds “Özgür” in both. It is done
// once, before the first connection; no index rests on it.
var lowerCase = sync.OnceValue(func() error {
	return lite.RegisterDeterministicScalarFunction("lower", 1, func(_ *lite.FunctionContext, args []driver.Value) (driver.Value, error) {
		if text, ok := args[0].(string); ok {
			return strings.ToLower(text), nil
		}
		return args[0], nil
	})
})
