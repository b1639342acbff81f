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

// batch runs an act, and those that came meanwhile, in one transaction, and has
// all of them answered when it is on the disk. Whoever was refused is answered
// then too: the refusal may rest on what another act of the batch wrote.
//
// An act that fails after it wrote spoils the transaction for the others, which are
// run again then, each in a savepoint. That is rare, for acts look before they write;
// with a savepoint for every act SQLite would copy each page that an act changes. Where
// what they left for the end cannot be written, one of them is at fault: each is run by
// itself then.
func (s *Store) batch(first *waiting) {
	l := &late{}
	ran, err := s.share(l, s.line(first, l))
	switch {
	case err != nil || !l.spoiled:
	case len(ran) == 1 && !s.twice: // which had no neighbours
		s.disk.end(ran)
		return
	default:
		l = &late{careful: true}
		_, err = s.share(l, slices.Values(ran))
	}
	if !l.failed || len(ran) == 1 {
		s.failed(ran, err)
		return
	}
	for i := range ran {
		one := &late{careful: true}
		_, err := s.share(one, slices.Values(ran[i:i+1]))
		s.failed(ran[i:i+1], err)
	}
}

// failed has acts of a transaction that came to nothing answered; those of one that
// was committed are handed over already.
func (s *Store) failed(ran []*waiting, err error) {
	if err == nil {
		return
	}
	for _, w := range ran {
		w.err = err
	}
	s.disk.end(ran)
}

// line gives an act, and those that come until it and they have run and what they
// wait for at the end of the transaction is there, for as long as one commit may
// carry more. Whoever went away is left out.
func (s *Store) line(w *waiting, l *late) iter.Seq[*waiting] {
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
			w = s.next(l)
		}
	}
}

// next is the act that is next in line, or that comes while others wait for what is
// made for them.
func (s *Store) next(l *late) *waiting {
	for {
		select {
		case w := <-s.acts:
			return w
		default:
		}
		if len(l.awaited) == 0 {
			return nil
		}
		select {
		case w := <-s.acts:
			return w
		case <-l.awaited[0]:
			l.awaited = l.awaited[1:]
		}
	}
}

// share runs acts in one transaction and commits it. An error means that nothing of
// it is left, and so does that it is spoiled; the acts are to be answered then. Those of
// one that was committed are answered when it is on the disk.
func (s *Store) share(l *late, acts iter.Seq[*waiting]) (ran []*waiting, err error) {
	db := s.write.Begin()
	if err = db.Error; err == nil {
		err = s.disk.failed()
	}
	for w := range acts {
		ran = append(ran, w)
		if err == nil {
			err = s.run(db, l, w)
		}
		if err != nil || l.spoiled {
			break
		}
	}
	if err == nil && !l.spoiled {
		err = s.newAct(context.Background(), db, l).writeLate()
		l.spoiled = err == nil && s.twice && !l.careful
		if err == nil && !l.spoiled {
			return ran, s.commit(db, l, ran)
		}
	}
	if db.Error == nil {
		err = errors.Join(err, rollback(db))
	}
	return ran, err
}

func (s *Store) commit(db *gorm.DB, l *late, ran []*waiting) error {
	s.disk.begin()
	if err := db.Commit().Error; err != nil {
		s.disk.end(nil)
		return fmt.Errorf("commit: %w", err)
	}
	s.alike.committed(l)
	s.disk.end(ran)
	return nil
}

// run runs one act and notes its error. The error it returns is one of the
// transaction: then nothing of it is left.
func (s *Store) run(db *gorm.DB, l *late, w *waiting) error {
	// An interrupted statement would undo the whole transaction, so an act
	// that has begun runs to its end whether or not its caller still waits.
	tx := s.newAct(context.WithoutCancel(w.ctx), db, l)
	if l.careful {
		if err := tx.writeLate(); err != nil {
			return err
		}
	}
	l.enter()
	if l.careful {
		if err := l.save(context.Background(), db.Statement.ConnPool); err != nil {
			return err
		}
	}
	if w.err = w.run(tx); l.failed {
		return l.err
	}
	if w.err != nil {
		if l.wrote {
			l.spoiled = true
			return nil
		}
		l.leave()
		if l.saved {
			if err := db.Exec("ROLLBACK TO act").Error; err != nil {
				return errors.Join(w.err, err)
			}
		}
	}
	if !l.saved {
		return nil
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
