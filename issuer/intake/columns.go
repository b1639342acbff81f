package intake

import (
	"strings"

	"hallmark/issuer"
)

// columns finds where a sheet keeps each field. The names are those of the
// usual exports, compared without case, blanks, hyphens and underscores.
type columns map[string]int

// Names a field may have as a column. A name in ignored is known and not
// needed; any other column is an error of the file or needs a mapping, but
// harms nothing, so it is passed over with a warning.
var (
	peopleNames = map[string][]string{
		"email":      {"email", "e-mail", "email address", "mail", "e-mail address"},
		"name":       {"name", "full name", "display name"},
		"first":      {"first name", "given name", "firstname"},
		"last":       {"last name", "surname", "family name", "lastname"},
		"department": {"department", "dept", "team", "unit"},
		"experience": {"level", "experience"},
		"zone":       {"time zone", "timezone", "tz"},
		"role":       {"role"},
		"tier":       {"mentor tier", "tier"},
		"cohort":     {"cohort", "group"},
	}
	completionNames = map[string][]string{
		"email":  {"email", "e-mail", "email address", "mail", "student email", "sis login id"},
		"module": {"module", "course", "course code", "course id", "course short name"},
		"date":   {"completed on", "completed at", "completed", "completion date", "date", "date completed", "time completed"},
		"score":  {"grade", "score", "result", "final score", "percent"},
		"cohort": {"cohort", "group"},

		"delivery": {"delivery", "team delivery", "delivery in a team"},
	}
	ignored = map[string]bool{"firstname": true, "lastname": true, "gradedby": true, "name": true, "fullname": true,
		"givenname": true, "surname": true, "familyname": true, "reason": true, "displayname": true}
)

// find maps columns to fields. mapping gives the file's own names for
// fields, as "Course=module".
func (s *Sheet) find(names map[string][]string, mapping map[string]string) (cols columns, unknown []string, err error) {
	byName := map[string]string{}
	for field, list := range names {
		byName[plain(field)] = field
		for _, n := range list {
			byName[plain(n)] = field
		}
	}
	for column, field := range mapping {
		if _, ok := names[field]; !ok && (names["module"] == nil || !strings.HasPrefix(field, gradesOf)) {
			return nil, nil, issuer.Wrong("map", "“%s” is not a field of this import.", field)
		}
		if !s.has(column) {
			return nil, nil, issuer.Wrong("map", "The file has no column “%s”.", column)
		}
		byName[plain(column)] = field
	}
	cols = columns{}
	for i, h := range s.Header {
		field, ok := byName[plain(h)]
		if !ok {
			if !ignored[plain(h)] && plain(h) != "" {
				unknown = append(unknown, h)
			}
			continue
		}
		if _, twice := cols[field]; twice {
			return nil, nil, issuer.Wrong(field, "Two columns could be the %s; name one with --map 'Column=%s'.", field, field)
		}
		cols[field] = i
	}
	return cols, unknown, nil
}

// gradesOf begins the field of a column that holds the grades of one module:
// "module:F1".
const gradesOf = "module:"

// laid finds what each column is by its place.
func (s *Sheet) laid(names map[string][]string, fields []string) (columns, error) {
	if len(fields) != len(s.Header) {
		return nil, issuer.Wrong("columns", "Say of each column of the file what it is.")
	}
	cols := columns{}
	for i, field := range fields {
		if field == "" {
			continue
		}
		if _, known := names[field]; !known && !strings.HasPrefix(field, gradesOf) {
			return nil, issuer.Wrong("columns", "“%s” is not a field of this import.", field)
		}
		if _, twice := cols[field]; twice {
			return nil, issuer.Wrong("columns", "Two columns are said to be the same; choose one of them.")
		}
		cols[field] = i
	}
	return cols, nil
}

// need refuses a sheet that lacks a column.
func (c columns) need(fields ...string) error {
	for _, f := range fields {
		if _, ok := c[f]; !ok {
			return issuer.Wrong(f, "No column of the file is the %s; say which it is (on the command line with --map 'Column=%s').", f, f)
		}
	}
	return nil
}

// cell is a row's value of a field, "" where the sheet has no such column.
func (c columns) cell(r Row, field string) string {
	if i, ok := c[field]; ok && i < len(r.Cells) {
		return r.Cells[i]
	}
	return ""
}

func (s *Sheet) has(column string) bool {
	for _, h := range s.Header {
		if plain(h) == plain(column) {
			return true
		}
	}
	return false
}

func plain(name string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "", "\u00a0", "").Replace(strings.ToLower(strings.TrimSpace(name)))
}

// Mapping reads the value of --map: "Course=module,Finished=date".
func Mapping(s string) (map[string]string, error) {
	m := map[string]string{}
	if s == "" {
		return m, nil
	}
	for _, pair := range strings.Split(s, ",") {
		column, field, ok := strings.Cut(pair, "=")
		if !ok || strings.TrimSpace(column) == "" || strings.TrimSpace(field) == "" {
			return nil, issuer.Wrong("map", "Write --map as 'Column=field,Column=field'; “%s” is not such a pair.", pair)
		}
		m[strings.TrimSpace(column)] = strings.TrimSpace(field)
	}
	return m, nil
}
