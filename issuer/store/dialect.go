package store

import (
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"
	driver "modernc.org/sqlite"
)

// sqlite teaches gorm the SQL of SQLite over the driver in Go. gorm's own
// dialect brings a second driver written in C.
type sqlite struct{ pool gorm.ConnPool }

func (sqlite) Name() string { return string(sqliteDialect) }

func (d sqlite) Initialize(db *gorm.DB) error {
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses: []string{"INSERT", "VALUES", "ON CONFLICT"},
		UpdateClauses: []string{"UPDATE", "SET", "FROM", "WHERE"},
		DeleteClauses: []string{"DELETE", "FROM", "WHERE"},
	})
	db.ConnPool = d.pool
	return nil
}

// Migrator serves the check of the schema against the rows; nothing migrates
// by it.
func (d sqlite) Migrator(db *gorm.DB) gorm.Migrator {
	return sqliteMigrator{migrator.Migrator{Config: migrator.Config{DB: db, Dialector: d, CreateIndexAfterCreateTable: true}}}
}

func (sqlite) DataTypeOf(f *schema.Field) string {
	switch f.DataType {
	case schema.Bool:
		return "numeric"
	case schema.Int, schema.Uint:
		return "integer"
	case schema.Time:
		return "datetime"
	case schema.Bytes:
		return "blob"
	case schema.String:
		return "text"
	}
	return string(f.DataType)
}

func (sqlite) DefaultValueOf(*schema.Field) clause.Expression { return clause.Expr{SQL: "NULL"} }

func (sqlite) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) { _ = w.WriteByte('?') }

// QuoteTo quotes each part of a dotted name.
func (sqlite) QuoteTo(w clause.Writer, name string) {
	for i, part := range strings.Split(name, ".") {
		if i > 0 {
			_ = w.WriteByte('.')
		}
		_, _ = w.WriteString(`"` + strings.ReplaceAll(strings.Trim(part, `"`), `"`, `""`) + `"`)
	}
}

func (sqlite) Explain(statement string, vars ...any) string {
	return logger.ExplainSQL(statement, nil, `"`, vars...)
}

// Extended result codes, https://sqlite.org/rescode.html.
const (
	constraintCheck      = 275
	constraintForeignKey = 787
	constraintPrimaryKey = 1555
	constraintTrigger    = 1811
	constraintUnique     = 2067
)

// Primary result codes: the low byte of an extended one.
const (
	primaryBusy     = 5
	primaryLocked   = 6
	primaryIOError  = 10
	primaryFull     = 13
	primaryCantOpen = 14
)

// outOfReach tells whether a code says that the file could not be had or
// written: locked for too long, an I/O error, a full disk.
func outOfReach(code int) bool {
	switch code & 0xff {
	case primaryBusy, primaryLocked, primaryIOError, primaryFull, primaryCantOpen:
		return true
	}
	return false
}

// Translate names the errors that gorm has names for.
func (sqlite) Translate(err error) error {
	var e *driver.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case constraintUnique, constraintPrimaryKey:
		return fmt.Errorf("%w: %w", gorm.ErrDuplicatedKey, err)
	case constraintForeignKey:
		return fmt.Errorf("%w: %w", gorm.ErrForeignKeyViolated, err)
	case constraintCheck:
		return fmt.Errorf("%w: %w", gorm.ErrCheckConstraintViolated, err)
	case constraintTrigger:
		return fmt.Errorf("%w: %w", ErrFinal, err)
	}
	return err
}

// sqliteMigrator answers the questions of the check that differ in SQLite.
type sqliteMigrator struct{ migrator.Migrator }

func (m sqliteMigrator) HasTable(value any) bool {
	var n int64
	err := m.RunWithValue(value, func(stmt *gorm.Statement) error {
		return m.DB.Raw("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", stmt.Table).Row().Scan(&n)
	})
	return err == nil && n > 0
}
