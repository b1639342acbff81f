// Package registrar is what people and programs may ask of the issuer. Each
// exported method of Registrar is one act: it authorises the caller, decides
// by the rules of package issuer, writes, and leaves an audit entry, all in
// one transaction; a refusal for want of a right is audited in a transaction
// of its own. Methods that only read are authorised as well. Published is the
// part that anyone may read without an account.
//
// It owns who may do what (rights.go), the one way in which a fact becomes a
// signed credential (issue.go, document.go) and the views that doors show. It
// holds no row, no key and no template: rows are package store's, keys
// package keyring's.
//
// Decisions worth knowing:
//
//   - Only a new fact earns. A completion, approval, review or award looks at
//     what it alone brings about, and from there at what stacks on it. So a
//     revoked badge never comes back because something else was recorded.
//   - An award keeps the id of the fact that brought it about, stacked ones
//     included, so that a repeated request is answered with the same badges.
//   - An act awards first and issues at its end: the badges of all its awards
//     get their places, are signed by as many hands as there are processors
//     while the rest is written and other acts run, and are kept with few
//     statements before the commit. An import does so for some rows at a time, so
//     that what it remembers does not grow.
//   - Between acts nothing is remembered but what never changes (the wording of
//     versions of achievements, by an id that no other has), what one row tells to
//     be as it was (definitions.go), and templates to sign from, which are compared
//     with each document to the byte.
//   - What does not verify is not kept: our own verifier reads the exact bytes
//     before the commit, and its refusal undoes the whole act.
package registrar
