// Package dataintegrity makes and checks Data Integrity proofs: signatures that
// stand inside the JSON document they sign (VC Data Integrity 1.0).
//
// It owns: the cryptosuites eddsa-rdfc-2022 and eddsa-jcs-2022 (VC DI EdDSA
// Cryptosuites 1.0 §3.2, §3.3), ecdsa-rdfc-2019 and ecdsa-jcs-2019 with P-256 and
// P-384 (VC DI ECDSA Cryptosuites 1.0 §3.2, §3.3), ecdsa-sd-2023 (§3.4) with what
// the holder does, the checking of Ed25519Signature2020, proof sets and proof
// chains, purpose, expiry, domain and challenge. It does not own: whose key it is
// (the caller hands in a function that finds keys, and binds them to the issuer
// afterwards), canonical forms (jsonld, rdfc, jcs), or the meaning of the document.
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
// kind of key.
//
// The proofs of one document share a session of package jsonld: contexts are
// compiled once, memory is used again, and the canonical document is made once
// for each hash. A link of a chain signs a document of its own, which is hashed
// without being written out.
//
// A Template is Sign for many documents of one shape: what Sign gives and no other
// byte, or Sign itself wherever a value could change more than its own place.
//
// ecdsa-sd-2023 signs statements one by one. Instead of giving nameless objects
// names that are taken back later (skolemisation), the place of an object in the
// document tells it again in a part of the document. Stricter than others: each
// nameless object needs a label of its own, heads of CBOR are as short as can
// be, lists and graphs cannot be shown in part, and no more than 200 statements
// of a document are signed one by one, because each costs a signature to check.
package dataintegrity
