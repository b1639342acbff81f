package registrar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/verifier/ob3"
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
	program, err := w.Program(id)
	if err != nil {
		return nil, err
	}
	p := &path{program: program, code: map[issuer.AchievementID]string{}, live: map[issuer.PersonID][]issuer.Award{}}
	if p.offers, err = w.offers(id); err != nil {
		return nil, err
	}
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
	var all []*earned
	over := map[string]bool{} // earned so long ago that the term is over
	for _, o := range issuer.Earned(p.offers, held, f.news) {
		a := w.award(p, person, &o, f)
		if anyOf(o.Current.Rule.All, over) || a.ValidUntil != nil && w.Now.After(*a.ValidUntil) {
			over[o.Code] = true
			continue
		}
		added, err := w.AddAwardOnce(&a)
		if err != nil {
			return nil, err
		}
		if !added { // held all the same, under a lock that we do not have
			continue
		}
		e := &earned{Award: a, person: person, offer: &o, program: p.program, quiet: p.quiet, credential: &issuer.Credential{
			ID: issuer.CredentialID(rand.Text()), IssuerID: w.us.ID, AwardID: a.ID, ValidFrom: w.Now, IssuedAt: w.Now}}
		if a.Fact == issuer.FactReview {
			e.work = f.work
		}
		if f.id == "" { // what stacks on an explicit award came by it
			f.id = string(a.ID)
		}
		p.live[person.ID] = append(p.live[person.ID], a)
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
	a := issuer.Award{ID: issuer.AwardID(rand.Text()), IssuerID: w.us.ID, ProgramID: p.program.ID, CohortID: f.cohort,
		PersonID: person.ID, AchievementID: o.ID, AchievementVersionID: o.Current.ID, Subject: newURN(),
		NameSigned: person.NameConsent == issuer.ConsentGiven, AwardedOn: f.day, Fact: f.kind, FactID: f.id, Reason: f.reason,
		State: issuer.Issued, Visibility: issuer.Unlisted, CreatedAt: w.Now}
	if !o.Current.Rule.Meets(o.Code, f.news) {
		a.Fact, a.Reason, a.AwardedOn = issuer.FactRequirement, "", p.lastOf(person.ID, o.Current.Rule.All)
	}
	a.ValidUntil = o.Current.Until(a.AwardedOn)
	return a
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
	if err := w.endIssuing(); err != nil || len(w.unsigned) == 0 {
		return err
	}
	queue := w.unsigned
	w.unsigned = nil
	ids := make([]issuer.CredentialID, len(queue))
	for i, e := range queue {
		ids[i] = e.credential.ID
	}
	entries, err := w.ReserveStatuses(w.us.ID, revocation, ids...)
	if err != nil {
		return err
	}
	papers := make([]*paper, len(queue))
	for i, e := range queue {
		e.credential.StatusListID, e.credential.StatusIndex = entries[i].StatusListID, entries[i].StatusIndex
		b := badgeFacts{us: w.us, base: w.r.BaseURL, program: e.program, version: &e.offer.Current, code: e.offer.Code, award: &e.Award,
			status: entries[i], id: e.credential.ID, at: w.Now, work: e.work}
		if e.NameSigned {
			b.name = e.person.Name
		}
		papers[i] = &paper{credential: e.credential, doc: b.document()}
	}
	if err := w.startKeeping(ctx, papers); err != nil {
		return err
	}
	return w.tellOf(queue)
}

// tellOf mails people that they earned badges.
func (w *work) tellOf(queue []*earned) error {
	var letters []letter
	for _, e := range queue {
		if !e.quiet {
			letters = append(letters, letter{e.person, "badge-issued", map[string]any{"Badge": e.offer.Current.Name, "Issuer": w.us.Name,
				"Link": badgeURL(w.r.BaseURL, e.credential.ID)}})
		}
	}
	return w.mailAll(letters)
}

// paper is a credential on its way from a document to signed bytes.
type paper struct {
	credential *issuer.Credential
	doc        *ob3.AchievementCredential
	salt       *issuer.LogSalt
	signed     []byte
	key        issuer.KeyID
}

// signing is papers that are being signed; done closes with err set.
type signing struct {
	papers []*paper
	done   chan struct{}
	err    error
}

// keepSigned signs documents, checks them, and keeps the credentials, their
// bytes, audit entries and leaves in the log.
func (w *work) keepSigned(ctx context.Context, papers ...*paper) error {
	if err := w.startKeeping(ctx, papers); err != nil {
		return err
	}
	return w.endIssuing()
}

