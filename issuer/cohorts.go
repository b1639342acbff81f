package issuer

import "time"

// Close lets nobody new in. Closing again changes nothing.
func (c *Cohort) Close(at time.Time) (changed bool) {
	if c.ClosedAt != nil {
		return false
	}
	c.ClosedAt = &at
	return true
}

// Archive makes a closed cohort one that is only read.
func (c *Cohort) Archive(at time.Time) (changed bool, err error) {
	switch {
	case c.ArchivedAt != nil:
		return false, nil
	case c.ClosedAt == nil:
		return false, Refuse(Conflict, "Close this cohort before you archive it.")
	}
	c.ArchivedAt = &at
	return true, nil
}

// Reopen undoes both.
func (c *Cohort) Reopen() (changed bool) {
	changed = c.ClosedAt != nil
	c.ClosedAt, c.ArchivedAt = nil, nil
	return changed
}

// Admits refuses whoever wants to come in while nobody may.
func (c *Cohort) Admits() error {
	if c.ClosedAt != nil {
		return Wrong("cohort", "The cohort “%s” is closed: nobody new comes in until it is opened again.", c.Name)
	}
	return nil
}

// Writable refuses changes of what is archived.
func (c *Cohort) Writable() error {
	if c.ArchivedAt != nil {
		return Refuse(Conflict, "The cohort “%s” is archived: it is only read until it is opened again.", c.Name)
	}
	return nil
}

// JoinLink lets people join a cohort by themselves: so many of them, until it
// expires or is closed.
type JoinLink struct {
	ID        JoinLinkID
	IssuerID  IssuerID
	CohortID  CohortID
	Hash      string // SHA-256 of a random secret, hex
	Places    int
	Used      int
	ExpiresAt time.Time
	CreatedBy PersonID // "" for the service itself
	CreatedAt time.Time
	ClosedAt  *time.Time
}

// The most that a link can let in, and the most days it can be open.
const (
	MaxJoinPlaces = 1000
	MaxJoinDays   = 366
)

// Open tells whether someone can join by the link.
func (l *JoinLink) Open(at time.Time) bool {
	return l.ClosedAt == nil && at.Before(l.ExpiresAt) && l.Used < l.Places
}

// Take takes a place. A link that is not open any more gives none.
func (l *JoinLink) Take(at time.Time) error {
	if !l.Open(at) {
		return Refuse(NotFound, "This link is not open any more. Ask whoever gave it to you for a new one.")
	}
	l.Used++
	return nil
}

// Close ends a link. Closing again changes nothing.
func (l *JoinLink) Close(at time.Time) (changed bool) {
	if l.ClosedAt != nil {
		return false
	}
	l.ClosedAt = &at
	return true
}
