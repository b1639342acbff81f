package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"hallmark/issuer"
)

// Order is the order of day and month in dates of numbers.
type Order string

// The orders; the empty one asks the file itself.
const (
	OrderUnknown Order = ""
	DayFirst     Order = "dmy"
	MonthFirst   Order = "mdy"
)

var (
	isoDate     = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$`)
	numberDate  = regexp.MustCompile(`^(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:[, ].*)?$`)
	dayMonth    = regexp.MustCompile(`^(?:\p{L}+, )?(\d{1,2})\.? (\p{L}{3,9})\.?,? (\d{4})(?:[, ].*)?$`)
	monthDay    = regexp.MustCompile(`^(?:\p{L}+, )?(\p{L}{3,9})\.? (\d{1,2}),? (\d{4})(?:[, ].*)?$`)
	monthByName = map[string]int{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
)

// dateOrder tells from all dates of a column whether the day or the month
// comes first. One that could be either is refused, not guessed: 03.04. is
// two different days to two readers.
func dateOrder(values []string) (Order, error) {
	dayFirst, monthFirst, open := false, false, false
	for _, v := range values {
		m := numberDate.FindStringSubmatch(strings.TrimSpace(v))
		if m == nil {
			continue
		}
		a, b := number(m[1]), number(m[3])
		switch {
		case a > 12 && b <= 12:
			dayFirst = true
		case b > 12 && a <= 12:
			monthFirst = true
		case a != b:
			open = true
		}
	}
	switch {
	case dayFirst && monthFirst:
		return OrderUnknown, issuer.Wrong("date", "Some dates of this file put the day first and some the month; export it again with one order.")
	case dayFirst:
		return DayFirst, nil
	case monthFirst:
		return MonthFirst, nil
	case open:
		return OrderUnknown, issuer.Wrong("date", "It cannot be told whether the day or the month comes first; say which (on the command line with --date-order dmy or mdy).")
	}
	return DayFirst, nil // every date reads the same either way
}

// parseDate reads a day, with or without a time behind it.
func parseDate(s string, order Order) (issuer.Day, error) {
	s = strings.TrimSpace(s)
	bad := issuer.Wrong("completedOn", "“%s” is not a day of the calendar.", s)
	if s == "" {
		return "", issuer.Wrong("completedOn", "The day of completion is missing.")
	}
	var y, m, d int
	if p := isoDate.FindStringSubmatch(s); p != nil {
		y, m, d = number(p[1]), number(p[2]), number(p[3])
	} else if p := numberDate.FindStringSubmatch(s); p != nil {
		d, m, y = number(p[1]), number(p[3]), number(p[4])
		if order == MonthFirst {
			d, m = m, d
		}
	} else if p := dayMonth.FindStringSubmatch(s); p != nil {
		d, m, y = number(p[1]), monthNumber(p[2]), number(p[3])
	} else if p := monthDay.FindStringSubmatch(s); p != nil {
		m, d, y = monthNumber(p[1]), number(p[2]), number(p[3])
	} else {
		return "", bad
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return "", bad
	}
	return issuer.Day(t.Format(time.DateOnly)), nil
}

func monthNumber(name string) int {
	lower := strings.ToLower(name)
	n := monthByName[lower[:min(3, len(lower))]]
	if n == 0 || !strings.HasPrefix(strings.ToLower(time.Month(n).String()), lower) && lower != "sept" {
		return 0
	}
	return n
}

// number reads digits that a pattern has already matched.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

var gradePattern = regexp.MustCompile(`^(\d{1,3})(?:[.,](\d{1,4}))?\s*(%|percent)?$`)

// parseGrade reads "92%", "79.9 %", "79,9" or "" as per cent.
func parseGrade(s string) (score, unit string, err error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\u00a0", " "))
	if s == "" || s == "-" {
		return "", "", nil
	}
	p := gradePattern.FindStringSubmatch(s)
	if p == nil {
		return "", "", issuer.Wrong("score", "“%s” is not a grade in per cent.", s)
	}
	score = strconv.Itoa(number(p[1]))
	if fraction := strings.TrimRight(p[2], "0"); fraction != "" {
		score += "." + fraction
	}
	if v, err := strconv.ParseFloat(score, 64); err != nil || v > 100 {
		return "", "", issuer.Wrong("score", "“%s” is more than 100 per cent.", s)
	}
	return score, "percent", nil
}
