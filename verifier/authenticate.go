package verifier

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"strings"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// Problem types of Controlled Identifiers 1.0 §3.5.
const (
	problemMethodURL = "https://w3id.org/security#INVALID_VERIFICATION_METHOD_URL"
	problemMethod    = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"
	problemRelation  = "https://w3id.org/security#INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
	problemTransform = "https://w3id.org/security#PROOF_TRANSFORMATION_ERROR"
	problemProof     = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
)

// authentication is what the proofs of one credential say, and whose they are.
type authentication struct {
	proof, issuer Check
	results       []dataintegrity.Result
	signed        *strictjson.Value // the claims; nil unless the proof is right
}

// genuine says whether the credential is its issuer's, unchanged.
func (a *authentication) genuine() bool {
	return a.proof.Outcome == Verified && a.issuer.Outcome == Verified
}

// authenticate answers proof and issuer for a credential, a status list or an
// endorsement alike.
func (r *run) authenticate(c *vc.Credential) authentication {
	a := authentication{}
	a.results = r.checkProofs(c, dataintegrity.Expect{Now: r.now, Budget: r.budget})
	for i := range a.results {
		if p := &a.results[i]; p.State == dataintegrity.Good && p.Statements != nil {
			if name := hiddenMember(c, p.Statements); name != "" {
				p.State, p.Problem = dataintegrity.Bad, problemTransform
				p.Reason = "What is signed and what is written differ: " + name + " stands under another name."
			}
		}
	}
	a.proof = sumProofs(a.results)
	if e := r.tokens[c]; e != nil && a.proof.Outcome == Verified {
		a.proof.Detail["claims"] = e.describe()
	}
	for i := range a.results {
		if a.proof.Outcome == Verified && a.results[i].State == dataintegrity.Good {
			a.signed = a.results[i].Signed
			break
		}
	}
	a.issuer = r.bindIssuer(c, a.results, a.proof.Outcome)
	return a
}

// sumProofs: one good and none bad is right; one bad is wrong; none at all is
// wrong; otherwise nobody can tell. Where there are more than are checked, one
// that was not looked at may be bad: good ones do not speak for it.
func sumProofs(results []dataintegrity.Result) Check {
	c := Check{Name: Names[proof], Detail: map[string]any{"proofs": describeProofs(results)}}
	if len(results) == 0 {
		c.Outcome, c.Reason, c.Problem = Refused, "The credential is not signed.", problemProof
		c.Detail = nil
		return c
	}
	pick := func(state dataintegrity.State) *dataintegrity.Result {
		for i := range results {
			if results[i].State == state {
				return &results[i]
			}
		}
		return nil
	}
	bad, good := pick(dataintegrity.Bad), pick(dataintegrity.Good)
	switch {
	case bad != nil:
		c.Outcome, c.Reason, c.Problem = Refused, bad.Reason, bad.Problem
	case len(results) > dataintegrity.MaxProofs:
		c.Outcome, c.Reason = Undetermined, fmt.Sprintf("The credential has %d signatures; no more than %d are checked.", len(results), dataintegrity.MaxProofs)
	case good != nil:
		c.Outcome, c.Reason = Verified, good.Reason
	default:
		c.Outcome, c.Reason, c.Problem = Undetermined, results[0].Reason, results[0].Problem
	}
	return c
}

var proofOutcomes = map[dataintegrity.State]Outcome{dataintegrity.Good: Verified, dataintegrity.Bad: Refused, dataintegrity.Unchecked: Undetermined}

func describeProofs(results []dataintegrity.Result) []map[string]any {
	var list []map[string]any
	for i := range results {
		p := &results[i]
		d := map[string]any{"outcome": proofOutcomes[p.State], "reason": p.Reason, "cryptosuite": p.Cryptosuite, "verificationMethod": p.VerificationMethod}
		if p.Created != nil {
			d["created"] = p.Created.UTC().Format("2006-01-02T15:04:05Z")
		}
		list = append(list, d)
	}
	return list
}

// findKey finds the key that a proof names. A multikey in the fragment is the
// key itself; whether it is the issuer's is another question (bindIssuer).
func (r *run) findKey(_ context.Context, vm string) (*did.Method, error) {
	base, fragment, ok := strings.Cut(vm, "#")
	if !ok || base == "" || fragment == "" {
		return nil, &dataintegrity.KeyError{State: dataintegrity.Unchecked, Problem: problemMethodURL, Reason: "The proof names a key in a way that is not understood here."}
	}
	if fragment[0] == 'z' && !strings.HasPrefix(base, "did:key:") {
		if key, err := did.DecodeMultikey(fragment); err == nil {
			return &did.Method{ID: vm, Type: "Multikey", Controller: base, Key: key}, nil
		}
	}
	doc, err := r.document(base)
	if err != nil {
		return nil, keyError(base, err)
	}
	m := doc.Method(vm)
	if m == nil {
		return nil, &dataintegrity.KeyError{State: dataintegrity.Bad, Problem: problemMethod, Reason: "The proof names a key that its owner does not list."}
	}
	return m, nil
}

