package registrar

import (
	"context"
	"sync"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Sightings counts how often pages of badges are looked at, and links opened,
// without a word of by whom. It is counted in memory and kept from time to time:
// looking at a page writes nothing, and what was counted last is lost when the
// program is killed. The zero Sightings with a Store is ready.
type Sightings struct {
	Store *store.Store

	mu     sync.Mutex
	seen   map[sighting]int
	opened map[issuer.ShareLinkID]int
}

type sighting struct {
	badge issuer.CredentialID
	on    issuer.Day
}

// maxSightings bounds what waits in memory; more is not counted.
const maxSightings = 10_000

// Seen counts a look at the page of a badge.
func (s *Sightings) Seen(badge issuer.CredentialID, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = map[sighting]int{}
	}
	if key := (sighting{badge, issuer.DayOf(at, time.UTC)}); len(s.seen) < maxSightings {
		s.seen[key]++
	}
}

// Opened counts the opening of a link.
func (s *Sightings) Opened(link issuer.ShareLinkID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened == nil {
		s.opened = map[issuer.ShareLinkID]int{}
	}
	if len(s.opened) < maxSightings {
		s.opened[link]++
	}
}

// Keep writes down what was counted since. What cannot be kept now is counted
// with the next.
func (s *Sightings) Keep(ctx context.Context) error {
	s.mu.Lock()
	seen, opened := s.seen, s.opened
	s.seen, s.opened = nil, nil
	s.mu.Unlock()
	if len(seen)+len(opened) == 0 {
		return nil
	}
	_, err := store.Write(ctx, s.Store, func(tx *store.Tx) (struct{}, error) {
		for k, n := range seen {
			if err := tx.CountSeen(k.badge, k.on, n); err != nil {
				return struct{}{}, err
			}
		}
		for link, n := range opened {
			if err := tx.CountOpened(link, n); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		s.again(seen, opened)
	}
	return err
}

// again counts what could not be kept.
func (s *Sightings) again(seen map[sighting]int, opened map[issuer.ShareLinkID]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, n := range s.seen {
		seen[k] += n
	}
	for link, n := range s.opened {
		opened[link] += n
	}
	s.seen, s.opened = seen, opened
}
