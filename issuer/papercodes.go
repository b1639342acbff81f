package issuer

import (
	"strings"
	"unicode"
)

// A paper code is what is printed on paper for those who cannot scan: twelve
// characters that are the first 60 bits of a credential's id, in the alphabet of
// Douglas Crockford's Base 32, which has no two characters that look alike. It
// finds the badge here alone, and tells nothing of the rest of its link.

// PaperCodeSize is how many characters a code has.
const PaperCodeSize = 12

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ids are written in the alphabet of RFC 4648, section 6, as crypto/rand.Text does.
const idAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

// PaperCode is the code of a credential, in groups as people read it:
// "7H2K-9QXW-3M4T"; "" for an id that was not drawn.
func PaperCode(id CredentialID) string {
	if len(id) < PaperCodeSize {
		return ""
	}
	var code strings.Builder
	for i, r := range string(id[:PaperCodeSize]) {
		at := strings.IndexRune(idAlphabet, r)
		if at < 0 {
			return ""
		}
		if i > 0 && i%4 == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(crockford[at])
	}
	return code.String()
}

// ReadPaperCode gives the beginning of the ids that a code as someone typed it
// stands for: in either case, with digits of any script, whatever blanks and hyphens
// are in it, and with what looks alike for each other. The refusal says what is
// wrong with it.
func ReadPaperCode(typed string) (prefix string, err error) {
	var id strings.Builder
	n := 0
	for _, r := range typed {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("._/", r) {
			continue
		}
		n++
		at := strings.IndexRune(crockford, plainest(r))
		if at < 0 {
			return "", Wrong("code", "A code has letters from A to Z and digits alone; look at the paper again.")
		}
		if n <= PaperCodeSize {
			id.WriteByte(idAlphabet[at])
		}
	}
	if n != PaperCodeSize {
		return "", Wrong("code", "A code has 12 characters, and this has %d; look at the paper again.", n)
	}
	return id.String(), nil
}

// plainest is the character of the alphabet that one is taken for.
func plainest(r rune) rune {
	if unicode.IsDigit(r) {
		return '0' + digit(r)
	}
	if r >= '！' && r <= '～' { // as wide as an ideograph
		r -= '！' - '!'
	}
	switch r = unicode.ToUpper(r); r {
	case 'O':
		return '0'
	case 'I', 'L':
		return '1'
	case 'U':
		return 'V'
	}
	return r
}

// digit is the value of a decimal digit: those of a script stand in a row of ten.
func digit(r rune) rune {
	zero := r
	for unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return r - zero
}

// CredentialsFrom gives the least and the greatest id that begin with what a code
// stands for.
func CredentialsFrom(prefix string) (first, last CredentialID) {
	const size = 26 // of crypto/rand.Text
	return CredentialID(prefix), CredentialID(prefix + strings.Repeat("Z", size-len(prefix)))
}
