package verifier

import (
	"strings"

	"hallmark/verifier/ob2"
)

// judgeStatus answers whether an older badge was withdrawn: a hosted one says so at
// its address, a signed one stands in its issuer's list.
func (o *older) judgeStatus() {
	r := o.run
	switch {
	case o.ended.Outcome == Refused:
		r.report.Checks[status] = o.ended
	case o.a.Revoked:
		r.words.status = "revoked"
		r.report.set(status, Refused, "It says itself that it was revoked"+because(o.a.Reason))
	case o.token != nil:
		r.report.Checks[status] = o.listed()
	case r.report.check(proof).Outcome == Verified:
		r.report.set(status, Verified, "The copy at its address does not say that it was revoked.")
	default:
		r.report.Checks[status] = unknownStatus(problemRetrieval, "the copy at its address could not be looked at")
	}
}

// listed looks a signed assertion up in its issuer's list of revoked ones. The list
// is not signed: the profile names its address, and it comes from there.
func (o *older) listed() Check {
	switch {
	case o.profile == nil:
		return unknownStatus(problemRetrieval, "the profile of its issuer could not be looked at")
	case o.profile.RevocationList == "":
		return statusCheck(Skipped, "", "Its issuer keeps no list of revoked badges.")
	}
	list, err := o.fetch(o.profile.RevocationList)
	if err != nil {
		return unknownStatus(problemRetrieval, "the issuer's list of revoked badges could not be had")
	}
	by := list.Get("issuer").Text()
	if by == "" {
		by = list.Get("issuer").Get("id").Text()
	}
	found, why, odd := ob2.Revoked(list, o.a)
	switch {
	case by != "" && !ob2.SameID(by, o.profile.ID):
		return unknownStatus(problemStatusProof, "the list of revoked badges is by someone else than the issuer")
	case list.Get("id") != nil && !ob2.SameID(list.Get("id").Text(), o.profile.RevocationList):
		return unknownStatus(problemStatusProof, "what was found is another list")
	case found:
		o.words.status = "revoked"
		return statusCheck(Refused, "", "The issuer's list shows it as revoked"+because(why))
	case odd || list.Get("revokedAssertions") == nil && !listed(list.Get("type"), "RevocationList"):
		return unknownStatus(problemStatusValue, "the issuer's list of revoked badges is not as it should be")
	}
	return statusCheck(Verified, "", "The issuer's list of revoked badges, which is not signed, does not name it.")
}

// judgePeriod: from the day of issue until and including "expires".
func (o *older) judgePeriod() {
	r, a := o.run, o.a
	var check *Check
	switch {
	case a.IssuedOn != nil && r.now.Before(*a.IssuedOn):
		r.words.period = "not valid before " + date(*a.IssuedOn)
		check = r.report.set(period, Refused, "It says that it was issued on "+date(*a.IssuedOn)+", which is in the future.")
	case a.Expires != nil && r.now.After(*a.Expires):
		r.words.period = "expired on " + date(*a.Expires)
		check = r.report.set(period, Refused, "It expired on "+date(*a.Expires)+".")
	case !a.Dated():
		check = r.report.set(period, Undetermined, "The dates of the badge cannot be read.")
	case a.Expires != nil:
		check = r.report.set(period, Verified, "It is valid until "+date(*a.Expires)+".")
	case a.IssuedOn != nil:
		check = r.report.set(period, Verified, "It has been valid since "+date(*a.IssuedOn)+", without an end.")
	default:
		r.report.set(period, Skipped, "The badge names no period.")
		return
	}
	check.Detail = map[string]any{}
	if a.IssuedOn != nil {
		check.Detail["validFrom"] = a.IssuedOn.UTC().Format("2006-01-02T15:04:05Z")
	}
	if a.Expires != nil {
		check.Detail["validUntil"] = a.Expires.UTC().Format("2006-01-02T15:04:05Z")
	}
}

// matchRecipient: Open Badges 2.0, "IdentityObject". Such a badge names its owner by
// one address, never by a name.
func (o *older) matchRecipient(kind, value string) (Outcome, string) {
	word := personWords[kind]
	if kind != "emailAddress" || o.a.Recipient.Get("type").Text() != "email" {
		return Undetermined, "The badge does not carry the " + word + " of its owner, so it does not tell whose it is."
	}
	for _, spelling := range []string{value, strings.ToLower(value)} {
		same, understood := ob2.Identifies(o.a.Recipient, spelling)
		switch {
		case same:
			return Verified, "It was issued to this " + word + "."
		case !understood:
			return Undetermined, "The " + word + " of its owner is written in a way that is not read here."
		}
	}
	return Refused, "It was issued to another " + word + "."
}

// judgeRest answers the checks that inform.
func (o *older) judgeRest() {
	r := o.run
	r.report.set(refresh, Skipped, "Badges of this kind name no place for a newer copy.")
	r.report.set(schema, Skipped, "The rules of Open Badges 3.0 are not for this kind; what it needs to be checked is there.")
	r.report.set(endorsement, Skipped, "Endorsements of older badges are not looked for.")
	for _, s := range o.a.Slips {
		o.slip(s.Pointer, s.Reason)
	}
	reason := "The badge departs from the standard in ways that leave its meaning plain: "
	names := map[string]string{}
	if o.class != nil {
		names["/badge/name"] = o.class.Name
	}
	if o.profile != nil {
		names["/badge/issuer/name"] = o.profile.Name
	}
	for _, at := range []string{"/badge/name", "/badge/issuer/name"} {
		if why := deception(names[at]); why != "" {
			o.slips = append([]map[string]any{{"at": at, "reason": why}}, o.slips...)
			reason = "Read the names in it with care: "
		}
	}
	if len(o.slips) == 0 {
		r.report.set(conformance, Verified, "No slips against Open Badges 2.0 were found in what was read.")
		return
	}
	r.report.set(conformance, Refused, reason+o.slips[0]["reason"].(string)+".").Detail = map[string]any{"problems": o.slips}
}
