package verifier

import (
	"fmt"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// maxEndorsements is how many endorsements of one credential are checked.
const maxEndorsements = 4

// judgeEndorsements checks every endorsement that stands in the credential on
// its own: its proof, whose key that is, its status entries named but not
// looked up, and its period (Open Badges 3.0 §9.2). A bad endorsement does not
// make the badge bad.
func (r *run) judgeEndorsements(c *vc.Credential) {
	claims := c.Doc.Without("proof") // which anybody may have added
	found := findEndorsements(claims, nil)
	if len(found) == 0 {
		r.report.set(endorsement, Skipped, "Nobody's endorsement came with this credential.")
		return
	}
	var list []map[string]any
	tally := map[Outcome]int{}
	for i, v := range found {
		var d map[string]any
		if i < maxEndorsements {
			d = r.endorsement(v, claims)
		} else {
			d = map[string]any{"outcome": Undetermined, "reason": "Not checked, because there are too many."}
		}
		tally[d["outcome"].(Outcome)]++
		list = append(list, d)
	}
	outcome := Verified
	switch {
	case tally[Refused] > 0:
		outcome = Refused
	case tally[Undetermined] > 0:
		outcome = Undetermined
	}
	reason := fmt.Sprintf("%d of %d endorsements are genuine and current.", tally[Verified], len(found))
	if len(found) == 1 {
		reason = "The endorsement: " + list[0]["reason"].(string)
	}
	r.report.set(endorsement, outcome, reason).Detail = map[string]any{"endorsements": list}
}

// findEndorsements collects the endorsements of the badge, its achievement and
// its issuer, wherever a member "endorsement" holds them, or "endorsementJwt"
// their tokens.
func findEndorsements(v *strictjson.Value, found []*strictjson.Value) []*strictjson.Value {
	if v == nil {
		return found
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		kind, ok := endorsementMembers[kid.Name]
		if ok && v.Kind == strictjson.Object {
			for one := range kid.Each() {
				if one.Kind == kind {
					found = append(found, one)
				}
			}
			continue
		}
		found = findEndorsements(kid, found)
	}
	return found
}

// endorsementMembers are the members that hold endorsements, and in what form.
var endorsementMembers = map[string]strictjson.Kind{"endorsement": strictjson.Object, "endorsementJwt": strictjson.String}

func (r *run) endorsement(v, claims *strictjson.Value) map[string]any {
	c, problems, err := r.within(v)
	if err != nil {
		return map[string]any{"outcome": Refused, "reason": "It cannot be read: " + plainCause(err) + "."}
	}
	outcome, reason := r.endorsementOutcome(c, problems)
	if outcome == Verified && !endorses(c, claims) {
		outcome, reason = Refused, "It is about something else than this credential and what is in it."
	}
	d := map[string]any{"outcome": outcome, "reason": reason, "id": c.ID, "issuer": c.Issuer.ID}
	if outcome == Verified {
		d["name"], d["issuerName"] = c.Name(), c.Issuer.Name
		if len(c.Subjects) > 0 {
			d["endorses"], d["comment"] = c.Subjects[0].Get("id").Text(), c.Subjects[0].Get("endorsementComment").Text()
		}
	}
	return d
}

// endorses says whether an endorsement is about the credential that it came in, or
// about something in it: the subject, the achievement, a profile (Open Badges 3.0
// §B.1.10). Whoever makes a badge may put anybody's praise of others into it.
func endorses(c *vc.Credential, claims *strictjson.Value) bool {
	for _, subject := range c.Subjects {
		if id := subject.Get("id").Text(); id == "" || !holds(claims, id) {
			return false
		}
	}
	return len(c.Subjects) > 0
}

// holds says whether an object has this id, endorsements aside.
func holds(v *strictjson.Value, id string) bool {
	if v.Get("id").Text() == id {
		return true
	}
	for i := range v.Kids {
		if _, ok := endorsementMembers[v.Kids[i].Name]; !ok && holds(&v.Kids[i], id) {
			return true
		}
	}
	return false
}

func (r *run) endorsementOutcome(c *vc.Credential, problems []vc.Problem) (Outcome, string) {
	if fatal := vc.Fatal(problems); fatal != nil {
		return Refused, "It is not a proper credential: " + fatal.Reason + "."
	}
	if !c.Has("EndorsementCredential") {
		return Refused, "It is not an endorsement."
	}
	auth := r.authenticate(c)
	switch {
	case auth.proof.Outcome != Verified:
		return auth.proof.Outcome, auth.proof.Reason
	case auth.issuer.Outcome != Verified:
		return auth.issuer.Outcome, auth.issuer.Reason
	case c.ValidFrom != nil && r.now.Before(*c.ValidFrom):
		return Refused, "It becomes valid on " + date(*c.ValidFrom) + "."
	case c.ValidUntil != nil && r.now.After(*c.ValidUntil):
		return Refused, "It expired on " + date(*c.ValidUntil) + "."
	case len(c.Status) > 0:
		for i := range c.Status {
			if answer := r.entry(c, &c.Status[i]); answer.Outcome != Verified {
				return answer.Outcome, answer.Reason
			}
		}
	}
	return Verified, "It is genuine and current, by " + clip(c.Issuer.ID, 80) + "."
}
