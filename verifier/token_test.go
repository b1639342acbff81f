package verifier_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/did"
	"hallmark/verifier/ob3"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vcjose"
)

const (
	keyURL = "https://badges.example.org/keys/1"
	setURL = "https://badges.example.org/.well-known/jwks.json"
)

// tokenWorld is a world that publishes key sets as well.
type tokenWorld struct {
	*world
	sets map[string]string // by URL
}

func newTokenWorld(t testing.TB) *tokenWorld {
	w := &tokenWorld{newWorld(t), map[string]string{}}
	w.sets[keyURL] = jwkOf(w.key.Public(), `"kid":"`+keyURL+`","iss":"`+academy+`"`)
	return w
}

func (w *tokenWorld) KeySet(_ context.Context, url string) (*did.KeySet, error) {
	w.asked = append(w.asked, url)
	raw, ok := w.sets[url]
	if !ok || w.down {
		return nil, did.ErrNotFound
	}
	return did.ParseKeySet([]byte(raw))
}

func (w *tokenWorld) verifier() *verifier.Verifier {
	v := w.world.verifier()
	v.Keys = w
	return v
}

// jwkOf is a key as a JSON Web Key with more members.
func jwkOf(key crypto.PublicKey, more string) string {
	raw, err := did.EncodeJWK(key)
	if err != nil {
		panic(err)
	}
	if more != "" {
		more = "," + more
	}
	return strings.TrimSuffix(string(raw), "}") + more + "}"
}

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

var p256Key = sync.OnceValue(func() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
})

// badgeToken is the badge as Open Badges 3.0 §8.2 has it.
func (w *tokenWorld) badgeToken(t testing.TB, kid string, change ...func(*ob3.AchievementCredential)) []byte {
	t.Helper()
	b := badge()
	for _, c := range change {
		c(b)
	}
	token, err := vcjose.SignBadge(toJSON(t, b), w.key, vcjose.Options{KeyID: kid})
	if err != nil {
		t.Fatal(err)
	}
	return []byte(token)
}

// vcToken is the badge as vc+jwt, with more members in front.
func vcToken(t testing.TB, signer crypto.Signer, kid string, more string) []byte {
	t.Helper()
	doc := toJSON(t, badge())
	if more != "" {
		doc = []byte("{" + more + "," + string(doc[1:]))
	}
	token, err := vcjose.Sign(doc, signer, vcjose.Options{Type: vcjose.TypeVC, KeyID: kid})
	if err != nil {
		t.Fatal(err)
	}
	return []byte(token)
}

// rawToken signs whatever header and payload say, with the world's key.
func (w *tokenWorld) rawToken(t testing.TB, header, payload string) []byte {
	t.Helper()
	input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	signature, err := w.key.Sign(nil, []byte(input), crypto.Hash(0))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(input + "." + base64.RawURLEncoding.EncodeToString(signature))
}

// claimed is the payload of a badge's token, with changes to its claims: nil
// removes one.
func (w *tokenWorld) claimed(t testing.TB, change map[string]any) string {
	t.Helper()
	read, err := vcjose.Parse(w.badgeToken(t, w.method))
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(read.Payload, &claims); err != nil {
		t.Fatal(err)
	}
	for name, value := range change {
		if value == nil {
			delete(claims, name)
		} else {
			claims[name] = value
		}
	}
	return string(toJSON(t, claims))
}

