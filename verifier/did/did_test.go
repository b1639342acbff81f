package did_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hallmark/verifier/did"
)

func TestBase58(t *testing.T) {
	// draft-msporny-base58-03 §5.
	for text, want := range map[string]string{
		"2NEpo7TZRRrLZSi2U": hex.EncodeToString([]byte("Hello World!")),
		"USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z": hex.EncodeToString([]byte("The quick brown fox jumps over the lazy dog.")),
		"11233QC4": "0000287fb4cd",
		"":         "",
		"1":        "00",
	} {
		got, err := did.DecodeBase58(text)
		if err != nil || hex.EncodeToString(got) != want {
			t.Errorf("DecodeBase58(%q) = %x, %v; want %s", text, got, err, want)
		}
		if back := did.EncodeBase58(got); back != text {
			t.Errorf("EncodeBase58(%x) = %q; want %q", got, back, text)
		}
	}
	for _, bad := range []string{"0", "O", "I", "l", " 1", "z\n", strings.Repeat("z", 513)} {
		if got, err := did.DecodeBase58(bad); err == nil {
			t.Errorf("DecodeBase58(%.20q) = %x; want an error", bad, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 350).Draw(t, "data")
		got, err := did.DecodeBase58(did.EncodeBase58(data))
		if err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%x became %x, %v", data, got, err)
		}
	})
}

func TestMultikeyRoundTrip(t *testing.T) {
	edKey, _, _ := ed25519.GenerateKey(rand.Reader)
	p256, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	for _, tt := range []struct {
		prefix string
		raw    any
	}{
		{"z6Mk", edKey}, {"zDn", &p256.PublicKey}, {"z82", &p384.PublicKey},
	} {
		text, err := did.EncodeMultikey(tt.raw)
		if err != nil || !strings.HasPrefix(text, tt.prefix) {
			t.Fatalf("EncodeMultikey(%T) = %q, %v; want %s…", tt.raw, text, err, tt.prefix)
		}
		back, err := did.DecodeMultikey(text)
		if err != nil || !cmp.Equal(back, tt.raw) {
			t.Errorf("%s does not come back: %v", text, err)
		}
	}
	if _, err := did.EncodeMultikey(&rsa.PublicKey{}); err == nil {
		t.Error("an RSA key got a multikey form")
	}
}

func TestMultikeyRefused(t *testing.T) {
	encode := func(codec string, key []byte) string { return "z" + did.EncodeBase58(append([]byte(codec), key...)) }
	ones := bytes.Repeat([]byte{0xff}, 31)
	for name, text := range map[string]string{
		"empty":              "",
		"no prefix":          "6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
		"other base":         "u7QEB",
		"only prefix":        "z",
		"other codec":        encode("\xec\x01", make([]byte, 32)), // X25519
		"secret key":         encode("\x80\x26", bytes.Repeat([]byte{7}, 32)),
		"short":              encode("\xed\x01", bytes.Repeat([]byte{7}, 31)),
		"long":               encode("\xed\x01", bytes.Repeat([]byte{7}, 33)),
		"neutral point":      encode("\xed\x01", append([]byte{1}, make([]byte, 31)...)),
		"order 4":            encode("\xed\x01", make([]byte, 32)),
		"unreduced":          encode("\xed\x01", append([]byte{0xf0}, append(ones[:30:30], 0x7f)...)),
		"not on P-256":       encode("\x80\x24", append([]byte{2}, ones[:31]...)),
		"P-256 uncompressed": encode("\x80\x24", append([]byte{4}, make([]byte, 64)...)),
		"endless":            "z" + strings.Repeat("1", 200),
	} {
		if key, err := did.DecodeMultikey(text); err == nil {
			t.Errorf("%s: %q gave %v", name, text, key)
		}
	}
}

// With a key of small order, the signature of 64 known bytes fits messages
// that nobody signed; the standard library lets it pass.
func TestSmallOrderKeysMatter(t *testing.T) {
	neutral := append([]byte{1}, make([]byte, 31)...)
	signature := append(bytes.Clone(neutral), make([]byte, 32)...)
	if !ed25519.Verify(neutral, []byte("anything at all"), signature) {
		t.Log("the standard library refuses such keys by now")
	}
	if _, err := did.EncodeMultikey(ed25519.PublicKey(neutral)); err == nil {
		t.Error("a key of small order is accepted")
	}
}

