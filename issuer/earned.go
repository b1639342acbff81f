package issuer

import (
	"slices"
	"sort"
	"time"
)

// Offer is an achievement of a program as it can be earned now.
type Offer struct {
	Achievement
	Current AchievementVersion
}

// News is the one new fact about a person that an act records. Exactly one
// of its members is set, but that Merged goes with Reviews.
type News struct {
	Module   string         // code of a module that was passed
	Capstone string         // code of a brief whose capstone was approved
	Explicit string         // code of an achievement that an admin awards
	Reviews  map[string]int // by code of achievement: capstones of others reviewed since it was last held

	Merged map[string]bool // codes of achievements that came with another account of theirs
}

// Earned says which offers the news brings about, in the order in which they
// are to be awarded: what the news earns by itself, then what stacks on it,
// stage by stage. held has the codes of the achievements that the person
// holds; what they hold they do not earn again, but for those that are due,
// which the same rules renew. Only the news earns: an achievement that was
// revoked does not come back because of something else. What is held and met
// anew without being due renews what stands on it. What was retired is neither
// earned nor renewed, but counts where it is held.
func Earned(offers []Offer, held, due map[string]bool, news News) []Offer {
	sorted := append([]Offer{}, offers...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Position < sorted[j].Position })
	have, fresh, anew := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, o := range sorted {
		have[o.Code] = held[o.Code]
		fresh[o.Code] = held[o.Code] && news.Merged[o.Code]
		anew[o.Code] = held[o.Code] && o.Current.Rule.Meets(o.Code, news)
	}
	var earned []Offer
	take := func(earns, renews func(Offer) bool) bool {
		var stage []Offer
		for _, o := range sorted {
			if o.RetiredAt != nil {
				continue
			}
			if !have[o.Code] && earns(o) || held[o.Code] && due[o.Code] && !fresh[o.Code] && renews(o) {
				stage = append(stage, o)
			}
		}
		for _, o := range stage {
			have[o.Code], fresh[o.Code], anew[o.Code] = true, true, true
		}
		earned = append(earned, stage...)
		return len(stage) > 0
	}
	meets := func(o Offer) bool { return o.Current.Rule.Meets(o.Code, news) }
	take(meets, meets)
	for take(func(o Offer) bool { return o.Current.Rule.Stacks(have, fresh) }, func(o Offer) bool { return o.Current.Rule.Stacks(have, anew) }) {
	}
	return earned
}

// Meets tells whether the news by itself earns an achievement of this rule.
func (r Rule) Meets(code string, news News) bool {
	switch {
	case news.Explicit != "":
		return news.Explicit == code
	case news.Module != "":
		return r.Module == news.Module
	case news.Capstone != "":
		return r.Capstone == news.Capstone
	}
	return r.Reviews > 0 && news.Reviews[code] >= r.Reviews
}

// Stacks tells whether a rule that asks for other achievements is met by what
// is held, through at least one that is fresh.
func (r Rule) Stacks(have, fresh map[string]bool) bool {
	if len(r.All) == 0 {
		return false
	}
	fresher := false
	for _, code := range r.All {
		if !have[code] {
			return false
		}
		fresher = fresher || fresh[code]
	}
	return fresher
}

// Until is the end of an achievement's term: the last second, in UTC, of the
// day that many months after it was earned; nil if it has none.
func (v *AchievementVersion) Until(earned Day) *time.Time {
	if v.ValidMonths == 0 {
		return nil
	}
	end := earned.AddMonths(v.ValidMonths).Time().Add(24*time.Hour - time.Second)
	return &end
}

// Same tells whether two versions say the same, whatever their number.
func (v *AchievementVersion) Same(o *AchievementVersion) bool {
	return v.Name == o.Name && v.Description == o.Description && v.Type == o.Type && v.Criteria == o.Criteria &&
		v.ValidMonths == o.ValidMonths && v.Rule.same(o.Rule) && slices.Equal(v.Skills, o.Skills) && v.Art == o.Art
}

// SameRule tells whether two versions ask for the same.
func (v *AchievementVersion) SameRule(o *AchievementVersion) bool { return v.Rule.same(o.Rule) }

func (r Rule) same(o Rule) bool {
	return r.Module == o.Module && r.Capstone == o.Capstone && r.Reviews == o.Reviews && slices.Equal(r.All, o.All)
}

// Lapsed tells whether a live award is past its term.
func (a *Award) Lapsed(at time.Time) bool {
	return a.Live() && a.ValidUntil != nil && at.After(*a.ValidUntil)
}
