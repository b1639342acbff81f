package bake

import (
	"bytes"
	"strings"
	"unicode/utf16"
)

// kind of value in a PDF (ISO 32000-1 §7.3). What decides nothing here, such
// as numbers with a fraction, is other.
type pdfKind byte

const (
	none pdfKind = iota
	dict
	array
	name
	str
	integer
	reference
	other
	closing // the end of a dictionary or an array, or of the text
)

// value is a piece of a PDF by its place. Nothing is read out of it before it
// is asked for.
type value struct {
	kind       pdfKind
	buf        []byte
	start, end int // with the brackets
	n          int // an integer; the object that a reference names
	body       int // where the bytes of a stream begin, 0 if it is none
}

func isSpace(c byte) bool { return c == 0 || c == 9 || c == 10 || c == 12 || c == 13 || c == 32 }

func isRegular(c byte) bool { return !isSpace(c) && strings.IndexByte("()<>[]{}/%", c) < 0 }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// pay takes from what may be looked at.
func (p *pdf) pay(n int) bool {
	if p.look -= n; p.look < 0 {
		p.fail(crowdedPDF())
	}
	return p.err == nil
}

// space passes over white space and comments.
func (p *pdf) space(buf []byte, at int) int {
	from := at
	for at < len(buf) && p.err == nil {
		switch {
		case isSpace(buf[at]):
			at++
		case buf[at] == '%':
			n := bytes.IndexAny(buf[at:], "\r\n")
			if n < 0 {
				n = len(buf) - at
			}
			at += n
			p.pay(n)
		default:
			p.pay(at - from)
			return at
		}
	}
	p.pay(at - from)
	return at
}

// read gives the value that begins at a place, nested ones with all that is in
// them.
func (p *pdf) read(buf []byte, at, depth int) value {
	at = p.space(buf, at)
	if depth > maxNesting {
		p.fail(crowdedPDF())
	}
	if p.err != nil || at >= len(buf) {
		return value{kind: closing, buf: buf, start: at, end: at}
	}
	v := value{buf: buf, start: at, end: at + 1}
	two := buf[at:min(at+2, len(buf))]
	switch c := buf[at]; {
	case string(two) == "<<":
		return p.nested(v, dict, 2, depth)
	case c == '[':
		return p.nested(v, array, 1, depth)
	case string(two) == ">>":
		v.kind, v.end = closing, at+2
	case c == ']':
		v.kind = closing
	case c == '(':
		v.kind, v.end = str, p.bracketed(buf, at)
	case c == '<':
		v.kind, v.end = str, len(buf)
		if n := bytes.IndexByte(buf[at:], '>'); n >= 0 {
			v.end = at + n + 1
		}
	default:
		v = p.word(v)
	}
	p.pay(v.end - v.start + perValue)
	return v
}

// nested reads to the end of a dictionary or an array.
func (p *pdf) nested(v value, kind pdfKind, bracket, depth int) value {
	v.kind = kind
	at := v.start + bracket
	p.pay(bracket + perValue)
	for {
		inner := p.read(v.buf, at, depth+1)
		if at = inner.end; inner.kind == closing {
			break
		}
	}
	v.end = at
	return v
}

// bracketed finds the end of a literal string (ISO 32000-1 §7.3.4.2).
func (p *pdf) bracketed(buf []byte, at int) int {
	open := 0
	for ; at < len(buf); at++ {
		switch buf[at] {
		case '\\':
			at++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return at + 1
			}
		}
	}
	return len(buf)
}

// word reads a name, a number, a reference or a keyword.
func (p *pdf) word(v value) value {
	v.kind = other
	if v.buf[v.start] == '/' {
		v.kind = name
	}
	for v.end < len(v.buf) && isRegular(v.buf[v.end]) {
		v.end++
	}
	number, ok := digits(v.buf[v.start:v.end])
	if !ok {
		return v
	}
	v.kind, v.n = integer, number
	// A reference is a number, a generation and the letter R.
	at := v.end
	for at < len(v.buf) && isSpace(v.buf[at]) {
		at++
	}
	from := at
	for at < len(v.buf) && isDigit(v.buf[at]) && at < from+5 {
		at++
	}
	if at == from {
		return v
	}
	for at < len(v.buf) && isSpace(v.buf[at]) {
		at++
	}
	if at < len(v.buf) && v.buf[at] == 'R' && (at+1 == len(v.buf) || !isRegular(v.buf[at+1])) {
		v.kind, v.end = reference, at+1
	}
	p.pay(at - from)
	return v
}

