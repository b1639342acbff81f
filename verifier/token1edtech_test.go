package verifier_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/vcjose"
)

// TestTokenSamples: 1EdTech's own samples of §8.2. Their signatures are right;
// the key comes with the token alone, so that nothing shows whose it is until
// the issuer publishes it; and they lack sub, which §8.2.3 asks for.
func TestTokenSamples(t *testing.T) {
	for name, tt := range map[string]struct {
		id    string // of the issuer, made up by 1EdTech
		slips []string
	}{
		"simple-jwt.png":    {"https://1edtech.edu/issuers/565049", []string{"lacks the claim sub"}},
		"simple-jwt_v1.svg": {"https://example.edu/issuers/565049", []string{"lacks the claim sub"}},
	} {
		doc := fixture(t, "vectors/1edtech-ob30/"+name)
		token, _, err := bake.Unbake(doc)
		if err != nil {
			t.Fatal(err)
		}
		read, err := vcjose.Parse(token)
		if err != nil {
			t.Fatal(err)
		}
		w := newTokenWorld(t)
		r := verify(t, w.verifier(), doc)
		expect{"undetermined", "proof", "verified", "fits", "Could not be checked fully"}.compare(t, name, r)
		expect{"undetermined", "issuer", "undetermined", "could not be looked up", "Could not be checked fully"}.compare(t, name, r)
		for _, reason := range tt.slips {
			expect{"undetermined", "conformance", "refused", reason, ""}.compare(t, name, r)
		}
		// The issuer publishes the key, in the key set of its host.
		host := strings.TrimSuffix(strings.TrimPrefix(tt.id, "https://"), "/issuers/565049")
		w.sets["https://"+host+"/.well-known/jwks.json"] = `{"keys":[` + jwkOf(read.Key, `"iss":"`+tt.id+`"`) + `]}`
		r = verify(t, w.verifier(), doc)
		expect{"verified", "issuer", "verified", "published keys hold", "Issuer not known to us. Genuine and current"}.compare(t, name+" with a key set", r)
		expect{"verified", "conformance", "refused", "lacks the claim sub", ""}.compare(t, name+" with a key set", r)
	}
}

// TestTokenGolden: the published token of the reference data, whose kid is the
// address of a bare key.
func TestTokenGolden(t *testing.T) {
	var golden struct {
		PublicKeyJwk json.RawMessage
		CompactJws   string
	}
	if err := json.Unmarshal(fixture(t, "examples/examples-ob3-jwt.json"), &golden); err != nil {
		t.Fatal(err)
	}
	w := newTokenWorld(t)
	w.sets["https://badges.example.org/keys/rs256-1"] = string(golden.PublicKeyJwk)
	doc := []byte(golden.CompactJws)
	expect{"undetermined", "issuer", "undetermined", "not among those", ""}.compare(t, "key not listed", verify(t, w.verifier(), doc))
	w.documents[academy] = `{"id":"` + academy + `","verificationMethod":[{"id":"` + academy + `#rs256-1","type":"JsonWebKey","controller":"` + academy + `","publicKeyJwk":` + string(golden.PublicKeyJwk) + `},` + strings.SplitN(w.documents[academy], `"verificationMethod":[`, 2)[1]
	w.documents[academy] = strings.Replace(w.documents[academy], `"assertionMethod":[`, `"assertionMethod":["`+academy+`#rs256-1",`, 1)
	r := verify(t, w.verifier(), doc)
	expect{"verified", "issuer", "verified", "published document", "Issuer not known to us. Genuine and current: “Low-code Foundations”"}.compare(t, "golden", r)
	expect{"verified", "conformance", "verified", "", ""}.compare(t, "golden", r)
	expect{"verified", "schema", "verified", "", ""}.compare(t, "golden", r)
	w.documents[academy] = strings.Replace(w.documents[academy], `"assertionMethod"`, `"authentication"`, 1)
	expect{"refused", "issuer", "refused", "make statements", "Not genuine"}.compare(t, "not for statements", verify(t, w.verifier(), doc))
}

// TestTokenBits turns over a bit in every byte of a genuine token: nothing of it
// is accepted.
func TestTokenBits(t *testing.T) {
	w := newTokenWorld(t)
	token := w.badgeToken(t, w.method)
	v := w.verifier()
	for i := range len(token) {
		changed := bytes.Clone(token)
		changed[i] ^= 1 << (i % 8)
		r, err := v.Verify(t.Context(), changed, verifier.Ask{})
		if err == nil && (r.Verdict == verifier.Verified || r.Credential != nil) {
			t.Fatalf("bit %d of byte %d: %s: %s", i%8, i, r.Summary, changed)
		}
	}
}
