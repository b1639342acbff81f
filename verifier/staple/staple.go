// Package staple writes and reads stapled statuses: a small signed text that
// says of one credential "not withdrawn as of 09:00, good until …". It travels
// beside a credential, in a PDF or a page, so that a check without network can
// say how things stood when the copy was made.
//
// It owns the text, its signature and the rule how long one may be good. It
// knows no network, no clock and nobody's keys: whose key signed, and what the
// answer means for a credential, package verifier judges.
//
// No standard of W3C or 1EdTech has such a thing: Verifiable Credentials 2.0 know
// lists that are fetched. (An Internet-Draft, OAuth Status Assertions, has the
// idea for wallets that are bound to a key; badges are not.) So the credential
// itself carries nothing new, and a reader who knows nothing of staples loses
// nothing. The form is a JSON Web Token
// (RFC 7519) in compact serialization (RFC 7515 §7.1), which any JOSE library can
// check with the key that the issuer's document lists:
//
//	header   {"alg":"EdDSA","kid":KEY,"typ":"hallmark-status+jwt"}
//	payload  {"iss":ISSUER,"sub":CREDENTIAL,"iat":AS OF,"exp":UNTIL,"status":STATE}
//
// KEY is the key's URL in the document of ISSUER, CREDENTIAL the id of the
// credential, both times whole seconds since 1970.
//
// Decisions worth knowing:
//
//   - A staple names a credential by its id, not by a digest of its bytes: the
//     badge as JSON and as a token are two texts and one credential. That the
//     bytes are the issuer's is what the credential's own proof is for.
//   - There is one spelling: whatever would be written in another way is refused,
//     so that nobody makes a second staple out of one.
//   - The type (RFC 8725 §3.11) keeps a staple from passing for anything else that
//     the same key may sign. Where the issuer is a did:key, that is the key of its
//     credentials; else staples have a key of their own.
//   - "Good" is good for a day at most (MaxLife): an old staple must not outlive
//     a revocation for long. Revoked and superseded are final, so that those words
//     have no end.
package staple

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hallmark/verifier/strictjson"
)

// Type is the typ of the header, MediaType that of the whole text.
const (
	Type      = "hallmark-status+jwt"
	MediaType = "application/" + Type
)

// Limits of a staple.
const (
	MaxLife = 24 * time.Hour // from as of to until
	MaxText = 4 << 10        // bytes
	maxName = 1 << 10        // bytes of an id or the name of a key
)

// State is where a credential stood.
type State string

// The states. Good says no more than that the credential was neither withdrawn,
// paused nor replaced.
const (
	Good       State = "good"
	Suspended  State = "suspended"
	Revoked    State = "revoked"
	Superseded State = "superseded"
)

// Final tells whether a credential never leaves a state.
func (s State) Final() bool { return s == Revoked || s == Superseded }

func (s State) known() bool { return s == Good || s == Suspended || s.Final() }

// Claims is what a staple says. Times are whole seconds.
type Claims struct {
	Issuer     string // id of the issuer
	Credential string // id of the credential
	State      State
	AsOf       time.Time
	Until      time.Time // the first moment when it is no longer good
}

// Why a staple is refused, for errors.Is.
var (
	ErrNotStaple = errors.New("staple: not a stapled status")
	ErrClaims    = errors.New("staple: claims that no stapled status can carry")
	ErrSignature = errors.New("staple: the signature is wrong")
)

// Sign writes a staple. key must be Ed25519; kid is its URL in the document of
// the issuer.
func Sign(c Claims, kid string, key crypto.Signer) (string, error) {
	if _, ok := key.Public().(ed25519.PublicKey); !ok {
		return "", fmt.Errorf("sign stapled status: %T is not an Ed25519 key", key.Public())
	}
	if err := c.check(kid); err != nil {
		return "", err
	}
	signed := c.encode(kid)
	signature, err := key.Sign(nil, []byte(signed), crypto.Hash(0))
	if err != nil {
		return "", fmt.Errorf("sign stapled status: %w", err)
	}
	return signed + "." + encoding.EncodeToString(signature), nil
}

var encoding = base64.RawURLEncoding.Strict()

