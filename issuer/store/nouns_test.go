package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store/storetest"
)

func TestPeople(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		must(t, s, func(tx *Tx) error {
			if err := tx.AddPerson(&issuer.Person{ID: "ZOE", IssuerID: us, Name: "100% ZoË Öz İpek", CreatedAt: tx.Now}); err != nil {
				return err
			}
			p, err := tx.Person(bob)
			if err != nil {
				return err
			}
			p.Name, p.ErasedAt = "", &tx.Now
			return tx.SavePerson(p)
		})
		tests := []struct {
			q    PlacedQuery
			want string
		}{
			{PlacedQuery{Limit: 9}, "[ZOE ANN]"},
			{PlacedQuery{Limit: 9, Search: "0%"}, "[ZOE]"},
			{PlacedQuery{Limit: 9, Search: "zoë ö"}, "[ZOE]"},
			{PlacedQuery{Limit: 9, Search: "ZOË ö"}, "[ZOE]"},
			{PlacedQuery{Limit: 9, Search: "zoe ö"}, "[]"},
			{PlacedQuery{Limit: 9, Search: "İPE"}, "[]"},
			{PlacedQuery{Limit: 9, Search: "öz İpek"}, "[ZOE]"},
			{PlacedQuery{Limit: 9, Search: "_"}, "[]"},
			{PlacedQuery{Limit: 9, Search: "ANN@EX"}, "[ANN]"},
			{PlacedQuery{Limit: 9, Search: "' OR 1=1 --"}, "[]"},
			{PlacedQuery{Limit: 9, Cohort: "C"}, "[ANN]"},
			{PlacedQuery{Limit: 1}, "[ZOE]"},
			{PlacedQuery{Limit: 1, After: "ZOE"}, "[ANN]"},
		}
		for _, test := range tests {
			var ids []issuer.PersonID
			test.q.All = true
			people := get(t, s, func(tx *Tx) ([]issuer.Person, error) { people, _, err := tx.PlacedPeople(test.q); return people, err })
			for _, p := range people {
				ids = append(ids, p.ID)
			}
			if got := fmt.Sprint(ids); got != test.want {
				t.Errorf("%+v: %s, want %s", test.q, got, test.want)
			}
		}
		for _, hostile := range []string{"nobody@example.org", "' OR '1'='1", "1=1 --"} {
			_, err := Read(t.Context(), s, func(tx *Tx) (*issuer.Person, error) { return tx.PersonByEmail(hostile) })
			if !errors.Is(err, issuer.NotFound) {
				t.Errorf("person of %q: %v", hostile, err)
			}
			_, err = Read(t.Context(), s, func(tx *Tx) (*issuer.Person, error) { return tx.Person(issuer.PersonID(hostile)) })
			if !errors.Is(err, issuer.NotFound) {
				t.Errorf("person %q: %v", hostile, err)
			}
		}
		if got := get(t, s, func(tx *Tx) (*issuer.Person, error) { return tx.PersonByEmail("ann@example.org") }); got.ID != ann {
			t.Errorf("person of Ann's address: %s", got.ID)
		}
		if n := len(get(t, s, func(tx *Tx) ([]issuer.Email, error) { return tx.Emails() })); n != 0 {
			t.Errorf("%d addresses of nobody", n)
		}
	})
}

// TestLinkIsUsedOnce lets many use a link at the same moment.
func TestLinkIsUsedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		var used atomic.Int32
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, err := Write(t.Context(), s, func(tx *Tx) (*issuer.SigninLink, error) { return tx.UseSigninLink("T") })
				if err == nil {
					used.Add(1)
				} else if !errors.Is(err, issuer.NotFound) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if used.Load() != 1 {
			t.Errorf("the link was used %d times", used.Load())
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		start := time.Now()
		must(t, s, func(tx *Tx) error {
			return tx.SaveSession(&issuer.Session{Token: "T", IssuerID: us, PersonID: bob, Data: []byte{2}, ExpiresAt: tx.Now.Add(2 * time.Hour), CreatedAt: tx.Now})
		})
		got := get(t, s, func(tx *Tx) (*issuer.Session, error) { return tx.Session("T") })
		if got.PersonID != bob || got.Data[0] != 2 {
			t.Errorf("session was not replaced: %+v", got)
		}
		s.now = func() time.Time { return start.Add(3 * time.Hour) }
		if _, err := Read(t.Context(), s, func(tx *Tx) (*issuer.Session, error) { return tx.Session("T") }); !errors.Is(err, issuer.NotFound) {
			t.Errorf("session that ended: %v", err)
		}
		s.now = func() time.Time { return start.Add(49 * time.Hour) }
		removed, err := Write(t.Context(), s, func(tx *Tx) (int64, error) { return tx.RemoveEnded(tx.Now.Add(-24 * time.Hour)) })
		if err != nil || removed != 4 {
			t.Errorf("removed %d, %v; want a session, a link, a code and an answer", removed, err)
		}
	})
}

