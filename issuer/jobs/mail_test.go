package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// post is a mailer that does what it is told.
type post struct {
	sent []Mail
	err  error
}

func (p *post) Send(_ context.Context, m Mail) error {
	if p.err == nil {
		p.sent = append(p.sent, m)
	}
	return p.err
}

func render(_, template string, data json.RawMessage) (subject, text, html string, err error) {
	if template == "broken" {
		return "", "", "", errors.New("no such template")
	}
	return "About " + template, "Data: " + string(data), "<p>", nil
}

func (r *Runner) queue(t *testing.T, id issuer.MessageID, template string) {
	t.Helper()
	r.must(t, func(tx *store.Tx) error {
		return tx.AddMessage(&issuer.Message{ID: id, IssuerID: us, Kind: "mail", Recipient: "ann@example.org", Template: template,
			Data: `{"link":"secret"}`, State: "queued", NextAt: tx.Now, CreatedAt: tx.Now})
	})
}

func (r *Runner) message(t *testing.T) issuer.Message {
	t.Helper()
	messages := read(t, r, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 10) })
	if len(messages) != 1 {
		t.Fatalf("%d messages", len(messages))
	}
	return messages[0]
}

func TestSend(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		r.queue(t, "M", "sign-in")
		do(t, r.Send) // no mailer: it waits
		if m := r.message(t); m.State != "queued" || m.Attempts != 0 {
			t.Errorf("without a mailer: %+v", m)
		}
		p := &post{}
		r.Mailer, r.Render = p, render
		do(t, r.Send)
		do(t, r.Send)
		if len(p.sent) != 1 || p.sent[0] != (Mail{To: "ann@example.org", Subject: "About sign-in", Text: `Data: {"link":"secret"}`, HTML: "<p>", ID: strings.ToLower(r.message(t).Mark) + "@badges.example.org"}) {
			t.Errorf("sent %+v", p.sent)
		}
		if m := r.message(t); m.State != "sent" || m.SentAt == nil || m.Data != "" || m.Problem != "" {
			t.Errorf("message %+v", m)
		}
	})
}

func TestSendAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, c *clock) {
		p := &post{err: errors.New("server is away")}
		r.Mailer, r.Render = p, render
		r.queue(t, "M", "sign-in")
		for i, pause := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour} {
			do(t, r.Send)
			if m := r.message(t); m.State != "queued" || m.Attempts != i+1 || !m.NextAt.Equal(c.Now().Add(pause)) || m.Problem != "server is away" {
				t.Fatalf("attempt %d: %+v", i+1, m)
			}
			c.forward(pause - time.Second)
			do(t, r.Send)
			if m := r.message(t); m.Attempts != i+1 {
				t.Fatalf("attempt %d came too early", i+2)
			}
			c.forward(time.Second)
		}
		do(t, r.Send)
		if m := r.message(t); m.State != "failed" || m.Attempts != 8 || m.Data != "" {
			t.Errorf("after the last attempt: %+v", m)
		}
	})
}

func TestNotSentEver(t *testing.T) {
	tests := []struct {
		name     string
		template string
		err      error
		later    time.Duration
	}{
		{"refused for good", "sign-in", Permanent{errors.New("no such mailbox")}, 0},
		{"broken template", "broken", nil, 0},
		{"old", "sign-in", nil, 73 * time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, c := runner(t, t.TempDir()+"/hallmark.db")
			p := &post{err: test.err}
			r.Mailer, r.Render = p, render
			r.queue(t, "M", test.template)
			c.forward(test.later)
			do(t, r.Send)
			if m := r.message(t); m.State != "failed" || m.Attempts != 1 || m.Problem == "" || (m.Data != "") != m.Resendable() || m.Resendable() != (test.template == "broken") || len(p.sent) != 0 {
				t.Errorf("%+v, sent %v", m, p.sent)
			}
		})
	}
}

// TestStoppedWhileSending ends the program in the middle of a mail: the mail
// is due again after a while.
func TestStoppedWhileSending(t *testing.T) {
	r, c := runner(t, t.TempDir()+"/hallmark.db")
	ctx, stop := context.WithCancel(t.Context())
	r.Render = render
	r.Mailer = mailer(func(ctx context.Context) error { stop(); return ctx.Err() })
	r.queue(t, "M", "sign-in")
	if err := r.Send(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("send: %v", err)
	}
	p := &post{}
	r.Mailer = p
	do(t, r.Send)
	c.forward(mailLease)
	do(t, r.Send)
	if m := r.message(t); m.State != "sent" || m.Attempts != 2 || len(p.sent) != 1 {
		t.Errorf("%+v, sent %v", m, p.sent)
	}
}

type mailer func(ctx context.Context) error

func (f mailer) Send(ctx context.Context, _ Mail) error { return f(ctx) }
