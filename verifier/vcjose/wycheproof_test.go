package vcjose

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/verifiertest"
)

// published is a file of Wycheproof: tokens, or signatures over any message,
// by key.
type published struct {
	TestGroups []struct {
		Comment string          `json:"comment"`
		Public  json.RawMessage `json:"public"`
		Private json.RawMessage `json:"private"`
		KeyJwk  json.RawMessage `json:"keyJwk"`
		Tests   []struct {
			TcID    int      `json:"tcId"`
			Comment string   `json:"comment"`
			Flags   []string `json:"flags"`
			JWS     token    `json:"jws"`
			JWE     token    `json:"jwe"`
			Msg     string   `json:"msg"`
			Sig     string   `json:"sig"`
			Result  string   `json:"result"`
		} `json:"tests"`
	} `json:"testGroups"`
}

// token is a text, or an object where the JSON serialisation is tried.
type token string

func (t *token) UnmarshalJSON(text []byte) error {
	*t = token(text)
	if text[0] == '"' {
		return json.Unmarshal(text, (*string)(t))
	}
	return nil
}

func readPublished(t *testing.T, file string) (p published) {
	t.Helper()
	if err := json.Unmarshal(verifiertest.Wycheproof.File(t, "testvectors_v1", file), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// notHere are the groups of tokens that are genuine and refused, because their
// algorithm is none of ours: shared secrets tell nobody who signed, and the
// others are left out (see the package's doc comment).
var notHere = map[string]bool{"HS256": true, "HS384": true, "HS512": true, "RS384": true, "RS512": true,
	"PS256": true, "PS384": true, "PS512": true, "ES512": true, "A256KW": true, "ECDH-ES+A128KW": true}

// misprints are tokens that the suite calls genuine and that nobody may accept:
// letters outside the alphabet stand within the base64url (RFC 7515 §2, RFC
// 4648 §3.3), so that the text is not the one that was sealed.
var misprints = map[string]bool{"InvalidCharacterInsertedInHeader": true, "InvalidCharacterInsertedInPayload": true}

// TestWycheproofTokens: tokens and keys as attackers and careless issuers make
// them.
func TestWycheproofTokens(t *testing.T) {
	for _, tt := range []struct {
		file                           string
		cases, valid, others, mistaken int
	}{
		{"json_web_signature_test.json", 401, 10, 34, 2},
		{"json_web_key_test.json", 26, 1, 4, 0},
		{"json_web_crypto_test.json", 83, 2, 4, 0},
	} {
		done, valid, others, mistaken := 0, 0, 0, 0
		for _, group := range readPublished(t, tt.file).TestGroups {
			published := group.Public
			if published == nil {
				published = group.Private // a shared secret has no public half
			}
			for _, c := range group.Tests {
				done++
				text := string(c.JWS + c.JWE)
				alg, err := acceptedWith(published, text)
				switch {
				case err == nil && c.Result == "valid":
					valid++
				case err == nil:
					t.Errorf("%s %d: accepted: %s, %s %v: %s", tt.file, c.TcID, group.Comment, c.Comment, c.Flags, text)
				case c.Result != "valid":
				case misprints[c.Comment]:
					mistaken++
				case notHere[alg]:
					others++
				default:
					t.Errorf("%s %d: refused: %s, %s: %v\n%s", tt.file, c.TcID, group.Comment, c.Comment, err, published)
				}
			}
		}
		t.Logf("%s: %d cases, %d accepted, %d genuine ones of algorithms that are not read, %d misprints", tt.file, done, valid, others, mistaken)
		if done != tt.cases || valid != tt.valid || others != tt.others || mistaken != tt.mistaken {
			t.Errorf("%s: want %d cases, %d accepted, %d not read, %d misprints", tt.file, tt.cases, tt.valid, tt.others, tt.mistaken)
		}
	}
}

// acceptedWith is what a verifier does with the keys that an issuer published:
// read them, pick the one that the token names, check with it.
func acceptedWith(published []byte, text string) (alg string, err error) {
	header, _, _ := strings.Cut(text, ".")
	if raw, err := decode([]byte(header)); err == nil {
		if named, err := strictjson.Parse(raw); err == nil {
			alg = named.Get("alg").Text()
		}
	}
	token, err := Parse([]byte(text))
	if err != nil {
		return alg, err
	}
	set, err := did.ParseKeySet(published)
	if err != nil {
		return alg, err
	}
	for i := range set.Keys {
		if k := &set.Keys[i]; token.KeyID == "" || k.ID == "" || k.ID == token.KeyID {
			if k.Key == nil {
				return alg, fail(ErrUnsupported, "%s", k.Fault)
			}
			return alg, token.Verify(k.Key)
		}
	}
	return alg, fail(ErrSignature, "no such key")
}

// TestWycheproofRSA: the messages of these signatures are no tokens, so they
// cannot pass through Verify; what lies under RS256, the standard library with
// keys that package did reads, is asked in its place. TestRSAEncodings sends
// the same forgeries as tokens. A signature without the NULL of its digest's
// name is refused (RFC 8017 §9.2 allows readers that).
func TestWycheproofRSA(t *testing.T) {
	for _, tt := range []struct {
		file  string
		cases int
	}{
		{"rsa_signature_2048_sha256_test.json", 259}, {"rsa_signature_3072_sha256_test.json", 259},
		{"rsa_signature_4096_sha256_test.json", 258}, {"rsa_signature_8192_sha256_test.json", 258},
	} {
		done := 0
		for _, group := range readPublished(t, tt.file).TestGroups {
			jwk, err := strictjson.Parse(group.KeyJwk)
			if err != nil {
				t.Fatal(err)
			}
			key, err := did.ParseJWK(jwk)
			if err != nil {
				t.Errorf("%s: %s: %v", tt.file, group.KeyJwk, err)
				continue
			}
			if Algorithm(key) != "RS256" {
				t.Errorf("%s: the key is for %q", tt.file, Algorithm(key))
			}
			for _, c := range group.Tests {
				done++
				message, err := hex.DecodeString(c.Msg)
				if err != nil {
					t.Fatal(err)
				}
				signature, err := hex.DecodeString(c.Sig)
				if err != nil {
					t.Fatal(err)
				}
				sum := sha256.Sum256(message)
				accepted := rsa.VerifyPKCS1v15(key.(*rsa.PublicKey), crypto.SHA256, sum[:], signature) == nil
				if accepted != (c.Result == "valid") {
					t.Errorf("%s %d (%s, %v): accepted %v, want %s", tt.file, c.TcID, c.Comment, c.Flags, accepted, c.Result)
				}
			}
		}
		if t.Logf("%s: %d cases", tt.file, done); done != tt.cases {
			t.Errorf("want %d cases", tt.cases)
		}
	}
}
