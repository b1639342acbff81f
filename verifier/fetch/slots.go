package fetch

import (
	"context"
	"sync"
)

// slots bounds how many requests run at once, in all and to one host. A host is
// forgotten when its last request ends.
type slots struct {
	all     chan struct{}
	perHost int

	mu    sync.Mutex
	hosts map[string]*lane
}

// lane is one host's share; users counts those in it and those waiting for it.
type lane struct {
	gate  chan struct{}
	users int
}

func newSlots(total, perHost int) *slots {
	return &slots{all: make(chan struct{}, total), perHost: perHost, hosts: map[string]*lane{}}
}

// take waits for the host's lane first and a place of all second: a slow host
// does not keep others out while its own requests queue.
func (s *slots) take(ctx context.Context, host string) (release func(), err error) {
	l := s.join(host)
	select {
	case l.gate <- struct{}{}:
	case <-ctx.Done():
		s.leave(host, l)
		return nil, ctx.Err()
	}
	select {
	case s.all <- struct{}{}:
	case <-ctx.Done():
		<-l.gate
		s.leave(host, l)
		return nil, ctx.Err()
	}
	return func() {
		<-s.all
		<-l.gate
		s.leave(host, l)
	}, nil
}

func (s *slots) join(host string) *lane {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.hosts[host]
	if l == nil {
		l = &lane{gate: make(chan struct{}, s.perHost)}
		s.hosts[host] = l
	}
	l.users++
	return l
}

func (s *slots) leave(host string, l *lane) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(s.hosts, host)
	}
}
