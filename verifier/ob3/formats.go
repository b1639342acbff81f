package ob3

import (
	"strings"

	"hallmark/verifier/did"
)

// The patterns of the schema, by hand: a regular expression engine is a tenth
// of the program that browsers load.

// isBadgeContext: ^https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json$
func isBadgeContext(text string) bool {
	rest, ok := strings.CutPrefix(text, "https://purl.imsglobal.org/spec/ob/v3p0/context")
	for ok && len(rest) >= 6 && rest[:3] == "-3." && isDigit(rest[3]) && rest[4] == '.' && isDigit(rest[5]) {
		rest = rest[6:]
	}
	return ok && rest == ".json"
}

// isExtension: (ext:)[a-z|A-Z|0-9|.|-|_]+, which the schema does not anchor.
func isExtension(text string) bool {
	for {
		_, rest, ok := strings.Cut(text, "ext:")
		if !ok {
			return false
		}
		if rest != "" && (isWord(rest[0]) && rest[0] != '-' || rest[0] == '.' || rest[0] == '|') {
			return true
		}
		text = rest
	}
}

// isLanguage: ^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$
func isLanguage(text string) bool {
	primary, rest, more := strings.Cut(text, "-")
	if len(primary) < 2 || len(primary) > 4 || !all(primary, isLower) {
		return false
	}
	if !more {
		return true
	}
	subtag, region, more := strings.Cut(rest, "-")
	if len(subtag) == 4 && isUpper(subtag[0]) && all(subtag[1:], isLower) {
		return !more || isRegion(region)
	}
	return !more && isRegion(subtag)
}

func isRegion(text string) bool {
	return len(text) == 2 && all(text, isUpper) || len(text) == 3 && all(text, isDigit)
}

// isCompactJWS: ^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+$
func isCompactJWS(text string) bool {
	parts := strings.Split(text, ".")
	return len(parts) == 3 && parts[0] != "" && parts[2] != "" && all(parts[0], isWord) && all(parts[1], isWord) && all(parts[2], isWord)
}

func all(text string, is func(byte) bool) bool {
	for i := range len(text) {
		if !is(text[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isWord(c byte) bool  { return isDigit(c) || isLower(c) || isUpper(c) || c == '_' || c == '-' }

// isDateTime follows RFC 3339 §5.6, which the schema's format means, where it
// differs from an XML Schema time: no hour 24, leap seconds, lower-case letters.
func isDateTime(text string) bool {
	upper := strings.ToUpper(text)
	if len(upper) < len("2006-01-02T15:04:05Z") || upper[11:13] == "24" {
		return false
	}
	if leap := upper[17:19] == "60"; leap {
		upper = upper[:17] + "59" + upper[19:]
		at, err := did.ParseDateTimeStamp(upper)
		at = at.UTC()
		return err == nil && at.Hour() == 23 && at.Minute() == 59
	}
	_, err := did.ParseDateTimeStamp(upper)
	return err == nil
}

func isDay(text string) bool {
	_, err := did.ParseDateTimeStamp(text + "T00:00:00Z")
	return err == nil && len(text) == len("2006-01-02")
}
