package store

import "hallmark/issuer"

// AddProgramVersion keeps what a program's file says now; it is never changed.
// Whoever calls it holds the program.
func (tx *Tx) AddProgramVersion(v *issuer.ProgramVersion) error {
	return tx.add("program version", v)
}

// ProgramVersion reads a version by number.
func (tx *Tx) ProgramVersion(p issuer.ProgramID, number int) (*issuer.ProgramVersion, error) {
	return take[issuer.ProgramVersion](tx, "There is no such version of the program.", "program_id = ? AND number = ?", p, number)
}

// ProgramVersions lists up to so many versions of a program below a number, the
// newest first; 0 begins with the newest of all.
func (tx *Tx) ProgramVersions(p issuer.ProgramID, below, limit int) ([]issuer.ProgramVersion, error) {
	return list[issuer.ProgramVersion](tx, "number DESC LIMIT ?", "program_id = ? AND (? = 0 OR number < ?)", p, below, below, limit)
}
