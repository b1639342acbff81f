package registrar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// MaxBatch is how many awards one job makes at most.
const MaxBatch = 50_000

// BatchItem is one award that is asked for. Problem is set where whoever read
// the row found it unreadable already.
type BatchItem struct {
	Row         int // as whoever asks counts; each once
	Achievement string
	Program     string
	Person      PersonRef
	Reason      string
	Problem     string
}

// NewBatch asks for many awards.
type NewBatch struct {
	Items  []BatchItem
	DryRun bool // tell what would happen and write nothing but that
	Quiet  bool // mail no one
	Resume bool // go on with an unfinished job of the same caller that asks for the same, if there is one
}

// RefusedItem is an award that was not made, and why.
type RefusedItem struct {
	Row    int    `json:"row"`
	Reason string `json:"reason"`
}

// JobView is how far a job has come. Credentials are the badges, also those
// that people had already, in the order of the rows; a dry run has none.
type JobView struct {
	ID          issuer.JobID          `json:"id"`
	State       issuer.JobState       `json:"state"`
	Total       int                   `json:"total"`
	Done        int                   `json:"done"`
	DryRun      bool                  `json:"dryRun"`
	Issued      int                   `json:"issued"` // or would be
	Held        int                   `json:"held"`   // by people who had the badge already
	Problem     string                `json:"problem,omitempty"`
	Refused     []RefusedItem         `json:"refused"`
	Credentials []issuer.CredentialID `json:"credentials"`
}

// AwardBatch begins a job that awards many badges, by the rules of
// AwardAchievement for each. RunBatch and RunBatches do it.
func (r *Registrar) AwardBatch(ctx context.Context, by issuer.Caller, in NewBatch) (*JobView, error) {
	return act(ctx, r, by, "credentials.batch", "", func(w *work) (*JobView, error) {
		if err := w.mayAwardAny(); err != nil {
			return nil, err
		}
		switch {
		case len(in.Items) == 0:
			return nil, issuer.Wrong("items", "Name at least one award.")
		case len(in.Items) > MaxBatch:
			return nil, issuer.Wrong("items", "A job makes at most %d awards; split them.", MaxBatch)
		}
		caller, err := json.Marshal(by)
		if err != nil {
			return nil, fmt.Errorf("encode caller: %w", err)
		}
		asked, err := json.Marshal(in.Items)
		if err != nil {
			return nil, fmt.Errorf("encode items: %w", err)
		}
		sum := sha256.Sum256(asked)
		j := &issuer.IssueJob{ID: issuer.JobID(rand.Text()), IssuerID: w.us.ID, Actor: by.Actor(), Caller: string(caller),
			Fingerprint: hex.EncodeToString(sum[:]), DryRun: in.DryRun, Quiet: in.Quiet, State: issuer.JobQueued, Total: len(in.Items), CreatedAt: w.Now}
		if in.Resume {
			if had, err := w.unfinished(j); err != nil || had != nil {
				return had, err
			}
		}
		w.object = string(j.ID)
		w.note("items", j.Total)
		items, refused := itemsOf(j, in.Items)
		j.Done = refused
		if refused == j.Total {
			j.State, j.EndedAt = issuer.JobDone, &w.Now
		}
		if err := w.AddIssueJob(j, items); err != nil {
			return nil, err
		}
		return w.jobView(j)
	})
}

// unfinished finds a job of the same caller for the same, that was broken off.
func (w *work) unfinished(like *issuer.IssueJob) (*JobView, error) {
	open, err := w.OpenIssueJobs()
	if err != nil {
		return nil, err
	}
	j := find(open, func(j issuer.IssueJob) bool {
		return j.Actor == like.Actor && j.Fingerprint == like.Fingerprint && j.DryRun == like.DryRun && j.Quiet == like.Quiet
	})
	if j == nil {
		return nil, nil
	}
	w.object = string(j.ID)
	w.note("resumed", true)
	return w.jobView(j)
}

// itemsOf makes the items of a job, and counts those that are refused at once.
func itemsOf(j *issuer.IssueJob, asked []BatchItem) (items []*issuer.IssueItem, refused int) {
	first := map[BatchItem]int{}
	for _, in := range asked {
		i := &issuer.IssueItem{JobID: j.ID, ItemRow: in.Row, IssuerID: j.IssuerID, Achievement: in.Achievement, Program: in.Program,
			Email: in.Person.Email, PersonID: in.Person.ID, Reason: in.Reason, State: issuer.ItemQueued, Problem: in.Problem}
		same := BatchItem{Achievement: in.Achievement, Program: in.Program, Person: in.Person}
		if row, twice := first[same]; twice && i.Problem == "" {
			i.Problem = fmt.Sprintf("Row %d asks for the same.", row)
		}
		if _, twice := first[same]; !twice {
			first[same] = in.Row
		}
		if i.Problem != "" {
			i.State = issuer.ItemRefused
			refused++
		}
		items = append(items, i)
	}
	return items, refused
}

