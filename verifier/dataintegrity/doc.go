// Package dataintegrity makes and checks Data Integrity proofs: signatures that
// stand inside the JSON document they sign (VC Data Integrity 1.0).
//
// It owns: the cryptosuites eddsa-rdfc-2022 and eddsa-jcs-2022 (VC DI EdDSA
// Cryptosuites 1.0 §3.2, §3.3), proof sets and proof chains, purpose, expiry,
// domain and challenge. It does not own: whose key it is (the caller hands in a
// function that finds keys, and binds them to the issuer afterwards), canonical
// forms (jsonld, rdfc, jcs), or the meaning of the document.
//
// Decisions worth knowing:
//
// Each proof is answered on its own and never summed up here; the algorithm of
// §4.3 in the Recommendation, followed to the letter, answers "true" for an
// empty set. No proof gives no result, and the caller must refuse that.
//
// Good, bad and unchecked are three answers. Unchecked is for what we could not
// do (a suite, a vocabulary or a key server out of reach), bad for what fails.
//
// Sign never re-serialises: the document's bytes stay as they are and the proof
// is put in after its last member.
//
// A suite is a row in a table: how to make bytes, and which algorithms fit which
// kind of key. The ECDSA suites differ in these rows alone.
package dataintegrity
