package issuer

import (
	"cmp"
	"slices"
	"time"
)

// MergeInto empties the row of a person who was known here twice, as Erase does,
// and names the person who they are.
func (p *Person) MergeInto(kept PersonID, at time.Time) {
	p.Erase(at)
	p.MergedInto = kept
}

// Stricter is what two answers of one human about their name come to: a no
// stands, and an answer counts more than none.
func Stricter(a, b Consent) Consent {
	switch {
	case a == ConsentRefused || b == ConsentRefused:
		return ConsentRefused
	case a == ConsentGiven || b == ConsentGiven:
		return ConsentGiven
	}
	return ConsentUnasked
}

// HeldTwice are two live awards of one achievement.
type HeldTwice struct{ Stays, Ends Award }

// Twice finds what two persons hold both of them, by when it was awarded: the
// earlier award stays.
func Twice(a, b []Award) []HeldTwice {
	var twice []HeldTwice
	for _, mine := range a {
		for _, theirs := range b {
			if mine.AchievementID != theirs.AchievementID || !mine.Live() || !theirs.Live() {
				continue
			}
			pair := []Award{mine, theirs}
			slices.SortFunc(pair, func(x, y Award) int { return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.ID, y.ID)) })
			twice = append(twice, HeldTwice{pair[0], pair[1]})
		}
	}
	return twice
}

// SameFact tells whether two completions say the same of whoever they are of.
func (c *Completion) SameFact(o *Completion) bool {
	return c.ModuleID == o.ModuleID && c.CompletedOn == o.CompletedOn && c.Score == o.Score && c.Unit == o.Unit
}

// Before tells which of two completions of one fact stays when they become one:
// the one that stands, else the one that was recorded first.
func (c *Completion) Before(o *Completion) bool {
	if (c.WithdrawnAt == nil) != (o.WithdrawnAt == nil) {
		return c.WithdrawnAt == nil
	}
	return cmp.Or(c.RecordedAt.Compare(o.RecordedAt), cmp.Compare(c.ID, o.ID)) < 0
}
