package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// How much one commit may carry: more acts or more time in one would keep the
// first of them waiting for no gain.
const (
	batchActs = 256
	batchTime = 50 * time.Millisecond
)

// waiting is an act in line for the writer.
type waiting struct {
	ctx   context.Context
	run   func(tx *Tx) error
	taken atomic.Bool // by the writer, which runs it, or by its caller, who went away
	err   error
	done  chan struct{}
}

// enqueue hands an act to the writer and waits for its answer. A caller who
// goes away before the act runs is answered at once, and it is never run.
func (s *Store) enqueue(ctx context.Context, run func(tx *Tx) error) error {
	w := &waiting{ctx: ctx, run: run, done: make(chan struct{})}
	select {
	case s.acts <- w:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stopped:
		return ErrClosed
	}
	select {
	case <-w.done:
		return w.err
	case <-ctx.Done():
	case <-s.stopped:
	}
	if w.taken.CompareAndSwap(false, true) {
		if err := ctx.Err(); err != nil {
			return err
		}
		return ErrClosed
	}
	<-w.done
	return w.err
}

// writer runs acts one after the other until the store is closed.
func (s *Store) writer(ctx context.Context) {
	defer close(s.stopped)
	for {
		select {
		case <-ctx.Done():
			return
		case w := <-s.acts:
			s.batch(w)
		}
	}
}

// batch runs an act, and those that came meanwhile, in one transaction, and
// answers all of them when it is committed. Whoever was refused is answered
// then too: the refusal may rest on what another act of the batch wrote.
func (s *Store) batch(w *waiting) {
	var ran []*waiting
	db := s.write.Begin()
	err := db.Error
	begun := time.Now()
	for w != nil {
		if w.ctx.Err() == nil && w.taken.CompareAndSwap(false, true) {
			ran = append(ran, w)
			if err == nil {
				err = s.savepoint(db, w)
			}
		}
		if err != nil || len(ran) == batchActs || time.Since(begun) > batchTime {
			break
		}
		select {
		case w = <-s.acts:
		default:
			w = nil
		}
	}
	if err == nil {
		err = db.Commit().Error
	} else if db.Error == nil {
		err = errors.Join(err, rollback(db))
	}
	for _, w := range ran {
		if err != nil {
			w.err = fmt.Errorf("commit: %w", err)
		}
		close(w.done)
	}
}

// savepoint runs one act in a savepoint of its own and notes its error. The
// error it returns is one of the transaction: then nothing of it is left.
func (s *Store) savepoint(db *gorm.DB, w *waiting) error {
	if err := db.Exec("SAVEPOINT act").Error; err != nil {
		return err
	}
	// An interrupted statement would undo the whole transaction, so an act
	// that has begun runs to its end whether or not its caller still waits.
	tx := &Tx{Now: s.moment(), db: db.WithContext(context.WithoutCancel(w.ctx)), dialect: s.dialect}
	if w.err = w.run(tx); w.err != nil {
		if err := db.Exec("ROLLBACK TO act").Error; err != nil {
			return errors.Join(w.err, err)
		}
	}
	return db.Exec("RELEASE act").Error
}

// rollback undoes a transaction; one that SQLite undid itself (disk full, I/O
// error) is undone as well.
func rollback(db *gorm.DB) error {
	if err := db.Rollback().Error; err != nil {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}
