package issuer

import "time"

// Halt says that issuing is stopped for the whole installation. The zero Halt
// says that it is not.
type Halt struct {
	Since  time.Time `json:"since"`
	Reason string    `json:"reason"` // for those who are refused
	By     string    `json:"by"`     // Caller.Actor
}

// Stopped tells whether nothing is issued just now.
func (h Halt) Stopped() bool { return !h.Since.IsZero() }

// Refusal is what is answered to who would issue.
func (h Halt) Refusal() *Error {
	return Refuse(Unavailable, "No badges are issued just now: %s Nothing is lost; try again when this is over.", h.Reason)
}

// Deferral is why something is still to be issued.
type Deferral string

// The deferrals.
const (
	DeferredCompletion Deferral = "completion" // what a completion earns
	DeferredReviewing  Deferral = "reviewing"  // what deciding about a capstone earns the mentor
	DeferredConsent    Deferral = "consent"    // badges in line with an answer about the name
)

// DeferredFact is a fact that was recorded while issuing was stopped. What it
// brings about is issued when the stop is over.
type DeferredFact struct {
	ID        DeferredID
	IssuerID  IssuerID
	Kind      Deferral
	FactID    string // completion, capstone; "" of an answer
	PersonID  PersonID
	Quiet     bool // no mail
	CreatedAt time.Time
}
