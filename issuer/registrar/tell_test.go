package registrar

import (
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
)

// tells lets the duty run several times at once, and gives how many mails of a
// kind there are by now for someone, "" for all.
func (c *cast) tells(t *testing.T, template, who string) (n int) {
	t.Helper()
	parallel(t, 2, func(int) error { return c.TellInTime(t.Context()) })
	for _, m := range c.mailed(t, template) {
		if who == "" || m.PersonID == c.ids[who] {
			n++
		}
	}
	return n
}

// TestClaimEnds: the mentor of a claim is told once that it ends soon, however
// often they renew it, and of each end, as long as it waits for them.
func TestClaimEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		one, two := c.handIn("C1", "lea"), c.handIn("C1", "max")
		claim := func(who string, id issuer.CapstoneID) {
			t.Helper()
			_, err := c.ClaimCapstone(ctx, c.as(who), id, NewClaim{})
			c.must(err)
		}
		claim("lee", one)
		claim("com", two)
		if n := c.tells(t, "claim-ending", ""); n != 0 {
			t.Errorf("%d are told at once", n)
		}
		c.later(issuer.ClaimLasts - issuer.ClaimNear - time.Minute)
		_, err := c.ReleaseCapstone(ctx, c.as("com"), two)
		c.must(err)
		c.later(2 * time.Minute)
		if n := c.tells(t, "claim-ending", "lee"); n != 1 || c.tells(t, "claim-ending", "") != 1 {
			t.Errorf("half an hour before: %d mails", n)
		}
		if m := c.mailed(t, "claim-ending")[0]; m.Recipient != "lee@example.org" || !strings.Contains(m.Data, "/review/"+string(one)) {
			t.Errorf("%+v", m)
		}
		claim("lee", one)
		c.later(issuer.ClaimLasts - time.Minute)
		if n := c.tells(t, "claim-ending", ""); n != 1 {
			t.Errorf("renewed: %d mails", n)
		}
		if n := c.tells(t, "claim-ended", ""); n != 0 {
			t.Errorf("before it ended: %d mails", n)
		}
		c.later(2 * time.Minute)
		if n := c.tells(t, "claim-ended", "lee"); n != 1 || c.tells(t, "claim-ended", "") != 1 {
			t.Errorf("ended: %d mails", n)
		}
		claim("lee", one)
		c.later(issuer.ClaimLasts + issuer.ClaimLate + time.Minute)
		if n := c.tells(t, "claim-ended", ""); n != 1 {
			t.Errorf("long after: %d mails", n)
		}
		claim("lee", one)
		_, err = c.WithdrawCapstone(ctx, c.as("lea"), one)
		c.must(err)
		c.later(issuer.ClaimLasts)
		if n := c.tells(t, "claim-ended", ""); n != 1 {
			t.Errorf("of what was withdrawn: %d mails", n)
		}
	})
}

// TestRoundMails: who is asked in a round is told when it opens and, if they have
// not given everything, before it ends, on days of the cohort; once each.
func TestRoundMails(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, day := newCast(t, k), 24*time.Hour
		c.round(func(r *NewRound) { r.OpensOn, r.ClosesOn = "2026-11-23", "2026-11-26" })
		short := c.round(func(r *NewRound) { r.Title, r.OpensOn, r.ClosesOn = "Short", "2026-11-20", "2026-11-22" })
		learners := short.Asked / 2
		if n := c.tells(t, "feedback-opened", ""); n != learners || c.tells(t, "feedback-ending", "") != 0 {
			t.Fatalf("the round that is open: %d mails to %d learners", n, learners)
		}
		_, err := c.CloseRound(t.Context(), c.as("owen"), short.ID)
		c.must(err)
		c.later(day)
		if n := c.tells(t, "feedback-opened", ""); n != learners {
			t.Errorf("a day before the other: %d mails", n)
		}
		c.later(day)
		if n := c.tells(t, "feedback-opened", "lea"); n != 2 || c.tells(t, "feedback-opened", "") != 2*learners {
			t.Errorf("when it opens: %d mails", n)
		}
		for _, n := range c.feedbackOf("lea").ToGive {
			_, err := c.GiveFeedback(t.Context(), c.as("lea"), n.ID, []string{"Thanks.", ""})
			c.must(err)
		}
		if n := c.tells(t, "feedback-ending", ""); n != 0 {
			t.Errorf("two days before it ends: %d mails", n)
		}
		c.later(2 * day)
		if n := c.tells(t, "feedback-ending", ""); n != learners-1 || c.tells(t, "feedback-ending", "lea") != 0 {
			t.Errorf("a day before it ends: %d mails", n)
		}
		for _, m := range c.mailed(t, "feedback-ending") {
			if !strings.Contains(m.Data, `"Until":"2026-11-26"`) || !strings.Contains(m.Data, "/feedback") {
				t.Errorf("%+v", m)
			}
		}
		c.later(3 * day)
		if n := c.tells(t, "feedback-ending", "") + c.tells(t, "feedback-opened", ""); n != 3*learners-1 {
			t.Errorf("after all: %d mails", n)
		}
	})
}

// TestRoundDue: a round is told of on the days of its cohort, a short one once.
func TestRoundDue(t *testing.T) {
	now := time.Now()
	for _, row := range []struct {
		opens, closes, today, created issuer.Day
		opened                        *time.Time
		want                          string
	}{
		{"2026-11-10", "2026-11-20", "2026-11-09", "2026-11-01", nil, "[]"},
		{"2026-11-10", "2026-11-20", "2026-11-10", "2026-11-01", nil, "[feedback-opened]"},
		{"2026-11-10", "2026-11-20", "2026-11-18", "2026-11-01", &now, "[]"},
		{"2026-11-10", "2026-11-20", "2026-11-19", "2026-11-01", &now, "[feedback-ending]"},
		{"2026-11-10", "2026-11-20", "2026-11-20", "2026-11-01", &now, "[feedback-ending]"},
		{"2026-11-10", "2026-11-20", "2026-11-21", "2026-11-01", &now, "[]"},
		{"2026-11-10", "2026-11-11", "2026-11-10", "2026-11-01", nil, "[feedback-opened]"},
		{"2026-11-10", "2026-11-11", "2026-11-11", "2026-11-01", &now, "[]"},
		{"2026-11-01", "2026-11-20", "2026-11-19", "2026-11-19", &now, "[]"},
	} {
		r := &issuer.FeedbackRound{OpensOn: row.opens, ClosesOn: row.closes, OpenedToldAt: row.opened}
		if got := r.Due(row.today, row.created); "["+joined(got)+"]" != row.want {
			t.Errorf("%s to %s, on %s: %v, want %s", row.opens, row.closes, row.today, got, row.want)
		}
	}
}

func joined(mails []issuer.RoundMail) string {
	var all []string
	for _, m := range mails {
		all = append(all, string(m))
	}
	return strings.Join(all, " ")
}
