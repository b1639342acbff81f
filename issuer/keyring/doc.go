// Package keyring holds the signing keys of the issuer: it makes them, seals
// them, signs with them and publishes their public parts.
//
// It is the only holder of private keys. They lie in the database sealed: a
// compact JWE (A256GCMKW, A256GCM) around an Ed25519 seed, the scalar of a
// P-256 key or an RSA key in PKCS #8, which only the sealing key opens. The
// sealing key is handed in, comes from a file outside the database, perhaps
// closed by a key service, and is never kept with it. A private key has no way
// out of here: what is given away is a crypto.Signer that prints, logs and
// encodes as "sealed". A sealed key is believed only if it makes the public key
// of its row, so that swapping two rows is found at once.
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
// Badges as tokens have a key of their own, RSA or P-256 (token.go): one key, one
// algorithm, one use (RFC 8725 §3.1). It is published like the others and asked
// for by its address, so that it counts the moment it is made.
//
// A key is planned, active, then retired or compromised. A planned one is
// published and signs nothing, so that whoever keeps our documents for a while
// knows it when it begins to; who rotates keys waits for that (package main).
// What was planned and dropped signed nothing, and is shown no more. Keys for
// tokens of access, slips and the log are believed while they are planned,
// because another copy of the program may be half a second ahead of this one.
//
// What travels beside a badge, a slip in a QR code or a stapled status, is signed
// with keys of its own too. The issuer's document lists them and gives them no
// purpose, so that nothing they sign can pass for a credential.
//
// Instances of the VC-API have keys of their own (instance.go), handed in row by
// row, which no document of the issuer lists and no view of the ring holds. So
// have mentors, one each, for what they sign of the work they approved
// (mentor.go).
//
// Published keys never carry an expiry: a badge signed with a retired key stays
// good. A compromised key is shown as revoked and leaves assertionMethod
// (Controlled Identifiers 1.0 §2.2, §3.3).
package keyring
