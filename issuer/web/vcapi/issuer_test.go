package vcapi_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/verifier/did"
)

// TestIssueEverywhere: what an instance signs, in both versions of the data
// model, is verified with and without naming the instance; anything changed in
// it is not.
func TestIssueEverywhere(t *testing.T) {
	d := open(t, issuertest.Options{})
	sizes := map[string]int{"Ed25519": 64, "P-256": 64, "P-384": 96}
	for _, i := range suites {
		for _, version := range []string{"2.0", "1.1"} {
			if i.Status != "" && version == "1.1" {
				continue
			}
			t.Run(i.Name+" "+version, func(t *testing.T) {
				c := d.issue(t, i.Name, plain(version, d.dids[i.Name]), nil)
				p := at(t, c, "proof").(object) // an object, no array
				mine := d.dids[i.Name]
				if p["type"] != "DataIntegrityProof" || p["cryptosuite"] != i.Cryptosuite || p["proofPurpose"] != "assertionMethod" ||
					p["verificationMethod"] != mine+"#"+strings.TrimPrefix(mine, "did:key:") || p["created"] == nil || c["issuer"] != mine {
					t.Errorf("issued %v", c)
				}
				if _, own := p["@context"]; own != strings.Contains(i.Cryptosuite, "jcs") {
					t.Errorf("the proof has a context of its own: %v", own)
				}
				if version == "1.1" && !strings.Contains(text(t, c["@context"]), "https://w3id.org/security/data-integrity/v2") {
					t.Errorf("contexts %v", c["@context"])
				}
				value := at(t, p, "proofValue").(string)
				if i.Cryptosuite == "ecdsa-sd-2023" {
					if raw, err := base64.RawURLEncoding.DecodeString(value[1:]); err != nil || value[0] != 'u' || raw[0] != 0xd9 || raw[1] != 0x5d || raw[2] != 0 {
						t.Errorf("value %.20s", value)
					}
					if status, _ := d.verify(t, "", c, nil); status != 400 {
						t.Errorf("a base proof is answered %d", status)
					}
					c = d.derive(t, c, map[string][]string{"2.0": {"/credentialSubject", "/issuer"}, "1.1": {"/credentialSubject", "/issuer", "/issuanceDate"}}[version])
				} else if raw, err := did.DecodeBase58(value[1:]); err != nil || value[0] != 'z' || len(raw) != sizes[algorithmOf(i.Cryptosuite, i.Algorithm)] {
					t.Errorf("value %.20s of %d bytes", value, len(raw))
				}
				for _, instance := range []string{"", i.Name} {
					status, v := d.verify(t, instance, c, nil)
					if status != 200 || !*v.Verified || len(v.ProblemDetails) > 0 || v.Credential["issuer"] != mine || v.Credential["proof"] != nil {
						t.Errorf("at %q: %d %+v", instance, status, v)
					}
				}
				changed := with(t, c, func(c object) { c["credentialSubject"].(object)["id"] = "did:example:mallory" })
				if status, v := d.verify(t, "", changed, nil); status != 400 || len(v.ProblemDetails) == 0 {
					t.Errorf("changed: %d", status)
				}
			})
		}
	}
}

func algorithmOf(suite, algorithm string) string {
	switch {
	case algorithm != "":
		return algorithm
	case strings.HasPrefix(suite, "eddsa"):
		return "Ed25519"
	}
	return "P-256"
}

// derive shows parts of a credential.
func (d *door) derive(t testing.TB, credential object, pointers []string) object {
	t.Helper()
	var out struct{ VerifiableCredential object }
	d.post(t, "/ecdsa-sd/credentials/derive", asked("verifiableCredential", credential, object{"selectivePointers": pointers})).Want(t, 201).JSON(t, &out)
	return out.VerifiableCredential
}

// TestIssuerSuite: what the suite for issuers of the VC-API asks: 201 or exactly
// 400 for one thing changed in a good credential of version 1.1.
func TestIssuerSuite(t *testing.T) {
	d := open(t, issuertest.Options{})
	const name = "eddsa-rdfc"
	post := func(body any) *issuertest.Answer { return d.post(t, "/"+name+"/credentials/issue", body) }
	good := plain("1.1", d.dids[name])
	if a := post(object{"credential": good, "options": object{}}); a.Status != 201 {
		t.Fatalf("a good one: %d %s", a.Status, a.Body)
	}
	if a := post(object{"verifiableCredential": good}); a.Status != 400 {
		t.Errorf("Request body MUST have property “credential”: %d", a.Status)
	}
	bad := map[string][]any{
		"@context":          {nil, 4, false, []any{}, object{}, "string", []any{4}, []any{object{}}, []any{[]any{}}},
		"type":              {nil, 4, true, []any{}, object{}, []any{[]any{}}, []any{4}, []any{nil}},
		"issuer":            {nil, true, 4, []any{}, "", object{}, "did:example:somebody"},
		"credentialSubject": {nil, true, 4, []any{}, "did:example:1234", object{}},
		"issuanceDate":      {nil, 4, "2026-01-01", "yesterday"},
		"proof":             {object{"type": "DataIntegrityProof"}},
	}
	for member, values := range bad {
		for _, v := range values {
			a := post(object{"credential": with(t, good, func(c object) { c[member] = v })})
			if got := judged(t, a); a.Status != 400 || len(got.Errors) == 0 || !strings.HasPrefix(got.Errors[0].Field, "/credential/"+member) {
				t.Errorf("%s as %v: %d %s", member, v, a.Status, a.Body)
			}
		}
		if member == "proof" {
			continue
		}
		if a := post(object{"credential": with(t, good, func(c object) { delete(c, member) })}); a.Status != 400 {
			t.Errorf("without %s: %d", member, a.Status)
		}
	}
	fine := map[string]any{"issuer": object{"id": d.dids[name]}, "expirationDate": "2099-01-01T00:00:00Z", "issuanceDate": "2099-01-01T00:00:00Z"}
	for member, v := range fine {
		c := with(t, good, func(c object) { c[member] = v })
		if a := post(object{"credential": c}); a.Status != 201 {
			t.Errorf("%s as %v: %d %s", member, v, a.Status, a.Body)
		}
	}
}
