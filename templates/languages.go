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
	day       string // layout of a day in package time's terms; its month is named by the catalogue
	thousands string // stands between them
	paper     string // tag of the region whose words stand on papers
	plural    func(n int) string
}

// regions are all there are; the first is for readers who want none of them.
var regions = []region{
	{tag: "en-GB", language: "en", name: "English", dir: "ltr", day: "2 January 2006", thousands: ",", paper: "en-GB", plural: oneOther},
	{tag: "en-US", language: "en", dir: "ltr", day: "January 2, 2006", thousands: ",", paper: "en-US", plural: oneOther},
}

// The plural categories of whole numbers, by the rules of Unicode CLDR 45
// (https://www.unicode.org/cldr/charts/45/supplemental/language_plural_rules.html).

func oneOther(n int) string {
	if n == 1 {
		return "one"
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
	phrases, err := readPhrases(r.language)
	return &words{region: r, text: text, phrases: phrases}, err
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
