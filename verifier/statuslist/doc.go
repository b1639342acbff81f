// Package statuslist makes and reads the bitstrings of Bitstring Status List
// v1.0: one entry per credential, whether it is revoked. It reads those of its
// forerunner, Status List 2021, too.
//
// It owns the bits and their encoding (multibase "u", base64url, gzip). It does
// not own the credential that carries a list, its proof, or its fetching.
//
// Entry 0 is the most significant bit of the first byte (§2.2). Lists that
// others made are never held whole: Lookup streams them and keeps the one entry
// that was asked for, and refuses anything beyond 2 MiB encoded or 8 MiB
// unpacked, more than one gzip member, and lists with fewer than 131,072
// entries, which would tell an issuer who is being looked at.
package statuslist
