package issuer

import "time"

// Allotment is the id that a badge will have if the submission is approved
// that it was handed in with: one for each member of the team and achievement.
// A new submission allots new ids, so that what was signed about an old one can
// never be true of the new.
type Allotment struct {
	CredentialID  CredentialID
	IssuerID      IssuerID
	CapstoneID    CapstoneID
	Submission    int
	PersonID      PersonID
	AchievementID AchievementID
}

// MentorKey is the key that a mentor's endorsements are signed with, an Ed25519
// one whose did:key is the endorser. The service holds it for them: Sealed is
// the private key as in Key. The row goes when its person is erased; what it
// signed stays in the badges of others.
type MentorKey struct {
	PersonID  PersonID
	IssuerID  IssuerID
	Public    string // Multikey
	Sealed    string
	CreatedAt time.Time
}

// LostMentorKey is a key of a mentor that was in other hands since a time. What it
// signed before stays their word; nothing of its private part is left.
type LostMentorKey struct {
	Public    string // Multikey
	IssuerID  IssuerID
	PersonID  PersonID
	Since     time.Time
	CreatedAt time.Time
}

// Endorsement is what a mentor signed about one badge when they approved: an
// EndorsementCredential of Open Badges 3.0. It waits until the badge is signed,
// which then carries it (SentAt), or until there will be no such badge
// (VoidedAt). The bytes name the mentor if they consented, and no holder.
type Endorsement struct {
	ID           string // urn:uuid:
	IssuerID     IssuerID
	ReviewID     ReviewID
	CredentialID CredentialID
	Bytes        []byte
	CreatedAt    time.Time
	SentAt       *time.Time
	VoidedAt     *time.Time
}
