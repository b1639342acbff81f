// Package web is the public verification endpoint: a page and an API that
// check any badge anyone brings, whoever issued it.
//
// It owns the answers to POST /api/verify and POST /api/verify/batch, the page
// /verify with its forms for one badge and for many, and what both
// webs of the program share: problem documents (RFC 9457), security headers
// by class of route, limits on bodies and the rendering of a page as a whole.
//
// Visitors may also check in their own browser: the page brings the verifier as
// a program when they ask for it, and the same is to be had as one file that
// works without network. What the operator publishes of itself comes with both,
// so that neither need ask anybody for it. Nothing of theirs is sent.
//
// It owns no database and knows no issuer: the verifier, the way to open a
// link and the templates are handed in, so that it can be mounted alone.
//
// A batch is up to 200 rows in 4 MiB, four of them at the same time, within 45
// seconds; two batches of one address and four in all may be under way. What is
// looked up for one row is shared by the others, hosts are asked as politely as
// the fetcher that was handed in is, and whoever goes away stops the work. A row
// of which nothing can be checked has an undetermined report that says why, and
// spoils no other. A table comes back as it came: with the same sign between
// cells, the same columns, and none of its cells a formula.
//
// Bytes that hold no credential are the only refusal. A bad credential is a
// report that says so, with status 200: an outcome is not an error.
package web
