package verifier_test

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/ob3"
	"hallmark/verifier/vcjose"
)

const reader, nonce = "https://reader.example", "n-0S6_WzA2Mj"

// ada is who presents in these tests: a did:key.
var adaKey = keyOf(20)

func adaID() string { return "did:key:" + multikey(adaKey) }

func adaMethod() string { return adaID() + "#" + multikey(adaKey) }

// hers is the badge with Ada's identifier as its subject.
func hers(b *ob3.AchievementCredential) { b.CredentialSubject.ID = adaID() }

func adasBadge() *ob3.AchievementCredential {
	b := badge()
	hers(b)
	return b
}

// presentation is one before it is signed.
func presentation(holder string, credentials ...string) string {
	h := ""
	if holder != "" {
		h = `"holder":"` + holder + `",`
	}
	return `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],` + h + `"verifiableCredential":[` + strings.Join(credentials, ",") + `]}`
}

func enveloped(token []byte) string {
	return `{"@context":"https://www.w3.org/ns/credentials/v2","id":"data:application/vc+jwt,` + string(token) + `","type":"EnvelopedVerifiableCredential"}`
}

func presentWith(t testing.TB, key ed25519.PrivateKey, method, doc string, change ...func(*dataintegrity.Options)) []byte {
	t.Helper()
	all := append([]func(*dataintegrity.Options){func(o *dataintegrity.Options) {
		o.Purpose, o.Challenge, o.Domain = "authentication", nonce, reader
	}}, change...)
	return signWith(t, key, method, []byte(doc), all...)
}

func present(t testing.TB, v *verifier.Verifier, doc []byte, ask verifier.Ask) *verifier.Report {
	t.Helper()
	r, err := v.VerifyPresentation(t.Context(), doc, ask)
	if err != nil {
		t.Fatalf("%v in %.200s", err, doc)
	}
	wellFormed(t, r)
	for _, one := range within(r) {
		wellFormed(t, one)
	}
	return r
}

func within(r *verifier.Report) []*verifier.Report {
	reports, _ := find(r, "format").Detail["credentials"].([]*verifier.Report)
	return reports
}

