package did_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"hallmark/verifier/did"
)

func TestDateTimeStamp(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-21T00:00:00Z":            "2026-11-21T00:00:00Z",
		"2026-11-21T00:00:00.5Z":          "2026-11-21T00:00:00.5Z",
		"2026-11-21T00:00:00.1234567891Z": "2026-11-21T00:00:00.123456789Z",
		"2026-11-21T09:00:00+09:30":       "2026-11-20T23:30:00Z",
		"2026-11-21T09:00:00-14:00":       "2026-11-21T23:00:00Z",
		"2024-02-29T24:00:00Z":            "2024-03-01T00:00:00Z",
		"0001-01-01T00:00:00Z":            "0001-01-01T00:00:00Z",
		"2026-11-21T00:00:00":             "",
		"2026-11-21":                      "",
		"2026-11-21t00:00:00z":            "",
		"2026-11-21T00:00:00z":            "",
		"2026-11-21 00:00:00Z":            "",
		"2026-02-30T00:00:00Z":            "",
		"2026-13-01T00:00:00Z":            "",
		"2026-00-01T00:00:00Z":            "",
		"2026-11-00T00:00:00Z":            "",
		"2026-11-21T24:00:01Z":            "",
		"2026-11-21T25:00:00Z":            "",
		"2026-11-21T00:60:00Z":            "",
		"2026-12-31T23:59:60Z":            "",
		"2026-11-21T00:00:00.Z":           "",
		"2026-11-21T00:00:00+1400":        "",
		"2026-11-21T00:00:00+14:01":       "",
		"2026-11-21T00:00:00+00:60":       "",
		"2026-11-21T00:00:00Z ":           "",
		"+026-11-21T00:00:00Z":            "",
		"02026-11-21T00:00:00Z":           "",
		"":                                "",
	} {
		at, err := did.ParseDateTimeStamp(text)
		if got := at.Format(time.RFC3339Nano); err == nil && got != want || err != nil && want != "" {
			t.Errorf("%q is %s, %v; want %q", text, got, err, want)
		}
	}
	if at, zoned, err := did.ParseDateTime("2026-11-21T01:02:03"); err != nil || zoned || !at.Equal(time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC)) {
		t.Errorf("a time without zone is %v, %v, %v", at, zoned, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos"))
		at = at.In(time.FixedZone("", 60*rapid.IntRange(-840, 840).Draw(t, "zone")))
		if at.Year() < 1 || at.Year() > 9999 {
			return
		}
		got, err := did.ParseDateTimeStamp(at.Format(time.RFC3339Nano))
		if err != nil || !got.Equal(at) {
			t.Fatalf("%v became %v, %v", at, got, err)
		}
	})
}
