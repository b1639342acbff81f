// Package public is the door for anyone: the pages, pictures and signed bytes
// of our badges, and what other verifiers need (DID document, keys, status
// lists, achievements, the issuer's profile), and the public log (C2SP
// tlog-tiles) with the proof that a badge stands in it.
//
// It reads through registrar.Published, which cannot write, and has tokens made
// by registrar.Tokens; it asks for no account. A badge that its holder took down and one that never was
// get the same answer; the bytes of a credential are served as they were
// signed, also after it was revoked.
package public
