package issuer

import "time"

// Consent is what a person said about having their name in signed badges.
type Consent string

// The answers; the empty one is "not asked yet".
const (
	ConsentUnasked Consent = ""
	ConsentGiven   Consent = "given"
	ConsentRefused Consent = "refused"
)

// Person is anyone the service knows by name. What they may do is in Grants;
// what they learn is in Enrollments.
type Person struct {
	ID          PersonID
	IssuerID    IssuerID
	Name        string
	Department  string
	Experience  string // what they said of themselves: "beginner", "maker" …; not a level of the program
	TimeZone    string // IANA name, "Europe/Berlin"
	Locale      string // BCP 47, of the pages they chose or first saw; "" until then
	NameConsent Consent
	ConsentedAt *time.Time
	CreatedAt   time.Time
	SignedInAt  *time.Time // the last time; nil: never
	ErasedAt    *time.Time
	MergedInto  PersonID // who they became, if two became one; such a row is emptied as one that was erased
}

// Email is one address of a person. Address is in the normal form of
// NormalEmail and belongs to one person only.
type Email struct {
	Address    string // primary key
	IssuerID   IssuerID
	PersonID   PersonID
	Main       bool // the one that mail goes to
	VerifiedAt *time.Time
	CreatedAt  time.Time
}

// ConsentRecord keeps every answer, also those since changed.
type ConsentRecord struct {
	ID       string
	IssuerID IssuerID
	PersonID PersonID
	Kind     string // "name"
	Answer   Consent
	Version  string // of the text that was shown
	At       time.Time
}
