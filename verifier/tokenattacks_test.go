package verifier_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"strings"
	"testing"

	"hallmark/verifier"
)

// TestAttacksOnTokens: hostile tokens whole, as people would hand them in. None
// is verified, and nothing in them is shown as signed by the issuer. The table
// of package vcjose holds the key against the token; here everything a token can
// bring along has its say.
func TestAttacksOnTokens(t *testing.T) {
	w := newTokenWorld(t)
	eve := keyOf(9)
	w.sets["https://eve.example/jwks.json"] = `{"keys":[` + jwkOf(eve.Public(), `"kid":"e","iss":"`+academy+`"`) + `]}`
	w.documents["https://eve.example/1"] = document("https://eve.example/1", eve, "")
	good := string(w.badgeToken(t, w.method))
	parts := strings.Split(good, ".")
	payload := w.claimed(t, nil)
	encode := base64.RawURLEncoding.EncodeToString
	by := func(header, payload string, sign func(string) string) string {
		input := encode([]byte(header)) + "." + encode([]byte(payload))
		return input + "." + encode([]byte(sign(input)))
	}
	evil := func(input string) string {
		signature, err := eve.Sign(nil, []byte(input), crypto.Hash(0))
		if err != nil {
			t.Fatal(err)
		}
		return string(signature)
	}
	der, err := x509.MarshalPKIXPublicKey(w.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	shared := func(input string) string {
		mac := hmac.New(sha256.New, der)
		mac.Write([]byte(input))
		return string(mac.Sum(nil))
	}
	evesKey := jwkOf(eve.Public(), "")
	for name, token := range map[string]string{
		"none":                          encode([]byte(`{"alg":"none","kid":"`+w.method+`"}`)) + "." + parts[1] + ".",
		"HS256 with the public key":     by(`{"alg":"HS256","kid":"`+w.method+`"}`, payload, shared),
		"key of Eve, kid of the issuer": by(`{"alg":"EdDSA","kid":"`+w.method+`"}`, payload, evil),
		"both, key of Eve":              by(`{"alg":"EdDSA","kid":"`+w.method+`","jwk":`+evesKey+`}`, payload, evil),
		"jwk of Eve":                    by(`{"alg":"EdDSA","jwk":`+evesKey+`}`, payload, evil),
		"jwk with the issuer's kid":     by(`{"alg":"EdDSA","jwk":`+jwkOf(eve.Public(), `"kid":"`+w.method+`"`)+`}`, payload, evil),
		"jku":                           by(`{"alg":"EdDSA","jku":"https://eve.example/jwks.json","kid":"e"}`, payload, evil),
		"x5u":                           by(`{"alg":"EdDSA","x5u":"https://eve.example/c","jwk":`+evesKey+`}`, payload, evil),
		"x5c":                           by(`{"alg":"EdDSA","x5c":["AAAA"],"jwk":`+evesKey+`}`, payload, evil),
		"kid of Eve's set":              by(`{"alg":"EdDSA","kid":"https://eve.example/jwks.json#e"}`, payload, evil),
		"kid of Eve's document":         by(`{"alg":"EdDSA","kid":"https://eve.example/1#`+multikey(eve)+`"}`, payload, evil),
		"kid of the issuer, Eve's key":  by(`{"alg":"EdDSA","kid":"`+academy+"#"+multikey(eve)+`"}`, payload, evil),
		"did:key of Eve":                by(`{"alg":"EdDSA","kid":"did:key:`+multikey(eve)+"#"+multikey(eve)+`"}`, payload, evil),
		"did:jwk of Eve":                by(`{"alg":"EdDSA","kid":"did:jwk:`+encode([]byte(evesKey))+`#0"}`, payload, evil),
		"issuer by a claim alone":       by(`{"alg":"EdDSA","kid":"did:key:`+multikey(eve)+"#"+multikey(eve)+`"}`, strings.Replace(payload, `"issuer":{`, `"was":{`, 1), evil),
		"kid with a blank":              by(`{"alg":"EdDSA","kid":"`+w.method+` "}`, payload, evil),
		"kid that climbs":               by(`{"alg":"EdDSA","kid":"../../../etc/passwd"}`, payload, evil),
		"kid with a query":              by(`{"alg":"EdDSA","kid":"' OR 1=1 --"}`, payload, evil),
		"kid of plain http":             by(`{"alg":"EdDSA","kid":"http://badges.example.org/keys/1"}`, payload, evil),
		"kid of a file":                 by(`{"alg":"EdDSA","kid":"file:///dev/null"}`, payload, evil),
		"kid of data":                   by(`{"alg":"EdDSA","kid":"data:application/json,`+base64.StdEncoding.EncodeToString([]byte(evesKey))+`"}`, payload, evil),
		"dot at the end":                good + ".",
		"padding":                       good + "=",
		"line break within":             parts[0] + "." + parts[1][:40] + "\r\n" + parts[1][40:] + "." + parts[2],
		"blank within":                  parts[0] + ". " + parts[1] + "." + parts[2],
		"JSON serialisation":            `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"general serialisation":         `{"payload":"` + parts[1] + `","signatures":[{"protected":"` + parts[0] + `","signature":"` + parts[2] + `"}],"credentialSubject":{}}`,
		"two after each other":          good + "\n" + good,
		"enveloped, in base64":          `{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt;base64,` + base64.StdEncoding.EncodeToString([]byte(good)) + `"}`,
		"enveloped, by name alone":      `{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","issuer":"` + academy + `","credentialSubject":{"id":"urn:x"}}`,
		"enveloped, as text":            `{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:text/plain,` + good + `"}`,
		"enveloped, other token within": `{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,` + by(`{"alg":"EdDSA","jwk":`+evesKey+`}`, payload, evil) + `"}`,
		"embedded proof of another":     string(w.rawToken(t, `{"alg":"none","kid":"`+w.method+`"}`, strings.Replace(string(w.sign(t, badge())), badgeID, "urn:uuid:other", 1))),
		"good embedded, bad token":      by(`{"alg":"EdDSA","kid":"`+w.method+`"}`, string(w.sign(t, badge())), evil),
	} {
		w.asked = nil
		r, err := w.verifier().Verify(t.Context(), []byte(token), verifier.Ask{})
		if err != nil {
			continue // nothing of a credential in it
		}
		wellFormed(t, r)
		genuine := outcome(r, "proof") == verifier.Verified && outcome(r, "issuer") == verifier.Verified
		if r.Verdict == verifier.Verified || genuine {
			t.Errorf("%s: %s", name, r.Summary)
		}
		for _, asked := range w.asked {
			if !strings.HasPrefix(asked, "https://") && !strings.HasPrefix(asked, "did:web:") {
				t.Errorf("%s: asked %s", name, asked)
			}
		}
	}
}

// TestBothWays: a badge with an embedded proof in a token is good if both are.
func TestBothWays(t *testing.T) {
	w := newTokenWorld(t)
	header := `{"alg":"EdDSA","typ":"vc+jwt","kid":"` + w.method + `"}`
	signed := string(w.sign(t, badge()))
	r := verify(t, w.verifier(), w.rawToken(t, header, signed))
	expect{"verified", "proof", "verified", "", "Issuer not known"}.compare(t, "both", r)
	if proofs, _ := find(r, "proof").Detail["proofs"].([]map[string]any); len(proofs) != 2 {
		t.Errorf("%d proofs", len(proofs))
	}
	changed := strings.Replace(signed, "Pass the review.", "Pass.", 1)
	expect{"refused", "proof", "refused", "does not fit", "Not genuine"}.compare(t, "embedded changed", verify(t, w.verifier(), w.rawToken(t, header, changed)))
}

// FuzzToken: whatever is handed in, the report is well formed, and nobody but
// the issuer can make a badge of the issuer's.
func FuzzToken(f *testing.F) {
	w := newTokenWorld(f)
	f.Add(w.badgeToken(f, w.method))
	f.Add(w.badgeToken(f, keyURL))
	f.Add(vcToken(f, w.key, w.method, `"iss":"`+academy+`","exp":1863000000`))
	f.Add([]byte(enveloped(vcToken(f, w.key, w.method, ""))))
	f.Add(w.rawToken(f, `{"alg":"EdDSA","kid":"`+w.method+`"}`, `{"vc":{"@context":["https://www.w3.org/2018/credentials/v1"],"type":["VerifiableCredential"],"credentialSubject":{"a":1}},"iss":"`+academy+`","nbf":1,"sub":"urn:x:1"}`))
	f.Add(presentWith(f, adaKey, adaMethod(), presentation(adaID(), string(w.sign(f, badge())))))
	f.Add(vpToken(f, adaKey, adaMethod(), presentation(adaID(), `"`+string(w.badgeToken(f, w.method))+`"`)))
	for _, doc := range hostileTokens(f, w) {
		if len(doc) < 20<<10 {
			f.Add(doc)
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		w.asked = nil
		ask := verifier.Ask{Name: "Ada Lovelace", Challenge: nonce, Domain: reader}
		for _, check := range []func() (*verifier.Report, error){
			func() (*verifier.Report, error) { return w.verifier().Verify(t.Context(), doc, ask) },
			func() (*verifier.Report, error) { return w.verifier().VerifyPresentation(t.Context(), doc, ask) },
		} {
			if r, err := check(); err == nil {
				wellFormed(t, r)
				for _, one := range within(r) {
					wellFormed(t, one)
				}
			}
		}
		if len(w.asked) > 24 {
			t.Errorf("asked %d times", len(w.asked))
		}
	})
}
