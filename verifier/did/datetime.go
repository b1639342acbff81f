package did

import (
	"errors"
	"time"
)

var errDateTime = errors.New("this is not a date and time with a zone, like 2026-11-21T09:00:00Z")

// ParseDateTimeStamp reads an xsd:dateTimeStamp (XML Schema 1.1 Part 2
// §3.4.28), the one form of time in credentials, proofs and documents of keys:
// years of four digits, a zone always, fractions allowed, 24:00:00 as the end
// of a day, no leap seconds.
func ParseDateTimeStamp(text string) (time.Time, error) {
	at, zoned, err := ParseDateTime(text)
	if err == nil && !zoned {
		return time.Time{}, errDateTime
	}
	return at, err
}

// ParseDateTime is ParseDateTimeStamp for text that may lack its zone; UTC is
// then assumed, and zoned is false.
func ParseDateTime(text string) (at time.Time, zoned bool, err error) {
	if len(text) < len("2006-01-02T15:04:05") || len(text) > 64 ||
		text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' {
		return at, false, errDateTime
	}
	year, month, day := number(text[:4]), number(text[5:7]), number(text[8:10])
	hour, minute, second := number(text[11:13]), number(text[14:16]), number(text[17:19])
	nanos, rest, ok := fraction(text[19:])
	offset, zoned, zoneOK := zone(rest)
	if !ok || !zoneOK || year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return at, false, errDateTime
	}
	if hour > 23 && (hour != 24 || minute != 0 || second != 0 || nanos != 0) {
		return at, false, errDateTime
	}
	at = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if at.Day() != day {
		return time.Time{}, false, errDateTime // 30 February
	}
	return at.Add(time.Duration(hour)*time.Hour + time.Duration(minute-offset)*time.Minute + time.Duration(second)*time.Second + time.Duration(nanos)), zoned, nil
}

// number reads decimal digits; -1 when there is anything else.
func number(digits string) int {
	n := 0
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// fraction reads an optional fraction of a second; digits beyond the nanosecond
// are dropped.
func fraction(text string) (nanos int, rest string, ok bool) {
	if text == "" || text[0] != '.' {
		return 0, text, true
	}
	i := 1
	for scale := 100_000_000; i < len(text) && text[i] >= '0' && text[i] <= '9'; i++ {
		nanos += int(text[i]-'0') * scale
		scale /= 10
	}
	return nanos, text[i:], i > 1
}

// zone reads Z, ±hh:mm or nothing, as minutes east of UTC.
func zone(text string) (offset int, zoned, ok bool) {
	switch {
	case text == "":
		return 0, false, true
	case text == "Z":
		return 0, true, true
	case len(text) == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':':
		hours, minutes := number(text[1:3]), number(text[4:6])
		offset = hours*60 + minutes
		if hours < 0 || minutes < 0 || minutes > 59 || offset > 14*60 {
			return 0, false, false
		}
		if text[0] == '-' {
			offset = -offset
		}
		return offset, true, true
	}
	return 0, false, false
}
