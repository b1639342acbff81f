package registrar

import (
	"slices"
	"time"

	"hallmark/issuer"
)

// Reading awards that were renewed: of each there is a credential in every term,
// the one that was not replaced, and it says what the award was in that term.

// running lists the credentials of awards that were not replaced and whose
// term is not over: of a renewed award there may be several.
func (w *work) running(awards ...issuer.Award) ([]issuer.Credential, error) {
	ids := unique(awards, func(a issuer.Award) issuer.AwardID { return a.ID })
	credentials, err := w.CredentialsOfAwards(ids...)
	if err != nil {
		return nil, err
	}
	over, err := w.over(awards)
	if err != nil {
		return nil, err
	}
	kept := credentials[:0]
	for _, c := range credentials {
		if c.SupersededBy == "" && !over[termOf{c.AwardID, c.Term}] {
			kept = append(kept, c)
		}
	}
	return kept, nil
}

// termOf names a term of an award.
type termOf struct {
	award issuer.AwardID
	term  int
}

// over tells of which terms of awards the end has come.
func (w *work) over(awards []issuer.Award) (map[termOf]bool, error) {
	over := map[termOf]bool{}
	past, err := w.pastTerms(awards)
	for t, p := range past {
		over[t] = p.Ended(w.Now)
	}
	for _, a := range awards {
		over[termOf{a.ID, a.Term}] = a.Lapsed(w.Now)
	}
	return over, err
}

// pastTerms reads the past terms of awards, if any of them was renewed.
func (w *work) pastTerms(awards []issuer.Award) (map[termOf]issuer.PastTerm, error) {
	terms, err := w.PastTerms(renewed(awards)...)
	return byID(terms, func(p issuer.PastTerm) termOf { return termOf{p.AwardID, p.Term} }), err
}

func renewed(awards []issuer.Award) []issuer.AwardID {
	var ids []issuer.AwardID
	for _, a := range awards {
		if a.RenewedAt != nil {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// currentIn finds the credential of an award, in the term that it is in, that
// was not replaced.
func currentIn(credentials []issuer.Credential, a *issuer.Award) *issuer.Credential {
	return find(credentials, func(c issuer.Credential) bool {
		return c.AwardID == a.ID && c.Term == a.Term && c.SupersededBy == ""
	})
}

// awardsOfFact lists the awards of people that a fact brought about or renewed,
// each as it was in that term.
func (w *work) awardsOfFact(id string, people ...issuer.PersonID) ([]issuer.Award, error) {
	awards, err := w.AwardsOfFact(id, people...)
	if err != nil {
		return nil, err
	}
	past, err := w.PastTermsOfFact(id)
	if err != nil || len(past) == 0 {
		return awards, err
	}
	before, err := w.Awards(unique(past, func(p issuer.PastTerm) issuer.AwardID { return p.AwardID })...)
	if err != nil {
		return nil, err
	}
	award := byID(before, func(a issuer.Award) issuer.AwardID { return a.ID })
	for i := range past {
		if a := award[past[i].AwardID]; slices.Contains(people, a.PersonID) {
			awards = append(awards, past[i].Of(a))
		}
	}
	return awards, nil
}

// awardsThen gives the awards of credentials, each as it was in the term that
// its credential was issued in.
func (w *work) awardsThen(credentials []issuer.Credential, awards []issuer.Award) ([]issuer.Award, error) {
	then := slices.Clone(awards)
	if awards == nil {
		read, err := w.Awards(unique(credentials, func(c issuer.Credential) issuer.AwardID { return c.AwardID })...)
		if err != nil {
			return nil, err
		}
		award := byID(read, func(a issuer.Award) issuer.AwardID { return a.ID })
		for _, c := range credentials {
			then = append(then, award[c.AwardID])
		}
	}
	past, err := w.pastTerms(then)
	for i, c := range credentials {
		if p, is := past[termOf{c.AwardID, c.Term}]; is && then[i].Term != c.Term {
			then[i] = p.Of(then[i])
		}
	}
	return then, err
}

// linkTerms puts what went before and what followed on badges of awards that
// were renewed. What was issued in a term that is over is shown as expired.
func (w *work) linkTerms(views []BadgeView, credentials []issuer.Credential, awards []issuer.Award) error {
	ids := renewed(awards)
	if len(ids) == 0 {
		return nil
	}
	past, err := w.PastTerms(ids...)
	if err != nil {
		return err
	}
	awards, err = w.Awards(ids...) // as they are in their current terms
	if err != nil {
		return err
	}
	all, err := w.CredentialsOfAwards(ids...)
	if err != nil {
		return err
	}
	until, current := map[termOf]*time.Time{}, map[termOf]issuer.CredentialID{}
	for _, p := range past {
		until[termOf{p.AwardID, p.Term}] = p.ValidUntil
	}
	for _, a := range awards {
		until[termOf{a.ID, a.Term}] = a.ValidUntil
	}
	for _, c := range all {
		if c.SupersededBy == "" {
			current[termOf{c.AwardID, c.Term}] = c.ID
		}
	}
	for i, c := range credentials {
		v, next := &views[i], termOf{c.AwardID, c.Term + 1}
		v.Renews, v.RenewedBy, v.RenewedUntil = current[termOf{c.AwardID, c.Term - 1}], current[next], until[next]
		if v.RenewedBy != "" {
			v.lapse(w)
		}
	}
	return nil
}
