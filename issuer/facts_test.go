package issuer

import (
	"errors"
	"testing"
	"time"
)

func TestCompletionDay(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 16, 0, 0, 0, time.UTC) // the 22nd in Tokyo
	tests := []struct {
		in   string
		want Day
	}{
		{"", "2026-11-22"},
		{"2026-11-22", "2026-11-22"},
		{"2026-11-21T14:59:59Z", "2026-11-21"},
		{"2026-11-21T15:00:00Z", "2026-11-22"},
		{"2026-11-21T23:00:00+09:00", "2026-11-21"},
		{"2024-02-29", "2024-02-29"},
		{"2026-11-23", ""},
		{"2026-02-29", ""},
		{"2026-11-21 09:30", ""},
		{"1969-12-31", ""},
		{"21.11.2026", ""},
		{"0000-00-00", ""},
	}
	for _, test := range tests {
		got, err := CompletionDay(test.in, tokyo, now)
		if (err != nil) != (test.want == "") || err == nil && got != test.want || err != nil && !errors.Is(err, Invalid) {
			t.Errorf("%q: %q %v, want %q", test.in, got, err, test.want)
		}
	}
}

func TestCleanScore(t *testing.T) {
	tests := []struct{ in, unit, want string }{
		{"", "", ""}, {"92", "percent", "92"}, {"92", "", "92"}, {"092.00", "percent", "92"}, {"79.9", "percent", "79.9"}, {"0", "", "0"}, {"00", "", "0"}, {"100.0", "", "100"},
		{"100.1", "", "!"}, {"-1", "", "!"}, {"1e2", "", "!"}, {"NaN", "", "!"}, {".5", "", "!"}, {"5.", "", "!"}, {"9", "points", "!"}, {"12345678", "", "!"}, {"٩", "", "!"},
	}
	for _, test := range tests {
		got, unit, err := CleanScore(test.in, test.unit)
		if (err != nil) != (test.want == "!") || err == nil && (got != test.want || (unit == "percent") != (got != "")) {
			t.Errorf("%q %q: %q %q %v", test.in, test.unit, got, unit, err)
		}
	}
}

func TestPasses(t *testing.T) {
	eighty := 80
	tests := []struct {
		pass  *int
		score string
		want  bool
	}{{nil, "", true}, {nil, "3", true}, {&eighty, "80", true}, {&eighty, "79.9", false}, {&eighty, "", false}, {&eighty, "100", true}}
	for _, test := range tests {
		if got := (&Module{Pass: test.pass}).Passes(test.score); got != test.want {
			t.Errorf("%v %q: %v", test.pass, test.score, got)
		}
	}
}

func TestUntil(t *testing.T) {
	tests := []struct {
		months int
		on     Day
		want   string
	}{
		{24, "2026-10-05", "2028-10-05T23:59:59Z"},
		{1, "2026-01-31", "2026-02-28T23:59:59Z"},
		{12, "2024-02-29", "2025-02-28T23:59:59Z"},
		{48, "2024-02-29", "2028-02-29T23:59:59Z"},
		{3, "2026-11-30", "2027-02-28T23:59:59Z"},
	}
	for _, test := range tests {
		if got := (&AchievementVersion{ValidMonths: test.months}).Until(test.on).Format(time.RFC3339); got != test.want {
			t.Errorf("%d months from %s: %s", test.months, test.on, got)
		}
	}
	if (&AchievementVersion{}).Until("2026-01-01") != nil {
		t.Error("no term has an end")
	}
}

func TestOutside(t *testing.T) {
	c := &Cohort{StartsOn: "2026-09-07", EndsOn: "2026-12-04"}
	for day, outside := range map[Day]bool{"2026-09-06": true, "2026-09-07": false, "2026-12-04": false, "2026-12-05": true} {
		if (c.Outside(day) != "") != outside {
			t.Errorf("%s: %q", day, c.Outside(day))
		}
	}
}

func TestCheckLink(t *testing.T) {
	for _, good := range []string{"https://apps.example.org/x?y=1#z", "http://intra.example.org:8080/", "https://例え.jp/"} {
		if err := CheckLink(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "javascript:alert(1)", "data:text/html,x", "/path", "//host/x", "https://", "https://u:p@example.org/", "https://a b/", "file:///etc/passwd", "https://example.org/\u202e", "https://example.org/\n", "https://example.org/\"><script>"} {
		if err := CheckLink(bad); !errors.Is(err, Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
