package web

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"hallmark/verifier"
	"hallmark/verifier/shown"
)

// sheet is a table of links as a spreadsheet program saved it, and how it did:
// the answer is written the same way, so that it opens where that came from.
type sheet struct {
	comma  rune
	mark   bool // a byte order mark stands before it
	header []string
	rows   []row
}

// commas are what spreadsheet programs put between cells, by country and menu.
var commas = []rune{',', ';', '\t', '|'}

// readSheet reads CSV with a column "link" in UTF-8, or in UTF-16 with a byte
// order mark. What stands between the cells is found out: it is what makes a
// column of that name. A first line "sep=;" (Excel's) says so itself.
func readSheet(data []byte) (*sheet, error) {
	s := &sheet{}
	text, err := s.decode(data)
	if err != nil {
		return nil, err
	}
	tries := commas
	if rest, found := strings.CutPrefix(text, "sep="); found && rest != "" {
		separator, size := utf8.DecodeRuneInString(rest)
		if end := strings.TrimLeft(rest[size:], "\r"); strings.ContainsRune(string(commas), separator) && strings.HasPrefix(end, "\n") {
			text, tries = end[1:], []rune{separator}
		}
	}
	broad := false
	for _, comma := range tries {
		s.comma = comma
		if tooBroad(text, byte(comma)) {
			broad = true
			continue
		}
		header, err := s.reader(text).Read()
		if column := columnOf(header, "link"); err == nil && column >= 0 {
			return s, s.read(text, column)
		}
	}
	if broad {
		return nil, WrongField("link", "This file has more than %d columns. Keep the one with the links, and those that you need beside it.", maxColumns)
	}
	if strings.TrimSpace(text) == "" {
		return nil, WrongField("link", "This file is empty; its first row must name the columns, one of them “link”.")
	}
	return nil, WrongField("link", "No column is called “link”: name the one with the links of the badges so, in the first row.")
}

// maxColumns is how many cells a row may have. The answer has as many in each of
// its rows: without a bound, a header of four million commas asks for it two
// hundred times.
const maxColumns = 256

// tooBroad says whether a row of a table has more cells than maxColumns, before
// memory is taken for them.
func tooBroad(text string, comma byte) bool {
	cells, quoted := 1, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			cells = 1
		case c == comma:
			if cells++; cells > maxColumns {
				return true
			}
		}
	}
	return false
}

// decode turns the file into UTF-8 without a byte order mark.
func (s *sheet) decode(data []byte) (string, error) {
	unit := func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 }
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		s.mark, data = true, data[3:]
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		unit = func(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 }
		fallthrough
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		s.mark, data = true, data[2:]
		units := make([]uint16, 0, len(data)/2)
		for ; len(data) > 1; data = data[2:] {
			units = append(units, unit(data))
		}
		data = []byte(string(utf16.Decode(units)))
	}
	if !readable(string(data)) {
		return "", NewProblem(http.StatusBadRequest, "The letters of this file cannot be read; save it as “CSV UTF-8”.")
	}
	return string(data), nil
}

func (s *sheet) reader(text string) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = s.comma, -1
	return r
}

// columnOf finds a column by its name, however it is cased, and with the sign that
// guard puts before it; -1 for none.
func columnOf(header []string, name string) int {
	for i, cell := range header {
		if strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(cell, "'")), name) {
			return i
		}
	}
	return -1
}

// read takes the rows. Their numbers are those that a spreadsheet program
// shows: empty lines count, a line break within quotes does not.
func (s *sheet) read(text string, column int) error {
	r := s.reader(text)
	within := 0 // line breaks within cells so far
	for {
		cells, err := r.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF) && len(s.rows) == 0:
			return WrongField("link", "There is no row below the names of the columns.")
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &broken):
			return NewProblem(http.StatusBadRequest, "Line %d of this file cannot be read: a quotation mark is out of place. Save it as CSV again.", broken.Line)
		case err != nil:
			return fmt.Errorf("read sheet: %w", err)
		}
		line, _ := r.FieldPos(0)
		number := line - within
		for _, cell := range cells {
			within += strings.Count(cell, "\n")
		}
		switch {
		case s.header == nil:
			s.header = cells
			continue
		case strings.TrimSpace(strings.Join(cells, "")) == "":
			continue
		case len(s.rows) == MaxBatchRows:
			return WrongField("items", "Send at most %d rows at once; split this file.", MaxBatchRows)
		}
		one := row{number: number, cells: cells}
		if column < len(cells) {
			one.take(cells[column])
		}
		s.rows = append(s.rows, one)
	}
}

