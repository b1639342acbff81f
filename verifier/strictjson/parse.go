package strictjson

import (
	"math"
	"sync"
	"unicode/utf8"
)

// Limits bound the work that one document may cause. A zero field takes the
// default of that field.
type Limits struct {
	Bytes  int // of the whole document; default 256 KiB
	Depth  int // of arrays and objects within each other; default 64
	Values int // of all kinds; default 10,000
	Names  int // members of all objects together; default 6,000
	String int // bytes of one string, as decoded; default: as long as the document
}

// DefaultLimits are what Parse and Decode apply: those for one credential.
var DefaultLimits = Limits{Bytes: 256 << 10, Depth: 64, Values: 10000, Names: 6000, String: 256 << 10}

func (l Limits) withDefaults() Limits {
	pick := func(v, def int) int {
		if v <= 0 {
			return def
		}
		return v
	}
	l.Bytes = min(pick(l.Bytes, DefaultLimits.Bytes), math.MaxInt32)
	l.Depth = pick(l.Depth, DefaultLimits.Depth)
	l.Values = pick(l.Values, DefaultLimits.Values)
	l.Names = pick(l.Names, DefaultLimits.Names)
	l.String = pick(l.String, l.Bytes)
	return l
}

// Parse reads one JSON value under DefaultLimits. Errors are *Error. The
// result does not refer to doc.
func Parse(doc []byte) (*Value, error) {
	return ParseLimits(doc, DefaultLimits)
}

// ParseLimits is Parse under limits of the caller's choosing.
func ParseLimits(doc []byte, l Limits) (*Value, error) {
	var a Arena
	return a.parse(doc, l.withDefaults())
}

func (a *Arena) parse(doc []byte, l Limits) (*Value, error) {
	if len(doc) > l.Bytes {
		return nil, &Error{Offset: l.Bytes, Reason: "the document is too long"}
	}
	p := parsers.Get().(*parser)
	p.src, p.limits, p.slab = string(doc), l, a.slab
	v := p.document()
	fault := p.fault
	a.slab, a.used = p.slab, a.used+p.values
	p.release()
	if fault != nil {
		return nil, fault
	}
	return v, nil
}

// Arena is memory for documents that are read, used and done with. The zero
// value is ready. It is not safe for use by several goroutines.
type Arena struct {
	slab []Value
	used int // values since the last Reset, wherever they lie
}

// Parse is the function Parse, but what it gives holds only until Reset.
func (a *Arena) Parse(doc []byte) (*Value, error) { return a.parse(doc, DefaultLimits) }

// Reset takes back the values of all documents read since the last one.
func (a *Arena) Reset() {
	const keep = 1024 // what a hostile document needed is not kept
	clear(a.slab)
	a.slab = a.slab[:0]
	if cap(a.slab) < a.used || cap(a.slab) > keep {
		a.slab = make([]Value, 0, min(a.used, keep)) // room for all of the next time
	}
	a.used = 0
}

// parser holds what one parse needs. The stack of open values is kept between
// parses; the slabs belong to the document and are not.
type parser struct {
	src    string
	pos    int
	limits Limits
	values int
	names  int
	stack  []Value // finished values whose container is still open
	peak   int     // how long the stack has been
	slab   []Value // room for the members of finished containers
	fault  *Error
}

var parsers = sync.Pool{New: func() any { return &parser{stack: make([]Value, 0, 64)} }}

func (p *parser) release() {
	const keep = 1024 // a stack grown by a hostile document is not kept
	if cap(p.stack) > keep {
		p.stack, p.peak = make([]Value, 0, 64), 0
	}
	clear(p.stack[:p.peak])
	*p = parser{stack: p.stack[:0]}
	parsers.Put(p)
}

func (p *parser) fail(at int, reason string) {
	if p.fault == nil {
		p.fault = &Error{Offset: at, Reason: reason}
	}
}

func (p *parser) document() *Value {
	root := p.take(1)
	p.space()
	p.value("", 0)
	if p.fault != nil {
		return nil
	}
	root[0] = p.stack[0]
	p.space()
	if p.pos < len(p.src) {
		p.fail(p.pos, "there is more text after the value")
		return nil
	}
	return &root[0]
}

// take returns n fresh values next to each other.
func (p *parser) take(n int) []Value {
	if len(p.slab)+n > cap(p.slab) {
		if n > 64 {
			return make([]Value, n)
		}
		p.reserve(n)
	}
	at := len(p.slab)
	p.slab = p.slab[:at+n]
	return p.slab[at : at+n : at+n]
}

// reserve makes a slab for n values and those to come: a credential has about
// one for each 32 bytes.
func (p *parser) reserve(n int) {
	p.slab = make([]Value, 0, n+min((len(p.src)-p.pos)/32+4, 1024))
}

