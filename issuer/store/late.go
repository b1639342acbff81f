package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"gorm.io/gorm"

	"hallmark/issuer"
)

// Much of what an act writes is read by nobody before the act ends: credentials
// and their bytes, salts, leaves, the audit trail, messages. Such rows wait for the
// end of the transaction and are written then with few statements: on SQLite those
// of all acts that share it; on PostgreSQL with one
// statement, which is one way to the server and back. A statement that might meet
// what waits has it written first, so no act can tell.

// lateTable is a table whose rows may wait; those that others refer to come first.
type lateTable int

const (
	lateCredentials lateTable = iota
	lateSalts
	lateAudit
	lateMessages
	lateCopies
	lateLeaves
	lateTables
)

// lateNames are words that every statement about such a table has.
var lateNames = [lateTables]string{"credentials", "log_salts", "audit_entries", "messages", "signed_copies", "log_leaves"}

// apart begins statements that write and that can neither meet rows that wait nor
// refer to them; nor do they change what is defined.
var apart = []string{`INSERT INTO "completions" `, `INSERT INTO "awards" `, `INSERT INTO "status_entries" `, `INSERT INTO "answers" `}

// late is what waits for the end of a transaction.
type late struct {
	rows    [lateTables][]any
	steps   []func() error    // that bring more of them
	awaited []<-chan struct{} // what the steps wait for
	busy    bool              // the rows are being written
	failed  bool              // it could not be written
	err     error             // why
	mark    string            // of the definitions, as the transaction found it; "" is not known

	careful bool // each act has a savepoint (SQLite)
	spoiled bool // an act that had none failed after it wrote

	at    lateness // what waited when the act that runs began, and still waits
	wrote bool     // it wrote, and has no savepoint
	saved bool     // it has one

	examples map[string]*issuer.CopyExample // by kind, that the transaction found or kept
}

// Late has f run before the transaction is committed, when the acts that share it
// have run; it may write. An error undoes the act.
// It will wait for ready; meanwhile other acts may join the transaction.
func (tx *Tx) Late(f func() error, ready <-chan struct{}) {
	tx.late.steps = append(tx.late.steps, f)
	if ready != nil {
		tx.late.awaited = append(tx.late.awaited, ready)
	}
}

// addLate keeps rows of one type that wait.
func addLate[T any](tx *Tx, table lateTable, rows ...*T) error {
	if tx.late == nil { // a view, which the database does not let write
		return addAll(tx, lateNames[table], rows)
	}
	for _, r := range rows {
		tx.late.rows[table] = append(tx.late.rows[table], r)
	}
	return nil
}

// meets tells whether a statement might meet what waits.
func (l *late) meets(text string) bool {
	if !strings.HasPrefix(text, "SELECT") {
		return !isApart(text)
	}
	return slices.ContainsFunc(lateNames[:], func(table string) bool { return strings.Contains(text, table) })
}

func isApart(text string) bool {
	return slices.ContainsFunc(apart, func(begin string) bool { return strings.HasPrefix(text, begin) })
}

// lateness is how much waits: rows by table, then steps.
type lateness [lateTables + 1]int

func (l *late) length() (at lateness) {
	for table, rows := range l.rows {
		at[table] = len(rows)
	}
	at[lateTables] = len(l.steps)
	return at
}

// enter begins an act.
func (l *late) enter() { l.at, l.wrote, l.saved = l.length(), false, false }

// leave lets go of what an act that failed left.
func (l *late) leave() {
	for table := range l.rows {
		l.rows[table] = l.rows[table][:l.at[table]]
	}
	l.steps, l.examples, l.mark = l.steps[:l.at[lateTables]], nil, "" // which are read again
}

// save makes a savepoint that the act goes back to if it fails.
func (l *late) save(ctx context.Context, db gorm.ConnPool) error {
	l.saved = true
	_, err := db.ExecContext(ctx, "SAVEPOINT act")
	return err
}

// writeLate writes all that waits.
func (tx *Tx) writeLate() (err error) {
	l := tx.late
	l.wrote = l.wrote || !l.saved && l.length() != l.at // some of it is of the act that runs
	defer func() {
		if l.busy, l.at = false, l.length(); err != nil {
			l.failed, l.err = true, err
		}
	}()
	for steps := l.steps; len(steps) > 0; steps = l.steps {
		l.steps = nil
		for _, f := range steps {
			if err := f(); err != nil {
				return err
			}
		}
	}
	for l.busy = true; l.length() != (lateness{}); {
		var lists [][]any
		for table, rows := range l.rows {
			n := min(len(rows), maxRows)
			if n > 0 {
				lists = append(lists, rows[:n])
			}
			l.rows[table] = rows[n:]
		}
		if err := tx.insertAll(lists); err != nil {
			return fault(err, "write what waited")
		}
	}
	return nil
}

// watched is the way of every statement of an act to the database.
type watched struct {
	gorm.ConnPool
	tx *Tx
}

// ready has written first what a statement might meet, and notes what a statement
// that writes may have changed. On SQLite an act that looks before it writes gets
// its savepoint with its first such statement, and one that adds rows first gets
// none.
func (w watched) ready(ctx context.Context, text string) error {
	l := w.tx.late
	if l.busy {
		return nil
	}
	reads, quiet := strings.HasPrefix(text, "SELECT"), isApart(text)
	if !reads && !quiet {
		l.mark = ""
	}
	if l.length() != (lateness{}) && l.meets(text) {
		if err := w.tx.writeLate(); err != nil {
			return err
		}
	}
	switch {
	case reads, l.saved, l.wrote, w.tx.dialect != sqliteDialect:
		return nil
	case quiet:
		l.wrote = true
		return nil
	}
	return l.save(ctx, w.ConnPool)
}

func (w watched) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if err := w.ready(ctx, text); err != nil {
		return nil, err
	}
	return w.ConnPool.ExecContext(ctx, text, args...)
}

func (w watched) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if err := w.ready(ctx, text); err != nil {
		return nil, err
	}
	return w.ConnPool.QueryContext(ctx, text, args...)
}