// keyError answers for a document that could not be had. A did:key or did:jwk
// that cannot be read will never be readable.
func keyError(id string, err error) *dataintegrity.KeyError {
	if strings.HasPrefix(id, "did:key:") || strings.HasPrefix(id, "did:jwk:") {
		return &dataintegrity.KeyError{State: dataintegrity.Bad, Problem: problemMethod, Reason: "The proof names a key that cannot be used: " + plainCause(err) + "."}
	}
	return &dataintegrity.KeyError{State: dataintegrity.Unchecked, Problem: problemMethod, Reason: couldNotLookUp(id, err)}
}

func couldNotLookUp(id string, err error) string {
	if errors.Is(err, did.ErrNotFound) {
		return "The keys of " + clip(id, 80) + " could not be looked up: it publishes none at its address."
	}
	return "The keys of " + clip(id, 80) + " could not be looked up: " + lower(strings.TrimSuffix(plainCause(err), ".")) + "."
}

// bindIssuer answers whether the key that signed is the issuer's (Controlled
// Identifiers 1.0 §3.3): the identifier of the key's owner is the issuer's, and
// the owner's document lists that key, for making statements, as its own. Of
// several good proofs one by the issuer is enough.
func (r *run) bindIssuer(c *vc.Credential, results []dataintegrity.Result, proofOutcome Outcome) Check {
	best := Check{Name: Names[issuer], Outcome: Undetermined, Reason: "Not known, because no signature could be checked."}
	switch {
	case proofOutcome == Refused:
		best.Reason = "Not known, because the signature is not right."
		return best
	case c.Issuer.ID == "":
		best.Outcome, best.Reason = Refused, "The credential does not say who issued it."
		return best
	}
	found := false
	for i := range results {
		if results[i].State != dataintegrity.Good {
			continue
		}
		answer := r.bind(c.Issuer.ID, results[i].Method)
		if answer.Reason == givenUp {
			answer = r.signedBefore(c, results[i].Method, answer)
		}
		if !found || rank(answer.Outcome) > rank(best.Outcome) {
			best, found = answer, true
		}
	}
	return best
}

// givenUp is said of a key that the issuer has given up; signedBefore may still
// find that it signed when it was good.
const givenUp = "The issuer has given up the key that signed, and nothing shows that it signed before."

func rank(o Outcome) int {
	switch o {
	case Verified:
		return 2
	case Undetermined:
		return 1
	}
	return 0
}

func (r *run) bindKey(issuerID string, used *did.Method) Check {
	answer := func(o Outcome, problem, reason string) Check { return issuerCheck(o, problem, reason, used.ID) }
	base, _, _ := strings.Cut(used.ID, "#")
	if base != issuerID {
		return answer(Refused, problemMethod, "It was signed with a key of "+clip(base, 80)+", not with one of its issuer "+clip(issuerID, 80)+".")
	}
	doc, err := r.document(base)
	if err != nil {
		return answer(Undetermined, problemMethod, couldNotLookUp(base, err))
	}
	m := doc.Method(used.ID)
	switch {
	case m == nil:
		return answer(Refused, problemMethod, "The issuer does not list the key that signed.")
	case m.Revoked != nil && !r.now.Before(*m.Revoked):
		return answer(Refused, problemMethod, givenUp)
	case m.Expires != nil && !r.now.Before(*m.Expires):
		return answer(Refused, problemMethod, "The key that signed has run out.")
	case m.Key == nil:
		return answer(Undetermined, problemMethod, "The issuer lists the key in a form that cannot be used: "+m.Fault+".")
	case !sameKey(m.Key, used.Key):
		return answer(Refused, problemMethod, "The issuer lists another key under the name of the one that signed.")
	case m.Controller != issuerID:
		return answer(Refused, problemMethod, "The key that signed belongs to someone else than the issuer.")
	case !doc.Asserts(m.ID):
		return answer(Refused, problemRelation, "The issuer does not let the key that signed make statements.")
	}
	how := "The issuer's published document lists the key that signed."
	if strings.HasPrefix(base, "did:key:") || strings.HasPrefix(base, "did:jwk:") {
		how = "The issuer's identifier is the key that signed."
	}
	return answer(Verified, "", how)
}

// issuerCheck is an answer about a key, which the details name if it has a name.
//
//go:noinline
func issuerCheck(o Outcome, problem, reason, method string) Check {
	c := Check{Name: Names[issuer], Outcome: o, Reason: reason, Problem: problem}
	if method != "" {
		c.Detail = map[string]any{"verificationMethod": method}
	}
	return c
}

func sameKey(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}
