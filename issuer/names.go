package issuer

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxName is how many characters a name may have.
const MaxName = 200

// CleanName brings a name into the form that is kept: NFC, blanks trimmed and
// run together, without a zero-width space. What it changed that a person may
// want to know of is in warnings. The joiners U+200C and U+200D stay, because
// Persian and Indic names need them. Characters that turn the direction of
// the text around them are refused: they let a name pretend to be another
// (Unicode Technical Report 36, section 2.5).
func CleanName(s string) (name string, warnings []string, err error) {
	if !utf8.ValidString(s) {
		return "", nil, Wrong("name", "The name is not readable text.")
	}
	var out strings.Builder
	var dropped, broken bool
	for _, r := range norm.NFC.String(s) {
		switch {
		case bidi(r):
			return "", nil, Wrong("name", "The name contains a character that turns the direction of text (U+%04X); take it out.", r)
		case r == '\u200b' || r == '\ufeff':
			dropped = true
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			broken = true
			out.WriteByte(' ')
		case unicode.IsSpace(r):
			out.WriteByte(' ')
		case unicode.IsControl(r):
			return "", nil, Wrong("name", "The name contains a control character (U+%04X); take it out.", r)
		default:
			out.WriteRune(r)
		}
	}
	name = norm.NFC.String(strings.Join(strings.Fields(out.String()), " ")) // what was dropped may have kept letters apart
	if !visible(name) {
		return "", nil, Wrong("name", "Give a name.")
	}
	if utf8.RuneCountInString(name) > MaxName {
		return "", nil, Wrong("name", "The name is longer than %d characters.", MaxName)
	}
	if dropped {
		warnings = append(warnings, "A zero-width space in the name was dropped.")
	}
	if broken {
		warnings = append(warnings, "A line break in the name became a blank.")
	}
	return name, warnings, nil
}

// bidi tells whether r is one of the marks, embeddings, overrides and
// isolates of the bidirectional algorithm (UAX 9, section 2).
func bidi(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f' || r == '\u061c'
}

// NormalEmail brings an address into the form that tells people apart:
// without blanks around it, in lower case. It takes an address alone, not a
// name with one.
func NormalEmail(s string) (address string, warnings []string, err error) {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" {
		return "", nil, Wrong("email", "Give an e-mail address.")
	}
	address = strings.ToLower(norm.NFC.String(trimmed))
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > 254 || strings.ContainsAny(address, "\"[]<> \t") || unprintable(address) {
		return "", nil, Wrong("email", "“%s” is not an e-mail address.", shorten(trimmed))
	}
	if trimmed != s {
		warnings = append(warnings, "Blanks around the address were dropped.")
	}
	if address != trimmed {
		warnings = append(warnings, "The address was written in lower case.")
	}
	return address, warnings, nil
}

func unprintable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// CleanText checks a text of several lines, such as a summary: NFC, no
// control characters but line breaks and tabs, no marks that turn the
// direction of text, at most max characters. Empty is fine, and so is what a
// text with nothing to see in it becomes: empty.
func CleanText(field, s string, max int) (string, error) {
	if !utf8.ValidString(s) {
		return "", Wrong(field, "This is not readable text.")
	}
	s = strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(s, "\r\n", "\n")))
	for _, r := range s {
		if bidi(r) || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return "", Wrong(field, "The text contains a character that cannot be kept (U+%04X); take it out.", r)
		}
	}
	if utf8.RuneCountInString(s) > max {
		return "", Wrong(field, "The text is longer than %d characters.", max)
	}
	if !visible(s) {
		return "", nil
	}
	return s, nil
}

// visible tells whether a text shows anything: more than blanks, joiners,
// fillers and other characters that are drawn as nothing (Unicode Standard,
// section 5.21).
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != '\u2800' &&
			!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	})
}

// shorten makes a stranger's text fit for a sentence about it.
func shorten(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || bidi(r) {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
