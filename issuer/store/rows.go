package store

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// Rows are written and read here by statements made once per type from gorm's
// reading of the struct; gorm itself makes each statement anew, which takes
// longer than SQLite takes to run it.

// layout is how the rows of a type stand in the database.
type layout struct {
	name    string // quoted, as are the columns
	columns string
	full    string // the columns with the name of the table
	fields  []*schema.Field
	row     string // the places of one row in VALUES
	insert  string // the statement that writes one row
}

var layouts sync.Map // reflect.Type → *layout

// layoutOf finds the layout of a row type.
func layoutOf(db *gorm.DB, row reflect.Type) (*layout, error) {
	if t, ok := layouts.Load(row); ok {
		return t.(*layout), nil
	}
	statement := gorm.Statement{DB: db}
	if err := statement.Parse(reflect.New(row).Interface()); err != nil {
		return nil, fmt.Errorf("understand %v: %w", row, err)
	}
	t := &layout{name: strconv.Quote(statement.Schema.Table)}
	var columns []string
	for _, name := range statement.Schema.DBNames {
		columns = append(columns, strconv.Quote(name))
		t.fields = append(t.fields, statement.Schema.FieldsByDBName[name])
	}
	t.columns = strings.Join(columns, ", ")
	t.full = t.name + "." + strings.Join(columns, ", "+t.name+".")
	t.row = "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	t.insert = "INSERT INTO " + t.name + " (" + t.columns + ") VALUES " + t.row
	layouts.Store(row, t)
	return t, nil
}

// values gives the columns of a row.
func (t *layout) values(ctx context.Context, row reflect.Value, into []any) []any {
	for _, f := range t.fields {
		v, _ := f.ValueOf(ctx, row)
		into = append(into, v)
	}
	return into
}

// places gives pointers to the fields of a row, in the order of the columns.
func (t *layout) places(row reflect.Value, into []any) {
	for i, f := range t.fields {
		into[i] = row.FieldByIndex(f.StructField.Index).Addr().Interface()
	}
}

// maxRows is how many rows one INSERT carries: PostgreSQL counts parameters
// in 16 bits, SQLite up to 32,766, and no row has more than 60.
const maxRows = 500

// insert writes rows, pointers to structs of one type, and tells how many were
// written; tail ends the statement.
func (tx *Tx) insert(rows []any, tail string) (added int64, err error) {
	for some := range slices.Chunk(rows, maxRows) {
		text, args, err := tx.inserting(nil, some)
		if err != nil {
			return added, err
		}
		wrote, err := tx.exec(text+tail, args...)
		if err != nil {
			return added, err
		}
		added += wrote
	}
	return added, nil
}

// inserting makes the statement that writes rows of one type, and adds to its
// values.
func (tx *Tx) inserting(args []any, rows []any) (text string, values []any, err error) {
	t, err := layoutOf(tx.db, reflect.TypeOf(rows[0]).Elem())
	if err != nil {
		return "", nil, err
	}
	args = slices.Grow(args, len(rows)*len(t.fields))
	for _, r := range rows {
		args = t.values(tx.db.Statement.Context, reflect.ValueOf(r).Elem(), args)
	}
	text = t.insert
	if len(rows) > 1 {
		text += strings.Repeat(", "+t.row, len(rows)-1)
	}
	return text, args, nil
}

// insertAll writes rows of several types, each list of one type: on PostgreSQL
// with one statement, at whose end it looks at the references among them.
func (tx *Tx) insertAll(lists [][]any) error {
	var texts []string
	var args []any
	for _, rows := range lists {
		text, all, err := tx.inserting(args, rows)
		if err != nil {
			return err
		}
		if tx.dialect == postgresDialect {
			texts, args = append(texts, text), all
		} else if _, err := tx.exec(text, all...); err != nil {
			return err
		}
	}
	if len(texts) == 0 {
		return nil
	}
	var with strings.Builder
	last := len(texts) - 1
	for i, text := range texts[:last] {
		with.WriteString(map[bool]string{true: "WITH ", false: ", "}[i == 0] + "l" + strconv.Itoa(i) + " AS (" + text + ")")
	}
	_, err := tx.exec(with.String()+" "+texts[last], args...)
	return err
}

