package verifier_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/ob3"
	"hallmark/verifier/shown"
	"hallmark/verifier/vcjose"
)

// TestPresentationClaimsNothing: a presentation is signed by whoever presents,
// and is green when that is so. What it claims in the manner of a credential is
// nobody's claim, least of all that of the genuine badge which lies in it.
func TestPresentationClaimsNothing(t *testing.T) {
	w := newTokenWorld(t)
	genuine := string(w.sign(t, adasBadge()))
	var forged map[string]any
	if err := json.Unmarshal(toJSON(t, badge()), &forged); err != nil {
		t.Fatal(err)
	}
	delete(forged, "credentialStatus")
	forged["holder"] = adaID()
	with := func(types []string, credentials ...string) string {
		forged["type"], forged["verifiableCredential"] = types, nil
		delete(forged, "verifiableCredential")
		for _, one := range credentials {
			forged["verifiableCredential"] = []json.RawMessage{json.RawMessage(one)}
		}
		return string(toJSON(t, forged))
	}
	jcs := func(o *dataintegrity.Options) { o.Cryptosuite = dataintegrity.EddsaJCS2022 }
	statement := func(o *dataintegrity.Options) { o.Purpose, o.Challenge, o.Domain = "", "", "" }
	token := func(doc string) []byte {
		signed, err := vcjose.Sign([]byte(doc), adaKey, vcjose.Options{Type: vcjose.TypeVP, KeyID: adaMethod()})
		if err != nil {
			t.Fatal(err)
		}
		return []byte(signed)
	}
	both, only := []string{"VerifiableCredential", "OpenBadgeCredential", "VerifiablePresentation"}, []string{"VerifiablePresentation"}
	older := strings.Replace(presentation(adaID(), genuine), `"holder"`, `"badge":{"type":"BadgeClass","name":"Doctor"},"holder"`, 1)
	for name, doc := range map[string][]byte{
		"of both types":          presentWith(t, adaKey, adaMethod(), with(both)),
		"of both types, stated":  presentWith(t, adaKey, adaMethod(), with(both), statement),
		"with a subject":         presentWith(t, adaKey, adaMethod(), with(only), jcs),
		"around a genuine badge": presentWith(t, adaKey, adaMethod(), with(only, genuine), jcs),
		"a token":                token(with(only)),
		"a token around one":     token(with(only, genuine)),
		"as an older badge":      token(older),
		"of an older type":       token(strings.Replace(presentation(adaID(), genuine), `"VerifiablePresentation"`, `"VerifiablePresentation","Assertion"`, 1)),
	} {
		r := present(t, w.verifier(), doc, verifier.Ask{})
		expect{"refused", "format", "refused", "claims something of its own", "Not genuine"}.compare(t, name, r)
		if c := shown.ClaimsOf(r.Credential); c.Achievement != "" || c.Recipient != "" || c.ID != "" {
			t.Errorf("%s: shows %+v", name, c)
		}
	}
}

// TestSignaturesInAll: documents that are checked together share a bound on the
// work of their signatures, and what is past it is not known to be good.
func TestSignaturesInAll(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id, method, err := did.FromKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	signed := func(kind, more string) string {
		doc := []byte(fmt.Sprintf(`{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"type":["VerifiableCredential",%q],"issuer":%q,"credentialSubject":{"id":"urn:x:1"}%s}`, kind, id, more))
		for range 4 {
			var err error
			if doc, err = dataintegrity.Sign(doc, key, dataintegrity.Options{VerificationMethod: method, Created: today, Cryptosuite: dataintegrity.EcdsaRDFC2019}, true); err != nil {
				t.Fatal(err)
			}
		}
		return string(doc)
	}
	praise := strings.TrimSuffix(strings.Repeat(signed("EndorsementCredential", "")+",", 4), ",")
	one := signed("OpenBadgeCredential", `,"endorsement":[`+praise+`]`)
	w := newWorld(t)
	expect{"verified", "endorsement", "verified", "4 of 4", ""}.compare(t, "one", verify(t, w.verifier(), []byte(one)))

	ten := presentation("", strings.Split(strings.Repeat(one+"\n", 10), "\n")[:10]...)
	r := present(t, w.verifier(), []byte(ten), verifier.Ask{})
	const tooMany = "more signatures in all than are checked at once"
	reports := within(r)
	expect{"verified", "proof", "verified", "", ""}.compare(t, "the first", reports[0])
	expect{"undetermined", "proof", "undetermined", tooMany, ""}.compare(t, "the last", reports[9])
	expect{"undetermined", "proof", "undetermined", "", ""}.compare(t, "all", r)

	tokens := newTokenWorld(t)
	token := `"` + string(tokens.badgeToken(t, tokens.method)) + `"`
	mixed := strings.Replace(presentation("", append(strings.Split(strings.Repeat(one+"\n", 9), "\n")[:9], token)...), "ns/credentials/v2", "2018/credentials/v1", 1)
	reports = within(present(t, tokens.verifier(), []byte(mixed), verifier.Ask{}))
	expect{"undetermined", "proof", "undetermined", tooMany, ""}.compare(t, "a token", reports[9])
}

