package signin

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pacer lets five links go to an address at once and then one each three
// minutes, so that nobody's mailbox is flooded from many places.
type pacer struct {
	mu   sync.Mutex
	now  func() time.Time
	seen map[string]*rate.Limiter
}

// maxPaced bounds the memory; beyond it everyone starts afresh.
const maxPaced = 10_000

func newPacer(now func() time.Time) *pacer {
	return &pacer{now: now, seen: map[string]*rate.Limiter{}}
}

func (p *pacer) allow(address string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.seen[address]
	if l == nil {
		if len(p.seen) >= maxPaced {
			clear(p.seen)
		}
		l = rate.NewLimiter(rate.Every(3*time.Minute), 5)
		p.seen[address] = l
	}
	return l.AllowN(p.now(), 1)
}
