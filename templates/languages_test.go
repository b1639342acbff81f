package templates

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	place    = regexp.MustCompile(`\{[a-z]*\}`)
	counted  = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)
	enough   = 1200 // numbers after which the forms of no language here differ
	shownRaw = regexp.MustCompile(`[<>]`)
)

// forms are the plural categories that a language has.
func forms(r region) []string {
	seen := map[string]bool{}
	for n := range enough {
		seen[r.plural(n)] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// TestEveryLanguageIsWhole: each says what English says, with the same values
// in it, in as many plural forms as it has, and nothing that English does not.
func TestEveryLanguageIsWhole(t *testing.T) {
	english, err := readCatalogue(regions[0].language)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range regions[1:] {
		if r.name == "" {
			continue
		}
		own, err := readCatalogue(r.language)
		if err != nil {
			t.Error(err)
			continue
		}
		wanted := map[string]string{} // key → the English text it says
		for key, text := range english {
			stem := counted.ReplaceAllString(key, "")
			_, one := english[stem+".one"]
			_, other := english[stem+".other"]
			switch {
			case strings.HasPrefix(key, "icon."):
			case stem != key && one && other:
				for _, form := range forms(r) {
					wanted[stem+"."+form] = english[stem+".other"]
				}
			default:
				wanted[key] = text
			}
		}
		for key, text := range wanted {
			said, ok := own[key]
			if !ok {
				t.Errorf("%s: no text %q: %q", r.language, key, text)
				continue
			}
			if shownRaw.MatchString(said) && !shownRaw.MatchString(text) {
				t.Errorf("%s: %q has markup", r.language, key)
			}
			has, must := place.FindAllString(said, -1), place.FindAllString(text, -1)
			for _, p := range has {
				if !slices.Contains(must, p) {
					t.Errorf("%s: %q has %s, which nobody gives", r.language, key, p)
				}
			}
			for _, p := range must {
				// A form for one number alone may say it in words.
				if !slices.Contains(has, p) && (p != "{n}" || !counted.MatchString(key)) {
					t.Errorf("%s: %q lacks %s", r.language, key, p)
				}
			}
		}
		for key := range own {
			if _, ok := wanted[key]; !ok && !strings.HasPrefix(key, "month.") {
				t.Errorf("%s: the text %q is none of English", r.language, key)
			}
		}
	}
}

// TestEveryRegion: all parse, and the frame of a page says which one it is in.
func TestEveryRegion(t *testing.T) {
	set := open(t, Config{})
	for _, r := range regions {
		var b bytes.Buffer
		if err := set.Render(&b, "page/front", View{Frame: Frame{Lang: r.tag}}); err != nil {
			t.Errorf("%s: %v", r.tag, err)
			continue
		}
		page := b.String()
		if !strings.Contains(page, `<html lang="`+r.tag+`" dir="`+r.dir+`">`) {
			t.Errorf("%s: not said", r.tag)
		}
		if n := strings.Count(page, `data-act="language"`); n != len(Languages()) || strings.Count(page, `aria-current="true"`) != 1 {
			t.Errorf("%s: %d languages to choose from", r.tag, n)
		}
	}
}

func TestPlurals(t *testing.T) {
	for tag, rows := range map[string]map[int]string{
		"en-GB": {0: "other", 1: "one", 2: "other"},
		"fr":    {0: "one", 1: "one", 2: "other", 1000: "other"},
		"ar":    {0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other", 102: "other", 103: "few", 111: "many", 1000: "other"},
	} {
		i := slices.IndexFunc(regions, func(r region) bool { return r.tag == tag })
		for n, want := range rows {
			if got := regions[i].plural(n); got != want {
				t.Errorf("%s %d: %s, want %s", tag, n, got, want)
			}
		}
	}
}

func TestAccepted(t *testing.T) {
	for header, want := range map[string]string{
		"":                          "en-GB",
		"de-DE, *":                  "en-GB",
		"en":                        "en-GB",
		"en-US,en;q=0.9":            "en-US",
		"en;q=0.3, fr-CA;q=0.8":     "fr",
		"ar-EG":                     "ar",
		"en-AU;q=0.9, de":           "en-GB",
		"xx, en;q=0.5, en-US;q=0.8": "en-US",
		"en-US;q=2, en-US;q=;;, en-US;q=0, en-US;q=NaN": "en-GB",
		strings.Repeat("de,", 5000):                     "en-GB",
	} {
		if got := Accepted(header); got != want {
			t.Errorf("%.40q: %s, want %s", header, got, want)
		}
	}
}

// TestMonths: a day is written with the month's own name.
func TestMonths(t *testing.T) {
	for _, r := range regions {
		w, err := r.spoken()
		if err != nil {
			t.Fatal(err)
		}
		for _, day := range []string{"2026-01-02", "2026-05-02", "2026-08-02", "2026-12-02"} {
			got, err := w.date(day)
			if err != nil || r.language != "en" && regexp.MustCompile(`January|August|December`).MatchString(got) {
				t.Errorf("%s: %s is %q, %v", r.tag, day, got, err)
			}
		}
	}
}
