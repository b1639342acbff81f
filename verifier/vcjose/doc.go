// Package vcjose makes and checks credentials that are signed as a compact JSON
// Web Signature: Open Badges 3.0 §8.2 (JWT) and Securing Verifiable Credentials
// using JOSE and COSE §3.1 (vc+jwt, vp+jwt).
//
// It owns: the reading of tokens from strangers, which algorithm goes with which
// key, and the signing of tokens. It does not own: whose key it is, where a kid
// leads, or what the claims mean; package verifier asks and judges those.
//
// Decisions worth knowing:
//
// It is the one place where github.com/go-jose/go-jose/v4 touches a token, and
// that library sees a token only after the whole of it was read here. By itself
// the library takes respellings of a genuine token and lets the token choose
// among algorithms; here a token has one spelling (three parts of base64url
// that encode back to the same text), its header is read strictly (no member
// twice), and the algorithm is the key's: the header may only agree with it
// (RFC 8725 §3.1).
//
// Headers that lead to keys or certificates elsewhere (jku, x5u, x5c), or that
// change what a signature means (crit, b64, zip, enc), are refused, not
// ignored. A jwk in the header is a claim like any other: it can show that the
// signature fits, never whose it is.
//
// Algorithms are RS256 (RSA from 2,048 bits), ES256 (P-256), ES384 (P-384) and
// EdDSA (Ed25519), also by the name that RFC 9864 gives it. PS256 is left out: its signatures have a parameter, the
// length of the salt, on which readers differ.
package vcjose
