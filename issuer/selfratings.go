package issuer

import (
	"strconv"
	"time"
)

// SelfRating is how a learner rates themselves in a skill of their program when
// they begin in a cohort, or at its end: their baseline, and how far they came.
type SelfRating struct {
	CohortID CohortID
	PersonID PersonID
	SkillID  SkillID
	Moment   Occasion
	IssuerID IssuerID
	Question string // that was asked; "": by the name of the skill
	Rating   int    // 1 to 5
	At       time.Time
}

// Occasion is when someone rates themselves.
type Occasion string

// The occasions.
const (
	AtStart Occasion = "start"
	AtEnd   Occasion = "end"
)

// MaxRating is the highest rating; the lowest is 1.
const MaxRating = 5

// EndDays is how many days before the end of a cohort its learners are asked
// again.
const EndDays = 14

// RatingAsked tells which rating a cohort asks a learner for on a day: one that
// they have given already is not asked for; "" asks for none. At the end both
// are given by who missed the first, so that nobody is asked twice at once.
func (c *Cohort) RatingAsked(today Day, given map[Occasion]bool) Occasion {
	closing := DayOf(c.EndsOn.Time().AddDate(0, 0, -EndDays), time.UTC)
	switch {
	case c.ArchivedAt != nil:
		return ""
	case !today.Before(closing) && !given[AtEnd]:
		return AtEnd
	case today.Before(closing) && !given[AtStart]:
		return AtStart
	}
	return ""
}

// SumFrom is how many people a sum must be of to be shown: fewer could be told
// apart.
const SumFrom = 5

// Mean is the mean of ratings with one decimal, "3.4"; "" of fewer than SumFrom.
func Mean(ratings []int) string {
	if len(ratings) < SumFrom {
		return ""
	}
	sum := 0
	for _, r := range ratings {
		sum += r
	}
	return strconv.FormatFloat(float64(sum)/float64(len(ratings)), 'f', 1, 64)
}
