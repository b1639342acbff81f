package issuer

import "time"

// How a person shows once more, within a session, that it is them: by a code
// that is mailed, or a passkey.
const (
	StepUpLife   = 5 * time.Minute  // how long it counts
	CodeLife     = 10 * time.Minute // how long a code can be used
	CodeTries    = 5                // how often one code can be tried
	CodesPerHour = 5                // how many codes a person can ask for
	FailsPerDay  = 30               // how many wrong codes a person can give
)

// StepUpCode is a code that was mailed to a person for one session. ID is the
// SHA-256 of a secret that the session alone holds, Hash that of the secret and
// the code.
type StepUpCode struct {
	ID        string
	IssuerID  IssuerID
	PersonID  PersonID
	Hash      string
	Attempts  int // wrong ones
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// Try takes an attempt at the code and tells whether it was right. Attempts
// count whatever comes of them; after CodeTries wrong ones the code is dead.
func (c *StepUpCode) Try(hash string, at time.Time) bool {
	if c.UsedAt != nil || c.Attempts >= CodeTries || !at.Before(c.ExpiresAt) {
		return false
	}
	if hash != c.Hash {
		c.Attempts++
		return false
	}
	c.UsedAt = &at
	return true
}

// Passkey is the public part of a passkey of a person (Web Authentication).
// Data is what package signin reads it from; nothing in it is secret.
type Passkey struct {
	ID        string // credential id, base64url
	IssuerID  IssuerID
	PersonID  PersonID
	Name      string // as the person calls it
	Data      string // JSON
	CreatedAt time.Time
	UsedAt    *time.Time
}
