package issuer

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Completion is the fact that someone completed a module on a day. Below the
// module's pass mark it is an attempt: recorded, without a badge. The same
// person, module, day and score is the same fact, however often it arrives.
// What it says is never changed: a completion that was wrong is withdrawn, and
// where another one says it right, ReplacedBy names that.
type Completion struct {
	ID              CompletionID
	IssuerID        IssuerID
	PersonID        PersonID
	ModuleID        ModuleID
	ProgramID       ProgramID
	CohortID        CohortID
	CompletedOn     Day    // in the cohort's zone
	Score           string // of knowledge: "92" or "79.9"; "" if none was given
	Unit            string // "percent" or ""
	Passed          bool
	Source          string // "api", "import", "hand"
	RecordedBy      string // Caller.Actor
	RecordedAt      time.Time
	Delivery        Delivery
	Note            string // for mentors and who runs the program
	WithdrawnAt     *time.Time
	WithdrawnBy     string // Caller.Actor
	WithdrawnReason string // its learner may read it
	ReplacedBy      CompletionID
}

// Delivery says how someone delivered in a team, beside what they know; ""
// where nobody said.
type Delivery string

// Deliveries are the levels, from low to high.
var Deliveries = []Delivery{"not-yet", "sound", "strong"}

// CleanDelivery reads a level, in any case and with a blank for the hyphen.
func CleanDelivery(s string) (Delivery, error) {
	d := Delivery(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), " ", "-"))
	if d != "" && !slices.Contains(Deliveries, d) {
		return "", Wrong("delivery", "“%s” is not a level of delivery; there are not-yet, sound and strong.", shorten(s))
	}
	return d, nil
}

// Withdraw takes a completion back; by is Caller.Actor.
func (c *Completion) Withdraw(by, reason string, at time.Time) error {
	if c.WithdrawnAt != nil {
		return Refuse(Conflict, "This completion was withdrawn already.")
	}
	if reason == "" {
		return Wrong("reason", "Say what was wrong with the completion; its learner reads it.")
	}
	c.WithdrawnAt, c.WithdrawnBy, c.WithdrawnReason = &at, by, reason
	return nil
}

// Reinstate makes a completion that was withdrawn stand again, as someone says
// who records it once more.
func (c *Completion) Reinstate(by string, at time.Time) {
	c.WithdrawnAt, c.WithdrawnBy, c.WithdrawnReason, c.ReplacedBy = nil, "", "", ""
	c.RecordedBy, c.RecordedAt = by, at
}

// Earns tells whether the completion stands and passes.
func (c *Completion) Earns() bool { return c.Passed && c.WithdrawnAt == nil }

// CompletionEvidence is a link that came with a completion.
type CompletionEvidence struct {
	ID           EvidenceID
	IssuerID     IssuerID
	CompletionID CompletionID
	URL          string
	Name         string
}

// Passes tells whether a score passes the module: any does where no mark is
// set, none given does not where one is.
func (m *Module) Passes(score string) bool {
	if m.Pass == nil {
		return true
	}
	s, err := strconv.ParseFloat(score, 64)
	return err == nil && s >= float64(*m.Pass)
}
