package registrar

import (
	"context"
	"crypto/rand"
	"sort"

	"hallmark/issuer"
)

// RecordCompletion records that someone completed a module and issues what
// that earns, module first, then what stacks on it. The same fact again
// changes nothing and is answered with the same badges. A client with
// completions:write may, who runs the program, and mentors of the cohort;
// nobody records their own.
func (r *Registrar) RecordCompletion(ctx context.Context, by issuer.Caller, in NewCompletion) (*CompletionResult, error) {
	return act(ctx, r, by, "completion.record", "", func(w *work) (*CompletionResult, error) {
		if err := w.mayRecordAny(); err != nil {
			return nil, err
		}
		b := w.book()
		p, err := b.prepare(in)
		if err != nil {
			return nil, err
		}
		if err := b.links(in.Evidence); err != nil {
			return nil, err
		}
		return w.record(b, p, in.Evidence)
	})
}

// mayRecordAny refuses, before anything is said about people, whoever could
// not record any completion.
func (w *work) mayRecordAny() error {
	if len(w.mentored()) > 0 {
		return nil
	}
	if programs, all := w.managed(); all || len(programs) > 0 {
		return nil
	}
	return w.mayRecord("", "")
}

// book is what recording completions looks up, each thing once per act.
type book struct {
	*work
	enrollments map[issuer.PersonID][]issuer.Enrollment
	people      map[PersonRef]*issuer.Person
	paths       map[issuer.ProgramID]*path
}

func (w *work) book() *book {
	return &book{w, map[issuer.PersonID][]issuer.Enrollment{},
		map[PersonRef]*issuer.Person{}, map[issuer.ProgramID]*path{}}
}

// cached gives what a map holds, or puts there what read finds.
func cached[K comparable, V any](m map[K]V, key K, read func() (V, error)) (V, error) {
	if v, ok := m[key]; ok {
		return v, nil
	}
	v, err := read()
	if err == nil {
		m[key] = v
	}
	return v, err
}

// prepared is a completion that was understood and may be recorded.
type prepared struct {
	issuer.Completion
	person   *issuer.Person
	module   *issuer.Module
	cohort   *issuer.Cohort
	warnings []string
}

// prepare finds everything that a completion names and checks it.
func (b *book) prepare(in NewCompletion) (*prepared, error) {
	p := &prepared{}
	var err error
	if p.person, err = cached(b.people, in.Person, func() (*issuer.Person, error) { return b.learner(in.Person) }); err != nil {
		return nil, err
	}
	if err := b.place(p, in); err != nil {
		return nil, err
	}
	if err := b.mayRecord(p.module.ProgramID, p.cohort.ID); err != nil {
		return nil, err
	}
	if err := p.cohort.Writable(); err != nil {
		return nil, err
	}
	if b.by.Person == p.person.ID {
		return nil, forbid("No one records their own completion.")
	}
	zone := p.cohort.Zone()
	p.Completion = issuer.Completion{ID: issuer.CompletionID(rowID()), IssuerID: b.us.ID, PersonID: p.person.ID, ModuleID: p.module.ID,
		ProgramID: p.module.ProgramID, CohortID: p.cohort.ID, Source: in.Source, RecordedBy: b.by.Actor(), RecordedAt: b.Now}
	if p.Source == "" {
		p.Source = "api"
	}
	if p.CompletedOn, err = issuer.CompletionDay(in.CompletedAt, zone, b.Now); err != nil {
		return nil, err
	}
	if err := p.module.Takes(p.CompletedOn, zone); err != nil {
		return nil, err
	}
	if p.Score, p.Unit, err = issuer.CleanScore(in.Score, in.Unit); err != nil {
		return nil, err
	}
	if p.Delivery, err = issuer.CleanDelivery(in.Delivery); err != nil {
		return nil, err
	}
	if p.Note, err = issuer.CleanText("note", in.Note, 1000); err != nil {
		return nil, err
	}
	p.Passed = p.module.Passes(p.Score)
	if warning := p.cohort.Outside(p.CompletedOn); warning != "" {
		p.warnings = append(p.warnings, warning)
	}
	return p, nil
}

// learner reads the person of a completion and, where they are named by an address,
// what else is asked of them with the same statement.
func (b *book) learner(ref PersonRef) (*issuer.Person, error) {
	address, _, err := issuer.NormalEmail(ref.Email)
	if ref.ID != "" || err != nil {
		return b.person(ref)
	}
	l, err := b.LearnerByEmail(address)
	if err != nil {
		return nil, err
	}
	if l == nil {
		return b.person(ref)
	}
	b.enrollments[l.ID] = l.Enrollments
	b.main = map[issuer.PersonID]string{l.ID: l.Main}
	return &l.Person, nil
}

