package templates

import (
	"maps"
	"strconv"
	"strings"
)

// A region is a language as one part of the world writes it.
type region struct {
	tag       string // BCP 47
	language  string // folder of its words below text
	name      string // of the language, in itself; "" where another region of the language has it
	dir       string // of its lines: "ltr" or "rtl"
	day       string // layout of a day in package time's terms; a language other than English names its months in the catalogue
	thousands string // stands between them
	paper     string // tag of the region whose words stand on papers
	plural    func(n int) string
}

// regions are all there are; the first is for readers who want none of them.
//
// Papers are drawn with a typeface of our own, which has no Arabic and joins
// no letters; readers of Arabic get theirs in English, which is said here
// because it should change when the typeface does.
var regions = []region{
	{tag: "en-GB", language: "en", name: "English", dir: "ltr", day: "2 January 2006", thousands: ",", paper: "en-GB", plural: oneOther},
	{tag: "en-US", language: "en", dir: "ltr", day: "January 2, 2006", thousands: ",", paper: "en-US", plural: oneOther},
	{tag: "fr", language: "fr", name: "Français", dir: "ltr", day: "2 January 2006", thousands: "\u202f", paper: "fr", plural: upToOne},
	{tag: "ar", language: "ar", name: "العربية", dir: "rtl", day: "2 January 2006", thousands: ",", paper: "en-GB", plural: arabic},
}

// The plural categories of whole numbers, by the rules of Unicode CLDR 45
// (https://www.unicode.org/cldr/charts/45/supplemental/language_plural_rules.html).
// The category "many" of French, for whole millions, is left out: what is
// counted on a page stays below.

func oneOther(n int) string {
	if n == 1 {
		return "one"
	}
	return "other"
}

func upToOne(n int) string {
	if n == 0 || n == 1 {
		return "one"
	}
	return "other"
}

func arabic(n int) string {
	switch n {
	case 0:
		return "zero"
	case 1:
		return "one"
	case 2:
		return "two"
	}
	switch n %= 100; {
	case n >= 3 && n <= 10:
		return "few"
	case n >= 11:
		return "many"
	}
	return "other"
}

// spoken is the words of a region. A text that its language lacks is said in
// English, which is better than none.
func (r region) spoken() (*words, error) {
	text, err := readCatalogue(regions[0].language)
	if err != nil || r.language == regions[0].language {
		return &words{region: r, text: text}, err
	}
	own, err := readCatalogue(r.language)
	if err != nil {
		return nil, err
	}
	maps.Copy(text, own)
	phrases, err := readPhrases(r.language, "acts")
	if err != nil {
		return nil, err
	}
	findings, err := readPhrases(r.language, "verifier")
	return &words{region: r, text: text, phrases: phrases, findings: findings}, err
}

// own is the name of the language, in itself.
func (r region) own() string {
	for _, l := range regions {
		if l.language == r.language && l.name != "" {
			return l.name
		}
	}
	return r.tag
}

// A Language is one to choose from.
type Language struct{ Tag, Name, Dir string }

// Languages are those that pages exist in, each named in itself.
func Languages() []Language {
	var all []Language
	for _, r := range regions {
		if r.name != "" {
			all = append(all, Language{r.tag, r.name, r.dir})
		}
	}
	return all
}

// Accepted reads an Accept-Language header (RFC 9110 §12.5.4): the language of
// the greatest weight that pages exist in, the first of those of equal weight.
func Accepted(header string) string {
	best, weight := regions[0].tag, 0.0
	for part := range strings.SplitSeq(header, ",") {
		wanted, q, weighted := strings.Cut(part, ";")
		tag, ok := Known(strings.TrimSpace(wanted))
		if !ok {
			continue
		}
		w := 1.0
		if weighted {
			var err error
			q, _ = strings.CutPrefix(strings.TrimSpace(q), "q=")
			if w, err = strconv.ParseFloat(q, 64); err != nil || w > 1 {
				continue
			}
		}
		if w > weight {
			best, weight = tag, w
		}
	}
	return best
}

// Known is the region of a tag: that very one, else the first of its language.
func Known(tag string) (string, bool) {
	for _, r := range regions {
		if strings.EqualFold(r.tag, tag) {
			return r.tag, true
		}
	}
	base, _, _ := strings.Cut(tag, "-")
	for _, r := range regions {
		if strings.EqualFold(r.language, base) {
			return r.tag, true
		}
	}
	return "", false
}
