// Package jcs writes JSON in the canonical form of RFC 8785 (JSON
// Canonicalization Scheme).
//
// It owns: the order of members (by UTF-16 code units, §3.2.3) and the form of
// numbers (as ECMAScript prints doubles, §3.2.2.3) and strings (§3.2.2.2). It
// does not own reading: package strictjson has already refused everything that
// RFC 8785 leaves undefined, such as duplicate names, lone surrogates and
// numbers that a double cannot carry.
package jcs

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"hallmark/verifier/strictjson"
)

// Append writes v in canonical form. An error means that v holds a number that
// no double can carry; values that strictjson has parsed hold none.
func Append(dst []byte, v *strictjson.Value) ([]byte, error) {
	if v == nil {
		return append(dst, "null"...), nil
	}
	switch v.Kind {
	case strictjson.Number:
		f, err := strconv.ParseFloat(v.Str, 64)
		if err != nil {
			return dst, fmt.Errorf("number %q: %w", v.Str, err)
		}
		return AppendNumber(dst, f), nil
	case strictjson.Array:
		return appendArray(dst, v.Kids)
	case strictjson.Object:
		return appendObject(dst, v.Kids)
	}
	return v.Append(dst), nil
}

// Transform reads one JSON document strictly and writes it in canonical form.
func Transform(doc []byte) ([]byte, error) {
	v, err := strictjson.Parse(doc)
	if err != nil {
		return nil, err
	}
	return Append(make([]byte, 0, len(doc)), v)
}

func appendArray(dst []byte, elements []strictjson.Value) ([]byte, error) {
	dst = append(dst, '[')
	var err error
	for i := range elements {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = Append(dst, &elements[i]); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func appendObject(dst []byte, members []strictjson.Value) ([]byte, error) {
	order := make([]int, len(members))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return CompareUTF16(members[a].Name, members[b].Name)
	})
	dst = append(dst, '{')
	var err error
	for i, at := range order {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(strictjson.AppendString(dst, members[at].Name), ':')
		if dst, err = Append(dst, &members[at]); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// CompareUTF16 orders two UTF-8 texts by their UTF-16 code units. That is code
// point order except that characters beyond U+FFFF, which begin with a
// surrogate, come before U+E000 to U+FFFF.
func CompareUTF16(a, b string) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	if i == n {
		return len(a) - len(b)
	}
	// The first byte of a UTF-8 sequence rises with the code point; 0xF0 and
	// more begin a surrogate pair, 0xEE and 0xEF what comes after surrogates.
	for i > 0 && !utf8.RuneStart(a[i]) {
		i--
	}
	if x, y := a[i] >= 0xf0, b[i] >= 0xf0; x != y {
		if x && b[i] >= 0xee {
			return -1
		}
		if y && a[i] >= 0xee {
			return 1
		}
	}
	if a[i:] < b[i:] {
		return -1
	}
	return 1
}

// AppendNumber prints a finite double as ECMAScript's Number::toString does.
func AppendNumber(dst []byte, f float64) []byte {
	if f == 0 {
		return append(dst, '0') // also -0
	}
	if size := math.Abs(f); size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	// Go writes at least two digits of exponent: 1e-07.
	if n := len(dst); n >= 4 && dst[n-2] == '0' && (dst[n-3] == '-' || dst[n-3] == '+') {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}
