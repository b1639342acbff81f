// Package issuertest is the whole service inside a test: a database of its
// own, keys, a small program, people of every kind, and a server on loopback.
//
// Nothing is faked but the clock, the way out of the machine (there is none)
// and mail, which stays in the outbox. The program and the people come in
// through the acts that everyone uses, never as ready rows.
package issuertest
