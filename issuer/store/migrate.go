package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"hallmark/issuer"
	"hallmark/migrations"
)

// Migrate brings the schema to the number this program knows. SQLite is first
// copied beside itself, to <file>.before-N for schema N; on PostgreSQL an
// advisory lock keeps other copies of the program waiting meanwhile. A schema
// that is newer is left alone, and refused if it says that this program is too
// old for it.
func (s *Store) Migrate(ctx context.Context) error {
	have, want, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	if have >= want {
		return s.fits(ctx, have, want)
	}
	if s.dialect == sqliteDialect && have > 0 {
		if err := s.copyBeside(ctx, want); err != nil {
			return err
		}
	}
	p, err := s.provider()
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		if have, _, again := s.Schema(ctx); again == nil && have >= want {
			return nil // another process did it at the same moment
		}
		return fmt.Errorf("migrate the database: %w", err)
	}
	s.log.InfoContext(ctx, "database migrated", "from", have, "to", want)
	if s.dialect == sqliteDialect && have > 0 && have < erasable {
		return s.rewrite(ctx)
	}
	return nil
}

// erasable is the schema from which on what is removed from a SQLite file is
// written over.
const erasable = 10

// rewrite makes the SQLite file anew, without what was removed before that was
// written over.
func (s *Store) rewrite(ctx context.Context) error {
	if _, err := s.handles[0].ExecContext(ctx, "VACUUM"); err != nil {
		return fmt.Errorf("rewrite the database: %w", err)
	}
	return s.Scrub(ctx)
}

// Schema gives the number of the last migration the database has had, 0 for
// an empty one, and of the last one this program knows.
func (s *Store) Schema(ctx context.Context) (have, want int, err error) {
	p, err := s.provider()
	if err != nil {
		return 0, 0, err
	}
	for _, source := range p.ListSources() {
		want = max(want, int(source.Version))
	}
	var tables int
	query := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'"
	if s.dialect == postgresDialect {
		query = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('goose_db_version')"
	}
	if err := s.reading().QueryRowContext(ctx, query).Scan(&tables); err != nil {
		return 0, want, fmt.Errorf("read schema number: %w", err)
	}
	if tables == 0 {
		return 0, want, nil
	}
	err = s.reading().QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version").Scan(&have)
	if err != nil {
		return 0, want, fmt.Errorf("read schema number: %w", err)
	}
	return have, want, nil
}

// Ready tells whether the database answers and has a schema that this program
// can work on; if not, the refusal says what to do.
func (s *Store) Ready(ctx context.Context) error {
	have, want, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	if have < want {
		return issuer.Refuse(issuer.Unavailable,
			"The database has schema %d and this program needs %d: run “hallmark migrate up”.", have, want)
	}
	return s.fits(ctx, have, want)
}

// fits refuses a schema that a later program made and that this one must not
// write to.
func (s *Store) fits(ctx context.Context, have, want int) error {
	if have <= want {
		return nil
	}
	var text string
	err := s.reading().QueryRowContext(ctx, "SELECT value FROM settings WHERE name = 'min_program'").Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read min_program: %w", err)
	}
	least, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("read min_program: %w", err)
	}
	if least > want {
		return issuer.Refuse(issuer.Unavailable,
			"The database has schema %d, which is too new for this program (%d): use the newer program.", have, want)
	}
	return nil
}

// reading is the handle that reads.
func (s *Store) reading() *sql.DB { return s.handles[len(s.handles)-1] }

func (s *Store) provider() (*goose.Provider, error) {
	all, err := steps(string(s.dialect))
	if err != nil {
		return nil, fmt.Errorf("open migrations: %w", err)
	}
	options := []goose.ProviderOption{goose.WithSlog(s.log), goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(all...)}
	kind := goose.DialectSQLite3
	if s.dialect == postgresDialect {
		kind = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, fmt.Errorf("open migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(kind, s.handles[0], nil, options...)
	if err != nil {
		return nil, fmt.Errorf("open migrations: %w", err)
	}
	return p, nil
}

// steps are the migrations of a folder. Each goes to the database as it stands,
// in one transaction: both databases take many statements at once, and know better
// than anyone where one ends. (goose, which would find that out line by line, does
// it with 4 MB of memory for each line, in a pool that the race detector empties.)
func steps(folder string) ([]*goose.Migration, error) {
	names, err := fs.Glob(migrations.Files, folder+"/*.sql")
	if err != nil {
		return nil, err
	}
	var all []*goose.Migration
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, err
		}
		text, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			return nil, err
		}
		all = append(all, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, string(text))
			return err
		}}, nil))
	}
	return all, nil
}

// copyBeside keeps a whole copy of the SQLite file as it is before schema n.
// It is made under another name first: a copy with the right name is complete.
func (s *Store) copyBeside(ctx context.Context, n int) error {
	target := fmt.Sprintf("%s.before-%d", s.path, n)
	part := target + ".part"
	if err := os.WriteFile(part, nil, 0o600); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	if _, err := s.handles[0].ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return errors.Join(fmt.Errorf("copy the database: %w", err), os.Remove(part))
	}
	if err := os.Rename(part, target); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	s.log.InfoContext(ctx, "database copied before its migration", "file", target)
	return nil
}
