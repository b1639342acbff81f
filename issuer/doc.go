// Package issuer holds the words and the rules of a program that issues
// credentials: programs, cohorts, completions, capstones, reviews,
// achievements, awards, credentials and the people behind them.
//
// It owns what these things are and when a change of one is allowed. It does
// nothing by itself: it opens no file and no database, reads no clock and
// makes no random number. Rules take the time as an argument and refuse with
// an *Error whose Reason may be shown to the person who asked.
//
// The structs are also the rows of the database, so that there is one
// description of each thing and not two: package store maps a field to the
// column of its name (PersonID to person_id) and a type to its table
// (Person to people). Lists and small records inside a row are kept as JSON
// text by the types in json.go. Times are UTC in whole seconds; days are Day.
//
// It imports nothing under issuer/. That keeps the rules testable alone and
// makes an import cycle between them and their keepers impossible.
package issuer
