package web

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// A batch is up to two hundred checks for one request: so many may be under
// way at the same time, in all and for one address.
const (
	maxBatches    = 4
	maxBatchesOne = 2
)

// gate counts the batches that are under way. The zero gate is open.
type gate struct {
	mu  sync.Mutex
	all int
	by  map[string]int
}

// enter lets a batch of an address in, or says with which status it is sent
// away: its own batches are too many (429), or everybody's are (503).
func (g *gate) enter(address string) (leave func(), status int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.by[address] >= maxBatchesOne:
		return nil, http.StatusTooManyRequests
	case g.all >= maxBatches:
		return nil, http.StatusServiceUnavailable
	}
	if g.by == nil {
		g.by = map[string]int{}
	}
	g.all++
	g.by[address]++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.all--
		if g.by[address]--; g.by[address] == 0 {
			delete(g.by, address)
		}
	}, 0
}

// enter lets a request's batch in and gives the connection the time that a
// batch takes, which is more than the server gives other requests.
func (v *Verify) enter(c echo.Context) (leave func(), err error) {
	leave, status := v.batches.enter(c.RealIP())
	if status != 0 {
		return nil, NewProblem(status, "Other batches are being checked; send this one again in a moment.")
	}
	connection := http.NewResponseController(c.Response())
	until := time.Now().Add(BatchTime + BatchGrace)
	for _, set := range []func(time.Time) error{connection.SetReadDeadline, connection.SetWriteDeadline} {
		if err := set(until); err != nil && !errors.Is(err, http.ErrNotSupported) {
			leave()
			return nil, err
		}
	}
	return leave, nil
}
