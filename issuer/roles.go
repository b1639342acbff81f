package issuer

import "time"

// Role is a kind of right. Learners have none: they are enrolled.
type Role string

// The roles. An admin without a program is admin of the whole installation.
const (
	Admin   Role = "admin"
	Owner   Role = "owner"
	Mentor  Role = "mentor"
	Sponsor Role = "sponsor"
	Learner Role = "learner" // held through an Enrollment, never granted
)

// Tier says what sort of mentor someone is in a cohort.
type Tier string

// Lead mentors guide a cohort; community mentors support peers.
const (
	Lead      Tier = "lead"
	Community Tier = "community"
)

// Grant gives a person a role in a program, in one cohort of it, or, for an
// admin without a program, everywhere.
type Grant struct {
	ID        GrantID
	IssuerID  IssuerID
	PersonID  PersonID
	Role      Role
	ProgramID ProgramID // "" = everywhere
	CohortID  CohortID  // "" = the whole program
	Tier      Tier      // mentors only
	GrantedBy PersonID  // "" for the service, and for who was not kept
	CreatedAt time.Time
}

// Scope is a right of an access token that a program holds.
type Scope string

// The scopes that clients can be given.
const (
	CompletionsWrite  Scope = "completions:write"
	CredentialsRead   Scope = "credentials:read"
	CredentialsWrite  Scope = "credentials:write"
	CredentialsRevoke Scope = "credentials:revoke"
	CapstonesReview   Scope = "capstones:review"
	Endorse           Scope = "endorse"
	ReportsRead       Scope = "reports:read"
	BouncesWrite      Scope = "bounces:write"
	VCAPI             Scope = "vc-api" // everything below /vc-api, and nothing else
)

// Scopes lists every scope there is.
var Scopes = []Scope{CompletionsWrite, CredentialsRead, CredentialsWrite, CredentialsRevoke, CapstonesReview, Endorse, ReportsRead, BouncesWrite, VCAPI}

// Client is a program that asks for access tokens.
type Client struct {
	ID         ClientID
	IssuerID   IssuerID
	Name       string
	SecretHash string // SHA-256 of a random secret, hex
	Scopes     Strings
	CreatedBy  PersonID
	CreatedAt  time.Time
	RevokedAt  *time.Time
}

// Caller is who asks: a person with their grants and enrollments as they are
// now, a client with its scopes, or the service itself. The zero Caller is
// nobody.
type Caller struct {
	Person      PersonID
	Name        string
	Language    string // BCP 47, as Person.Locale
	Grants      []Grant
	Enrollments []Enrollment
	Client      ClientID
	ClientName  string
	Scopes      []Scope
	SteppedUp   time.Time // when the session last showed that it is them; zero: never
	System      string    // what part of the service acts, e.g. "import" on the command line
}

// Signed tells whether there is a caller at all.
func (c Caller) Signed() bool { return c.Person != "" || c.Client != "" || c.System != "" }

// Actor is how the caller stands in the audit trail.
func (c Caller) Actor() string {
	switch {
	case c.Person != "":
		return "person:" + string(c.Person)
	case c.Client != "":
		return "client:" + string(c.Client)
	case c.System != "":
		return "system:" + c.System
	}
	return "nobody"
}

// May tells whether the caller's token holds a scope.
func (c Caller) May(s Scope) bool {
	for _, have := range c.Scopes {
		if have == s {
			return true
		}
	}
	return false
}

// SteppedUpAt tells whether the caller showed, within StepUpLife of a moment,
// that it is them.
func (c Caller) SteppedUpAt(at time.Time) bool {
	age := at.Sub(c.SteppedUp)
	return c.Person != "" && !c.SteppedUp.IsZero() && age < StepUpLife && age > -time.Minute
}

// Manages tells whether the caller runs a program: its owner, its admin or an
// admin of the installation. Manages("") asks for the installation.
func (c Caller) Manages(p ProgramID) bool {
	if c.System != "" {
		return true
	}
	for _, g := range c.Grants {
		switch {
		case g.Role == Admin && g.ProgramID == "":
			return true
		case p != "" && g.ProgramID == p && g.CohortID == "" && (g.Role == Admin || g.Role == Owner):
			return true
		}
	}
	return false
}

// MentorIn gives the caller's tier in a cohort, if they mentor there.
func (c Caller) MentorIn(cohort CohortID) (Tier, bool) {
	tier, ok := Tier(""), false
	for _, g := range c.Grants {
		if g.Role == Mentor && g.CohortID == cohort {
			if tier != Lead {
				tier = g.Tier
			}
			ok = true
		}
	}
	return tier, ok
}

// Sponsors tells whether the caller may read the reports of a program.
func (c Caller) Sponsors(p ProgramID) bool {
	for _, g := range c.Grants {
		if g.Role == Sponsor && g.ProgramID == p {
			return true
		}
	}
	return c.Manages(p)
}

// EnrolledIn tells whether the caller learns in a cohort.
func (c Caller) EnrolledIn(cohort CohortID) bool {
	for _, e := range c.Enrollments {
		if e.CohortID == cohort {
			return true
		}
	}
	return false
}