// Job tells how far a job has come, to who began it and to who runs the
// installation.
func (r *Registrar) Job(ctx context.Context, by issuer.Caller, id issuer.JobID) (*JobView, error) {
	return look(ctx, r, by, func(w *work) (*JobView, error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		j, err := w.IssueJob(id)
		if err != nil {
			return nil, err
		}
		if j.Actor != by.Actor() && !by.Manages("") {
			return nil, hidden("job")
		}
		return w.jobView(j)
	})
}

func (w *work) jobView(j *issuer.IssueJob) (*JobView, error) {
	v := &JobView{ID: j.ID, State: j.State, Total: j.Total, Done: j.Done, DryRun: j.DryRun, Problem: j.Problem,
		Refused: []RefusedItem{}, Credentials: []issuer.CredentialID{}}
	items, err := w.IssueItems(j.ID, issuer.ItemIssued, issuer.ItemHeld, issuer.ItemRefused)
	for _, i := range items {
		switch i.State {
		case issuer.ItemRefused:
			v.Refused = append(v.Refused, RefusedItem{i.ItemRow, i.Problem})
			continue
		case issuer.ItemIssued:
			v.Issued++
		case issuer.ItemHeld:
			v.Held++
		}
		if i.CredentialID != "" {
			v.Credentials = append(v.Credentials, i.CredentialID)
		}
	}
	return v, err
}

// RunBatches goes on with every job that is not at its end, for as long as
// there is something to do.
func (r *Registrar) RunBatches(ctx context.Context) error {
	open, err := store.Read(ctx, r.Store, func(tx *store.Tx) ([]issuer.IssueJob, error) {
		w := &work{Tx: tx, r: r}
		if h, err := w.halted(); err != nil || h.Stopped() {
			return nil, err // the jobs go on when that is over
		}
		return tx.OpenIssueJobs()
	})
	for _, j := range open {
		for more := true; more && err == nil; {
			if err = ctx.Err(); err == nil {
				_, more, err = r.RunBatch(ctx, j.ID)
			}
		}
	}
	return err
}

// rehearsal undoes the awards of a dry run and keeps what they would have been.
type rehearsal struct{ items []issuer.IssueItem }

func (*rehearsal) Error() string { return "the awards were not kept" }

// portions is how many times atOnce awards of a job are made in one transaction:
// while hands sign those of one portion, the next is decided and written.
const portions = 4

// RunBatch makes the next awards of a job in one transaction, and tells how
// many of all are done and whether there are more. It may be broken off at any
// time, and run by several copies of the program at once.
func (r *Registrar) RunBatch(ctx context.Context, id issuer.JobID) (done int, more bool, err error) {
	by, err := r.callerOf(ctx, id)
	if err != nil {
		return 0, false, r.giveUp(ctx, id, err)
	}
	j, err := act(ctx, r, by, "credentials.batch", string(id), func(w *work) (j *issuer.IssueJob, err error) {
		issued := 0
		for n := 0; n < portions && (j == nil || j.EndedAt == nil); n++ {
			var some int
			if j, some, err = w.portion(ctx, id); err != nil {
				return nil, err
			}
			issued += some
		}
		w.note("issued", issued)
		return j, nil
	})
	var dry *rehearsal
	if errors.As(err, &dry) {
		j, err = store.Write(ctx, r.Store, func(tx *store.Tx) (*issuer.IssueJob, error) {
			w := &work{Tx: tx, r: r}
			j, items, err := w.nextItems(id)
			if err != nil || len(items) == 0 || items[0].ItemRow != dry.items[0].ItemRow {
				return j, err // another copy was faster
			}
			return j, w.endItems(j, dry.items)
		})
	}
	if err != nil {
		return 0, false, r.giveUp(ctx, id, err)
	}
	return j.Done, j.EndedAt == nil, nil
}

// callerOf is who began a job, with the rights they have now.
func (r *Registrar) callerOf(ctx context.Context, id issuer.JobID) (issuer.Caller, error) {
	j, err := store.Read(ctx, r.Store, func(tx *store.Tx) (*issuer.IssueJob, error) { return tx.IssueJob(id) })
	if err != nil {
		return issuer.Caller{}, err
	}
	var by issuer.Caller
	if err := json.Unmarshal([]byte(j.Caller), &by); err != nil {
		return by, fmt.Errorf("read the caller of job %s: %w", id, err)
	}
	if by.Person != "" {
		return r.Caller(ctx, by.Person)
	}
	return by, nil
}

