package dataintegrity_test

import (
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"strings"
	"testing"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/jcs"
)

const older = `{ "@context" : CONTEXT , "type":["VerifiableCredential"],
 "issuer":"did:web:example.org", "issuanceDate":"2026-01-01T00:00:00Z", "credentialSubject":{"id":"urn:uuid:2"}}`

const v1 = `"https://www.w3.org/2018/credentials/v1"`

// The contexts of VCDM 1.1 do not know DataIntegrityProof: the document gets the
// terms, after its own contexts, and no other byte changes.
func TestSignAddsTerms(t *testing.T) {
	added := `"` + dataintegrity.IntegrityContext + `"`
	for name, tt := range map[string]struct{ context, want string }{
		"a string":          {v1, `[` + v1 + `,` + added + `]`},
		"a list":            {`[ ` + v1 + ` ]`, `[ ` + v1 + `,` + added + ` ]`},
		"its own terms":     {`[` + v1 + `, {"motto":"urn:x:motto"}]`, `[` + v1 + `, {"motto":"urn:x:motto"},` + added + `]`},
		"it is there":       {`[` + v1 + `,` + added + `]`, `[` + v1 + `,` + added + `]`},
		"the first version": {`[` + v1 + `,"https://w3id.org/security/data-integrity/v1"]`, `[` + v1 + `,"https://w3id.org/security/data-integrity/v1"]`},
	} {
		doc, want := strings.Replace(older, "CONTEXT", tt.context, 1), strings.Replace(older, "CONTEXT", tt.want, 1)
		for _, suite := range []string{dataintegrity.EddsaRDFC2022, dataintegrity.EddsaJCS2022} {
			signed := sign(t, doc, func(o *dataintegrity.Options) { o.Cryptosuite = suite })
			if head, _, _ := strings.Cut(signed, `,"proof":`); head+"}" != want {
				t.Errorf("%s, %s: the document became\n%s", name, suite, head)
			}
			if r := verify(t, []byte(signed)); len(r) != 1 || r[0].State != dataintegrity.Good {
				t.Errorf("%s, %s: %+v", name, suite, r)
			}
		}
	}
}

// A context of 2.0 knows the terms: nothing is added to it.
func TestSignAddsNoTerms(t *testing.T) {
	if signed := sign(t, small, nil); strings.Contains(signed, dataintegrity.IntegrityContext) {
		t.Errorf("the document became %s", signed)
	}
}

// signJCS signs as VC DI EdDSA §3.3 says, without a look at the contexts.
func signJCS(t *testing.T, doc, context string) string {
	t.Helper()
	key, vm := testKey()
	options := `{"type":"DataIntegrityProof","cryptosuite":"eddsa-jcs-2022","proofPurpose":"assertionMethod","verificationMethod":"` + vm + `","@context":` + context + `}`
	var message []byte
	for _, text := range []string{options, doc} {
		canonical, err := jcs.Append(nil, parse(t, []byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(canonical)
		message = append(message, sum[:]...)
	}
	value := "z" + did.EncodeBase58(ed25519.Sign(key, message))
	return strings.TrimSuffix(doc, "}") + `,"proof":` + strings.TrimSuffix(options, "}") + `,"proofValue":"` + value + `"}}`
}

// Who signs second must not spoil the first signature.
func TestTermsKeepOtherProofs(t *testing.T) {
	first := sign(t, small, func(o *dataintegrity.Options) { o.Cryptosuite = dataintegrity.EddsaJCS2022 })
	// As if signed elsewhere under a vocabulary that does not know proofs.
	bare := strings.Replace(older, "CONTEXT", `[`+v1+`]`, 1)
	unaware := signJCS(t, bare, `[`+v1+`]`)
	for name, doc := range map[string]string{"2.0": first, "1.1": unaware} {
		twice := sign(t, doc, nil)
		results := verify(t, []byte(twice))
		if len(results) != 2 || results[0].State != dataintegrity.Good || results[1].State != dataintegrity.Good {
			t.Errorf("%s: %+v", name, results)
		}
	}
}

// A holder chooses among the statements of an older credential too.
func TestSelectiveAddsTerms(t *testing.T) {
	key, vm := curveKey(t, elliptic.P256())
	doc := strings.Replace(older, "CONTEXT", v1, 1)
	o := dataintegrity.Options{VerificationMethod: vm, Cryptosuite: dataintegrity.EcdsaSD2023, Mandatory: []string{"/issuer"}}
	signed, err := dataintegrity.Sign([]byte(doc), key, o, false)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := dataintegrity.Derive(signed, []string{"/credentialSubject"})
	if err != nil {
		t.Fatal(err)
	}
	if r := verify(t, shown); len(r) != 1 || r[0].State != dataintegrity.Good {
		t.Errorf("%+v of %s", r, shown)
	}
}