// place finds the module and the cohort: the one that is named, else the
// newest of the module's program that the person learns in.
func (b *book) place(p *prepared, in NewCompletion) error {
	d, err := b.definitions()
	if err != nil {
		return err
	}
	modules := d.modulesNamed(in.Module)
	if len(modules) == 0 {
		return issuer.Wrong("module", "There is no module “%s”.", clip(in.Module))
	}
	enrollments, err := cached(b.enrollments, p.person.ID, func() ([]issuer.Enrollment, error) { return b.Enrollments(p.person.ID) })
	if err != nil {
		return err
	}
	if in.Cohort != "" {
		return p.named(d.cohortNamed(in.Cohort), in.Cohort, modules, enrollments)
	}
	sort.SliceStable(enrollments, func(i, j int) bool { return enrollments[i].CreatedAt.After(enrollments[j].CreatedAt) })
	for _, e := range enrollments {
		for i := range modules {
			if modules[i].ProgramID != e.ProgramID {
				continue
			}
			cohort := d.cohorts[e.CohortID]
			if cohort == nil || cohort.ArchivedAt != nil { // made since: nobody learns there yet; or only read
				continue
			}
			if p.cohort == nil || p.cohort.StartsOn.Before(cohort.StartsOn) {
				p.module, p.cohort = &modules[i], cohort
			}
		}
	}
	if p.cohort == nil {
		return issuer.Wrong("person", "This person is not enrolled in a cohort that has the module; enrol them first.")
	}
	return nil
}

// named takes the cohort that was named.
func (p *prepared) named(cohort *issuer.Cohort, name string, modules []issuer.Module, enrollments []issuer.Enrollment) error {
	if cohort == nil {
		return issuer.Wrong("cohort", "There is no cohort “%s”.", clip(name))
	}
	for i := range modules {
		if modules[i].ProgramID == cohort.ProgramID {
			p.module, p.cohort = &modules[i], cohort
		}
	}
	if p.module == nil {
		return issuer.Wrong("module", "The program of this cohort has no module “%s”.", clip(p.moduleName(modules)))
	}
	for _, e := range enrollments {
		if e.CohortID == cohort.ID {
			return nil
		}
	}
	return issuer.Wrong("person", "This person is not enrolled in the cohort; enrol them first.")
}

func (p *prepared) moduleName(modules []issuer.Module) string { return modules[0].Code }

// links checks evidence that came with a completion.
func (b *book) links(evidence []Link) error {
	if len(evidence) > 20 {
		return issuer.Wrong("evidence", "Give at most 20 links.")
	}
	for _, l := range evidence {
		if err := issuer.CheckLink(l.URL); err != nil {
			return issuer.Wrong("evidence.url", "%s", err.Error())
		}
		if _, err := issuer.CleanText("evidence.name", l.Name, issuer.MaxName); err != nil {
			return err
		}
	}
	return nil
}

// record keeps a completion, or finds it kept, and gives what it earned. What
// is recorded already is looked for before the person is locked, so that those
// who repeat a fact do not wait for each other.
func (w *work) record(b *book, p *prepared, evidence []Link) (*CompletionResult, error) {
	same, err := w.CompletionBefore(&p.Completion)
	if err != nil {
		return nil, err
	}
	if same != nil && (same.WithdrawnAt == nil || p.Source != byHand) {
		return w.recorded(p, same)
	}
	if p.person, err = w.HoldPerson(p.person); err == nil && p.person.MergedInto != "" {
		return nil, issuer.Refuse(issuer.Conflict, "This person became one with another account of theirs a moment ago; try again.")
	}
	if err != nil || p.person.ErasedAt != nil {
		return nil, unknownPerson(err)
	}
	stands, same, err := w.put(&p.Completion)
	if err != nil {
		return nil, err
	}
	if !stands { // recorded before, or by another act while this one waited for the person
		return w.recorded(p, same)
	}
	for _, l := range evidence {
		if err := w.AddCompletionEvidence(&issuer.CompletionEvidence{ID: issuer.EvidenceID(rand.Text()), IssuerID: w.us.ID,
			CompletionID: p.ID, URL: l.URL, Name: l.Name}); err != nil {
			return nil, err
		}
	}
	awards, err := w.earnByCompletion(b, p)
	if err != nil {
		return nil, err
	}
	w.object = string(p.ID)
	w.note("recorded", true)
	if w.detail["deferred"] != nil {
		p.warnings = append(p.warnings, laterWarning)
	}
	return &CompletionResult{Completion: p.view(namedProgram(b.paths[p.ProgramID].program), namedCohort(p.cohort)),
		Credentials: w.newBadges(awards, p.cohort), Recorded: true, Warnings: p.warnings}, nil
}

// byHand is the source of a completion that someone typed.
const byHand = "hand"

// put keeps a completion of a person who is held. The same fact is left as it is
// and given back; by hand it stands again if it had been withdrawn.
func (w *work) put(c *issuer.Completion) (stands bool, same *issuer.Completion, err error) {
	added, err := w.AddCompletionOnce(c)
	if err != nil || added {
		return added, nil, err
	}
	if same, err = w.SameCompletion(c); err != nil || same.WithdrawnAt == nil || c.Source != byHand {
		return false, same, err
	}
	same.Reinstate(c.RecordedBy, w.Now)
	same.Delivery, same.Note = c.Delivery, c.Note
	*c = *same
	return true, nil, w.SaveCompletion(c)
}