// giveUp ends a job that is refused; one that only cannot go on now stays.
func (r *Registrar) giveUp(ctx context.Context, id issuer.JobID, err error) error {
	var refusal *issuer.Error
	if !errors.As(err, &refusal) || refusal.Kind == issuer.Unavailable || refusal.Kind == issuer.NotFound {
		return err
	}
	_, ending := store.Write(ctx, r.Store, func(tx *store.Tx) (bool, error) {
		j, err := tx.LockIssueJob(id)
		if err != nil || j.EndedAt != nil {
			return false, err
		}
		j.State, j.Problem, j.EndedAt = issuer.JobFailed, refusal.Reason, &tx.Now
		return true, tx.SaveIssueJob(j)
	})
	return errors.Join(err, ending)
}

// nextItems reads what is next of a job, and holds the job meanwhile.
func (w *work) nextItems(id issuer.JobID) (*issuer.IssueJob, []issuer.IssueItem, error) {
	j, err := w.LockIssueJob(id)
	if err != nil || j.EndedAt != nil {
		return j, nil, err
	}
	items, err := w.QueuedItems(id, atOnce)
	return j, items, err
}

// portion makes the next awards of a job, tells how many, and begins to sign them.
func (w *work) portion(ctx context.Context, id issuer.JobID) (j *issuer.IssueJob, issued int, err error) {
	w.halt, w.defined = nil, nil // a stop counts from the next items on
	j, items, err := w.nextItems(id)
	if err != nil || len(items) == 0 {
		return j, 0, err
	}
	if issued, err = w.awardItems(j, items); err != nil {
		return nil, 0, err
	}
	if j.DryRun {
		return nil, 0, &rehearsal{items}
	}
	if err := w.endItems(j, items); err != nil {
		return nil, 0, err
	}
	return j, issued, w.startIssuing(ctx)
}

// endItems keeps what became of items, and how far the job has come.
func (w *work) endItems(j *issuer.IssueJob, items []issuer.IssueItem) error {
	if err := w.EndItems(items); err != nil {
		return err
	}
	j.Done += len(items)
	if j.State = issuer.JobRunning; j.Done >= j.Total {
		j.State, j.EndedAt = issuer.JobDone, &w.Now
	}
	return w.SaveIssueJob(j)
}

// batch is what is known while some items of a job are done.
type batch struct {
	*work
	job     *issuer.IssueJob
	people  map[PersonRef]*issuer.Person
	offered map[[2]string]*issuer.Achievement
	paths   map[issuer.ProgramID]*path
	learn   map[issuer.PersonID][]issuer.Enrollment
	cohorts map[issuer.CohortID]*issuer.Cohort
	ids     []issuer.PersonID
}

// awardItems makes the awards of some items, each by the rules of
// AwardAchievement, and tells how many; what is refused is noted in its item and
// stops no other.
func (w *work) awardItems(j *issuer.IssueJob, items []issuer.IssueItem) (issued int, err error) {
	if err := w.mayIssue(); err != nil {
		return 0, err
	}
	b := &batch{work: w, job: j, people: map[PersonRef]*issuer.Person{}, offered: map[[2]string]*issuer.Achievement{}, paths: map[issuer.ProgramID]*path{},
		learn: map[issuer.PersonID][]issuer.Enrollment{}, cohorts: map[issuer.CohortID]*issuer.Cohort{}}
	if err := b.readUp(items); err != nil {
		return 0, err
	}
	first := map[int]*earned{} // by item
	held := map[issuer.AwardID][]int{}
	for n := range items {
		awards, have, err := b.item(&items[n])
		var refusal *issuer.Error
		switch {
		case errors.As(err, &refusal):
			items[n].State, items[n].Problem = issuer.ItemRefused, refusal.Reason
		case err != nil:
			return 0, err
		case len(awards) > 0:
			items[n].State, first[n] = issuer.ItemIssued, awards[0]
		default:
			items[n].State = issuer.ItemHeld
			held[have] = append(held[have], n)
		}
	}
	if j.DryRun {
		w.awards, w.unsigned = nil, nil // nothing is signed that is undone
		return len(first), nil
	}
	for n, e := range first {
		items[n].CredentialID = e.credential.ID
	}
	return len(first), b.nameHeld(items, held)
}

