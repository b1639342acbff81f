package rdfc

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ParseNQuads reads an RDF 1.1 N-Quads document. Comments and blank lines are
// skipped. Errors name the line.
func ParseNQuads(text []byte) (*Dataset, error) {
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("the text is not UTF-8")
	}
	d := &Dataset{}
	blanks := make(map[string]Node)
	number := 0
	for line := range strings.FieldsFuncSeq(string(text), func(r rune) bool { return r == '\n' || r == '\r' }) {
		number++
		r := reader{rest: line, dataset: d, blanks: blanks}
		if !r.statement() {
			return nil, fmt.Errorf("statement %d is not N-Quads", number)
		}
	}
	return d, nil
}

// reader reads one line.
type reader struct {
	rest    string
	dataset *Dataset
	blanks  map[string]Node
}

func (r *reader) space() { r.rest = strings.TrimLeft(r.rest, " \t") }

func (r *reader) take(prefix string) bool {
	rest, ok := strings.CutPrefix(r.rest, prefix)
	if ok {
		r.rest = rest
	}
	return ok
}

func (r *reader) statement() bool {
	r.space()
	if r.rest == "" || r.rest[0] == '#' {
		return true
	}
	subject, ok := r.node()
	if !ok {
		return false
	}
	r.space()
	predicate, ok := r.iri()
	if !ok {
		return false
	}
	r.space()
	q := quad{subject: subject, predicate: predicate}
	if strings.HasPrefix(r.rest, `"`) {
		ok = r.literal(&q)
	} else {
		q.object, ok = r.node()
	}
	if !ok {
		return false
	}
	r.space()
	if !strings.HasPrefix(r.rest, ".") {
		if q.graph, ok = r.node(); !ok {
			return false
		}
		r.space()
	}
	if !r.take(".") {
		return false
	}
	r.space()
	if r.rest != "" && r.rest[0] != '#' {
		return false
	}
	r.dataset.quads = append(r.dataset.quads, q)
	return true
}

func (r *reader) node() (Node, bool) {
	if strings.HasPrefix(r.rest, "<") {
		iri, ok := r.iri()
		return Node{iri: iri}, ok
	}
	if !r.take("_:") {
		return Node{}, false
	}
	label := r.label()
	if label == "" {
		return Node{}, false
	}
	node, known := r.blanks[label]
	if !known {
		node = r.dataset.Blank()
		r.blanks[label] = node
		r.dataset.labels = append(r.dataset.labels, label)
	}
	return node, true
}

// label takes a BLANK_NODE_LABEL: dots may stand inside but not at the end.
func (r *reader) label() string {
	end := 0
	for i, c := range r.rest {
		if c == '.' && i > 0 {
			continue
		}
		if !labelRune(c, i == 0) {
			break
		}
		end = i + utf8.RuneLen(c)
	}
	label := r.rest[:end]
	r.rest = r.rest[end:]
	return label
}

// labelRune knows PN_CHARS and, for the first, PN_CHARS_U and digits.
func labelRune(c rune, first bool) bool {
	switch {
	case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '_':
		return true
	case c == '-', c == 0xb7, c >= 0x300 && c <= 0x36f, c == 0x203f, c == 0x2040:
		return !first
	case c < 0xc0, c == 0xd7, c == 0xf7, c == 0x37e:
		return false
	}
	return c <= 0x1fff || c == 0x200c || c == 0x200d || c >= 0x2070 && c <= 0x218f || c >= 0x2c00 && c <= 0x2fef ||
		c >= 0x3001 && c <= 0xd7ff || c >= 0xf900 && c <= 0xfdcf || c >= 0xfdf0 && c <= 0xfffd || c >= 0x10000 && c <= 0xeffff
}

// iri takes an IRIREF and returns it as it will be written.
func (r *reader) iri() (string, bool) {
	if !r.take("<") {
		return "", false
	}
	end := strings.IndexByte(r.rest, '>')
	if end < 0 {
		return "", false
	}
	raw := r.rest[:end]
	r.rest = r.rest[end+1:]
	for i := 0; i < len(raw); i++ {
		if badInIRI[raw[i]] && raw[i] != '\\' {
			return "", false
		}
	}
	if !strings.Contains(raw, `\`) {
		return raw, strings.Contains(raw, ":")
	}
	plain, ok := unescape(raw, false)
	return escapeIRI(plain), ok && strings.Contains(plain, ":")
}

func (r *reader) literal(q *quad) bool {
	end := 1
	for end < len(r.rest) && r.rest[end] != '"' {
		if r.rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(r.rest) {
		return false
	}
	plain, ok := unescape(r.rest[1:end], true)
	if !ok {
		return false
	}
	q.kind, q.text = objectPlain, escapeText(plain)
	r.rest = r.rest[end+1:]
	switch {
	case r.take("^^"):
		if q.suffix, ok = r.iri(); !ok {
			return false
		}
		q.kind = objectTyped
		if q.suffix == XSDString {
			q.kind, q.suffix = objectPlain, ""
		}
	case r.take("@"):
		q.kind, q.suffix = objectTagged, r.language()
		return q.suffix != ""
	}
	return true
}

// language takes a LANGTAG without its @.
func (r *reader) language() string {
	end := 0
	for end < len(r.rest) && (isAlnum(r.rest[end]) || r.rest[end] == '-') {
		end++
	}
	tag := r.rest[:end]
	for i, part := range strings.Split(tag, "-") {
		if part == "" || i == 0 && strings.ContainsAny(part, "0123456789") {
			return ""
		}
	}
	r.rest = r.rest[end:]
	return tag
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// unescape resolves UCHAR and, in literals, ECHAR.
func unescape(s string, echar bool) (string, bool) {
	at := strings.IndexByte(s, '\\')
	if at < 0 {
		return s, true
	}
	var b strings.Builder
	for at >= 0 {
		b.WriteString(s[:at])
		if at+1 >= len(s) {
			return "", false
		}
		const plain, meant = `tbnrf"'\`, "\t\b\n\r\f\"'\\"
		c := s[at+1]
		digits := map[byte]int{'u': 4, 'U': 8}[c]
		if i := strings.IndexByte(plain, c); echar && i >= 0 {
			b.WriteByte(meant[i])
			s = s[at+2:]
		} else if r, ok := hexRune(s[at+2:], digits); ok {
			b.WriteRune(r)
			s = s[at+2+digits:]
		} else {
			return "", false
		}
		at = strings.IndexByte(s, '\\')
	}
	b.WriteString(s)
	return b.String(), true
}

func hexRune(s string, digits int) (rune, bool) {
	if digits == 0 || len(s) < digits {
		return 0, false
	}
	var r rune
	for i := range digits {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
		if r > utf8.MaxRune {
			return 0, false
		}
	}
	return r, utf8.ValidRune(r)
}
