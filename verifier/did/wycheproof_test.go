package did

import (
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/verifiertest"
)

// TestWycheproofPoints: public keys as JSON Web Keys and as bare points, which
// attacks on the agreement of keys choose off the curve, at infinity or on
// another curve. A signature under such a key would prove nothing either.
func TestWycheproofPoints(t *testing.T) {
	for _, tt := range []struct {
		file, curve, codec string
		cases              int
	}{
		{"ecdh_secp256r1_webcrypto_test.json", "P-256", "", 353}, {"ecdh_secp384r1_webcrypto_test.json", "P-384", "", 794},
		{"ecdh_secp256r1_ecpoint_test.json", "P-256", codecP256, 355}, {"ecdh_secp384r1_ecpoint_test.json", "P-384", codecP384, 790},
	} {
		var file struct {
			TestGroups []struct {
				Tests []struct {
					TcID    int             `json:"tcId"`
					Comment string          `json:"comment"`
					Public  json.RawMessage `json:"public"`
					Result  string          `json:"result"`
				} `json:"tests"`
			} `json:"testGroups"`
		}
		if err := json.Unmarshal(verifiertest.Wycheproof.File(t, "testvectors_v1", tt.file), &file); err != nil {
			t.Fatal(err)
		}
		done, accepted := 0, 0
		for _, group := range file.TestGroups {
			for _, c := range group.Tests {
				done++
				jwk := string(c.Public)
				if tt.codec != "" {
					var compressed bool
					if jwk, compressed = pointJWK(t, c.Public, tt.curve); compressed {
						raw, err := hex.DecodeString(strings.Trim(string(c.Public), `"`))
						if err != nil {
							t.Fatal(err)
						}
						// Multikeys are compressed points (Controlled Identifiers 1.0 §2.2.2).
						if _, err := DecodeMultikey("z" + EncodeBase58(append([]byte(tt.codec), raw...))); (err == nil) != (c.Result == "acceptable") {
							t.Errorf("%s %d (%s): %v", tt.file, c.TcID, c.Comment, err)
						}
						continue
					}
				}
				value, err := strictjson.Parse([]byte(jwk))
				if err != nil {
					t.Fatal(err)
				}
				key, err := ParseJWK(value)
				public, ok := key.(*ecdsa.PublicKey)
				// A good point of another curve is a key, and not one of this curve.
				ok = err == nil && ok && public.Curve.Params().Name == tt.curve
				if ok != (c.Result == "valid") {
					t.Errorf("%s %d (%s): %v: %s", tt.file, c.TcID, c.Comment, err, c.Public)
				}
				if !ok {
					continue
				}
				accepted++
				text, err := EncodeMultikey(key)
				if err != nil {
					t.Fatal(err)
				}
				if again, err := DecodeMultikey(text); err != nil || !public.Equal(again) {
					t.Errorf("%s %d: %s does not come back: %v", tt.file, c.TcID, text, err)
				}
			}
		}
		if t.Logf("%s: %d cases, %d keys", tt.file, done, accepted); done != tt.cases {
			t.Errorf("%s has %d cases", tt.file, done)
		}
	}
}

// pointJWK writes an uncompressed point as a JSON Web Key of a curve.
func pointJWK(t *testing.T, public []byte, curve string) (jwk string, compressed bool) {
	t.Helper()
	raw, err := hex.DecodeString(strings.Trim(string(public), `"`))
	if err != nil {
		t.Fatal(err)
	}
	if len(raw)%2 == 0 || len(raw) == 1 || raw[0] != 4 {
		return "", true
	}
	half := (len(raw) + 1) / 2
	return `{"kty":"EC","crv":"` + curve + `","x":"` + b64(raw[1:half]) + `","y":"` + b64(raw[half:]) + `"}`, false
}
