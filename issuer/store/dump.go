package store

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/migrations"
)

// A dump is every row of every table as of one moment, in a form that neither
// database owns: for each table a text of lines, the first naming the columns
// and their kinds, every other one a row as a JSON array. Times are RFC 3339 in
// UTC, bytes base64. What was dumped from one database loads into the other.

// columnKinds are those of columns, by what the databases call them.
var columnKinds = map[string]string{
	"TEXT": "text", "INTEGER": "integer", "INT8": "integer", "NUMERIC": "boolean", "BOOLEAN": "boolean", "BOOL": "boolean",
	"BLOB": "bytes", "BYTEA": "bytes", "DATETIME": "time", "TIMESTAMPTZ": "time",
}

// header is the first line of a table.
type header struct {
	Columns []string `json:"columns"`
	Kinds   []string `json:"kinds"`
}

// Dump writes all tables, each to the writer that open gives for it, and gives
// the number of their schema. It reads one view of the records and keeps nobody
// waiting.
func (s *Store) Dump(ctx context.Context, open func(table string) (io.Writer, error)) (schema int, err error) {
	return Read(ctx, s, func(tx *Tx) (int, error) {
		names, err := tx.tables()
		if err != nil {
			return 0, err
		}
		for _, name := range names {
			w, err := open(name)
			if err != nil {
				return 0, err
			}
			if err := tx.dump(name, w); err != nil {
				return 0, fmt.Errorf("dump %s: %w", name, err)
			}
		}
		return schema, tx.query("SELECT coalesce(max(version_id), 0) FROM goose_db_version", nil, func(rows *sql.Rows) error {
			return rows.Scan(&schema)
		})
	})
}

// tables lists the tables of the database so that each comes after those it
// refers to: the order in which migrations make them. One that no migration
// made is refused, or it would be left out.
func (tx *Tx) tables() ([]string, error) {
	order, err := madeTables(tx.dialect)
	if err != nil {
		return nil, err
	}
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
	if tx.dialect == postgresDialect {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	here := map[string]bool{}
	err = tx.query(query, nil, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		if name != "goose_db_version" {
			here[name] = true
		}
		return err
	})
	if err != nil {
		return nil, fault(err, "list tables")
	}
	order = slices.DeleteFunc(order, func(name string) bool { return !here[name] })
	if len(order) != len(here) {
		return nil, issuer.Refuse(issuer.Conflict, "The database has tables that this program does not know; use the program that made them.")
	}
	return order, nil
}

var makesTable = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

// madeTables lists the tables that the migrations of a database make.
func madeTables(d dialect) ([]string, error) {
	files, err := fs.Glob(migrations.Files, string(d)+"/*.sql") // in the order of their numbers
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	var names []string
	for _, file := range files {
		text, err := migrations.Files.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		for _, m := range makesTable.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(names, m[1]) {
				names = append(names, m[1])
			}
		}
	}
	return names, nil
}

func (tx *Tx) dump(name string, to io.Writer) error {
	w := bufio.NewWriterSize(to, 1<<16)
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	var head *header
	var into []any
	err := tx.query("SELECT * FROM "+strconv.Quote(name), nil, func(rows *sql.Rows) error {
		if head == nil {
			var err error
			if head, err = headerOf(rows); err != nil {
				return err
			}
			if err := lines.Encode(head); err != nil {
				return err
			}
			into = make([]any, len(head.Columns))
		}
		for i, kind := range head.Kinds {
			if into[i] = place(kind); kind == "bytes" {
				into[i] = &blob{}
			}
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		return lines.Encode(into)
	})
	return errors.Join(err, w.Flush())
}

// blob is bytes or NULL; drivers give empty ones as a nil slice.
type blob struct {
	bytes []byte
	there bool
}

// Scan takes a value from a row.
func (b *blob) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*b = blob{}
	case []byte:
		*b = blob{bytes.Clone(v), true}
	default:
		return fmt.Errorf("bytes are a %T", v)
	}
	return nil
}

// MarshalJSON writes base64 or null.
func (b *blob) MarshalJSON() ([]byte, error) {
	if !b.there {
		return []byte("null"), nil
	}
	return json.Marshal(append([]byte{}, b.bytes...))
}

// headerOf names the columns of what a query found.
func headerOf(rows *sql.Rows) (*header, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	h := &header{}
	for _, t := range types {
		kind, ok := columnKinds[strings.ToUpper(t.DatabaseTypeName())]
		if !ok {
			return nil, fmt.Errorf("column %s is of an unknown kind %s", t.Name(), t.DatabaseTypeName())
		}
		h.Columns, h.Kinds = append(h.Columns, t.Name()), append(h.Kinds, kind)
	}
	return h, nil
}

// place is where a value of a kind, or NULL, is read into, from a row or from
// JSON; nil for a kind that there is not.
func place(kind string) any {
	switch kind {
	case "text":
		return new(*string)
	case "integer":
		return new(*int64)
	case "boolean":
		return new(*bool)
	case "time":
		return new(*time.Time)
	case "bytes":
		return new([]byte)
	}
	return nil
}

