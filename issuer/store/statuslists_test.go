package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
)

// TestReserveStatus lets many acts reserve at once in lists that are small
// enough to fill up: no index twice, no list beyond its size, a new list when
// one is three quarters full.
func TestReserveStatus(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		const size, entries = 64, 120
		sample(t, s)
		must(t, s, func(tx *Tx) error {
			_, err := tx.newList(us, "message", size) // a purpose of its own, beside the sample's list
			return err
		})
		var wg sync.WaitGroup
		var lock sync.Mutex
		seen, perList := map[string]bool{}, map[issuer.StatusListID]int{}
		for i := range entries {
			wg.Go(func() {
				e, err := Write(t.Context(), s, func(tx *Tx) (*issuer.StatusEntry, error) {
					return tx.ReserveStatus(us, "message", issuer.CredentialID(fmt.Sprint("C", i)))
				})
				if err != nil {
					t.Error(err)
					return
				}
				lock.Lock()
				defer lock.Unlock()
				at := fmt.Sprint(e.StatusListID, e.StatusIndex)
				if seen[at] || e.StatusIndex < 0 || e.StatusIndex >= size {
					t.Errorf("index %d of %s was given twice or is none", e.StatusIndex, e.StatusListID)
				}
				seen[at] = true
				perList[e.StatusListID]++
			})
		}
		wg.Wait()
		if len(perList) < 2 {
			t.Errorf("%d entries went into %d list of %d", entries, len(perList), size)
		}
		for id, n := range perList {
			if got := get(t, s, func(tx *Tx) (int, error) { return tx.CountStatus(id) }); got != n {
				t.Errorf("list %s: %d rows, %d answers", id, got, n)
			}
		}
		err := try(t, s, func(tx *Tx) error {
			for range 200 { // again and again, until it hits
				if _, err := tx.ReserveStatus(us, "message", "C0"); err != nil {
					return err
				}
			}
			return nil
		})
		if !errors.Is(err, ErrDuplicate) {
			t.Errorf("a second place for a credential: %v", err)
		}
	})
}

func TestNewListAtThreeQuarters(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		reserve := func(from, to int) {
			must(t, s, func(tx *Tx) error {
				for i := from; i < to; i++ {
					e := &issuer.StatusEntry{StatusListID: "SMALL", StatusIndex: i, IssuerID: us, CredentialID: issuer.CredentialID(fmt.Sprint("C", i))}
					if err := tx.add("entry", e); err != nil {
						return err
					}
				}
				return tx.FillStatusLists()
			})
		}
		lists := func() int {
			return get(t, s, func(tx *Tx) (int, error) { return count[issuer.StatusList](tx, "purpose = 'message'") })
		}
		must(t, s, func(tx *Tx) error {
			return tx.AddStatusList(&issuer.StatusList{ID: "SMALL", IssuerID: us, Purpose: "message", Size: 64, CreatedAt: tx.Now.Add(-time.Hour)})
		})
		reserve(0, 47)
		if lists() != 1 {
			t.Errorf("%d lists at 47 of 64", lists())
		}
		reserve(47, 48)
		if lists() != 2 {
			t.Errorf("%d lists at 48 of 64", lists())
		}
		reserve(48, 50)
		if lists() != 2 {
			t.Errorf("%d lists after another was begun", lists())
		}
		if due := get(t, s, (*Tx).StatusListsFill); due {
			t.Error("nothing was taken since the last look")
		}
		e, err := Write(t.Context(), s, func(tx *Tx) (*issuer.StatusEntry, error) { return tx.ReserveStatus(us, "message", "NEW") })
		if err != nil || e.StatusListID == "SMALL" {
			t.Errorf("the next entry went to %+v, %v", e, err)
		}
	})
}

func TestSetStatus(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
		s.now = func() time.Time { return at }
		due := func() int {
			return len(get(t, s, func(tx *Tx) ([]issuer.StatusListID, error) { return tx.ListsToPublish(tx.Now.Add(-time.Hour)) }))
		}
		publish := func() {
			must(t, s, func(tx *Tx) error {
				l, err := tx.LockStatusList("SL")
				if err != nil {
					return err
				}
				return tx.PublishStatusList(l, []byte("{}"))
			})
		}
		if due() != 1 {
			t.Error("a list that was never published is not due")
		}
		publish()
		if due() != 0 {
			t.Error("a clean list is due")
		}
		must(t, s, func(tx *Tx) error { return tx.SetStatus("CRED", "superseded") })
		if due() != 1 {
			t.Error("a marked list is not due")
		}
		publish()
		s.now = func() time.Time { return at.Add(2 * time.Hour) }
		if due() != 1 {
			t.Error("an old list is not due")
		}
		must(t, s, func(tx *Tx) error { return tx.SetStatus("CRED", "revoked") })
		e := get(t, s, func(tx *Tx) (*issuer.StatusEntry, error) { return tx.StatusEntry("CRED") })
		if e.SetAt == nil || !e.SetAt.Equal(at) || e.Reason != "revoked" {
			t.Errorf("entry %+v", e)
		}
		if set := get(t, s, func(tx *Tx) ([]int, error) { return tx.SetIndexes("SL") }); len(set) != 1 || set[0] != 7 {
			t.Errorf("set: %v", set)
		}
		l := get(t, s, func(tx *Tx) (*issuer.StatusList, error) { return tx.StatusList("SL") })
		if l.Version != 2 || string(l.Bytes) != "{}" || !l.Dirty {
			t.Errorf("list %+v", l)
		}
		if err := try(t, s, func(tx *Tx) error { return tx.SetStatus("NONE", "revoked") }); !errors.Is(err, issuer.NotFound) {
			t.Errorf("no such credential: %v", err)
		}
	})
}

// TestMarkWhilePublishing sets a bit while the publisher holds the list and
// has read the bits already: the list must be due again afterwards.
func TestMarkWhilePublishing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		must(t, s, func(tx *Tx) error {
			_, err := change[issuer.StatusList](tx, map[string]any{"dirty": true}, "id = 'SL'")
			return err
		})
		read := make(chan bool)
		var wg sync.WaitGroup
		wg.Go(func() {
			must(t, s, func(tx *Tx) error {
				l, err := tx.LockStatusList("SL")
				if err != nil {
					return err
				}
				set, err := tx.SetIndexes("SL")
				if err != nil || len(set) != 0 {
					t.Errorf("set already: %v, %v", set, err)
				}
				close(read)
				time.Sleep(50 * time.Millisecond)
				return tx.PublishStatusList(l, []byte("{}"))
			})
		})
		<-read
		must(t, s, func(tx *Tx) error { return tx.SetStatus("CRED", "revoked") })
		wg.Wait()
		if l := get(t, s, func(tx *Tx) (*issuer.StatusList, error) { return tx.StatusList("SL") }); !l.Dirty {
			t.Error("the bit was set, the list does not have it, and is not marked")
		}
	})
}
