// Package inclusion checks the proof that a credential stands in its issuer's
// public log.
//
// It owns the shapes that both sides of such a proof agree on: the data of a
// leaf, the commitment in it, the checkpoint (C2SP tlog-checkpoint, a C2SP
// signed-note) and the proof document. It does not own the log: package ledger
// of the issuer grows it. Nothing is fetched here, and which key a log has is
// for the caller to know.
//
// The way from a badge to a signature, each step checked: the bytes of the
// credential, their SHA-256, its HMAC-SHA-256 under the salt of the credential
// (the commitment), the leaf that holds it, the leaf's hash, the path of hashes
// to the root (RFC 6962 §2.1.1), and the checkpoint that states the root. The
// arithmetic and the notes are those of golang.org/x/mod/sumdb, which also
// carry Go's own checksum database.
package inclusion
