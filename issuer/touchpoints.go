package issuer

import (
	"slices"
	"time"
)

// Touchpoint is a date of a cohort with one of its mentors.
type Touchpoint struct {
	ID          TouchpointID
	IssuerID    IssuerID
	CohortID    CohortID
	Kind        TouchpointKind
	Title       string // for everyone in the cohort
	At          time.Time
	HostID      PersonID // the mentor whom it is with
	Notes       string   // for mentors and who runs the program
	CreatedBy   string   // Caller.Actor
	CreatedAt   time.Time
	CancelledAt *time.Time
}

// TouchpointKind says what a touchpoint is for.
type TouchpointKind string

// TouchpointKinds lists every kind there is.
var TouchpointKinds = []TouchpointKind{"check-in", "code-review", "demo"}

// Presence tells whether someone was there.
type Presence string

// Presences lists the answers; "" is "nobody noted it".
var Presences = []Presence{"present", "absent", "excused"}

// Attendance is whether a learner came to a touchpoint.
type Attendance struct {
	TouchpointID TouchpointID
	PersonID     PersonID
	IssuerID     IssuerID
	State        Presence
	NotedAt      time.Time
}

// ReadMoment reads a date and a time of the clock, "2026-11-21T09:30", as
// someone in a zone means them.
func ReadMoment(s string, zone *time.Location) (time.Time, error) {
	at, err := time.ParseInLocation("2006-01-02T15:04", s, zone)
	if err != nil || at.Year() < 2000 || at.Year() > 2100 {
		return time.Time{}, Wrong("at", "“%s” is not a date and time; write it as 2026-11-21T09:30.", shorten(s))
	}
	return at.UTC(), nil
}

// CheckKind refuses a kind that there is not.
func (t *Touchpoint) CheckKind() error {
	if !slices.Contains(TouchpointKinds, t.Kind) {
		return Wrong("kind", "Choose what it is: a check-in, a code review or a demo.")
	}
	return nil
}
