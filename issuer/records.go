package issuer

import "time"

// AuditEntry is one line of the private record of who did what. Entries are
// written without a position; the sequencer chains them.
type AuditEntry struct {
	ID       AuditID
	IssuerID IssuerID
	At       time.Time
	Actor    string // Caller.Actor
	Act      string // "capstone.review"
	Object   string // id of what it was about
	Outcome  string // "done" or "refused"
	Detail   string // JSON, never secrets
	Sequence *int64 // from 0; nil until chained
	Previous []byte // hash of the entry before
	Hash     []byte // SHA-256 over Previous and this entry
}

// LogLeaf is one line of the public log: a commitment, not the thing itself.
type LogLeaf struct {
	ID           LeafID
	IssuerID     IssuerID
	CredentialID CredentialID // "" for key events
	Type         string       // issue, supersede, revoke, suspend, reinstate, key
	At           time.Time    // whole minutes
	Data         []byte       // the leaf as it is hashed, JCS
	Sequence     *int64       // position in the log; nil until sequenced
}

// LogSalt makes a credential's leaves meaningless once it is erased.
type LogSalt struct {
	CredentialID CredentialID
	IssuerID     IssuerID
	Salt         []byte // 32 random bytes
}

// LogTile is hashes of one level of the tree over the leaves, up to 256 of
// them; it grows until it is full.
type LogTile struct {
	Level    int
	Position int64
	IssuerID IssuerID
	Hashes   []byte
}

// LogCheckpoint is a signed head of the log.
type LogCheckpoint struct {
	Size     int64
	IssuerID IssuerID
	Root     []byte
	Note     string // C2SP signed-note
}

// AuditHead is the signed head of the audit chain: how many entries it has and
// the hash of the last.
type AuditHead struct {
	IssuerID IssuerID
	Size     int64
	Hash     []byte
	Note     string // signed as checkpoints are
}

// Message is something to send after the commit that caused it.
type Message struct {
	ID        MessageID
	IssuerID  IssuerID
	Kind      string // "mail"
	Recipient string // address
	Template  string // "badge-issued"
	Data      string // JSON for the template
	State     string // queued, sent, failed
	Attempts  int
	NextAt    time.Time
	SentAt    *time.Time
	Problem   string
	CreatedAt time.Time
	PersonID  PersonID // whose mail it is; "" for addresses of nobody yet
	Stop      string   // secret of the link that stops mails of its moment; "" before the first attempt
	Held      bool     // waits to go with others as a digest
	Withheld  string   // why it did not go by itself: "off", "digest"
	BouncedAt *time.Time
	Mark      string // random, in the Message-ID; "" before the first attempt
}

// Answer is what a request with an Idempotency-Key was answered, so that the
// same request gets the same answer.
type Answer struct {
	Caller      string
	Key         string
	RequestHash []byte
	Status      int
	Body        []byte
	CreatedAt   time.Time
}

// Session is a signed-in browser. Token is the SHA-256 of the cookie's value.
type Session struct {
	Token     string
	IssuerID  IssuerID
	PersonID  PersonID
	Data      []byte
	ExpiresAt time.Time
	CreatedAt time.Time // when its person signed in
	Device    string    // "Firefox on Linux", as the browser calls itself
}

// SigninLink is a link that signs a person in once. Token is the SHA-256 of
// the link's secret.
type SigninLink struct {
	Token     string
	IssuerID  IssuerID
	PersonID  PersonID // "" for the setup link, which makes the first admin
	Purpose   string   // "signin", "setup"
	Next      string   // path to go to
	ExpiresAt time.Time
	UsedAt    *time.Time
	CreatedAt time.Time
	Address   string // that it was mailed to; "" if it was handed over
}

// Setting is one fact about the installation, such as the base URL it
// started with.
type Setting struct {
	Name  string
	Value string
}
