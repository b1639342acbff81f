// Package did turns decentralized identifiers and controlled identifier
// documents into verification methods: which public keys speak for an issuer,
// and for what.
//
// It owns: base58btc and Multikey encodings, public JSON Web Keys, sets of them
// and their thumbprints, did:key and did:jwk (documents derived from the
// identifier), did:web (only the address; nothing is fetched here), and a strict
// reader of documents that others fetched. It does not own the network,
// signatures, or the question whether an issuer is trusted.
//
// A document is believed only about itself: its id must be the identifier that
// was asked for, a method counts only if its controller is that same id, and a
// key signs credentials only if assertionMethod lists it (Controlled
// Identifiers 1.0 §3.3). A method that cannot be read, or that gives away its
// secret, keeps its place with a reason instead of a key, so that one odd entry
// does not hide the good ones.
//
// Keys are Ed25519, P-256, P-384 and RSA from 2,048 bits. Ed25519 points of
// small order and second spellings of a point are refused: with such a key one
// signature fits many messages.
package did
