package issuer

import (
	"database/sql/driver"
	"maps"
	"slices"
	"time"
)

// Fewest is of how many people at least sums are told where fewer would tell
// about someone.
const Fewest = 5

// CohortSums is what a cohort had come to when it was counted. It is derived
// from the records and can be counted anew at any time.
type CohortSums struct {
	CohortID  CohortID // primary key
	IssuerID  IssuerID
	CountedAt time.Time
	Sums      Sums
	Unearned  int // people who should have earned a badge and did not, badge by badge
	Unseen    int // learners who never signed in
}

// Sums are numbers of people by what they reached, and what their work is
// worth. Those of several cohorts add up.
type Sums struct {
	Steps       []StepSum  `json:"steps"`
	Weeks       []WeekSum  `json:"weeks"` // in their order; one in which nobody did anything may lack
	Departments Mix        `json:"departments"`
	Experience  Mix        `json:"experience"`
	Zones       Mix        `json:"zones"`
	Worth       []ValueSum `json:"worth"`
	Returns     Returns    `json:"returns,omitempty"`
}

// Returns counts returns of capstones by the code of their reason; "" is that of
// those for which none was given.
type Returns map[string]int

func (r Returns) plus(o Returns) Returns {
	if len(o) == 0 {
		return r
	}
	out := maps.Clone(o)
	for reason, n := range r {
		out[reason] += n
	}
	return out
}

// GormDataType names the kind of column to the schema check.
func (Sums) GormDataType() string { return "text" }

// Value makes the JSON text.
func (s Sums) Value() (driver.Value, error) { return toJSON(s) }

// Scan reads the JSON text.
func (s *Sums) Scan(src any) error { return fromJSON(src, s) }

// StepKind is a step on the way from joining a cohort to a badge that others
// looked at.
type StepKind string

// The steps, in their order; there is one of StepModule for each module. What
// comes before the first submission is measured against the step before it,
// returned and approved against submitted, shared and verified against issued.
const (
	StepEnrolled  StepKind = "enrolled"
	StepModule    StepKind = "module"
	StepSubmitted StepKind = "submitted"
	StepReturned  StepKind = "returned"
	StepApproved  StepKind = "approved"
	StepIssued    StepKind = "issued"
	StepShared    StepKind = "shared"
	StepVerified  StepKind = "verified"
)

// Private tells whether the step is about what people do with their badges:
// nobody is told of it but in sums of Fewest people or more.
func (k StepKind) Private() bool { return k == StepShared || k == StepVerified }

// StepSum is how many people reached a step, out of those of the step that it is
// measured against.
type StepSum struct {
	Kind   StepKind `json:"kind"`
	Module ModuleID `json:"module,omitempty"`
	People int      `json:"people"`
	Of     int      `json:"of"`   // people at the step that it is measured against
	Went   int      `json:"went"` // of those, who reached this one too
	Waits  Waits    `json:"waits,omitempty"`
	Hidden bool     `json:"hidden,omitempty"` // too few to tell: the other numbers are 0
}

// Lost is how many of the people at the step before have not reached this one.
func (s *StepSum) Lost() int { return s.Of - s.Went }

// Waits counts people by how many hours something took them, whole days from
// two days on: that is as exact as a completion, which has a day and no time,
// and the medians of several cohorts can be told from it.
type Waits map[int]int

// Add counts one wait more. What came before what it is measured against took
// no time.
func (w Waits) Add(d time.Duration) {
	hours := int(max(0, d).Hours())
	if hours >= 48 {
		hours = hours / 24 * 24
	}
	w[hours]++
}

// Median is the middle of the waits, of an even number the lower one of the two
// in the middle; ok is false if there are none.
func (w Waits) Median() (d time.Duration, ok bool) {
	all := 0
	for _, n := range w {
		all += n
	}
	before := 0
	for _, hours := range slices.Sorted(maps.Keys(w)) {
		if before += w[hours]; 2*before >= all {
			return time.Duration(hours) * time.Hour, true
		}
	}
	return 0, false
}

// WeekSum is how many people completed or handed in something in a week.
type WeekSum struct {
	Monday Day `json:"monday"`
	People int `json:"people"`
}

// Monday is the first day of the week that a day is in.
func (d Day) Monday() Day {
	at := d.Time()
	return DayOf(at.AddDate(0, 0, -(int(at.Weekday())+6)%7), time.UTC)
}

// People counts those who did each step and when they first did, from which the
// sums of a cohort are made.
type People map[PersonID]time.Time

// Reach notes that someone reached the step at a time, if they had not before.
func (p People) Reach(who PersonID, at time.Time) {
	if had, ok := p[who]; !ok || at.Before(had) {
		p[who] = at
	}
}

// Against measures a step against another: who of those went on, and how long
// it took them. Where the moment of either is not known (the zero time) there is
// no wait. A private step of too few is hidden.
func (p People) Against(kind StepKind, module ModuleID, before People) StepSum {
	s := StepSum{Kind: kind, Module: module, People: len(p), Of: len(before), Waits: Waits{}}
	for who, at := range p {
		since, ok := before[who]
		if !ok {
			continue
		}
		s.Went++
		if !at.IsZero() && !since.IsZero() {
			s.Waits.Add(at.Sub(since))
		}
	}
	if kind.Private() && s.People < Fewest {
		return StepSum{Kind: kind, Module: module, Hidden: true}
	}
	return s
}

// Plus adds the sums of another cohort of the same program. What one of them
// hides is not told by the total either: it is not in it.
func (s Sums) Plus(o Sums) Sums {
	out := Sums{Steps: slices.Clone(s.Steps), Weeks: addWeeks(s.Weeks, o.Weeks),
		Departments: s.Departments.plus(o.Departments), Experience: s.Experience.plus(o.Experience), Zones: s.Zones.plus(o.Zones),
		Worth: addValue(s.Worth, o.Worth), Returns: s.Returns.plus(o.Returns)}
	for _, step := range o.Steps {
		at := slices.IndexFunc(out.Steps, func(have StepSum) bool { return have.Kind == step.Kind && have.Module == step.Module })
		if at < 0 {
			out.Steps = append(out.Steps, step)
			continue
		}
		out.Steps[at] = out.Steps[at].plus(step)
	}
	return out
}

func (s StepSum) plus(o StepSum) StepSum {
	s.People, s.Of, s.Went, s.Hidden = s.People+o.People, s.Of+o.Of, s.Went+o.Went, s.Hidden && o.Hidden
	waits := maps.Clone(s.Waits)
	if waits == nil {
		waits = Waits{}
	}
	for hours, n := range o.Waits {
		waits[hours] += n
	}
	s.Waits = waits
	return s
}

func addWeeks(a, b []WeekSum) []WeekSum {
	people := map[Day]int{}
	for _, w := range slices.Concat(a, b) {
		people[w.Monday] += w.People
	}
	return WeeksOf(people)
}

// WeeksOf puts counts by Monday in their order.
func WeeksOf(people map[Day]int) []WeekSum {
	var out []WeekSum
	for _, monday := range slices.Sorted(maps.Keys(people)) {
		out = append(out, WeekSum{monday, people[monday]})
	}
	return out
}

// People is how many people reached the first step of a kind; 0 if there is
// none, or if it is hidden.
func (s Sums) People(kind StepKind) int {
	for _, step := range s.Steps {
		if step.Kind == kind {
			return step.People
		}
	}
	return 0
}
