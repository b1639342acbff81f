package registrar

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// sentMail has all mails sent, and gives the one about the badge of a capstone.
func (c *cast) sentMail(who string) issuer.Message {
	c.t.Helper()
	_, badge := c.capstoneBadge(who)
	var found issuer.Message
	c.write(func(tx *store.Tx) error {
		claimed, err := tx.ClaimMessages("mail", 1000, time.Minute)
		for i := range claimed {
			m := &claimed[i]
			m.State, m.SentAt, m.Data = "sent", &tx.Now, ""
			if err == nil {
				err = tx.SaveMessage(m)
			}
			if m.ID == issuedLetter(badge) {
				found = *m
			}
		}
		return err
	})
	if found.Mark == "" || len(found.Mark) < 26 {
		c.t.Fatalf("the mail about the badge: %+v", found)
	}
	return found
}

// capstoneBadge has someone's capstone approved, and gives it with its badge.
func (c *cast) capstoneBadge(who string) (issuer.CapstoneID, issuer.CredentialID) {
	c.t.Helper()
	id := c.handIn("C1", who)
	r, err := c.ReviewCapstone(c.t.Context(), c.as("lee"), id, NewReview{Submission: 1, Decision: issuer.Approve, Scores: issuer.Scores{"build": "sound"}})
	c.must(err)
	if len(r.Credentials) == 0 {
		c.t.Fatal("no badge")
	}
	return id, r.Credentials[0].ID
}

// TestRecordBounce: a report finds its mail by the mark, says what became of it to
// who looks after mails and to who waits for it, and once.
func TestRecordBounce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		m := c.sentMail("lea")
		report := func(action issuer.MailAction, status string) *BounceResult {
			t.Helper()
			r, err := c.RecordBounce(ctx, c.as("root"), issuer.Bounce{Mark: m.Mark, Action: action, Status: status})
			c.must(err)
			return r
		}
		standing := func() (issuer.Standing, string) {
			t.Helper()
			home, err := c.Home(ctx, c.as("lea"))
			c.must(err)
			list, err := c.Registrar.Mails(ctx, c.as("root"), "", "")
			c.must(err)
			for _, v := range list.Items {
				if v.ID == m.ID {
					return home.Capstones[0].Letter, v.Problem
				}
			}
			t.Fatal("the mail is not listed")
			return "", ""
		}
		for _, step := range []struct {
			action  issuer.MailAction
			status  string
			changed bool
			is      issuer.Standing
			problem string
		}{
			{issuer.DeliveryDelayed, "4.2.2", true, issuer.MailSent, "not taken it yet (4.2.2)"},
			{issuer.DeliveryDelayed, "4.2.2", false, issuer.MailSent, "not taken it yet (4.2.2)"},
			{issuer.DeliveryMade, "2.1.5", true, issuer.MailSent, ""},
			{issuer.DeliveryFailed, "5.1.1", true, issuer.MailBounced, "It came back (5.1.1)."},
			{issuer.DeliveryFailed, "5.1.1", false, issuer.MailBounced, "It came back (5.1.1)."},
			{issuer.DeliveryMade, "2.1.5", false, issuer.MailBounced, "It came back (5.1.1)."},
		} {
			r := report(step.action, step.status)
			is, problem := standing()
			if r.Changed != step.changed || r.Standing != step.is || is != step.is || !strings.Contains(problem, step.problem) || (step.problem == "") != (problem == "") {
				t.Errorf("%s %s: %+v, the learner reads %s, the owner %q", step.action, step.status, r, is, problem)
			}
		}
		for _, mark := range []string{"", "NONE", strings.ToUpper(string(m.ID)), m.Mark[1:]} {
			if _, err := c.RecordBounce(ctx, c.as("root"), issuer.Bounce{Mark: mark, Action: issuer.DeliveryFailed}); !errors.Is(err, issuer.NotFound) {
				t.Errorf("%q: %v", mark, err)
			}
		}
	})
}

// TestReport: what is given up after faults that pass is no bounce, and what never
// went cannot come back.
func TestReport(t *testing.T) {
	at := time.Now()
	m := issuer.Message{State: "sent"}
	if !m.Report(issuer.Bounce{Action: issuer.DeliveryFailed, Status: "4.4.7"}, at) || m.Standing() != issuer.MailGivenUp || m.BouncedAt != nil {
		t.Errorf("%+v", m)
	}
	for _, m := range []issuer.Message{{State: "queued"}, {State: "sent", Withheld: "digest"}, {State: "failed", BouncedAt: &at}} {
		if was := m; m.Report(issuer.Bounce{Action: issuer.DeliveryFailed}, at) || m != was {
			t.Errorf("%+v", m)
		}
	}
}

// aMark is the mark of some mail that went.
func (c *cast) aMark() (mark string) {
	c.t.Helper()
	c.write(func(tx *store.Tx) error {
		now := tx.Now
		m := &issuer.Message{ID: "ODD", IssuerID: c.issuerOf(tx), Kind: "mail", Recipient: "x@example.org", Template: "sign-in", Data: "{}", State: "queued", NextAt: now, CreatedAt: now}
		if _, err := tx.AddMessageOnce(m); err != nil {
			return err
		}
		claimed, err := tx.ClaimMessages("mail", 1000, 0)
		for _, m := range claimed {
			if m.ID == "ODD" {
				mark = m.Mark
			}
		}
		return err
	})
	return mark
}
