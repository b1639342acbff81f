// Package web sets up echo for the doors: middleware, refusals, bodies, pages.
//
// It owns the order in which a request is looked at, the table from a kind of
// refusal to a status, the security headers by class of route, the limits,
// and how a handler learns who calls and what they sent. The doors themselves
// (public, pages, api) are packages of their own and mount their routes.
//
// Decisions:
//   - The address of a caller comes from the connection, or from
//     X-Forwarded-For only where a proxy that the operator named stands before
//     us. Echo's own extractor believes any header.
//   - echo's Bind is not used: it mixes path, query and body, folds the case
//     of names and ignores what follows the first value. Body reads strictly.
//   - A cookie is only ever looked at on routes of class Private. The public
//     door answers the same to everyone, also while the database is away.
//   - Browsers get pages, programs get problem documents (RFC 9457); one
//     function decides, by the route and the Accept header.
package web
