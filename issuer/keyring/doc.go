// Package keyring holds the signing keys of the issuer: it makes them, seals
// them, signs with them and publishes their public parts.
//
// It is the only holder of private keys. They lie in the database sealed: a
// compact JWE (A256GCMKW, A256GCM) around the 32 bytes of an Ed25519 seed,
// which only the sealing key opens. The sealing key is handed in, comes from a
// file outside the database and is never kept with it. A private key has no
// way out of here: what is given away is a crypto.Signer that prints, logs and
// encodes as "sealed". A sealed key is believed only if it makes the public
// key of its row, so that swapping two rows is found at once.
//
// It does not know the database: Config.Load brings the rows. The ring reads
// them again when it is used and what it knows is half a second old, so that a
// key rotated by a command counts in a running server within a second. While
// the database is away the last good keys go on signing and being published.
//
// The issuer's name is a did:web if its base URL is https on a DNS name, with
// a key of its own for each purpose. Otherwise it is a did:key, for trying
// things out: one key signs credentials and status lists and is the issuer's
// name, so it can never be replaced. Access tokens always have their own key,
// which no document of ours lists, and so has the log: its key is published as
// the verifier key of the log's name (LogKeys).
//
// Instances of the VC-API have keys of their own (instance.go), handed in row by
// row, which no document of the issuer lists and no view of the ring holds.
//
// Published keys never carry an expiry: a badge signed with a retired key stays
// good. A compromised key is shown as revoked and leaves assertionMethod
// (Controlled Identifiers 1.0 §2.2, §3.3).
package keyring
