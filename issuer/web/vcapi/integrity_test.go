package vcapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hallmark/issuer/issuertest"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/vcjose"
)

const (
	securityPrefix = "https://w3id.org/security#"
	anyType        = ""
)

// ways are the cryptosuites with the kinds of keys that they work with.
var ways = []struct{ suite, algorithm string }{
	{"eddsa-rdfc-2022", "Ed25519"}, {"eddsa-jcs-2022", "Ed25519"},
	{"ecdsa-rdfc-2019", "P-256"}, {"ecdsa-rdfc-2019", "P-384"}, {"ecdsa-jcs-2019", "P-256"}, {"ecdsa-jcs-2019", "P-384"},
	{"ecdsa-sd-2023", "P-256"},
}

// made signs as a stranger; what shows parts shows everything.
func made(t testing.TB, s *stranger, doc object, o dataintegrity.Options) object {
	t.Helper()
	c := s.sign(t, doc, o)
	if o.Cryptosuite != dataintegrity.EcdsaSD2023 {
		return c
	}
	return shown(t, c, "")
}

// TestIntegritySuites: what the suites for EdDSA and ECDSA, and the assertions
// that they share, ask of a verifier, for every cryptosuite, key and version of
// the data model. An error is 400 with verified false and the type that VC Data
// Integrity §4.7 names.
func TestIntegritySuites(t *testing.T) {
	d := open(t, issuertest.Options{})
	for _, way := range ways {
		for _, version := range []string{"2.0", "1.1"} {
			t.Run(way.suite+" "+way.algorithm+" "+version, func(t *testing.T) {
				s := newStranger(t, way.algorithm)
				o := dataintegrity.Options{Cryptosuite: way.suite}
				doc := plain(version, s.id)
				good := made(t, s, doc, o)
				purpose, expired := o, o
				purpose.Purpose = "authentication"
				expired.Expires = time.Now().Add(-time.Hour)
				later := o
				later.Created = time.Now().AddDate(-1, 0, 0)
				fine := map[string]object{"valid": good, "made a year ago": made(t, s, doc, later)}
				for name, c := range fine {
					if status, v := d.verify(t, "", c, object{"checks": []string{"proof"}}); status != 200 || !*v.Verified {
						t.Errorf("%s: %d %+v", name, status, v)
					}
				}
				set := func(member string, value any) object {
					return proofWith(t, good, func(p object) {
						p[member] = value
						if value == nil {
							delete(p, member)
						}
					})
				}
				value := good["proof"].(object)["proofValue"].(string)
				verification, transformation := securityPrefix+"PROOF_VERIFICATION_ERROR", securityPrefix+"PROOF_TRANSFORMATION_ERROR"
				bad := []struct {
					name string
					c    object
					kind string
				}{
					{"no proof", with(t, good, func(c object) { delete(c, "proof") }), verification},
					{"proof null", with(t, good, func(c object) { c["proof"] = nil }), anyType},
					{"proof a text", with(t, good, func(c object) { c["proof"] = "x" }), securityPrefix + "PARSING_ERROR"},
					{"proof an empty list", with(t, good, func(c object) { c["proof"] = []any{} }), verification},
					{"no type", set("type", nil), verification},
					{"unknown type", set("type", "UnknownProofType"), transformation},
					{"empty type", set("type", ""), verification},
					{"no cryptosuite", set("cryptosuite", nil), verification},
					{"unknown cryptosuite", set("cryptosuite", "UnknownCryptosuite"), transformation},
					{"cryptosuite of another kind", set("cryptosuite", 7), anyType},
					{"no verificationMethod", set("verificationMethod", nil), verification},
					{"verificationMethod did:key:invalidVm", set("verificationMethod", "did:key:invalidVm"), anyType},
					{"verificationMethod of a broken key", set("verificationMethod", "did:key:zInvalid#zInvalid"), anyType},
					{"verificationMethod in base64url", set("verificationMethod", strings.Replace(s.vm, "#z", "#u", 1)), anyType},
					{"no proofPurpose", set("proofPurpose", nil), verification},
					{"unknown proofPurpose", set("proofPurpose", "invalidPurpose"), verification},
					{"signed for another purpose", made(t, s, doc, purpose), verification},
					{"no proofValue", set("proofValue", nil), verification},
					{"proofValue null", proofWith(t, good, func(p object) { p["proofValue"] = nil }), verification},
					{"proofValue without its multibase letter", set("proofValue", value[1:]), verification},
					{"proofValue of another multibase", set("proofValue", "m"+value[1:]), verification},
					{"proofValue cut short", set("proofValue", value[:len(value)/2]), anyType},
					{"proofValue of one letter", set("proofValue", "a"), verification},
					{"created that is no date", set("created", "invalidDate"), verification},
					{"created changed", set("created", "2020-01-01T00:00:00Z"), verification},
					{"expired", made(t, s, doc, expired), verification},
					{"subject changed", with(t, good, func(c object) { c["credentialSubject"].(object)["id"] = "urn:invalid" }), anyType},
					{"undefined term added", with(t, good, func(c object) {
						c["@context"] = append(c["@context"].([]any)[:1:1], c["@context"].([]any)[2:]...)
						c["credentialSubject"].(object)["undefinedTerm"] = "x"
					}), anyType},
					{"undefined type added", with(t, good, func(c object) { c["type"] = append(c["type"].([]any), "UndefinedType") }), anyType},
					{"relative id", with(t, good, func(c object) { c["id"] = "relative" }), anyType},
				}
				if jcs := strings.Contains(way.suite, "jcs"); !jcs {
					more := func(name string, context any) {
						c := with(t, good, func(c object) { c["@context"] = append(c["@context"].([]any), context) })
						bad = append(bad, struct {
							name string
							c    object
							kind string
						}{name, c, anyType})
					}
					more("a context that nobody knows", "https://x.example/unknown")
					if version == "2.0" {
						more("a context that gives another meaning", object{"alumniOf": "https://x.example/#employerOf"})
					}
				}
				for _, tt := range bad {
					status, v := d.verify(t, "", tt.c, object{"checks": []string{"proof"}})
					if status != 400 || v.Verified == nil || *v.Verified || len(v.ProblemDetails) == 0 || tt.kind != anyType && v.Type != tt.kind && v.ProblemDetails[0].Type != tt.kind {
						t.Errorf("%s: %d %+v", tt.name, status, v)
					}
				}
				for name, options := range map[string]object{
					"another purpose expected": {"expectedProofPurpose": "authentication"},
					"a domain expected":        {"domain": "domain.example"},
					"a challenge expected":     {"challenge": "1235abcd6789"},
				} {
					if status, v := d.verify(t, "", good, options); status != 400 || *v.Verified || v.Type == "about:blank" {
						t.Errorf("%s: %d %+v", name, status, v)
					}
				}
			})
		}
	}
}

