package verifier

import (
	"strings"
	"time"

	"hallmark/verifier/ob3"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// problemRange is the problem type of VC Data Model 2.0 §7.3 for dates out of
// their period.
const problemRange = "https://www.w3.org/TR/vc-data-model#RANGE_ERROR"

// judgePeriod answers whether the credential is in its period: from validFrom,
// until and including validUntil (VC Data Model 2.0 §4.9).
func (r *run) judgePeriod(c *vc.Credential) {
	detail := map[string]any{}
	for name, at := range map[string]*time.Time{"validFrom": c.ValidFrom, "validUntil": c.ValidUntil} {
		if at != nil {
			detail[name] = at.UTC().Format("2006-01-02T15:04:05Z")
		}
	}
	var check *Check
	switch {
	case c.ValidFrom != nil && r.now.Before(*c.ValidFrom):
		r.words.period = "not valid before " + date(*c.ValidFrom)
		check = r.report.set(period, Refused, "It becomes valid on "+date(*c.ValidFrom)+".")
		check.Problem = problemRange
	case c.ValidUntil != nil && r.now.After(*c.ValidUntil):
		r.words.period = "expired on " + date(*c.ValidUntil)
		check = r.report.set(period, Refused, "It expired on "+date(*c.ValidUntil)+".")
		check.Problem = problemRange
	case r.unreadableDates(c):
		check = r.report.set(period, Undetermined, "The dates of the credential cannot be read.")
	case c.ValidUntil != nil:
		check = r.report.set(period, Verified, "It is valid until "+date(*c.ValidUntil)+".")
	case c.ValidFrom != nil:
		check = r.report.set(period, Verified, "It has been valid since "+date(*c.ValidFrom)+", without an end.")
	default:
		r.report.set(period, Skipped, "The credential names no period.")
		return
	}
	check.Detail = detail
}

func (r *run) unreadableDates(c *vc.Credential) bool {
	from, until := "validFrom", "validUntil"
	if c.Version == 1 {
		from, until = "issuanceDate", "expirationDate"
	}
	return c.Doc.Get(from) != nil && c.ValidFrom == nil || c.Doc.Get(until) != nil && c.ValidUntil == nil
}

func date(at time.Time) string { return at.UTC().Format("2006-01-02") }

// judgeRecipient compares the person that the reader knows with those that the
// subject names (Open Badges 3.0 §9.1 step 5).
func (r *run) judgeRecipient(c *vc.Credential, ask Ask) {
	r.compareRecipient(ask, func(kind, value string) (Outcome, string) { return matchPerson(c, kind, value) })
}

// compareRecipient asks for everything that the reader knows of the person; all of
// it must be right.
func (r *run) compareRecipient(ask Ask, match func(kind, value string) (Outcome, string)) {
	asked := []struct{ kind, value string }{{"name", strings.TrimSpace(ask.Name)}, {"emailAddress", strings.TrimSpace(ask.Email)}}
	answered := false
	for _, a := range asked {
		if a.value == "" {
			continue
		}
		outcome, reason := Undetermined, "Its holder is not to be named, so that no "+personWords[a.kind]+" was compared."
		if !r.unnamed {
			outcome, reason = match(a.kind, a.value)
		}
		if current := r.report.check(recipient); !answered || current.Outcome == Verified || outcome == Refused && current.Outcome == Undetermined {
			r.report.set(recipient, outcome, reason)
		}
		answered = true
	}
	if !answered {
		r.report.set(recipient, Skipped, "You did not ask whose it is.")
	}
}

// personWords are how the kinds of identity are called in sentences.
var personWords = map[string]string{"name": "name", "emailAddress": "e-mail address"}

func matchPerson(c *vc.Credential, kind, value string) (Outcome, string) {
	word := personWords[kind]
	stated, unclear := false, false
	for _, subject := range c.Subjects {
		for identity := range subject.Get("identifier").Each() {
			if identity.Get("identityType").Text() != kind {
				continue
			}
			stated = true
			same, understood := samePerson(identity, kind, value)
			if same {
				return Verified, "It was issued to this " + word + "."
			}
			unclear = unclear || !understood
		}
	}
	switch {
	case !stated:
		return Undetermined, "The credential does not carry the " + word + " of its owner, so it does not tell whose it is."
	case unclear:
		return Undetermined, "The " + word + " of its owner is written in a way that is not read here."
	}
	return Refused, "It was issued to another " + word + "."
}

// samePerson tries the spellings that mean the same: an address as typed and in
// lower case; a name with single blanks, and for a name in plain text any case.
func samePerson(identity *strictjson.Value, kind, value string) (same, understood bool) {
	spellings := []string{value, strings.Join(strings.Fields(value), " ")}
	if kind == "emailAddress" {
		spellings = append(spellings, strings.ToLower(value))
	}
	for _, spelling := range spellings {
		if same, understood = ob3.Identifies(identity, spelling); same {
			return true, true
		}
	}
	plain := identity.Get("hashed")
	if understood && plain.Str == "false" {
		stated := strings.Join(strings.Fields(identity.Get("identityHash").Text()), " ")
		return strings.EqualFold(stated, spellings[1]), true
	}
	return false, understood
}

// statedName is the name of the earner where the signed claims carry one.
func statedName(c *vc.Credential) string {
	for _, subject := range c.Subjects {
		for identity := range subject.Get("identifier").Each() {
			if hashed := identity.Get("hashed"); identity.Get("identityType").Text() == "name" && hashed != nil && hashed.Str == "false" {
				return identity.Get("identityHash").Text()
			}
		}
	}
	return ""
}

// naming are the members of a subject that say who it is (Open Badges 3.0 §B.1.7
// identifier; the others are schema.org's and the Profile's).
var naming = [...]string{"identifier", "name", "givenName", "familyName", "additionalName", "patronymicName", "email", "phone", "dateOfBirth", "image"}

// claims writes what was signed for the report: whole, or without what names its
// holder.
func (r *run) claims(signed *strictjson.Value) []byte {
	if !r.unnamed {
		return signed.Append(nil)
	}
	doc := *signed
	doc.Kids = append([]strictjson.Value(nil), signed.Kids...)
	if subject := doc.Get("credentialSubject"); subject != nil {
		*subject = nameless(*subject)
	}
	return doc.Append(nil)
}

// nameless copies a subject, or several, without the members that name them.
func nameless(subject strictjson.Value) strictjson.Value {
	if subject.Kind == strictjson.Object {
		copied := &subject
		for _, member := range naming {
			copied = copied.Without(member)
		}
		return *copied
	}
	subject.Kids = append([]strictjson.Value(nil), subject.Kids...)
	for i := range subject.Kids {
		subject.Kids[i] = nameless(subject.Kids[i])
	}
	return subject
}
