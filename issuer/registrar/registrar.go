package registrar

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
)

// Registrar carries out acts. Its fields are set once, before the first act.
type Registrar struct {
	Store   *store.Store
	Ring    *keyring.Ring
	BaseURL string // without a slash at the end; credentials carry it

	Files      evidence.Store // what learners hand in; nil: links alone
	FileLimits FileLimits

	Retention issuer.Retention // how long some records are kept; zeros: as usual

	Assumed bool // nobody gave the base URL; it may change until the first badge
	Move    bool // Setup takes the installation to BaseURL if it is elsewhere

	// Draw draws the picture of an achievement for badges that were earned on a
	// day, as a PNG; nil: badges name no picture.
	Draw func(a AchievementRef, program string, on issuer.Day) ([]byte, error)

	versions  sync.Map // AchievementVersionID → AchievementVersion
	defined   atomic.Pointer[defined]
	templates sync.Map // kind → learnt

	// sign takes the place of signBadge; tests hand in one that signs badly.
	sign func(doc []byte, at time.Time) ([]byte, issuer.KeyID, error)
}

// work is one act under way: the transaction, who asked, and what the audit
// entry will say.
type work struct {
	*store.Tx
	r        *Registrar
	by       issuer.Caller
	us       *issuer.Issuer
	object   string                     // id of what the act is about
	detail   map[string]any             // for the audit entry; never secrets
	halt     *issuer.Halt               // whether issuing is stopped, once it was asked
	defined  *defined                   // what is defined, once it was
	awards   []*issuer.Award            // that are to be kept together
	unsigned []*earned                  // whose credentials are still to be signed and kept
	signing  *signing                   // what is being signed just now
	main     map[issuer.PersonID]string // addresses that were read already
	asking   *RequestsView              // what people ask, if it was read already
	pictures map[pictureKey]string      // that were drawn for it
}

// act carries out f in one transaction and leaves an audit entry in it. A
// refusal for want of a right undoes the transaction and is audited in one of
// its own.
func act[T any](ctx context.Context, r *Registrar, by issuer.Caller, name, object string, f func(w *work) (T, error)) (T, error) {
	once, _ := ctx.Value(onceKey{}).(*Once)
	value, err := store.Write(ctx, r.Store, func(tx *store.Tx) (T, error) {
		var none T
		w := &work{Tx: tx, r: r, by: by, object: object, detail: map[string]any{}}
		if err := w.begin(); err != nil {
			return none, err
		}
		if err := w.replay(once); err != nil {
			return none, err
		}
		if w.us.BaseURL != r.BaseURL {
			return none, errMoved(w.us)
		}
		kept := false
		defer func() {
			if !kept {
				w.abandon()
			}
		}()
		value, err := f(w)
		if err != nil {
			return none, err
		}
		if err := w.startIssuing(ctx); err != nil {
			return none, err
		}
		if err := w.audit(name, "done"); err != nil {
			return none, err
		}
		if err := w.keepAnswer(once, value); err != nil {
			return none, err
		}
		kept = true
		tx.Late(w.endIssuing, w.signatures()) // acts that share the transaction need not wait for the signatures
		return value, nil
	})
	if err == nil {
		return value, nil
	}
	var denied *denial
	if errors.As(err, &denied) {
		err = denied.refusal
	} else if !errors.Is(err, issuer.Forbidden) && !errors.Is(err, issuer.Unsigned) {
		return value, err
	}
	return value, errors.Join(err, r.auditRefusal(ctx, by, name, object))
}

// look carries out f on one consistent view of the records.
func look[T any](ctx context.Context, r *Registrar, by issuer.Caller, f func(w *work) (T, error)) (T, error) {
	value, err := store.Read(ctx, r.Store, func(tx *store.Tx) (T, error) {
		w := &work{Tx: tx, r: r, by: by}
		if err := w.begin(); err != nil {
			var none T
			return none, err
		}
		return f(w)
	})
	var denied *denial
	if errors.As(err, &denied) {
		err = denied.refusal
	}
	return value, err
}

