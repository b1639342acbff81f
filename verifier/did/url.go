package did

import "strings"

// IsURL accepts an absolute URL or URI: a scheme and something after it, and no
// character that RFC 3986 leaves out of identifiers in plain sight. Addresses of
// the web name a host (RFC 9110 §4.2.1); what other schemes make of the rest is
// not judged.
func IsURL(text string) bool {
	colon := 0
	for colon < len(text) && text[colon] != ':' {
		c := text[colon]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (colon == 0 || (c < '0' || c > '9') && c != '+' && c != '-' && c != '.') {
			return false
		}
		colon++
	}
	if colon == 0 || colon+1 >= len(text) {
		return false
	}
	for _, c := range []byte(text[colon+1:]) {
		switch {
		case c <= 0x20, c == 0x7f, c == '<', c == '>', c == '"', c == '{', c == '}', c == '|', c == '\\', c == '^', c == '`':
			return false
		}
	}
	if scheme := strings.ToLower(text[:colon]); scheme == "https" || scheme == "http" {
		host, ok := strings.CutPrefix(text[colon+1:], "//")
		return ok && host != "" && strings.IndexByte("/?#:@", host[0]) < 0
	}
	return true
}
