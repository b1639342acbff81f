package issuer

import "time"

// Retention is how long some records are kept; a zero takes the usual time. Records
// that badges rest on, and the audit trail, are kept as long as the installation.
type Retention struct {
	Mails    time.Duration // what was mailed to whom, once it was sent or given up
	Browsers time.Duration // which browsers someone signed in with, since they last did
	Concerns time.Duration // a concern that was closed
	Drafts   time.Duration // reviews that were begun and not sent, since they were last saved
}

const retentionDay = 24 * time.Hour

// ShortestRetention is the least that a configuration may say.
const ShortestRetention = retentionDay

// Usual fills in what is left out.
func (r Retention) Usual() Retention {
	for _, t := range []struct {
		chosen *time.Duration
		usual  time.Duration
	}{{&r.Mails, 365 * retentionDay}, {&r.Browsers, 365 * retentionDay}, {&r.Concerns, ConcernLife}, {&r.Drafts, 90 * retentionDay}} {
		if *t.chosen == 0 {
			*t.chosen = t.usual
		}
	}
	return r
}
