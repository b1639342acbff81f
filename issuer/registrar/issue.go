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

// held reads what a person holds. An award whose term is over is moved to
// expired first, so that it does not stand in the way of a new one.
func (w *work) held(p *path, person issuer.PersonID) (map[string]bool, error) {
	if _, known := p.live[person]; !known {
		awards, err := w.LiveAwards(person, p.program.ID)
		if err != nil {
			return nil, err
		}
		p.live[person] = []issuer.Award{}
		for _, a := range awards {
			if !a.Lapsed(w.Now) {
				p.live[person] = append(p.live[person], a)
				continue
			}
			a.State = issuer.Expired
			if err := w.SaveAward(&a); err != nil {
				return nil, err
			}
		}
	}
	held := map[string]bool{}
	for _, a := range p.live[person] {
		held[p.code[a.AchievementID]] = true
	}
	return held, nil
}

// earn awards and issues everything that a fact brings about: what it earns
// by itself first, then what stacks on it, stage by stage.
func (w *work) earn(ctx context.Context, p *path, person *issuer.Person, f fact) ([]issuer.Award, error) {
	held, err := w.held(p, person.ID)
	if err != nil {
		return nil, err
	}
	var earned []issuer.Award
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
		if err := w.issue(ctx, p, person, &o, &a, f); err != nil {
			return nil, err
		}
		if f.id == "" { // what stacks on an explicit award came by it
			f.id = string(a.ID)
		}
		p.live[person.ID] = append(p.live[person.ID], a)
		earned = append(earned, a)
	}
	return earned, nil
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

// issue signs and keeps the credential of a new award.
func (w *work) issue(ctx context.Context, p *path, person *issuer.Person, o *issuer.Offer, a *issuer.Award, f fact) error {
	id := issuer.CredentialID(rand.Text())
	entry, err := w.ReserveStatus(w.us.ID, revocation, id)
	if err != nil {
		return err
	}
	b := badgeFacts{us: w.us, base: w.r.BaseURL, program: p.program, version: &o.Current, code: o.Code, award: a, status: entry, id: id, at: w.Now}
	if a.NameSigned {
		b.name = person.Name
	}
	if a.Fact == issuer.FactReview {
		b.work = f.work
	}
	c := &issuer.Credential{ID: id, AwardID: a.ID, StatusListID: entry.StatusListID, StatusIndex: entry.StatusIndex}
	if err := w.keepSigned(ctx, c, b.document(), ledger.Issue); err != nil {
		return err
	}
	if p.quiet {
		return nil
	}
	return w.mail(person, "badge-issued", map[string]any{"Badge": o.Current.Name, "Issuer": w.us.Name,
		"Link": badgeURL(w.r.BaseURL, id)})
}

// keepSigned signs a document, checks it, and keeps the credential, its
// bytes, its audit entry and its leaf in the log.
func (w *work) keepSigned(ctx context.Context, c *issuer.Credential, doc *ob3.AchievementCredential, leaf string) error {
	signed, kid, err := w.sign(ctx, c.ID, doc)
	if err != nil {
		return err
	}
	c.IssuerID, c.ValidFrom, c.IssuedAt = w.us.ID, w.Now, w.Now
	if err := w.AddCredential(c); err != nil {
		return err
	}
	digest := sha256.Sum256(signed)
	if err := w.AddSignedCopy(&issuer.SignedCopy{CredentialID: c.ID, Format: issuer.FormatDataIntegrity, IssuerID: w.us.ID,
		KeyID: kid, Bytes: signed, Digest: digest[:], SignedAt: w.Now}); err != nil {
		return err
	}
	salt := &issuer.LogSalt{CredentialID: c.ID, IssuerID: w.us.ID, Salt: ledger.NewSalt()}
	if err := w.AddSalt(salt); err != nil {
		return err
	}
	if err := w.addLeaf(salt, leaf, signed); err != nil {
		return err
	}
	return w.AddAuditEntry(&issuer.AuditEntry{ID: issuer.AuditID(rand.Text()), IssuerID: w.us.ID, At: w.Now, Actor: w.by.Actor(),
		Act: "credential." + leaf, Object: string(c.ID), Outcome: "done", Detail: fmt.Sprintf(`{"award":%q}`, c.AwardID)})
}

// leaf puts a line about a credential into the public log: a commitment to
// what happened, which is either the signed bytes or an event.
func (w *work) leaf(id issuer.CredentialID, kind string, what []byte) error {
	salt, err := w.Salt(id)
	if err != nil {
		return err
	}
	return w.addLeaf(salt, kind, what)
}

func (w *work) addLeaf(salt *issuer.LogSalt, kind string, what []byte) error {
	return w.AddLeaf(&issuer.LogLeaf{ID: issuer.LeafID(rand.Text()), IssuerID: w.us.ID, CredentialID: salt.CredentialID, Type: kind,
		At: ledger.Minute(w.Now), Data: ledger.Leaf(kind, w.Now, ledger.Commit(salt.Salt, what))})
}

// mail puts a message to a person's main address into the outbox. Someone
// without an address gets none.
func (w *work) mail(to *issuer.Person, template string, data map[string]any) error {
	emails, err := w.Emails(to.ID)
	if err != nil {
		return err
	}
	if len(emails) == 0 {
		return nil
	}
	data["Name"] = to.Name
	return w.send(emails[0].Address, template, data)
}

func (w *work) send(address, template string, data map[string]any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	return w.AddMessage(&issuer.Message{ID: issuer.MessageID(rand.Text()), IssuerID: w.us.ID, Kind: "mail", Recipient: address,
		Template: template, Data: string(text), State: "queued", NextAt: w.Now, CreatedAt: w.Now})
}
