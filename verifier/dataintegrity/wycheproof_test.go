package dataintegrity

import (
	"crypto"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/verifiertest"
)

// published is a file of Wycheproof: signatures over any message.
type published struct {
	NumberOfTests int `json:"numberOfTests"`
	TestGroups    []struct {
		PublicKeyJwk json.RawMessage `json:"publicKeyJwk"`
		PublicKey    struct {
			Uncompressed string `json:"uncompressed"`
		} `json:"publicKey"`
		Tests []struct {
			TcID    int      `json:"tcId"`
			Comment string   `json:"comment"`
			Flags   []string `json:"flags"`
			Msg     string   `json:"msg"`
			Sig     string   `json:"sig"`
			Result  string   `json:"result"`
		} `json:"tests"`
	} `json:"testGroups"`
}

// TestWycheproof: signatures as proofs hold them, with keys as documents
// publish them. The S of Ed25519 must be reduced, r and s of ECDSA are two
// numbers of fixed length and not DER; which of s and -s an ECDSA signer took
// is its own business.
func TestWycheproof(t *testing.T) {
	for _, tt := range []struct {
		file      string
		algorithm algorithm
		cases     int
	}{
		{"ed25519_test.json", ed25519Algorithm, 151},
		{"ecdsa_secp256r1_sha256_p1363_test.json", p256Algorithm, 262},
		{"ecdsa_secp384r1_sha384_p1363_test.json", p384Algorithm, 280},
	} {
		var file published
		if err := json.Unmarshal(verifiertest.Wycheproof.File(t, "testvectors_v1", tt.file), &file); err != nil {
			t.Fatal(err)
		}
		suite := &suite{algorithms: []*algorithm{&tt.algorithm}}
		done, valid := 0, 0
		for _, group := range file.TestGroups {
			jwk := group.PublicKeyJwk
			if point := unhex(t, group.PublicKey.Uncompressed); jwk == nil { // some groups give the point alone
				half := (len(point) + 1) / 2
				encode := base64.RawURLEncoding.EncodeToString
				jwk = fmt.Appendf(nil, `{"kty":"EC","crv":"P-%d","x":%q,"y":%q}`, (half-1)*8, encode(point[1:half]), encode(point[half:]))
			}
			key := publishedKey(t, jwk)
			for _, c := range group.Tests {
				message, signature := unhex(t, c.Msg), unhex(t, c.Sig)
				// As check does: a value of another size is no signature.
				a := suite.forSize(len(signature))
				accepted := a != nil && a.fits(key) && a.verify(key, message, signature)
				if accepted != (c.Result == "valid") {
					t.Errorf("%s %d (%s, %v): accepted %v, want %s", tt.file, c.TcID, c.Comment, c.Flags, accepted, c.Result)
				}
				done++
				if accepted {
					valid++
				}
			}
		}
		if done != tt.cases || file.NumberOfTests != tt.cases {
			t.Errorf("%s has %d cases of %d, want %d", tt.file, done, file.NumberOfTests, tt.cases)
		}
		t.Logf("%s: %d cases, %d accepted", tt.file, done, valid)
	}
}

// publishedKey reads a key both ways in which documents publish it.
func publishedKey(t *testing.T, jwk []byte) crypto.PublicKey {
	t.Helper()
	value, err := strictjson.Parse(jwk)
	if err != nil {
		t.Fatal(err)
	}
	key, err := did.ParseJWK(value)
	if err != nil {
		t.Fatalf("%s: %v", jwk, err)
	}
	text, err := did.EncodeMultikey(key)
	if err != nil {
		t.Fatal(err)
	}
	again, err := did.DecodeMultikey(text)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
