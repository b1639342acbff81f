package store

import (
	"context"
	"strings"
	"time"
	"unicode"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"hallmark/issuer"
)

// Tx is one transaction. It is used by one goroutine and ends with the
// function it was handed to.
type Tx struct {
	Now time.Time // UTC, whole second, the same for the whole transaction

	db      *gorm.DB
	dialect dialect
	late    *late // of an act; nil for a view

	examples *examples // of the store
}

// newAct is a transaction as an act sees it.
func (s *Store) newAct(ctx context.Context, db *gorm.DB, l *late) *Tx {
	tx := &Tx{Now: s.moment(), db: db.WithContext(ctx), dialect: s.dialect, late: l, examples: &s.alike}
	tx.db.Statement.ConnPool = watched{db.Statement.ConnPool, tx}
	return tx
}

// add inserts rows of one type.
func (tx *Tx) add(what string, rows ...any) error {
	_, err := tx.insert(rows, "")
	return fault(err, "add %s", what)
}

// addAll inserts many rows in few statements.
func addAll[T any](tx *Tx, what string, rows []*T) error {
	list := make([]any, len(rows))
	for i, r := range rows {
		list[i] = r
	}
	return tx.add(what, list...)
}

// addOnce inserts a row unless one with the same key, or the same value of
// any unique index, is there, and tells whether it did.
func (tx *Tx) addOnce(what string, row any) (added bool, err error) {
	n, err := tx.insert([]any{row}, " ON CONFLICT DO NOTHING")
	return n > 0, fault(err, "add %s", what)
}

// take reads the one row that a condition names; missing is the sentence for
// people when there is none.
func take[T any](tx *Tx, missing, where string, args ...any) (*T, error) {
	rows, err := read[T](tx, "WHERE "+where+" LIMIT 1", args...)
	if err != nil {
		return nil, fault(err, "read %T", *new(T))
	}
	if len(rows) == 0 {
		return nil, issuer.Refuse(issuer.NotFound, "%s", missing)
	}
	return &rows[0], nil
}

// list reads the rows that a condition names in an order; neither is ever
// made of input.
func list[T any](tx *Tx, order, where string, args ...any) ([]T, error) {
	rows, err := read[T](tx, "WHERE "+where+" ORDER BY "+order, args...)
	return rows, fault(err, "list %T", rows)
}

// change sets columns of the rows of T that a condition names and tells how
// many there were.
func change[T any](tx *Tx, columns map[string]any, where string, args ...any) (int64, error) {
	res := tx.db.Model(new(T)).Where(where, args...).Updates(columns)
	if res.Error != nil {
		return 0, fault(res.Error, "change %T", *new(T))
	}
	return res.RowsAffected, nil
}

// remove deletes the rows of T that a condition names.
func remove[T any](tx *Tx, where string, args ...any) (int64, error) {
	res := tx.db.Where(where, args...).Delete(new(T))
	if res.Error != nil {
		return 0, fault(res.Error, "remove %T", *new(T))
	}
	return res.RowsAffected, nil
}

// lock holds the rows of a table with these ids, in the order of the ids,
// until the transaction ends. SQLite has one writer at a time and needs none.
func (tx *Tx) lock(table string, ids []string) error {
	if tx.dialect != postgresDialect || len(ids) == 0 {
		return nil
	}
	var held []string
	err := tx.db.Table(table).Clauses(clause.Locking{Strength: "UPDATE"}).
		Where("id IN ?", ids).Order("id").Pluck("id", &held).Error
	return fault(err, "lock %s", table)
}

// LockPeople holds people until the transaction ends, so that two acts about
// the same person decide one after the other. Lock people before capstones.
func (tx *Tx) LockPeople(ids ...issuer.PersonID) error {
	return tx.lock("people", texts(ids))
}

// LockCapstone holds a capstone until the transaction ends.
func (tx *Tx) LockCapstone(id issuer.CapstoneID) error {
	return tx.lock("capstones", []string{string(id)})
}

// LockIssuer holds the issuer until the transaction ends, so that acts about
// who runs the installation decide one after the other.
func (tx *Tx) LockIssuer(id issuer.IssuerID) error {
	return tx.lock("issuers", []string{string(id)})
}

// TryLock lets one copy of the program at a time work on something, until the
// transaction ends; it does not wait. On SQLite there is one writer at a time,
// which holds it already.
func (tx *Tx) TryLock(name string) (mine bool, err error) {
	if tx.dialect != postgresDialect {
		return true, nil
	}
	err = tx.db.Raw("SELECT pg_try_advisory_xact_lock(hashtextextended('hallmark ' || ?, 0))", name).Row().Scan(&mine)
	return mine, fault(err, "lock %s", name)
}

func texts[S ~string](ids []S) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// containing makes a LIKE pattern, to be used with ESCAPE '!', that finds a
// text in lower case as it stands.
func containing(text string) string {
	return "%" + likeSafe.Replace(strings.ToLower(text)) + "%"
}

// likeSafe writes a text so that LIKE ... ESCAPE '!' takes it as it stands.
var likeSafe = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// alike is the condition that a column has the text in it, whatever the case.
// LIKE of SQLite, which is quick, knows the cases of ASCII alone; lower, which is
// ours there and knows all, is asked where that leaves something open.
func (tx *Tx) alike(column, text string) (condition string, args []any) {
	lower, full := "lower("+column+") LIKE ? ESCAPE '!'", containing(text)
	if tx.dialect != sqliteDialect {
		return lower, []any{full}
	}
	open := false
	near := strings.Map(func(r rune) rune {
		if r <= unicode.MaxASCII || unicode.ToLower(r) == r && unicode.ToUpper(r) == r {
			return r
		}
		open = true
		return unmistakable
	}, text)
	near = "%" + strings.ReplaceAll(likeSafe.Replace(near), string(unmistakable), "_") + "%"
	if condition, args = column+" LIKE ? ESCAPE '!'", []any{near}; open {
		condition, args = condition+" AND "+lower, append(args, full)
	}
	if strings.ContainsAny(text, "iI") { // the small letter of "İ" is of ASCII
		condition, args = "("+condition+" OR "+column+" LIKE '%İ%' AND "+lower+")", append(args, full)
	}
	return "(" + condition + ")", args
}

// unmistakable is in no text of people: they are cleaned of control characters.
const unmistakable = '\x00'
