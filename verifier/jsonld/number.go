package jsonld

import (
	"bytes"
	"math"
	"strconv"
)

// canonicalNumber gives a JSON number its lexical form and datatype (API §8.6,
// steps 9 to 11), as npm jsonld does: an xsd:double if ECMAScript would print
// it with a point, if it is 1e21 or more, or if the property says so; an
// xsd:integer otherwise. It is not ok where that form loses digits.
func canonicalNumber(literal string, f float64, double bool) (text, datatype string, ok bool) {
	if f == 0 {
		f = 0 // not -0
	}
	size := math.Abs(f)
	if f == math.Trunc(f) && size < 1e21 && !double {
		const certain = 15 // digits that every double carries
		if len(literal) <= certain && plainInteger(literal) {
			return literal, xsdInt, true
		}
		// All digits of the double: from 2^53 on they need not be those written.
		var exact, short [32]byte
		b := strconv.AppendFloat(exact[:0], f, 'f', 0, 64)
		back := strconv.AppendFloat(short[:0], f, 'f', -1, 64)
		return string(b), xsdInt, bytes.Equal(b, back)
	}
	if size < 1e-6 && f != 0 && !double {
		// ECMAScript prints 1e-7 without a point; npm jsonld then takes it for an
		// integer and writes 0.
		var short [32]byte
		if b := strconv.AppendFloat(short[:0], f, 'e', -1, 64); !bytes.ContainsRune(b, '.') {
			return "", "", false
		}
	}
	var form [32]byte
	text = string(appendDouble(form[:0], f))
	back, err := strconv.ParseFloat(text, 64)
	return text, xsdDouble, err == nil && back == f
}

func plainInteger(literal string) bool {
	for i := range len(literal) {
		if c := literal[i]; (c < '0' || c > '9') && (c != '-' || i > 0) {
			return false
		}
	}
	return literal != "-0"
}

// appendDouble writes the canonical form of an xsd:double with 15 decimals, as
// API §8.6 (data round tripping) prescribes: 1.5E0.
func appendDouble(dst []byte, f float64) []byte {
	var buf [32]byte
	b := strconv.AppendFloat(buf[:0], f, 'e', 15, 64)
	mantissa, exponent, found := bytes.Cut(b, []byte{'e'})
	if !found {
		return append(dst, b...) // NaN, infinite
	}
	for mantissa[len(mantissa)-1] == '0' {
		mantissa = mantissa[:len(mantissa)-1]
	}
	dst = append(dst, mantissa...)
	if mantissa[len(mantissa)-1] == '.' {
		dst = append(dst, '0')
	}
	dst = append(dst, 'E')
	if exponent[0] == '-' {
		dst = append(dst, '-')
	}
	digits := exponent[1:]
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	return append(dst, digits...)
}
