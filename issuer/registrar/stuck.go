package registrar

import (
	"context"
	"slices"
	"time"

	"hallmark/issuer"
)

// StuckKind is a kind of thing that does not go on by itself.
type StuckKind string

// The kinds, in the order in which they are shown: what keeps people waiting
// comes first.
const (
	StuckIssuing     StuckKind = "issuing"     // nothing is issued
	StuckLists       StuckKind = "lists"       // status lists that are late
	StuckMentorless  StuckKind = "mentorless"  // cohorts without a mentor
	StuckWaiting     StuckKind = "waiting"     // handed in, and nobody is at work on it
	StuckRequests    StuckKind = "requests"    // appeals, names to correct and questions
	StuckUnearned    StuckKind = "unearned"    // facts that should have earned a badge
	StuckJobs        StuckKind = "jobs"        // jobs that failed
	StuckMails       StuckKind = "mails"       // mails that were given up
	StuckBounces     StuckKind = "bounces"     // addresses that do not take mail
	StuckUnseen      StuckKind = "unseen"      // learners who never signed in
	StuckConfirmings StuckKind = "confirmings" // claims that nobody confirmed
)

// How long things may take before they are stuck.
const (
	stuckWaiting  = 3 * 24 * time.Hour // for a mentor
	stuckQuestion = 7 * 24 * time.Hour // for an answer from outside
	stuckUnsigned = 5 * time.Minute    // for a changed status list to be signed
	stuckStale    = 2 * time.Hour      // since a list was last signed; each is every hour
)

// stuckShown is how many things of a kind are shown one by one.
const stuckShown = 5

// StuckPart is what is stuck of one kind: how much, and the first of it.
type StuckPart struct {
	Kind  StuckKind
	N     int
	First []StuckItem
}

// StuckItem is one thing, by the id that its page goes by.
type StuckItem struct {
	ID     string
	Name   string
	Cohort Named
	N      int        // of a cohort: how many there
	Since  *time.Time // nil where that tells nothing
}

// StuckView is what does not go on by itself in what the caller runs; kinds of
// which there is nothing are not in it.
type StuckView struct {
	Parts []StuckPart
	All   int
}

// Stuck lists what does not go on by itself, to who runs a program. What belongs
// to the installation is for its admins.
func (r *Registrar) Stuck(ctx context.Context, by issuer.Caller) (*StuckView, error) {
	return look(ctx, r, by, func(w *work) (*StuckView, error) {
		if err := w.mayManageAny(); err != nil {
			return nil, err
		}
		return w.stuck()
	})
}

// stuckMaking is what is stuck, in the making.
type stuckMaking struct {
	*work
	view     *StuckView
	programs []issuer.ProgramID
	open     []issuer.CohortID // that are not closed
	ours     []issuer.CohortID // that are not archived
	at       *places
}

