package registrar

import (
	"context"
	"errors"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// What is counted whenever someone asks, being little; more is counted by
// CountOverviews, and pages say as of when.
const (
	fewFacts   = 300 // badges, completions and capstones of a program
	fewStories = 300
)

// programSums is what a program came to, and when that was counted.
type programSums struct {
	issuer.ProgramSums
	At time.Time
}

// managedSums is sumsOfProgram for who runs the program. For others there are no
// numbers.
func (w *work) managedSums(s *syllabus) (*programSums, error) {
	if !w.by.Manages(s.program.ID) {
		return &programSums{At: w.Now}, nil
	}
	return w.sumsOfProgram(s)
}

// sumsOfProgram gives what a program came to: counted now if it is small or was
// never counted, else as it is kept.
func (w *work) sumsOfProgram(s *syllabus) (*programSums, error) {
	small, err := w.SmallProgram(s.program.ID, fewFacts)
	if err != nil {
		return nil, err
	}
	if !small {
		kept, err := w.Overview(issuer.OverviewOf(s.program.ID))
		if err != nil {
			return nil, err
		}
		if kept != nil && kept.Sums.Program != nil {
			return &programSums{*kept.Sums.Program, kept.CountedAt}, nil
		}
	}
	sums, err := w.countProgram(s.program.ID)
	if err != nil {
		return nil, err
	}
	return &programSums{*sums, w.Now}, nil
}

// storiesShown gives how many stories of what places are in the gallery, likewise.
func (w *work) storiesShown() ([]issuer.PlaceSum, error) {
	small, err := w.SmallGallery(fewStories)
	if err != nil {
		return nil, err
	}
	if !small {
		kept, err := w.Overview(issuer.GalleryOverview)
		if err != nil {
			return nil, err
		}
		if kept != nil {
			return kept.Sums.Gallery, nil
		}
	}
	return w.ShownPlaces()
}

// Count counts anew what cohorts, programs and the gallery have come to, as far as
// it is due.
func (r *Registrar) Count(ctx context.Context) error {
	return errors.Join(r.CountCohorts(ctx), r.CountOverviews(ctx))
}

// CountOverviews counts anew one of the programs, or the gallery, where that is due
// and there is much to count: what was never counted first, then what was counted
// longest ago. It counts on one view of the records and writes in a transaction of
// its own, so that nobody waits for it.
func (r *Registrar) CountOverviews(ctx context.Context) error {
	began := time.Now()
	counted, err := look(ctx, r, issuer.Caller{System: "jobs"}, func(w *work) (*issuer.Overview, error) {
		o, program, err := w.overviewDue()
		if err != nil || o == nil {
			return nil, err
		}
		o.IssuerID, o.CountedAt = w.us.ID, w.Now
		if program == "" {
			o.Sums.Gallery, err = w.ShownPlaces()
		} else {
			o.Sums.Program, err = w.countProgram(program)
		}
		return o, err
	})
	if err != nil || counted == nil {
		return err
	}
	counted.TookMs = int(time.Since(began).Milliseconds())
	_, err = store.Write(ctx, r.Store, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.PutOverview(counted) })
	return err
}

// overviewDue finds what is to be counted next, and the program of it; nil if
// nothing is.
func (w *work) overviewDue() (next *issuer.Overview, program issuer.ProgramID, err error) {
	kept, err := w.Overviews()
	if err != nil {
		return nil, "", err
	}
	at := byID(kept, func(o issuer.Overview) string { return o.Name })
	oldest := w.Now.Add(time.Second)
	consider := func(name string, p issuer.ProgramID, small func() (bool, error)) error {
		o := at[name]
		if !o.Due(w.Now) || !o.CountedAt.Before(oldest) {
			return nil
		}
		few, err := small()
		if err == nil && !few {
			next, program, oldest = &issuer.Overview{Name: name}, p, o.CountedAt
		}
		return err
	}
	programs, err := w.Tx.Programs()
	if err != nil {
		return nil, "", err
	}
	for i := range programs {
		p := programs[i].ID
		if err := consider(issuer.OverviewOf(p), p, func() (bool, error) { return w.SmallProgram(p, fewFacts) }); err != nil {
			return nil, "", err
		}
	}
	err = consider(issuer.GalleryOverview, "", func() (bool, error) { return w.SmallGallery(fewStories) })
	return next, program, err
}

// countProgram counts what a program came to.
func (w *work) countProgram(p issuer.ProgramID) (*issuer.ProgramSums, error) {
	n := &programCount{work: w, program: p, sums: issuer.ProgramSums{Cohorts: map[issuer.CohortID]issuer.ProgramCohort{}, Modules: map[issuer.ModuleID]issuer.ProgramModule{}}}
	for _, part := range []func() error{n.participation, n.attainment, n.quality, n.worth} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return &n.sums, nil
}

