package templates

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A phrase says in one language what acts say in English when they refuse, or the
// verifier when it answers.
type phrase struct {
	sentence string // the English, with verbs
	english  *regexp.Regexp
	begins   string // the English does, before its first value
	fixed    int    // how much of the English is no value
	text     string
}

var (
	verb  = regexp.MustCompile(`%(?:\[[0-9]+\])?(?:[a-z]|04X|%)`)
	value = regexp.MustCompile(`%[0-9]`)
)

// readPhrases reads what a language says for the sentences of acts, or of the verifier:
// the file text/<language>/said/<whose>.json, from the English sentence, with the verbs
// of package fmt where values go, to the text, with %1, %2 … for these values in order.
// Neither knows languages: an API gets their sentences as they are.
func readPhrases(language, whose string) ([]phrase, error) {
	b, err := files.ReadFile("text/" + language + "/said/" + whose + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all map[string]string
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("read the phrases of %s: %w", language, err)
	}
	phrases := make([]phrase, 0, len(all))
	for sentence, text := range all {
		p, err := compile(sentence, text)
		if err != nil {
			return nil, fmt.Errorf("phrases of %s: %w", language, err)
		}
		phrases = append(phrases, p)
	}
	// Where two fit, the one that says more itself is meant.
	slices.SortFunc(phrases, func(a, b phrase) int {
		if a.fixed != b.fixed {
			return b.fixed - a.fixed
		}
		return strings.Compare(a.english.String(), b.english.String())
	})
	return phrases, nil
}

func compile(sentence, text string) (phrase, error) {
	var pattern strings.Builder
	pattern.WriteString(`(?s)\A`)
	values, fixed, rest := 0, 0, sentence
	begins := sentence
	if at := verb.FindStringIndex(sentence); at != nil {
		begins = sentence[:at[0]]
	}
	for {
		at := verb.FindStringIndex(rest)
		if at == nil {
			break
		}
		pattern.WriteString(regexp.QuoteMeta(rest[:at[0]]))
		fixed += at[0]
		if rest[at[0]:at[1]] == "%%" {
			pattern.WriteString("%")
		} else {
			values++
			pattern.WriteString("(.*)")
		}
		rest = rest[at[1]:]
	}
	pattern.WriteString(regexp.QuoteMeta(rest) + `\z`)
	for _, v := range value.FindAllString(text, -1) {
		if n, err := strconv.Atoi(v[1:]); err != nil || n < 1 || n > values {
			return phrase{}, fmt.Errorf("%q names %s, and %q has %d values", text, v, sentence, values)
		}
	}
	english, err := regexp.Compile(pattern.String())
	return phrase{sentence, english, begins, fixed + len(rest), text}, err
}

// phrasesOfFindings are pairs of what the verifier says and what that is in the
// language of the page, for the script that says it (device.js), in the order in
// which they are tried; nothing in English.
func (w *words) phrasesOfFindings() (string, error) {
	if w.language == regions[0].language || len(w.findings) == 0 {
		return "", nil
	}
	pairs := make([][2]string, len(w.findings))
	for i, p := range w.findings {
		pairs[i] = [2]string{p.sentence, p.text}
	}
	text, err := json.Marshal(pairs)
	return string(text), err
}

// said gives a sentence of an act in the language of the page. One that the
// language lacks stays English and is marked as such, for those who hear it.
func (w *words) said(sentence string) template.HTML {
	if text, ok := w.put(w.phrases, sentence, html.EscapeString); ok {
		return text
	}
	return w.inEnglish(sentence)
}

// found gives a sentence of the verifier in the language of the page, as said does,
// with its days as people write them.
func (w *words) found(sentence string) template.HTML {
	if text, ok := w.finding(sentence, deepest); ok {
		return text
	}
	return w.inEnglish(w.worded(sentence))
}

// deepest is how many sentences of the verifier stand one within another.
const deepest = 3

// finding gives what the verifier says: a phrase, whose values may be phrases
// themselves, or several sentences, one after the other. What it says of an error it
// begins with a small letter and without a full stop within a sentence, and not
// where that is all of it.
func (w *words) finding(sentence string, deep int) (template.HTML, bool) {
	if deep == 0 || sentence == "" {
		return "", false
	}
	write := func(v string) string {
		if text, ok := w.finding(v, deep-1); ok {
			return string(text)
		}
		return html.EscapeString(w.worded(v))
	}
	first, size := utf8.DecodeRuneInString(sentence)
	small, large := string(unicode.ToLower(first))+sentence[size:], string(unicode.ToUpper(first))+sentence[size:]
	for _, form := range []string{sentence, large, small} {
		if text, ok := w.put(w.findings, form, write); ok {
			return text, true
		}
	}
	for _, form := range []string{sentence, small} {
		bare, ends := strings.CutSuffix(form, ".")
		if text, ok := w.put(w.findings, bare, write); ends && ok {
			return capital(text) + ".", true
		}
	}
	if text, ok := w.put(w.findings, large+".", write); ok {
		return template.HTML(strings.TrimSuffix(string(text), ".")), true
	}
	for at := strings.Index(sentence, ". "); at >= 0; {
		one, ok := w.finding(sentence[:at+1], deep-1)
		rest, also := w.finding(sentence[at+2:], deep-1)
		if ok && also {
			return one + " " + rest, true
		}
		next := strings.Index(sentence[at+1:], ". ")
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return "", false
}

// capital begins a text, which may be HTML, with a capital letter.
func capital(text template.HTML) template.HTML {
	first, size := utf8.DecodeRuneInString(string(text))
	return template.HTML(unicode.ToUpper(first)) + text[size:]
}

// put gives a sentence in the language of the page by its phrases, and tells whether
// one of them fits. A value is written by a function that makes it HTML.
func (w *words) put(phrases []phrase, sentence string, write func(string) string) (template.HTML, bool) {
	if w.language == regions[0].language {
		return "", false
	}
	for _, p := range phrases {
		if !strings.HasPrefix(sentence, p.begins) {
			continue
		}
		values := p.english.FindStringSubmatch(sentence)
		if values == nil {
			continue
		}
		text := value.ReplaceAllStringFunc(html.EscapeString(p.text), func(v string) string {
			n, err := strconv.Atoi(v[1:])
			if err != nil || n >= len(values) {
				return v
			}
			return "<bdi>" + write(values[n]) + "</bdi>"
		})
		return template.HTML(text), true
	}
	return "", false
}

func (w *words) inEnglish(sentence string) template.HTML {
	text := html.EscapeString(sentence)
	if sentence == "" || w.language == regions[0].language {
		return template.HTML(text)
	}
	return template.HTML(`<span lang="en" dir="ltr">` + text + `</span>`)
}