func (p *parser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// value reads one value and pushes it; white space before it has been skipped.
func (p *parser) value(name string, depth int) {
	if p.values++; p.values > p.limits.Values {
		p.fail(p.pos, "the document has too many values")
		return
	}
	start := p.pos
	if start >= len(p.src) {
		p.fail(start, "the text ends too early")
		return
	}
	var kind Kind
	var str string
	var kids []Value
	switch c := p.src[start]; {
	case c == '"':
		kind, str = String, p.str()
	case c == '{':
		kind, kids = Object, p.container('}', depth+1)
	case c == '[':
		kind, kids = Array, p.container(']', depth+1)
	case c == '-' || c >= '0' && c <= '9':
		kind, str = Number, p.number()
	case c == 't':
		kind, str = Bool, p.word("true")
	case c == 'f':
		kind, str = Bool, p.word("false")
	case c == 'n':
		kind = Null
		p.word("null")
	default:
		p.fail(start, "a value is missing")
	}
	v := p.push()
	v.Kind, v.Name, v.Str, v.Kids, v.Start, v.End = kind, name, str, kids, int32(start), int32(p.pos)
}

// push makes room for one more finished value, whose fields are all to be set.
func (p *parser) push() *Value {
	n := len(p.stack)
	if n == cap(p.stack) {
		room := 2 * n
		if n >= 512 {
			room = max(room, p.limits.Values) // once, not again and again
		}
		p.stack = append(make([]Value, 0, room), p.stack...)
	}
	p.stack = p.stack[:n+1]
	p.peak = max(p.peak, n+1)
	return &p.stack[n]
}

func (p *parser) word(w string) string {
	if len(p.src)-p.pos < len(w) || p.src[p.pos:p.pos+len(w)] != w {
		p.fail(p.pos, "a value is missing")
		return ""
	}
	p.pos += len(w)
	return w
}

// container reads an object or array up to its closing byte.
func (p *parser) container(end byte, depth int) []Value {
	if depth > p.limits.Depth {
		p.fail(p.pos, "the document is nested too deeply")
		return nil
	}
	p.pos++
	base := len(p.stack)
	p.space()
	if p.pos < len(p.src) && p.src[p.pos] == end {
		p.pos++
		return []Value{}
	}
	for {
		name := ""
		if end == '}' {
			name = p.name()
		}
		if p.fault == nil {
			p.value(name, depth)
		}
		p.space()
		switch {
		case p.fault != nil:
			return nil
		case p.pos >= len(p.src):
			p.fail(p.pos, "the text ends too early")
			return nil
		case p.src[p.pos] == ',':
			p.pos++
			p.space()
			continue
		case p.src[p.pos] != end:
			p.fail(p.pos, "a comma or closing bracket is missing")
			return nil
		}
		p.pos++
		break
	}
	kids := p.take(len(p.stack) - base)
	copy(kids, p.stack[base:])
	p.stack = p.stack[:base]
	if end == '}' {
		p.unique(kids)
	}
	return kids
}

// name reads the name of a member up to its value.
func (p *parser) name() string {
	if p.names++; p.names > p.limits.Names {
		p.fail(p.pos, "the document has too many names")
		return ""
	}
	if p.pos >= len(p.src) || p.src[p.pos] != '"' {
		p.fail(p.pos, "a member name is missing")
		return ""
	}
	name := p.str()
	p.space()
	if p.fault != nil {
		return ""
	}
	if p.pos >= len(p.src) || p.src[p.pos] != ':' {
		p.fail(p.pos, "a colon is missing")
		return ""
	}
	p.pos++
	p.space()
	return name
}

// unique refuses an object that names a member twice (RFC 7493 §2.3).
func (p *parser) unique(members []Value) {
	const few = 16 // below this, comparing all pairs is quicker than hashing
	if len(members) <= few {
		for i := 1; i < len(members); i++ {
			name := members[i].Name
			for j := range i {
				if members[j].Name == name {
					p.fail(int(members[i].Start), "the name "+quoted(name)+" occurs twice in one object")
					return
				}
			}
		}
		return
	}
	seen := make(map[string]struct{}, len(members))
	for i := range members {
		if _, dup := seen[members[i].Name]; dup {
			p.fail(int(members[i].Start), "the name "+quoted(members[i].Name)+" occurs twice in one object")
			return
		}
		seen[members[i].Name] = struct{}{}
	}
}

// quoted shows a stranger's text in a message: escaped and cut short.
func quoted(s string) string {
	const most = 40
	if len(s) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return string(AppendString(nil, s))
}