func TestDerive(t *testing.T) {
	const multikey = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
	doc, err := did.Derive("did:key:" + multikey)
	if err != nil {
		t.Fatal(err)
	}
	vm := "did:key:" + multikey + "#" + multikey
	if m := doc.Method(vm); m == nil || m.Controller != doc.ID || !doc.Asserts(vm) || m.Key == nil {
		t.Errorf("the method of did:key is wrong: %+v", doc)
	}
	if doc.Method("did:key:"+multikey+"#key-1") != nil {
		t.Error("a did:key has a method that it cannot have")
	}
	jwk := `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	id := "did:jwk:" + base64.RawURLEncoding.EncodeToString([]byte(jwk))
	if doc, err = did.Derive(id); err != nil || !doc.Asserts(id+"#0") {
		t.Errorf("did:jwk: %+v, %v", doc, err)
	}
	for _, bad := range []string{"did:key:", "did:key:z6Mk", "did:jwk:e30", "did:jwk:!!", "did:web:example.org", "did:key:" + multikey + "#x", id + "="} {
		if doc, err := did.Derive(bad); err == nil {
			t.Errorf("Derive(%q) = %+v", bad, doc)
		}
	}
}

func TestWebURL(t *testing.T) {
	for id, want := range map[string]string{
		"did:web:badges.example.org":         "https://badges.example.org/.well-known/did.json",
		"did:web:example.org:issuers:one":    "https://example.org/issuers/one/did.json",
		"did:web:example.org%3A8443:u:alice": "https://example.org:8443/u/alice/did.json",
		"did:web:example.org:a%20b":          "",
		"did:web:":                           "",
		"did:web:Example.org":                "",
		"did:web:127.0.0.1":                  "",
		"did:web:2130706433":                 "",
		"did:web:127.1":                      "",
		"did:web:0x7f000001":                 "",
		"did:web:[%3A%3A1]":                  "",
		"did:web:example.org%2Fx":            "",
		"did:web:user%40example.org":         "",
		"did:web:example.org%253A80":         "",
		"did:web:example.org%3A":             "",
		"did:web:example.org%3A99999":        "",
		"did:web:example.org:..:x":           "",
		"did:web:example.org:%2e%2e":         "",
		"did:web:example.org:a%2Fb":          "",
		"did:web:example.org:":               "",
		"did:web:example.org?x":              "",
		"did:web:example.org#k":              "",
		"did:key:example.org":                "",
	} {
		got, err := did.WebURL(id)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("WebURL(%q) = %q, %v; want %q", id, got, err, want)
		}
	}
}

const (
	webDID = "did:web:badges.example.org"
	edKey  = "z6MkgqnKuveryDJNXPj37VdxUrR2NJBJ83hAtTS17csoGhwq"
)

func method(members string) string {
	return fmt.Sprintf(`{"id":%q,"verificationMethod":[%s],"assertionMethod":["#k"]}`, webDID, members)
}

func TestParseDocument(t *testing.T) {
	good := fmt.Sprintf(`{"@context":"https://www.w3.org/ns/did/v1","id":%[1]q,
		"verificationMethod":[
		 {"id":"%[1]s#%[2]s","type":"Multikey","controller":%[1]q,"publicKeyMultibase":%[2]q},
		 {"id":"#old","type":"Ed25519VerificationKey2020","controller":%[1]q,"publicKeyMultibase":%[2]q,"revoked":"2026-01-01T00:00:00Z"},
		 {"id":"#dh","type":"X25519KeyAgreementKey2020","controller":%[1]q,"publicKeyMultibase":"z6LS"}],
		"assertionMethod":["%[1]s#%[2]s",{"id":"#in","type":"JsonWebKey","controller":%[1]q,"publicKeyJwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}]}`, webDID, edKey)
	doc, err := did.ParseDocument(webDID, []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if m := doc.Method(webDID + "#" + edKey); m == nil || m.Key == nil || !doc.Asserts(m.ID) {
		t.Errorf("the multikey method is not usable: %+v", m)
	}
	if m := doc.Method(webDID + "#old"); m == nil || m.Revoked == nil || doc.Asserts(m.ID) {
		t.Errorf("the revoked method is wrong: %+v", m)
	}
	if m := doc.Method(webDID + "#dh"); m == nil || m.Key != nil || m.Fault == "" {
		t.Errorf("a method of an unknown type has no fault: %+v", m)
	}
	if m := doc.Method(webDID + "#in"); m == nil || m.Key == nil || !doc.Asserts(m.ID) {
		t.Errorf("the embedded method is not usable: %+v", m)
	}
	for name, raw := range map[string]string{
		"not JSON":        `{`,
		"twice a name":    `{"id":"did:web:evil.example","id":"` + webDID + `"}`,
		"someone else's":  `{"id":"did:web:evil.example"}`,
		"case folded":     `{"ID":"` + webDID + `"}`,
		"no id":           `{}`,
		"list":            `[]`,
		"methods no list": `{"id":"` + webDID + `","verificationMethod":{}}`,
		"assertion text":  `{"id":"` + webDID + `","assertionMethod":"#k"}`,
		"assertion bool":  `{"id":"` + webDID + `","assertionMethod":[true]}`,
		"method no id":    method(`{"type":"Multikey"}`),
		"method twice":    method(`{"id":"#k"},{"id":"` + webDID + `#k"}`),
	} {
		if doc, err := did.ParseDocument(webDID, []byte(raw)); err == nil {
			t.Errorf("%s: accepted as %+v", name, doc)
		}
	}
}

func TestMethodFaults(t *testing.T) {
	jwk := func(members string) string {
		return `{"id":"#k","type":"JsonWebKey","controller":"c","publicKeyJwk":` + members + `}`
	}
	const x = `"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"`
	for name, member := range map[string]string{
		"both keys":        `{"id":"#k","type":"Multikey","publicKeyMultibase":"` + edKey + `","publicKeyJwk":{}}`,
		"secret multikey":  `{"id":"#k","type":"Multikey","publicKeyMultibase":"` + edKey + `","secretKeyMultibase":"z3u2"}`,
		"bad date":         `{"id":"#k","type":"Multikey","publicKeyMultibase":"` + edKey + `","expires":"tomorrow"}`,
		"jwk in multikey":  `{"id":"#k","type":"Multikey","publicKeyJwk":{"kty":"OKP","crv":"Ed25519","x":` + x + `}}`,
		"secret jwk":       jwk(`{"kty":"OKP","crv":"Ed25519","d":"AA","x":` + x + `}`),
		"for encryption":   jwk(`{"kty":"OKP","crv":"Ed25519","use":"enc","x":` + x + `}`),
		"for signing only": jwk(`{"kty":"OKP","crv":"Ed25519","key_ops":["sign"],"x":` + x + `}`),
		"other alg":        jwk(`{"kty":"OKP","crv":"Ed25519","alg":"ES256","x":` + x + `}`),
		"padded":           jwk(`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo="}`),
		"line break":       jwk(`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcv\nPapiMlrwIaaPcHURo"}`),
		"stray bits":       jwk(`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp"}`),
		"symmetric":        jwk(`{"kty":"oct","k":"AAAA"}`),
		"off the curve":    jwk(`{"kty":"EC","crv":"P-256","x":` + x + `,"y":` + x + `}`),
		"tiny RSA":         jwk(`{"kty":"RSA","n":"` + strings.Repeat("x", 172) + `","e":"AQAB"}`),
		"RSA exponent 1":   jwk(`{"kty":"RSA","n":"` + strings.Repeat("x", 342) + `","e":"AQ"}`),
	} {
		doc, err := did.ParseDocument(webDID, []byte(method(member)))
		if err != nil {
			t.Errorf("%s: the whole document is refused: %v", name, err)
			continue
		}
		if m := doc.Method(webDID + "#k"); m.Key != nil || m.Fault == "" {
			t.Errorf("%s: key %v, fault %q", name, m.Key, m.Fault)
		}
	}
	ok := jwk(`{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`)
	doc, err := did.ParseDocument(webDID, []byte(method(ok)))
	if err != nil || doc.Method(webDID+"#k").Key == nil {
		t.Errorf("the key of RFC 7515 A.3 is refused: %v %+v", err, doc)
	}
	rsaKey := jwk(`{"kty":"RSA","n":"` + base64.RawURLEncoding.EncodeToString(append(bytes.Repeat([]byte{0xc5}, 255), 1)) + `","e":"AQAB"}`)
	if doc, err = did.ParseDocument(webDID, []byte(method(rsaKey))); err != nil || doc.Method(webDID+"#k").Key == nil {
		t.Errorf("an RSA key is refused: %v %+v", err, doc)
	}
}
