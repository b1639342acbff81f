// Package ob3 is Open Badges 3.0: its types for building badges, and its rules
// for judging them.
//
// It owns: structs whose JSON is a badge (members in a fixed order, lists
// always as arrays, nothing empty), the rules of 1EdTech's JSON schema for
// AchievementCredential as a Go table, and identity hashes. It does not own the
// envelope (package vc), proofs, or pictures.
//
// The rules are code rather than the schema file: the file may not be shipped
// with the program, a schema processor costs more than all the rest of a check,
// and the reasons it gives are not for people. A test proves over thousands of
// altered badges that both accept and refuse alike.
package ob3
