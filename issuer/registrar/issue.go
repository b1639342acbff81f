package registrar

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"hallmark/issuer"
)

// fact is one new fact about a person. All badges come about through earn,
// whatever the fact.
type fact struct {
	kind   issuer.Fact
	id     string // completion, capstone; "" for an explicit award
	day    issuer.Day
	cohort issuer.CohortID
	reason string // of an explicit award
	news   issuer.News
	work   *approvedWork // of a capstone
}

// path is a program's achievements and what people hold of them, read once
// per act. The people's rows are locked before it is asked about them.
type path struct {
	program *issuer.Program
	offers  []issuer.Offer
	code    map[issuer.AchievementID]string
	live    map[issuer.PersonID][]issuer.Award
	quiet   bool // no mail
	held    bool // the people are locked before they are read: their awards are kept many at a time
}

// earned is an award that a fact brought about and what is known of it: its
// credential is signed and kept when the queue is worked off.
type earned struct {
	issuer.Award
	credential *issuer.Credential
	person     *issuer.Person
	offer      *issuer.Offer
	program    *issuer.Program
	work       *approvedWork // of a capstone
	quiet      bool
}

func (w *work) path(id issuer.ProgramID) (*path, error) {
	d, err := w.definitions()
	if err != nil {
		return nil, err
	}
	if d.programs[id] == nil { // imported since
		w.defined = nil
		if d, err = w.definitions(); err != nil {
			return nil, err
		}
	}
	if d.programs[id] == nil {
		return nil, fmt.Errorf("find the path of program %s: there is none", id)
	}
	p := &path{program: d.programs[id], offers: d.offers[id], code: map[issuer.AchievementID]string{}, live: map[issuer.PersonID][]issuer.Award{}}
	for _, o := range p.offers {
		p.code[o.ID] = o.Code
	}
	return p, nil
}

// readLive reads what people hold in one go.
func (w *work) readLive(p *path, people []issuer.PersonID) error {
	awards, err := w.LiveAwards(p.program.ID, people...)
	if err != nil {
		return err
	}
	for _, person := range people {
		p.live[person] = nil
	}
	for _, a := range awards {
		if !a.Lapsed(w.Now) {
			p.live[a.PersonID] = append(p.live[a.PersonID], a)
			continue
		}
		a.State = issuer.Expired
		if err := w.SaveAward(&a); err != nil {
			return err
		}
	}
	return nil
}

// held tells what a person holds. An award whose term is over is moved to
// expired first, so that it does not stand in the way of a new one.
func (w *work) held(p *path, person issuer.PersonID) (map[string]bool, error) {
	if _, known := p.live[person]; !known {
		if err := w.readLive(p, []issuer.PersonID{person}); err != nil {
			return nil, err
		}
	}
	held := map[string]bool{}
	for _, a := range p.live[person] {
		held[p.code[a.AchievementID]] = true
	}
	return held, nil
}

// earn awards everything that a fact brings about: what it earns by itself
// first, then what stacks on it, stage by stage. The credentials stand in the
// queue then.
func (w *work) earn(p *path, person *issuer.Person, f fact) ([]*earned, error) {
	held, err := w.held(p, person.ID)
	if err != nil {
		return nil, err
	}
	var due map[string]bool
	if f.kind != issuer.FactExplicit { // the same word again, as in a file, is no new fact
		due = p.due(p.live[person.ID], f.day, w.Now)
	}
	var all []*earned
	over := map[string]bool{} // earned so long ago that the term is over
	for _, o := range issuer.Earned(p.offers, held, due, f.news) {
		a := w.award(p, person, &o, f)
		if anyOf(o.Current.Rule.All, over) || a.ValidUntil != nil && w.Now.After(*a.ValidUntil) {
			over[o.Code] = true
			continue
		}
		added, err := w.addAward(p, &a, &o, f)
		if err != nil {
			return nil, err
		}
		if !added { // held all the same, under a lock that we do not have
			continue
		}
		e := &earned{Award: a, person: person, offer: &o, program: p.program, quiet: p.quiet, credential: &issuer.Credential{
			ID: issuer.CredentialID(rand.Text()), IssuerID: w.us.ID, AwardID: a.ID, Term: a.Term, ValidFrom: w.Now, IssuedAt: w.Now}}
		if a.Fact == issuer.FactReview {
			e.work = f.work
			e.credential.ID = cmp.Or(allotted(f.work.allotted, a.PersonID, a.AchievementID), e.credential.ID)
		}
		if f.id == "" { // what stacks on an explicit award came by it
			f.id = string(a.ID)
		}
		all = append(all, e)
	}
	w.unsigned = append(w.unsigned, all...)
	return all, nil
}

func anyOf(codes []string, of map[string]bool) bool {
	for _, c := range codes {
		if of[c] {
			return true
		}
	}
	return false
}

