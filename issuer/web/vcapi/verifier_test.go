package vcapi_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"hallmark/issuer/issuertest"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/verifiertest"
)

// TestVerifierSuite: what the suite for verifiers of the VC-API asks. Its
// credential is a published vector whose issuer is an address and whose key is
// somebody's did:key: only an instance that asks for the proof alone takes it.
func TestVerifierSuite(t *testing.T) {
	var good object
	if err := json.Unmarshal(verifiertest.Fixture(t, "standards", "vectors", "vc-di-eddsa", "Ed25519Signature2020", "signedEdSig.json"), &good); err != nil {
		t.Fatal(err)
	}
	d := open(t, issuertest.Options{})
	checks := object{"checks": []string{"proof"}}
	if status, v := d.verify(t, "unbound", good, checks); status != 200 || !*v.Verified || len(v.Warnings) == 0 {
		t.Errorf("the proof alone: %d %+v", status, v)
	}
	for _, instance := range []string{"", "eddsa-rdfc"} {
		if status, v := d.verify(t, instance, good, checks); status != 400 || *v.Verified {
			t.Errorf("a key that is not the issuer's, at %q: %d %+v", instance, status, v)
		}
	}
	for _, member := range []string{"@context", "type", "issuer", "credentialSubject", "proof"} {
		if status, _ := d.verify(t, "unbound", with(t, good, func(c object) { delete(c, member) }), checks); status != 400 {
			t.Errorf("without %s: %d", member, status)
		}
	}
	for _, member := range []string{"type", "created", "verificationMethod", "proofValue", "proofPurpose"} {
		if status, _ := d.verify(t, "unbound", proofWith(t, good, func(p object) { delete(p, member) }), checks); status != 400 {
			t.Errorf("without proof.%s: %d", member, status)
		}
	}
	for member, values := range map[string][]any{
		"@context":          {"string", object{}, nil, 10, true, []any{[]any{}}, []any{object{}}, []any{nil}, []any{10}, []any{true}},
		"type":              {"string", object{}, nil, 10, true, []any{[]any{}}, []any{object{}}, []any{nil}, []any{10}, []any{true}},
		"issuer":            {[]any{}, nil, 10, true},
		"credentialSubject": {"string", nil, 10, true, []any{}},
		"proof":             {"string", nil, 10, true, []any{}},
	} {
		for _, value := range values {
			if status, v := d.verify(t, "unbound", with(t, good, func(c object) { c[member] = value }), checks); status != 400 || *v.Verified {
				t.Errorf("%s as %v: %d %+v", member, value, status, v)
			}
		}
	}
}

// TestProofOnly: such an instance says nothing of who signed, of status or
// period, and says so; what breaks the proof or the form is refused there too.
func TestProofOnly(t *testing.T) {
	d := open(t, issuertest.Options{})
	s := newStranger(t, "P-384")
	doc := plain("2.0", "did:example:the-president")
	doc["validUntil"] = "2020-01-01T00:00:00Z"
	c := s.sign(t, doc, dataintegrity.Options{Cryptosuite: "ecdsa-rdfc-2019"})
	if status, v := d.verify(t, "unbound", c, nil); status != 200 || !*v.Verified || len(v.Warnings) < 2 {
		t.Errorf("%d %+v", status, v)
	}
	for _, instance := range []string{"", "eddsa-rdfc", "status"} {
		if status, v := d.verify(t, instance, c, nil); status != 400 || v.Title != "Not the issuer's key" {
			t.Errorf("at %q: %d %+v", instance, status, v)
		}
	}
	// What it signs is bound like everything else.
	if a := d.post(t, "/unbound/credentials/issue", asked("credential", doc, nil)); a.Status != 400 {
		t.Errorf("issued for somebody else: %d", a.Status)
	}
}

// TestCurrency: genuine and not current is 200 with verified false.
func TestCurrency(t *testing.T) {
	d := open(t, issuertest.Options{})
	for name, change := range map[string]object{
		"expired":       {"validUntil": "2020-01-01T00:00:00Z"},
		"not yet valid": {"validFrom": "2999-01-01T00:00:00Z"},
		"a status list that cannot be had": {"credentialStatus": object{"id": "https://x.example/s#1", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
			"statusListIndex": "1", "statusListCredential": "https://x.example/s"}},
		"a list of ours that is not there": {"credentialStatus": object{"id": "urn:x:1", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
			"statusListIndex": "1", "statusListCredential": d.URL + "/vc-api/status/status-lists/NONE"}},
	} {
		doc := plain("2.0", d.dids["eddsa-rdfc"])
		for member, value := range change {
			doc[member] = value
		}
		c := d.issue(t, "eddsa-rdfc", doc, nil)
		status, v := d.verify(t, "", c, nil)
		if status != 200 || *v.Verified || len(v.ProblemDetails) != 1 || v.ProblemDetails[0].Type == "" || v.Credential == nil {
			t.Errorf("%s: %d %+v", name, status, v)
		}
		status, v = d.verify(t, "", c, object{"returnCredential": false, "returnProblemDetails": false})
		if status != 200 || *v.Verified || len(v.ProblemDetails) != 0 || v.Credential != nil {
			t.Errorf("%s, in short: %d %+v", name, status, v)
		}
	}
}

