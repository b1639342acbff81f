package strictjson

import (
	"encoding/json"
	"iter"
	"unicode/utf8"
)

// Kind is the type of a JSON value.
type Kind uint8

// The six kinds of RFC 8259 §3.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// String names the kind for messages: "null", "boolean", "number", …
func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

// Value is one JSON value of a parsed document. Values of one document share
// memory: keep one and you keep them all. They are read-only; several
// goroutines may read at once.
type Value struct {
	Name  string  // member name when the value is a member of an object, decoded
	Str   string  // String: decoded text; Number: the literal as written; Bool: "true" or "false"
	Kids  []Value // Array: elements; Object: members; in document order
	Start int32   // first byte of the value in the document
	End   int32   // first byte after it
	Kind  Kind
}

// Get returns the member with exactly this name; nil when v is nil, is not an
// object, or has no such member.
//
// Not inlined, as Text is not: both are called in a thousand places, and the copies
// took 60 KB of the browsers' program, compressed, without any gain in time.
//
//go:noinline
func (v *Value) Get(name string) *Value {
	if v == nil || v.Kind != Object {
		return nil
	}
	for i := range v.Kids {
		if v.Kids[i].Name == name {
			return &v.Kids[i]
		}
	}
	return nil
}

// Text returns the text of a string; "" when v is nil or not a string.
//
//go:noinline
func (v *Value) Text() string {
	if v == nil || v.Kind != String {
		return ""
	}
	return v.Str
}

// Each yields the elements of an array, or v itself when it is anything else,
// or nothing when v is nil: JSON-LD's "one or many".
func (v *Value) Each() iter.Seq[*Value] {
	return func(yield func(*Value) bool) {
		if v == nil {
			return
		}
		if v.Kind != Array {
			yield(v)
			return
		}
		for i := range v.Kids {
			if !yield(&v.Kids[i]) {
				return
			}
		}
	}
}

// Without returns a shallow copy of an object that lacks one member. Start and
// End still name the bytes of the original.
func (v *Value) Without(name string) *Value {
	if v == nil || v.Kind != Object {
		return v
	}
	out := *v
	out.Kids = make([]Value, 0, len(v.Kids))
	for i := range v.Kids {
		if v.Kids[i].Name != name {
			out.Kids = append(out.Kids, v.Kids[i])
		}
	}
	return &out
}

// Any returns v as map[string]any, []any, string, json.Number, bool or nil.
func (v *Value) Any() any {
	if v == nil {
		return nil
	}
	switch v.Kind {
	case Bool:
		return v.Str == "true"
	case Number:
		return json.Number(v.Str)
	case String:
		return v.Str
	case Array:
		list := make([]any, len(v.Kids))
		for i := range v.Kids {
			list[i] = v.Kids[i].Any()
		}
		return list
	case Object:
		object := make(map[string]any, len(v.Kids))
		for i := range v.Kids {
			object[v.Kids[i].Name] = v.Kids[i].Any()
		}
		return object
	}
	return nil
}

// Append writes v as JSON without white space, members in document order,
// numbers as they were written.
func (v *Value) Append(dst []byte) []byte {
	if v == nil {
		return append(dst, "null"...)
	}
	switch v.Kind {
	case Bool, Number:
		return append(dst, v.Str...)
	case String:
		return AppendString(dst, v.Str)
	case Array:
		dst = append(dst, '[')
		for i := range v.Kids {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = v.Kids[i].Append(dst)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i := range v.Kids {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendString(dst, v.Kids[i].Name)
			dst = append(dst, ':')
			dst = v.Kids[i].Append(dst)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

const hexDigits = "0123456789abcdef"

// AppendString writes a JSON string with the fewest escapes, as RFC 8785
// §3.2.2.2 prescribes: \b \t \n \f \r \" \\, other controls as \u00xx in lower
// case, everything else as it is. Bytes that are not UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= 0x20 && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, `\b`...)
		case '\t':
			dst = append(dst, `\t`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\f':
			dst = append(dst, `\f`...)
		case '\r':
			dst = append(dst, `\r`...)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}
