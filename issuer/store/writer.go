package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
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
// then too: the refusal may rest on what another act of the batch wrote. Where
// what they left for the end cannot be written, one of them is at fault: each is
// run by itself then.
func (s *Store) batch(first *waiting) {
	ran, failed, err := s.share(s.line(first), !s.twice)
	if s.twice {
		ran, failed, err = s.share(slices.Values(ran), true)
	}
	singly := failed && len(ran) > 1
	for _, w := range ran {
		if singly {
			_, failed, err = s.share(slices.Values([]*waiting{w}), true)
		}
		switch {
		case failed:
			w.err = err
		case err != nil:
			w.err = fmt.Errorf("commit: %w", err)
		}
		close(w.done)
	}
}

// line gives an act, and those that came meanwhile, for as long as one commit may
// carry more. Whoever went away is left out.
func (s *Store) line(w *waiting) iter.Seq[*waiting] {
	return func(yield func(*waiting) bool) {
		begun := time.Now()
		for n := 0; w != nil; {
			if w.ctx.Err() == nil && w.taken.CompareAndSwap(false, true) {
				if n++; !yield(w) {
					return
				}
			}
			if n == batchActs || time.Since(begun) > batchTime {
				return
			}
			select {
			case w = <-s.acts:
			default:
				w = nil
			}
		}
	}
}

// share runs acts in one transaction, and keeps it or not. An error means that nothing of it is left;
// failed, that it is of what the acts left for the end.
func (s *Store) share(acts iter.Seq[*waiting], keep bool) (ran []*waiting, failed bool, err error) {
	db, l := s.write.Begin(), &late{}
	err = db.Error
	for w := range acts {
		ran = append(ran, w)
		if err == nil {
			err = s.savepoint(db, l, w)
		}
		if err != nil {
			break
		}
	}
	if err == nil {
		err = s.newAct(context.Background(), db, l).writeLate()
	}
	if err == nil && !keep {
		err = errUndone
	}
	if err == nil {
		if err = db.Commit().Error; err == nil {
			s.alike.committed(l)
		}
		return ran, false, err
	}
	if db.Error == nil {
		err = errors.Join(err, rollback(db))
	}
	return ran, l.failed, err
}

// savepoint runs one act in a savepoint of its own and notes its error. The
// error it returns is one of the transaction: then nothing of it is left.
func (s *Store) savepoint(db *gorm.DB, l *late, w *waiting) error {
	if err := db.Exec("SAVEPOINT act").Error; err != nil {
		return err
	}
	at := l.length()
	l.others, l.again = at != lateness{}, false
	// An interrupted statement would undo the whole transaction, so an act
	// that has begun runs to its end whether or not its caller still waits.
	tx := s.newAct(context.WithoutCancel(w.ctx), db, l)
	if w.err = w.run(tx); w.err != nil || l.again {
		l.cut(at)
		if err := db.Exec("ROLLBACK TO act").Error; err != nil {
			return errors.Join(w.err, err)
		}
	}
	if err := db.Exec("RELEASE act").Error; err != nil || !l.again {
		return err
	}
	if err := tx.writeLate(); err != nil {
		return err
	}
	return s.savepoint(db, l, w)
}

// rollback undoes a transaction; one that SQLite undid itself (disk full, I/O
// error) is undone as well.
func rollback(db *gorm.DB) error {
	if err := db.Rollback().Error; err != nil {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}
