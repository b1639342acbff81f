package verifier

import (
	"strings"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

const authenticationPurpose = "authentication"

// Problem types of VC Data Integrity §4.7 about audience.
const (
	problemDomain    = "https://w3id.org/security#INVALID_DOMAIN_ERROR"
	problemChallenge = "https://w3id.org/security#INVALID_CHALLENGE_ERROR"
)

// presenter is who presents, as far as it was shown.
type presenter struct {
	id           string // "" when nobody is named or shown
	proof, bound Check
	signed       *strictjson.Value
}

// shown says whether the presenter holds the key of its identifier.
func (p presenter) shown() bool { return p.proof.Outcome == Verified && p.bound.Outcome == Verified }

func (p presenter) worst() Check { return worstOf([]Check{p.proof, p.bound}) }

// holder is who a presentation says is presenting it (VC Data Model 2.0 §4.13);
// "" when it does not say.
func holder(c *vc.Credential) string { return holderOf(c.Doc) }

func holderOf(doc *strictjson.Value) string {
	h := doc.Get("holder")
	if id := h.Get("id").Text(); id != "" {
		return id
	}
	return h.Text()
}

// judgeHolder checks the presentation's own proof and whose key made it.
func (r *run) judgeHolder(c *vc.Credential, ask Ask) presenter {
	who := presenter{id: holder(c)}
	purpose := purposeOf(c, ask)
	want := dataintegrity.Expect{Purpose: purpose, Domain: ask.Domain, Challenge: ask.Challenge, Now: r.now, Budget: r.budget}
	results := r.checkProofs(c, want)
	if e := r.tokens[c]; e != nil {
		e.judgeAudience(&results[0], ask)
	}
	if len(results) == 0 {
		// A presentation need not be signed; it then shows nothing of who presents.
		who.proof = Check{Name: Names[proof], Outcome: Undetermined, Reason: "The presentation is not signed, so it does not show who presents it.", Problem: problemProof}
		if ask.Challenge != "" || ask.Domain != "" {
			who.proof.Outcome = Refused
		}
	} else {
		who.proof = sumProofs(results)
	}
	who.bound = Check{Name: Names[issuer], Outcome: Undetermined, Reason: "Who presents it is not known, because no signature could be checked."}
	for i := range results {
		if who.proof.Outcome != Verified || results[i].State != dataintegrity.Good {
			continue
		}
		who.signed = results[i].Signed
		id, bound := r.bindHolder(who.id, results[i].Method, purpose)
		who.id, who.bound = id, bound
		break
	}
	*r.report.check(proof), *r.report.check(issuer) = who.proof, who.bound
	return who
}

// judgeAudience: a token answers a challenge by its nonce, for the reader that
// aud names (OpenID for Verifiable Presentations 1.0 §B.1.3.1).
func (e *envelope) judgeAudience(p *dataintegrity.Result, ask Ask) {
	if p.State != dataintegrity.Good {
		return
	}
	if ask.Domain != "" && !listed(e.claims.Get("aud"), ask.Domain) {
		p.State, p.Problem, p.Reason = dataintegrity.Bad, problemDomain, "The proof was made for another reader."
	}
	if ask.Challenge != "" && e.claims.Get("nonce").Text() != ask.Challenge {
		p.State, p.Problem, p.Reason = dataintegrity.Bad, problemChallenge, "The proof does not answer the challenge."
	}
}

// bindHolder answers whether the key that signed is the holder's, for showing
// who it is (Controlled Identifiers 1.0 §3.3). Where no holder is named it is
// the key's owner.
func (r *run) bindHolder(id string, used *did.Method, purpose string) (string, Check) {
	base, fragment, _ := strings.Cut(used.ID, "#")
	named := strings.HasPrefix(base, "did:") || base == id && fragment != ""
	if id == "" && named {
		id = base
	}
	answer := func(o Outcome, problem, reason string) (string, Check) {
		return id, holderCheck(o, problem, reason, id, used.ID)
	}
	switch {
	case id == "":
		return answer(Undetermined, problemMethod, "The presentation does not say who presents it.")
	case named && base != id:
		return answer(Refused, problemMethod, "It was presented with a key of someone else than "+clip(id, 80)+".")
	}
	doc, err := r.document(id)
	if err != nil {
		return answer(Undetermined, problemMethod, couldNotLookUp(id, err))
	}
	m := doc.Method(used.ID)
	for i := range doc.Methods {
		if m == nil && !named && doc.Methods[i].Key != nil && sameKey(doc.Methods[i].Key, used.Key) {
			m = &doc.Methods[i]
		}
	}
	switch {
	case m == nil:
		return answer(Refused, problemMethod, "The one who presents it does not list the key that signed.")
	case m.Revoked != nil && !r.now.Before(*m.Revoked):
		return answer(Refused, problemMethod, "The one who presents it has given up the key that signed.")
	case m.Expires != nil && !r.now.Before(*m.Expires):
		return answer(Refused, problemMethod, "The key that signed the presentation has run out.")
	case m.Key == nil || !sameKey(m.Key, used.Key) || m.Controller != id:
		return answer(Refused, problemMethod, "The key that signed the presentation is not that of the one who presents it.")
	case purpose == authenticationPurpose && !doc.Authenticates(m.ID) || purpose != authenticationPurpose && !doc.Asserts(m.ID):
		return answer(Refused, problemRelation, "The key that signed the presentation is not meant for showing who it is.")
	}
	return answer(Verified, "", "It was presented with a key of "+clip(id, 80)+".")
}

// holderCheck is an answer about the key of whoever presents.
//
//go:noinline
func holderCheck(o Outcome, problem, reason, id, method string) Check {
	return Check{Name: Names[issuer], Outcome: o, Problem: problem, Reason: reason, Detail: map[string]any{"holder": id, "verificationMethod": method}}
}

// presentedBy answers, for one credential of a presentation, whether the one
// who presents it is the one whom it was issued to. A subject without a DID has
// no key to show.
func (r *run) presentedBy(who presenter, ask Ask) {
	if ask.Name != "" || ask.Email != "" || r.credential == nil || !who.shown() {
		return
	}
	others := false
	for _, subject := range r.credential.Subjects {
		id := subject.Get("id").Text()
		if id == who.id {
			r.report.set(recipient, Verified, "It was issued to the one who presents it.")
			return
		}
		others = others || strings.HasPrefix(id, "did:")
	}
	if others {
		r.report.set(recipient, Undetermined, "It was issued to someone else than the one who presents it.")
		return
	}
	r.report.set(recipient, Skipped, "It does not name its owner by a key, so that presenting it does not tell whose it is.")
}