// award makes the award of an offer that a fact brings about. One that stacks
// was earned on the day of the last of what it stands on.
func (w *work) award(p *path, person *issuer.Person, o *issuer.Offer, f fact) issuer.Award {
	a := issuer.Award{ID: issuer.AwardID(rowID()), IssuerID: w.us.ID, ProgramID: p.program.ID, CohortID: f.cohort,
		PersonID: person.ID, AchievementID: o.ID, AchievementVersionID: o.Current.ID, Subject: newURN(),
		NameSigned: person.NameConsent == issuer.ConsentGiven, AwardedOn: f.day, Fact: f.kind, FactID: f.id, Reason: f.reason,
		State: issuer.Issued, Visibility: issuer.Unlisted, CreatedAt: w.Now}
	if !o.Current.Rule.Meets(o.Code, f.news) {
		a.Fact, a.Reason, a.AwardedOn = issuer.FactRequirement, "", p.lastOf(person.ID, o.Current.Rule.All)
	}
	a.ValidUntil = o.Current.Until(a.AwardedOn)
	return a
}

// addAward keeps an award, or the term that it adds to the one that the person
// holds and that is due.
func (w *work) addAward(p *path, a *issuer.Award, o *issuer.Offer, f fact) (added bool, err error) {
	live := p.live[a.PersonID]
	if have := find(live, func(h issuer.Award) bool { return h.AchievementID == a.AchievementID }); have != nil {
		if a.AwardedOn.Before(f.day) { // what it stands on has no end: the day is that of what was met anew
			a.AwardedOn = f.day
			a.ValidUntil = o.Current.Until(f.day)
		}
		if err := w.keepAwards(); err != nil {
			return false, err
		}
		if added, err = w.renew(have, a.AsTerm()); added {
			*a = *have
		}
		return added, err
	}
	if p.held {
		kept := *a
		w.awards, added = append(w.awards, &kept), true
	} else {
		added, err = w.AddAwardOnce(a)
	}
	if added {
		p.live[a.PersonID] = append(live, *a)
	}
	return added, err
}

// keepAwards keeps those that wait to be kept together.
func (w *work) keepAwards() error {
	awards := w.awards
	w.awards = nil
	return w.AddAwards(awards...)
}

// due lists by code what a person holds that a fact of a day renews.
func (p *path) due(held []issuer.Award, day issuer.Day, at time.Time) map[string]bool {
	due := map[string]bool{}
	for i := range held {
		if held[i].Due(day, at) {
			due[p.code[held[i].AchievementID]] = true
		}
	}
	return due
}

// lastOf is the latest day on which what a person holds of some achievements
// was earned.
func (p *path) lastOf(person issuer.PersonID, codes []string) issuer.Day {
	var last issuer.Day
	for _, a := range p.live[person] {
		for _, c := range codes {
			if p.code[a.AchievementID] == c && last.Before(a.AwardedOn) {
				last = a.AwardedOn
			}
		}
	}
	return last
}

// issue signs and keeps the credentials of what was earned.
func (w *work) issue(ctx context.Context) error {
	if err := w.startIssuing(ctx); err != nil {
		return err
	}
	return w.endIssuing()
}

// startIssuing gives what was earned its places in a status list and begins
// to sign; meanwhile all that does not rest on the signed bytes is kept.
// endIssuing, or the next start, ends it.
func (w *work) startIssuing(ctx context.Context) error {
	if err := w.keepAwards(); err != nil {
		return err
	}
	if err := w.endIssuing(); err != nil || len(w.unsigned) == 0 {
		return err
	}
	queue := w.unsigned
	w.unsigned = nil
	ids := make([]issuer.CredentialID, len(queue))
	for i, e := range queue {
		ids[i] = e.credential.ID
	}
	entries, err := w.reserve(ids...)
	if err != nil {
		return err
	}
	papers := make([]*paper, len(queue))
	for i, e := range queue {
		picture, err := w.pictureOf(&e.offer.Current, e.offer.Code, e.ProgramID, e.AwardedOn)
		if err != nil {
			return err
		}
		e.credential.StatusListID, e.credential.StatusIndex = entries[i].StatusListID, entries[i].StatusIndex
		b := badgeFacts{us: w.us, base: w.r.BaseURL, program: e.program, version: &e.offer.Current, code: e.offer.Code, award: &e.Award,
			status: entries[i], id: e.credential.ID, at: w.Now, work: e.work, picture: picture}
		if e.NameSigned {
			b.name = e.person.Name
		}
		papers[i] = &paper{credential: e.credential, person: e.PersonID, doc: b.document()}
	}
	if err := w.startKeeping(ctx, papers); err != nil {
		return err
	}
	return w.tellOf(queue)
}
