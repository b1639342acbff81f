package registrar

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Stopping to issue, for when something is wrong with what is issued: acts
// read in their own transaction whether they may issue, so that a stop counts
// from its commit on, in every copy of the program and after every restart.

// issuingStopped is the setting that keeps the issuer.Halt, as JSON; "" while
// there is none.
const issuingStopped = "issuing_stopped"

// IssuingView tells whether badges are issued, and what waits if they are not.
type IssuingView struct {
	Halt    issuer.Halt
	Waiting int // facts whose badges are issued when the stop is over
}

// halted reads whether issuing is stopped, once per act.
func (w *work) halted() (issuer.Halt, error) {
	if w.halt != nil {
		return *w.halt, nil
	}
	var h issuer.Halt
	d, err := w.definitions()
	if err != nil {
		return h, err
	}
	if text := d.settings[issuingStopped]; text != "" {
		if err = json.Unmarshal([]byte(text), &h); err != nil {
			err = fmt.Errorf("read setting %s: %w", issuingStopped, err)
		}
	}
	if err == nil && !h.Stopped() {
		h, err = heldBack(d.settings[store.RecordsHeld])
	}
	w.halt = &h
	return h, err
}

// mayIssue refuses whoever would issue while that is stopped.
func (w *work) mayIssue() error {
	h, err := w.halted()
	if err == nil && h.Stopped() {
		return h.Refusal()
	}
	return err
}

// deferred puts a fact off whose badges cannot be issued just now.
func (w *work) deferred(kind issuer.Deferral, fact string, person issuer.PersonID, quiet bool) (bool, error) {
	h, err := w.halted()
	if err != nil || !h.Stopped() {
		return false, err
	}
	_, err = w.AddDeferredOnce(&issuer.DeferredFact{ID: issuer.DeferredID(rand.Text()), IssuerID: w.us.ID, Kind: kind,
		FactID: fact, PersonID: person, Quiet: quiet, CreatedAt: w.Now})
	w.note("deferred", true)
	return true, err
}

// laterWarning is said where a fact is recorded that issues nothing yet.
const laterWarning = "No badges are issued just now; what this earns is issued when that is over."

// Issuing tells whether badges are issued.
func (r *Registrar) Issuing(ctx context.Context, by issuer.Caller) (*IssuingView, error) {
	return look(ctx, r, by, func(w *work) (*IssuingView, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		return w.issuing()
	})
}

func (w *work) issuing() (*IssuingView, error) {
	h, err := w.halted()
	if err != nil {
		return nil, err
	}
	n, err := w.CountDeferred()
	return &IssuingView{h, n}, err
}

// StopIssuing stops everything that is issued, with a reason that is told to
// those who are refused. Facts are recorded all the same, and earn when
// ResumeIssuing has ended the stop. A stop that holds already stays as it is.
func (r *Registrar) StopIssuing(ctx context.Context, by issuer.Caller, reason string) (*IssuingView, error) {
	return act(ctx, r, by, "issuing.stop", "", func(w *work) (*IssuingView, error) {
		reason := reason // the act may be run again
		h, err := w.ownHalt()
		if err != nil {
			return nil, err
		}
		if reason, err = issuer.CleanText("reason", reason, 300); err != nil {
			return nil, err
		}
		if reason == "" {
			return nil, issuer.Wrong("reason", "Say in a sentence why nothing is issued; mentors who approve read it.")
		}
		w.note("reason", reason)
		w.note("changed", !h.Stopped())
		if !h.Stopped() {
			err = w.setHalt(issuer.Halt{Since: w.Now, Reason: asSentence(reason), By: w.by.Actor()})
		}
		if err != nil {
			return nil, err
		}
		return w.issuing()
	})
}

// ResumeIssuing ends a stop. What was earned meanwhile is issued by
// IssueDeferred from now on.
func (r *Registrar) ResumeIssuing(ctx context.Context, by issuer.Caller) (*IssuingView, error) {
	return act(ctx, r, by, "issuing.resume", "", func(w *work) (*IssuingView, error) {
		h, err := w.ownHalt()
		if err != nil {
			return nil, err
		}
		w.note("changed", h.Stopped())
		if h.Stopped() {
			err = w.setHalt(issuer.Halt{})
		}
		if err != nil {
			return nil, err
		}
		return w.issuing()
	})
}

