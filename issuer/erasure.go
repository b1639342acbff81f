package issuer

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What stands where someone was who is erased.
const (
	SomeoneErased = "someone who left"
	MentorErased  = "a mentor who left"
)

// ErasedDetail is what is left of the detail of an audit entry whose words were
// erased.
const ErasedDetail = `{"erased":true}`

// Erase empties everything that is said of a person. What is left is an id that
// was drawn at random, so that counts stay what they were.
func (p *Person) Erase(at time.Time) {
	*p = Person{ID: p.ID, IssuerID: p.IssuerID, CreatedAt: p.CreatedAt, ErasedAt: &at}
}

// Erase ends an award for good and empties what was said about it. That it had
// been revoked before, and when its term was to end, stays for counts.
func (a *Award) Erase(at time.Time) {
	a.State, a.ErasedAt, a.Visibility, a.NameSigned, a.FactID = Erased, &at, Unlisted, false, ""
	a.RevokedCode, a.RevokedReason, a.RevokedNote = "", "", ""
	a.SuspendedAt, a.SuspendedReason = nil, ""
	if a.Reason != "" {
		a.Reason = "Erased." // an award by word must have had one
	}
}

// TakeOut puts other words in place of each of some names in a text, wherever
// one stands as a word or words of its own, however it is cased.
func TakeOut(text, instead string, names ...string) string {
	for _, name := range names {
		if name == "" {
			continue
		}
		var out strings.Builder
		rest, before := text, rune(0)
		for rest != "" {
			if n := foldPrefix(rest, name); n > 0 && !inWord(before) && !beginsInWord(rest[n:]) {
				out.WriteString(instead)
				before, _ = utf8.DecodeLastRuneInString(rest[:n])
				rest = rest[n:]
				continue
			}
			r, size := utf8.DecodeRuneInString(rest)
			out.WriteString(rest[:size])
			before, rest = r, rest[size:]
		}
		text = out.String()
	}
	return text
}

// foldPrefix is how many bytes of a text are a name, but for case; 0 if it does
// not begin with it.
func foldPrefix(text, name string) int {
	n := 0
	for _, want := range name {
		r, size := utf8.DecodeRuneInString(text[n:])
		if size == 0 || r != want && unicode.ToLower(r) != unicode.ToLower(want) {
			return 0
		}
		n += size
	}
	return n
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func beginsInWord(text string) bool {
	r, size := utf8.DecodeRuneInString(text)
	return size > 0 && inWord(r)
}