// Empty tells whether the database has no records: no schema, or nothing in it
// but what migrations put there.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	have, _, err := s.Schema(ctx)
	if err != nil || have == 0 {
		return err == nil, err
	}
	return Read(ctx, s, (*Tx).empty)
}

func (tx *Tx) empty() (bool, error) {
	names, err := tx.tables()
	if err != nil {
		return false, err
	}
	none := true
	for _, name := range names {
		if name == "settings" {
			continue
		}
		err := tx.query("SELECT 1 FROM "+strconv.Quote(name)+" LIMIT 1", nil, func(*sql.Rows) error {
			none = false
			return nil
		})
		if err != nil {
			return false, fault(err, "look into %s", name)
		}
	}
	return none, nil
}

// Load fills an empty database with a dump whose rows have the given schema,
// and brings it to the schema of this program. open gives the text of a table,
// nil for one that the dump has not. All rows, and what last does with them,
// are one transaction.
func (s *Store) Load(ctx context.Context, schema int, open func(table string) (io.ReadCloser, error), last func(tx *Tx) error) error {
	have, want, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	if schema > want {
		return issuer.Refuse(issuer.Unavailable, "The backup has schema %d and this program knows %d: use the newer program.", schema, want)
	}
	if have > schema {
		return issuer.Refuse(issuer.Conflict, "The database has schema %d and the backup %d; take a new, empty database.", have, schema)
	}
	p, err := s.provider()
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, int64(schema)); err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	_, err = Write(ctx, s, func(tx *Tx) (struct{}, error) { return struct{}{}, tx.load(open, last) })
	if err != nil {
		return err
	}
	return s.Migrate(ctx)
}

func (tx *Tx) load(open func(table string) (io.ReadCloser, error), last func(tx *Tx) error) error {
	none, err := tx.empty()
	if err != nil {
		return err
	}
	if !none {
		return issuer.Refuse(issuer.Conflict, "The database holds records already; a backup goes into an empty one.")
	}
	if _, err := tx.exec("DELETE FROM settings"); err != nil { // those of the migrations; the dump has its own
		return fault(err, "empty settings")
	}
	names, err := tx.tables()
	if err != nil {
		return err
	}
	for _, name := range names {
		r, err := open(name)
		if err != nil {
			return err
		}
		if r == nil {
			return issuer.Refuse(issuer.Invalid, "The backup lacks the table %s.", name)
		}
		err = errors.Join(tx.loadTable(name, r), r.Close())
		if err != nil {
			return fmt.Errorf("load %s: %w", name, err)
		}
	}
	return last(tx)
}

// loadTable inserts the rows of one table.
func (tx *Tx) loadTable(name string, from io.Reader) error {
	lines := json.NewDecoder(bufio.NewReaderSize(from, 1<<16))
	var head header
	if err := lines.Decode(&head); err == io.EOF {
		return nil // a table without rows
	} else if err != nil {
		return err
	}
	columns := make([]string, len(head.Columns))
	for i, c := range head.Columns {
		columns[i] = strconv.Quote(c)
	}
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	text := "INSERT INTO " + strconv.Quote(name) + " (" + strings.Join(columns, ", ") + ") VALUES "
	for {
		var args []any
		n := 0
		for ; n < maxRows && lines.More(); n++ {
			values, err := head.row(lines)
			if err != nil {
				return err
			}
			args = append(args, values...)
		}
		if n == 0 {
			var more any
			if err := lines.Decode(&more); err != io.EOF {
				return errors.New("it does not end where its rows do")
			}
			return nil
		}
		if added, err := tx.exec(text+row+strings.Repeat(", "+row, n-1), args...); err != nil || added != int64(n) {
			return errors.Join(err, fmt.Errorf("%d of %d rows were added", added, n))
		}
	}
}

// row reads a row.
func (h *header) row(lines *json.Decoder) ([]any, error) {
	into := make([]any, len(h.Columns))
	for i := range into {
		if i >= len(h.Kinds) || place(h.Kinds[i]) == nil {
			return nil, errors.New("a column is of an unknown kind")
		}
		into[i] = place(h.Kinds[i])
	}
	cells := make([]json.RawMessage, 0, len(into))
	if err := lines.Decode(&cells); err != nil {
		return nil, err
	}
	if len(cells) != len(into) {
		return nil, errors.New("a row has another number of columns than its table")
	}
	for i := range into {
		if err := json.Unmarshal(cells[i], into[i]); err != nil {
			return nil, err
		}
		into[i] = bare(into[i])
	}
	return into, nil
}

// bare is the value of a place as a driver takes it.
func bare(at any) any {
	switch v := at.(type) {
	case **string:
		return orNull(*v)
	case **int64:
		return orNull(*v)
	case **bool:
		return orNull(*v)
	case **time.Time:
		if *v == nil {
			return nil
		}
		return (**v).UTC()
	case *[]byte:
		if *v == nil {
			return nil
		}
		return *v
	}
	return nil
}

func orNull[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}
