package pages

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/web"
)

// A page that shows a capstone says by which stamp it was made, and a browser
// with script asks for the events of the capstone: it is answered at once when
// the stamp is another, or with nothing when so much time has passed, and asks
// again. The database is the truth, so that it does not matter which copy of the
// program changed something; one look for all who watch is enough for each copy.
const (
	eventsLast  = 6 * time.Second        // less than the server gives a request to be read
	eventsLook  = 200 * time.Millisecond // between two looks at the database
	eventsAgain = 250                    // milliseconds until the browser asks again
	maxWatchers = 2000
)

// live is who watches what.
type live struct {
	look func(context.Context, ...issuer.CapstoneID) (map[issuer.CapstoneID]string, error)

	mu       sync.Mutex
	rooms    map[issuer.CapstoneID]*room
	watchers int
	looking  bool
}

// room is those who watch one capstone.
type room struct {
	watchers int
	stamp    string        // as it was last seen; "" before the first look
	turned   chan struct{} // closed when stamp changes
}

var errWatchers = issuer.Refuse(issuer.Unavailable, "Too many people watch just now. Look again in a while.")

// wait tells whether a capstone gets another stamp than one before the time of
// the context is over.
func (l *live) wait(ctx context.Context, id issuer.CapstoneID, seen string) (bool, error) {
	if !l.enter(id) {
		return false, errWatchers
	}
	defer l.leave(id)
	for {
		stamp, turned := l.now(id)
		if stamp != "" && stamp != seen {
			return true, nil
		}
		select {
		case <-turned:
		case <-ctx.Done():
			return false, nil
		}
	}
}

func (l *live) enter(id issuer.CapstoneID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.watchers >= maxWatchers {
		return false
	}
	if l.rooms == nil {
		l.rooms = map[issuer.CapstoneID]*room{}
	}
	if l.rooms[id] == nil {
		l.rooms[id] = &room{turned: make(chan struct{})}
	}
	l.rooms[id].watchers++
	l.watchers++
	if !l.looking {
		l.looking = true
		go l.keepLooking()
	}
	return true
}

func (l *live) leave(id issuer.CapstoneID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watchers--
	if l.rooms[id].watchers--; l.rooms[id].watchers == 0 {
		delete(l.rooms, id)
	}
}

func (l *live) now(id issuer.CapstoneID) (string, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rooms[id].stamp, l.rooms[id].turned
}

// keepLooking looks at the database as long as anyone watches.
func (l *live) keepLooking() {
	for ids := l.watched(); len(ids) > 0; ids = l.watched() {
		ctx, cancel := context.WithTimeout(context.Background(), eventsLast)
		if stamps, err := l.look(ctx, ids...); err == nil { // while the database is away there is no news
			l.tell(stamps)
		}
		cancel()
		time.Sleep(eventsLook)
	}
}

// watched lists what is watched; when nothing is, the looking is over.
func (l *live) watched() (ids []issuer.CapstoneID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := range l.rooms {
		ids = append(ids, id)
	}
	l.looking = len(ids) > 0
	return ids
}

func (l *live) tell(stamps map[issuer.CapstoneID]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, stamp := range stamps {
		if r := l.rooms[id]; r != nil && r.stamp != stamp {
			r.stamp = stamp
			close(r.turned)
			r.turned = make(chan struct{})
		}
	}
}

// events answers who may see a capstone once there is something new to see of
// it (HTML, Server-sent events).
func (p *Pages) events(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	id, seen := issuer.CapstoneID(c.Param("id")), c.QueryParam("seen")
	ctx, cancel := context.WithTimeout(c.Request().Context(), eventsLast)
	defer cancel()
	stamp, err := p.Registrar.CapstoneStamp(ctx, by, id)
	if err != nil {
		return err
	}
	res := c.Response()
	res.Header().Set("Content-Type", "text/event-stream")
	res.Header().Set("X-Accel-Buffering", "no") // a proxy passes it on as it comes
	news := stamp != seen
	if !news {
		p.watch.Do(func() { p.live.look = p.Registrar.CapstoneStamps })
		if news, err = p.live.wait(ctx, id, seen); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("retry: %d\n\n", eventsAgain)
	if news {
		text += "event: news\ndata: \n\n"
	}
	res.WriteHeader(http.StatusOK)
	if _, err = res.Write([]byte(text)); errors.Is(err, context.Canceled) {
		return nil // nobody waits any more
	}
	return err
}
