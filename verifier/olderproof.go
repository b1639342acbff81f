package verifier

import (
	"crypto/rsa"
	"errors"
	"slices"
	"strings"

	"hallmark/verifier/ob2"
)

// judgeHosted answers format, proof, issuer for an assertion that counts because of
// where it lies (Open Badges 2.0, "HostedBadge"): the copy at its address is the
// badge, and the address is one of its issuer's.
func (o *older) judgeHosted() {
	r := o.run
	if o.given != nil {
		r.report.set(format, Verified, legacyWords+".")
		switch o.given.Way {
		case ob2.Signed:
			r.report.set(proof, Refused, "It says that it is signed, and no signature came with it.").Problem = problemProof
			r.report.set(issuer, Undetermined, "Not known, because there is no signature.")
			return
		case 0:
			r.report.set(proof, Undetermined, "It is to be checked in a way that is not known here.")
			r.report.set(issuer, Undetermined, "Not known, because it could not be checked.")
			return
		}
	}
	outcome, reason := o.lookAtHome()
	r.report.set(proof, outcome, reason).Detail = map[string]any{"hosted": clip(o.address, 200)}
	if outcome != Verified {
		r.report.set(issuer, Undetermined, "Not known, because the badge was not found at its address.")
		return
	}
	outcome, reason = o.learnIssuer()
	switch {
	case outcome != Verified:
	case !o.profile.Hosts(o.address):
		outcome, reason = Refused, "It lies at an address where its issuer "+clip(o.profile.ID, 80)+" keeps no badges."
	default:
		reason = "The badge lies at an address of its issuer."
		r.report.Issuer.Name = o.profile.Name
	}
	r.report.set(issuer, outcome, reason)
}

// lookAtHome gets the assertion from its address, and holds the copy that was handed
// in against it. What counts is what lies there.
func (o *older) lookAtHome() (Outcome, string) {
	doc, err := o.fetch(o.address)
	if err != nil && o.given == nil {
		o.report.set(format, Undetermined, notHad("The picture holds only the address of a badge, which", err))
	}
	if errors.Is(err, ob2.ErrGone) {
		o.gone("Its issuer has taken it away from its address, which is how such badges are withdrawn.", "withdrawn")
		return Undetermined, "The badge is no longer at its address, so nothing shows whether this was it."
	}
	if err != nil {
		return Undetermined, notHad("Badges of this kind are not signed: the one at its address counts. It", err)
	}
	if ob2.Version(doc) != 2 {
		if o.given == nil {
			o.report.set(format, Refused, "The picture holds the address of something that is not a badge of Open Badges 2.0.")
		}
		return Refused, "What lies at its address is not this badge."
	}
	home := ob2.ReadAssertion(doc)
	if o.given == nil {
		if home.Problem != "" {
			o.report.set(format, Refused, legacyWords+", and not a proper one: "+home.Problem+".")
			return Undetermined, "Not checked, because the badge cannot be read."
		}
		o.report.set(format, Verified, legacyWords+".")
		o.given = home
	}
	return o.compare(home)
}

// compare holds the copy at hand against the one at home.
func (o *older) compare(home *ob2.Assertion) (Outcome, string) {
	core, others := o.given.Differs(home)
	switch {
	case slices.Contains(core, "id") || !ob2.SameID(home.URL, o.address):
		return Refused, "What lies at its address is another badge."
	case home.Revoked && home.BadgeID == "":
		// "If revoked is true, only revoked and id are required properties."
		o.gone("The issuer's copy says that it was revoked"+because(home.Reason), "revoked")
		return Undetermined, "The copy at its address only says that it was revoked, so nothing shows whether this was it."
	case home.Problem != "":
		return Refused, "The copy at its address is not a proper one: " + home.Problem + "."
	case home.Way != ob2.Hosted:
		return Refused, "The copy at its address does not say that it is hosted."
	case len(core) > 0:
		return Refused, "The copy at its address says otherwise: " + strings.Join(core, ", ") + "."
	}
	for _, name := range others {
		o.slip("/"+clip(name, 40), "the copy at its address, which counts, says otherwise")
	}
	o.a = home
	return Verified, "The same badge lies at its address; badges of this kind are not signed."
}

