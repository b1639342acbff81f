package dataintegrity

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
)

// algorithm is a signature algorithm with the hash that its suites use.
type algorithm struct {
	hash   crypto.Hash
	size   int // bytes of a signature
	cost   int // of one verification, for a Budget
	fits   func(key crypto.PublicKey) bool
	verify func(key crypto.PublicKey, message, signature []byte) bool
	sign   func(key crypto.Signer, message []byte) ([]byte, error)
}

// Keys reach this point through package did, which refuses points of small
// order; the standard library refuses signatures whose S is not reduced (RFC
// 8032 §5.1.7).
var ed25519Algorithm = algorithm{
	hash: crypto.SHA256,
	size: ed25519.SignatureSize,
	cost: 1,
	fits: func(key crypto.PublicKey) bool { _, ok := key.(ed25519.PublicKey); return ok },
	verify: func(key crypto.PublicKey, message, signature []byte) bool {
		public := key.(ed25519.PublicKey)
		return len(public) == ed25519.PublicKeySize && ed25519.Verify(public, message, signature)
	},
	sign: func(key crypto.Signer, message []byte) ([]byte, error) {
		return key.Sign(rand.Reader, message, crypto.Hash(0))
	},
}

var (
	p256Algorithm = ecdsaAlgorithm(elliptic.P256(), crypto.SHA256, 1)
	p384Algorithm = ecdsaAlgorithm(elliptic.P384(), crypto.SHA384, SlowCost)
)

// ecdsaAlgorithm is ECDSA (FIPS 186-5) whose signatures are r and s, each as
// long as the curve's order, and nothing else (VC DI ECDSA §3.2.6).
func ecdsaAlgorithm(curve elliptic.Curve, h crypto.Hash, cost int) algorithm {
	half := (curve.Params().BitSize + 7) / 8
	return algorithm{
		hash: h,
		size: 2 * half,
		cost: cost,
		fits: func(key crypto.PublicKey) bool {
			public, ok := key.(*ecdsa.PublicKey)
			return ok && public != nil && public.Curve == curve
		},
		verify: func(key crypto.PublicKey, message, signature []byte) bool {
			r, s := new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])
			return ecdsa.Verify(key.(*ecdsa.PublicKey), sum(h, message), r, s)
		},
		sign: func(key crypto.Signer, message []byte) ([]byte, error) { return signECDSA(key, h, half, message) },
	}
}

// signECDSA asks for a signature in ASN.1, as crypto.Signer gives it, and writes
// it as r and s. A key at hand signs deterministically (RFC 6979), as VC DI
// ECDSA §3.2.6 recommends.
func signECDSA(key crypto.Signer, h crypto.Hash, half int, message []byte) ([]byte, error) {
	random := rand.Reader
	if _, ok := key.(*ecdsa.PrivateKey); ok {
		random = nil
	}
	der, err := key.Sign(random, sum(h, message), h)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	var pair struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(der, &pair)
	if err != nil || len(rest) > 0 || pair.R.Sign() <= 0 || pair.S.Sign() <= 0 || pair.R.BitLen() > 8*half || pair.S.BitLen() > 8*half {
		return nil, errors.New("the signer gave something that is not a signature")
	}
	out := make([]byte, 2*half)
	pair.R.FillBytes(out[:half])
	pair.S.FillBytes(out[half:])
	return out, nil
}
