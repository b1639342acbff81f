package issuer

import "time"

// Credential is one signed statement of an award: an id, a place in a status
// list and the signed copies that share them. Correction and re-keying make
// a new one that supersedes the old; renewal makes a new one beside it. A wallet
// of its holder has a credential of its own, a copy for the key of the wallet,
// which ends with what it is a copy of.
type Credential struct {
	ID           CredentialID
	IssuerID     IssuerID
	AwardID      AwardID
	Term         int // of the award in which it was issued
	StatusListID StatusListID
	StatusIndex  int
	ValidFrom    time.Time
	CopyOf       CredentialID // which a wallet has this copy of; "": it is the badge's own
	Supersedes   CredentialID
	SupersededBy CredentialID
	SupersededAt *time.Time
	IssuedAt     time.Time
}

// Copy formats.
const (
	FormatDataIntegrity = "di"  // JSON with an embedded proof
	FormatJWT           = "jwt" // Open Badges 3.0 JWT
)

// SignedCopy is the bytes of a credential in one format, as they were signed
// and verified. They are never made again.
type SignedCopy struct {
	CredentialID CredentialID
	Format       string
	IssuerID     IssuerID
	KeyID        KeyID
	Bytes        []byte
	Digest       []byte // SHA-256 of Bytes
	SignedAt     time.Time
	ExampleID    string // the CopyExample that the row is what differs from; "": it is whole
}

// CopyExample is one of many copies that look alike, with nobody's name, id or
// signature in it. It is kept once, and of the others what differs from it.
type CopyExample struct {
	ID        string
	IssuerID  IssuerID
	Kind      string // what they have in common
	Bytes     []byte
	CreatedAt time.Time
}

// StatusList is a Bitstring Status List: which of its entries are set is in
// the rows of StatusEntry; Bytes is the signed list as last published.
type StatusList struct {
	ID          StatusListID
	IssuerID    IssuerID
	Purpose     string // "revocation"
	Identity    int    // of the issuer, as FormerIdentity numbers them
	Size        int    // entries
	Used        int
	Dirty       bool // an entry was set since Bytes was signed
	Version     int  // counts the signings
	Bytes       []byte
	PublishedAt *time.Time
	CreatedAt   time.Time
}

// StatusEntry reserves one index of a list for one credential. SetAt marks
// the bit; a set bit is never cleared.
type StatusEntry struct {
	StatusListID StatusListID
	StatusIndex  int
	IssuerID     IssuerID
	CredentialID CredentialID
	SetAt        *time.Time
	Reason       string // "revoked", "superseded", "erased"
}

// KeyState is where a signing key stands in its life.
type KeyState string

// The states: planned → active → retired or compromised.
const (
	KeyPlanned     KeyState = "planned"
	KeyActive      KeyState = "active"
	KeyRetired     KeyState = "retired"
	KeyCompromised KeyState = "compromised"
)

// Key is a signing key. Sealed is the private key in a JWE that only the
// sealing key, which is not in the database, opens.
type Key struct {
	ID            KeyID
	IssuerID      IssuerID
	Purpose       string // "credential", "status", "log", "session", "slip", "staple"
	Algorithm     string // "Ed25519"; of keys for tokens "RSA-2048" or "P-256"
	State         KeyState
	Public        string // Multikey; for RSA, which has none, a JSON Web Key
	Sealed        string
	CreatedAt     time.Time
	ActiveAt      *time.Time
	RetiredAt     *time.Time
	CompromisedAt *time.Time
}
