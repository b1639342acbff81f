package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hallmark/issuer"
)

// Limits of a spreadsheet: bytes of the file and rows below the header.
const (
	MaxBytes = 5 << 20
	MaxRows  = 50_000
)

// Sheet is a spreadsheet as text: a header and the rows below it.
type Sheet struct {
	Header []string
	Rows   []Row
	comma  rune
}

// Row is one row of a sheet. Number is the one a spreadsheet program shows:
// the header is row 1, empty rows count, a line break inside quotes does not.
type Row struct {
	Number int
	Cells  []string
}

// ReadSheet reads CSV text in UTF-8 or UTF-16 (little or big end first, with
// a byte order mark), separated by commas, semicolons, tabs or bars.
func ReadSheet(data []byte) (*Sheet, error) {
	if len(data) > MaxBytes {
		return nil, issuer.Refuse(issuer.Invalid, "This file is larger than %d MiB; split it.", MaxBytes>>20)
	}
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	s := &Sheet{comma: separator(text)}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord = s.comma, -1
	number, at := 0, int64(0)
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return nil, issuer.Refuse(issuer.Invalid, "Line %d of this file cannot be read: a quotation mark is out of place. Save it as CSV again.", broken.Line)
		}
		if err != nil {
			return nil, fmt.Errorf("read sheet: %w", err)
		}
		number += 1 + emptyLines(text[at:r.InputOffset()])
		at = r.InputOffset()
		if s.Header == nil {
			s.Header = cells
			continue
		}
		if blank(cells) {
			continue
		}
		if len(s.Rows) == MaxRows {
			return nil, issuer.Refuse(issuer.Invalid, "This file has more than %d rows; split it.", MaxRows)
		}
		for i := range cells {
			cells[i] = unguard(cells[i])
		}
		s.Rows = append(s.Rows, Row{Number: number, Cells: cells})
	}
	if s.Header == nil {
		return nil, issuer.Refuse(issuer.Invalid, "This file is empty; its first row must name the columns.")
	}
	return s, nil
}

// decode turns the file into UTF-8 without a byte order mark.
func decode(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return fromUTF16(data[2:], func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 })
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return fromUTF16(data[2:], func(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 })
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, issuer.Refuse(issuer.Invalid, "The letters of this file cannot be read; save it as “CSV UTF-8”.")
	}
	return data, nil
}

func fromUTF16(data []byte, unit func([]byte) uint16) ([]byte, error) {
	damaged := issuer.Refuse(issuer.Invalid, "This UTF-16 file is damaged; save it as “CSV UTF-8”.")
	if len(data)%2 != 0 {
		return nil, damaged
	}
	units := make([]uint16, 0, len(data)/2)
	for ; len(data) > 0; data = data[2:] {
		units = append(units, unit(data))
	}
	text := utf16.Decode(units) // a lone surrogate becomes U+FFFD
	for _, r := range text {
		if r == utf8.RuneError || r == 0 {
			return nil, damaged
		}
	}
	return []byte(string(text)), nil
}

// separator is the one that stands most often in the header, outside quotes.
func separator(text []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range string(text) {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\n' && len(bytes.TrimSpace(text)) > 0 && len(counts) > 0:
			return most(counts)
		case r == ',' || r == ';' || r == '\t' || r == '|':
			counts[r]++
		}
	}
	return most(counts)
}

func most(counts map[rune]int) rune {
	best := ','
	for _, r := range []rune{';', '\t', '|'} {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// emptyLines counts the empty lines before a record: the csv reader passes
// over them, a spreadsheet program does not.
func emptyLines(raw []byte) int {
	n := 0
	for {
		switch {
		case bytes.HasPrefix(raw, []byte("\n")):
			raw = raw[1:]
		case bytes.HasPrefix(raw, []byte("\r\n")):
			raw = raw[2:]
		default:
			return n
		}
		n++
	}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// guard keeps a spreadsheet program from running a cell as a formula
// (CWE-1236); unguard takes the guard off again, so that a refused row can be
// mended and brought back.
func guard(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}

// Refused writes the rows that reasons names, as they came, with a column
// that says why, ready to be mended and imported again.
func (s *Sheet) Refused(reasons map[int]string) ([]byte, error) {
	var out bytes.Buffer
	w, err := NewWriter(&out, append(slices.Clone(s.Header), "reason")...)
	if err != nil {
		return nil, err
	}
	for _, row := range s.Rows {
		reason, ok := reasons[row.Number]
		if !ok {
			continue
		}
		cells := slices.Clone(row.Cells)
		for len(cells) < len(s.Header) {
			cells = append(cells, "")
		}
		if err := w.Row(append(cells, reason)...); err != nil {
			return nil, err
		}
	}
	err = w.Flush()
	return out.Bytes(), err
}

func guarded(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = guard(c)
	}
	return out
}