// gone keeps the answer to the check "status" where the address only tells that the
// badge was withdrawn.
func (o *older) gone(reason, word string) {
	o.ended = statusCheck(Refused, "", reason)
	o.words.status = word
}

// judgeSigned answers format, proof, issuer for a signed assertion (Open Badges 2.0,
// "SignedBadge"): a JWS with a key that the issuer's profile lists. Any key may come
// with it or lie somewhere; only the profile says whose it is.
func (o *older) judgeSigned() {
	r := o.run
	o.a = o.given
	r.report.set(format, Verified, legacyWords+".")
	if err := o.token.refused; err != nil {
		r.report.set(proof, tokenOutcome(err), sentence(err)).Problem = problemProof
		r.report.set(issuer, Undetermined, "Not known, because no signature could be checked.")
		return
	}
	outcome, reason := o.learnIssuer()
	if outcome != Verified {
		r.report.set(proof, Undetermined, "The signature could not be checked, because the key of its issuer is not known.")
		r.report.set(issuer, outcome, reason)
		return
	}
	key, id, outcome, reason := o.findIssuerKey()
	check := r.report.set(issuer, outcome, reason)
	if check.Detail = map[string]any{"verificationMethod": id}; outcome == Refused {
		check.Problem = problemMethod
	}
	if key == nil {
		r.report.set(proof, Undetermined, "The signature could not be checked, because it is not with a known key of its issuer.")
		return
	}
	o.checkSignature(key, id)
}

func (o *older) checkSignature(key *rsa.PublicKey, id string) {
	r := o.run
	err := o.token.token.Verify(key)
	check := r.report.set(proof, Verified, "The signature fits the content and the key that it names.")
	switch {
	case err != nil:
		check.Outcome, check.Reason, check.Problem = tokenOutcome(err), sentence(err), problemProof
	case o.token.token.Key != nil && !sameKey(key, o.token.token.Key):
		check.Outcome, check.Reason, check.Problem = Refused, "It carries another key than the one that it names.", problemProof
	}
	check.Detail = map[string]any{"proofs": []map[string]any{{"outcome": check.Outcome, "reason": check.Reason, "cryptosuite": o.token.token.Alg, "verificationMethod": id}}}
	if check.Outcome == Verified {
		r.report.Issuer.Name = o.profile.Name
		return
	}
	r.report.set(issuer, Undetermined, "Not known, because the signature is not right.")
}

// findIssuerKey finds the key that the assertion names among those that the profile
// lists: it must be listed, and it must say that it is the issuer's.
func (o *older) findIssuerKey() (key *rsa.PublicKey, id string, outcome Outcome, reason string) {
	var listed *ob2.Key
	for i := range o.profile.Keys {
		if k := &o.profile.Keys[i]; k.ID == o.a.Creator && k.ID != "" || o.a.Creator == "" && len(o.profile.Keys) == 1 {
			listed = k
		}
	}
	if listed == nil {
		return nil, clip(o.a.Creator, 200), Refused, "It was signed with a key that its issuer does not list."
	}
	id = clip(listed.ID, 200)
	found := *listed
	if found.PEM == "" {
		doc, err := o.fetch(listed.ID)
		if err != nil {
			return nil, id, Undetermined, notHad("The key of its issuer", err)
		}
		found = ob2.ReadKey(doc)
		switch {
		case found.ID != listed.ID:
			return nil, id, Undetermined, "What lies at the address of the issuer's key is another one."
		case found.Owner == "":
			return nil, id, Undetermined, "The key of its issuer does not say whose it is."
		}
	}
	if found.Owner != "" && !ob2.SameID(found.Owner, o.profile.ID) {
		return nil, id, Refused, "The key that signed belongs to someone else than the issuer."
	}
	key, err := ob2.ParseKey(found.PEM)
	if err != nil {
		return nil, id, Undetermined, "The issuer lists the key in a form that cannot be used: " + err.Error() + "."
	}
	return key, id, Verified, "The issuer's profile lists the key that signed."
}