// earnByCompletion awards what a completion earns. The person was read under
// the lock.
func (w *work) earnByCompletion(b *book, p *prepared) ([]*earned, error) {
	path, err := cached(b.paths, p.ProgramID, func() (*path, error) { return w.path(p.ProgramID) })
	if err != nil || !p.Earns() {
		return nil, err
	}
	later, err := w.deferred(issuer.DeferredCompletion, string(p.ID), p.PersonID, path.quiet)
	if err != nil || later {
		return nil, err
	}
	return w.earnByModule(path, p.person, &p.Completion, p.module.Code)
}

// earnByModule awards what a completion of a module earns.
func (w *work) earnByModule(p *path, person *issuer.Person, c *issuer.Completion, module string) ([]*earned, error) {
	return w.earn(p, person, fact{kind: issuer.FactCompletion, id: string(c.ID), day: c.CompletedOn, cohort: c.CohortID,
		news: issuer.News{Module: module}})
}

// recorded answers with a fact as it was recorded before and what it earned
// then, in the same order: what stacks after what it stands on.
func (w *work) recorded(p *prepared, same *issuer.Completion) (*CompletionResult, error) {
	p.Completion = *same
	if same.WithdrawnAt != nil {
		p.warnings = append(p.warnings, "This completion was recorded before and has been withdrawn; it earns nothing.")
	}
	awards, err := w.awardsOfFact(string(same.ID), same.PersonID)
	if err != nil {
		return nil, err
	}
	if err := w.inOrder(awards); err != nil {
		return nil, err
	}
	badges, err := w.badgeViews(awards)
	if err != nil {
		return nil, err
	}
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	w.object = string(p.ID)
	w.note("recorded", false)
	return &CompletionResult{Completion: p.view(at.programs[p.ProgramID], at.cohorts[p.CohortID]), Credentials: badges, Warnings: p.warnings}, nil
}

// view shows the completion.
func (p *prepared) view(program, cohort Named) CompletionView {
	c := p.Completion
	v := completionView(&c)
	v.Person, v.Module, v.Program, v.Cohort = PersonName{ID: p.person.ID, Name: p.person.Name}, namedModule(p.module), program, cohort
	return v
}

// completionView is the part of a view that the row tells.
func completionView(c *issuer.Completion) CompletionView {
	return CompletionView{ID: c.ID, CompletedOn: c.CompletedOn, Score: c.Score, Unit: c.Unit, Delivery: c.Delivery, Passed: c.Passed,
		Source: c.Source, RecordedAt: c.RecordedAt, WithdrawnAt: c.WithdrawnAt, WithdrawnReason: c.WithdrawnReason, ReplacedBy: c.ReplacedBy}
}

// inOrder sorts awards of one fact: earned by itself before stacked, then as
// the program lists them.
func (w *work) inOrder(awards []issuer.Award) error {
	d, err := w.definitions()
	if err != nil {
		return err
	}
	place := map[issuer.AchievementID]int{}
	for _, a := range awards {
		place[a.AchievementID] = d.position(a.ProgramID, a.AchievementID)
		if a.Fact == issuer.FactRequirement {
			place[a.AchievementID] += 1 << 20
		}
	}
	sort.SliceStable(awards, func(i, j int) bool { return place[awards[i].AchievementID] < place[awards[j].AchievementID] })
	return nil
}

func (w *work) completionViews(list []issuer.Completion) ([]CompletionView, error) {
	people, err := w.names(unique(list, func(c issuer.Completion) issuer.PersonID { return c.PersonID })...)
	if err != nil {
		return nil, err
	}
	modules := map[issuer.ModuleID]Named{}
	for _, program := range unique(list, func(c issuer.Completion) issuer.ProgramID { return c.ProgramID }) {
		all, err := w.Modules(program)
		if err != nil {
			return nil, err
		}
		for i := range all {
			modules[all[i].ID] = namedModule(&all[i])
		}
	}
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	views := make([]CompletionView, 0, len(list))
	for _, c := range list {
		v := completionView(&c)
		v.Person, v.Module, v.Program, v.Cohort = people[c.PersonID], modules[c.ModuleID], at.programs[c.ProgramID], at.cohorts[c.CohortID]
		if _, guides := w.by.MentorIn(c.CohortID); guides && w.by.Person != c.PersonID || w.by.Manages(c.ProgramID) {
			v.Note = c.Note
		}
		views = append(views, v)
	}
	return views, nil
}

// cohortOf is the newest cohort of a program that a person learns in; nil if
// there is none.
func (w *work) cohortOf(p issuer.PersonID, program issuer.ProgramID) (*issuer.Cohort, error) {
	enrollments, err := w.Enrollments(p)
	if err != nil {
		return nil, err
	}
	var newest *issuer.Cohort
	for _, e := range enrollments {
		if e.ProgramID != program {
			continue
		}
		c, err := w.Cohort(e.CohortID)
		if err != nil {
			return nil, err
		}
		if newest == nil || newest.StartsOn.Before(c.StartsOn) {
			newest = c
		}
	}
	return newest, nil
}