// TestMessagesAreClaimedOnce lets several copies of a sender look at once.
func TestMessagesAreClaimedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		must(t, s, func(tx *Tx) error {
			for i := range 30 {
				m := &issuer.Message{ID: issuer.MessageID(fmt.Sprint("N", i)), IssuerID: us, Kind: "mail", State: "queued", NextAt: tx.Now, CreatedAt: tx.Now}
				if err := tx.AddMessage(m); err != nil {
					return err
				}
			}
			return nil
		})
		var lock sync.Mutex
		claimed := map[issuer.MessageID]int{}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 8 {
					messages, err := Write(t.Context(), s, func(tx *Tx) ([]issuer.Message, error) {
						if mine, err := tx.TryLock("mail"); err != nil || !mine {
							return nil, err
						}
						return tx.ClaimMessages("mail", 4, time.Minute)
					})
					if err != nil {
						t.Error(err)
					}
					lock.Lock()
					for _, m := range messages {
						claimed[m.ID]++
					}
					lock.Unlock()
				}
			})
		}
		wg.Wait()
		for id, n := range claimed {
			if n != 1 {
				t.Errorf("%s was claimed %d times", id, n)
			}
		}
		if len(claimed) == 0 {
			t.Error("nothing was claimed")
		}
	})
}

// TestOneCopyWorks takes an advisory lock in one transaction and asks for it
// in another.
func TestOneCopyWorks(t *testing.T) {
	s := migrated(t, storetest.Postgres(t))
	must(t, s, func(tx *Tx) error {
		mine, err := tx.TryLock("x")
		if err != nil || !mine {
			t.Errorf("first: %v, %v", mine, err)
		}
		other, err := Write(t.Context(), s, func(tx *Tx) (bool, error) { return tx.TryLock("x") })
		if err != nil || other {
			t.Errorf("second: %v, %v", other, err)
		}
		another, err := Write(t.Context(), s, func(tx *Tx) (bool, error) { return tx.TryLock("y") })
		if err != nil || !another {
			t.Errorf("another name: %v, %v", another, err)
		}
		return nil
	})
	again, err := Write(t.Context(), s, func(tx *Tx) (bool, error) { return tx.TryLock("x") })
	if err != nil || !again {
		t.Errorf("after the first ended: %v, %v", again, err)
	}
}

// TestLockedPeopleWait lets two acts decide about the same people, named in
// another order by each.
func TestLockedPeopleWait(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				must(t, s, func(tx *Tx) error {
					order := []issuer.PersonID{ann, bob}
					if i%2 == 0 {
						order = []issuer.PersonID{bob, ann}
					}
					if err := tx.LockPeople(order...); err != nil {
						return err
					}
					p, err := tx.Person(ann)
					if err != nil {
						return err
					}
					p.Department += "x" // lost unless one waits for the other
					return tx.SavePerson(p)
				})
			})
		}
		wg.Wait()
		if got := get(t, s, func(tx *Tx) (*issuer.Person, error) { return tx.Person(ann) }); len(got.Department) != 40 {
			t.Errorf("%d of 40 changes were kept", len(got.Department))
		}
	})
}

func TestExpire(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
		s.now = func() time.Time { return at }
		must(t, s, func(tx *Tx) error {
			_, err := change[issuer.Award](tx, map[string]any{"valid_until": at}, "id = 'AW'")
			return err
		})
		expire := func() int {
			awards, err := Write(t.Context(), s, func(tx *Tx) ([]issuer.Award, error) { return tx.Expire(10) })
			if err != nil {
				t.Fatal(err)
			}
			return len(awards)
		}
		if expire() != 0 {
			t.Error("an award expired in its last second")
		}
		s.now = func() time.Time { return at.Add(time.Second) }
		if expire() != 1 || expire() != 0 {
			t.Error("an award did not expire once")
		}
		if a := get(t, s, func(tx *Tx) (*issuer.Award, error) { return tx.Award("AW") }); a.State != issuer.Expired {
			t.Errorf("it is %s", a.State)
		}
	})
}

func TestAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		must(t, s, func(tx *Tx) error {
			return tx.AddAnswer(&issuer.Answer{Caller: "c", Key: "k", RequestHash: []byte{1}, Status: 204})
		})
		a := get(t, s, func(tx *Tx) (*issuer.Answer, error) { return tx.Answer("c", "k") })
		if a.Status != 204 || a.RequestHash[0] != 1 {
			t.Errorf("answer %+v", a)
		}
		if _, err := Read(t.Context(), s, func(tx *Tx) (*issuer.Answer, error) { return tx.Answer("c", "other") }); !errors.Is(err, issuer.NotFound) {
			t.Errorf("no answer: %v", err)
		}
	})
}