// ownHalt reads the stop for who runs the installation. It waits for nobody:
// on PostgreSQL a lock on the issuer would wait for everyone who is issuing. Of
// two who stop at once the later one's reason stays.
func (w *work) ownHalt() (issuer.Halt, error) {
	if err := w.mayManage(""); err != nil {
		return issuer.Halt{}, err
	}
	w.object = string(w.us.ID)
	return w.halted()
}

func (w *work) setHalt(h issuer.Halt) error {
	text := ""
	if h.Stopped() {
		raw, err := json.Marshal(h)
		if err != nil {
			return fmt.Errorf("encode stop: %w", err)
		}
		text = string(raw)
	}
	w.halt = &h
	return w.Set(issuingStopped, text)
}

// asSentence ends words with a full stop, because more are said after them.
func asSentence(s string) string {
	switch s[len(s)-1] {
	case '.', '!', '?':
		return s
	}
	return s + "."
}

const deferredAtOnce = 100

// IssueDeferred issues what facts bring about that were recorded during a stop,
// unless it holds, each in a transaction of its own: wherever it is broken off,
// the next call goes on. A fact that fails does not hold up the others.
func (r *Registrar) IssueDeferred(ctx context.Context) error {
	var failed error
	for after := issuer.DeferredID(""); ; {
		some, err := store.Read(ctx, r.Store, func(tx *store.Tx) ([]issuer.DeferredFact, error) {
			w := &work{Tx: tx, r: r}
			if h, err := w.halted(); err != nil || h.Stopped() {
				return nil, err
			}
			return tx.Deferred(after, deferredAtOnce)
		})
		if err != nil || len(some) == 0 {
			return errors.Join(failed, err)
		}
		for _, d := range some {
			if ctx.Err() != nil {
				return errors.Join(failed, ctx.Err())
			}
			if err := r.issueDeferred(ctx, d); err != nil {
				failed = errors.Join(failed, fmt.Errorf("issue what was deferred, %s of %s: %w", d.Kind, d.PersonID, err))
			}
			after = d.ID
		}
	}
}

func (r *Registrar) issueDeferred(ctx context.Context, d issuer.DeferredFact) error {
	_, err := act(ctx, r, issuer.Caller{System: "jobs"}, "issuing.deferred", string(d.PersonID), func(w *work) (struct{}, error) {
		w.note("kind", d.Kind)
		w.note("fact", d.FactID)
		if err := w.LockPeople(d.PersonID); err != nil {
			return struct{}{}, err
		}
		if h, err := w.halted(); err != nil || h.Stopped() {
			return struct{}{}, err
		}
		ours, err := w.RemoveDeferred(d.ID)
		if err != nil || !ours { // another copy of the program was first
			return struct{}{}, err
		}
		return struct{}{}, w.earnDeferred(ctx, d)
	})
	return err
}

// earnDeferred does what the act that recorded the fact would have done.
func (w *work) earnDeferred(ctx context.Context, d issuer.DeferredFact) error {
	person, err := w.became(d.PersonID)
	if err != nil || person.ErasedAt != nil {
		return err
	}
	if person.ID != d.PersonID { // since the fact was read
		if err := w.LockPeople(person.ID); err != nil {
			return err
		}
	}
	switch d.Kind {
	case issuer.DeferredConsent:
		return w.restateAll(ctx, person)
	case issuer.DeferredReviewing:
		c, err := w.Capstone(issuer.CapstoneID(d.FactID))
		if err != nil {
			return err
		}
		p, err := w.path(c.ProgramID)
		if err != nil {
			return err
		}
		return w.earnByReviewing(p, c, person.ID, d.CreatedAt)
	}
	c, err := w.Completion(issuer.CompletionID(d.FactID))
	if err != nil || !c.Earns() { // withdrawn since
		return err
	}
	p, err := w.path(c.ProgramID)
	if err != nil {
		return err
	}
	modules, err := w.Modules(c.ProgramID)
	if err != nil {
		return err
	}
	m := find(modules, func(m issuer.Module) bool { return m.ID == c.ModuleID })
	if m == nil {
		return fmt.Errorf("completion %s is of no module", c.ID)
	}
	p.quiet = d.Quiet
	_, err = w.earnByModule(p, person, c, m.Code)
	return err
}
