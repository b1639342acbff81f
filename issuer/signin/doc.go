// Package signin finds out who calls: people by a link that was mailed to
// them and the session it opens, programs by access tokens.
//
// It owns secrets on their way (links, cookies, tokens) and keeps only their
// SHA-256. It owns no right: what a caller may do is read by the registrar
// with every request, so that a role taken away, and a client revoked, count
// at once. It knows no router: it works on requests of net/http, and
// issuer/web calls it for the routes that have callers.
//
// Decisions:
//   - A link is used by a POST. The GET that a mail scanner makes shows a page
//     with one button and changes nothing.
//   - Asking for a link answers the same, and takes one write, whether or not
//     the address is known.
//   - Sessions end after 30 minutes without use and 12 hours in any case. The
//     cookie goes with the browser; the token in it is new with every sign-in.
//   - A session can step up: its person shows again that it is them, by a mailed
//     code or a passkey. The step-up stands in the session and nowhere else.
//   - Access tokens are JWTs by RFC 9068, signed with a key of their own
//     purpose. golang-jwt looks at neither "typ" nor "crit" and accepts other
//     spellings of a token's base64; tokens.go does what it leaves out.
package signin
