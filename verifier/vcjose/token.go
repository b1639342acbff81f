package vcjose

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
)

// Kinds of failure, for errors.Is.
var (
	ErrMalformed   = errors.New("not a compact JSON Web Signature")
	ErrForbidden   = errors.New("a token that must not be believed")
	ErrUnsupported = errors.New("signed in a way that is not checked here")
	ErrSignature   = errors.New("the signature does not fit")
)

// Error says what is wrong with a token: Kind is one of the values above,
// Reason a phrase for people without full stop.
type Error struct {
	Kind   error
	Reason string
}

func (e *Error) Error() string { return e.Reason }
func (e *Error) Unwrap() error { return e.Kind }

func fail(kind error, format string, args ...any) error {
	return &Error{Kind: kind, Reason: fmt.Sprintf(format, args...)}
}

// Limits of what is read.
const (
	maxHeader    = 8 << 10 // bytes of a header, decoded
	maxSignature = 1024    // bytes: RSA of 8,192 bits
)

// Token is a compact JWS that was read and not yet checked. Nothing in it may be
// shown or believed before Verify.
type Token struct {
	Alg     string
	Type    string            // typ, lower-case, without "application/"; "" when absent
	Content string            // cty, likewise
	KeyID   string            // kid; "" when absent
	Key     crypto.PublicKey  // jwk of the header; nil when absent
	Header  *strictjson.Value // all of the header
	Payload []byte

	text      string
	signature []byte
	refused   error // what judgeHeader said
}

// Parse reads a token (RFC 7515 §5.2 steps 1 to 7), which has one spelling only:
// nobody can write a genuine token anew without its key. Errors are *Error:
// ErrMalformed where this is no compact JWS, ErrForbidden where its header asks
// for something that must not be done, ErrUnsupported for other algorithms.
// With the last two the token is given as well, for its payload.
func Parse(text []byte) (*Token, error) {
	parts := bytes.SplitN(text, []byte("."), 4)
	if len(parts) != 3 {
		return nil, fail(ErrMalformed, "a token has three parts")
	}
	var decoded [3][]byte
	for i, part := range parts {
		var err error
		if decoded[i], err = decode(part); err != nil {
			return nil, err
		}
	}
	if len(decoded[0]) > maxHeader {
		return nil, fail(ErrMalformed, "the header of the token is too large")
	}
	if len(decoded[2]) > maxSignature {
		return nil, fail(ErrMalformed, "the signature of the token is too large")
	}
	header, err := strictjson.Parse(decoded[0])
	if err != nil {
		return nil, fail(ErrMalformed, "the header of the token cannot be read: %v", err)
	}
	if header.Kind != strictjson.Object {
		return nil, fail(ErrMalformed, "the header of the token is not an object")
	}
	t := &Token{Header: header, Payload: decoded[1], text: string(text), signature: decoded[2]}
	if err := t.readNames(); err != nil {
		return nil, err
	}
	t.refused = t.judgeHeader()
	if t.refused == nil && len(decoded[2]) == 0 {
		t.refused = fail(ErrForbidden, "the token is not signed")
	}
	return t, t.refused
}

// decode reads base64url in its only spelling: no padding, no white space, no
// stray bits (RFC 7515 §2, RFC 4648 §3.5).
func decode(part []byte) ([]byte, error) {
	data := make([]byte, base64.RawURLEncoding.DecodedLen(len(part)))
	n, err := base64.RawURLEncoding.Strict().Decode(data, part)
	// The package passes over line breaks: what was read must fill the text.
	if err != nil || base64.RawURLEncoding.EncodedLen(n) != len(part) {
		return nil, fail(ErrMalformed, "the token is not written in base64url")
	}
	return data[:n], nil
}

// readNames fills the members that are texts.
func (t *Token) readNames() error {
	for _, m := range [...]struct {
		name string
		into *string
	}{{"alg", &t.Alg}, {"typ", &t.Type}, {"cty", &t.Content}, {"kid", &t.KeyID}} {
		v := t.Header.Get(m.name)
		if v != nil && (v.Kind != strictjson.String || v.Str == "") {
			return fail(ErrMalformed, "the member %q of the token's header is not a text", m.name)
		}
		*m.into = v.Text()
	}
	// RFC 7515 §4.1.9: media types, whose "application/" may be left out.
	t.Type = strings.TrimPrefix(strings.ToLower(t.Type), "application/")
	t.Content = strings.TrimPrefix(strings.ToLower(t.Content), "application/")
	return nil
}

// forbidden are the members that name keys elsewhere or change what is signed
// (RFC 7515 §4.1.2, §4.1.5, §4.1.6, §4.1.11; RFC 7797; RFC 7516).
var forbidden = [...]string{"jku", "x5u", "x5c", "crit", "b64", "enc", "zip"}

// judgeHeader refuses what must not be believed.
func (t *Token) judgeHeader() error {
	for _, name := range forbidden {
		if t.Header.Get(name) != nil {
			return fail(ErrForbidden, "its header has a member that is not to be followed: %s", name)
		}
	}
	switch {
	case t.Alg == "":
		return fail(ErrForbidden, "the token does not say how it was signed")
	case strings.EqualFold(t.Alg, "none"):
		return fail(ErrForbidden, "the token is not signed")
	case strings.HasPrefix(t.Alg, "HS"):
		return fail(ErrForbidden, "the token is sealed with a shared secret, which anybody who can check it could have done")
	case !known(t.Alg):
		return fail(ErrUnsupported, "the token was signed in a way that is not checked here")
	}
	if jwk := t.Header.Get("jwk"); jwk != nil {
		key, err := did.ParseJWK(jwk)
		if err != nil {
			return fail(ErrForbidden, "the key in the token's header cannot be used: %v", err)
		}
		t.Key = key
	}
	return nil
}
