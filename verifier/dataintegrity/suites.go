package dataintegrity

import (
	"crypto"
	"errors"

	"hallmark/verifier/jcs"
	"hallmark/verifier/jsonld"
	"hallmark/verifier/rdfc"
	"hallmark/verifier/strictjson"
)

// Names of the cryptosuites that Sign makes and Verify checks.
const (
	EddsaRDFC2022 = "eddsa-rdfc-2022"
	EddsaJCS2022  = "eddsa-jcs-2022"
	EcdsaRDFC2019 = "ecdsa-rdfc-2019"
	EcdsaJCS2019  = "ecdsa-jcs-2019"
)

// Ed25519Signature2020 is a type of proofs older than cryptosuites (VC DI EdDSA
// §3.1): they are checked and never made.
const Ed25519Signature2020 = "Ed25519Signature2020"

// integrityProof is the type of proofs that name a cryptosuite.
const integrityProof = "DataIntegrityProof"

// form is how a document becomes bytes.
type form uint8

const (
	formRDFC form = iota // JSON-LD to RDF, RDFC-1.0, N-Quads
	formJCS              // RFC 8785
	formSD               // statements one by one: see selective.go
)

// suite is one cryptosuite.
type suite struct {
	name       string
	proofType  string
	form       form
	algorithms []*algorithm // the kinds of keys it works with, told apart by the size of a signature
}

var suites = []suite{
	{EddsaRDFC2022, integrityProof, formRDFC, []*algorithm{&ed25519Algorithm}},
	{EddsaJCS2022, integrityProof, formJCS, []*algorithm{&ed25519Algorithm}},
	{EcdsaRDFC2019, integrityProof, formRDFC, []*algorithm{&p256Algorithm, &p384Algorithm}},
	{EcdsaJCS2019, integrityProof, formJCS, []*algorithm{&p256Algorithm, &p384Algorithm}},
	{EcdsaSD2023, integrityProof, formSD, []*algorithm{&p256Algorithm}},
	{Ed25519Signature2020, Ed25519Signature2020, formRDFC, []*algorithm{&ed25519Algorithm}},
}

// findSuite finds the suite of a proof by its type and, of a DataIntegrityProof,
// the name of its cryptosuite.
func findSuite(proofType, name string) *suite {
	for i := range suites {
		if s := &suites[i]; s.proofType == proofType && (proofType != integrityProof || s.name == name) {
			return s
		}
	}
	return nil
}

func (s *suite) forKey(key crypto.PublicKey) *algorithm {
	for _, a := range s.algorithms {
		if a.fits(key) {
			return a
		}
	}
	return nil
}

func (s *suite) forSize(size int) *algorithm {
	for _, a := range s.algorithms {
		if a.size == size {
			return a
		}
	}
	return nil
}

// message makes what a proof signs: the hash of its options and the hash of the
// document (VC DI EdDSA §3.2.4, VC DI ECDSA §3.2.4). The hash is the one of the
// algorithm, in RDFC-1.0 too (VC DI ECDSA §3.2.3).
func (c *checker) message(s *suite, a *algorithm, proof *strictjson.Value, u unsecured) ([]byte, error) {
	document, err := c.digest(s, a.hash, u)
	if err != nil {
		return nil, err
	}
	options, err := c.options(s, a.hash, proof, u.doc.Get("@context"))
	if err != nil {
		return nil, err
	}
	return append(options, document...), nil
}

// text is the canonical form of the document without proofs, made once.
type text struct {
	hash  crypto.Hash
	bytes []byte
	sum   []byte
	err   error
}

// wholeText makes the canonical N-Quads of the document without its proofs.
func (c *checker) wholeText(h crypto.Hash) *text {
	for _, t := range c.texts {
		if t.hash == h {
			return t
		}
	}
	t := &text{hash: h}
	c.texts = append(c.texts, t)
	var d *rdfc.Dataset
	if d, t.err = c.session.ToRDF(c.doc, jsonld.Options{Skip: "proof"}); t.err != nil {
		return t
	}
	if t.bytes, t.err = d.CanonicalizeWith(h, rdfc.Limits{}); t.err == nil {
		t.sum = sum(h, t.bytes)
	}
	return t
}

// digest hashes the canonical form of an unsecured document.
func (c *checker) digest(s *suite, h crypto.Hash, u unsecured) ([]byte, error) {
	switch {
	case s.form == formJCS:
		doc := u.doc
		if !u.chained {
			doc = doc.Without("proof")
		}
		bytes, err := jcs.Append(c.jcs[:0], doc)
		c.jcs = bytes
		return sum(h, bytes), err
	case u.chained || c.signing: // nobody asks for the text
		skip := "proof"
		if u.chained {
			skip = ""
		}
		d, err := c.session.ToRDF(u.doc, jsonld.Options{Skip: skip})
		if err != nil {
			return nil, err
		}
		return c.hashed(d, h)
	}
	t := c.wholeText(h)
	return t.sum, t.err
}

func (c *checker) hashed(d *rdfc.Dataset, h crypto.Hash) ([]byte, error) {
	to := h.New()
	if err := d.Hash(to, h, rdfc.Limits{}); err != nil {
		return nil, err
	}
	return to.Sum(nil), nil
}

// options hashes the canonical form of a proof's options: the proof without its
// value, under the context of the document (VC DI EdDSA §3.2.5, §3.3.5).
func (c *checker) options(s *suite, h crypto.Hash, proof, context *strictjson.Value) ([]byte, error) {
	if s.form == formJCS {
		bytes, err := jcs.Append(c.jcs[:0], proof.Without("proofValue"))
		c.jcs = bytes
		return sum(h, bytes), err
	}
	if own := proof.Get("@context"); own != nil {
		if !equal(own, context) {
			return nil, errors.New("the proof has a vocabulary of its own")
		}
		proof = proof.Without("@context")
	}
	d, err := c.session.ToRDF(proof, jsonld.Options{Context: context, Skip: "proofValue"})
	if err != nil {
		return nil, err
	}
	return c.hashed(d, h)
}

func sum(h crypto.Hash, text []byte) []byte {
	to := h.New()
	to.Write(text)
	return to.Sum(make([]byte, 0, 2*h.Size()))
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
