package issuer

import (
	"strconv"
	"time"
)

// Completion is the fact that someone completed a module on a day. Below the
// module's pass mark it is an attempt: recorded, without a badge. The same
// person, module, day and score is the same fact, however often it arrives.
type Completion struct {
	ID          CompletionID
	IssuerID    IssuerID
	PersonID    PersonID
	ModuleID    ModuleID
	ProgramID   ProgramID
	CohortID    CohortID
	CompletedOn Day    // in the cohort's zone
	Score       string // "92" or "79.9"; "" if none was given
	Unit        string // "percent" or ""
	Passed      bool
	Source      string // "api", "import", "hand"
	RecordedBy  string // Caller.Actor
	RecordedAt  time.Time
}

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
