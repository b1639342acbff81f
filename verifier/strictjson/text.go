package strictjson

import (
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Eight bytes at a time: a byte that ends a run of plain text leaves its top
// bit in special; the lowest such bit is always right, those above it may not be.
const (
	ones  = 0x0101010101010101
	tops  = 0x80 * ones
	quote = '"' * ones
	slash = '\\' * ones
	blank = ' ' * ones
)

func special(w uint64) uint64 {
	q, b := w^quote, w^slash
	return ((q-ones)&^q | (b-ones)&^b | (w-blank)&^w) & tops
}

// str reads a string whose opening quote is at pos and returns it decoded.
// Without escapes that is a piece of the document.
func (p *parser) str() string {
	start := p.pos + 1
	i, seen := start, uint64(0) // seen: all bytes so far, for the top bit
	for ; i+8 <= len(p.src); i += 8 {
		s := p.src[i : i+8]
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if end := special(w); end != 0 {
			n := bits.TrailingZeros64(end) // the bits before the byte, and 7
			seen |= w & (1<<(n&^7) - 1)
			i += n / 8
			break
		}
		seen |= w
	}
	for ; i < len(p.src); i++ { // at once, but for the last bytes of the document
		c := p.src[i]
		switch {
		case c == '"':
			p.pos = i + 1
			return p.fits(p.src[start:i], start, seen&tops != 0)
		case c == '\\':
			return p.escaped(start, i)
		case c < 0x20:
			p.fail(i, "a string holds a raw control character")
			return ""
		}
		seen |= uint64(c)
	}
	p.fail(len(p.src), "a string does not end")
	return ""
}

// fits checks a decoded string; one of ASCII alone is UTF-8.
func (p *parser) fits(s string, start int, check bool) string {
	if len(s) > p.limits.String {
		p.fail(start, "a string is too long")
	}
	if check && !utf8.ValidString(s) {
		p.fail(start, "the text is not UTF-8")
	}
	return s
}

// escaped goes on with a string whose first backslash is at i.
func (p *parser) escaped(start, i int) string {
	out := make([]byte, 0, i-start+32)
	out = append(out, p.src[start:i]...)
	for i < len(p.src) {
		c := p.src[i]
		switch {
		case c == '"':
			p.pos = i + 1
			return p.fits(string(out), start, true)
		case c < 0x20:
			p.fail(i, "a string holds a raw control character")
			return ""
		case c != '\\':
			out = append(out, c)
			i++
		default:
			var ok bool
			if out, i, ok = p.escape(out, i); !ok {
				return ""
			}
		}
	}
	p.fail(len(p.src), "a string does not end")
	return ""
}

// escape decodes the escape at i and returns where the text goes on.
func (p *parser) escape(out []byte, i int) ([]byte, int, bool) {
	if i+1 >= len(p.src) {
		p.fail(len(p.src), "a string does not end")
		return out, i, false
	}
	const plain, meant = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if at := strings.IndexByte(plain, p.src[i+1]); at >= 0 {
		return append(out, meant[at]), i + 2, true
	}
	r, ok := p.hex4(i)
	if !ok {
		p.fail(i, "a string holds an unknown escape")
		return out, i, false
	}
	if !utf16.IsSurrogate(r) {
		return utf8.AppendRune(out, r), i + 6, true
	}
	low, ok := p.hex4(i + 6)
	pair := utf16.DecodeRune(r, low)
	if !ok || pair == utf8.RuneError {
		p.fail(i, "a string holds half a surrogate pair")
		return out, i, false
	}
	return utf8.AppendRune(out, pair), i + 12, true
}

// hex4 reads a \uXXXX escape at i.
func (p *parser) hex4(i int) (rune, bool) {
	if i+6 > len(p.src) || p.src[i] != '\\' || p.src[i+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.src[i+2 : i+6]) {
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
	}
	return r, true
}

// number reads a number (RFC 8259 §6) and returns its literal.
func (p *parser) number() string {
	start, i := p.pos, p.pos
	if p.src[i] == '-' {
		i++
	}
	whole := i
	i = p.digits(i)
	if i == whole || p.src[whole] == '0' && i > whole+1 {
		p.fail(start, "a number is malformed")
		return ""
	}
	simple := true
	if i < len(p.src) && p.src[i] == '.' {
		simple = false
		if from := i + 1; p.digits(from) == from {
			p.fail(start, "a number is malformed")
			return ""
		}
		i = p.digits(i + 1)
	}
	if i < len(p.src) && (p.src[i] == 'e' || p.src[i] == 'E') {
		simple = false
		i++
		if i < len(p.src) && (p.src[i] == '+' || p.src[i] == '-') {
			i++
		}
		if p.digits(i) == i {
			p.fail(start, "a number is malformed")
			return ""
		}
		i = p.digits(i)
	}
	p.pos = i
	literal := p.src[start:i]
	const certain = 15 // digits that every float64 carries
	if !(simple && i-whole <= certain) && !survives(literal) {
		p.fail(start, "a number is larger or finer than a double can carry")
	}
	return literal
}

func (p *parser) digits(i int) int {
	for i < len(p.src) && p.src[i] >= '0' && p.src[i] <= '9' {
		i++
	}
	return i
}

// survives reports whether the shortest decimal of the literal's float64 is
// the same number as the literal.
func survives(literal string) bool {
	const longest = 400 // enough for the longest exact small double that anyone writes
	if len(literal) > longest {
		return false
	}
	f, err := strconv.ParseFloat(literal, 64)
	if err != nil {
		return false
	}
	var buf [32]byte
	digits, exp, ok := decimal(literal)
	short, shortExp, _ := decimal(string(strconv.AppendFloat(buf[:0], f, 'e', -1, 64)))
	return ok && digits == short && exp == shortExp
}

// decimal splits a literal into its significant digits (no zeros at either
// end; "" for zero) and the power of ten of the last of them.
func decimal(literal string) (digits string, exp int, ok bool) {
	literal = strings.TrimPrefix(literal, "-")
	mantissa := literal
	if e := strings.IndexAny(literal, "eE"); e >= 0 {
		mantissa = literal[:e]
		n, err := strconv.Atoi(literal[e+1:])
		if err != nil && strings.Trim(mantissa, "0.") != "" {
			return "", 0, false
		}
		exp = n
	}
	if whole, fraction, dotted := strings.Cut(mantissa, "."); dotted {
		mantissa = whole + fraction
		exp -= len(fraction)
	}
	mantissa = strings.TrimLeft(mantissa, "0")
	digits = strings.TrimRight(mantissa, "0")
	if digits == "" {
		return "", 0, true
	}
	return digits, exp + len(mantissa) - len(digits), true
}
