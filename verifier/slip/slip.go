// Package slip writes and reads the short form of a badge that fits into a QR
// code beside the link to its page: a few signed claims for whoever scans paper
// without network.
//
// A slip is no Open Badge and never passes for one. It says what was printed:
// which badge, earned by whom if they agreed, on which days, the SHA-256 of the
// badge itself, and as of when the badge stood, good for a day at most. Whether the
// badge still counts it cannot say; the page it links to can. So the verdict on a
// good one is "verified as printed".
//
// The package owns the claims, their bytes, their signature and what they are
// worth to a reader who has nothing else (Judge). It knows no keys, no network and
// no clock.
//
// Decisions worth knowing:
//
//   - The bytes are deterministic CBOR (RFC 8949 §4.2.1), of which only what a
//     slip needs is known: one map with small numbers as keys, unsigned
//     integers, byte strings and text. Every slip has one spelling: whatever
//     would be written another way is refused, so nobody can make a second slip
//     out of a good one.
//   - The signature is Ed25519 (RFC 8032) over a word of its own and the bytes,
//     by a key for slips alone: nothing it signs can pass for a credential, and
//     no signature of a credential for a slip.
//   - A slip travels as base32 in upper case (RFC 4648 §6, without padding) in
//     the fragment of the badge's link: QR codes write such text densely, and
//     browsers do not send a fragment to the server.
package slip

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a slip. All of it, with a link of 80 characters before it, fits a QR
// code of version 13 at level M: what would not is not signed.
const (
	MaxCode = 32  // bytes of the achievement's code
	MaxName = 48  // bytes of a name
	MaxText = 394 // characters of a slip with its mark
)

// Mark begins a slip in a fragment.
const Mark = "S1."

// Claims is what a slip says. Days are at midnight UTC.
type Claims struct {
	Credential  string // id of the badge, 26 characters of A–Z and 2–7
	Achievement string // code
	Version     uint32 // of the achievement
	Name        string // of the holder; "" where they are not named
	Awarded     time.Time
	Issued      time.Time // the day the badge was signed
	Until       time.Time // the last day it is good; zero: no end
	Printed     time.Time // the day the slip was made: the badge was good then
	AsOf        time.Time // the minute of that day at which it was; zero: not said
	GoodUntil   time.Time // the minute until which that counts, within a day; zero with AsOf
	StatusIndex int64     // in the issuer's status list; -1: none
	Digest      [sha256.Size]byte
}

// KeyHint is the beginning of the SHA-256 of a public key: it chooses among an
// issuer's keys and proves nothing.
type KeyHint [8]byte

// HintOf gives the hint of a key.
func HintOf(key ed25519.PublicKey) KeyHint {
	sum := sha256.Sum256(key)
	return KeyHint(sum[:8])
}

// Why a slip is refused, for errors.Is.
var (
	ErrNotSlip   = errors.New("slip: not a slip")
	ErrClaims    = errors.New("slip: claims that no slip can carry")
	ErrKey       = errors.New("slip: signed by a key that is not known")
	ErrSignature = errors.New("slip: the signature is wrong")
)

// context is what the signature covers before the bytes.
const context = "Hallmark slip 1\x00"

var alphabet = base32.StdEncoding.WithPadding(base32.NoPadding)

// Sign writes the slip of claims with its mark. The key must be Ed25519.
func Sign(c Claims, key crypto.Signer) (string, error) {
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("sign slip: %T is not an Ed25519 key", key.Public())
	}
	if err := c.check(); err != nil {
		return "", err
	}
	message := c.encode(HintOf(public))
	signature, err := key.Sign(nil, append([]byte(context), message...), crypto.Hash(0))
	if err != nil {
		return "", fmt.Errorf("sign slip: %w", err)
	}
	text := Mark + alphabet.EncodeToString(append(message, signature...))
	if len(text) > MaxText {
		return "", fmt.Errorf("%w: together they are too long", ErrClaims)
	}
	return text, nil
}

// Find gives the slip in what was scanned: a link with a slip in its fragment,
// or a slip by itself. Its letters may have lost their case on the way.
func Find(scanned string) (text string, ok bool) {
	text = strings.TrimSpace(scanned)
	if _, fragment, cut := strings.Cut(text, "#"); cut {
		text = fragment
	}
	if len(text) > MaxText || len(text) <= len(Mark) {
		return "", false
	}
	text = strings.ToUpper(text)
	return text, strings.HasPrefix(text, Mark)
}

