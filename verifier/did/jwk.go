package did

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"

	"hallmark/verifier/strictjson"
)

// secretMembers are the members of RFC 7518 §6 and RFC 8037 §2 that only the
// owner of a key may have.
var secretMembers = [...]string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"}

// ParseJWK reads a public JSON Web Key (RFC 7517): OKP Ed25519, EC P-256 or
// P-384, RSA from 2,048 to 8,192 bits. It refuses keys with secret members,
// keys not meant for verifying signatures (use, key_ops), an alg that does not
// fit the key, and RSA keys of a kind that others can work out (ROCA).
func ParseJWK(jwk *strictjson.Value) (crypto.PublicKey, error) {
	if jwk == nil || jwk.Kind != strictjson.Object {
		return nil, errors.New("the JSON Web Key is not an object")
	}
	for _, name := range secretMembers {
		if jwk.Get(name) != nil {
			return nil, errors.New("the JSON Web Key gives away its secret")
		}
	}
	if use := jwk.Get("use"); use != nil && use.Text() != "sig" {
		return nil, errors.New("the JSON Web Key is not meant for signatures")
	}
	if err := checkKeyOps(jwk.Get("key_ops")); err != nil {
		return nil, err
	}
	key, algs, err := parseJWKKey(jwk)
	if err != nil {
		return nil, err
	}
	if alg := jwk.Get("alg"); alg != nil {
		for _, name := range algs {
			if alg.Text() == name {
				return key, nil
			}
		}
		return nil, errors.New("the JSON Web Key is for an algorithm that does not fit it or is not read here")
	}
	return key, nil
}

func checkKeyOps(ops *strictjson.Value) error {
	if ops == nil {
		return nil
	}
	if ops.Kind != strictjson.Array {
		return errors.New("key_ops of the JSON Web Key is not a list")
	}
	seen := map[string]bool{}
	for op := range ops.Each() {
		if op.Kind != strictjson.String || seen[op.Str] { // RFC 7517 §4.3
			return errors.New("key_ops of the JSON Web Key is not a list of different words")
		}
		seen[op.Str] = true
	}
	if !seen["verify"] {
		return errors.New("the JSON Web Key is not meant for verifying")
	}
	return nil
}

// parseJWKKey gives the key and the values of alg that fit it.
func parseJWKKey(jwk *strictjson.Value) (crypto.PublicKey, []string, error) {
	crv := jwk.Get("crv").Text()
	switch kty := jwk.Get("kty").Text(); {
	case kty == "OKP" && crv == "Ed25519":
		x, err := coordinate(jwk, "x", ed25519.PublicKeySize)
		if err != nil {
			return nil, nil, err
		}
		key := ed25519.PublicKey(x)
		return key, []string{"EdDSA", "Ed25519"}, checkEd25519(key)
	case kty == "EC" && crv == "P-256":
		key, err := jwkPoint(jwk, elliptic.P256())
		return key, []string{"ES256"}, err
	case kty == "EC" && crv == "P-384":
		key, err := jwkPoint(jwk, elliptic.P384())
		return key, []string{"ES384"}, err
	case kty == "RSA":
		key, err := jwkRSA(jwk)
		// One key, one algorithm (RFC 8725 §3.1): tokens are read by RS256 alone, so
		// that a key published for another is of no use here.
		return key, []string{"RS256"}, err
	}
	return nil, nil, errors.New("the JSON Web Key is of a kind that is not supported")
}

func jwkPoint(jwk *strictjson.Value, curve elliptic.Curve) (crypto.PublicKey, error) {
	size := (curve.Params().BitSize + 7) / 8
	x, err := coordinate(jwk, "x", size)
	if err != nil {
		return nil, err
	}
	y, err := coordinate(jwk, "y", size)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, append(append([]byte{4}, x...), y...))
	if err != nil {
		return nil, errors.New("the JSON Web Key is not a point of its curve")
	}
	return key, nil
}

func jwkRSA(jwk *strictjson.Value) (crypto.PublicKey, error) {
	n, err := coordinate(jwk, "n", 0)
	if err != nil {
		return nil, err
	}
	e, err := coordinate(jwk, "e", 0)
	if err != nil {
		return nil, err
	}
	modulus := new(big.Int).SetBytes(n)
	if bits := modulus.BitLen(); bits < 2048 || bits > 8192 || n[0] == 0 {
		return nil, errors.New("an RSA key needs 2,048 to 8,192 bits")
	}
	exponent := new(big.Int).SetBytes(e)
	if e[0] == 0 || exponent.BitLen() > 31 || exponent.Int64() < 3 || exponent.Bit(0) == 0 || modulus.Bit(0) == 0 {
		return nil, errors.New("the RSA key is not usable")
	}
	if guessable(modulus) {
		return nil, errors.New("the RSA key was made by a faulty chip, and others can work out its secret")
	}
	return &rsa.PublicKey{N: modulus, E: int(exponent.Int64())}, nil
}

// coordinate reads a base64url member of exactly size bytes; any size from 1
// when size is 0. RFC 7518 §2 knows one spelling only: no padding, no line
// breaks, no stray bits.
func coordinate(jwk *strictjson.Value, name string, size int) ([]byte, error) {
	data, err := decodeBase64URL(jwk.Get(name).Text())
	if err != nil || len(data) == 0 || size != 0 && len(data) != size {
		return nil, fmt.Errorf("the member %q of the JSON Web Key is wrong", name)
	}
	return data, nil
}

func decodeBase64URL(text string) ([]byte, error) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, err
	}
	// The package skips line breaks; the encoded length then does not fit.
	if base64.RawURLEncoding.EncodedLen(len(data)) != len(text) {
		return nil, errors.New("base64url text has line breaks")
	}
	return data, nil
}