// programCount counts a program. It asks the database for whole sets.
type programCount struct {
	*work
	program issuer.ProgramID
	sums    issuer.ProgramSums
}

// cohort changes what is counted of a cohort.
func (n *programCount) cohort(id issuer.CohortID, change func(*issuer.ProgramCohort)) {
	c := n.sums.Cohorts[id]
	change(&c)
	n.sums.Cohorts[id] = c
}

// participation: who is enrolled and who is active.
func (n *programCount) participation() (err error) {
	learners, err := n.LearnersByCohort(n.program, "")
	if err != nil {
		return err
	}
	if n.sums.Learners, err = n.CountLearners(n.program); err != nil {
		return err
	}
	active, err := n.ActiveByCohort(n.program)
	if err != nil {
		return err
	}
	n.sums.Active = active[""]
	badges, err := n.LiveByCohort(n.program)
	if err != nil {
		return err
	}
	seen, err := n.SeenByCohort(n.program, issuer.Fewest)
	for id := range learners { // each cohort is in it
		n.cohort(issuer.CohortID(id), func(c *issuer.ProgramCohort) {
			c.Learners, c.Active, c.Badges, c.Seen = learners[id], active[id], badges[id], seen[id]
		})
	}
	return err
}

// attainment: what people passed and hold.
func (n *programCount) attainment() error {
	passed, err := n.PassedByModule(n.program)
	if err != nil {
		return err
	}
	tried, err := n.TriedByModule(n.program)
	if err != nil {
		return err
	}
	for id := range tried {
		n.sums.Modules[issuer.ModuleID(id)] = issuer.ProgramModule{Passed: passed[id], Tried: tried[id]}
	}
	if n.sums.Issued, err = n.LiveByAchievement(n.program); err != nil {
		return err
	}
	states, err := n.AwardsByState(n.program)
	n.sums.Revoked = states[string(issuer.Revoked)]
	return err
}

// quality: how projects fared, and how long mentors took.
func (n *programCount) quality() error {
	capstones, err := n.CapstonesOfProgram(n.program)
	if err != nil {
		return err
	}
	submissions, err := n.SubmissionsOfProgram(n.program)
	if err != nil {
		return err
	}
	reviews, err := n.ReviewsOfProgram(n.program)
	n.sums.Reviews, n.sums.Capstones.Rounds = len(reviews), len(submissions)
	for i := range capstones {
		n.capstone(&capstones[i])
	}
	n.sums.Capstones.MedianWait = medianWait(capstones, submissions, reviews)
	return err
}

// capstone counts a capstone.
func (n *programCount) capstone(c *issuer.Capstone) {
	sums := &n.sums.Capstones
	sums.Started++
	switch c.State {
	case issuer.Submitted:
		sums.Submitted++
	case issuer.Returned:
		sums.Returned++
	case issuer.Approved:
		sums.Approved++
		if c.Submission == 1 {
			sums.FirstTime++
		}
		n.cohort(c.CohortID, func(c *issuer.ProgramCohort) { c.Capstones++ })
	}
}

// worth: what approved projects claim, as it was counted with their cohorts.
func (n *programCount) worth() error {
	cohorts, err := n.Tx.Cohorts(n.program)
	if err != nil {
		return err
	}
	sums, err := n.sumsOf(cohorts)
	total := issuer.Sums{}
	for i := range cohorts {
		total = total.Plus(sums[cohorts[i].ID].Sums)
	}
	n.sums.Worth = total.Worth
	return err
}

// medianWait is the median time from handing in to the last decision about
// it, over the submissions that do not wait any more.
func medianWait(capstones []issuer.Capstone, submissions []issuer.Submission, reviews []issuer.Review) time.Duration {
	type round struct {
		capstone issuer.CapstoneID
		number   int
	}
	decided := map[round]time.Time{}
	for _, r := range reviews {
		if at := (round{r.CapstoneID, r.Submission}); r.At.After(decided[at]) {
			decided[at] = r.At
		}
	}
	for _, c := range capstones {
		if c.State == issuer.Submitted {
			delete(decided, round{c.ID, c.Submission})
		}
	}
	var waits []time.Duration
	for _, s := range submissions {
		if at, ok := decided[round{s.CapstoneID, s.Number}]; ok {
			waits = append(waits, at.Sub(s.SubmittedAt))
		}
	}
	if len(waits) == 0 {
		return 0
	}
	slices.Sort(waits)
	return (waits[(len(waits)-1)/2] + waits[len(waits)/2]) / 2
}