// read lists the rows of T that a condition names; the text of the condition
// and what follows it is never made of input.
func read[T any](tx *Tx, tail string, args ...any) ([]T, error) {
	t, err := layoutOf(tx.db, reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	var rows []T
	into := make([]any, len(t.fields))
	err = tx.query("SELECT "+t.columns+" FROM "+t.name+" "+tail, args, func(found *sql.Rows) error {
		rows = append(rows, *new(T))
		t.places(reflect.ValueOf(&rows[len(rows)-1]).Elem(), into)
		return found.Scan(into...)
	})
	return rows, err
}

// exec runs a statement that gives no rows and tells how many it touched.
func (tx *Tx) exec(text string, args ...any) (n int64, err error) {
	text, args = tx.bind(text, args)
	defer tx.trace(text, time.Now(), &n, &err)
	result, err := tx.db.Statement.ConnPool.ExecContext(tx.db.Statement.Context, text, args...)
	if err != nil {
		return 0, tx.translate(err)
	}
	return result.RowsAffected()
}

// query runs a statement and hands each row to scan, until that says errEnough.
func (tx *Tx) query(text string, args []any, scan func(*sql.Rows) error) (err error) {
	var n int64
	text, args = tx.bind(text, args)
	defer tx.trace(text, time.Now(), &n, &err)
	rows, err := tx.db.Statement.ConnPool.QueryContext(tx.db.Statement.Context, text, args...)
	if err != nil {
		return tx.translate(err)
	}
	defer func() { err = errors.Join(err, tx.translate(rows.Close())) }()
	for rows.Next() {
		n++
		if err := scan(rows); errors.Is(err, errEnough) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return tx.translate(rows.Err())
}

// bind writes a list that is bound as so many parameters, and parameters as
// the database counts them. No text has a question mark of its own.
func (tx *Tx) bind(text string, args []any) (string, []any) {
	if tx.dialect == sqliteDialect && !anyList(args) {
		return text, args
	}
	var b strings.Builder
	var flat []any
	place := func(arg any) {
		flat = append(flat, arg)
		if tx.dialect == postgresDialect {
			b.WriteString("$" + strconv.Itoa(len(flat)))
		} else {
			b.WriteByte('?')
		}
	}
	parts := strings.Split(text, "?")
	for i, part := range parts {
		b.WriteString(part)
		if i == len(parts)-1 {
			break
		}
		if !isList(args[i]) {
			place(args[i])
			continue
		}
		b.WriteByte('(')
		for n, list := 0, reflect.ValueOf(args[i]); n < list.Len(); n++ {
			if n > 0 {
				b.WriteByte(',')
			}
			place(list.Index(n).Interface())
		}
		b.WriteByte(')')
	}
	return b.String(), flat
}

func anyList(args []any) bool {
	for _, a := range args {
		if isList(a) {
			return true
		}
	}
	return false
}

// isList tells a list of values from one value that is a slice in Go.
func isList(arg any) bool {
	switch arg.(type) {
	case nil, string, time.Time, []byte, sqldriver.Valuer:
		return false
	}
	t := reflect.TypeOf(arg)
	return t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8
}

// translate names the errors that gorm has names for.
func (tx *Tx) translate(err error) error {
	if t, ok := tx.db.Dialector.(gorm.ErrorTranslator); ok && err != nil {
		return t.Translate(err)
	}
	return err
}

func (tx *Tx) trace(text string, began time.Time, n *int64, err *error) {
	tx.db.Logger.Trace(tx.db.Statement.Context, began, func() (string, int64) { return text, *n }, *err)
}