// answers are the columns that an answer adds.
var answers = []string{"verdict", "summary", "issuer", "issued to", "achievement", "valid from", "until", "checked at"}

// write gives the table as it came with what was found out beside each row. A
// table that was made of JSON has the row and the link before that.
func (s *sheet) write(entries []Entry) ([]byte, error) {
	var out bytes.Buffer
	if s.mark {
		out.WriteString("\uFEFF") // spreadsheet programs take a file without it for an old encoding
	}
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = s.comma, true
	header := s.header
	if header == nil {
		header = []string{"row", "link"}
	}
	first := guarded(header)
	for _, name := range answers {
		for columnOf(header, name) >= 0 {
			name += " (checked)" // theirs stays theirs
		}
		first = append(first, name)
	}
	if err := w.Write(first); err != nil {
		return nil, fmt.Errorf("write sheet: %w", err)
	}
	for i, e := range entries {
		cells := s.rows[i].cells
		if s.header == nil {
			cells = []string{fmt.Sprint(e.Row), s.rows[i].link}
		}
		record := guarded(cells)
		for len(record) < len(header) {
			record = append(record, "")
		}
		if err := w.Write(append(record, found(e.Report)...)); err != nil {
			return nil, fmt.Errorf("write sheet: %w", err)
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// found gives the cells that a report adds to its row.
func found(r *verifier.Report) []string {
	claims := shown.ClaimsOf(r.Credential)
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.DateOnly)
	}
	cells := []string{string(r.Verdict), r.Summary, issuerLine(r.Issuer), verifier.Plain(claims.Recipient), verifier.Plain(claims.Achievement),
		day(claims.ValidFrom), day(claims.ValidUntil), r.CheckedAt.UTC().Format(time.RFC3339)}
	for i := range cells {
		cells[i] = guard(apart(cells[i]))
	}
	return cells
}

// issuerLine names an issuer by what was checked; the name that they gave
// themselves stands in quotation marks that it cannot leave.
func issuerLine(i verifier.Issuer) string {
	id := shown.Domain(i.ID)
	if id == "" {
		id = i.ID
	}
	id = verifier.Plain(id)
	if i.Name == "" {
		return id
	}
	return "“" + strings.NewReplacer("“", "'", "”", "'").Replace(verifier.Plain(i.Name)) + "” (" + id + ")"
}

// guard keeps a spreadsheet program from running a cell as a formula
// (CWE-1236): one that begins as formulas do is made a text. Numbers are none.
func guard(cell string) string {
	begin := strings.TrimLeft(cell, " \u00a0\u3000")
	if begin == "" || !strings.ContainsAny(firstOf(begin), "=+-@\t\r\n＝＋－＠") || number(begin) {
		return cell
	}
	return "'" + cell
}

func firstOf(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

func number(cell string) bool {
	return strings.ContainsAny(cell, "0123456789") && strings.Trim(strings.TrimLeft(cell, "+-"), "0123456789., \u00a0") == "" && strings.LastIndexAny(cell, "+-") < 1
}

func guarded(cells []string) []string {
	out := make([]string, 0, max(len(cells), 1)+len(answers))
	for _, c := range cells {
		out = append(out, guard(c))
	}
	return out
}

// apart guards the words of strangers in our own columns once more: a program
// that takes another sign for the border of cells would begin a cell after it.
func apart(words string) string {
	var out strings.Builder
	border := false
	for _, c := range strings.Map(oneLine, words) {
		if border && strings.ContainsRune("=+-@", c) {
			out.WriteByte('\'')
		}
		if c != ' ' && c != '"' {
			border = strings.ContainsRune(string(commas), c)
		}
		out.WriteRune(c)
	}
	return out.String()
}

func oneLine(c rune) rune {
	if c == '\n' || c == '\r' || c == '\t' {
		return ' '
	}
	return c
}

// sendSheet answers with the table, to be saved.
func sendSheet(c echo.Context, s *sheet, entries []Entry) error {
	body, err := s.write(entries)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="checked-badges.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8; header=present", body)
}