func TestTokenForms(t *testing.T) {
	w := newTokenWorld(t)
	token := w.badgeToken(t, w.method)
	svg, err := bake.SVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), token)
	if err != nil {
		t.Fatal(err)
	}
	secured := vcToken(t, w.key, w.method, "")
	enveloped := `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"data:application/vc+jwt,` + string(secured) + `","type":"EnvelopedVerifiableCredential"}`
	for name, doc := range map[string][]byte{
		"badge": token, "with a line break at the end": append([]byte("\n"), append(token, '\n')...), "svg": svg,
		"vc+jwt": secured, "enveloped": []byte(enveloped),
	} {
		r := verify(t, w.verifier(), doc)
		expect{"verified", "proof", "verified", "fits", "Issuer not known to us. Genuine and current: “Low-code Foundations”"}.compare(t, name, r)
		for _, check := range []string{"format", "issuer", "status", "period", "schema", "conformance"} {
			if c := find(r, check); c.Outcome != verifier.Verified {
				t.Errorf("%s: %s is %s: %s", name, check, c.Outcome, c.Reason)
			}
		}
		var got, want any
		if json.Unmarshal(r.Credential, &got) != nil || json.Unmarshal(toJSON(t, badge()), &want) != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: shown is %s", name, r.Credential)
		}
	}
	claims, _ := find(verify(t, w.verifier(), token), "proof").Detail["claims"].(map[string]any)
	if claims["iss"] != academy || claims["jti"] != badgeID {
		t.Errorf("claims %v", claims)
	}
	for cty, want := range map[string]expect{
		"": {"verified", "conformance", "verified", "", ""}, "vc": {"verified", "conformance", "verified", "", ""}, "application/vc": {"verified", "conformance", "verified", "", ""}, "VC": {"verified", "conformance", "verified", "", ""},
		"credential+ld+json": {"verified", "conformance", "verified", "", ""}, "bad+cty": {"verified", "conformance", "refused", "another content", ""}, "JWT": {"verified", "conformance", "refused", "another content", ""},
		"vp": {"refused", "proof", "refused", "another use", "Not genuine"}, "application/vp": {"refused", "proof", "refused", "another use", "Not genuine"},
	} {
		header := `{"alg":"EdDSA","typ":"vc+jwt","kid":"` + w.method + `","cty":"` + cty + `"}`
		if cty == "" {
			header = `{"alg":"EdDSA","typ":"vc+jwt","kid":"` + w.method + `"}`
		}
		want.compare(t, "cty "+cty, verify(t, w.verifier(), w.rawToken(t, header, string(toJSON(t, badge())))))
	}
	for name, doc := range otherForms(t, w) {
		r := verify(t, w.verifier(), doc)
		expect{"undetermined", "format", "undetermined", "form that is not read", "Could not be checked fully"}.compare(t, name, r)
		if r.Credential != nil {
			t.Errorf("%s: shows %s", name, r.Credential)
		}
	}
	expect{"refused", "format", "refused", "three parts", "Not genuine"}.compare(t, "JWE", verify(t, w.verifier(), append(token, ".AAAA.AAAA"...)))
}

