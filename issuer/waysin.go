package issuer

import "time"

// MaxEmails is how many addresses a person can have, and ClaimsPerHour how many
// they can ask to confirm within an hour.
const (
	MaxEmails     = 10
	ClaimsPerHour = 5
	ClaimLife     = 24 * time.Hour
)

// AddressClaim is an address that a person says is theirs, until the mail to it
// is answered. Token is the SHA-256 of the secret in that mail.
type AddressClaim struct {
	Token     string
	IssuerID  IssuerID
	PersonID  PersonID
	Address   string // in the normal form
	ExpiresAt time.Time
	CreatedAt time.Time
}

// Identity is an account with a provider of OpenID Connect: provider and
// subject never change hands (OpenID Connect Core §5.7).
type Identity struct {
	Provider  string // issuer identifier, a URL
	Subject   string
	IssuerID  IssuerID
	PersonID  PersonID
	CreatedAt time.Time
	UsedAt    time.Time
}

// Device is a browser that a person signed in with. ID is the SHA-256 of a
// cookie that it keeps.
type Device struct {
	ID        string
	PersonID  PersonID
	IssuerID  IssuerID
	Name      string // "Firefox on Linux"
	CreatedAt time.Time
	SeenAt    time.Time
}

// How invitations are bounded.
const (
	InvitationLife  = 14 * 24 * time.Hour
	InvitationSends = 5         // how often one can be mailed
	InvitationPause = time.Hour // between two mails of one
)

// Invitation asks the reader of an address to take part. Hash is the SHA-256 of
// the secret in the link; who opens it shows by a mailed link, or by being signed
// in, who they are.
type Invitation struct {
	ID         InvitationID
	IssuerID   IssuerID
	Hash       string
	Address    string
	Name       string // as the inviter knows them
	Role       Role   // Learner for a place in a cohort
	Tier       Tier
	ProgramID  ProgramID
	CohortID   CohortID
	MessageID  MessageID // the newest mail
	Sends      int
	CreatedBy  PersonID
	CreatedAt  time.Time
	SentAt     time.Time
	ExpiresAt  time.Time
	PersonID   PersonID // who accepted
	AcceptedAt *time.Time
	RevokedAt  *time.Time
}

// Open refuses what cannot be accepted any more.
func (i *Invitation) Open(at time.Time) error {
	switch {
	case i.AcceptedAt != nil:
		return Refuse(Conflict, "This invitation was accepted already. Sign in to go on.")
	case i.RevokedAt != nil:
		return Refuse(NotFound, "This invitation was withdrawn. Ask who invited you.")
	case !at.Before(i.ExpiresAt):
		return Refuse(NotFound, "This invitation has ended. Ask who invited you for a new one.")
	}
	return nil
}

// Send counts one more mail, or refuses it.
func (i *Invitation) Send(at time.Time) error {
	switch {
	case i.AcceptedAt != nil || i.RevokedAt != nil:
		return Refuse(Conflict, "This invitation is not open any more.")
	case i.Sends >= InvitationSends:
		return Refuse(Conflict, "This invitation was mailed %d times; reach them another way.", i.Sends)
	case at.Sub(i.SentAt) < InvitationPause:
		return Refuse(Conflict, "This invitation was mailed within the last hour; wait a little.")
	}
	i.Sends, i.SentAt, i.ExpiresAt = i.Sends+1, at, at.Add(InvitationLife)
	return nil
}
