package jobs

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Mail is a message ready to go.
type Mail struct {
	To, Subject, Text, HTML string
	ID                      string // the same at every attempt, without <>; "" lets the mailer make one
	Stop                    string // address that takes a POST to stop mails of its kind; "" for those that always go
}

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

// Refused wraps the error of a mail that the server of its reader does not take:
// it bounced. It is Permanent, too.
type Refused struct{ Err error }

func (r Refused) Error() string { return r.Err.Error() }

// Unwrap gives the error as one that is permanent.
func (r Refused) Unwrap() error { return Permanent(r) }

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
		type claim struct {
			mine bool // no other copy of the program sends them, nor were they just sent
			due  []issuer.Message
		}
		c, err := store.Write(ctx, r.Store, func(tx *store.Tx) (claim, error) {
			if mine, err := tx.TryLock("mail"); err != nil || !mine {
				return claim{}, err
			}
			claimed, err := tx.ClaimMessages("mail", mailsAtOnce, mailLease)
			if err != nil || len(claimed) == 0 {
				return claim{}, err
			}
			due, err := r.sift(tx, claimed)
			return claim{true, due}, err
		})
		if err != nil || !c.mine {
			return err
		}
		for i := range c.due {
			if err := r.sendOne(ctx, &c.due[i]); err != nil {
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
		settled := *m // this may be run again
		settle(&settled, err, tx.Now)
		return true, tx.SaveMessage(&settled)
	})
	return saved
}

func (r *Runner) deliver(ctx context.Context, m *issuer.Message) error {
	old := false
	language, err := store.Read(ctx, r.Store, func(tx *store.Tx) (string, error) {
		old = tx.Now.Sub(m.CreatedAt) > mailAge
		return languageOf(tx, m)
	})
	if err != nil {
		return err
	}
	if old {
		return Permanent{errors.New("it is too old to be sent")}
	}
	mail, err := r.written(m, language)
	if err != nil {
		return Permanent{err}
	}
	ctx, stop := context.WithTimeout(ctx, mailTimeout)
	defer stop()
	return r.Mailer.Send(ctx, mail)
}

// languageOf is the language of who gets a message, as of now.
func languageOf(tx *store.Tx, m *issuer.Message) (string, error) {
	if m.PersonID == "" {
		var said struct{ Language string } // that who has no account asked in
		err := json.Unmarshal([]byte(m.Data), &said)
		if err != nil {
			return "", nil // written says what is wrong with it
		}
		return said.Language, nil
	}
	p, err := tx.Person(m.PersonID)
	if err != nil {
		return "", err
	}
	return p.Locale, nil
}

// written is a message in words of a language. Its id is the mark of the row, so that a mail that
// went twice is one to programs that read mail (RFC 5322 §3.6.4), and who did not
// get the mail cannot name it.
func (r *Runner) written(m *issuer.Message, language string) (Mail, error) {
	mail := Mail{To: m.Recipient, ID: strings.ToLower(cmp.Or(m.Mark, string(m.ID))) + "@" + r.host()}
	data := json.RawMessage(m.Data)
	if m.Stop != "" {
		mail.Stop = r.BaseURL + "/mail/stop?t=" + m.Stop
		var said map[string]any
		if err := json.Unmarshal(data, &said); err != nil {
			return mail, fmt.Errorf("read mail: %w", err)
		}
		said["Stop"] = mail.Stop
		var err error
		if data, err = json.Marshal(said); err != nil {
			return mail, fmt.Errorf("encode mail: %w", err)
		}
	}
	var err error
	mail.Subject, mail.Text, mail.HTML, err = r.Render(language, m.Template, data)
	return mail, err
}

// host is the name of this installation in ids of mails.
func (r *Runner) host() string {
	u, err := url.Parse(r.BaseURL)
	if err != nil || u.Hostname() == "" || strings.Contains(u.Hostname(), ":") {
		return "hallmark.invalid" // RFC 2606 §2
	}
	return u.Hostname()
}

// settle notes the outcome of an attempt. A message that was sent keeps no data,
// and one that never will be only if it can be sent again by hand: it may hold a
// link that signs in.
func settle(m *issuer.Message, err error, at time.Time) {
	var permanent Permanent
	var refused Refused
	switch {
	case err == nil:
		m.State, m.SentAt, m.Problem, m.Data = "sent", &at, "", ""
	case errors.As(err, &permanent), m.Attempts > len(pauses):
		m.State, m.Problem = "failed", clip(err.Error())
		if errors.As(err, &refused) {
			m.BouncedAt = &at
		}
		if issuer.Moment(m.Template).Secret() {
			m.Data = ""
		}
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
