package rdfc

// needsEscape marks the bytes of a literal that RDFC-1.0 §5 writes in another
// form: controls, DEL, the quote and the backslash.
var needsEscape = func() (t [256]bool) {
	for c := range 0x20 {
		t[c] = true
	}
	t['"'], t['\\'], t[0x7f] = true, true, true
	return t
}()

// badInIRI marks the bytes that the N-Quads grammar keeps out of an IRIREF.
var badInIRI = func() (t [256]bool) {
	for c := range 0x21 {
		t[c] = true
	}
	for _, c := range []byte(`<>"{}|^` + "`\\") {
		t[c] = true
	}
	return t
}()

const upperHex = "0123456789ABCDEF"

// escapeText gives a literal the form of RDFC-1.0 §5.
func escapeText(s string) string {
	for i := 0; i < len(s); i++ {
		if needsEscape[s[i]] {
			return string(appendText(make([]byte, 0, len(s)+16), s))
		}
	}
	return s
}

func appendText(dst []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !needsEscape[c] {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
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
		case '"', '\\':
			dst = append(dst, '\\', c)
		default:
			dst = append(dst, '\\', 'u', '0', '0', upperHex[c>>4], upperHex[c&15])
		}
	}
	return append(dst, s[start:]...)
}

// escapeIRI writes what may not stand in an IRIREF as \u00XX.
func escapeIRI(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		clean = !badInIRI[s[i]]
	}
	if clean {
		return s
	}
	dst := make([]byte, 0, len(s)+16)
	for i := 0; i < len(s); i++ {
		if c := s[i]; badInIRI[c] {
			dst = append(dst, '\\', 'u', '0', '0', upperHex[c>>4], upperHex[c&15])
		} else {
			dst = append(dst, c)
		}
	}
	return string(dst)
}