// digits reads an integer of at most ten digits.
func digits(text []byte) (int, bool) {
	if len(text) == 0 || len(text) > 10 {
		return 0, false
	}
	n := 0
	for _, c := range text {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// each calls f with the members of an array.
func (p *pdf) each(v value, f func(i int, v value)) {
	if v.kind != array {
		return
	}
	for i, at := 0, v.start+1; p.err == nil; i++ {
		member := p.read(v.buf, at, 0)
		if member.kind == closing {
			return
		}
		f(i, member)
		at = member.end
	}
}

// raw is the entry of a dictionary, references as they are. A key that is
// there twice would be read in two ways by two programs.
func (p *pdf) raw(v value, key string) (entry value) {
	if v.kind != dict {
		return value{}
	}
	for at := v.start + 2; p.err == nil; {
		k := p.read(v.buf, at, 0)
		if k.kind == closing {
			break
		}
		e := p.read(v.buf, k.end, 0)
		if k.kind != name || e.kind == closing {
			p.fail(errXref)
			break
		}
		if says(k, key) {
			if entry.kind != none {
				p.fail(refuse(ErrDamaged, "The PDF is damaged: one of its lists says /%s twice.", key))
			}
			entry = e
		}
		at = e.end
	}
	return entry
}

// says tells whether v is the name key; it is asked for every entry.
func says(v value, key string) bool {
	text := v.buf[v.start+1 : v.end]
	return string(text) == key || bytes.IndexByte(text, '#') >= 0 && unescape(text) == key
}

// get is the entry of a dictionary, references followed.
func (p *pdf) get(v value, key string) value { return p.resolve(p.raw(v, key)) }

// text is what a name or a string says, "" for anything else.
func (p *pdf) text(v value) string {
	switch {
	case v.kind == name:
		return unescape(v.buf[v.start+1 : v.end])
	case v.kind != str || v.end-v.start < 2:
		return ""
	case v.buf[v.start] == '<':
		return unicodeText(hexText(v.buf[v.start+1 : v.end-1]))
	}
	return unicodeText(literal(v.buf[v.start+1 : v.end-1]))
}

// unescape: ISO 32000-1 §7.3.5, #2F for a slash.
func unescape(text []byte) string {
	if bytes.IndexByte(text, '#') < 0 {
		return string(text)
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '#' && i+2 < len(text) {
			out = append(out, hexText(text[i+1:i+3])...)
			i += 2
			continue
		}
		out = append(out, text[i])
	}
	return string(out)
}

// hexText: ISO 32000-1 §7.3.4.3.
func hexText(text []byte) []byte {
	out := make([]byte, 0, len(text)/2)
	half, odd := byte(0), false
	for _, c := range text {
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			continue
		}
		if odd {
			out = append(out, half<<4|c)
		}
		half, odd = c, !odd
	}
	if odd {
		out = append(out, half<<4)
	}
	return out
}

// literal takes the backslashes out of a string (ISO 32000-1 §7.3.4.2).
func literal(text []byte) []byte {
	if bytes.IndexByte(text, '\\') < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out = append(out, text[i])
			continue
		}
		i++
		code, n := 0, 0
		for ; n < 3 && i+n < len(text) && '0' <= text[i+n] && text[i+n] <= '7'; n++ {
			code = code*8 + int(text[i+n]-'0')
		}
		switch at := strings.IndexByte("nrtbf\n\r", text[i]); {
		case n > 0:
			out = append(out, byte(code))
			i += n - 1
		case at < 0:
			out = append(out, text[i])
		case at < 5:
			out = append(out, "\n\r\t\b\f"[at])
		}
	}
	return out
}

// unicodeText: ISO 32000-1 §7.9.2.2, a string is UTF-16 if it says so.
func unicodeText(text []byte) string {
	if !bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return string(text)
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 2; i+1 < len(text); i += 2 {
		units = append(units, uint16(text[i])<<8|uint16(text[i+1]))
	}
	return string(utf16.Decode(units))
}
