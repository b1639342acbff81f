package dataintegrity_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/jcs"
)

var noon = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

// signAnyway secures a document as VC DI EdDSA §3.3 says (eddsa-jcs-2022),
// whatever its options are: what a careless or hostile issuer could do.
func signAnyway(t testing.TB, doc string, options map[string]json.RawMessage) string {
	t.Helper()
	key, _ := testKey()
	hash := func(raw []byte) []byte {
		text, err := jcs.Transform(raw)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		return sum[:]
	}
	raw, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	signature := ed25519.Sign(key, append(hash(raw), hash([]byte(doc))...))
	secured := map[string]json.RawMessage{"proofValue": json.RawMessage(`"z` + did.EncodeBase58(signature) + `"`)}
	for name, value := range options {
		secured[name] = value
	}
	if raw, err = json.Marshal(secured); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(strings.TrimSpace(doc), "}") + `,"proof":` + string(raw) + "}"
}

// TestProofOptions: VC Data Integrity 1.0 §2.1, member by member. Every proof
// has a right signature over its options; "-" removes the member.
func TestProofOptions(t *testing.T) {
	_, vm := testKey()
	good := map[string]json.RawMessage{"type": json.RawMessage(`"DataIntegrityProof"`), "cryptosuite": json.RawMessage(`"eddsa-jcs-2022"`), "created": json.RawMessage(`"2026-11-21T09:00:00Z"`),
		"verificationMethod": json.RawMessage(`"` + vm + `"`), "proofPurpose": json.RawMessage(`"assertionMethod"`), "@context": json.RawMessage(`["https://www.w3.org/ns/credentials/v2"]`)}
	dates := []string{`null`, `""`, `7`, `{}`, `["2026-11-21T09:00:00Z"]`, `"2026-11-21"`, `"2026-11-21T09:00:00"`, `"2026-11-21 09:00:00Z"`, `"2026-02-30T09:00:00Z"`, `"2026-12-31T23:59:60Z"`, `"1795219200"`, `"tomorrow"`}
	for _, tt := range []struct {
		member      string
		good, wrong []string
		unknown     []string // of a kind that is not known here, for all that can be told
	}{
		{"id", []string{`-`, `"urn:uuid:1"`, `"https://example.org/proofs#1"`}, []string{`null`, `""`, `7`, `"1"`, `"#1"`, `"not a url"`, `["urn:uuid:1"]`, `{}`}, nil},
		{"type", nil, []string{`-`, `null`, `""`, `7`, `["DataIntegrityProof"]`}, []string{`"UnknownProofType"`, `"dataintegrityproof"`, `"DataIntegrityProof2"`, `"Ed25519Signature2018"`, `"JsonWebSignature2020"`}},
		{"cryptosuite", nil, []string{`-`, `null`, `""`, `7`, `["eddsa-jcs-2022"]`, `"ecdsa-jcs-2019"`, `"eddsa-rdfc-2022"`, `"ecdsa-sd-2023"`}, []string{`"invalid-cryptosuite"`, `"EDDSA-JCS-2022"`, `"eddsa-jcs-2022 "`, `"bbs-2023"`}},
		{"proofPurpose", nil, []string{`-`, `null`, `""`, `7`, `"authentication"`, `"AssertionMethod"`, `"invalidPurpose"`, `["assertionMethod"]`, `"https://w3id.org/security#assertionMethod"`}, nil},
		{"verificationMethod", nil, []string{`-`, `null`, `""`, `7`, `["` + vm + `"]`, `{"id":"` + vm + `"}`}, nil},
		{"created", []string{`-`, `"2026-11-21T09:00:00.5+01:00"`, `"2026-11-21T24:00:00Z"`}, dates, nil},
		{"expires", []string{`-`, `"2027-11-21T09:00:00Z"`}, append([]string{`"2026-11-21T09:59:59Z"`, `"2020-01-01T00:00:00Z"`, `"2026-11-21T10:00:00Z"`, `"2026-11-21T10:30:00+01:00"`}, dates...), nil},
		{"domain", []string{`-`, `"https://reader.example"`, `["a.example","b.example"]`, `""`}, []string{`null`, `7`, `{}`, `[7]`, `[null]`, `["a.example",{}]`}, nil},
		{"challenge", []string{`-`, `"c"`, `""`}, []string{`null`, `7`, `{}`, `["c"]`}, nil},
		{"nonce", []string{`-`, `"n"`}, []string{`null`, `7`, `{}`, `["n"]`}, nil},
		{"previousProof", []string{`-`}, []string{`null`, `""`, `7`, `{}`, `"urn:uuid:none"`, `["urn:uuid:none"]`, `[7]`, `[null]`}, nil},
		{"@context", []string{`-`}, []string{`null`, `""`, `7`, `{}`, `[]`, `["https://example.org"]`, `["https://www.w3.org/ns/credentials/v2","https://example.org"]`, `"https://example.org"`}, nil},
	} {
		try := func(value string, want dataintegrity.State) {
			t.Helper()
			options := map[string]json.RawMessage{}
			for name, v := range good {
				options[name] = v
			}
			if options[tt.member] = json.RawMessage(value); value == "-" {
				delete(options, tt.member)
			}
			doc := parse(t, []byte(signAnyway(t, small, options)))
			r := dataintegrity.Verify(t.Context(), doc, fromFragment, dataintegrity.Expect{Now: noon})[0]
			if r.State != want {
				t.Errorf("%s %s: %s: %s", tt.member, value, r.State, r.Reason)
			}
			if r.State != dataintegrity.Good && (r.Problem == "" || r.Reason == "") {
				t.Errorf("%s %s: problem %q, reason %q", tt.member, value, r.Problem, r.Reason)
			}
		}
		for _, value := range tt.good {
			try(value, dataintegrity.Good)
		}
		for _, value := range tt.wrong {
			try(value, dataintegrity.Bad)
		}
		for _, value := range tt.unknown {
			try(value, dataintegrity.Unchecked)
		}
	}
}

