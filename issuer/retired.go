package issuer

import "time"

// What a program no longer offers is retired. It stays where it is: what was
// completed, handed in and earned keeps counting, and who has something of it
// still sees it. What nobody has anything of can be removed altogether.

// PartUse counts what there is of a part of a program.
type PartUse struct {
	Recorded int // completions, capstones, badges, reviews or ratings: while there are any, it cannot be removed
	Drafts   int // capstones that were never handed in
	UnderWay int // capstones that were, and are not approved yet
	Live     int // badges that are held
}

// Retired gives the time to keep of a part that is to be retired or not; was is
// the time that is kept now.
func Retired(was *time.Time, retired bool, at time.Time) *time.Time {
	switch {
	case !retired:
		return nil
	case was != nil:
		return was
	}
	return &at
}

// Takes refuses a completion of a day after the one on which the module was
// retired; one from before that is heard of late is still a fact.
func (m *Module) Takes(completed Day, zone *time.Location) error {
	if m.RetiredAt == nil || !DayOf(*m.RetiredAt, zone).Before(completed) {
		return nil
	}
	return Wrong("module", "This module was retired; what was completed after that day is not recorded.")
}

// Takes refuses work on a retired brief that is not under way: who handed
// something in before may still finish.
func (b *Brief) Takes(state CapstoneState) error {
	if b.RetiredAt == nil || state != "" && state != Draft {
		return nil
	}
	return Refuse(Conflict, "This capstone was retired; no new work on it is taken.")
}

// Asked is the rubric of new reviews: without the criteria that were retired,
// which name what earlier ones scored.
func (r Rubric) Asked() Rubric {
	var asked Rubric
	for _, c := range r {
		if !c.Retired {
			asked = append(asked, c)
		}
	}
	return asked
}
