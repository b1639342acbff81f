package registrar

import (
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
)

// TestRemind: who holds a badge with a term is told 90, 30 and 7 days before it
// ends, once each, and not of what was earned when its end was near or does not
// count any more.
func TestRemind(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { remind(t, newCast(t, k)) })
}

func remind(t *testing.T, c *cast) {
	ctx, day := t.Context(), 24*time.Hour
	for _, who := range []string{"lea", "max"} {
		c.complete(who, "M2", "2026-11-21", "90") // good until 2028-11-21
		c.complete(who, "M1", "2026-11-21", "")   // for ever
	}
	if _, err := c.RevokeCredential(ctx, c.as("owen"), c.current("max", "M2")[0], StatusChange{Code: "other"}); err != nil {
		t.Fatal(err)
	}
	c.complete("ola", "M2", "2024-12-01", "90") // ends in 10 days: no one is told of 90 or 30
	told := func() int {
		t.Helper()
		parallel(t, 3, func(int) error { return c.Remind(ctx) })
		return len(c.mailed(t, "badge-ending"))
	}
	if n := told(); n != 0 {
		t.Errorf("%d reminders on the first day", n)
	}
	c.later(4 * day)
	if m := c.mailed(t, "badge-ending"); told() != 1 {
		t.Errorf("before the badge that ends in December 2026: %+v", m)
	}
	end := time.Date(2028, 11, 21, 23, 59, 59, 0, time.UTC)
	for _, test := range []struct {
		before time.Duration
		want   int
	}{{91 * day, 1}, {90 * day, 2}, {89 * day, 2}, {60 * day, 2}, {29 * day, 3}, {8 * day, 3}, {3 * day, 4}, {time.Hour, 4}, {-day, 4}} {
		c.later(end.Add(-test.before).Sub(c.now()))
		if n := told(); n != test.want {
			t.Errorf("%s before the end: %d reminders, want %d", test.before, n, test.want)
		}
	}
	for _, m := range c.mailed(t, "badge-ending") {
		if m.Recipient == "max@example.org" || m.Recipient == "lea@example.org" && !strings.Contains(m.Data, `"Until":"2028-11-21"`) {
			t.Errorf("%+v", m)
		}
	}
}

// TestRemindLate: a service that was away for longer does not tell of days that
// have passed, but for the last reminder.
func TestRemindLate(t *testing.T) {
	end := time.Date(2028, 11, 21, 23, 59, 59, 0, time.UTC)
	a := issuer.Award{State: issuer.Issued, ValidUntil: &end, CreatedAt: end.AddDate(0, 0, -60)}
	for _, test := range []struct {
		days, before int
		due          bool
	}{{90, 90, false}, {30, 31, false}, {30, 30, true}, {30, 29, true}, {30, 27, false}, {7, 8, false}, {7, 7, true}, {7, 1, true}, {7, 0, false}} {
		after, until := issuer.RemindWindow(test.days, end.AddDate(0, 0, -test.before))
		if due := a.Reminded(test.days) && end.After(after) && !end.After(until); due != test.due {
			t.Errorf("%d days before, %d days are told of: %v", test.before, test.days, due)
		}
	}
}
