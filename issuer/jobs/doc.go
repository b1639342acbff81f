// Package jobs is the clockwork of the issuer: what happens by itself after
// the commit that made it necessary.
//
// It owns the duties and when they are done: giving audit entries and log
// leaves their positions, letting the tree of the log grow over them and
// signing its head, asking a witness to co-sign it, signing status lists,
// sending mail from the outbox, having issued what was put off while issuing was
// stopped, counting what cohorts came to, telling holders of what ends soon and those who handle concerns of what waits, ending awards whose time ran out, and removing what was only kept for
// a while. It does not own what they work on: rows are
// package store's, hashes package ledger's, signatures package keyring's; the
// texts of mails, the way they travel and the way to a witness are handed in.
//
// A duty is a method that does what there is to do once and can be called at
// any time, also by two at once: each works in transactions of its own. On
// PostgreSQL an advisory lock of the transaction lets one copy of the program
// do it while the others pass on; it ends with the transaction, so a copy that
// dies holds up nobody. Duties take the time from the store, loops only wait.
//
// A mail may go twice and never not at all: the attempt is counted before it
// is made and the message is due again if nothing is heard of it.
package jobs