func (w *work) stuck() (*StuckView, error) {
	s := &stuckMaking{work: w, view: &StuckView{}}
	parts := []func() error{s.scope, s.mentorless, s.waiting, s.requested, s.cohorts, s.confirmings}
	if w.by.Manages("") {
		parts = []func() error{s.scope, s.issuing, s.lists, s.mentorless, s.waiting, s.requested, s.jobs, s.mails, s.cohorts, s.confirmings}
	}
	for _, part := range parts {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return s.view, nil
}

// scope finds the programs and cohorts that the caller runs.
func (s *stuckMaking) scope() error {
	d, err := s.definitions()
	if err != nil {
		return err
	}
	for _, c := range d.cohorts {
		if !s.by.Manages(c.ProgramID) || c.ArchivedAt != nil {
			continue
		}
		s.ours = append(s.ours, c.ID)
		if c.ClosedAt == nil {
			s.open = append(s.open, c.ID)
		}
	}
	programs, err := s.Tx.Programs()
	if err != nil {
		return err
	}
	for _, p := range programs {
		if s.by.Manages(p.ID) {
			s.programs = append(s.programs, p.ID)
		}
	}
	s.at, err = s.places()
	return err
}

// add keeps a kind of which there is something.
func (s *stuckMaking) add(kind StuckKind, n int, first ...StuckItem) {
	if n == 0 {
		return
	}
	s.view.Parts = append(s.view.Parts, StuckPart{kind, n, first[:min(len(first), stuckShown)]})
	s.view.All += n
}

func (s *stuckMaking) issuing() error {
	h, err := s.halted()
	if h.Stopped() {
		s.add(StuckIssuing, 1)
	}
	return err
}

// lists finds status lists that changed and are not signed yet, or were not
// signed for long.
func (s *stuckMaking) lists() error {
	lists, err := s.StatusLists()
	late := 0
	for _, l := range lists {
		since := s.Now.Sub(l.CreatedAt)
		if l.PublishedAt != nil {
			since = s.Now.Sub(*l.PublishedAt)
		}
		if l.Dirty && since > stuckUnsigned || since > stuckStale {
			late++
		}
	}
	s.add(StuckLists, late)
	return err
}

func (s *stuckMaking) mentorless() error {
	cohorts, err := s.Mentorless(s.open...)
	var items []StuckItem
	for i := range cohorts {
		items = append(items, StuckItem{Cohort: namedCohort(&cohorts[i])})
	}
	s.add(StuckMentorless, len(items), items...)
	return err
}

func (s *stuckMaking) waiting() error {
	n, first, err := s.Unattended(s.Now.Add(-stuckWaiting), stuckShown, s.programs...)
	var items []StuckItem
	for _, c := range first {
		items = append(items, StuckItem{ID: string(c.ID), Name: c.Title, Cohort: s.at.cohorts[c.CohortID], Since: &c.ChangedAt})
	}
	s.add(StuckWaiting, n, items...)
	return err
}

func (s *stuckMaking) requested() error {
	r, err := s.requests()
	if err != nil {
		return err
	}
	s.add(StuckRequests, r.Waiting())
	return nil
}

func (s *stuckMaking) jobs() error {
	jobs, err := s.FailedJobs()
	var items []StuckItem
	for _, j := range jobs {
		items = append(items, StuckItem{ID: string(j.ID), Name: j.Problem, N: j.Total - j.Done, Since: j.EndedAt})
	}
	s.add(StuckJobs, len(items), items...)
	return err
}

func (s *stuckMaking) mails() error {
	given, err := s.CountMails(issuer.MailGivenUp)
	if err != nil {
		return err
	}
	s.add(StuckMails, given)
	bounced, err := s.CountMails(issuer.MailBounced)
	s.add(StuckBounces, bounced)
	return err
}

// cohorts finds what was counted with each cohort.
func (s *stuckMaking) cohorts() error {
	sums, err := s.StuckCohorts(s.ours...)
	if err != nil {
		return err
	}
	for _, kind := range []StuckKind{StuckUnearned, StuckUnseen} {
		n := 0
		var items []StuckItem
		for _, c := range sums {
			here := c.Unseen
			if kind == StuckUnearned {
				here = c.Unearned
			}
			if here > 0 {
				items = append(items, StuckItem{Cohort: s.at.cohorts[c.CohortID], N: here})
			}
			n += here
		}
		slices.SortStableFunc(items, func(a, b StuckItem) int { return b.N - a.N })
		s.add(kind, n, items...)
	}
	return nil
}

func (s *stuckMaking) confirmings() error {
	n, first, err := s.Unanswered(s.Now.Add(-stuckQuestion), stuckShown, s.programs...)
	var items []StuckItem
	for _, c := range first {
		items = append(items, StuckItem{ID: string(c.CapstoneID), Name: c.Impact.Measure, Since: &c.AskedAt})
	}
	s.add(StuckConfirmings, n, items...)
	return err
}

// Unearned is somebody who should have a badge by what is recorded, and never
// had it.
type Unearned struct {
	Person      PersonName
	Achievement Named
}

// UnearnedView is who should have a badge in a cohort, and never had it.
type UnearnedView struct {
	Program Named
	Cohort  Named
	People  []Unearned
}

// Unearned lists who should have a badge by what is recorded in a cohort, by code
// or id, and never had it: the badge is newer than the fact, or asked for something
// else then. Who runs the program may see it.
func (r *Registrar) Unearned(ctx context.Context, by issuer.Caller, cohort string) (*UnearnedView, error) {
	return look(ctx, r, by, func(w *work) (*UnearnedView, error) { return w.unearnedIn(cohort) })
}

func (w *work) unearnedIn(cohort string) (*UnearnedView, error) {
	c, err := w.managedCohort(cohort)
	if err != nil {
		return nil, err
	}
	s, err := w.syllabus(c.ProgramID)
	if err != nil {
		return nil, err
	}
	v := &UnearnedView{Program: namedProgram(s.program), Cohort: namedCohort(c)}
	v.People, err = w.unearned(s, c.ID)
	return v, err
}

// AwardUnearned begins a job that awards what Unearned lists, with a reason that
// holders read, by the rules of AwardAchievement for each.
func (r *Registrar) AwardUnearned(ctx context.Context, by issuer.Caller, cohort, reason string) (*JobView, error) {
	v, err := r.Unearned(ctx, by, cohort)
	if err != nil {
		return nil, err
	}
	if reason, err = issuer.CleanText("reason", reason, 1000); err != nil {
		return nil, err
	}
	switch {
	case reason == "":
		return nil, issuer.Wrong("reason", "Say why these badges are issued now; their holders read it.")
	case len(v.People) == 0:
		return nil, issuer.Refuse(issuer.Conflict, "Nobody misses a badge here any more.")
	}
	batch := NewBatch{Resume: true}
	for i, u := range v.People {
		batch.Items = append(batch.Items, BatchItem{Row: i + 1, Achievement: u.Achievement.Code, Program: v.Program.Code, Person: PersonRef{ID: u.Person.ID}, Reason: reason})
	}
	return r.AwardBatch(ctx, by, batch)
}

// UnseenView is who learns in a cohort and never signed in: the first of them, by
// name, and how many there are.
type UnseenView struct {
	Program Named
	Cohort  Named
	People  []RosterLine
	All     int
}

// Unseen lists who learns in a cohort, by code or id, and never signed in, with
// the address that mail to them goes to. Who runs the program may see it.
func (r *Registrar) Unseen(ctx context.Context, by issuer.Caller, cohort string) (*UnseenView, error) {
	return look(ctx, r, by, func(w *work) (*UnseenView, error) {
		c, err := w.managedCohort(cohort)
		if err != nil {
			return nil, err
		}
		p, err := w.Program(c.ProgramID)
		if err != nil {
			return nil, err
		}
		people, err := w.Tx.Unseen(c.ID)
		if err != nil {
			return nil, err
		}
		v := &UnseenView{Program: namedProgram(p), Cohort: namedCohort(c), All: len(people)}
		people = people[:min(len(people), rosterPage)]
		emails, err := w.Emails(unique(people, func(p issuer.Person) issuer.PersonID { return p.ID })...)
		addresses := map[issuer.PersonID]string{}
		for _, e := range emails {
			if e.Main {
				addresses[e.PersonID] = e.Address
			}
		}
		for _, p := range people {
			v.People = append(v.People, RosterLine{PersonName: PersonName{p.ID, p.Name}, Email: addresses[p.ID], Department: p.Department})
		}
		return v, err
	})
}
