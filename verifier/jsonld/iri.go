package jsonld

import (
	"strings"
	"unicode"
)

// RDF and XSD terms that expansion writes.
const (
	rdfType   = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
	rdfFirst  = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"
	rdfRest   = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"
	rdfNil    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"
	rdfJSON   = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"
	xsdBool   = "http://www.w3.org/2001/XMLSchema#boolean"
	xsdDouble = "http://www.w3.org/2001/XMLSchema#double"
	xsdInt    = "http://www.w3.org/2001/XMLSchema#integer"
	i18n      = "https://www.w3.org/ns/i18n#"
)

const (
	schemeByte = 1 << iota
	iriByte
)

var byteClass = func() (t [256]uint8) {
	for c := range 0x80 {
		b := byte(c)
		if b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("+-.", b) >= 0 {
			t[c] |= schemeByte
		}
		if b > 0x20 && b != 0x7f && strings.IndexByte("<>\"{}|^`\\", b) < 0 {
			t[c] |= iriByte
		}
	}
	return t
}()

// absolute reports whether s is an absolute IRI: a scheme and a colon (RFC 3986
// §3.1), then nothing that RFC 3987 or the N-Quads grammar keeps out.
func absolute(s string) bool {
	colon := schemeEnd(s)
	if colon < 0 {
		return false
	}
	for i := colon + 1; i < len(s); i++ {
		if c := s[i]; c >= 0x80 {
			return plainUnicode(s[i:])
		} else if byteClass[c]&iriByte == 0 {
			return false
		}
	}
	return true
}

// schemeEnd is the index of the colon after the scheme, or -1.
func schemeEnd(s string) int {
	if s == "" || s[0]|0x20 < 'a' || s[0]|0x20 > 'z' {
		return -1
	}
	for i := 1; i < len(s); i++ {
		if s[i] == ':' {
			return i
		}
		if byteClass[s[i]]&schemeByte == 0 {
			return -1
		}
	}
	return -1
}

// plainUnicode looks at the rest of an IRI that is not ASCII alone.
func plainUnicode(s string) bool {
	for _, r := range s {
		switch {
		case r < 0x80:
			if byteClass[r]&iriByte == 0 {
				return false
			}
		case unicode.IsSpace(r), unicode.Is(unicode.Z, r), unicode.IsControl(r), r == 0xfeff, r == unicode.ReplacementChar:
			return false
		}
	}
	return true
}

// isKeyword knows the keywords of JSON-LD 1.1 §9.16 that npm jsonld reserves.
func isKeyword(s string) bool {
	switch s {
	case "@base", "@container", "@context", "@default", "@direction", "@embed", "@explicit", "@graph", "@id", "@included",
		"@index", "@json", "@language", "@list", "@nest", "@none", "@omitDefault", "@prefix", "@preserve", "@protected",
		"@requireAll", "@reverse", "@set", "@type", "@value", "@version", "@vocab":
		return true
	}
	return false
}

// languageTag checks the shape of a BCP 47 tag and returns it in lower case.
func languageTag(s string) (string, bool) {
	if s == "" {
		return "", false
	}
	for i, part := range strings.Split(s, "-") {
		if part == "" || len(part) > 8 {
			return "", false
		}
		for _, c := range []byte(part) {
			letter := c|0x20 >= 'a' && c|0x20 <= 'z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return "", false
			}
		}
	}
	return strings.ToLower(s), true
}