func TestPresentation(t *testing.T) {
	w := newTokenWorld(t)
	asked := verifier.Ask{Challenge: nonce, Domain: reader}
	one := string(w.sign(t, adasBadge()))
	token := w.badgeToken(t, w.method, hers)
	two := presentWith(t, adaKey, adaMethod(), presentation(adaID(), one, enveloped(vcToken(t, w.key, w.method, ""))))
	whole := expect{"verified", "proof", "verified", "fits", "Issuer not known to us. Genuine and current: “Low-code Foundations”"}
	for name, tt := range map[string]struct {
		doc  []byte
		ask  verifier.Ask
		want expect
	}{
		"one":                  {presentWith(t, adaKey, adaMethod(), presentation(adaID(), one)), asked, whole},
		"nothing asked":        {presentWith(t, adaKey, adaMethod(), presentation(adaID(), one)), verifier.Ask{}, whole},
		"holder not named":     {presentWith(t, adaKey, adaMethod(), presentation("", one)), asked, whole},
		"hers":                 {presentWith(t, adaKey, adaMethod(), presentation(adaID(), one)), asked, expect{"verified", "recipient", "verified", "issued to the one who presents", ""}},
		"enveloped":            {presentWith(t, adaKey, adaMethod(), presentation(adaID(), enveloped(vcToken(t, w.key, w.method, "")))), asked, whole},
		"vp+jwt":               {vpToken(t, adaKey, adaMethod(), presentation(adaID(), enveloped(vcToken(t, w.key, w.method, "")))), asked, whole},
		"1.1, token as text":   {vpToken(t, adaKey, adaMethod(), strings.Replace(presentation(adaID(), `"`+string(token)+`"`), "ns/credentials/v2", "2018/credentials/v1", 1)), asked, expect{"verified", "recipient", "verified", "issued to the one who presents", ""}},
		"claim, token as text": {w.vpClaim(t, presentation(adaID(), `"`+string(token)+`"`)), asked, expect{"verified", "recipient", "verified", "issued to the one who presents", ""}},
		"two":                  {two, asked, expect{"verified", "proof", "verified", "", "Issuer not known to us. Genuine and current: 2 credentials, presented by did:key:"}},
		"as a statement":       {presentWith(t, adaKey, adaMethod(), presentation(adaID(), one), func(o *dataintegrity.Options) { o.Purpose, o.Challenge, o.Domain = "", "", "" }), verifier.Ask{}, whole},
		"none":                 {presentWith(t, adaKey, adaMethod(), strings.Replace(presentation(adaID()), `,"verifiableCredential":[]`, "", 1)), asked, expect{"verified", "issuer", "verified", "presented with a key of", "Genuine: did:key"}},
		"subject without key":  {presentWith(t, adaKey, adaMethod(), presentation(adaID(), string(w.sign(t, badge())))), asked, expect{"verified", "recipient", "skipped", "does not name its owner by a key", ""}},
		"by name":              {presentWith(t, adaKey, adaMethod(), presentation(adaID(), one)), verifier.Ask{Name: "Eve", Challenge: nonce}, expect{"refused", "recipient", "refused", "another name", "Genuine, but issued to someone else"}},

		"another challenge":      {presentWith(t, adaKey, adaMethod(), presentation(adaID(), one)), verifier.Ask{Challenge: "x"}, expect{"refused", "proof", "refused", "does not answer the challenge", "Not genuine"}},
		"another reader":         {presentWith(t, adaKey, adaMethod(), presentation(adaID(), one)), verifier.Ask{Domain: "https://eve.example"}, expect{"refused", "proof", "refused", "another reader", "Not genuine"}},
		"token, other challenge": {vpToken(t, adaKey, adaMethod(), presentation(adaID(), one)), verifier.Ask{Challenge: "x"}, expect{"refused", "proof", "refused", "does not answer the challenge", "Not genuine"}},
		"token, other reader":    {vpToken(t, adaKey, adaMethod(), presentation(adaID(), one)), verifier.Ask{Domain: "https://eve.example"}, expect{"refused", "proof", "refused", "another reader", "Not genuine"}},
		"not signed":             {[]byte(presentation(adaID(), one)), verifier.Ask{}, expect{"undetermined", "proof", "undetermined", "is not signed", "Could not be checked fully"}},
		"not signed, asked":      {[]byte(presentation(adaID(), one)), asked, expect{"refused", "proof", "refused", "is not signed", "Not genuine"}},
		"no proofs, asked":       {[]byte(strings.TrimSuffix(presentation(adaID(), one), "}") + `,"proof":[]}`), asked, expect{"refused", "proof", "refused", "is not signed", "Not genuine"}},
		"a statement, asked":     {presentWith(t, adaKey, adaMethod(), presentation(adaID(), one), func(o *dataintegrity.Options) { o.Purpose = "" }), asked, expect{"refused", "proof", "refused", "another purpose", "Not genuine"}},
		"by Eve as Ada":          {presentWith(t, keyOf(9), "did:key:"+multikey(keyOf(9))+"#"+multikey(keyOf(9)), presentation(adaID(), one)), asked, expect{"refused", "issuer", "refused", "key of someone else", "Not genuine"}},
		"by Eve as Eve":          {presentWith(t, keyOf(9), "did:key:"+multikey(keyOf(9))+"#"+multikey(keyOf(9)), presentation("", one)), asked, expect{"undetermined", "recipient", "undetermined", "someone else than the one who presents", ""}},
		"key for statements":     {presentWith(t, w.key, w.method, presentation(academy, one)), asked, expect{"refused", "issuer", "refused", "not meant for showing", "Not genuine"}},
		"changed afterwards":     {replace(presentWith(t, adaKey, adaMethod(), presentation(adaID(), one)), `"holder":"`+adaID(), `"holder":"`+adaID()+"x"), asked, expect{"refused", "proof", "refused", "", "Not genuine"}},
		"credential changed":     {presentWith(t, adaKey, adaMethod(), presentation(adaID(), strings.Replace(one, "Pass the review.", "Pass.", 1))), asked, expect{"refused", "proof", "refused", "does not fit", "Not genuine"}},
		"second one changed":     {presentWith(t, adaKey, adaMethod(), presentation(adaID(), one, strings.Replace(one, "Pass the review.", "Pass.", 1))), asked, expect{"refused", "proof", "refused", "Credential 2: the signature does not fit", "Not genuine"}},
		"token of another use":   {vpToken(t, adaKey, adaMethod(), presentation(adaID(), enveloped(vpToken(t, adaKey, adaMethod(), presentation(adaID(), one))))), asked, expect{"refused", "format", "refused", "not a credential", "Not genuine"}},
		"not credentials":        {presentWith(t, adaKey, adaMethod(), presentation(adaID(), one)), asked, whole},
		"a number":               {vpToken(t, adaKey, adaMethod(), presentation(adaID(), "7")), asked, expect{"refused", "format", "refused", "something that is not a credential", "Not genuine"}},
		"too many":               {vpToken(t, adaKey, adaMethod(), presentation(adaID(), strings.Split(strings.Repeat(`{"a":1} `, 11), " ")[:11]...)), asked, expect{"refused", "format", "refused", "more than 10", "Not genuine"}},
		"odd holder":             {vpToken(t, adaKey, adaMethod(), presentation("Ada", one)), asked, expect{"refused", "format", "refused", "holder", "Not genuine"}},
		"no context":             {vpToken(t, adaKey, adaMethod(), `{"@context":"https://example.org/","type":"VerifiablePresentation","holder":"`+adaID()+`"}`), asked, expect{"refused", "format", "refused", "@context", "Not genuine"}},
	} {
		tt.want.compare(t, name, present(t, w.verifier(), tt.doc, tt.ask))
	}
	r := present(t, w.verifier(), two, asked)
	if reports := within(r); len(reports) != 2 || reports[0].Verdict != verifier.Verified || reports[1].Verdict != verifier.Verified || reports[0].Credential == nil {
		t.Errorf("reports: %+v", reports)
	}
	if r.Issuer.ID != academy || find(r, "format").Detail["holder"] != adaID() {
		t.Errorf("issuer %+v, detail %v", r.Issuer, find(r, "format").Detail["holder"])
	}
	trusted, err := verifier.ParseTrust([]byte(academy))
	if err != nil {
		t.Fatal(err)
	}
	v := w.verifier()
	v.Trust = trusted
	if r := present(t, v, two, asked); !strings.HasPrefix(r.Summary, "Genuine and current: 2 credentials") {
		t.Errorf("both by a known issuer: %s", r.Summary)
	}
	// Verify takes presentations as well.
	r, err = w.verifier().Verify(t.Context(), two, verifier.Ask{})
	if err != nil || r.Verdict != verifier.Verified {
		t.Errorf("by Verify: %+v %v", r, err)
	}
	for name, doc := range map[string]string{"a credential": one, "a token": string(token), "an object": `{"a":1}`, "nothing": ""} {
		if r, err := w.verifier().VerifyPresentation(t.Context(), []byte(doc), asked); !errors.Is(err, verifier.ErrNoCredential) {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
}

// vpClaim is a presentation in a claim of a token, as VC Data Model 1.1 has it.
func (w *tokenWorld) vpClaim(t testing.TB, doc string) []byte {
	t.Helper()
	hers := &tokenWorld{world: &world{key: adaKey}}
	return hers.rawToken(t, `{"alg":"EdDSA","typ":"JWT","kid":"`+adaMethod()+`"}`, fmt.Sprintf(`{"iss":%q,"vp":%s,"nonce":%q,"aud":%q}`, adaID(), doc, nonce, reader))
}

// vpToken is a vp+jwt that answers the reader.
func vpToken(t testing.TB, key ed25519.PrivateKey, kid, doc string) []byte {
	t.Helper()
	doc = fmt.Sprintf(`%s,"nonce":%q,"aud":[%q]}`, strings.TrimSuffix(doc, "}"), nonce, reader)
	token, err := vcjose.Sign([]byte(doc), key, vcjose.Options{Type: vcjose.TypeVP, KeyID: kid})
	if err != nil {
		t.Fatal(err)
	}
	return []byte(token)
}

// TestPresentationLookups: many strangers in one presentation do not make us ask
// without end.
func TestPresentationLookups(t *testing.T) {
	w := newTokenWorld(t)
	var all []string
	for i := range 10 {
		b := badge()
		b.Issuer.ID = fmt.Sprintf("did:web:issuer%d.example.org", i)
		key := keyOf(byte(30 + i))
		method := b.Issuer.ID + "#" + multikey(key)
		w.documents[b.Issuer.ID] = document(b.Issuer.ID, key, "")
		all = append(all, string(signWith(t, key, method, b)))
	}
	r := present(t, w.verifier(), presentWith(t, adaKey, adaMethod(), presentation(adaID(), all...)), verifier.Ask{})
	if len(w.asked) > 12 {
		t.Errorf("asked %d times: %v", len(w.asked), w.asked)
	}
	expect{"undetermined", "status", "undetermined", "", ""}.compare(t, "ten issuers", r)
	if len(within(r)) != 10 {
		t.Errorf("%d reports", len(within(r)))
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
	// The clock counts for all.
	v := w.verifier()
	v.Now = func() time.Time { return today.AddDate(10, 0, 0) }
	expect{"refused", "period", "refused", "expired", ""}.compare(t, "late", present(t, v, presentWith(t, adaKey, adaMethod(), presentation(adaID(), all[0])), verifier.Ask{}))
}
