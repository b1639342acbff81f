package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
)

// answers adds a row that an act writes without a savepoint.
func answers(key string) func(tx *Tx) error {
	return func(tx *Tx) error {
		return tx.AddAnswer(&issuer.Answer{Caller: "x", Key: key, RequestHash: []byte{1}, CreatedAt: tx.Now})
	}
}

// slowDisk has every turn of the disk told and held up until it is answered.
func slowDisk(s *Store) (turns chan chan error) {
	turns = make(chan chan error)
	s.disk.sync = func() error {
		turn := make(chan error)
		turns <- turn
		return <-turn
	}
	return turns
}

// TestOnDiskBeforeAnswer: while the disk turns, the act that waits for it is not
// answered and no view that may show it is handed out, but the next acts run; the turn
// after it serves all of them.
func TestOnDiskBeforeAnswer(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	turns := slowDisk(s)
	var wg sync.WaitGroup
	var lock sync.Mutex
	var told []string
	tell := func(what string) { lock.Lock(); defer lock.Unlock(); told = append(told, what) }
	act := func(name string, ran chan bool) {
		wg.Go(func() {
			if err := try(t, s, func(tx *Tx) error { defer close(ran); return keep(name)(tx) }); err != nil {
				t.Error(err)
			}
			tell(name)
		})
	}
	a, b, c := make(chan bool), make(chan bool), make(chan bool)
	act("a", a)
	first := <-turns
	act("b", b)
	<-b // which ran while the disk turns for a
	act("c", c)
	<-c
	wg.Go(func() {
		if got := value(s, t, "a"); got != "kept" {
			t.Errorf("a view shows %q", got)
		}
		tell("view")
	})
	time.Sleep(20 * time.Millisecond)
	lock.Lock()
	if len(told) != 0 {
		t.Errorf("told before it is on the disk: %v", told)
	}
	lock.Unlock()
	first <- nil
	go func() {
		for turn := range turns {
			turn <- nil
		}
	}()
	wg.Wait()
	if len(told) != 4 {
		t.Errorf("told %v", told)
	}
}

