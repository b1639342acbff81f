package ob2

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
)

// ErrKey says that a key cannot be used: it is no RSA key in PEM, or too large.
// Open Badges 2.0 signs with RS256.
var ErrKey = errors.New("the key is not an RSA key that can be read")

const maxModulus = 8192 / 8

// rsaOID is rsaEncryption, 1.2.840.113549.1.1.1, with its NULL parameters
// (RFC 3279 §2.3.1).
const rsaOID = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"

// ParseKey reads publicKeyPem: one block of PEM (RFC 7468 §13) with a
// SubjectPublicKeyInfo of RSA, or the RSAPublicKey alone (RFC 8017 §A.1.1). It is
// read here, in DER's one form, so that a browser need not load the standard
// reader of certificates for it.
func ParseKey(text string) (*rsa.PublicKey, error) {
	der, whole := block(text, "PUBLIC KEY")
	if whole {
		info, rest, ok := element(der, 0x30)
		algorithm, bits, ok2 := element(info, 0x30)
		inner, rest2, ok3 := element(bits, 0x03)
		if !ok || !ok2 || !ok3 || len(rest)+len(rest2) > 0 || string(algorithm) != rsaOID || len(inner) == 0 || inner[0] != 0 {
			return nil, ErrKey
		}
		return parseRSA(inner[1:])
	}
	if der, whole = block(text, "RSA PUBLIC KEY"); whole {
		return parseRSA(der)
	}
	return nil, ErrKey
}

// block gives what stands in the one block of a PEM text.
func block(text, label string) (der []byte, ok bool) {
	body, begins := strings.CutPrefix(strings.TrimSpace(text), "-----BEGIN "+label+"-----")
	body, ends := strings.CutSuffix(body, "-----END "+label+"-----")
	if !begins || !ends {
		return nil, false
	}
	der, err := base64.StdEncoding.Strict().DecodeString(strings.Join(strings.Fields(body), ""))
	return der, err == nil
}

func parseRSA(der []byte) (*rsa.PublicKey, error) {
	sequence, rest, ok := element(der, 0x30)
	n, after, okN := element(sequence, 0x02)
	e, end, okE := element(after, 0x02)
	if !ok || !okN || !okE || len(rest)+len(end) > 0 || !positive(n) || !positive(e) || len(n) > maxModulus+1 || len(e) > 4 {
		return nil, ErrKey
	}
	exponent := new(big.Int).SetBytes(e).Int64()
	if exponent > 1<<31-1 {
		return nil, ErrKey
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent)}, nil
}

// positive: X.690 §8.3.2, an integer above zero in as few bytes as it takes.
func positive(n []byte) bool {
	if len(n) == 0 || n[0] >= 0x80 {
		return false
	}
	return n[0] != 0 || len(n) > 1 && n[1] >= 0x80
}

// element takes one element of DER with this tag off the front (X.690 §8.1.3,
// §10.1: lengths in as few bytes as it takes).
func element(der []byte, tag byte) (content, rest []byte, ok bool) {
	if len(der) < 2 || der[0] != tag {
		return nil, nil, false
	}
	size, at := int(der[1]), 2
	if size >= 0x80 {
		digits := size & 0x7f
		if digits == 0 || digits > 2 || len(der) < 2+digits {
			return nil, nil, false
		}
		size, at = 0, 2+digits
		for _, digit := range der[2:at] {
			size = size<<8 | int(digit)
		}
		if size < 0x80 || digits == 2 && size < 0x100 {
			return nil, nil, false
		}
	}
	if len(der)-at < size {
		return nil, nil, false
	}
	return der[at : at+size], der[at+size:], true
}
