// Package vc reads the envelope of a verifiable credential: W3C Verifiable
// Credentials Data Model 2.0, and 1.1 for verifying what others issued earlier.
//
// It owns: which members must be there and of what shape, and giving them names
// in Go. It keeps the bytes it was given and never writes a credential anew. It
// does not own proofs, vocabularies (package jsonld), the rules of Open Badges
// (package ob3), or fetching anything.
//
// What breaks a MUST of the data model makes a credential unfit (Problem.Fatal);
// slips that leave its meaning plain, such as a time without a zone or a status
// index written as a number, are findings that decide nothing.
package vc