// TestDiskRefuses: acts that the disk did not take are told so, and nothing is
// promised until the file is opened anew.
func TestDiskRefuses(t *testing.T) {
	file := sqliteFile(t)
	s := migrated(t, file)
	must(t, s, keep("before"))
	turns := slowDisk(s)
	go func() { turn := <-turns; turn <- os.ErrPermission }()
	if err := try(t, s, keep("lost")); !errors.Is(err, issuer.Unavailable) || !errors.Is(err, errDisk) {
		t.Errorf("answered %v", err)
	}
	ran := false
	if err := try(t, s, func(*Tx) error { ran = true; return nil }); !errors.Is(err, errDisk) || ran {
		t.Errorf("the next act: %v, ran: %t", err, ran)
	}
	if err := settled(t, s); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("a view: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = opened(t, file)
	if err := try(t, s, keep("after")); err != nil || value(s, t, "before") != "kept" || value(s, t, "after") != "kept" {
		t.Errorf("opened anew: %v", err)
	}
}

// TestDiskTurnsForTheLog: what is put on the disk is SQLite's own log, and SQLite
// leaves it to us for acts alone.
func TestDiskTurnsForTheLog(t *testing.T) {
	file := sqliteFile(t)
	s := migrated(t, file)
	turned := 0
	s.disk.sync = func() error { turned++; return s.wal.sync() }
	must(t, s, keep("a"))
	if turned != 1 {
		t.Errorf("the disk turned %d times for an act", turned)
	}
	ours, err := s.wal.file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Stat(file + "-wal")
	if err != nil || !os.SameFile(ours, log) || log.Size() == 0 {
		t.Errorf("%v of %d bytes is not %v: %v", ours.Name(), ours.Size(), filepath.Base(file)+"-wal", err)
	}
	const normal, full = 1, 2
	level := func(tx *Tx) (n int, err error) { return n, tx.db.Raw("PRAGMA synchronous").Row().Scan(&n) }
	if got := get(t, s, level); got != full {
		t.Errorf("readers: %d", got)
	}
	var acts, apart int
	must(t, s, func(tx *Tx) (err error) { acts, err = level(tx); return err })
	if err := s.handles[0].QueryRow("PRAGMA synchronous").Scan(&apart); err != nil {
		t.Fatal(err)
	}
	if acts != normal || apart != full {
		t.Errorf("acts: %d, migrating: %d", acts, apart)
	}
}

// TestSpoiled: an act that fails leaves nothing behind, whether or not it has a
// savepoint, and its neighbours are kept; they may run twice for it.
func TestSpoiled(t *testing.T) {
	entry := func(tx *Tx) error { return says("F", "")(tx) }
	onBoth(t, func(t *testing.T, s *Store) {
		for name, fails := range map[string][]func(tx *Tx) error{
			"after it looked":                        {func(tx *Tx) error { _, err := said(tx); return err }},
			"after a row without a savepoint":        {answers("f"), entry},
			"after a row in its savepoint":           {keep("f"), answers("f"), entry},
			"after what waited was written":          {entry, keep("f")},
			"after what waited was written and read": {entry, func(tx *Tx) error { _, err := said(tx); return err }, keep("f")},
		} {
			boom := errors.New("boom")
			runs := [3]int{}
			before, after := "a"+name, "b"+name
			errs := heldUp(t, s,
				func(tx *Tx) error {
					runs[0]++
					return errors.Join(answers(before)(tx), says(issuer.AuditID(before), "")(tx))
				},
				func(tx *Tx) error {
					runs[1]++
					for _, step := range fails {
						if err := step(tx); err != nil {
							return err
						}
					}
					return boom
				},
				func(tx *Tx) error {
					runs[2]++
					return errors.Join(says(issuer.AuditID(after), "")(tx), keep(after)(tx))
				},
			)
			if errs[0] != nil || !errors.Is(errs[1], boom) || errs[2] != nil {
				t.Errorf("%s: %v", name, errs)
			}
			if most := map[dialect]int{sqliteDialect: 2, postgresDialect: 1}[s.dialect]; slices.Min(runs[:]) < 1 || slices.Max(runs[:]) > most {
				t.Errorf("%s: they ran %v times", name, runs)
			}
			keys := get(t, s, func(tx *Tx) ([]issuer.Answer, error) { return list[issuer.Answer](tx, "key", "caller = ?", "x") })
			entries := get(t, s, said)
			if has := func(key string) bool {
				return slices.ContainsFunc(keys, func(a issuer.Answer) bool { return a.Key == key })
			}; !has(before) || has("f") {
				t.Errorf("%s: of the answers %v", name, keys)
			}
			if !slices.Contains(entries, before) || !slices.Contains(entries, after) || slices.Contains(entries, "F") {
				t.Errorf("%s: of the entries %v", name, entries)
			}
			if value(s, t, after) != "kept" || value(s, t, "f") != "" {
				t.Errorf("%s: of the settings %q and %q", name, value(s, t, after), value(s, t, "f"))
			}
		}
	})
}

// TestJoinWhileSigning: an act that comes while another waits for what is made for its
// end runs in the same transaction.
func TestJoinWhileSigning(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	ready, waits := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		must(t, s, func(tx *Tx) error {
			tx.Late(func() error {
				select {
				case <-ready:
				case <-time.After(10 * time.Second):
					t.Error("nobody joined")
				}
				return says("A", "")(tx)
			}, ready)
			close(waits)
			return nil
		})
	})
	<-waits
	joins := func(tx *Tx) error {
		defer close(ready) // so that the first can only end after this has run
		return says("B", "")(tx)
	}
	if err := try(t, s, joins); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if got := get(t, s, said); len(got) != 2 {
		t.Errorf("kept are %v", got)
	}
}
