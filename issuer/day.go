package issuer

import (
	"fmt"
	"time"
)

// Day is a calendar day, "2026-11-21", in no zone. Days are stored as days:
// a day never moves because someone reads it in another zone.
type Day string

// DayOf is the day that at falls on in a zone.
func DayOf(at time.Time, zone *time.Location) Day { return Day(at.In(zone).Format(time.DateOnly)) }

// ParseDay reads "2026-11-21" and refuses days that no calendar has.
func ParseDay(s string) (Day, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", Wrong("", "“%s” is not a day; write it as 2026-11-21.", s)
	}
	return Day(s), nil
}

// Time is the first second of the day in UTC.
func (d Day) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		panic(fmt.Sprintf("issuer: day %q was never checked", string(d)))
	}
	return t
}

// AddMonths counts months on, clamped to the last day of the month reached:
// one month after 31 January is 28 or 29 February.
func (d Day) AddMonths(n int) Day {
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Day(time.Date(first.Year(), first.Month(), min(t.Day(), last), 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// Before tells whether d comes before other.
func (d Day) Before(other Day) bool { return d < other }
