package issuer

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// ValueSum is what approved capstones say they are worth by one measure, in one
// unit, over one period: only such claims are of one kind and add up.
type ValueSum struct {
	Measure   string    `json:"measure"`
	Unit      string    `json:"unit,omitempty"`
	Period    string    `json:"period,omitempty"`
	Confirmed ValuePart `json:"confirmed"` // claims that someone outside the team stands behind
	Stated    ValuePart `json:"stated"`    // all others
}

// ValuePart is some of the claims of one kind. Change is the sum of what is
// after less what was before, of the Numbers claims that give both as numbers;
// "" if there are none.
type ValuePart struct {
	Claims  int    `json:"claims"`
	Numbers int    `json:"numbers"`
	Change  string `json:"change,omitempty"`
}

// Adds tells whether changes of this kind can be added up: shares of different
// wholes cannot.
func (v *ValueSum) Adds() bool {
	switch strings.ToLower(v.Unit) {
	case "%", "percent", "per cent", "‰":
		return false
	}
	return !strings.Contains(v.Measure, "%")
}

// ValueOf sums up claims; confirmed tells of each whether someone stands behind
// it. What claims no measure is worth nothing that could be told.
func ValueOf(claims []Impact, confirmed func(n int) bool) []ValueSum {
	var all []ValueSum
	for n, claim := range claims {
		if !claim.Claims() {
			continue
		}
		v := ValueSum{Measure: tidy(claim.Measure), Unit: tidy(claim.Unit), Period: tidy(claim.Period)}
		part := ValuePart{Claims: 1}
		before, isBefore := decimalOf(claim.Before)
		after, isAfter := decimalOf(claim.After)
		if isBefore && isAfter && v.Adds() {
			part.Numbers, part.Change = 1, plain(after.Sub(after, before))
		}
		if confirmed(n) {
			v.Confirmed = part
		} else {
			v.Stated = part
		}
		all = append(all, v)
	}
	return addValue(all)
}

// addValue adds sums of the same kind, however their words are capitalised, and
// puts the measure that most claim first.
func addValue(lists ...[]ValueSum) []ValueSum {
	at := map[[3]string]int{}
	var out []ValueSum
	for _, v := range slices.Concat(lists...) {
		kind := [3]string{strings.ToLower(v.Measure), strings.ToLower(v.Unit), strings.ToLower(v.Period)}
		n, ok := at[kind]
		if !ok {
			at[kind] = len(out)
			out = append(out, v)
			continue
		}
		out[n].Confirmed, out[n].Stated = out[n].Confirmed.plus(v.Confirmed), out[n].Stated.plus(v.Stated)
	}
	slices.SortStableFunc(out, func(a, b ValueSum) int {
		return cmp.Or(b.Confirmed.Claims+b.Stated.Claims-a.Confirmed.Claims-a.Stated.Claims,
			strings.Compare(a.Measure, b.Measure), strings.Compare(a.Unit, b.Unit), strings.Compare(a.Period, b.Period))
	})
	return out
}

func (p ValuePart) plus(o ValuePart) ValuePart {
	sum := ValuePart{Claims: p.Claims + o.Claims, Numbers: p.Numbers + o.Numbers, Change: p.Change}
	if sum.Change == "" {
		sum.Change = o.Change
	} else if o.Change != "" {
		a, _ := decimalOf(p.Change)
		b, _ := decimalOf(o.Change)
		sum.Change = plain(a.Add(a, b))
	}
	return sum
}

// tidy makes the spaces of a text single.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

var number = regexp.MustCompile(`^[-+−]?[0-9]{1,15}(\.[0-9]{1,6})?$`)

// decimalOf reads a number as people claim it: "12", "-3.5". A comma could part
// thousands or decimals, so that what has one is no number here.
func decimalOf(s string) (*big.Rat, bool) {
	s = strings.TrimSpace(s)
	if !number.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(strings.Replace(s, "−", "-", 1))
}

// plain writes a number without zeros at its end.
func plain(r *big.Rat) string {
	s := r.FloatString(6)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
