package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hallmark/issuer"
)

// Scale says what grades are written in.
type Scale string

// The scales.
const (
	Percent   Scale = ""          // 92, 92 %
	Fractions Scale = "fractions" // 0.92
	Points    Scale = "points"    // 46, of what a row “Points Possible” says
)

// isPoints tells whether a row is the one of a Canvas gradebook that says how many
// points there are in each column.
func (r *gradeReader) isPoints(row Row) bool {
	return r.o.Scale == Points && slices.ContainsFunc(row.Cells, func(c string) bool { return plain(c) == "pointspossible" })
}

var decimalGrade = regexp.MustCompile(`^\d{1,6}(?:[.,]\d{1,10})?$`)

// grade reads a grade as per cent, whatever the scale.
func (r *gradeReader) grade(row Row, at int) (score, unit string, err error) {
	if at < 0 || at >= len(row.Cells) {
		return "", "", nil
	}
	text := strings.TrimSpace(row.Cells[at])
	if r.o.Scale == Percent || text == "" || text == "-" {
		return parseGrade(text)
	}
	full := 1.0
	if r.o.Scale == Points {
		if full, err = decimal(cellAt(r.points, at)); err != nil || full <= 0 {
			return "", "", issuer.Wrong("score", "The file does not say how many points there are in this column.")
		}
	}
	value, err := decimal(text)
	if err != nil {
		return "", "", err
	}
	if value > full {
		return "", "", issuer.Wrong("score", "“%s” is more than the %s there are.", text, strconv.FormatFloat(full, 'f', -1, 64))
	}
	return parseGrade(strconv.FormatFloat(value/full*100, 'f', 4, 64))
}

func decimal(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if !decimalGrade.MatchString(text) {
		return 0, issuer.Wrong("score", "“%s” is not a grade.", text)
	}
	return strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
}

func cellAt(row Row, at int) string {
	if at < len(row.Cells) {
		return row.Cells[at]
	}
	return ""
}

// Module is one that a file can be of.
type Module struct{ Code, Name string }

// Kinds of file that Guess tells apart.
const (
	Moodle  = "moodle"
	OpenEdX = "openedx"
	Canvas  = "canvas"
)

// Guess says what the columns of a sheet of completions seem to be, for a person
// to look at: Options.Columns and Scale, and of which learning system the file
// is, "" for a plain table. What it cannot tell it leaves open.
func (s *Sheet) Guess(modules []Module) (o Options, kind string) {
	o.Columns = make([]string, len(s.Header))
	switch {
	case s.has("SIS Login ID") && s.has("Student"):
		kind, o.Scale = Canvas, Points
	case s.has("Email") && s.has("Grade") && (s.has("Student ID") || s.has("Certificate Eligible") || s.has("Enrollment Track")):
		kind, o.Scale = OpenEdX, Fractions
	case slices.ContainsFunc(s.Header, func(h string) bool { return moodleGrade.MatchString(h) }):
		kind = Moodle
	}
	taken := map[string]bool{}
	for i, h := range s.Header {
		field := fieldNamed(h)
		switch {
		case kind == Canvas && plain(h) != "sisloginid":
			field = gradesIn(h, canvasGrade, modules)
		case kind == Moodle && field == "":
			field = gradesIn(h, moodleGrade, modules)
		}
		if field != "" && !taken[field] {
			o.Columns[i], taken[field] = field, true
		}
	}
	return o, kind
}

var (
	moodleGrade = regexp.MustCompile(`(?i)^(.+) \(percentage\)$`)
	canvasGrade = regexp.MustCompile(`^(.+) \(\d+\)$`)
)

// fieldNamed is the field that a column of that name holds, "" for none.
func fieldNamed(name string) string {
	for field, list := range completionNames {
		if plain(name) == plain(field) || slices.ContainsFunc(list, func(n string) bool { return plain(n) == plain(name) }) {
			return field
		}
	}
	return ""
}

// gradesIn is the field of a column whose name tells of which module its grades
// are; "" if it does not, or of several.
func gradesIn(name string, form *regexp.Regexp, modules []Module) string {
	parts := form.FindStringSubmatch(name)
	if parts == nil {
		return ""
	}
	words := strings.FieldsFunc(strings.ToLower(parts[1]), func(r rune) bool { return r == ' ' || r == ':' || r == '-' || r == ',' || r == '(' || r == ')' })
	found := ""
	for _, m := range modules {
		if slices.Contains(words, strings.ToLower(m.Code)) || m.Name != "" && strings.Contains(strings.ToLower(parts[1]), strings.ToLower(m.Name)) {
			if found != "" {
				return ""
			}
			found = gradesOf + m.Code
		}
	}
	return found
}
