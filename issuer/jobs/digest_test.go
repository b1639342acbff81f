package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// addPerson adds someone in Tokyo, where it is 18:00 when a test begins.
func (r *Runner) addPerson(t *testing.T, id issuer.PersonID, choices ...issuer.MailChoice) {
	t.Helper()
	r.must(t, func(tx *store.Tx) error {
		if err := tx.AddPerson(&issuer.Person{ID: id, IssuerID: us, Name: "Ann", TimeZone: "Asia/Tokyo", Locale: "en", CreatedAt: tx.Now}); err != nil {
			return err
		}
		for _, c := range choices {
			c.PersonID, c.IssuerID = id, us
			if err := tx.SaveMailChoice(&c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Runner) queueFor(t *testing.T, to issuer.PersonID, n int, template string) {
	t.Helper()
	r.must(t, func(tx *store.Tx) error {
		for i := range n {
			id := issuer.MessageID(fmt.Sprintf("%s-%s-%02d", to, template, i))
			if err := tx.AddMessage(&issuer.Message{ID: id, IssuerID: us, PersonID: to, Kind: "mail", Recipient: strings.ToLower(string(to)) + "@example.org", Template: template,
				Data: fmt.Sprintf(`{"Name":"Ann","Link":"https://badges.example.org/%d"}`, i), State: "queued", NextAt: tx.Now, CreatedAt: tx.Now}); err != nil {
				return err
			}
		}
		return nil
	})
}

// standings counts the messages by where they stand.
func (r *Runner) standings(t *testing.T) map[issuer.Standing]int {
	t.Helper()
	counts := map[issuer.Standing]int{}
	for _, m := range read(t, r, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 1000) }) {
		counts[m.Standing()]++
	}
	for _, s := range issuer.Standings { // the store finds the same
		n := len(read(t, r, func(tx *store.Tx) ([]issuer.Message, error) { return tx.MessagesIn(s, "", 1000) }))
		if n != counts[s] {
			t.Errorf("%d messages are %s, the store finds %d", counts[s], s, n)
		}
	}
	return counts
}

// TestDigest: of forty mails at once the first few go by themselves and the
// others as one; what is about signing in goes whatever there is.
func TestDigest(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, c *clock) {
		p := &post{}
		r.Mailer, r.Render = p, render
		r.addPerson(t, "ANN")
		r.addPerson(t, "BOB")
		r.queueFor(t, "ANN", 40, "badge-issued")
		r.queueFor(t, "BOB", 2, "badge-issued")
		r.queueFor(t, "ANN", 1, "sign-in")
		do(t, r.Send)
		want := map[issuer.Standing]int{issuer.MailSent: issuer.FloodAfter + 2 + 1, issuer.MailWaits: 40 - issuer.FloodAfter}
		if diff := cmp.Diff(want, r.standings(t)); diff != "" {
			t.Error(diff)
		}
		c.forward(issuer.FloodPause)
		p.sent = nil
		do(t, r.Send)
		want = map[issuer.Standing]int{issuer.MailSent: issuer.FloodAfter + 2 + 1 + 1, issuer.MailBundled: 40 - issuer.FloodAfter}
		if diff := cmp.Diff(want, r.standings(t)); diff != "" {
			t.Error(diff)
		}
		var said digest
		if len(p.sent) != 1 || p.sent[0].Subject != "About digest" || p.sent[0].Stop == "" {
			t.Fatalf("sent %+v", p.sent)
		}
		if err := json.Unmarshal([]byte(strings.TrimPrefix(p.sent[0].Text, "Data: ")), &said); err != nil || len(said.Items) != 40-issuer.FloodAfter || said.Items[0].Link == "" || said.Name != "Ann" {
			t.Errorf("%v %+v", err, said)
		}
	})
}

// TestLanguages: a mail, and what a digest brings, are in the language of who
// reads them as of the moment they go.
func TestLanguages(t *testing.T) {
	r, c := runner(t, filepath.Join(t.TempDir(), "hallmark.db"))
	p := &post{}
	r.Mailer = p
	r.Render = func(language, template string, data json.RawMessage) (string, string, string, error) {
		return language + ":" + template, string(data), "", nil
	}
	r.addPerson(t, "ANN")
	r.addPerson(t, "BOB")
	r.queueFor(t, "ANN", issuer.FloodAfter+2, "badge-issued")
	r.queueFor(t, "BOB", 1, "badge-issued")
	r.must(t, func(tx *store.Tx) error {
		ann, err := tx.Person("ANN")
		if err != nil {
			return err
		}
		ann.Locale = "ar"
		return tx.SavePerson(ann)
	})
	do(t, r.Send)
	c.forward(issuer.FloodPause)
	do(t, r.Send)
	counts, digested := map[string]int{}, ""
	for _, m := range p.sent {
		counts[m.Subject]++
		if m.Subject == "ar:digest" {
			digested = m.Text
		}
	}
	if diff := cmp.Diff(map[string]int{"ar:badge-issued": issuer.FloodAfter, "en:badge-issued": 1, "ar:digest": 1}, counts); diff != "" || strings.Count(digested, `"ar:badge-issued"`) != 2 {
		t.Errorf("%s\n%s", diff, digested)
	}
}

