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
)

// A phrase says in one language what acts say in English when they refuse.
type phrase struct {
	english *regexp.Regexp
	fixed   int // how much of the English is no value
	text    string
}

var (
	verb  = regexp.MustCompile(`%(?:\[[0-9]+\])?(?:[a-z]|04X|%)`)
	value = regexp.MustCompile(`%[0-9]`)
)

// readPhrases reads what a language says for the sentences of acts: the file
// text/<language>/said/acts.json, from the English sentence, with the verbs of package
// fmt where values go, to the text, with %1, %2 … for these values in order.
// The acts know no languages: an API gets their sentences as they are.
func readPhrases(language string) ([]phrase, error) {
	b, err := files.ReadFile("text/" + language + "/said/acts.json")
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
	return phrase{english, fixed + len(rest), text}, err
}

// said gives a sentence of an act in the language of the page. One that the
// language lacks stays English and is marked as such, for those who hear it.
func (w *words) said(sentence string) template.HTML {
	if sentence == "" || w.language == regions[0].language {
		return template.HTML(html.EscapeString(sentence))
	}
	for _, p := range w.phrases {
		values := p.english.FindStringSubmatch(sentence)
		if values == nil {
			continue
		}
		text := value.ReplaceAllStringFunc(html.EscapeString(p.text), func(v string) string {
			n, err := strconv.Atoi(v[1:])
			if err != nil || n >= len(values) {
				return v
			}
			return "<bdi>" + html.EscapeString(values[n]) + "</bdi>"
		})
		return template.HTML(text)
	}
	return template.HTML(`<span lang="en" dir="ltr">` + html.EscapeString(sentence) + `</span>`)
}
