// Package vcapi is the door for programs that speak the VC-API (W3C Credentials
// Community Group, since renamed VCALM): they have credentials signed, verified,
// shown in part, and their status set. The conformance suites of W3C come in here.
//
// It owns the requests, which options are understood, and how a report of our
// verifier becomes an answer of the protocol (answer.go). It does not own rights,
// keys, what may be signed, or what is genuine: package registrar and package
// verifier decide, and every verification is theirs.
//
// Decisions worth knowing:
//
// Every route below /vc-api but the status lists takes an access token of OAuth
// 2.0 with the scope vc-api (client credentials, an hour). People and their
// sessions have no scopes and stay outside. Long-lived secrets in requests are
// ruled out by the protocol, and are not taken.
//
// An instance is a signer with a did:key of its own. Nothing here reaches the
// issuer's awards, keys, identifier, log or status lists.
//
// 400 or 200. What can never be right is answered with 400, a problem document,
// and verified false in it: a request that is not understood, a document that is
// no credential, a proof that is wrong or could not be checked, a key that is not
// the issuer's. A credential that is genuine and not current (withdrawn, expired,
// not yet valid, its status list out of reach) was checked without fault: 200,
// with verified false and the problems. The protocol would call these warnings;
// who reads only "verified" must not take a revoked credential for a good one.
// 422 is not used: of the two that the suites accept, one serves everything.
//
// Whom the reader trusts, and whether a credential is that of whoever presents
// it, are the reader's to judge (VC Data Model 2.0, appendix on validation): what
// our verifier says of them is a warning.
//
// Options that are not understood are refused. "checks" is read and changes
// nothing, because all checks are always made; leaving one out would be an answer
// to another question than the word verified says.
//
// An instance with ProofOnly answers another question on its verify routes:
// whether the document is a credential and the key that the proof names made the
// proof, whoever that is. Six tests of the suites need it, with credentials whose
// issuer is not the one who signed. Anybody can make a credential in anybody's
// name that such an instance calls verified. It is a setting of single instances,
// named in their configuration, and the routes without an instance never have it.
package vcapi
