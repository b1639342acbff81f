package registrar

import (
	"context"
	"crypto/rand"
	"slices"

	"hallmark/issuer"
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
		p, err := w.living(w.by.Person)
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
		if later, err := w.deferred(issuer.DeferredConsent, "", p.ID, false); err != nil || later {
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
	awards = slices.DeleteFunc(awards, func(a issuer.Award) bool { return !a.Live() || a.NameSigned == signed })
	running, err := w.running(awards...)
	if err != nil {
		return err
	}
	all := make([]*restatement, len(running))
	for i := range running {
		c := &running[i]
		all[i] = w.renamed(find(awards, func(a issuer.Award) bool { return a.ID == c.AwardID }), c, p)
	}
	return w.restateThese(ctx, all)
}

func (w *work) restateThese(ctx context.Context, all []*restatement) error {
	if len(all) == 0 {
		return nil
	}
	for _, s := range all {
		if err := w.SaveAward(s.award); err != nil {
			return err
		}
	}
	return w.reissue(ctx, all...)
}