// TestEndorsementOfAnother: praise counts for what it is about. Anybody can put
// somebody's genuine endorsement of something else into a badge of their own, or
// into a proof that they add to another's.
func TestEndorsementOfAnother(t *testing.T) {
	w := newWorld(t)
	praise := func(of string) []byte {
		return w.sign(t, ob3.EndorsementCredential{Context: []string{ob3.ContextCredentials, ob3.ContextBadges}, ID: "urn:uuid:e", Type: []string{"VerifiableCredential", "EndorsementCredential"}, Name: "E",
			Issuer: ob3.Profile{ID: academy, Type: []string{"Profile"}}, ValidFrom: ob3.At(today), CredentialSubject: ob3.EndorsementSubject{ID: of, Type: []string{"EndorsementSubject"}}})
	}
	endorsed := func(of string) []byte {
		raw := toJSON(t, badge())
		return w.sign(t, append(append(append(raw[:len(raw)-1:len(raw)-1], `,"endorsement":[`...), praise(of)...), "]}"...))
	}
	for name, tt := range map[string]struct {
		of   string
		want expect
	}{
		"the credential":  {badgeID, expect{"verified", "endorsement", "verified", "", ""}},
		"the achievement": {"https://badges.example.org/achievements/f1", expect{"verified", "endorsement", "verified", "", ""}},
		"the issuer":      {academy, expect{"verified", "endorsement", "verified", "", ""}},
		"something else":  {"urn:x:else", expect{"verified", "endorsement", "refused", "something else", ""}},
		"itself":          {"urn:uuid:e", expect{"verified", "endorsement", "refused", "something else", ""}},
	} {
		r := verify(t, w.verifier(), endorsed(tt.of))
		tt.want.compare(t, name, r)
		if list, _ := find(r, "endorsement").Detail["endorsements"].([]map[string]any); len(list) != 1 || (list[0]["issuerName"] != nil) != (tt.want.outcome == "verified") {
			t.Errorf("%s: %v", name, list)
		}
	}
	inProof := replace(w.sign(t, badge()), `"proof":[{`, `"proof":[{"endorsement":[`+string(praise(badgeID))+`],`)
	if r := verify(t, w.verifier(), inProof); find(r, "endorsement").Outcome != verifier.Skipped {
		t.Errorf("in a proof: %+v", find(r, "endorsement"))
	}
}

// TestLongTrustList: a list of many names costs one check next to nothing.
func TestLongTrustList(t *testing.T) {
	var list bytes.Buffer
	for i := range 20000 {
		fmt.Fprintf(&list, "did:web:a%d.example University of Somewhere %d\n", i, i)
	}
	fmt.Fprintf(&list, "did:web:other.example Example Academy\ndid:web:third.example EXAMPLE ACADEMY\n")
	trusted, err := verifier.ParseTrust(list.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	v := w.verifier()
	v.Trust = trusted
	doc := w.sign(t, badge())
	r := verify(t, v, doc)
	if find(r, "trust").Detail["resembles"] != "EXAMPLE ACADEMY" {
		t.Errorf("%+v", find(r, "trust"))
	}
	if bytes := allocated(func() { verify(t, v, doc) }); bytes > slow<<20 {
		t.Errorf("%d bytes allocated", bytes)
	}
}

// TestPlain: a name of a stranger stays in its line and is no verdict.
func TestPlain(t *testing.T) {
	for name, want := range map[string]string{
		"Z" + strings.Repeat("\u0301", 40) + "oe":   "Z" + strings.Repeat("\u0301", 5) + "oe",
		"Vie\u0323\u0302t":                          "Vie\u0323\u0302t",
		strings.Repeat("\u0301a", 3):                "\u0301a\u0301a\u0301a",
		"Acme \u2714\U0001f5f9\u202e Verified\nnow": "Acme  Verified now",
	} {
		if got := verifier.Plain(name); got != want {
			t.Errorf("%q: %q; want %q", name, got, want)
		}
	}
}