// TestChoices: mails that someone stopped do not go, daily ones wait for their
// morning, others go at once.
func TestChoices(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, c *clock) {
		p := &post{}
		r.Mailer, r.Render = p, render
		r.addPerson(t, "ANN", issuer.MailChoice{Moment: "badge-issued", Choice: issuer.MailDaily}, issuer.MailChoice{Moment: "badge-ending", Choice: issuer.MailOff})
		r.queueFor(t, "ANN", 3, "badge-issued")
		r.queueFor(t, "ANN", 1, "badge-ending")
		r.queueFor(t, "ANN", 1, "badge-revoked")
		do(t, r.Send)
		if diff := cmp.Diff(map[issuer.Standing]int{issuer.MailSent: 1, issuer.MailWaits: 3, issuer.MailStopped: 1}, r.standings(t)); diff != "" {
			t.Error(diff)
		}
		c.forward(13*time.Hour - time.Second) // 07:00 in Tokyo is 22:00 UTC
		do(t, r.Send)
		if len(p.sent) != 1 {
			t.Errorf("too early: %+v", p.sent)
		}
		c.forward(time.Second)
		do(t, r.Send)
		if len(p.sent) != 2 || p.sent[1].Subject != "About digest" {
			t.Errorf("sent %+v", p.sent)
		}
	})
}

// TestOneHeld: what waits alone goes as it is, and a broken mail holds up nobody.
func TestOneHeld(t *testing.T) {
	r, c := runner(t, t.TempDir()+"/hallmark.db")
	p := &post{}
	r.Mailer = p
	r.Render = func(language, template string, data json.RawMessage) (string, string, string, error) {
		if strings.Contains(string(data), "/1\"") {
			template = "broken"
		}
		return render(language, template, data)
	}
	r.addPerson(t, "ANN", issuer.MailChoice{Moment: "badge-issued", Choice: issuer.MailDaily})
	r.addPerson(t, "BOB", issuer.MailChoice{Moment: "badge-issued", Choice: issuer.MailDaily})
	r.queueFor(t, "ANN", 3, "badge-issued")
	r.queueFor(t, "BOB", 1, "badge-issued")
	do(t, r.Send)
	c.forward(24 * time.Hour)
	do(t, r.Send)
	do(t, r.Send)
	if diff := cmp.Diff(map[issuer.Standing]int{issuer.MailSent: 2, issuer.MailBundled: 2, issuer.MailGivenUp: 1}, r.standings(t)); diff != "" {
		t.Error(diff)
	}
}

// TestSameMail: every attempt at a mail carries the same id and the same link to
// stop it, and a server that does not know the address ends it as bounced.
func TestSameMail(t *testing.T) {
	r, c := runner(t, t.TempDir()+"/hallmark.db")
	var tried []Mail
	p := &post{err: errors.New("connection lost after DATA")}
	r.Render = render
	r.Mailer = sender(func(m Mail) error { tried = append(tried, m); return p.err })
	r.addPerson(t, "ANN")
	r.queueFor(t, "ANN", 1, "badge-issued")
	for range 3 {
		do(t, r.Send)
		c.forward(time.Hour)
	}
	if len(tried) != 3 || tried[0] != tried[1] || tried[1] != tried[2] || tried[0].Stop == "" || tried[0].ID != strings.ToLower(r.message(t).Mark)+"@badges.example.org" {
		t.Errorf("%+v", tried)
	}
	p.err = Refused{errors.New("550 5.1.1 no such mailbox")}
	do(t, r.Send)
	if m := r.message(t); m.Standing() != issuer.MailBounced || !m.Resendable() || m.Problem == "" {
		t.Errorf("%+v", m)
	}
}

type sender func(m Mail) error

func (f sender) Send(_ context.Context, m Mail) error { return f(m) }
