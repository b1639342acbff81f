package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Mail is a message ready to go.
type Mail struct{ To, Subject, Text, HTML string }

// Mailer brings a mail on its way. An error of type Permanent says that trying
// again will not help.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}

// Permanent wraps the error of a mail that will never arrive.
type Permanent struct{ Err error }

func (p Permanent) Error() string { return p.Err.Error() }

// Unwrap gives the error itself.
func (p Permanent) Unwrap() error { return p.Err }

// pauses are how long to wait after each attempt that failed; after the last
// the message counts as failed.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour}

const (
	mailsAtOnce = 20
	mailLease   = 10 * time.Minute
	mailTimeout = time.Minute
	mailAge     = 72 * time.Hour // older news is none, and may hold a link that has ended
)

// Send sends the mails that are due.
func (r *Runner) Send(ctx context.Context) error {
	if r.Mailer == nil || r.Render == nil {
		return nil
	}
	for {
		due, err := store.Read(ctx, r.Store, func(tx *store.Tx) (bool, error) { return tx.MessagesDue("mail") })
		if err != nil || !due {
			return err
		}
		messages, err := store.Write(ctx, r.Store, func(tx *store.Tx) ([]issuer.Message, error) {
			if mine, err := tx.TryLock("mail"); err != nil || !mine {
				return nil, err
			}
			return tx.ClaimMessages("mail", mailsAtOnce, mailLease)
		})
		if err != nil || len(messages) == 0 {
			return err
		}
		for i := range messages {
			if err := r.sendOne(ctx, &messages[i]); err != nil {
				return err
			}
		}
	}
}

// sendOne tries one message and keeps what became of it. Its error is one of
// the database, or that the time to work is over.
func (r *Runner) sendOne(ctx context.Context, m *issuer.Message) error {
	err := r.deliver(ctx, m)
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // not the mail's fault: it is due again after the lease
	}
	_, saved := store.Write(ctx, r.Store, func(tx *store.Tx) (bool, error) {
		settle(m, err, tx.Now)
		return true, tx.SaveMessage(m)
	})
	return saved
}

func (r *Runner) deliver(ctx context.Context, m *issuer.Message) error {
	old, err := store.Read(ctx, r.Store, func(tx *store.Tx) (bool, error) { return tx.Now.Sub(m.CreatedAt) > mailAge, nil })
	if err != nil {
		return err
	}
	if old {
		return Permanent{errors.New("it is too old to be sent")}
	}
	subject, text, html, err := r.Render(m.Template, json.RawMessage(m.Data))
	if err != nil {
		return Permanent{err}
	}
	ctx, stop := context.WithTimeout(ctx, mailTimeout)
	defer stop()
	return r.Mailer.Send(ctx, Mail{To: m.Recipient, Subject: subject, Text: text, HTML: html})
}

// settle notes the outcome of an attempt. A message that was sent, or never
// will be, keeps no data: it may hold a link that signs in.
func settle(m *issuer.Message, err error, at time.Time) {
	var permanent Permanent
	switch {
	case err == nil:
		m.State, m.SentAt, m.Problem, m.Data = "sent", &at, "", ""
	case errors.As(err, &permanent), m.Attempts > len(pauses):
		m.State, m.Problem, m.Data = "failed", clip(err.Error()), ""
	default:
		m.NextAt, m.Problem = at.Add(pauses[m.Attempts-1]), clip(err.Error())
	}
}

// clip keeps the beginning of a long text.
func clip(text string) string {
	const most = 300
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
