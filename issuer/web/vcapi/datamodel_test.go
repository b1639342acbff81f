package vcapi_test

import (
	"testing"

	"hallmark/issuer/issuertest"
)

// TestDataModel: the rules of VC Data Model 2.0 as its suite holds an issuer to
// them: each case sets members of a good credential (nil takes one out).
func TestDataModel(t *testing.T) {
	d := open(t, issuertest.Options{})
	base, examples := "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"
	inline := object{"Own": "https://x.example/own#Own", "own": "https://x.example/own#own"}
	typed := func(member string) []object {
		one := object{"id": "https://x.example/1", "type": "Own"}
		return []object{{member: one}, {member: []any{one, object{"id": "https://x.example/2", "type": "Own"}}}}
	}
	fine := []object{
		{},
		{"@context": []any{base, examples, inline}},
		{"@context": []any{base, examples, inline}, "type": []any{"VerifiableCredential", "Own"}},
		{"type": []any{"VerifiableCredential", "https://x.example/own#Type"}},
		{"id": nil}, {"id": "did:example:1"}, {"id": "https://x.example/1"}, {"id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"},
		{"name": object{"@value": "Name", "@language": "en"}},
		{"name": []any{object{"@value": "Name", "@language": "en"}, object{"@value": "اسم", "@language": "ar", "@direction": "rtl"}}},
		{"description": "text"}, {"description": object{"@value": "text", "@language": "en"}},
		{"issuer": object{"id": "", "name": "Somebody"}},
		{"issuer": object{"id": "", "name": object{"@value": "Somebody", "@language": "en"}, "description": "text"}},
		{"credentialSubject": []any{object{"id": "did:example:a", "alumniOf": "A"}, object{"alumniOf": "B"}}},
		{"credentialSubject": object{"alumniOf": "A"}},
		{"validFrom": "2010-01-01T19:23:24.651387Z"}, {"validFrom": "2010-01-01T19:23:24-05:00"}, {"validFrom": "2999-01-01T00:00:00Z"},
		{"validUntil": "2010-01-01T19:23:24Z"}, {"validFrom": "2010-01-01T19:23:24Z", "validUntil": "2010-01-01T19:23:24Z"},
		{"credentialStatus": object{"id": "https://x.example/s#1", "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "1", "statusListCredential": "https://x.example/s"}},
		{"credentialSchema": object{"id": "https://x.example/schema", "type": "JsonSchema"}},
		{"credentialSchema": []any{object{"id": "https://x.example/schema", "type": "JsonSchema"}, object{"id": "https://x.example/2", "type": "JsonSchemaCredential"}}},
		{"relatedResource": object{"id": "https://x.example/i.png", "digestMultibase": "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA"}},
		{"evidence": object{"type": "Own"}, "@context": []any{base, examples, inline}},
		{"credentialStatus": object{"type": "Own"}, "@context": []any{base, examples, inline}},
	}
	for _, member := range []string{"credentialStatus", "refreshService", "termsOfUse", "evidence"} {
		for _, change := range typed(member) {
			change["@context"] = []any{base, examples, inline}
			fine = append(fine, change)
		}
	}
	wrong := []object{
		{"@context": nil}, {"@context": []any{}}, {"@context": []any{examples, base}}, {"@context": []any{examples}}, {"@context": base},
		{"@context": []any{base, base}}, {"@context": []any{base, "https://x.example/unknown"}}, {"@context": []any{base, 1}}, {"@context": []any{base, nil}},
		{"@context": []any{base, "relative"}}, {"@context": []any{base, examples, object{"@base": "https://x.example/"}}},
		{"@context": []any{base, examples, object{"type": "https://x.example/own#type"}}}, {"@context": []any{base, examples, object{"VerifiableCredential": "https://x.example/own#vc"}}},
		{"id": "not a url"}, {"id": ""}, {"id": []any{"https://x.example/1", "https://x.example/2"}}, {"id": object{"id": "https://x.example/1"}}, {"id": 7}, {"id": "relative/path"},
		{"type": nil}, {"type": []any{}}, {"type": "AlumniCredential"}, {"type": []any{"AlumniCredential"}},
		{"@context": []any{base}, "type": []any{"VerifiableCredential", "relative/type"}, "credentialSubject": object{"id": "did:example:a"}},
		{"@context": []any{base}, "type": []any{"VerifiableCredential", "Unmapped"}, "credentialSubject": object{"id": "did:example:a"}, "name": "x"},
		{"@context": []any{base, object{"Bad": "not a url"}}, "type": []any{"VerifiableCredential", "Bad"}, "credentialSubject": object{"id": "did:example:a"}},
		{"name": object{"@language": "en"}}, {"name": object{"@value": "x", "own": 1}}, {"name": object{"@value": 7}}, {"name": object{"@value": "x", "@direction": "up"}}, {"name": object{"@value": "x", "url": "https://x.example/"}},
		{"description": object{"@value": "x", "@type": "Own"}}, {"description": 5},
		{"issuer": nil}, {"issuer": "not a url"}, {"issuer": object{}}, {"issuer": object{"id": nil}}, {"issuer": object{"id": "not a url"}}, {"issuer": object{"name": "x"}},
		{"issuer": []any{"", ""}}, {"issuer": "did:example:someone-else"}, {"issuer": object{"id": "did:example:someone-else"}},
		{"credentialSubject": nil}, {"credentialSubject": object{}}, {"credentialSubject": []any{}}, {"credentialSubject": []any{object{"alumniOf": "x"}, object{}}},
		{"credentialSubject": object{"id": []any{"did:example:a", "did:example:b"}}}, {"credentialSubject": object{"id": "not a url"}}, {"credentialSubject": []any{nil}},
		{"validFrom": "2010-01-01"}, {"validFrom": "2010-01-01T19:23:24"}, {"validFrom": "19:23"}, {"validFrom": 7}, {"validFrom": "2010-13-01T00:00:00Z"}, {"validUntil": "soon"},
		{"validFrom": "2020-01-02T00:00:00Z", "validUntil": "2020-01-01T00:00:00Z"},
		{"validFrom": []any{"2020-01-02T00:00:00Z", "2020-01-03T00:00:00Z"}},
		{"credentialStatus": object{"id": "https://x.example/1"}}, {"credentialStatus": object{"id": "not a url", "type": "BitstringStatusListEntry"}},
		{"credentialStatus": object{"id": []any{"https://x.example/1", "https://x.example/2"}, "type": "BitstringStatusListEntry"}}, {"credentialStatus": "https://x.example/1"},
		{"credentialStatus": object{"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": true, "statusListCredential": "https://x.example/s"}},
		{"credentialStatus": object{"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "-1", "statusListCredential": "https://x.example/s"}},
		{"credentialStatus": object{"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": 5, "statusListCredential": "https://x.example/s"}},
		{"credentialStatus": object{"type": "BitstringStatusListEntry", "statusListIndex": "1", "statusListCredential": "https://x.example/s"}},
		{"credentialStatus": object{"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "1"}},
		{"credentialStatus": object{"id": "https://x.example/s", "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "1", "statusListCredential": "https://x.example/s"}},
		{"credentialStatus": object{"type": "BitstringStatusListEntry", "statusPurpose": "message", "statusListIndex": "1", "statusListCredential": "https://x.example/s", "statusSize": 2}},
		{"credentialSchema": object{"type": "JsonSchema"}}, {"credentialSchema": object{"id": "https://x.example/1"}}, {"credentialSchema": object{"id": "not a url", "type": "JsonSchema"}},
		{"refreshService": object{"id": "https://x.example/1"}}, {"refreshService": object{"id": "not a url", "type": "Own"}, "@context": []any{base, examples, inline}},
		{"termsOfUse": object{"id": "https://x.example/1"}}, {"termsOfUse": []any{object{"type": "Own"}, object{"id": "https://x.example/2"}}, "@context": []any{base, examples, inline}},
		{"evidence": object{"id": "https://x.example/1"}}, {"evidence": "https://x.example/1"}, {"confidenceMethod": object{"id": "https://x.example/1"}}, {"renderMethod": object{"id": "https://x.example/1"}},
		{"relatedResource": object{"id": "https://x.example/i.png"}}, {"relatedResource": object{"digestMultibase": "uEiB"}}, {"relatedResource": "https://x.example/i.png"},
		{"relatedResource": []any{object{"id": "https://x.example/i.png", "digestMultibase": "uEiB"}, object{"id": "https://x.example/i.png", "digestMultibase": "uEiC"}}},
		{"@context": []any{base}, "type": []any{"VerifiableCredential"}, "undefinedTerm": "x", "credentialSubject": object{"id": "did:example:a"}},
		{"@context": []any{base}, "type": []any{"VerifiableCredential"}, "credentialSubject": object{"id": "did:example:a", "undefinedTerm": "x"}},
		{"proof": object{"type": "DataIntegrityProof"}},
	}
	for _, name := range []string{"eddsa-rdfc", "eddsa-jcs", "ecdsa-rdfc-p384", "ecdsa-sd"} {
		ask := func(change object) *issuertest.Answer {
			c := with(t, plain("2.0", d.dids[name]), func(c object) {
				for member, v := range copyOf(t, change) {
					if o, ok := v.(object); ok && member == "issuer" && o["id"] == "" {
						o["id"] = d.dids[name]
					}
					c[member] = v
					if v == nil {
						delete(c, member)
					}
				}
			})
			return d.post(t, "/"+name+"/credentials/issue", object{"credential": c})
		}
		for _, change := range fine {
			if a := ask(change); a.Status != 201 {
				t.Errorf("%s refuses %s: %d %s", name, text(t, change), a.Status, a.Body)
			}
		}
		for _, change := range wrong {
			a := ask(change)
			if a.Status != 400 {
				t.Errorf("%s takes %s: %d %s", name, text(t, change), a.Status, a.Body)
			} else if v := judged(t, a); len(v.Errors) == 0 || v.Type == "about:blank" {
				t.Errorf("%s, of %s: %s", name, text(t, change), a.Body)
			}
		}
	}
}