// otherForms are the forms of VC-JOSE-COSE that are not read (§3.2 SD-JWT, §3.3
// COSE), by themselves and enveloped.
func otherForms(t testing.TB, w *tokenWorld) map[string][]byte {
	t.Helper()
	token := w.badgeToken(t, w.method)
	envelope := func(url string) []byte {
		return []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"data:` + url + `","type":"EnvelopedVerifiableCredential"}`)
	}
	hidden := w.claimed(t, map[string]any{"_sd": []string{"x"}})
	// COSE_Sign1: a tag, an array of four: protected header, header, payload, signature.
	cose := append(append([]byte("\xd2\x84\x43\xa1\x01\x26\xa0\x59"), byte(len(hidden)>>8), byte(len(hidden))), hidden...)
	cose = append(append(cose, 0x58, 64), make([]byte, 64)...)
	return map[string][]byte{
		"SD-JWT": append(bytes.Clone(token), "~WyJhIl0~"...), "SD-JWT, nothing disclosed": append(bytes.Clone(token), '~'),
		"SD-JWT, typ":            append(w.rawToken(t, `{"alg":"EdDSA","typ":"vc+sd-jwt","kid":"`+w.method+`"}`, hidden), '~'),
		"SD-JWT, cut":            w.rawToken(t, `{"alg":"EdDSA","typ":"vc+sd-jwt","kid":"`+w.method+`"}`, hidden),
		"SD-JWT of IETF":         w.rawToken(t, `{"alg":"EdDSA","typ":"dc+sd-jwt","kid":"`+w.method+`"}`, hidden),
		"SD-JWT, presented":      w.rawToken(t, `{"alg":"EdDSA","typ":"application/vp+sd-jwt","kid":"`+w.method+`"}`, hidden),
		"SD-JWT, enveloped":      envelope("application/vc+sd-jwt," + string(token) + "~"),
		"COSE":                   cose,
		"COSE in base64":         []byte(base64.StdEncoding.EncodeToString(cose)),
		"COSE in base64url":      []byte(base64.RawURLEncoding.EncodeToString(cose)),
		"COSE, enveloped":        envelope("application/vc+cose;base64," + base64.StdEncoding.EncodeToString(cose)),
		"something, enveloped":   envelope("application/vc+mdoc;base64,AAAA"),
		"token in base64":        envelope("application/vc+jwt;base64," + base64.StdEncoding.EncodeToString(token)),
		"presentation enveloped": []byte(strings.Replace(string(envelope("application/vp+cose;base64,0oRD")), "Credential\"}", "Presentation\"}", 1)),
	}
}

// TestTokenKeys: where a token's key is found, and whether it is the issuer's.
func TestTokenKeys(t *testing.T) {
	eve := keyOf(9)
	eveJWK := jwkOf(eve.Public(), "")
	embedded := func(key crypto.Signer) []byte {
		token, err := vcjose.SignBadge(toJSON(t, badge()), key, vcjose.Options{Embed: true})
		if err != nil {
			t.Fatal(err)
		}
		return []byte(token)
	}
	good := expect{"verified", "issuer", "verified", "", "Issuer not known to us. Genuine"}
	open := func(reason string) expect {
		return expect{"undetermined", "issuer", "undetermined", reason, "Could not be checked fully"}
	}
	bad := func(check, reason string) expect { return expect{"refused", check, "refused", reason, "Not genuine"} }
	for name, tt := range map[string]struct {
		token func(w *tokenWorld) []byte
		world func(w *tokenWorld)
		want  expect
	}{
		"DID URL":          {func(w *tokenWorld) []byte { return w.badgeToken(t, w.method) }, nil, good},
		"DID by itself":    {func(w *tokenWorld) []byte { return w.badgeToken(t, academy) }, nil, good},
		"bare key":         {func(w *tokenWorld) []byte { return w.badgeToken(t, keyURL) }, nil, good},
		"key of a set":     {func(w *tokenWorld) []byte { return w.badgeToken(t, setURL+"#a") }, func(w *tokenWorld) { w.sets[setURL] = `{"keys":[` + jwkOf(w.key.Public(), `"kid":"a"`) + `]}` }, good},
		"fragment":         {func(w *tokenWorld) []byte { return vcRaw(t, w, "#"+multikey(w.key)) }, nil, good},
		"name":             {func(w *tokenWorld) []byte { return vcRaw(t, w, multikey(w.key)) }, nil, good},
		"name in the set":  {func(w *tokenWorld) []byte { return vcRaw(t, w, "k1") }, func(w *tokenWorld) { w.sets[setURL] = `{"keys":[` + jwkOf(w.key.Public(), `"kid":"k1"`) + `]}` }, good},
		"embedded, listed": {func(w *tokenWorld) []byte { return embedded(w.key) }, nil, good},
		"embedded, RSA":    {func(w *tokenWorld) []byte { return embedded(rsaKey()) }, func(w *tokenWorld) { w.sets[setURL] = `{"keys":[` + jwkOf(rsaKey().Public(), "") + `]}` }, good},
		"embedded, P-256": {func(w *tokenWorld) []byte { return embedded(p256Key()) }, func(w *tokenWorld) {
			w.sets[setURL] = `{"keys":[` + jwkOf(p256Key().Public(), `"iss":"`+academy+`"`) + `]}`
		}, good},
		"embedded, unlisted": {func(w *tokenWorld) []byte { return embedded(eve) }, nil, open("not among those")},
		"embedded, offline":  {func(w *tokenWorld) []byte { return embedded(w.key) }, func(w *tokenWorld) { w.down = true }, open("could not be looked up")},
		"bare key, unlisted": {func(w *tokenWorld) []byte { return signBy(t, eve, keyURL) }, func(w *tokenWorld) { w.sets[keyURL] = eveJWK }, open("not among those")},
		"key elsewhere":      {func(w *tokenWorld) []byte { return signBy(t, eve, "https://eve.example/k") }, func(w *tokenWorld) { w.sets["https://eve.example/k"] = eveJWK }, open("not among those")},
		"key elsewhere, in their set": {func(w *tokenWorld) []byte { return signBy(t, eve, "https://eve.example/.well-known/jwks.json#e") },
			func(w *tokenWorld) {
				w.sets["https://eve.example/.well-known/jwks.json"] = `{"keys":[` + jwkOf(eve.Public(), `"kid":"e","iss":"`+academy+`"`) + `]}`
			}, open("not among those")},
		"a neighbour's key in the set": {func(w *tokenWorld) []byte { return embedded(eve) },
			func(w *tokenWorld) {
				w.sets[setURL] = `{"keys":[` + jwkOf(eve.Public(), `"iss":"did:web:badges.example.org:eve"`) + `]}`
			}, open("not among those")},
		"key says whose it is": {func(w *tokenWorld) []byte { return signBy(t, eve, keyURL) }, func(w *tokenWorld) { w.sets[keyURL] = jwkOf(eve.Public(), `"iss":"did:web:eve.example"`) }, bad("issuer", "someone else")},
		"another issuer's DID": {func(w *tokenWorld) []byte { return signBy(t, eve, "did:key:"+multikey(eve)+"#"+multikey(eve)) }, nil, bad("issuer", "not with one of its issuer")},
		"set without it":       {func(w *tokenWorld) []byte { return w.badgeToken(t, setURL+"#b") }, func(w *tokenWorld) { w.sets[setURL] = `{"keys":[` + jwkOf(w.key.Public(), `"kid":"a"`) + `]}` }, bad("proof", "does not list")},
		"another key there":    {func(w *tokenWorld) []byte { return w.badgeToken(t, keyURL) }, func(w *tokenWorld) { w.sets[keyURL] = eveJWK }, bad("proof", "does not fit")},
		"set is gone":          {func(w *tokenWorld) []byte { return w.badgeToken(t, keyURL) }, func(w *tokenWorld) { w.sets = nil }, expect{"undetermined", "proof", "undetermined", "could not be looked up", "Could not be checked fully"}},
		"key not usable":       {func(w *tokenWorld) []byte { return w.badgeToken(t, keyURL) }, func(w *tokenWorld) { w.sets[keyURL] = jwkOf(w.key.Public(), `"use":"enc"`) }, expect{"undetermined", "proof", "undetermined", "cannot be used", "Could not be checked fully"}},
		"key run out":          {func(w *tokenWorld) []byte { return w.badgeToken(t, keyURL) }, func(w *tokenWorld) { w.sets[keyURL] = jwkOf(w.key.Public(), `"exp":1763000000`) }, bad("issuer", "run out")},
		"key given up":         {func(w *tokenWorld) []byte { return w.badgeToken(t, keyURL) }, func(w *tokenWorld) { w.sets[keyURL] = jwkOf(w.key.Public(), `"revoked":{"revoked_at":1763000000}`) }, bad("issuer", "given up")},
		"listed key given up": {func(w *tokenWorld) []byte { return embedded(w.key) }, func(w *tokenWorld) {
			w.documents[academy] = document(academy, w.key, `,"revoked":"2026-01-01T00:00:00Z"`)
		}, bad("issuer", "given up")},
		"key given up, in a set": {func(w *tokenWorld) []byte { return embedded(eve) }, func(w *tokenWorld) {
			w.sets[setURL] = `{"keys":[` + jwkOf(eve.Public(), `"revoked":{"revoked_at":1763000000}`) + `]}`
		}, bad("issuer", "given up")},
		"no key named": {func(w *tokenWorld) []byte { return w.rawToken(t, `{"alg":"EdDSA"}`, w.claimed(t, nil)) }, nil, expect{"undetermined", "proof", "undetermined", "does not name the key", "Could not be checked fully"}},
		"named and another one": {func(w *tokenWorld) []byte {
			return w.rawToken(t, `{"alg":"EdDSA","kid":"`+w.method+`","jwk":`+eveJWK+`}`, w.claimed(t, nil))
		}, nil, bad("proof", "another key")},
		"a name of nobody": {func(w *tokenWorld) []byte { return w.rawToken(t, `{"alg":"EdDSA","kid":"urn:x:y"}`, w.claimed(t, nil)) }, nil, expect{"undetermined", "proof", "undetermined", "not understood", "Could not be checked fully"}},
	} {
		w := newTokenWorld(t)
		if tt.world != nil {
			tt.world(w)
		}
		tt.want.compare(t, name, verify(t, w.verifier(), tt.token(w)))
		if len(w.asked) > 5 {
			t.Errorf("%s: asked %v", name, w.asked)
		}
	}
	// An issuer who is a key is nobody else.
	b := badge()
	b.Issuer.ID = "did:key:" + multikey(keyOf(3))
	token, err := vcjose.SignBadge(toJSON(t, b), eve, vcjose.Options{Embed: true})
	if err != nil {
		t.Fatal(err)
	}
	bad("issuer", "another key than the one").compare(t, "embedded, of a did:key", verify(t, &verifier.Verifier{Now: func() time.Time { return today }}, []byte(token)))
}

func signBy(t testing.TB, key crypto.Signer, kid string) []byte {
	t.Helper()
	token, err := vcjose.SignBadge(toJSON(t, badge()), key, vcjose.Options{KeyID: kid})
	if err != nil {
		t.Fatal(err)
	}
	return []byte(token)
}

// vcRaw is a vc+jwt whose kid may be anything.
func vcRaw(t testing.TB, w *tokenWorld, kid string) []byte {
	return w.rawToken(t, `{"alg":"EdDSA","typ":"vc+jwt","kid":"`+kid+`"}`, string(toJSON(t, badge())))
}

// TestTokenClaims: the claims beside a credential (Open Badges 3.0 §8.2.6,
// VC-JOSE-COSE §3.1.3, VC Data Model 1.1 §6.3.1).
func TestTokenClaims(t *testing.T) {
	w := newTokenWorld(t)
	jwt := `{"alg":"EdDSA","typ":"JWT","kid":"` + w.method + `"}`
	secured := `{"alg":"EdDSA","typ":"vc+jwt","kid":"` + w.method + `"}`
	plain := func(more string) string { return "{" + more + "," + string(toJSON(t, badge())[1:]) }
	const old = `"@context":["https://www.w3.org/2018/credentials/v1","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"type":["VerifiableCredential","OpenBadgeCredential"],"credentialSubject":{"type":["AchievementSubject"],"achievement":{"id":"urn:a","type":["Achievement"],"name":"A","description":"A","criteria":{"narrative":"A"}}}`
	legacy := func(claims, inner string) string { return `{"vc":{` + old + inner + `},` + claims + `}` }
	all := `"iss":"` + academy + `","jti":"urn:uuid:1","sub":"urn:uuid:2","nbf":1763000000`
	contradiction := func(claim string) expect {
		return expect{"refused", "proof", "refused", "its claim " + claim + " is not", "Not genuine"}
	}
	slip := func(reason string) expect {
		return expect{"verified", "conformance", "refused", reason, "Issuer not known to us. Genuine"}
	}
	fine := expect{"verified", "conformance", "verified", "", "Issuer not known to us. Genuine"}
	from := float64(today.Add(-time.Hour).Unix())
	for name, tt := range map[string]struct {
		header, payload string
		want            expect
	}{
		"all as it should be":       {jwt, w.claimed(t, nil), fine},
		"another iss":               {jwt, w.claimed(t, map[string]any{"iss": "did:web:eve.example"}), contradiction("iss")},
		"another iss in the header": {strings.Replace(secured, "{", `{"iss":"did:web:eve.example",`, 1), plain(`"iss":"` + academy + `"`), contradiction("iss")},
		"iss a number":              {jwt, w.claimed(t, map[string]any{"iss": 1}), contradiction("iss")},
		"another sub":               {jwt, w.claimed(t, map[string]any{"sub": "urn:uuid:eve"}), contradiction("sub")},
		"another jti":               {jwt, w.claimed(t, map[string]any{"jti": "urn:uuid:eve"}), contradiction("jti")},
		"another nbf":               {jwt, w.claimed(t, map[string]any{"nbf": from - 86400}), contradiction("nbf")},
		"nbf as text":               {jwt, w.claimed(t, map[string]any{"nbf": "2026-11-21T11:00:00Z"}), expect{"refused", "proof", "refused", "cannot be read: nbf", "Not genuine"}},
		"exp as text":               {jwt, w.claimed(t, map[string]any{"exp": "never"}), expect{"refused", "proof", "refused", "cannot be read: exp", "Not genuine"}},
		"exp sooner, past":          {jwt, w.claimed(t, map[string]any{"exp": from + 60}), expect{"refused", "period", "refused", "expired on 2026-11-21", "Genuine, but expired"}},
		"exp sooner, to come":       {jwt, w.claimed(t, map[string]any{"exp": from + 86400}), slip("its end counts")},
		"no sub":                    {jwt, w.claimed(t, map[string]any{"sub": nil}), slip("lacks the claim sub")},
		"no nbf":                    {jwt, w.claimed(t, map[string]any{"nbf": nil}), slip("lacks the claim nbf")},
		"no iss":                    {jwt, w.claimed(t, map[string]any{"iss": nil}), slip("lacks the claim iss")},
		"no exp":                    {jwt, w.claimed(t, map[string]any{"exp": nil}), slip("lacks the claim exp")},
		"iat as text":               {jwt, w.claimed(t, map[string]any{"iat": "2026-11-21"}), slip("iat is not a date")},
		"iat to come":               {jwt, w.claimed(t, map[string]any{"iat": from + 86400}), slip("in the future")},
		"a header more":             {strings.Replace(jwt, "{", `{"x5t":"AAAA",`, 1), w.claimed(t, nil), slip("a member that badges do not have")},
		"an undefined member":       {jwt, w.claimed(t, map[string]any{"distinction": "summa cum laude"}), slip("not defined")},
		"vc+jwt, another iss":       {secured, plain(`"iss":"did:web:eve.example"`), contradiction("iss")},
		"vc+jwt, run out":           {secured, plain(`"exp":1763000000`), expect{"refused", "proof", "refused", "good only until", "Not genuine"}},
		"vc+jwt, too early":         {secured, plain(`"nbf":1863000000`), expect{"refused", "proof", "refused", "good only from", "Not genuine"}},
		"vc+jwt, own jti":           {secured, plain(`"jti":"urn:uuid:token"`), slip("jti is not the id")},
		"vc+jwt, its period":        {secured, plain(`"iat":1763000000,"exp":1863000000`), fine},
		"vc+jwt, claim vc":          {secured, legacy(all, ""), slip("stands in a claim")},
		"legacy, by its claims":     {jwt, legacy(all, ""), fine},
		"legacy, run out":           {jwt, legacy(all+`,"exp":1763000001`, ""), expect{"refused", "period", "refused", "expired", "Genuine, but expired"}},
		"legacy, both agree":        {jwt, legacy(all, `,"issuer":"`+academy+`","issuanceDate":"2025-11-13T02:13:20Z","id":"urn:uuid:1"`), fine},
		"legacy, other issuer":      {jwt, legacy(all, `,"issuer":"did:web:eve.example"`), contradiction("iss")},
		"legacy, other date":        {jwt, legacy(all, `,"issuanceDate":"2020-11-13T02:13:20Z"`), contradiction("nbf")},
		"two credentials":           {jwt, `{"vc":{` + old + `},` + old + `,` + all + `}`, expect{"refused", "format", "refused", "two credentials at once", "Not genuine"}},
		"access token":              {strings.Replace(jwt, "JWT", "at+jwt", 1), w.claimed(t, nil), expect{"refused", "proof", "refused", "made for another use", "Not genuine"}},
		"presentation's type":       {strings.Replace(jwt, "JWT", "vp+jwt", 1), w.claimed(t, nil), expect{"refused", "proof", "refused", "made for another use", "Not genuine"}},
		"duplicate in the claims":   {jwt, strings.Replace(w.claimed(t, nil), `"nbf"`, `"exp":1,"nbf"`, 1), expect{"refused", "format", "refused", "", "Not genuine"}},
	} {
		tt.want.compare(t, name, verify(t, w.verifier(), w.rawToken(t, tt.header, tt.payload)))
	}
}

// TestTokenStatusAndEndorsement: lists and endorsements come as tokens too.
func TestTokenStatusAndEndorsement(t *testing.T) {
	w := newTokenWorld(t)
	sign := func(v any) []byte {
		token, err := vcjose.Sign(toJSON(t, v), w.key, vcjose.Options{Type: vcjose.TypeVC, KeyID: w.method})
		if err != nil {
			t.Fatal(err)
		}
		return []byte(token)
	}
	token := w.badgeToken(t, w.method)
	w.lists[listURL] = sign(unsignedList(t))
	expect{"verified", "status", "verified", "does not mark it", ""}.compare(t, "list", verify(t, w.verifier(), token))
	w.lists[listURL] = sign(unsignedList(t, 94567))
	expect{"refused", "status", "refused", "revoked", "Genuine, but revoked"}.compare(t, "marked", verify(t, w.verifier(), token))
	w.lists[listURL] = append(w.lists[listURL][:len(w.lists[listURL])-4], "AAAA"...)
	expect{"undetermined", "status", "undetermined", "not shown to be genuine", "Genuine, but whether"}.compare(t, "changed", verify(t, w.verifier(), token))

	w = newTokenWorld(t)
	praise := sign(map[string]any{
		"@context": []string{ob3.ContextCredentials, ob3.ContextBadges}, "id": "urn:uuid:e", "type": []string{"VerifiableCredential", "EndorsementCredential"}, "name": "E",
		"issuer": map[string]any{"id": academy, "type": []string{"Profile"}}, "validFrom": "2026-11-21T00:00:00Z",
		"credentialSubject": map[string]any{"id": badgeID, "type": []string{"EndorsementSubject"}, "endorsementComment": "Good work"},
	})
	root, err := strictjson.Parse(toJSON(t, badge()))
	if err != nil {
		t.Fatal(err)
	}
	doc := strings.TrimSuffix(string(root.Append(nil)), "}") + `,"endorsementJwt":["` + string(praise) + `"]}`
	outer, err := vcjose.SignBadge([]byte(doc), w.key, vcjose.Options{KeyID: w.method})
	if err != nil {
		t.Fatal(err)
	}
	expect{"verified", "endorsement", "verified", "genuine and current", ""}.compare(t, "endorsed", verify(t, w.verifier(), []byte(outer)))
}
