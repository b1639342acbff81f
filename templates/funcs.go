package templates

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// funcs are what every page and mail can call, in one language.
func (s *Set) funcs(w *words, page string) map[string]any {
	return map[string]any{
		"t": w.plain, "n": w.count, "say": w.say, "sayn": w.sayCount, "word": w.word, "said": w.said, "has": w.has,
		"date": w.date, "day": w.dayElement, "ago": w.ago, "waiting": w.waiting, "num": w.number, "names": w.names, "kind": w.kind, "kinds": w.kinds,
		"icon": icon, "asset": s.assetURL, "base": func() string { return s.base }, "lang": func() string { return w.tag }, "dir": func() string { return w.dir },
		"languages": Languages, "language": w.own,
		"page": func() string { return page }, "host": host, "dict": dict, "dataURL": dataURL, "walletURL": walletURL,
		"percent": percent, "instant": instant, "clock": clock, "span": w.span, "markdown": markdown, "found": w.found, "check": w.check,
		"query": query, "stocked": Stocked, "texts": w.texts, "findings": w.phrasesOfFindings, "inline": inline, "bytes": fileSize, "policy": policy, "askable": askable, "carried": carried,
	}
}

// icon is the picture of that name, to stand beside a word.
func icon(name string) (template.HTML, error) {
	b, err := files.ReadFile("icons/" + name + ".svg")
	if err != nil {
		return "", err
	}
	return template.HTML(bytes.TrimSpace(b)), nil
}

// host is the domain of a link on the web, to show where it leads; "" for
// what is no such link, which then is not shown as one.
func host(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.Hostname()
}

// askable is where the issuer is asked about a badge, if its id says that it is one
// of the site; "" for others.
func askable(site, id string) string {
	if badge, ours := strings.CutPrefix(id, site+"/v/"); ours && site != "" && len(badge) == 26 && !strings.ContainsAny(badge, "/?#.") {
		return id + "/ask"
	}
	return ""
}

// query is what stands behind the question mark of an address. Text would be
// taken for one value and escaped as such.
func query(v url.Values) template.URL { return template.URL(v.Encode()) }

// fileSize is the size of a file for people: "1.2 MB".
func fileSize(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// dict makes the data of a part from names and values.
func dict(args ...any) (map[string]any, error) {
	if len(args)%2 != 0 {
		return nil, fmt.Errorf("dict: values come as name and value")
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is not a name", args[i])
		}
		m[name] = args[i+1]
	}
	return m, nil
}

// percent is a share as a whole number from 0 to 100; nothing of nothing is 0.
func percent(part, whole int) int {
	if whole <= 0 {
		return 0
	}
	return min(100, max(0, part*100/whole))
}

// instant is a time for machines, in UTC; "" for none.
func instant(v any) (string, error) {
	t, err := moment(v)
	if err != nil || t.IsZero() {
		return "", err
	}
	return t.UTC().Format(time.RFC3339), nil
}

// clock is the time of a moment's day in UTC, and says so; "" for none.
func clock(v any) (string, error) {
	t, err := moment(v)
	if err != nil || t.IsZero() {
		return "", err
	}
	return t.UTC().Format("15:04") + " UTC", nil
}

// moment reads what days and times come as: text like "2026-11-21" or RFC
// 3339, a time, or a pointer to one. No pointer and no text are the zero time.
func moment(v any) (time.Time, error) {
	switch v := v.(type) {
	case time.Time:
		return v, nil
	case *time.Time:
		if v == nil {
			return time.Time{}, nil
		}
		return *v, nil
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.String {
		return time.Time{}, fmt.Errorf("%T is not a day", v)
	}
	text := r.String()
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, text)
}
