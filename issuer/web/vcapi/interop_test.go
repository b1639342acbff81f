package vcapi_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/verifier/did"
	"hallmark/verifier/verifiertest"
)

// TestOtherVendor: what the EdDSA instances issue verifies with another vendor's
// libraries, status list included; changed or revoked it does not.
func TestOtherVendor(t *testing.T) {
	npm := verifiertest.NPM(t, "@digitalbazaar/vc", "@digitalbazaar/eddsa-rdfc-2022-cryptosuite")
	d := open(t, issuertest.Options{})
	simple := func(name string) object {
		return with(t, plain("2.0", d.dids[name]), func(c object) {
			c["@context"], c["type"] = c["@context"].([]any)[:1], []any{"VerifiableCredential"}
			c["credentialSubject"] = object{"id": "did:example:alice", "name": "Alice"}
		})
	}
	good := d.issue(t, "eddsa-rdfc", simple("eddsa-rdfc"), nil)
	old := d.issue(t, "eddsa-rdfc", plain("1.1", d.dids["eddsa-rdfc"]), nil)
	listed, revoked := d.issue(t, "status", simple("status"), nil), d.issue(t, "status", simple("status"), nil)
	d.post(t, "/status/credentials/status", object{"credentialId": revoked["id"], "credentialStatus": object{"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}}).Want(t, 200)
	url := at(t, listed, "credentialStatus", "statusListCredential").(string)
	documents := map[string]json.RawMessage{url: d.get(t, url).Want(t, 200).Body}
	changed := with(t, good, func(c object) { c["credentialSubject"].(object)["name"] = "Mallory" })
	var asked []any
	for _, c := range []object{good, old, listed, revoked, changed} {
		asked = append(asked, object{"credential": c, "documents": documents})
	}
	type said struct {
		Verified, Proof bool
		Status          string
		Error           any
	}
	want := []said{{Verified: true, Proof: true, Status: "none"}, {Verified: true, Proof: true, Status: "none"},
		{Verified: true, Proof: true, Status: "clear"}, {Proof: true, Status: "set"}, {Status: "none"}}
	for i, got := range verifiertest.Ask[said](t, npm, "verify-vc.mjs", nil, asked...) {
		if got.Verified != want[i].Verified || got.Proof != want[i].Proof || got.Status != want[i].Status {
			t.Errorf("credential %d: %+v, want %+v", i, got, want[i])
		}
	}
}

// proofSaid is what Digital Bazaar's libraries answer about proofs.
type proofSaid struct {
	Document object
	Verified bool
	Proofs   []bool
	Error    string
}

// askProofs asks them, in one process.
func askProofs(t *testing.T, requests ...any) []proofSaid {
	t.Helper()
	npm := verifiertest.NPM(t, "@digitalbazaar/vc", "@digitalbazaar/ecdsa-sd-2023-cryptosuite", "@digitalbazaar/ecdsa-jcs-2019-cryptosuite", "@digitalbazaar/eddsa-jcs-2022-cryptosuite")
	examples := object{"@context": object{"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
	return verifiertest.Ask[proofSaid](t, npm, "proofs.mjs", []any{object{"documents": object{"https://www.w3.org/ns/credentials/examples/v2": examples}}}, requests...)
}

// shapes are credentials that every instance issues, by version of the data model.
func shapes(issuer string) []object {
	badge := object{
		"@context": []any{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"},
		"id":       "urn:uuid:" + strings.ToLower(rand.Text()), "type": []any{"VerifiableCredential", "OpenBadgeCredential"},
		"issuer": object{"id": issuer, "type": []any{"Profile"}, "name": "School"}, "name": "Foundations", "validFrom": "2026-01-01T00:00:00Z",
		"credentialSubject": object{"type": []any{"AchievementSubject"}, "id": "did:example:alice", "result": []any{object{"type": []any{"Result"}, "value": "92.5"}, object{"type": []any{"Result"}, "value": "3"}},
			"achievement": object{"id": "urn:uuid:a1", "type": []any{"Achievement"}, "name": "Foundations", "description": "Knows them.", "criteria": object{"narrative": "Pass."},
				"alignment": []any{object{"type": []any{"Alignment"}, "targetName": "Skill", "targetUrl": "https://frame.example/1"}}}},
	}
	return []object{plain("2.0", issuer), plain("1.1", issuer), badge}
}

// secrets is the key of a stranger as the scripts take it (Multikey).
func (s *stranger) secrets(t *testing.T) object {
	t.Helper()
	var secret []byte
	switch key := s.key.(type) {
	case ed25519.PrivateKey:
		secret = append([]byte{0x80, 0x26}, key.Seed()...)
	case *ecdsa.PrivateKey:
		raw, err := key.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		codec := map[int]byte{32: 0x86, 48: 0x87}[len(raw)]
		secret = append([]byte{codec, 0x26}, raw...)
	}
	return object{"publicKeyMultibase": strings.TrimPrefix(s.id, "did:key:"), "secretKeyMultibase": "z" + did.EncodeBase58(secret)}
}

// changedSubject says something else of the subject, or of somebody else.
func changedSubject(t *testing.T, c object) object {
	return with(t, c, func(c object) { c["credentialSubject"].(object)["id"] = "did:example:mallory" })
}

// TestInstancesByOthers: what each instance issues verifies with another vendor's
// libraries, and what these issue verifies at each instance; changed, neither.
func TestInstancesByOthers(t *testing.T) {
	d := open(t, issuertest.Options{})
	var asked, again []any
	var names []string
	for _, s := range suites {
		if s.Cryptosuite == "ecdsa-sd-2023" {
			continue
		}
		other := newStranger(t, algorithmOf(s.Cryptosuite, s.Algorithm))
		theirs := shapes(other.id)
		for i, c := range shapes(d.dids[s.Name]) {
			if s.Status != "" && c["name"] == nil { // a status entry needs the terms of 2.0
				continue
			}
			ours := d.issue(t, s.Name, c, nil)
			names = append(names, s.Name+", "+at(t, c, "type", len(c["type"].([]any))-1).(string))
			asked = append(asked, object{"op": "proofs", "document": ours}, object{"op": "proofs", "document": changedSubject(t, ours)},
				object{"op": "issue", "document": theirs[i], "suite": s.Cryptosuite, "key": other.secrets(t)})
		}
	}
	for i, a := range askProofs(t, asked...) {
		name := names[i/3]
		switch i % 3 {
		case 0:
			if !a.Verified {
				t.Errorf("%s, issued here: they say %+v", name, a)
			}
		case 1:
			if a.Verified {
				t.Errorf("%s, issued here and changed: they take it", name)
			}
		case 2:
			instance, _, _ := strings.Cut(name, ",")
			if status, v := d.verify(t, instance, a.Document, nil); status != 200 || !*v.Verified {
				t.Errorf("%s, issued there (%s): %d %+v", name, a.Error, status, v)
				continue
			}
			changed := changedSubject(t, a.Document)
			if status, v := d.verify(t, instance, changed, nil); status != 400 || *v.Verified {
				t.Errorf("%s, issued there and changed: %d %+v", name, status, v)
			}
			again = append(again, object{"op": "verify", "document": changed})
		}
	}
	for i, a := range askProofs(t, again...) {
		if a.Verified {
			t.Errorf("changed credential %d: they take it", i)
		}
	}
	t.Logf("%d credentials each way", len(names))
}

// TestDerivedByOthers: either side derives what the other issued, and both verify it.
func TestDerivedByOthers(t *testing.T) {
	d := open(t, issuertest.Options{})
	const name = "ecdsa-sd"
	other := newStranger(t, "P-256")
	mandatory := []string{"/issuer", "/credentialSubject/regattas/0/number"}
	chosen := []string{"/credentialSubject/name", "/credentialSubject/regattas/1/boats/2", "/credentialSubject/regattas/0/boats/1"}
	base := d.issue(t, name, races(d.dids[name]), object{"mandatoryPointers": mandatory})
	answers := askProofs(t, object{"op": "derive", "document": base, "pointers": chosen},
		object{"op": "issue", "document": races(other.id), "suite": "ecdsa-sd-2023", "key": other.secrets(t), "mandatory": mandatory})
	for i, a := range answers {
		if a.Document == nil {
			t.Fatalf("request %d: %s", i, a.Error)
		}
	}
	shown := map[string]object{"issued here, derived there": answers[0].Document, "issued here, derived here": d.derive(t, base, chosen), "issued there, derived here": d.derive(t, answers[1].Document, chosen)}
	var asked []any
	var names []string
	for who, c := range shown {
		changed := with(t, c, func(c object) { c["credentialSubject"].(object)["name"] = "Ben" })
		if status, v := d.verify(t, name, c, nil); status != 200 || !*v.Verified || at(t, c, "credentialSubject", "regattas", 1, "boats", 0, "boatName") != "Coot" {
			t.Errorf("%s: %d %+v", who, status, v)
		}
		if status, _ := d.verify(t, name, changed, nil); status != 400 {
			t.Errorf("%s, changed: %d", who, status)
		}
		names = append(names, who)
		asked = append(asked, object{"op": "verify", "document": c}, object{"op": "verify", "document": changed})
	}
	for i, a := range askProofs(t, asked...) {
		if want := i%2 == 0; a.Verified != want {
			t.Errorf("%s, document %d: they say %+v", names[i/2], i%2, a)
		}
	}
}

// TestPresentationsOfOthers: a presentation made there is verified here for the
// challenge and the domain it was made for, and for no others.
func TestPresentationsOfOthers(t *testing.T) {
	d := open(t, issuertest.Options{})
	var asked []any
	for suite, algorithm := range map[string]string{"eddsa-rdfc-2022": "Ed25519", "eddsa-jcs-2022": "Ed25519", "ecdsa-rdfc-2019": "P-384", "ecdsa-jcs-2019": "P-256"} {
		holder := newStranger(t, algorithm)
		for _, version := range []string{"2.0", "1.1"} {
			context := map[string]string{"2.0": "https://www.w3.org/ns/credentials/v2", "1.1": "https://www.w3.org/2018/credentials/v1"}[version]
			c := d.issue(t, "ecdsa-rdfc-p256", plain(version, d.dids["ecdsa-rdfc-p256"]), nil)
			asked = append(asked, object{"op": "present", "suite": suite, "key": holder.secrets(t), "challenge": "c-1", "domain": "https://reader.example",
				"document": object{"@context": []any{context}, "type": []any{"VerifiablePresentation"}, "holder": holder.id, "verifiableCredential": []any{c}}})
		}
	}
	for i, a := range askProofs(t, asked...) {
		if a.Document == nil {
			t.Fatalf("presentation %d: %s", i, a.Error)
		}
		for _, q := range []struct {
			challenge, domain string
			want              int
		}{{"c-1", "https://reader.example", 200}, {"c-2", "https://reader.example", 400}, {"c-1", "https://other.example", 400}} {
			answer := d.post(t, "/presentations/verify", object{"verifiablePresentation": a.Document, "options": object{"challenge": q.challenge, "domain": q.domain}})
			if v := judged(t, answer); answer.Status != q.want || *v.Verified != (q.want == 200) {
				t.Errorf("presentation %d for %s and %s: %d %s", i, q.challenge, q.domain, answer.Status, answer.Body)
			}
		}
	}
}
