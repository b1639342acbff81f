package issuer

import (
	"fmt"
	"time"
)

// Reminders are how many days before the end of a badge's term its holder is
// told of it, the first first.
var Reminders = []int{90, 30, 7}

// RemindLate is how long after its time a reminder still goes out, where the
// service was away; the last one goes as long as the badge is good.
const RemindLate = 48 * time.Hour

// RemindWindow tells which badges are to be told of at a time: those that end
// after one time and not after another.
func RemindWindow(days int, at time.Time) (after, until time.Time) {
	until = at.AddDate(0, 0, days)
	if days == Reminders[len(Reminders)-1] {
		return at, until
	}
	return until.Add(-RemindLate), until
}

// Reminded tells whether a reminder says something new: not where the term
// began when its end was that near already.
func (a *Award) Reminded(days int) bool {
	return a.State == Issued && a.ValidUntil != nil && a.Since().Before(a.ValidUntil.AddDate(0, 0, -days))
}

// ReminderID is the id of the message of a reminder: there is one in each term,
// whoever makes it and however often.
func (a *Award) ReminderID(days int) MessageID {
	id := fmt.Sprintf("REMIND-%d-%s", days, a.ID)
	if a.Term > 0 {
		id += fmt.Sprintf("-%d", a.Term)
	}
	return MessageID(id)
}
