package dataintegrity_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"io"
	"math/big"
	"strings"
	"testing"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
)

func curveKey(t testing.TB, curve elliptic.Curve) (*ecdsa.PrivateKey, string) {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(curve, append(make([]byte, curve.Params().BitSize/8-1), 42))
	if err != nil {
		t.Fatal(err)
	}
	_, vm, err := did.FromKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return key, vm
}

// asn1Signer hides what kind of signer it is, as a key in hardware does.
type asn1Signer struct{ crypto.Signer }

// padded gives its signature with something after it.
type padded struct{ crypto.Signer }

func (p padded) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	der, err := p.Signer.Sign(r, digest, o)
	return append(der, 0), err
}

func TestECDSA(t *testing.T) {
	p256, vm256 := curveKey(t, elliptic.P256())
	p384, vm384 := curveKey(t, elliptic.P384())
	for name, tt := range map[string]struct {
		key   crypto.Signer
		vm    string
		suite string
		size  int
	}{
		"P-256 over RDF":  {p256, vm256, dataintegrity.EcdsaRDFC2019, 64},
		"P-256 over JSON": {p256, vm256, dataintegrity.EcdsaJCS2019, 64},
		"P-384 over RDF":  {p384, vm384, dataintegrity.EcdsaRDFC2019, 96},
		"P-384 over JSON": {p384, vm384, dataintegrity.EcdsaJCS2019, 96},
		"P-384, hardware": {asn1Signer{p384}, vm384, dataintegrity.EcdsaRDFC2019, 96},
	} {
		signed, err := dataintegrity.Sign([]byte(small), tt.key, dataintegrity.Options{VerificationMethod: tt.vm, Cryptosuite: tt.suite}, false)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		doc := parse(t, signed)
		value := doc.Get("proof").Get("proofValue")
		good := value.Str
		signature, err := did.DecodeBase58(good[1:])
		if err != nil || len(signature) != tt.size {
			t.Errorf("%s: a signature of %d bytes", name, len(signature))
			continue
		}
		try := func(text string) dataintegrity.State {
			value.Str = text
			return dataintegrity.Verify(t.Context(), doc, fromFragment, dataintegrity.Expect{})[0].State
		}
		if got := try(good); got != dataintegrity.Good {
			t.Errorf("%s is %s", name, got)
		}
		for bit := range len(signature) * 8 {
			signature[bit/8] ^= 1 << (bit % 8)
			if got := try("z" + did.EncodeBase58(signature)); got != dataintegrity.Bad {
				t.Errorf("%s: bit %d: %s", name, bit, got)
			}
			signature[bit/8] ^= 1 << (bit % 8)
		}
		zero := make([]byte, tt.size)
		copy(zero, signature[:tt.size/2])
		for _, s := range [][]byte{zero, make([]byte, tt.size), signature[:tt.size-1], append(signature, 0), der(t, signature), nil} {
			if got := try("z" + did.EncodeBase58(s)); got != dataintegrity.Bad {
				t.Errorf("%s: %x: %s", name, s, got)
			}
		}
		changed := strings.Replace(string(signed), `"id":"urn:uuid:2"`, `"id":"urn:uuid:3"`, 1)
		if r := verify(t, []byte(changed))[0]; r.State != dataintegrity.Bad {
			t.Errorf("%s: with another subject: %s", name, r.State)
		}
		// A signature of the other curve's size must not choose the hash.
		other := vm256
		if tt.size == 64 {
			other = vm384
		}
		if r := verify(t, []byte(strings.ReplaceAll(string(signed), tt.vm, other)))[0]; r.State != dataintegrity.Bad || !strings.HasSuffix(r.Problem, "PROOF_TRANSFORMATION_ERROR") {
			t.Errorf("%s: with a key of the other curve: %s %s", name, r.State, r.Problem)
		}
	}
}

// der makes r and s large on purpose: a list of two numbers is no signature here.
func der(t testing.TB, signature []byte) []byte {
	t.Helper()
	half := len(signature) / 2
	part := func(b []byte) []byte {
		n := new(big.Int).SetBytes(b).Bytes()
		return append([]byte{2, byte(len(n))}, n...)
	}
	body := append(part(signature[:half]), part(signature[half:])...)
	return append([]byte{0x30, byte(len(body))}, body...)
}

func TestECDSARefuses(t *testing.T) {
	p256, vm256 := curveKey(t, elliptic.P256())
	p224, err := ecdsa.ParseRawPrivateKey(elliptic.P521(), append(make([]byte, 65), 42))
	if err != nil {
		t.Fatal(err)
	}
	ed, vmEd := testKey()
	for name, tt := range map[string]struct {
		key   crypto.Signer
		vm    string
		suite string
	}{
		"Ed25519 key":     {ed, vmEd, dataintegrity.EcdsaRDFC2019},
		"another curve":   {p224, "did:web:example.org#k", dataintegrity.EcdsaRDFC2019},
		"ECDSA for EdDSA": {p256, vm256, dataintegrity.EddsaRDFC2022},
		"odd signer":      {padded{p256}, vm256, dataintegrity.EcdsaRDFC2019},
		"a type of old":   {ed, vmEd, dataintegrity.Ed25519Signature2020},
	} {
		if signed, err := dataintegrity.Sign([]byte(small), tt.key, dataintegrity.Options{VerificationMethod: tt.vm, Cryptosuite: tt.suite}, false); err == nil {
			t.Errorf("%s: signed as %s", name, signed)
		}
	}
}

// Ed25519Signature2020 is checked as published, and only whole.
func TestEd25519Signature2020(t *testing.T) {
	doc := string(fixture(t, "vectors/vc-di-eddsa/Ed25519Signature2020/signedEdSig.json"))
	undated := strings.Replace(doc, `"created": "2023-02-24T23:36:38Z",`, "", 1)
	if r := verify(t, []byte(undated))[0]; r.State != dataintegrity.Bad || !strings.Contains(r.Reason, "when it was made") {
		t.Errorf("without a date: %s: %s", r.State, r.Reason)
	}
	for name, tt := range map[string]struct {
		old, new string
		want     dataintegrity.State
	}{
		"as published":       {"", "", dataintegrity.Good},
		"another time":       {"2023-02-24", "2023-02-25", dataintegrity.Bad},
		"changed":            {"The School of Examples", "The School of Counterexamples", dataintegrity.Bad},
		"as a cryptosuite":   {`"type": "Ed25519Signature2020"`, `"type": "DataIntegrityProof", "cryptosuite": "Ed25519Signature2020"`, dataintegrity.Unchecked},
		"of 2018":            {`"type": "Ed25519Signature2020"`, `"type": "Ed25519Signature2018"`, dataintegrity.Unchecked},
		"with a cryptosuite": {`"type": "Ed25519Signature2020"`, `"type": "Ed25519Signature2020", "cryptosuite": "eddsa-jcs-2022"`, dataintegrity.Bad},
	} {
		if r := verify(t, []byte(strings.Replace(doc, tt.old, tt.new, 1)))[0]; r.State != tt.want {
			t.Errorf("%s: %s: %s", name, r.State, r.Reason)
		}
	}
}
