package registrar

import (
	"context"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// QueueFilter narrows a queue; empty members do not.
type QueueFilter struct {
	Show   string // "mine": what the caller claimed; "unclaimed": what nobody did
	Cohort string // code or id
}

// QueueView is what waits for a mentor, oldest first. Waiting can be decided
// by the caller now; Others wait for someone else.
type QueueView struct {
	Waiting []CapstoneLine
	Others  []CapstoneLine
	Appeals []AppealView   // that the caller can answer, oldest first
	Decided []CapstoneLine // what the caller decided last, newest first
	Cohorts []QueueCohort  // where the caller mentors
	Claimed int            // what the caller has claimed, whatever the filter shows
	Filter  QueueFilter
}

// QueueCohort is a cohort that the caller mentors, with what waits there.
type QueueCohort struct {
	Named
	Waiting int
	Typical time.Duration // the median wait of the last submissions; 0 before there are any
	Oldest  *time.Time
}

// Queue shows a mentor what waits for them, oldest first.
func (r *Registrar) Queue(ctx context.Context, by issuer.Caller, f QueueFilter) (*QueueView, error) {
	return look(ctx, r, by, func(w *work) (*QueueView, error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		if len(w.mentored()) == 0 {
			return nil, forbid("Only mentors have a queue.")
		}
		v, err := w.queue(f)
		if err != nil {
			return nil, err
		}
		if v.Appeals, err = w.queuedAppeals(f); err != nil {
			return nil, err
		}
		if err := w.typical(v); err != nil {
			return nil, err
		}
		return v, w.decidedLately(v)
	})
}

func (w *work) queue(f QueueFilter) (*QueueView, error) {
	lines, err := w.waiting()
	if err != nil {
		return nil, err
	}
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	v := &QueueView{Waiting: []CapstoneLine{}, Others: []CapstoneLine{}, Decided: []CapstoneLine{}, Filter: f}
	for _, c := range unique(w.mentored(), func(c issuer.CohortID) issuer.CohortID { return c }) {
		v.Cohorts = append(v.Cohorts, QueueCohort{Named: at.cohorts[c]})
	}
	for _, l := range lines {
		v.count(&l)
		mine := slices.ContainsFunc(l.Team, func(m MemberView) bool { return m.ID == w.by.Person })
		switch {
		case !f.lets(&l):
		case l.Decided || mine || l.Conflict || l.Claim != nil && !l.Claim.Mine:
			v.Others = append(v.Others, l)
		default:
			v.Waiting = append(v.Waiting, l)
		}
	}
	return v, nil
}

// queuedAppeals lists the appeals that the caller can answer as a mentor. Nobody
// claims one, so that what someone claimed has none.
func (w *work) queuedAppeals(f QueueFilter) ([]AppealView, error) {
	if f.Show == "mine" {
		return nil, nil
	}
	all, err := w.openAppeals()
	return slices.DeleteFunc(all, func(a AppealView) bool {
		_, mentor := w.by.MentorIn(issuer.CohortID(a.Cohort.ID))
		return !mentor || f.Cohort != "" && f.Cohort != a.Cohort.ID && f.Cohort != a.Cohort.Code
	}), err
}

// waiting lists what waits in the cohorts that the caller mentors.
func (w *work) waiting() ([]CapstoneLine, error) {
	found, err := w.CapstonesIn(w.mentored(), issuer.Submitted, issuer.ScopeSubmitted)
	if err != nil {
		return nil, err
	}
	lines, err := w.capstoneLines(found)
	if err != nil {
		return nil, err
	}
	ids := unique(found, func(c issuer.Capstone) issuer.CapstoneID { return c.ID })
	claims, err := w.claimViews(ids...)
	if err != nil {
		return nil, err
	}
	conflicts, err := w.Conflicts(ids...)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		l := &lines[i]
		var team []issuer.Member
		for _, m := range l.Team {
			team = append(team, issuer.Member{PersonID: m.ID})
		}
		l.Conflict = len(issuer.Against(conflicts, l.ID, team, w.by.Person)) > 0
		l.Claim = claims[l.ID]
	}
	slices.SortStableFunc(lines, func(a, b CapstoneLine) int { return a.WaitingSince.Compare(*b.WaitingSince) })
	return lines, nil
}

// count counts a line to its cohort and to what the caller has claimed.
func (v *QueueView) count(l *CapstoneLine) {
	if l.Claim != nil && l.Claim.Mine {
		v.Claimed++
	}
	if c := find(v.Cohorts, func(c QueueCohort) bool { return c.ID == l.Cohort.ID }); c != nil {
		c.Waiting++
		if c.Oldest == nil {
			c.Oldest = l.WaitingSince
		}
	}
}

// lets tells whether the filter shows a line.
func (f QueueFilter) lets(l *CapstoneLine) bool {
	if f.Cohort != "" && f.Cohort != l.Cohort.ID && f.Cohort != l.Cohort.Code {
		return false
	}
	switch f.Show {
	case "mine":
		return l.Claim != nil && l.Claim.Mine
	case "unclaimed":
		return l.Claim == nil
	}
	return true
}

// typical says how long submissions of each cohort wait.
func (w *work) typical(v *QueueView) error {
	answered, err := w.AnsweredLately(lately, w.mentored()...)
	if err != nil {
		return err
	}
	for i := range v.Cohorts {
		theirs := slices.Clone(answered)
		theirs = slices.DeleteFunc(theirs, func(a store.Answered) bool { return string(a.CohortID) != v.Cohorts[i].ID })
		v.Cohorts[i].Typical = median(theirs)
	}
	return nil
}

// decidedLately lists the capstones that the caller decided about last, and
// those of which they can take their approval back.
func (w *work) decidedLately(v *QueueView) error {
	reviews, err := w.ReviewsBy(w.by.Person, 30)
	if err != nil {
		return err
	}
	var capstones []issuer.Capstone
	offers := map[issuer.CapstoneID]*TakeBackOffer{}
	ids := unique(reviews, func(r issuer.Review) issuer.CapstoneID { return r.CapstoneID })
	reviewed, err := w.CapstonesByID(ids...)
	if err != nil {
		return err
	}
	capstone := byID(reviewed, func(c issuer.Capstone) issuer.CapstoneID { return c.ID })
	for _, id := range ids {
		c := capstone[id]
		offers[id] = w.takeBackOffer(&c, reviews)
		if (!c.State.Waits() || offers[id] != nil) && len(capstones) < 10 {
			capstones = append(capstones, c)
		}
	}
	v.Decided, err = w.capstoneLines(capstones)
	for i := range v.Decided {
		v.Decided[i].TakeBack = offers[v.Decided[i].ID]
	}
	return err
}
