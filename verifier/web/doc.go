// Package web is the public verification endpoint: a page and an API that
// check any badge anyone brings, whoever issued it.
//
// It owns the answer to POST /api/verify, the page /verify, and what both
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
// Bytes that hold no credential are the only refusal. A bad credential is a
// report that says so, with status 200: an outcome is not an error.
package web
