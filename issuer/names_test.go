package issuer

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCleanName(t *testing.T) {
	tests := []struct {
		name, in, want string
		warnings       int
		refused        bool
	}{
		{"as it is", "Mónica Kowalski", "Mónica Kowalski", 0, false},
		{"composed", "Jo\u0308rg", "Jörg", 0, false},
		{"blanks", "  Anne\t Marie ", "Anne Marie", 0, false},
		{"zero-width space", "Zero\u200bWidth", "ZeroWidth", 1, false},
		{"what was dropped kept letters apart", "N\u200b\u0301", "\u0143", 1, false},
		{"byte order mark", "\ufeffBom", "Bom", 1, false},
		{"joiners stay", "می\u200cخواهم क\u200dष", "می\u200cخواهم क\u200dष", 0, false},
		{"line break", "Quote \"the\" Name\nwith a line break", "Quote \"the\" Name with a line break", 1, false},
		{"carriage return", "A\r\nB", "A B", 1, false},
		{"formula stays text", `=HYPERLINK("http://evil.example","x")`, `=HYPERLINK("http://evil.example","x")`, 0, false},
		{"override", "\u202eRight", "", 0, true},
		{"isolate", "a\u2066b", "", 0, true},
		{"mark", "a\u200eb", "", 0, true},
		{"Arabic mark", "a\u061cb", "", 0, true},
		{"control", "a\x07b", "", 0, true},
		{"null", "a\x00b", "", 0, true},
		{"not UTF-8", "a\xffb", "", 0, true},
		{"none", "", "", 0, true},
		{"nothing to see", " \u200b\u200d ", "", 0, true},
		{"soft hyphens", "\u00ad\u00ad", "", 0, true},
		{"fillers", "\u3164\u2800\ufe0f", "", 0, true},
		{"as long as may be", strings.Repeat("ä", MaxName), strings.Repeat("ä", MaxName), 0, false},
		{"too long", strings.Repeat("ä", MaxName+1), "", 0, true},
	}
	for _, test := range tests {
		got, warnings, err := CleanName(test.in)
		if got != test.want || len(warnings) != test.warnings || (err != nil) != test.refused || err != nil && !errors.Is(err, Invalid) {
			t.Errorf("%s: %q %v %v", test.name, got, warnings, err)
		}
	}
}

// TestCleanNameTwice: what was cleaned once is clean.
func TestCleanNameTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once, _, err := CleanName(rapid.String().Draw(t, "name"))
		if err != nil {
			return
		}
		twice, warnings, err := CleanName(once)
		if err != nil || twice != once || len(warnings) > 0 {
			t.Fatalf("%q became %q: %v %v", once, twice, warnings, err)
		}
	})
}

func TestNormalEmail(t *testing.T) {
	tests := []struct {
		in, want string
		warnings int
		refused  bool
	}{
		{"a@example.org", "a@example.org", 0, false},
		{"MEMBER012@Example.ORG", "member012@example.org", 1, false},
		{"  member130@example.org ", "member130@example.org", 1, false},
		{" A@b.org", "a@b.org", 2, false},
		{"a+b.c@sub.example.org", "a+b.c@sub.example.org", 0, false},
		{"not-an-address", "", 0, true},
		{"", "", 0, true},
		{"A <a@example.org>", "", 0, true},
		{"a@example.org, b@example.org", "", 0, true},
		{`"a b"@example.org`, "", 0, true},
		{"a@[127.0.0.1]", "", 0, true},
		{"a@example.org\r\nBcc: b@example.org", "", 0, true},
		{"a\u202e@example.org", "", 0, true},
		{"a\u200b@example.org", "", 0, true},
		{"a@" + strings.Repeat("x", 260) + ".org", "", 0, true},
	}
	for _, test := range tests {
		got, warnings, err := NormalEmail(test.in)
		if got != test.want || len(warnings) != test.warnings || (err != nil) != test.refused {
			t.Errorf("%q: %q %v %v", test.in, got, warnings, err)
		}
	}
}

func TestCleanText(t *testing.T) {
	if got, err := CleanText("summary", " a\r\nb\tc ", 10); err != nil || got != "a\nb\tc" {
		t.Errorf("%q %v", got, err)
	}
	for _, nothing := range []string{"", " \n ", "\u200b", "\u2060 \u00ad", "\u3164\ufe0f", "\u2800"} {
		if got, err := CleanText("note", nothing, 10); err != nil || got != "" {
			t.Errorf("%q shows nothing and became %q %v", nothing, got, err)
		}
	}
	for _, some := range []string{"é", "\u0301", "😀", "می\u200cخواهم", "。", "-"} {
		if got, err := CleanText("note", some, 10); err != nil || got != some {
			t.Errorf("%q became %q %v", some, got, err)
		}
	}
	for _, bad := range []string{"a\x00", "a\u202e", "\xff", "12345678901"} {
		if _, err := CleanText("summary", bad, 10); !errors.Is(err, Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
