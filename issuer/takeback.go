package issuer

import "time"

// Grace is how long an approval can be taken back by who gave it. Afterwards it
// is final, and trouble is a revocation per person.
const Grace = 10 * time.Minute

// TakeBackUntil is when a decision can no longer be taken back; zero if it
// cannot now.
func (r *Review) TakeBackUntil(at time.Time) time.Time {
	until := r.At.Add(Grace)
	if r.Decision != Approve || r.TakenBackAt != nil || !at.Before(until) {
		return time.Time{}
	}
	return until
}

// TakeBack undoes a mentor's approval of the current submission, which waits
// again: what it issued is to be revoked. It changes nothing if it refuses.
func (c *Capstone) TakeBack(r *Review, by PersonID, at time.Time) error {
	switch {
	case by == "" || r.ReviewerID != by:
		return Refuse(Forbidden, "Only who gave an approval can take it back.")
	case r.TakenBackAt != nil:
		return Refuse(Conflict, "You took this approval back already.")
	case r.Decision != Approve:
		return Refuse(Conflict, "Only an approval can be taken back. The team can hand in again after a return.")
	case r.TakeBackUntil(at).IsZero():
		return Refuse(Conflict, "An approval can be taken back for %d minutes. Who runs the program can revoke the badges that came of it.", int(Grace.Minutes()))
	case r.Submission != c.Submission || c.State != Submitted && c.State != Approved:
		return Refuse(Conflict, "The team has gone on since; this approval does not count any more.")
	}
	r.TakenBackAt = &at
	if c.State == Approved {
		c.State, c.ChangedAt = Submitted, at
	}
	return nil
}