// encode writes the signing input (RFC 7515 §5.1).
func (c *Claims) encode(kid string) string {
	header := strictjson.AppendString([]byte(`{"alg":"EdDSA","kid":`), kid)
	header = append(header, `,"typ":"`+Type+`"}`...)
	payload := strictjson.AppendString([]byte(`{"iss":`), c.Issuer)
	payload = strictjson.AppendString(append(payload, `,"sub":`...), c.Credential)
	payload = fmt.Appendf(payload, `,"iat":%d,"exp":%d,"status":"%s"}`, c.AsOf.Unix(), c.Until.Unix(), c.State)
	return encoding.EncodeToString(header) + "." + encoding.EncodeToString(payload)
}

// Staple is one that was read. Its claims count once Verify has said yes.
type Staple struct {
	Claims
	KeyID     string // URL of the key that it says signed it
	signed    string
	signature []byte
}

// Read reads a staple, whoever signed it.
func Read(text string) (*Staple, error) {
	if len(text) > MaxText {
		return nil, fmt.Errorf("%w: it is too long", ErrNotStaple)
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("%w: it does not have three parts", ErrNotStaple)
	}
	header, err := object(parts[0])
	if err != nil {
		return nil, err
	}
	payload, err := object(parts[1])
	if err != nil {
		return nil, err
	}
	signature, err := encoding.DecodeString(parts[2])
	if err != nil || len(signature) != ed25519.SignatureSize {
		return nil, fmt.Errorf("%w: its signature cannot be read", ErrNotStaple)
	}
	s := &Staple{KeyID: header.Get("kid").Text(), signed: parts[0] + "." + parts[1], signature: signature}
	s.Issuer, s.Credential, s.State = payload.Get("iss").Text(), payload.Get("sub").Text(), State(payload.Get("status").Text())
	s.AsOf, s.Until = seconds(payload.Get("iat")), seconds(payload.Get("exp"))
	if err := s.check(s.KeyID); err != nil {
		return nil, err
	}
	// The decoder passes over line breaks, and JSON has many spellings.
	if s.encode(s.KeyID)+"."+encoding.EncodeToString(signature) != text {
		return nil, fmt.Errorf("%w: it is not written as a stapled status is", ErrNotStaple)
	}
	return s, nil
}

func object(part string) (*strictjson.Value, error) {
	raw, err := encoding.DecodeString(part)
	if err != nil {
		return nil, fmt.Errorf("%w: it is not written in base64url", ErrNotStaple)
	}
	v, err := strictjson.Parse(raw)
	if err != nil || v.Kind != strictjson.Object {
		return nil, fmt.Errorf("%w: a part of it is not a JSON object", ErrNotStaple)
	}
	return v, nil
}

// seconds reads a NumericDate (RFC 7519 §2) in whole seconds; the zero time for
// anything else.
func seconds(v *strictjson.Value) time.Time {
	if v == nil || v.Kind != strictjson.Number {
		return time.Time{}
	}
	n, err := strconv.ParseInt(v.Str, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// Verify says whether this key signed it.
func (s *Staple) Verify(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, []byte(s.signed), s.signature) {
		return ErrSignature
	}
	return nil
}

// latest is beyond every time that a staple names: in the year 2242.
const latest = 1 << 33

// check holds claims to what a staple can carry, when one is made and when one
// is read.
func (c *Claims) check(kid string) error {
	bad := func(what string) error { return fmt.Errorf("%w: %s", ErrClaims, what) }
	switch life := c.Until.Sub(c.AsOf); {
	case !name(c.Issuer):
		return bad("the issuer")
	case !name(c.Credential):
		return bad("the id of the credential")
	case !strings.HasPrefix(kid, c.Issuer+"#") || !name(kid):
		return bad("the name of the key, which is not one of the issuer's")
	case !c.State.known():
		return bad("the state")
	case c.AsOf.Unix() <= 0 || c.AsOf.Unix() > latest || c.AsOf.Nanosecond() != 0 || c.Until.Nanosecond() != 0:
		return bad("the times")
	case life <= 0 || life > MaxLife:
		return bad("how long it is good")
	}
	return nil
}

// name: an identifier, in letters that show.
func name(text string) bool {
	return text != "" && len(text) <= maxName && utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) < 0
}
