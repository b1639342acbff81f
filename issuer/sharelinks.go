package issuer

import "time"

// ShareLink shows one badge to whoever has the link, until it expires or is
// ended. It is its holder's word for that time, so it works for a badge that
// they took down, too.
type ShareLink struct {
	ID        ShareLinkID
	IssuerID  IssuerID
	AwardID   AwardID
	Label     string // whom it is for, as its holder remembers it
	Hash      string // SHA-256 of a random secret, hex
	Opened    int    // how often
	ExpiresAt time.Time
	CreatedAt time.Time
	EndedAt   *time.Time
}

// The most open links that a badge can have, the most days one can be open, and
// the most characters of a label.
const (
	MaxShareLinks = 20
	MaxShareDays  = 366
	MaxShareLabel = 100
)

// Open tells whether the link still shows the badge.
func (l *ShareLink) Open(at time.Time) bool { return l.EndedAt == nil && at.Before(l.ExpiresAt) }

// End ends the link. Ending again changes nothing.
func (l *ShareLink) End(at time.Time) (changed bool) {
	if l.EndedAt != nil {
		return false
	}
	l.EndedAt = &at
	return true
}

// BadgeView counts how often the page of a badge was looked at on a day, in UTC.
type BadgeView struct {
	AwardID  AwardID
	OnDay    Day
	IssuerID IssuerID
	Seen     int
}
