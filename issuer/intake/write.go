package intake

import (
	"encoding/csv"
	"fmt"
	"io"
)

// Writer writes a spreadsheet that ReadSheet reads back: CSV in UTF-8, with a
// guard before what a spreadsheet program would run as a formula.
type Writer struct{ rows *csv.Writer }

// NewWriter begins a sheet with its header.
func NewWriter(w io.Writer, header ...string) (*Writer, error) {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // spreadsheet programs take a file without it for an old encoding
		return nil, fmt.Errorf("write sheet: %w", err)
	}
	s := &Writer{csv.NewWriter(w)}
	s.rows.UseCRLF = true
	return s, s.Row(header...)
}

// Row writes a row.
func (s *Writer) Row(cells ...string) error {
	if err := s.rows.Write(guarded(cells)); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	return nil
}

// Flush writes what is still held.
func (s *Writer) Flush() error {
	s.rows.Flush()
	return s.rows.Error()
}
