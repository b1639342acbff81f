package inclusion

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"hallmark/verifier/strictjson"
)

// Issue is the type of the leaf that records that a credential was issued.
const Issue = "issue"

// Leaf is one line of a log: that something happened, and when, with a
// commitment to what.
type Leaf struct {
	At     time.Time // whole minutes, UTC
	Type   string    // "issue", "revoke", …; letters
	Commit []byte    // HMAC-SHA-256, 32 bytes
}

// Data is the leaf as it is hashed. It is its own canonical form in the sense
// of RFC 8785: members in order, no space, no character to escape.
func (l Leaf) Data() []byte {
	return fmt.Appendf(nil, `{"at":"%s","commit":"%s","type":"%s","v":1}`,
		l.At.UTC().Truncate(time.Minute).Format(time.RFC3339), base64.RawURLEncoding.EncodeToString(l.Commit), l.Type)
}

// ParseLeaf reads the data of a leaf. Only the canonical form is one.
func ParseLeaf(data []byte) (Leaf, error) {
	var fields struct {
		At     string `json:"at"`
		Commit string `json:"commit"`
		Type   string `json:"type"`
		V      int    `json:"v"`
	}
	if err := strictjson.Decode(data, &fields); err != nil {
		return Leaf{}, fmt.Errorf("read leaf: %w", err)
	}
	at, err := time.Parse(time.RFC3339, fields.At)
	if err != nil {
		return Leaf{}, errors.New("the leaf has no proper time")
	}
	commit, err := base64.RawURLEncoding.DecodeString(fields.Commit)
	if err != nil || len(commit) != sha256.Size {
		return Leaf{}, errors.New("the leaf has no proper commitment")
	}
	l := Leaf{At: at.UTC(), Type: fields.Type, Commit: commit}
	if !bytes.Equal(l.Data(), data) {
		return Leaf{}, errors.New("the leaf is not in its canonical form")
	}
	return l, nil
}

// SaltSize is the length of a salt in bytes.
const SaltSize = 32

// Commit is the commitment to something: the signed bytes of a credential when
// it was issued, the canonical event otherwise. With the salt anyone can check
// it; without, it says nothing.
func Commit(salt, what []byte) []byte {
	digest := sha256.Sum256(what)
	mac := hmac.New(sha256.New, salt)
	mac.Write(digest[:])
	return mac.Sum(nil)
}
