package vcjose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// algorithms tell which keys fit an algorithm. A key fits exactly one.
var algorithms = map[string]func(crypto.PublicKey) bool{
	"RS256": func(key crypto.PublicKey) bool {
		k, ok := key.(*rsa.PublicKey)
		return ok && k.N.BitLen() >= 2048 && k.N.BitLen() <= 8192
	},
	"ES256": func(key crypto.PublicKey) bool { return onCurve(key, elliptic.P256()) },
	"ES384": func(key crypto.PublicKey) bool { return onCurve(key, elliptic.P384()) },
	"EdDSA": func(key crypto.PublicKey) bool {
		k, ok := key.(ed25519.PublicKey)
		return ok && len(k) == ed25519.PublicKeySize
	},
}

// ed25519Alone is what RFC 9864 §2.2 calls EdDSA with Ed25519, which it takes the older
// name from. Tokens say either; ours say what every reader knows.
const ed25519Alone = "Ed25519"

// known tells whether an algorithm is checked here.
func known(alg string) bool { return algorithms[alg] != nil || alg == ed25519Alone }

func onCurve(key crypto.PublicKey, curve elliptic.Curve) bool {
	k, ok := key.(*ecdsa.PublicKey)
	return ok && k.Curve == curve
}

// Algorithm gives the algorithm of a key; "" when there is none.
func Algorithm(key crypto.PublicKey) string {
	for name, fits := range algorithms {
		if fits(key) {
			return name
		}
	}
	return ""
}

// Verify checks that key signed this token, by the key's own algorithm. Errors
// are *Error: ErrUnsupported for a key that fits no algorithm, ErrForbidden
// where the token names another algorithm than the key's, else ErrSignature.
func (t *Token) Verify(key crypto.PublicKey) error {
	if t.refused != nil {
		return t.refused
	}
	alg := Algorithm(key)
	switch {
	case alg == "":
		return fail(ErrUnsupported, "the key is of a kind that signs no tokens here")
	case alg == "EdDSA" && t.Alg == ed25519Alone:
		return t.verifyEd25519(key.(ed25519.PublicKey))
	case alg != t.Alg:
		return fail(ErrForbidden, "the token names another way of signing than its key is for")
	}
	jws, err := jose.ParseSignedCompact(t.text, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	if err != nil {
		return fail(ErrMalformed, "the token cannot be read")
	}
	payload, err := jws.Verify(key)
	if err != nil || string(payload) != string(t.Payload) {
		return fail(ErrSignature, unfit)
	}
	return nil
}

const unfit = "the signature does not fit: the content was changed, or it was signed with another key"

// verifyEd25519 checks a token that names its algorithm as go-jose does not know it.
func (t *Token) verifyEd25519(key ed25519.PublicKey) error {
	input := t.text[:strings.LastIndexByte(t.text, '.')]
	if !ed25519.Verify(key, []byte(input), t.signature) {
		return fail(ErrSignature, unfit)
	}
	return nil
}
