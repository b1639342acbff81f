package registrar

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/verifier/ob3"
)

// ConsentText is the version of the words under which people are asked
// whether signed badges may carry their name.
const ConsentText = "1"

// AnswerConsent keeps what the caller says about their name in signed badges,
// and brings the badges they hold in line: each is replaced by one with, or
// without, the name. Files that others hold keep what was signed.
func (r *Registrar) AnswerConsent(ctx context.Context, by issuer.Caller, yes bool) error {
	_, err := act(ctx, r, by, "consent.answer", string(by.Person), func(w *work) (struct{}, error) {
		if err := w.signed(); err != nil {
			return struct{}{}, err
		}
		if w.by.Person == "" {
			return struct{}{}, forbid("Only people answer this.")
		}
		if err := w.LockPeople(w.by.Person); err != nil {
			return struct{}{}, err
		}
		p, err := w.Person(w.by.Person)
		if err != nil {
			return struct{}{}, err
		}
		answer := issuer.ConsentRefused
		if yes {
			answer = issuer.ConsentGiven
		}
		w.note("answer", answer)
		if err := w.keepConsent(p, answer); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.restateAll(ctx, p)
	})
	return err
}

func (w *work) keepConsent(p *issuer.Person, answer issuer.Consent) error {
	if p.NameConsent == answer {
		return nil
	}
	p.NameConsent, p.ConsentedAt = answer, &w.Now
	if err := w.SavePerson(p); err != nil {
		return err
	}
	return w.AddConsentRecord(&issuer.ConsentRecord{ID: rand.Text(), IssuerID: w.us.ID, PersonID: p.ID, Kind: "name",
		Answer: answer, Version: ConsentText, At: w.Now})
}

// restateAll replaces the live badges of a person that do not say of their
// name what they want said.
func (w *work) restateAll(ctx context.Context, p *issuer.Person) error {
	awards, err := w.AwardsOf(p.ID)
	if err != nil {
		return err
	}
	signed := p.NameConsent == issuer.ConsentGiven
	for _, a := range awards {
		if !a.Live() || a.Lapsed(w.Now) || a.NameSigned == signed {
			continue
		}
		a.NameSigned = signed
		if err := w.SaveAward(&a); err != nil {
			return err
		}
		if err := w.restate(ctx, p, &a); err != nil {
			return err
		}
	}
	return nil
}

// restate signs an award's badge anew under a new id, which replaces the old
// one: links go both ways, and the bit of the old one is set as superseded.
// What it says of the achievement stays word for word.
func (w *work) restate(ctx context.Context, p *issuer.Person, a *issuer.Award) error {
	credentials, err := w.CredentialsOfAwards(a.ID)
	if err != nil {
		return err
	}
	old := find(credentials, func(c issuer.Credential) bool { return c.SupersededBy == "" })
	if old == nil {
		return fmt.Errorf("restate award %s: it has no current credential", a.ID)
	}
	copied, err := w.SignedCopy(old.ID, issuer.FormatDataIntegrity)
	if err != nil {
		return err
	}
	var doc ob3.AchievementCredential
	if err := json.Unmarshal(copied.Bytes, &doc); err != nil {
		return fmt.Errorf("read signed copy %s: %w", old.ID, err)
	}
	id := issuer.CredentialID(rand.Text())
	entry, err := w.ReserveStatus(w.us.ID, revocation, id)
	if err != nil {
		return err
	}
	doc.ID, doc.Issuer, doc.ValidFrom = badgeURL(w.r.BaseURL, id), profile(w.us), ob3.At(w.Now)
	doc.CredentialStatus, doc.CredentialSubject.Identifier = statusEntry(w.r.BaseURL, entry), nil
	if a.NameSigned {
		doc.CredentialSubject.Identifier = identifier(p.Name)
	}
	c := &issuer.Credential{ID: id, AwardID: a.ID, StatusListID: entry.StatusListID, StatusIndex: entry.StatusIndex, Supersedes: old.ID}
	if err := w.keepSigned(ctx, &paper{credential: c, person: a.PersonID, doc: &doc}); err != nil {
		return err
	}
	if err := w.Supersede(old.ID, id, w.Now); err != nil {
		return err
	}
	if err := w.SetStatus(old.ID, "superseded"); err != nil {
		return err
	}
	return w.leaf(old.ID, ledger.Supersede, ledger.Event(ledger.Supersede, string(old.ID), w.Now, string(id)))
}