// TestAudience: a credential whose proof names its reader.
func TestAudience(t *testing.T) {
	d := open(t, issuertest.Options{})
	s := newStranger(t, "Ed25519")
	c := s.sign(t, plain("2.0", s.id), dataintegrity.Options{Domain: "a.example", Challenge: "once"})
	tests := []struct {
		options object
		status  int
		kind    string
	}{
		{object{}, 200, ""},
		{object{"domain": "a.example", "challenge": "once", "expectedProofPurpose": "assertionMethod"}, 200, ""},
		{object{"domain": "b.example", "challenge": "once"}, 400, securityPrefix + "INVALID_DOMAIN_ERROR"},
		{object{"domain": "a.example", "challenge": "twice"}, 400, securityPrefix + "INVALID_CHALLENGE_ERROR"},
	}
	for _, tt := range tests {
		if status, v := d.verify(t, "", c, tt.options); status != tt.status || v.Type != tt.kind {
			t.Errorf("%v: %d %+v", tt.options, status, v)
		}
	}
}

// TestAudienceOfTokens: a token cannot answer what is expected of a proof, and
// nothing that stands beside it in an envelope answers for it.
func TestAudienceOfTokens(t *testing.T) {
	d := open(t, issuertest.Options{})
	s := newStranger(t, "P-256")
	doc, err := json.Marshal(plain("2.0", s.id))
	if err != nil {
		t.Fatal(err)
	}
	token, err := vcjose.Sign(doc, s.key, vcjose.Options{Type: vcjose.TypeVC, KeyID: s.vm})
	if err != nil {
		t.Fatal(err)
	}
	envelope := object{"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + token}
	posing := with(t, envelope, func(c object) {
		c["proof"] = object{"type": "DataIntegrityProof", "proofPurpose": "authentication", "domain": "a.example", "challenge": "once"}
	})
	for name, c := range map[string]any{"by itself": token, "enveloped": envelope, "enveloped, beside a proof": posing} {
		for _, o := range []object{{}, {"expectedProofPurpose": "assertionMethod"}} {
			if status, v := d.verify(t, "", c, o); status != 200 || !*v.Verified {
				t.Errorf("%s, %v: %d %+v", name, o, status, v)
			}
		}
		for _, o := range []object{{"expectedProofPurpose": "authentication"}, {"domain": "a.example"}, {"challenge": "once"}} {
			if status, v := d.verify(t, "", c, o); status != 400 || v.Type != securityPrefix+"PROOF_VERIFICATION_ERROR" {
				t.Errorf("%s, %v: %d %+v", name, o, status, v)
			}
		}
	}
}

// TestCanonicalForms: a proof made over one canonical form under the name of a
// suite with the other is no proof.
func TestCanonicalForms(t *testing.T) {
	d := open(t, issuertest.Options{})
	for _, pair := range [][3]string{{"Ed25519", "eddsa-rdfc-2022", "eddsa-jcs-2022"}, {"P-256", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"}, {"P-384", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"}} {
		s := newStranger(t, pair[0])
		for _, turn := range [][2]string{{pair[1], pair[2]}, {pair[2], pair[1]}} {
			c := s.sign(t, plain("2.0", s.id), dataintegrity.Options{Cryptosuite: turn[0]})
			c = proofWith(t, c, func(p object) { p["cryptosuite"] = turn[1] })
			if status, v := d.verify(t, "", c, nil); status != 400 || v.Type != securityPrefix+"PROOF_VERIFICATION_ERROR" {
				t.Errorf("%v: %d %+v", turn, status, v)
			}
		}
	}
}

// TestContextsAdded: under a JCS suite a document may have more contexts than were
// signed (VC DI EdDSA §3.3.2, steps 3 and 4). What is answered is what was signed.
func TestContextsAdded(t *testing.T) {
	d := open(t, issuertest.Options{})
	for _, way := range ways {
		if !strings.Contains(way.suite, "jcs") {
			continue
		}
		s := newStranger(t, way.algorithm)
		c := s.sign(t, plain("2.0", s.id), dataintegrity.Options{Cryptosuite: way.suite})
		c["@context"] = append(c["@context"].([]any), object{"alumniOf": "https://x.example/#employerOf"})
		status, v := d.verify(t, "", c, nil)
		if status != 200 || !*v.Verified || len(at(t, v.Credential, "@context").([]any)) != 2 {
			t.Errorf("%v: %d %+v", way, status, v)
		}
		c["@context"] = c["@context"].([]any)[:1]
		if status, v := d.verify(t, "", c, nil); status != 400 || v.Type != securityPrefix+"PROOF_TRANSFORMATION_ERROR" {
			t.Errorf("%v with fewer: %d %+v", way, status, v)
		}
	}
}

// TestProofChains: proofs that build on others (VC Data Integrity §4.3).
func TestProofChains(t *testing.T) {
	d := open(t, issuertest.Options{})
	s := newStranger(t, "P-256")
	first := dataintegrity.Options{Cryptosuite: "ecdsa-rdfc-2019", ID: "urn:uuid:one"}
	for _, version := range []string{"2.0", "1.1"} {
		doc := s.sign(t, plain(version, s.id), first)
		set := s.sign(t, doc, dataintegrity.Options{Cryptosuite: "ecdsa-rdfc-2019"})
		chain := s.sign(t, doc, dataintegrity.Options{Cryptosuite: "ecdsa-rdfc-2019", PreviousProof: []string{"urn:uuid:one"}})
		list := s.sign(t, set, dataintegrity.Options{Cryptosuite: "ecdsa-rdfc-2019", ID: "urn:uuid:three", PreviousProof: []string{"urn:uuid:one"}})
		for name, c := range map[string]object{"set": set, "chain": chain, "set and chain": list} {
			if status, v := d.verify(t, "", c, nil); status != 200 || !*v.Verified {
				t.Errorf("%s: %d %+v", name, status, v)
			}
		}
		for name, change := range map[string]func(object){
			"another previousProof": func(c object) { at(t, c, "proof", 1).(object)["previousProof"] = "urn:uuid:other" },
			"a previousProof that is a list": func(c object) {
				at(t, c, "proof", 1).(object)["previousProof"] = []any{"urn:uuid:one", "urn:uuid:other"}
			},
			"no text":           func(c object) { at(t, c, "proof", 1).(object)["previousProof"] = 7 },
			"the first renamed": func(c object) { at(t, c, "proof", 0).(object)["id"] = "urn:uuid:other" },
			"the first gone":    func(c object) { c["proof"] = c["proof"].([]any)[1:] },
			"the first changed": func(c object) { at(t, c, "proof", 0).(object)["created"] = "2020-01-01T00:00:00Z" },
		} {
			if status, _ := d.verify(t, "", with(t, chain, change), nil); status != 400 {
				t.Errorf("%s %s: %d", version, name, status)
			}
		}
	}
}
