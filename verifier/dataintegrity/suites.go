package dataintegrity

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"hallmark/verifier/jcs"
	"hallmark/verifier/jsonld"
	"hallmark/verifier/strictjson"
)

// Names of the cryptosuites that Sign makes and Verify checks.
const (
	EddsaRDFC2022 = "eddsa-rdfc-2022"
	EddsaJCS2022  = "eddsa-jcs-2022"
)

// form is how a document becomes bytes.
type form uint8

const (
	formRDFC form = iota // JSON-LD to RDF, RDFC-1.0, N-Quads
	formJCS              // RFC 8785
)

// suite is one cryptosuite.
type suite struct {
	name       string
	form       form
	algorithms []algorithm // the kinds of keys it works with
}

// algorithm is a signature algorithm with the hash that its suite uses.
type algorithm struct {
	fits   func(key crypto.PublicKey) bool
	hash   func(text []byte) []byte
	size   int // bytes of a signature
	verify func(key crypto.PublicKey, message, signature []byte) bool
	sign   func(key crypto.Signer, message []byte) ([]byte, error)
}

var suites = []suite{
	{EddsaRDFC2022, formRDFC, []algorithm{ed25519Algorithm}},
	{EddsaJCS2022, formJCS, []algorithm{ed25519Algorithm}},
}

func findSuite(name string) *suite {
	for i := range suites {
		if suites[i].name == name {
			return &suites[i]
		}
	}
	return nil
}

func (s *suite) algorithm(key crypto.PublicKey) *algorithm {
	for i := range s.algorithms {
		if s.algorithms[i].fits(key) {
			return &s.algorithms[i]
		}
	}
	return nil
}

// Keys reach this point through package did, which refuses points of small
// order; the standard library refuses signatures whose S is not reduced (RFC
// 8032 §5.1.7).
var ed25519Algorithm = algorithm{
	fits: func(key crypto.PublicKey) bool { _, ok := key.(ed25519.PublicKey); return ok },
	hash: func(text []byte) []byte { sum := sha256.Sum256(text); return sum[:] },
	size: ed25519.SignatureSize,
	verify: func(key crypto.PublicKey, message, signature []byte) bool {
		public := key.(ed25519.PublicKey)
		return len(public) == ed25519.PublicKeySize && ed25519.Verify(public, message, signature)
	},
	sign: func(key crypto.Signer, message []byte) ([]byte, error) {
		return key.Sign(rand.Reader, message, crypto.Hash(0))
	},
}

// document makes the canonical bytes of an unsecured document: v without its
// member "proof", or with it when it holds the proofs of a chain.
func (s *suite) document(v *strictjson.Value, keepProof bool) ([]byte, error) {
	skip := "proof"
	if keepProof {
		skip = ""
	}
	switch s.form {
	case formRDFC:
		return jsonld.Canonicalize(v, jsonld.Options{Skip: skip})
	case formJCS:
		if skip != "" {
			v = v.Without(skip)
		}
		return jcs.Append(nil, v)
	}
	return nil, fmt.Errorf("the suite %s has no form", s.name)
}

// options makes the canonical bytes of a proof's options: the proof without its
// value, under the context of the document (VC DI EdDSA §3.2.5, §3.3.5).
func (s *suite) options(proof, context *strictjson.Value) ([]byte, error) {
	switch s.form {
	case formRDFC:
		if own := proof.Get("@context"); own != nil {
			if !equal(own, context) {
				return nil, errors.New("the proof has a vocabulary of its own")
			}
			proof = proof.Without("@context")
		}
		return jsonld.Canonicalize(proof, jsonld.Options{Context: context, Skip: "proofValue"})
	case formJCS:
		return jcs.Append(nil, proof.Without("proofValue"))
	}
	return nil, fmt.Errorf("the suite %s has no form", s.name)
}

// equal compares two JSON values in canonical form.
func equal(a, b *strictjson.Value) bool {
	if a == nil || b == nil {
		return a == b
	}
	one, err := jcs.Append(nil, a)
	if err != nil {
		return false
	}
	other, err := jcs.Append(nil, b)
	return err == nil && string(one) == string(other)
}
