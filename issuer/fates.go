package issuer

import (
	"slices"
	"time"
)

// Holdings is what a person holds in a program, for deciding what becomes of it
// when a completion falls away: the live awards, the versions of achievements
// that they name, and the codes of those.
type Holdings struct {
	Live     []Award
	Versions map[AchievementVersionID]AchievementVersion
	Codes    map[AchievementID]string
}

// Fate is what becomes of an award that rests on a completion that fell away.
type Fate struct {
	Award Award // as it is from now on, unless it ends
	Ends  bool  // nothing else earns it: it is to be revoked
	Moved bool  // it was earned on another day: its badge is to be replaced
}

// Fates decides what becomes of a person's awards when a completion falls
// away. rest are their completions of the same module which still stand and
// pass: the first of them earns from now on what the fallen one did. If there is
// none, the module's award ends, and with it what was earned by holding it. An award that rests on something else is not listed.
//
// The day of a renewed award stays: it is that of its current term.
func (s Holdings) Fates(fallen CompletionID, rest []Completion, today Day) []Fate {
	first := firstOf(rest)
	fates := map[AwardID]Fate{}
	for _, a := range s.Live {
		switch {
		case a.Fact == FactCompletion && a.FactID == string(fallen) && first == nil:
			fates[a.ID] = Fate{Award: a, Ends: true}
		case a.Fact == FactCompletion && a.FactID == string(fallen):
			fates[a.ID] = s.moved(a, first, first.CompletedOn, today)
		case a.FactID == string(fallen) && first != nil: // stacked by it
			fates[a.ID] = s.moved(a, first, a.AwardedOn, today)
		}
	}
	for more := true; more; { // what stacks on those, until nothing changes any more
		more = false
		for _, a := range s.Live {
			f, touched := s.stacked(a, first, fates, today)
			if have, ok := fates[a.ID]; !touched || ok && f.Ends == have.Ends && f.Award.AwardedOn == have.Award.AwardedOn {
				continue
			}
			fates[a.ID], more = f, true
		}
	}
	var out []Fate
	for _, a := range s.Live {
		if f, ok := fates[a.ID]; ok {
			out = append(out, f)
		}
	}
	return out
}

// stacked is the fate of an award that was earned by holding others, if one of
// those ends or moves.
func (s Holdings) stacked(a Award, first *Completion, fates map[AwardID]Fate, today Day) (f Fate, touched bool) {
	if a.Fact != FactRequirement {
		return Fate{}, false
	}
	var last Day
	renewed := false
	for _, on := range s.Live {
		if !slices.Contains(s.Versions[a.AchievementVersionID].Rule.All, s.Codes[on.AchievementID]) {
			continue
		}
		f := fates[on.ID]
		if f.Ends {
			return Fate{Award: a, Ends: true}, true
		}
		if f.Moved {
			on, touched = f.Award, true
		}
		last, renewed = max(last, on.AwardedOn), renewed || on.Term > 0
	}
	if !touched {
		return Fate{}, false
	}
	if renewed || last == a.AwardedOn { // of a renewed one the first day is not to be seen here
		f, touched = fates[a.ID]
		return f, touched
	}
	return s.moved(a, first, last, today), true
}

// moved lets an award rest on another completion. One whose term would be over
// ends.
func (s Holdings) moved(a Award, to *Completion, day, today Day) Fate {
	a.FactID = string(to.ID)
	if a.Fact == FactCompletion {
		a.CohortID = to.CohortID
	}
	if a.Term > 0 || day == a.AwardedOn {
		return Fate{Award: a}
	}
	v := s.Versions[a.AchievementVersionID]
	a.AwardedOn, a.ValidUntil = day, v.Until(day)
	if a.ValidUntil != nil && DayOf(*a.ValidUntil, time.UTC).Before(today) {
		return Fate{Award: a, Ends: true}
	}
	return Fate{Award: a, Moved: true}
}

// firstOf is the first of some completions: the first passing attempt counts.
func firstOf(all []Completion) *Completion {
	var first *Completion
	for i := range all {
		c := &all[i]
		if c.Earns() && (first == nil || c.CompletedOn < first.CompletedOn || c.CompletedOn == first.CompletedOn && c.ID < first.ID) {
			first = c
		}
	}
	return first
}