// Slip is one that was read. Its claims count once Verify has said yes.
type Slip struct {
	Claims
	Key       KeyHint
	message   []byte
	signature []byte
}

// Read reads a slip with its mark, whoever signed it.
func Read(text string) (*Slip, error) {
	body, found := strings.CutPrefix(text, Mark)
	if !found || len(text) > MaxText {
		return nil, fmt.Errorf("%w: it does not begin with %s", ErrNotSlip, Mark)
	}
	raw, err := alphabet.DecodeString(body)
	// The decoder passes over line breaks and over bits that stand for nothing.
	if err != nil || alphabet.EncodeToString(raw) != body || len(raw) <= ed25519.SignatureSize {
		return nil, fmt.Errorf("%w: it is damaged", ErrNotSlip)
	}
	s := &Slip{message: raw[:len(raw)-ed25519.SignatureSize], signature: raw[len(raw)-ed25519.SignatureSize:]}
	if err := s.decode(s.message); err != nil {
		return nil, err
	}
	return s, s.check()
}

// Verify says whether one of the issuer's keys for slips signed it.
func (s *Slip) Verify(keys []ed25519.PublicKey) error {
	for _, key := range keys {
		if len(key) == ed25519.PublicKeySize && HintOf(key) == s.Key {
			if ed25519.Verify(key, append([]byte(context), s.message...), s.signature) {
				return nil
			}
			return ErrSignature
		}
	}
	return ErrKey
}

// check holds claims to what a slip can carry, when one is made and when one
// is read.
func (c *Claims) check() error {
	bad := func(what string) error { return fmt.Errorf("%w: %s", ErrClaims, what) }
	switch {
	case len(c.Credential) != 26 || strings.Trim(c.Credential, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "":
		return bad("the id of the badge")
	case c.Achievement == "" || len(c.Achievement) > MaxCode || !plain(c.Achievement):
		return bad("the code of the achievement")
	case len(c.Name) > MaxName || !plain(c.Name):
		return bad("the name")
	case c.Version == 0:
		return bad("the version")
	case c.StatusIndex < -1 || c.StatusIndex > 1<<40:
		return bad("the place in the status list")
	}
	for _, day := range []time.Time{c.Awarded, c.Issued, c.Printed} {
		if _, ok := dayOf(day); !ok {
			return bad("a day")
		}
	}
	if _, ok := dayOf(c.Until); !ok && !c.Until.IsZero() {
		return bad("the last day")
	}
	if c.AsOf.IsZero() && c.GoodUntil.IsZero() {
		return nil
	}
	from, within := minutes(c.Printed, c.AsOf)
	life, whole := minutes(c.AsOf, c.GoodUntil)
	if !within || from == dayMinutes || !whole || life == 0 {
		return bad("how long it is known to stand")
	}
	return nil
}

// plain: letters as people write them, nothing that hides or turns text around.
func plain(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if !unicode.IsPrint(r) && r != '\u200c' && r != '\u200d' || r == unicode.ReplacementChar {
			return false
		}
	}
	return strings.TrimSpace(text) == text
}

const (
	daySeconds = 24 * 60 * 60
	dayMinutes = 24 * 60
	maxDay     = 1<<16 - 1 // in the year 2149
)

// minutes counts from one time to another; ok is false where that is no whole
// number or more than a day.
func minutes(from, to time.Time) (n uint64, ok bool) {
	d := to.Sub(from)
	if d < 0 || d > dayMinutes*time.Minute || d%time.Minute != 0 {
		return 0, false
	}
	return uint64(d / time.Minute), true
}

// dayOf counts days from 1970; ok is false for a time within a day.
func dayOf(t time.Time) (n uint64, ok bool) {
	s := t.Unix()
	if s < 0 || s%daySeconds != 0 || t.Nanosecond() != 0 || s/daySeconds > maxDay {
		return 0, false
	}
	return uint64(s / daySeconds), true
}

func timeOf(day uint64) time.Time { return time.Unix(int64(day)*daySeconds, 0).UTC() }
