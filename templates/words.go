package templates

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// catalogue is the words of one language: key → text with {name} where
// values go. Keys of counted texts end in .one and .other.
type catalogue map[string]string

// words speaks one language as one region writes it.
type words struct {
	region
	text     catalogue
	phrases  []phrase // what acts say
	findings []phrase // what the verifier says
}

// readCatalogue reads the words of a language: the files of its folder, one for
// each part of the product. A key that two of them have is a fault.
func readCatalogue(language string) (catalogue, error) {
	names, err := fs.Glob(files, "text/"+language+"/*.json")
	if err != nil {
		return nil, err
	}
	all := catalogue{}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var part catalogue
		if err := json.Unmarshal(b, &part); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		for key, text := range part {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("%s: the text %q is in another file too", name, key)
			}
			all[key] = text
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no texts of the language %q", language)
	}
	return all, nil
}

// plain gives a text with its values put in as they are; html/template
// escapes it where it lands.
func (w *words) plain(key string, args ...any) (string, error) {
	return w.fill(key, args, func(s string) string { return s }, func(v any) string {
		if h, ok := v.(template.HTML); ok {
			return string(h)
		}
		return w.show(v)
	})
}

// say gives a text as markup. The text and the values are escaped; a value is
// kept apart from the direction of the sentence around it, and one that is
// markup already (a day, which is made by this package) stays as it is.
func (w *words) say(key string, args ...any) (template.HTML, error) {
	s, err := w.fill(key, args, html.EscapeString, func(v any) string {
		switch v := v.(type) {
		case template.HTML:
			return string(v)
		case int, *int:
			return html.EscapeString(w.show(v))
		}
		return "<bdi>" + html.EscapeString(w.show(v)) + "</bdi>"
	})
	return template.HTML(s), err
}

// count and sayCount choose the form of a text for a number, which they put
// in as {n}.
func (w *words) count(key string, n int, args ...any) (string, error) {
	return w.plain(w.form(key, n), append([]any{"n", n}, args...)...)
}

func (w *words) sayCount(key string, n int, args ...any) (template.HTML, error) {
	return w.say(w.form(key, n), append([]any{"n", n}, args...)...)
}

// form is the text of that key for a number of things.
func (w *words) form(key string, n int) string {
	if one := key + "." + w.plural(n); w.text[one] != "" {
		return one
	}
	return key + ".other"
}

// word names one of a closed set, such as a state: the text of group.value,
// or the value itself where the catalogue has none.
func (w *words) word(group string, value any) string {
	v := fmt.Sprint(value)
	if s, ok := w.text[group+"."+v]; ok {
		return s
	}
	return v
}

// kind is a kind of evidence in words. Programs name kinds of their own, as they
// write them in their file: "review-notes" reads "Review notes".
func (w *words) kind(code string) string {
	if s, ok := w.text["evidence.kind."+code]; ok {
		return s
	}
	plain := []rune(strings.NewReplacer("-", " ", "_", " ").Replace(code))
	if len(plain) > 0 {
		plain[0] = unicode.ToUpper(plain[0])
	}
	return string(plain)
}

// kinds are several kinds of evidence in words.
func (w *words) kinds(codes []string) []string {
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = w.kind(code)
	}
	return out
}

// has tells whether the catalogue has a text group.value.
func (w *words) has(group string, value any) bool {
	_, ok := w.text[group+"."+fmt.Sprint(value)]
	return ok
}

func (w *words) fill(key string, args []any, text func(string) string, value func(any) string) (string, error) {
	s, ok := w.text[key]
	if !ok {
		return "", fmt.Errorf("no text %q", key)
	}
	if len(args)%2 != 0 {
		return "", fmt.Errorf("text %q: values come as name and value", key)
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, "{")
		out.WriteString(text(before))
		if !found {
			return out.String(), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		v, known := argument(args, name)
		if !closed || !known {
			return "", fmt.Errorf("text %q: no value for {%s}", key, name)
		}
		out.WriteString(value(v))
		s = after
	}
}

func argument(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return nil, false
}

func (w *words) show(v any) string {
	switch v := v.(type) {
	case int:
		return w.number(v)
	case *int:
		return w.number(*v)
	}
	return fmt.Sprint(v)
}

// number writes a whole number with its thousands apart.
func (w *words) number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + w.thousands + s[i:]
	}
	return s
}

// names joins names as a sentence does: "A, B and C".
func (w *words) names(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], w.text["list.comma"]) + w.text["list.and"] + list[last]
}

// date writes a day with its month as a word: "21 November 2026". It takes a
// day as text ("2026-11-21"), a time or a pointer to one; nothing for none.
func (w *words) date(v any) (string, error) {
	t, err := moment(v)
	if err != nil || t.IsZero() {
		return "", err
	}
	return w.written(t), nil
}

// written is a day as the region writes it.
func (w *words) written(t time.Time) string {
	day := t.Format(w.day)
	if own, ok := w.text["month."+strconv.Itoa(int(t.Month()))]; ok {
		return strings.Replace(day, t.Month().String(), own, 1)
	}
	return day
}

var isoDay = regexp.MustCompile(`\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b`)

// worded writes the days in a sentence of the verifier, which puts them as
// ISO 8601 for programs, the way people read them.
func (w *words) worded(sentence string) string {
	return isoDay.ReplaceAllStringFunc(sentence, func(day string) string {
		if t, err := time.Parse(time.DateOnly, day); err == nil {
			return w.written(t)
		}
		return day
	})
}

// dayElement is a day as a time element.
func (w *words) dayElement(v any) (template.HTML, error) {
	t, err := moment(v)
	if err != nil || t.IsZero() {
		return "", err
	}
	return timeElement(t.Format(time.DateOnly), w.written(t)), nil
}

// ago is how long before now something was, in words; longer than a month
// ago it is the day.
func (w *words) ago(now time.Time, v any) (template.HTML, error) {
	t, err := moment(v)
	if err != nil || t.IsZero() {
		return "", err
	}
	in, err := w.since(now.Sub(t))
	if in == "" {
		in = w.written(t)
	}
	return timeElement(t.Format(time.RFC3339), in), err
}

func (w *words) since(d time.Duration) (string, error) {
	days := int(d.Hours() / 24)
	switch {
	case d < time.Minute:
		return w.plain("ago.now")
	case d < time.Hour:
		return w.count("ago.minutes", int(d.Minutes()))
	case days < 1:
		return w.count("ago.hours", int(d.Hours()))
	case days < 31:
		return w.count("ago.days", days)
	}
	return "", nil
}

// waiting is how long something has waited, in words: "for 3 days".
func (w *words) waiting(now time.Time, v any) (template.HTML, error) {
	t, err := moment(v)
	if err != nil || t.IsZero() {
		return "", err
	}
	d := max(now.Sub(t), 0)
	in := ""
	switch days := int(d.Hours() / 24); {
	case d < time.Hour:
		in, err = w.plain("waiting.now")
	case days < 1:
		in, err = w.count("waiting.hours", int(d.Hours()))
	default:
		in, err = w.count("waiting.days", days)
	}
	return timeElement(t.Format(time.RFC3339), in), err
}

// span is a length of time in words: "3 days".
func (w *words) span(d time.Duration) (string, error) {
	switch days := int(d.Hours() / 24); {
	case d < time.Hour:
		return w.plain("span.short")
	case days < 1:
		return w.count("span.hours", int(d.Hours()))
	default:
		return w.count("span.days", days)
	}
}

func timeElement(machine, shown string) template.HTML {
	return template.HTML(`<time datetime="` + html.EscapeString(machine) + `">` + html.EscapeString(shown) + `</time>`)
}
