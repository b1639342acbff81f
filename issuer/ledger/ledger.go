// Package ledger knows what goes into the two records that nothing can be
// taken out of: the leaves of the public log and the private audit chain.
//
// It owns their bytes and hashes, and the tree over the leaves, and is pure: no
// rows, no clock, no keys. The rows are package store's, the order of things is
// given by package jobs; what a stranger needs to check a leaf is in package
// inclusion of the verifier.
//
// A leaf is a commitment, not the thing itself: HMAC-SHA-256 under a salt of
// the credential, over the SHA-256 of what happened. With the salt anyone can
// check the leaf; once the salt is erased it means nothing to anybody. Times
// are whole minutes, so that a leaf does not single out the moment.
//
// An audit entry is hashed over its fields, each with its length before it,
// and over the hash of the entry before: no field can run into the next, and
// a removed, moved or changed entry breaks the chain from there on. A chain alone
// can be made anew by whoever holds the database, so its head is signed with the
// key of the log.
//
// The tree is the one of RFC 6962 §2.1 and is kept in tiles of 256 hashes (C2SP
// tlog-tiles): tile N of level L has the hashes of the subtrees of 2^(8L) leaves
// from N·256 on. Growing it takes the right edge alone, the one tile of each
// level that is not full; a tile that is full never changes, one that is not
// only grows.
package ledger

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/inclusion"
)

// Types of leaves.
const (
	Issue     = inclusion.Issue
	Supersede = "supersede"
	Revoke    = "revoke"
	Suspend   = "suspend"
	Reinstate = "reinstate"
	Key       = "key"
)

// SaltSize is the length of a salt in bytes.
const SaltSize = inclusion.SaltSize

// NewSalt makes the salt of a credential's leaves.
func NewSalt() []byte {
	salt := make([]byte, SaltSize)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program first
	return salt
}

// Minute is the time as a leaf tells it.
func Minute(at time.Time) time.Time { return at.UTC().Truncate(time.Minute) }

// Commit is the commitment to what happened: the signed bytes of a credential
// when it was issued, the canonical event (Event) otherwise.
func Commit(salt, what []byte) []byte { return inclusion.Commit(salt, what) }

// Leaf is the data of a leaf of the log, in its canonical form.
// The type must be one of the constants; another is a bug of the caller.
func Leaf(kind string, at time.Time, commit []byte) []byte {
	switch kind {
	case Issue, Supersede, Revoke, Suspend, Reinstate, Key:
	default:
		panic(fmt.Sprintf("ledger: no leaf is of type %q", kind))
	}
	return inclusion.Leaf{At: at, Type: kind, Commit: commit}.Data()
}

// Event is the canonical form of something that happened to a credential or a
// key after it was issued: object is the credential's id or the key's.
func Event(kind, object string, at time.Time, reason string) []byte {
	b := field([]byte("hallmark event v1\n"), kind)
	b = field(b, object)
	b = field(b, at.UTC().Format(time.RFC3339))
	return field(b, reason)
}

// Audit is the hash of an audit entry that comes after the entry whose hash is
// previous. The first entry follows Start.
func Audit(previous []byte, e *issuer.AuditEntry) []byte {
	b := field([]byte("hallmark audit v1\n"), string(previous))
	for _, text := range []string{string(e.ID), string(e.IssuerID), e.At.UTC().Format(time.RFC3339), e.Actor, e.Act, e.Object, e.Outcome, e.Detail} {
		b = field(b, text)
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// Rest is the hash of what is left of an audit entry when its detail is erased,
// wherever in the chain it stands. The entry of the erasure carries it, so that
// nothing else of the one whose words went can be changed.
func Rest(e *issuer.AuditEntry) []byte {
	left := *e
	left.Detail = issuer.ErasedDetail
	return Audit(nil, &left)
}

// Start is what the first audit entry follows: 32 zero bytes.
func Start() []byte { return make([]byte, sha256.Size) }

// field puts a text with its length before it.
func field(b []byte, text string) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(text)))
	return append(b, text...)
}
