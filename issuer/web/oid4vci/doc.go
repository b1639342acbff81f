// Package oid4vci is the door for wallets: OpenID for Verifiable Credential
// Issuance 1.0 Final, by pre-authorised code (§3.5) with a transaction code.
//
// It owns the protocol: what is said of the issuer at well-known addresses, how
// requests are read, and how refusals are put into the words of OAuth 2.0 (RFC
// 6749, RFC 6750) and of the specification. It does not own who may have a copy
// of a badge, offers, nonces, proofs or signatures: package registrar does
// (Wallets).
//
// Decisions worth knowing:
//
// The holder makes an offer on the page of their badge, signed in. From there on
// nobody is signed in: a wallet brings the secret of the link, then the code in
// the offer with six digits that were mailed, then the token that these gave.
// Each is used once or is short-lived, none is kept, and no cookie is looked at.
// So any origin may come, for wallets that live in browsers.
//
// The issuer is its own authorization server, and the offers are its one way of
// authorization (grant_types_supported). Programs get their tokens elsewhere, and
// of another kind: these here are opaque and open one offer.
//
// The same badge is given in two forms: with a Data Integrity proof inside
// (ldp_vc) and as an Open Badges 3.0 token (jwt_vc_json). A wallet that asks for
// both with one key gets two forms of one copy.
//
// Members of requests that are not known are ignored, as the specification says
// (§8.2); what would change the answer and is not done here is refused:
// credential_identifier, credential_response_encryption, several proofs. Drafts
// before 1.0 had one "proof" and a nonce in the answer for the token; they are
// not spoken.
//
// The well-known addresses stand between the host and the path of the base URL
// (§12.2.2, RFC 8414 §3.1): for a base URL with a path, a proxy in front must
// lead /.well-known/openid-credential-issuer/<path> and
// /.well-known/oauth-authorization-server/<path> here, too. Package web knows
// them again.
package oid4vci