// readUp reads whom the items are about, and holds them.
func (b *batch) readUp(items []issuer.IssueItem) error {
	var named []string
	for _, i := range items {
		if i.PersonID != "" {
			b.ids = append(b.ids, i.PersonID)
		} else if address, _, err := issuer.NormalEmail(i.Email); err == nil {
			named = append(named, address)
		}
	}
	emails, err := b.EmailsNamed(named...)
	if err != nil {
		return err
	}
	for _, e := range emails {
		b.ids = append(b.ids, e.PersonID)
	}
	slices.Sort(b.ids)
	b.ids = slices.Compact(b.ids)
	if err := b.LockPeople(b.ids...); err != nil {
		return err
	}
	people, err := b.People(b.ids...)
	if err != nil {
		return err
	}
	for i := range people {
		b.people[PersonRef{ID: people[i].ID}] = &people[i]
	}
	for _, e := range emails {
		b.people[PersonRef{Email: e.Address}] = b.people[PersonRef{ID: e.PersonID}]
	}
	enrollments, err := b.Enrollments(b.ids...)
	for _, e := range enrollments {
		b.learn[e.PersonID] = append(b.learn[e.PersonID], e)
	}
	return err
}

// item makes one award. It gives what came of it, the award that was asked for
// first, or the award that the person has already.
func (b *batch) item(i *issuer.IssueItem) ([]*earned, issuer.AwardID, error) {
	a, err := cached(b.offered, [2]string{i.Achievement, i.Program}, func() (*issuer.Achievement, error) {
		return b.achievementNamed(i.Achievement, i.Program)
	})
	if err != nil {
		return nil, "", err
	}
	if err := b.mayAward(a.ProgramID); err != nil {
		return nil, "", err
	}
	reason, err := issuer.CleanText("reason", i.Reason, 1000)
	if err != nil {
		return nil, "", err
	}
	if reason == "" {
		return nil, "", issuer.Wrong("reason", "Say why this person earned it.")
	}
	person, err := b.who(i)
	if err != nil {
		return nil, "", err
	}
	if b.by.Person == person.ID {
		return nil, "", forbid("No one awards a badge to themselves.")
	}
	p, err := cached(b.paths, a.ProgramID, func() (*path, error) {
		p, err := b.path(a.ProgramID)
		if err != nil {
			return nil, err
		}
		p.quiet, p.held = b.job.Quiet, true
		return p, b.readLive(p, b.ids)
	})
	if err != nil {
		return nil, "", err
	}
	cohort, err := b.newestCohort(person.ID, a.ProgramID)
	if err != nil {
		return nil, "", err
	}
	f := fact{kind: issuer.FactExplicit, day: issuer.DayOf(b.Now, time.UTC), reason: reason, news: issuer.News{Explicit: a.Code}}
	if cohort != nil {
		f.cohort, f.day = cohort.ID, issuer.DayOf(b.Now, cohort.Zone())
	}
	awards, err := b.earn(p, person, f)
	if err != nil || len(awards) > 0 {
		return awards, "", err
	}
	have := find(p.live[person.ID], func(have issuer.Award) bool { return have.AchievementID == a.ID })
	if have == nil {
		return nil, "", notAwarded(a)
	}
	return nil, have.ID, nil
}

// who is the person of an item.
func (b *batch) who(i *issuer.IssueItem) (*issuer.Person, error) {
	ref := PersonRef{ID: i.PersonID}
	if i.PersonID == "" {
		address, _, err := issuer.NormalEmail(i.Email)
		if err != nil {
			return nil, err
		}
		ref = PersonRef{Email: address}
	}
	p := b.people[ref]
	if p == nil || p.ErasedAt != nil {
		return nil, unknownPerson(nil)
	}
	return p, nil
}

// newestCohort is where a person learns in a program, as cohortOf says.
func (b *batch) newestCohort(p issuer.PersonID, program issuer.ProgramID) (*issuer.Cohort, error) {
	var newest *issuer.Cohort
	for _, e := range b.learn[p] {
		if e.ProgramID != program {
			continue
		}
		c, err := cached(b.cohorts, e.CohortID, func() (*issuer.Cohort, error) { return b.Cohort(e.CohortID) })
		if err != nil {
			return nil, err
		}
		if newest == nil || newest.StartsOn.Before(c.StartsOn) {
			newest = c
		}
	}
	return newest, nil
}

// nameHeld finds the badges that people have already.
func (b *batch) nameHeld(items []issuer.IssueItem, held map[issuer.AwardID][]int) error {
	if len(held) == 0 {
		return nil
	}
	var ids []issuer.AwardID
	for id := range held {
		ids = append(ids, id)
	}
	credentials, err := b.CredentialsOfAwards(ids...)
	newest := map[issuer.AwardID]issuer.Credential{}
	for _, c := range credentials {
		if c.SupersededBy != "" || c.Term < newest[c.AwardID].Term {
			continue
		}
		newest[c.AwardID] = c
		for _, n := range held[c.AwardID] {
			items[n].CredentialID = c.ID
		}
	}
	for _, e := range b.unsigned { // held since an item before in the same transaction
		for _, n := range held[e.ID] {
			items[n].CredentialID = e.credential.ID
		}
	}
	return err
}