// TestProofValues: one spelling of a signature (VC DI EdDSA §3.3.1: multibase,
// base58-btc), everything else is none.
func TestProofValues(t *testing.T) {
	doc := parse(t, []byte(sign(t, small, nil)))
	value := doc.Get("proof").Get("proofValue")
	good := value.Str
	raw, err := did.DecodeBase58(good[1:])
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty": "", "letter alone": "z", "no letter": good[1:], "capital letter": "Z" + good[1:], "letter of base64url": "u" + good[1:], "letter of base64": "m" + good[1:], "letter of hexadecimal": "f" + good[1:],
		"letter twice": "z" + good, "blank in front": " " + good, "blank behind": good + " ", "line behind": good + "\n", "blank within": good[:9] + " " + good[9:], "zero letter": good[:9] + "0" + good[10:], "letter O": good[:9] + "O" + good[10:], "letter l": good[:9] + "l" + good[10:], "letter I": good[:9] + "I" + good[10:],
		"a zero byte in front": "z1" + good[1:], "a zero byte behind": "z" + did.EncodeBase58(append(append([]byte{}, raw...), 0)), "cut": "z" + did.EncodeBase58(raw[:63]), "half": "z" + did.EncodeBase58(raw[:32]), "twice": "z" + did.EncodeBase58(append(append([]byte{}, raw...), raw...)),
		"of zeros": "z" + did.EncodeBase58(make([]byte, 64)), "size of P-384": "z" + did.EncodeBase58(append(append([]byte{}, raw...), make([]byte, 32)...)), "other letters": "z" + strings.ToLower(good[1:]), "long": "z" + strings.Repeat("2", 5000), "not ASCII": "zé" + good[2:],
	} {
		value.Str = text
		if r := dataintegrity.Verify(t.Context(), doc, fromFragment, dataintegrity.Expect{})[0]; r.State != dataintegrity.Bad {
			t.Errorf("%s: %s: %s", name, r.State, r.Reason)
		}
	}
	value.Str = good
	if r := dataintegrity.Verify(t.Context(), doc, fromFragment, dataintegrity.Expect{})[0]; r.State != dataintegrity.Good {
		t.Errorf("the genuine one: %s", r.Reason)
	}
}
