package web

import (
	"net/http"

	"hallmark/templates"
)

// LanguageCookie holds the tag that a reader chose in the foot of a page.
const LanguageCookie = "hallmark_language"

// Language is the tag of the language that a request is to be answered in: what
// its reader chose, else what their browser asks for, else English. Answers
// differ by it: Vary names Accept-Language and Cookie.
func Language(r *http.Request) string { return LanguageFor(r, "") }

// LanguageFor is Language for a reader who is known to have chosen a language, ""
// for none: it counts in a browser where they chose no other.
func LanguageFor(r *http.Request, chosen string) string {
	if c, err := r.Cookie(LanguageCookie); err == nil {
		if tag, ok := templates.Known(c.Value); ok {
			return tag
		}
	}
	if tag, ok := templates.Known(chosen); ok && chosen != "" {
		return tag
	}
	return templates.Accepted(r.Header.Get("Accept-Language"))
}
