package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"hallmark/issuer/highwater"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
)

// Runner does the duties. Its fields are set once, before Run.
type Runner struct {
	Store   *store.Store
	Ring    *keyring.Ring
	BaseURL string // without a slash at the end; status lists carry it

	// Render makes a mail from a template and the data kept with the message, in
	// the language of a tag; "" is one that its reader never chose.
	Render func(tag, template string, data json.RawMessage) (subject, text, html string, err error)
	Mailer Mailer // nil: mail stays in the outbox

	Witness *Witness // nil: nobody co-signs the log

	// Remind tells the holders of badges that end soon; nil: nobody does.
	Remind func(context.Context) error

	// Tell mails what the time has come for; nil: nothing does.
	Tell func(context.Context) error

	// Concerns reminds those who handle concerns, and forgets old ones; nil: nobody does.
	Concerns func(context.Context) error

	// Forget removes what is kept no longer; nil: nothing does.
	Forget func(context.Context) error

	// Deferred issues what waits since issuing was stopped; nil: nothing does.
	Deferred func(context.Context) error

	// SweepFiles removes files that nothing names any more; nil: nothing does.
	SweepFiles func(context.Context) error

	// Batches goes on with jobs that award many badges; nil: nothing does.
	Batches func(context.Context) error

	// Count counts what cohorts came to; nil: nobody does.
	Count func(context.Context) error

	// Sightings keeps how often pages were looked at; nil: nobody counts.
	Sightings func(context.Context) error

	Mark *highwater.File // where it is kept how far this installation has come; nil: nowhere
	// Guard holds records that are behind the mark.
	Guard func(ctx context.Context) error

	Logger *slog.Logger // nil: slog.Default()

	marking   sync.Mutex   // held while the mark is raised
	witnessed atomic.Int64 // size of the log that the witness has co-signed, as far as we know
}

// How long after one round of a duty the next begins. Positions and status
// lists are promised within a second.
const (
	often  = 400 * time.Millisecond
	seldom = 5 * time.Second
	minute = time.Minute
	rarely = 10 * time.Minute
)

// duty is something that is done again and again, with a pause between.
type duty struct {
	name  string
	pause time.Duration
	do    func(context.Context) error
}

// Run does the duties, each in a loop of its own, until ctx ends, and returns
// when the last round is over. A duty that fails is logged and tried again in
// its next round; it holds up no other.
func (r *Runner) Run(ctx context.Context) {
	duties := []duty{
		{"sequence", often, r.Sequence},
		{"publish", often, r.Publish},
		{"fill", seldom, r.Fill},
		{"cosign", seldom, r.Cosign},
		{"send", often, r.Send},
		{"issue what was deferred", seldom, r.IssueDeferred},
		{"mark", often, r.Raise},
		{"expire", minute, r.Expire},
		{"remind", rarely, r.RemindHolders},
		{"tell", minute, r.TellInTime},
		{"clean", rarely, r.Clean},
	}
	if r.Batches != nil {
		duties = append(duties, duty{"award batches", often, r.Batches})
	}
	if r.SweepFiles != nil {
		duties = append(duties, duty{"sweep files", rarely, r.SweepFiles})
	}
	if r.Concerns != nil {
		duties = append(duties, duty{"tend concerns", rarely, r.Concerns})
	}
	if r.Count != nil {
		duties = append(duties, duty{"count cohorts", seldom, r.Count})
	}
	if r.Forget != nil {
		duties = append(duties, duty{"forget", rarely, r.Forget})
	}
	if r.Guard != nil {
		duties = append(duties, duty{"guard", seldom, r.Guard})
	}
	if r.Sightings != nil {
		duties = append(duties, duty{"count sightings", seldom, r.Sightings})
	}
	var wg sync.WaitGroup
	for _, d := range duties {
		wg.Go(func() { r.loop(ctx, d.name, d.pause, d.do) })
	}
	wg.Wait()
	if r.Sightings != nil { // what was counted since the last round
		last, stop := context.WithTimeout(context.WithoutCancel(ctx), seldom)
		defer stop()
		if err := r.once(last, r.Sightings); err != nil {
			r.log().Error("a duty failed at the end", "duty", "count sightings", "error", err)
		}
	}
}

func (r *Runner) loop(ctx context.Context, name string, pause time.Duration, do func(context.Context) error) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		err := r.once(ctx, do)
		if err != nil && ctx.Err() == nil && !failing { // once per trouble, not per round
			r.log().Error("a duty failed", "duty", name, "error", err)
		}
		if failing && err == nil {
			r.log().Info("a duty works again", "duty", name)
		}
		failing = err != nil
		timer.Reset(pause)
	}
}

// once does a round and makes a panic in it an error.
func (r *Runner) once(ctx context.Context, do func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do(ctx)
}

func (r *Runner) log() *slog.Logger {
	if r.Logger == nil {
		return slog.Default()
	}
	return r.Logger
}
