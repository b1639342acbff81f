package verifier_test

import (
	"bytes"
	"strings"
	"testing"

	"hallmark/verifier/ob3"
)

// A signature covers statements, not spellings: the same statement under
// another name keeps the proof right. Whatever would end a badge must not be
// hidden in this way.
func TestHiddenMembers(t *testing.T) {
	w := newWorld(t)
	w.lists[listURL] = w.list(t, nil, 94567) // it is revoked
	old := badge()
	old.ValidUntil = ob3.At(today.AddDate(0, 0, -1)) // and expired
	old.ValidFrom = ob3.At(today.AddDate(0, 0, -2))
	old.Endorsement = []ob3.EndorsementCredential{{Context: old.Context, ID: "urn:uuid:9", Type: []string{"VerifiableCredential", "EndorsementCredential"}, Name: "E",
		Issuer: old.Issuer, ValidFrom: old.ValidFrom, ValidUntil: ob3.At(today.AddDate(1, 0, 0)), CredentialSubject: ob3.EndorsementSubject{ID: badgeID, Type: []string{"EndorsementSubject"}}}}
	withID := w.sign(t, old)
	nameless := bytes.Replace(toJSON(t, old), []byte(`"id":"`+badgeID+`","type"`), []byte(`"type"`), 1)
	nameless = w.sign(t, nameless)
	inline := func(doc []byte, context string) []byte {
		return bytes.Replace(doc, []byte(`context-3.0.3.json"]`), []byte(`context-3.0.3.json",`+context+`]`), 1)
	}
	const cred = "https://www.w3.org/2018/credentials#"
	until := `"validUntil":"` + old.ValidUntil.Format("2006-01-02T15:04:05Z") + `"`
	alias := strings.Replace(until, "validUntil", "zzz", 1)
	for which, doc := range map[string][]byte{"with id": withID, "without id": nameless} {
		aliased := inline(doc, `{"zzz":{"@id":"`+cred+`validUntil","@type":"http://www.w3.org/2001/XMLSchema#dateTime"}}`)
		for name, tried := range map[string][]byte{
			"untouched":           doc,
			"alias in a context":  replace(aliased, until, alias),
			"alias with a prefix": replace(inline(doc, `{"c":"`+cred+`"}`), until, `"c:validUntil":{"@type":"http://www.w3.org/2001/XMLSchema#dateTime","@value":"`+old.ValidUntil.Format("2006-01-02T15:04:05Z")+`"}`),
			"whole address":       replace(doc, until, `"`+cred+`validUntil":{"@type":"http://www.w3.org/2001/XMLSchema#dateTime","@value":"`+old.ValidUntil.Format("2006-01-02T15:04:05Z")+`"}`),
			"status by address":   replace(doc, `"credentialStatus":`, `"`+cred+`credentialStatus":`),
			"status by alias":     replace(inline(doc, `{"zzz":{"@id":"`+cred+`credentialStatus","@type":"@id"}}`), `"credentialStatus":`, `"zzz":`),
			"both": replace(replace(inline(doc, `{"zzz":{"@id":"`+cred+`validUntil","@type":"http://www.w3.org/2001/XMLSchema#dateTime"},"yyy":{"@id":"`+cred+`credentialStatus","@type":"@id"}}`),
				until, alias), `"credentialStatus":`, `"yyy":`),
			"moved to the endorsed": replace(replace(aliased, until+",", ""), `"type":["EndorsementSubject"]`, alias+`,"type":["EndorsementSubject"]`),
			"moved as a credential": replace(replace(doc, until+",", ""), `"type":["EndorsementSubject"]`, until+`,"type":["EndorsementSubject","VerifiableCredential"]`),
		} {
			r := verify(t, w.verifier(), tried)
			untouched := name == "untouched"
			if r.Verdict != "refused" || (outcome(r, "proof") == "verified") != untouched || (outcome(r, "period") == "refused") != strings.Contains("untouched status by address status by alias", name) {
				t.Errorf("%s, %s: proof %s, period %s: %s", which, name, find(r, "proof").Reason, outcome(r, "period"), r.Summary)
			}
		}
	}
}