func (w *work) startKeeping(ctx context.Context, papers []*paper) error {
	own, err := w.r.Ring.VerifierDocument()
	if err != nil {
		return err
	}
	credentials, salts := make([]*issuer.Credential, len(papers)), make([]*issuer.LogSalt, len(papers))
	entries := make([]*issuer.AuditEntry, len(papers))
	for i, p := range papers {
		c := p.credential
		c.IssuerID, c.ValidFrom, c.IssuedAt = w.us.ID, w.Now, w.Now
		p.salt = &issuer.LogSalt{CredentialID: c.ID, IssuerID: w.us.ID, Salt: ledger.NewSalt()}
		credentials[i], salts[i] = c, p.salt
		entries[i] = w.entry("credential."+ledger.Issue, string(c.ID), "done", fmt.Sprintf(`{"award":%q}`, c.AwardID))
	}
	s := &signing{papers: papers, done: make(chan struct{})}
	w.signing = s
	go func() {
		defer close(s.done)
		s.err = w.r.signAll(ctx, own, w.us.DID, w.Now, papers)
	}()
	if err := w.AddCredentials(credentials...); err != nil {
		return err
	}
	if err := w.AddSalts(salts...); err != nil {
		return err
	}
	return w.AddAuditEntries(entries...)
}

// endIssuing waits for what is being signed and keeps it.
func (w *work) endIssuing() error {
	s := w.signing
	if s == nil {
		return nil
	}
	w.signing = nil
	<-s.done
	if s.err != nil {
		return s.err
	}
	copies, leaves := make([]*issuer.SignedCopy, len(s.papers)), make([]*issuer.LogLeaf, len(s.papers))
	for i, p := range s.papers {
		digest := sha256.Sum256(p.signed)
		copies[i] = &issuer.SignedCopy{CredentialID: p.credential.ID, Format: issuer.FormatDataIntegrity, IssuerID: w.us.ID,
			KeyID: p.key, Bytes: p.signed, Digest: digest[:], SignedAt: w.Now}
		leaves[i] = w.newLeaf(p.salt, ledger.Issue, p.signed)
	}
	if err := w.AddSignedCopies(copies...); err != nil {
		return err
	}
	return w.AddLeaves(leaves...)
}

// abandon waits for hands that sign for an act that failed.
func (w *work) abandon() {
	if w.signing != nil {
		<-w.signing.done
	}
}

// leaf puts a line about a credential into the public log: a commitment to
// what happened, which is either the signed bytes or an event.
func (w *work) leaf(id issuer.CredentialID, kind string, what []byte) error {
	salt, err := w.Salt(id)
	if err != nil {
		return err
	}
	return w.AddLeaf(w.newLeaf(salt, kind, what))
}

func (w *work) newLeaf(salt *issuer.LogSalt, kind string, what []byte) *issuer.LogLeaf {
	return &issuer.LogLeaf{ID: issuer.LeafID(rand.Text()), IssuerID: w.us.ID, CredentialID: salt.CredentialID, Type: kind,
		At: ledger.Minute(w.Now), Data: ledger.Leaf(kind, w.Now, ledger.Commit(salt.Salt, what))}
}

// letter is a mail to a person.
type letter struct {
	to       *issuer.Person
	template string
	data     map[string]any
}

// mail puts a message to a person's main address into the outbox. Someone
// without an address gets none.
func (w *work) mail(to *issuer.Person, template string, data map[string]any) error {
	return w.mailAll([]letter{{to, template, data}})
}

func (w *work) mailAll(letters []letter) error {
	if len(letters) == 0 {
		return nil
	}
	emails, err := w.Emails(unique(letters, func(l letter) issuer.PersonID { return l.to.ID })...)
	if err != nil {
		return err
	}
	address := map[issuer.PersonID]string{}
	for _, e := range emails { // the main one of each is the first
		if address[e.PersonID] == "" {
			address[e.PersonID] = e.Address
		}
	}
	var messages []*issuer.Message
	for _, l := range letters {
		to := address[l.to.ID]
		if to == "" {
			continue
		}
		l.data["Name"] = l.to.Name
		text, err := json.Marshal(l.data)
		if err != nil {
			return fmt.Errorf("encode message: %w", err)
		}
		messages = append(messages, &issuer.Message{ID: issuer.MessageID(rand.Text()), IssuerID: w.us.ID, Kind: "mail", Recipient: to,
			Template: l.template, Data: string(text), State: "queued", NextAt: w.Now, CreatedAt: w.Now})
	}
	return w.AddMessages(messages...)
}
