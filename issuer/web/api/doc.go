// Package api is the door for programs: JSON under /api/v1, access tokens
// from /oauth/token, and the OpenAPI 3.1 document that describes both.
//
// It owns the shapes on the wire (shapes.go) and which act a request asks for;
// rights and rules are the registrar's. A handler says who asks, reads what
// they sent, asks, and shows the answer; answers are shapes of this package,
// never rows.
//
// Decisions:
//   - Names that nobody knows, in a body or a query, are refused: a filter
//     that is misspelt and ignored would answer a question that was not asked.
//   - Idempotency-Key: the answer is kept in the transaction of the act, for
//     24 hours, per caller. A refusal is not kept; it wrote nothing, and the
//     same request may be right a minute later. A request whose twin is still
//     at work here is told so with 409.
//   - openapi.json is kept by hand and held to the routes by a test.
package api
