package issuer

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// CompletionDay reads when something was completed: a day, an RFC 3339
// instant, whose day is the one it falls on in zone, or "" for today there. A
// day that has not begun in zone is refused.
func CompletionDay(s string, zone *time.Location, now time.Time) (Day, error) {
	today := DayOf(now, zone)
	if s == "" {
		return today, nil
	}
	day, err := ParseDay(s)
	if err != nil {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return "", Wrong("completedAt", "“%s” is not a day or a time; write it as 2026-11-21 or 2026-11-21T09:30:00Z.", shorten(s))
		}
		day = DayOf(at, zone)
	}
	return day, day.Past(today)
}

// Past refuses a day that is later than today, or so early that it must be a
// slip of the pen.
func (d Day) Past(today Day) error {
	switch {
	case today.Before(d):
		return Wrong("completedAt", "%s is in the future.", d)
	case d.Before("1970-01-01"):
		return Wrong("completedAt", "%s is too long ago.", d)
	}
	return nil
}

// Outside says that a day lies outside the cohort's dates, "" if it does not.
// That is no reason to refuse a fact.
func (c *Cohort) Outside(d Day) string {
	if d.Before(c.StartsOn) || c.EndsOn.Before(d) {
		return "The day " + string(d) + " is outside the dates of the cohort, " + string(c.StartsOn) + " to " + string(c.EndsOn) + "."
	}
	return ""
}

var decimal = regexp.MustCompile(`^[0-9]{1,7}(\.[0-9]{1,6})?$`)

// CleanScore brings a score into the one form in which it is kept, so that
// the same fact is the same row: "92.0" is "92". A score is in per cent.
func CleanScore(score, unit string) (string, string, error) {
	score, unit = strings.TrimSpace(score), strings.TrimSpace(unit)
	if score == "" {
		return "", "", nil
	}
	if unit != "" && unit != "percent" {
		return "", "", Wrong("score.unit", "A score is given in “percent”.")
	}
	if !decimal.MatchString(score) {
		return "", "", Wrong("score.value", "“%s” is not a score; write it as 92 or 79.9.", shorten(score))
	}
	whole, fraction, _ := strings.Cut(score, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		whole += "." + fraction
	}
	if f, err := strconv.ParseFloat(whole, 64); err != nil || f > 100 {
		return "", "", Wrong("score.value", "A score in per cent is at most 100.")
	}
	return whole, "percent", nil
}
