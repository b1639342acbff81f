// Package export makes copies of what an installation holds, for a time in
// which it is not there: the public site as files that any web host can serve
// (Site), and all records in open formats (Records).
//
// It owns the files: their names, their order, how a folder comes to be whole or
// not at all. It renders nothing and reads no database. The site is what the
// wired public door answers, asked in this process, so that a copy says what the
// service says; what may be in it is what that door shows, and badges that their
// holders took down, or that were erased, are in no file of it. Records come
// from an act of the registrar.
//
// An installation that moved has badges that name their keys and status lists at its
// former address, and a did:web is looked up at its own host alone: a copy has in
// at/HOST what that host has to serve, whole, so that whoever serves it needs no rule
// but "these files". It is mostly other names of the same files.
//
// A folder is made beside its name and gets the name when it is whole. A run
// that was broken off leaves a folder that the next one begins anew: what was
// true of half the badges yesterday is not to be mixed with what is true of the
// others today.
package export
