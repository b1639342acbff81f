package vcjose

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/verifiertest"
)

func TestSignBadge(t *testing.T) {
	const claims = `,"iss":"did:web:badges.example.org","jti":"urn:uuid:1","sub":"urn:uuid:2","nbf":1795219200,"exp":1889913600}`
	for alg, signer := range keys() {
		token, err := Parse([]byte(genuine(t, alg)))
		if err != nil {
			t.Fatal(alg, err)
		}
		if token.Alg != alg || token.Type != "jwt" || token.KeyID != kid || token.Key != nil || len(token.Header.Kids) != 3 {
			t.Errorf("%s: header %s", alg, token.Header.Append(nil))
		}
		if diff := cmp.Diff(strings.TrimSuffix(badge, "}")+claims, string(token.Payload)); diff != "" {
			t.Error(alg, diff)
		}
		for other, key := range keys() {
			if err := token.Verify(key.Public()); (err == nil) != (other == alg) {
				t.Errorf("signed %s, checked with the key for %s: %v", alg, other, err)
			}
		}
		embedded, err := Sign([]byte(badge), signer, Options{Type: TypeVC, Embed: true})
		if err != nil {
			t.Fatal(alg, err)
		}
		token, err = Parse([]byte(embedded))
		if err != nil || token.Type != TypeVC || token.Content != "vc" || token.KeyID != "" || string(token.Payload) != badge {
			t.Fatalf("%s: %+v %v", alg, token, err)
		}
		if err := token.Verify(token.Key); err != nil {
			t.Error(alg, err)
		}
	}
}

func TestSignRefused(t *testing.T) {
	signer := keys()["EdDSA"]
	change := func(old, new string) string {
		changed := strings.Replace(badge, old, new, 1)
		if changed == badge {
			t.Fatalf("no %s in the badge", old)
		}
		return changed
	}
	for name, doc := range map[string]string{
		"no JSON": "{", "no credential": `{"id":"urn:uuid:1"}`, "no id": change(`"id":"urn:uuid:1",`, ""),
		"no validFrom": change(`"validFrom":"2026-11-21T00:00:00Z",`, ""), "part of a second": change(`00:00:00Z`, `00:00:00.5Z`),
		"until part of a second": change(`2029-11-21T00:00:00Z`, `2029-11-21T00:00:00.5Z`),
		"no id of the subject":   change(`"id":"urn:uuid:2",`, ""), "a claim of its own": change(`"id":"urn:uuid:1"`, `"id":"urn:uuid:1","exp":1`),
	} {
		if token, err := SignBadge([]byte(doc), signer, Options{KeyID: kid}); err == nil {
			t.Errorf("%s: %s", name, token)
		}
	}
	for name, o := range map[string]Options{
		"no type": {KeyID: kid}, "a type of others": {Type: "at+jwt", KeyID: kid}, "no key named": {Type: TypeVC},
		"both": {Type: TypeVC, KeyID: kid, Embed: true}, "a relative kid": {Type: TypeVC, KeyID: "key"},
	} {
		if token, err := Sign([]byte(badge), signer, o); err == nil {
			t.Errorf("%s: %s", name, token)
		}
	}
	if token, err := Sign([]byte(change(`"id":"urn:uuid:1"`, `"vc":{}`)), signer, Options{Type: TypeVC, KeyID: kid}); err == nil {
		t.Errorf("a credential with a claim vc: %s", token)
	}
}

// TestGolden checks the published token of the reference data, made with other
// software, and makes its payload anew.
func TestGolden(t *testing.T) {
	raw := verifiertest.Fixture(t, "standards", "examples", "examples-ob3-jwt.json")
	var golden struct {
		Header, Payload map[string]any
		PublicKeyJwk    json.RawMessage
		CompactJws      string
	}
	if err := json.Unmarshal(raw, &golden); err != nil {
		t.Fatal(err)
	}
	token, err := Parse([]byte(golden.CompactJws))
	if err != nil {
		t.Fatal(err)
	}
	set, err := did.ParseKeySet(golden.PublicKeyJwk)
	if err != nil || !set.Bare || set.Keys[0].Issuer != issuer {
		t.Fatal(set, err)
	}
	if err := token.Verify(set.Keys[0].Key); err != nil {
		t.Error(err)
	}
	if err := token.Verify(keys()["RS256"].Public()); !errors.Is(err, ErrSignature) {
		t.Error("another key:", err)
	}
	// The same credential, signed by us, has the same header and payload.
	doc, err := strictjson.Parse(token.Payload)
	if err != nil {
		t.Fatal(err)
	}
	for _, claim := range []string{"iss", "jti", "sub", "nbf", "exp"} {
		doc = doc.Without(claim)
	}
	ours, err := SignBadge(doc.Append(nil), keys()["RS256"], Options{KeyID: token.KeyID})
	if err != nil {
		t.Fatal(err)
	}
	ourToken, err := Parse([]byte(ours))
	if err != nil {
		t.Fatal(err)
	}
	var header, payload map[string]any
	if json.Unmarshal(ourToken.Header.Append(nil), &header) != nil || json.Unmarshal(ourToken.Payload, &payload) != nil {
		t.Fatal("our token cannot be read")
	}
	if diff := cmp.Diff(golden.Header, header); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(golden.Payload, payload); diff != "" {
		t.Error(diff)
	}
}
