package templates

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T, c Config) *Set {
	t.Helper()
	set, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func english(t *testing.T, day string) *words {
	t.Helper()
	text, err := readCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	r := regions[0]
	r.day = day
	return &words{region: r, text: text}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 21, 23, 59, 0, 0, time.UTC)
	var none *time.Time
	type day string
	for _, test := range []struct {
		in   any
		want string
	}{
		{"2026-11-21", "21 November 2026"}, {day("2026-02-01"), "1 February 2026"}, {at, "21 November 2026"}, {&at, "21 November 2026"},
		{"2026-11-21T23:59:00Z", "21 November 2026"}, {none, ""}, {"", ""}, {time.Time{}, ""},
	} {
		if got, err := english(t, "2 January 2006").date(test.in); err != nil || got != test.want {
			t.Errorf("date(%v) = %q, %v, want %q", test.in, got, err, test.want)
		}
	}
	if got, _ := english(t, "January 2, 2006").date("2026-11-21"); got != "November 21, 2026" {
		t.Errorf("an American reads %q", got)
	}
	if got := english(t, "2 January 2006").worded("Good from 2026-11-21 to 2026-13-45, no 12026-11-21."); got != "Good from 21 November 2026 to 2026-13-45, no 12026-11-21." {
		t.Errorf("worded: %q", got)
	}
	if _, err := english(t, "").date("yesterday"); err == nil {
		t.Error("a day that is none was shown")
	}
	if _, err := english(t, "").date(7); err == nil {
		t.Error("a number was shown as a day")
	}
	if got, _ := english(t, "2 January 2006").dayElement("2026-11-21"); got != `<time datetime="2026-11-21">21 November 2026</time>` {
		t.Errorf("element %s", got)
	}
}

func TestAgoAndWaiting(t *testing.T) {
	w, now := english(t, "2 January 2006"), time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		before       time.Duration
		ago, waiting string
	}{
		{-time.Minute, "just now", "for less than an hour"}, {0, "just now", "for less than an hour"}, {time.Minute, "1 minute ago", "for less than an hour"},
		{59 * time.Minute, "59 minutes ago", "for less than an hour"}, {time.Hour, "1 hour ago", "for 1 hour"}, {23 * time.Hour, "23 hours ago", "for 23 hours"},
		{24 * time.Hour, "yesterday", "for 1 day"}, {72 * time.Hour, "3 days ago", "for 3 days"}, {31 * 24 * time.Hour, "21 October 2026", "for 31 days"},
		{1500 * 24 * time.Hour, "13 October 2022", "for 1,500 days"},
	} {
		at := now.Add(-test.before)
		ago, err := w.ago(now, at)
		if err != nil || !strings.HasSuffix(string(ago), ">"+test.ago+"</time>") {
			t.Errorf("%v: ago %q, %v, want %q", test.before, ago, err, test.ago)
		}
		waiting, err := w.waiting(now, &at)
		if err != nil || !strings.HasSuffix(string(waiting), ">"+test.waiting+"</time>") {
			t.Errorf("%v: waiting %q, %v, want %q", test.before, waiting, err, test.waiting)
		}
	}
}

func TestTexts(t *testing.T) {
	w := &words{region: regions[0], text: catalogue{"a": "Tom & {who}, {n} times", "c.one": "{n} badge", "c.other": "{n} badges", "g.x": "word", "list.and": " and ", "list.comma": ", "}}
	if got, err := w.plain("a", "who", "<b>", "n", 12345); err != nil || got != "Tom & <b>, 12,345 times" {
		t.Errorf("plain: %q %v", got, err)
	}
	if got, err := w.say("a", "who", "<b>", "n", 2); err != nil || got != "Tom &amp; <bdi>&lt;b&gt;</bdi>, 2 times" {
		t.Errorf("say: %q %v", got, err)
	}
	for n, want := range map[int]string{0: "0 badges", 1: "1 badge", 2: "2 badges", 1234567: "1,234,567 badges", -1234: "-1,234 badges"} {
		if got, err := w.count("c", n); err != nil || got != want {
			t.Errorf("count %d: %q %v", n, got, err)
		}
	}
	for _, key := range []string{"none", "a"} {
		if _, err := w.plain(key); err == nil {
			t.Errorf("text %q without what it needs was shown", key)
		}
	}
	if w.word("g", "x") != "word" || w.word("g", "y") != "y" || w.has("g", "y") {
		t.Error("words of a group")
	}
	if got := w.names([]string{"A", "B", "C"}); got != "A, B and C" {
		t.Errorf("names: %q", got)
	}
}

func TestMarkdownIsHarmless(t *testing.T) {
	got, err := markdown("Read [this](javascript:alert(1)) and [that](https://example.org/x).\n\n<script>alert(1)</script> ![p](https://example.org/p.png)\n\n# Loud\n\n- *one*")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"javascript", "<script", "<img", "<h1"} {
		if strings.Contains(string(got), bad) {
			t.Errorf("%s in %s", bad, got)
		}
	}
	for _, good := range []string{`href="https://example.org/x"`, "nofollow", "<em>one</em>", "<li>"} {
		if !strings.Contains(string(got), good) {
			t.Errorf("no %s in %s", good, got)
		}
	}
}

func TestRenderIsWholeOrNothing(t *testing.T) {
	set := open(t, Config{})
	var b bytes.Buffer
	if err := set.Render(&b, "page/home", struct{}{}); err == nil || b.Len() != 0 {
		t.Errorf("a page without its data: %v and %d bytes", err, b.Len())
	}
	if err := set.Render(&b, "page/none", nil); err == nil || b.Len() != 0 {
		t.Errorf("a page that is none: %v and %d bytes", err, b.Len())
	}
}

func TestBasePathAndLanguage(t *testing.T) {
	set := open(t, Config{BasePath: "/marks/"})
	var b bytes.Buffer
	if err := set.Render(&b, "page/front", View{Frame: Frame{Lang: Accepted("xx, en;q=0.5, en-US;q=0.8")}}); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{`<html lang="en-US"`, `href="/marks/verify"`, `action="/marks/verify"`, `href="/marks/static/` + set.digest + `/hallmark.css"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, bad := range []string{`href="/verify"`, `href="/static`, `action="/v`} {
		if strings.Contains(page, bad) {
			t.Errorf("%s forgets the base path", bad)
		}
	}
}

func TestAssets(t *testing.T) {
	set := open(t, Config{})
	body, media, current, ok := set.Asset("/static/" + set.digest + "/hallmark.css")
	if !ok || !current || media != "text/css; charset=utf-8" || len(body) == 0 {
		t.Errorf("style sheet: %v %v %s", ok, current, media)
	}
	if _, media, current, ok = set.Asset("/static/0123/serif-latin.woff2"); !ok || current || media != "font/woff2" {
		t.Errorf("an old address: %v %v %s", ok, current, media)
	}
	for _, path := range []string{"/static/x/none.css", "/static/x/../doc.go", "/static/hallmark.css", "/static/x/y/hallmark.css", "/static/x/", "/static/x/..%2fpage%2fhome.tmpl", "/other"} {
		if _, _, _, ok := set.Asset(path); ok {
			t.Errorf("%s was served", path)
		}
	}
}

// TestKinds: a kind of evidence has its words; one that a program named itself
// reads as words too.
func TestKinds(t *testing.T) {
	w := &words{text: catalogue{"evidence.kind.user-feedback": "What users say"}}
	got := w.kinds([]string{"user-feedback", "test_report", "öffentliche-demo", ""})
	if want := []string{"What users say", "Test report", "Öffentliche demo", ""}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
