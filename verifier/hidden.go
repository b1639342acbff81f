package verifier

import (
	"bytes"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// ending are the members whose absence makes a credential good for longer, with
// the properties that they stand for.
var ending = []struct{ member, property string }{
	{"validFrom", "<https://www.w3.org/2018/credentials#validFrom>"},
	{"validUntil", "<https://www.w3.org/2018/credentials#validUntil>"},
	{"issuanceDate", "<https://www.w3.org/2018/credentials#issuanceDate>"},
	{"expirationDate", "<https://www.w3.org/2018/credentials#expirationDate>"},
	{"credentialStatus", "<https://www.w3.org/2018/credentials#credentialStatus>"},
}

// hiddenMember gives the name of a member that the signed statements have and
// the document does not show where it belongs; "" if there is none.
//
// A proof over RDF signs statements, not the places where they are written. A
// member can be moved into another object that has the credential's id, under
// its own name or an alias, without breaking the proof, and we, who read it at
// the top of the document, would take it for absent: an expired badge would be
// good again. Package jsonld refuses second names where the first one is known;
// comparing what was signed with what we read closes the rest (VC Data Integrity
// §2.4.1 asks for as much under "context validation"). So:
//
//   - the credential's id is written in full, as the statements have it;
//   - a statement about that id needs its member at the top of the document;
//   - nowhere are there more such statements than such members. A member counts
//     once for each object with an id of its own, however often it is repeated.
func hiddenMember(c *vc.Credential, statements []byte) string {
	subject := []byte("<" + c.ID + "> ")
	if c.ID != "" && !hasSubject(statements, subject) {
		return "id"
	}
	for _, e := range ending {
		total := bytes.Count(statements, []byte(" "+e.property+" "))
		if total == 0 {
			continue
		}
		if c.Doc.Get(e.member) == nil && c.ID != "" && hasSubject(statements, append(bytes.Clone(subject), e.property...)) {
			return e.member
		}
		if total > countMembers(c.Doc.Without("proof"), e.member, map[string]int{}) {
			return e.member
		}
	}
	return ""
}

// hasSubject says whether a line of N-Quads begins so.
func hasSubject(statements, start []byte) bool {
	return bytes.HasPrefix(statements, start) || bytes.Contains(statements, append([]byte("\n"), start...))
}

// countMembers counts the values of a member in all objects; of objects with the
// same id the one with most counts.
func countMembers(v *strictjson.Value, name string, byID map[string]int) int {
	total := 0
	if v.Kind == strictjson.Object {
		here := 0
		for range v.Get(name).Each() {
			here++
		}
		if id := v.Get("id").Text(); id != "" {
			if here > byID[id] {
				total += here - byID[id]
				byID[id] = here
			}
		} else {
			total += here
		}
	}
	for i := range v.Kids {
		if v.Kids[i].Name != "@context" {
			total += countMembers(&v.Kids[i], name, byID)
		}
	}
	return total
}
