package crash

import (
	"encoding/json"
	"fmt"
	"maps"
	"sync"
)

// The states of a badge as answers name them.
const (
	issued     = "issued"
	revoked    = "revoked"
	superseded = "superseded"
)

// badge is one that the program acknowledged.
type badge struct {
	id, person, achievement string
	state                   string
	busy                    bool // a writer is about to change it
}

// book is what the program acknowledged.
type book struct {
	mu      sync.Mutex
	badges  map[string]*badge
	live    map[string]string // badge by person and achievement
	order   []*badge
	names   map[string][]string // that people, by id, were given
	jobs    []string            // that make badges and were not followed to their end
	touched map[string]bool     // since takeTouched
	broken  []string
}

func newBook() *book {
	return &book{badges: map[string]*badge{}, live: map[string]string{}, names: map[string][]string{}, touched: map[string]bool{}}
}

// shown is a credential as answers show it.
type shown struct {
	ID          string
	State       string
	Achievement struct{ Code string }
	Person      struct{ ID string }
}

// answered is what answers to changes hold, as far as it is looked at.
type answered struct {
	Credential  *shown
	Credentials []shown
	Further     []shown
	Job         struct{ ID string }
	Capstone    struct {
		ID         string
		Submission int
	}
	Items []struct{ ID string }
}

// broke notes what must not be.
func (b *book) broke(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broken = append(b.broken, fmt.Sprintf(format, args...))
}

func (b *book) takeBroken() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	broken := b.broken
	b.broken = nil
	return broken
}

// read reads an answer that should have one of these statuses.
func (b *book) read(a *ask, statuses ...int) (v answered, ok bool) {
	for _, s := range statuses {
		if ok = a.status == s; ok {
			break
		}
	}
	if !ok {
		b.broke("%s %s was answered %d: %.300s", a.path, a.body, a.status, a.answer)
		return v, false
	}
	if err := json.Unmarshal(a.answer, &v); err != nil {
		b.broke("%s was answered with what is no JSON: %v", a.path, err)
		return v, false
	}
	return v, true
}

// enter notes badges that an answer says were issued, or are held.
func (b *book) enter(all ...shown) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range all {
		b.touched[s.ID] = true
		if b.badges[s.ID] != nil {
			continue
		}
		slot := s.Person.ID + " " + s.Achievement.Code
		if other := b.badges[b.live[slot]]; other != nil && other.state == issued && !other.busy {
			b.broken = append(b.broken, fmt.Sprintf("%s was issued for what %s stands for", s.ID, other.id))
		}
		n := &badge{id: s.ID, person: s.Person.ID, achievement: s.Achievement.Code, state: issued}
		b.badges[s.ID], b.live[slot] = n, s.ID
		b.order = append(b.order, n)
	}
}

// change notes that a badge is over.
func (b *book) change(n *badge, state string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n.state, n.busy, b.touched[n.id] = state, false, true
}

// take gives a badge that stands and that no other writer is about to change,
// among those at places from n on.
func (b *book) take(n int) *badge {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.order {
		if k := b.order[(n+i)%len(b.order)]; k.state == issued && !k.busy {
			k.busy = true
			return k
		}
		if i == 200 {
			break
		}
	}
	return nil
}

// rename notes the name that somebody was given.
func (b *book) rename(person, name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.names[person] = append(b.names[person], name)
}

// job notes a job to follow.
func (b *book) job(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.jobs = append(b.jobs, id)
}

func (b *book) takeJobs() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	jobs := b.jobs
	b.jobs = nil
	return jobs
}

// known gives a badge by its id.
func (b *book) known(id string) (k badge, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := b.badges[id]
	if found == nil {
		return badge{}, false
	}
	return *found, true
}

// holder is the person of a badge.
func (b *book) holder(id string) string {
	k, _ := b.known(id)
	return k.person
}

// given gives the names that people were given, by id.
func (b *book) given() map[string][]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.names)
}

func (b *book) all() (list []badge) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range b.order {
		list = append(list, *k)
	}
	return list
}

// takeTouched gives the badges that changed since it was called last.
func (b *book) takeTouched() (list []badge) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id := range b.touched {
		list = append(list, *b.badges[id])
	}
	clear(b.touched)
	return list
}

// ids lists all badges. The holder of each is told of it by mail.
func (b *book) ids() (ids []string) {
	for _, k := range b.all() {
		ids = append(ids, k.id)
	}
	return ids
}

func (b *book) counts() (badges, over int) {
	for _, k := range b.all() {
		if badges++; k.state != issued {
			over++
		}
	}
	return badges, over
}
