package verifier

import (
	"strings"

	"hallmark/verifier/did"
)

// bind answers whether the key that signed is the issuer's. A key that was named
// as one of an identifier is bound by that identifier's document (bindKey). A
// key that only lay somewhere, or that the token brought along, proves nothing
// by that: it counts if it is among those that the issuer publishes, in its
// document or in the key set of its host.
func (r *run) bind(issuerID string, used *did.Method) Check {
	base, fragment, _ := strings.Cut(used.ID, "#")
	if strings.HasPrefix(base, "did:") || base == issuerID && fragment != "" {
		return r.bindKey(issuerID, used)
	}
	answer := func(o Outcome, problem, reason string) Check { return issuerCheck(o, problem, reason, used.ID) }
	switch {
	case used.Controller != "" && used.Controller != issuerID:
		return answer(Refused, problemMethod, "The key that signed belongs to someone else than the issuer.")
	case used.Revoked != nil && !r.now.Before(*used.Revoked):
		return answer(Refused, problemMethod, givenUp)
	case used.Expires != nil && !r.now.Before(*used.Expires):
		return answer(Refused, problemMethod, "The key that signed has run out.")
	}
	doc, err := r.document(issuerID)
	if err == nil {
		for i := range doc.Methods {
			if m := &doc.Methods[i]; m.Key != nil && sameKey(m.Key, used.Key) {
				return r.bindKey(issuerID, m)
			}
		}
		if strings.HasPrefix(issuerID, "did:key:") || strings.HasPrefix(issuerID, "did:jwk:") {
			return answer(Refused, problemMethod, "It was signed with another key than the one that is its issuer's identifier.")
		}
	}
	if found := r.publishedKey(issuerID, used); found != nil {
		switch {
		case found.Revoked != nil && !r.now.Before(*found.Revoked):
			return answer(Refused, problemMethod, givenUp)
		case found.Expires != nil && !r.now.Before(*found.Expires):
			return answer(Refused, problemMethod, "The key that signed has run out.")
		}
		return answer(Verified, "", "The issuer's published keys hold the one that signed.")
	}
	if err != nil {
		return answer(Undetermined, problemMethod, couldNotLookUp(issuerID, err))
	}
	return answer(Undetermined, problemMethod, "The key that signed is not among those that the issuer publishes.")
}

// publishedKey finds the key in the key set of the issuer's host. Where several
// share a host, the key must say whose it is.
func (r *run) publishedKey(issuerID string, used *did.Method) *did.JWK {
	address := wellKnown(issuerID)
	if address == "" {
		return nil
	}
	set, err := r.keySet(address)
	if err != nil {
		return nil
	}
	for i := range set.Keys {
		k := &set.Keys[i]
		if k.Key != nil && sameKey(k.Key, used.Key) && (k.Issuer == issuerID || k.Issuer == "" && wholeHost(issuerID)) {
			return k
		}
	}
	return nil
}