// identify reads who the issuer is. Before Setup there is none, and no act
// but Setup is possible.
func (w *work) identify() error {
	d, err := w.definitions()
	if errors.Is(err, issuer.NotFound) {
		return issuer.Refuse(issuer.Unavailable, "This installation has not been set up yet.")
	}
	if err != nil {
		return err
	}
	us := *d.us
	w.us = &us
	return nil
}

// begin reads who the issuer is and looks whether the client that asks was revoked
// since its token was read: tokens are read with what is in memory (clientOf).
func (w *work) begin() error {
	if err := w.identify(); err != nil {
		return err
	}
	if c := w.defined.clients[w.by.Client]; c != nil && c.RevokedAt != nil {
		return revoked()
	}
	return nil
}

// note adds a fact about the act to its audit entry.
func (w *work) note(key string, value any) { w.detail[key] = value }

// say adds words that someone wrote. They can be erased, which note's facts
// cannot: the salt beside them keeps the hash of the entry, which stays in the
// chain, from telling whether they were these or those.
func (w *work) say(key, words string) {
	w.detail["words"], w.detail["salt"] = map[string]string{key: words}, rand.Text()
}

func (w *work) audit(act, outcome string) error {
	detail, err := json.Marshal(w.detail)
	if err != nil {
		return fmt.Errorf("encode audit detail: %w", err)
	}
	return w.AddAuditEntry(w.entry(act, w.object, outcome, string(detail)))
}

func (w *work) entry(act, object, outcome, detail string) *issuer.AuditEntry {
	return &issuer.AuditEntry{ID: issuer.AuditID(rowID()), IssuerID: w.us.ID, At: w.Now,
		Actor: w.by.Actor(), Act: act, Object: object, Outcome: outcome, Detail: detail}
}

// auditRefusal records that someone was refused for want of a right. What they
// asked about is kept only if it can be one of our ids: who has no right may
// have typed anything there, an address say, and entries are for ever.
func (r *Registrar) auditRefusal(ctx context.Context, by issuer.Caller, name, object string) error {
	_, err := store.Write(ctx, r.Store, func(tx *store.Tx) (struct{}, error) {
		w := &work{Tx: tx, r: r, by: by, detail: map[string]any{}}
		if issuer.IsID(object) {
			w.object = object
		}
		if err := w.identify(); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.audit(name, "refused")
	})
	if err != nil {
		return fmt.Errorf("audit refusal: %w", err)
	}
	return nil
}

// denial hides a want of rights behind another answer: the caller is told
// that there is no such thing, the audit trail knows better.
type denial struct{ refusal *issuer.Error }

func (d *denial) Error() string { return d.refusal.Error() }
func (d *denial) Unwrap() error { return d.refusal }

// hidden answers that there is no such thing to a caller who may not know of
// it.
func hidden(what string) error {
	return &denial{issuer.Refuse(issuer.NotFound, "There is no such %s.", what)}
}

type onceKey struct{}

// WithOnce makes the act that runs under the context answer a repeated
// request with its first answer.
func WithOnce(ctx context.Context, o *Once) context.Context {
	return context.WithValue(ctx, onceKey{}, o)
}

// replay looks for the first answer to the same request.
func (w *work) replay(o *Once) error {
	if o == nil {
		return nil
	}
	first, err := w.Answer(w.by.Actor(), o.Key)
	switch {
	case errors.Is(err, issuer.NotFound):
		return nil
	case err != nil:
		return err
	case !bytes.Equal(first.RequestHash, o.RequestHash):
		return issuer.Wrong("Idempotency-Key", "This key was used for another request; take a new one.")
	}
	return &Replay{Status: first.Status, Body: first.Body, At: first.CreatedAt}
}

// keepAnswer keeps what the act will be answered with, in its transaction.
func (w *work) keepAnswer(o *Once, value any) error {
	if o == nil {
		return nil
	}
	status, body, err := o.Answer(value)
	if err != nil {
		return err
	}
	err = w.AddAnswer(&issuer.Answer{Caller: w.by.Actor(), Key: o.Key, RequestHash: o.RequestHash,
		Status: status, Body: body, CreatedAt: w.Now})
	if errors.Is(err, store.ErrDuplicate) {
		return issuer.Refuse(issuer.Conflict, "A request with this key is still running.")
	}
	return err
}
