// Package intake reads the files people bring to an import: rosters and
// completions as spreadsheets in the many shapes that offices and learning
// systems export, and a whole program as one YAML file.
//
// It owns encodings, separators, column names, dates and grades, and it
// remembers where each row stood, so that a refusal names the row a person
// sees in their spreadsheet. It decides nothing about people or modules:
// what a row means and whether it may be written is package registrar's.
//
// Nothing is guessed that could be wrong in silence: a file whose encoding,
// columns or date order cannot be told is refused with a sentence that says
// what to add.
package intake