// TestPresentations: by holders with a did:key, with challenge and domain.
func TestPresentations(t *testing.T) {
	d := open(t, issuertest.Options{})
	holder := newStranger(t, "Ed25519")
	credential := d.issue(t, "ecdsa-rdfc-p256", with(t, plain("2.0", d.dids["ecdsa-rdfc-p256"]), func(c object) { c["credentialSubject"].(object)["id"] = holder.id }), nil)
	presentation := func(by string, credentials ...any) object {
		p := object{"@context": []any{"https://www.w3.org/ns/credentials/v2"}, "type": []any{"VerifiablePresentation"}}
		if len(credentials) > 0 {
			p["verifiableCredential"] = credentials
		}
		if by != "" {
			p["holder"] = by
		}
		return p
	}
	o := dataintegrity.Options{Purpose: "authentication", Challenge: "once", Domain: "a.example", Created: time.Now()}
	good := holder.sign(t, presentation(holder.id, credential), o)
	statement := holder.sign(t, presentation(holder.id, credential), dataintegrity.Options{})
	many := make([]any, 11)
	for i := range many {
		many[i] = credential
	}
	other := newStranger(t, "P-256")
	tests := []struct {
		name     string
		instance string
		p        any
		options  object
		status   int
		verified bool
		kind     string
	}{
		{"good", "", good, object{"challenge": "once", "domain": "a.example"}, 200, true, ""},
		{"good at an instance", "eddsa-rdfc", good, object{"challenge": "once", "domain": "a.example"}, 200, true, ""},
		{"nothing asked", "", good, object{"checks": []any{}}, 200, true, ""},
		{"purpose expected", "", good, object{"expectedProofPurpose": "authentication"}, 200, true, ""},
		{"another purpose expected", "", good, object{"expectedProofPurpose": "assertionMethod"}, 400, false, securityPrefix + "PROOF_VERIFICATION_ERROR"},
		{"another challenge", "", good, object{"challenge": "twice", "domain": "a.example"}, 400, false, securityPrefix + "INVALID_CHALLENGE_ERROR"},
		{"another domain", "", good, object{"challenge": "once", "domain": "b.example"}, 400, false, securityPrefix + "INVALID_DOMAIN_ERROR"},
		{"a statement, nothing asked", "", statement, nil, 200, true, ""},
		{"a statement, challenged", "", statement, object{"challenge": "once"}, 400, false, ""},
		{"no holder named", "", holder.sign(t, presentation("", credential), o), object{"challenge": "once"}, 200, true, ""},
		{"no credentials", "", holder.sign(t, presentation(holder.id), o), object{"challenge": "once"}, 200, true, ""},
		{"held by somebody else", "", other.sign(t, presentation(holder.id, credential), dataintegrity.Options{Purpose: "authentication", Challenge: "once", Cryptosuite: "ecdsa-rdfc-2019"}), object{"challenge": "once"}, 400, false, ""},
		{"not signed", "", presentation(holder.id, credential), object{"challenge": "once"}, 400, false, ""},
		{"not signed, nothing asked", "", presentation(holder.id, credential), nil, 400, false, ""},
		{"changed", "", with(t, good, func(p object) { p["holder"] = other.id }), object{"challenge": "once"}, 400, false, ""},
		{"a credential changed", "", holder.sign(t, presentation(holder.id, with(t, credential, func(c object) { c["name"] = "x" })), o), object{"challenge": "once"}, 400, false, ""},
		{"a credential that is a number", "", holder.sign(t, presentation(holder.id), o), object{"challenge": "x"}, 400, false, ""},
		{"eleven credentials", "", holder.sign(t, presentation(holder.id, many...), o), object{"challenge": "once"}, 400, false, ""},
		{"no type", "", with(t, good, func(p object) { delete(p, "type") }), nil, 400, false, ""},
		{"a number", "", 7, nil, 400, false, ""},
	}
	for _, tt := range tests {
		path := "/presentations/verify"
		if tt.instance != "" {
			path = "/" + tt.instance + path
		}
		a := d.post(t, path, asked("verifiablePresentation", tt.p, tt.options))
		v := judged(t, a)
		if a.Status != tt.status || v.Verified != nil && *v.Verified != tt.verified || tt.kind != "" && v.Type != tt.kind {
			t.Errorf("%s: %d %s", tt.name, a.Status, a.Body)
		}
		if tt.status == 200 && (v.Presentation == nil || tt.name == "good" && (len(v.CredentialResults) != 1 || !*v.CredentialResults[0].Verified)) {
			t.Errorf("%s answers %s", tt.name, a.Body)
		}
	}
	if status, v := d.verify(t, "", good, nil); status != 400 || len(v.Errors) == 0 {
		t.Errorf("a presentation as credential: %d %+v", status, v)
	}
}

// TestUnsigned: a credential that somebody claims without a proof of its own is
// nothing, and neither is a token that is none.
func TestUnsigned(t *testing.T) {
	d := open(t, issuertest.Options{})
	for i, c := range []any{plain("2.0", "did:example:x"), "eyJhbGciOiJub25lIn0.e30.", "ey"} {
		if status, _ := d.verify(t, "", c, nil); status != 400 {
			t.Errorf("%d: %d", i, status)
		}
	}
	if a := d.post(t, "/credentials/verify", fmt.Sprintf(`{"verifiableCredential":%s}`, `{"a":{"b":1}}`)); a.Status != 400 {
		t.Errorf("an object: %d", a.Status)
	}
}
