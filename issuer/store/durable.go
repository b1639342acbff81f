package store

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// errDisk is the error of a store whose disk has refused.
var errDisk = errors.New("the disk has refused what was written; nothing is kept until the records are opened anew")

// durable has what SQLite committed put on the disk, and answers acts when it is.
//
// SQLite could do that itself, within COMMIT (synchronous=FULL); then the only
// connection that writes waits for the disk after each batch. Here COMMIT leaves
// its pages to the operating system (synchronous=NORMAL, which keeps the file whole
// whatever happens), and a goroutine has the write-ahead log put on the disk while
// the next batch already runs; one turn of the disk may serve several batches. That is
// for slow disks: where one turns in a quarter of a millisecond, it made no difference
// that could be measured. What is promised stays what FULL promises: nobody is answered, and no view is handed
// out, before all that it rests on is on the disk
// (https://www.sqlite.org/pragma.html#pragma_synchronous).
//
// A disk that refuses cannot be asked again: the system may have forgotten the pages
// that it could not write. Nothing is promised from then on until the file is opened
// anew.
type durable struct {
	sync func() error // puts the write-ahead log on the disk

	mu      sync.Mutex
	changed sync.Cond // of what follows
	begun   uint64    // commits, by number
	kept    uint64    // the last of them that is on the disk, with all before it
	ended   []*waiting
	last    uint64 // commit of which ended tells
	err     error  // of the disk
	closing bool
	done    chan struct{}
}

func newDurable(sync func() error) *durable {
	d := &durable{sync: sync, done: make(chan struct{})}
	d.changed.L = &d.mu
	go d.run()
	return d
}

// begin numbers a commit that is about to be made. Whoever sees what it wrote sees
// its number too.
func (d *durable) begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begun++
}

// end tells that the commit that was begun last is made, or has failed, and hands over
// the acts to be answered when it is on the disk. A refusal too may rest on what is
// not there yet.
func (d *durable) end(ran []*waiting) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended, d.last = append(d.ended, ran...), d.begun
	d.changed.Broadcast()
}

// failed is what the disk answered, if it refused.
func (d *durable) failed() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}

// wait returns when all that can be seen of the records at this moment is on the
// disk.
func (d *durable) wait() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for seen := d.begun; d.kept < seen && d.err == nil; {
		d.changed.Wait()
	}
	return d.err
}

// run puts what was committed on the disk until close.
func (d *durable) run() {
	defer close(d.done)
	for {
		d.mu.Lock()
		for d.last == d.kept && len(d.ended) == 0 && !d.closing {
			d.changed.Wait()
		}
		ran, last, err := d.ended, d.last, d.err
		d.ended = nil
		kept := d.kept
		d.mu.Unlock()
		if last == kept && len(ran) == 0 {
			return
		}
		if last != kept && err == nil {
			if err = d.sync(); err != nil {
				err = fmt.Errorf("%w: %w", errDisk, err)
			}
		}
		d.mu.Lock()
		d.kept, d.err = last, err
		d.changed.Broadcast()
		d.mu.Unlock()
		for _, w := range ran {
			if err != nil {
				w.err = err
			}
			close(w.done)
		}
	}
}

// close ends it when all that was handed over is answered.
func (d *durable) close() {
	d.mu.Lock()
	d.closing = true
	d.changed.Broadcast()
	d.mu.Unlock()
	<-d.done
}

// walFile is the write-ahead log of a SQLite file. It is there as long as a
// connection is open that has written or read.
type walFile struct {
	path string
	file *os.File // opened when it is first needed
}

func (w *walFile) sync() (err error) {
	if w.file == nil {
		if w.file, err = os.OpenFile(w.path, os.O_RDWR, 0); err != nil {
			return err
		}
	}
	return syncData(w.file)
}

func (w *walFile) close() error {
	file := w.file
	if w.file = nil; file == nil {
		return nil
	}
	return file.Close()
}
