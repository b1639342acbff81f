package vcjose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"hallmark/verifier/did"
)

// forge makes a token with any header over the genuine payload: sign gets the
// signing input.
func forge(header, payload string, sign func(input []byte) []byte) string {
	input := b64(header) + "." + b64(payload)
	return input + "." + b64(string(sign([]byte(input))))
}

func hmacWith(secret []byte) func([]byte) []byte {
	return func(input []byte) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write(input)
		return mac.Sum(nil)
	}
}

func signer(t testing.TB, alg string) func([]byte) []byte {
	return func(input []byte) []byte {
		key := keys()[alg]
		var out []byte
		var err error
		switch key := key.(type) {
		case *rsa.PrivateKey:
			sum := sha256.Sum256(input)
			out, err = key.Sign(nil, sum[:], crypto.SHA256)
		case *ecdsa.PrivateKey:
			sum := sha256.Sum256(input)
			var der []byte
			if der, err = key.Sign(nil, sum[:], crypto.SHA256); err == nil {
				var rs struct{ R, S *big.Int }
				_, err = asn1.Unmarshal(der, &rs)
				size := (key.Params().BitSize + 7) / 8
				out = append(rs.R.FillBytes(make([]byte, size)), rs.S.FillBytes(make([]byte, size))...)
			}
		default:
			out, err = key.Sign(nil, input, crypto.Hash(0))
		}
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func constant(bytes ...byte) func([]byte) []byte { return func([]byte) []byte { return bytes } }

// attacks gives hostile tokens for the key of an algorithm; every signature that
// could be made right is made right, so that what is wrong is the one thing that
// its name says.
func attacks(t testing.TB, alg string) map[string]string {
	key := keys()[alg].Public()
	good := genuine(t, alg)
	parts := strings.Split(good, ".")
	head, body, tail := parts[0], parts[1], parts[2]
	payloadRaw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		t.Fatal(err)
	}
	payload := string(payloadRaw)
	sign := signer(t, alg)
	with := func(more string) string { return `{"alg":"` + alg + `","kid":"` + kid + `",` + more + `}` }
	jwk, err := did.EncodeJWK(key)
	if err != nil {
		t.Fatal(err)
	}
	other := map[string]string{"EdDSA": "ES256", "RS256": "EdDSA", "ES256": "EdDSA", "ES384": "EdDSA"}[alg]
	otherJWK, err := did.EncodeJWK(keys()[other].Public())
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	zeros := make([]byte, 64)

	all := map[string]string{
		// The token chooses the algorithm.
		"none":                   b64(`{"alg":"none","kid":"`+kid+`"}`) + "." + body + ".",
		"none, with signature":   forge(`{"alg":"none","kid":"`+kid+`"}`, payload, sign),
		"None":                   b64(`{"alg":"None","kid":"`+kid+`"}`) + "." + body + ".",
		"NONE, with signature":   forge(`{"alg":"NONE","kid":"`+kid+`"}`, payload, sign),
		"nOnE":                   forge(`{"alg":"nOnE","kid":"`+kid+`"}`, payload, sign),
		"no alg":                 forge(`{"kid":"`+kid+`"}`, payload, sign),
		"alg null":               forge(`{"alg":null,"kid":"`+kid+`"}`, payload, sign),
		"alg empty":              forge(`{"alg":"","kid":"`+kid+`"}`, payload, sign),
		"alg a number":           forge(`{"alg":256,"kid":"`+kid+`"}`, payload, sign),
		"alg a list":             forge(`{"alg":["`+alg+`"],"kid":"`+kid+`"}`, payload, sign),
		"alg in lower case":      forge(`{"alg":"`+strings.ToLower(alg)+`","kid":"`+kid+`"}`, payload, sign),
		"alg with a blank":       forge(`{"alg":"`+alg+` ","kid":"`+kid+`"}`, payload, sign),
		"alg under another case": forge(`{"ALG":"`+alg+`","kid":"`+kid+`"}`, payload, sign),
		"HS256, PEM as secret":   forge(`{"alg":"HS256","kid":"`+kid+`"}`, payload, hmacWith(publicPEM)),
		"HS256, DER as secret":   forge(`{"alg":"HS256","kid":"`+kid+`"}`, payload, hmacWith(der)),
		"HS256, JWK as secret":   forge(`{"alg":"HS256","kid":"`+kid+`"}`, payload, hmacWith(jwk)),
		"HS256, empty secret":    forge(`{"alg":"HS256","kid":"`+kid+`"}`, payload, hmacWith(nil)),
		"HS384":                  forge(`{"alg":"HS384","kid":"`+kid+`"}`, payload, func(in []byte) []byte { m := hmac.New(sha512.New384, der); m.Write(in); return m.Sum(nil) }),
		"HS512":                  forge(`{"alg":"HS512","kid":"`+kid+`"}`, payload, func(in []byte) []byte { m := hmac.New(sha512.New, der); m.Write(in); return m.Sum(nil) }),
		"another algorithm":      forge(`{"alg":"`+other+`","kid":"`+kid+`"}`, payload, sign),
		"another key, its alg":   forge(`{"alg":"`+other+`","kid":"`+kid+`"}`, payload, signer(t, other)),
		"another key, our alg":   forge(`{"alg":"`+alg+`","kid":"`+kid+`"}`, payload, signer(t, other)),
		"RS512":                  forge(`{"alg":"RS512","kid":"`+kid+`"}`, payload, sign),
		"PS256":                  forge(`{"alg":"PS256","kid":"`+kid+`"}`, payload, sign),
		"ES256K":                 forge(`{"alg":"ES256K","kid":"`+kid+`"}`, payload, sign),
		"Ed448":                  forge(`{"alg":"Ed448","kid":"`+kid+`"}`, payload, sign),
		"alg of no key here":     forge(`{"alg":"ESP256","kid":"`+kid+`"}`, payload, sign),
		"RSA1_5":                 forge(`{"alg":"RSA1_5","kid":"`+kid+`"}`, payload, sign),
		"dir":                    forge(`{"alg":"dir","enc":"A128GCM","kid":"`+kid+`"}`, payload, sign),

		// No signature, or one that fits everything.
		"no signature":           head + "." + body + ".",
		"signature of zeros":     head + "." + body + "." + b64(string(zeros)),
		"signature of ones":      head + "." + body + "." + b64(strings.Repeat("\xff", 64)),
		"r and s are 1":          head + "." + body + "." + b64(string(append(append(zeros[:31:31], 1), append(zeros[:31:31], 1)...))),
		"a single byte":          head + "." + body + "." + b64("\x00"),
		"signature cut":          head + "." + body + "." + tail[:len(tail)-4],
		"signature longer":       head + "." + body + "." + tail + "AAAA",
		"signature doubled":      head + "." + body + "." + tail + tail,
		"signature too large":    head + "." + body + "." + b64(strings.Repeat("A", 2000)),
		"signature in hex":       head + "." + body + "." + hex.EncodeToString([]byte(tail)),
		"DER":                    forge(`{"alg":"`+alg+`","kid":"`+kid+`"}`, payload, constant(0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01)),
		"signature of the token": good + "." + tail,

		// The signature is another one's.
		"payload of another":      head + "." + b64(strings.Replace(payload, "urn:uuid:2", "urn:uuid:3", 1)) + "." + tail,
		"header of another":       b64(`{"alg":"`+alg+`","kid":"`+kid+`x"}`) + "." + body + "." + tail,
		"header spelled anew":     b64(` {"alg":"`+alg+`","kid":"`+kid+`","typ":"JWT"}`) + "." + body + "." + tail,
		"payload spelled anew":    head + "." + b64(payload+" ") + "." + tail,
		"parts exchanged":         body + "." + head + "." + tail,
		"no header":               "." + body + "." + tail,
		"no payload":              head + ".." + tail,
		"nothing":                 "",
		"dots":                    "..",
		"two parts":               head + "." + body,
		"signed without a header": forge(``, payload, sign),

		// Other spellings of a genuine token.
		"dot at the end":              good + ".",
		"dot in front":                "." + good,
		"blank at the end":            good + " ",
		"line break at the end":       good + "\n",
		"blank in front":              " " + good,
		"line break in the signature": head + "." + body + "." + tail[:8] + "\r\n" + tail[8:],
		"line break in the payload":   head + "." + body[:8] + "\n" + body[8:] + "." + tail,
		"line break in the header":    head[:8] + "\n" + head[8:] + "." + body + "." + tail,
		"tab":                         head + ".\t" + body + "." + tail,
		"NUL":                         good + "\x00",
		"padding":                     good + "==",
		"padding of the header":       head + "=." + body + "." + tail,
		"another alphabet":            strings.NewReplacer("-", "+", "_", "/").Replace(good) + "+",
		"not ASCII":                   good + "é",
		"escaped":                     strings.Replace(good, ".", "%2E", 1),
		"JSON serialisation":          `{"payload":"` + body + `","protected":"` + head + `","signature":"` + tail + `"}`,
		"general serialisation":       `{"payload":"` + body + `","signatures":[{"protected":"` + head + `","signature":"` + tail + `"}]}`,
		"in quotation marks":          `"` + good + `"`,
		"Bearer":                      "Bearer " + good,
		"disclosures":                 good + "~",

		// The header leads elsewhere, or changes what is signed.
		"jku":                    forge(with(`"jku":"https://eve.example/jwks.json"`), payload, sign),
		"x5u":                    forge(with(`"x5u":"https://eve.example/c.pem"`), payload, sign),
		"x5c":                    forge(with(`"x5c":["`+base64.StdEncoding.EncodeToString(der)+`"]`), payload, sign),
		"crit":                   forge(with(`"crit":["exp"],"exp":1`), payload, sign),
		"crit, empty":            forge(with(`"crit":[]`), payload, sign),
		"crit, known":            forge(with(`"crit":["b64"],"b64":true`), payload, sign),
		"b64":                    forge(with(`"b64":false,"crit":["b64"]`), payload, sign),
		"b64, payload as it is":  b64(with(`"b64":false`)) + "." + payload + "." + tail,
		"b64 true":               forge(with(`"b64":true`), payload, sign),
		"zip":                    forge(with(`"zip":"DEF"`), payload, sign),
		"enc":                    forge(with(`"enc":"A128GCM"`), payload, sign),
		"jwk with a secret":      forge(with(`"jwk":{"kty":"oct","k":"AAAA"}`), payload, sign),
		"jwk of small RSA":       forge(with(`"jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}`), payload, sign),
		"jwk for encryption":     forge(with(`"jwk":`+strings.TrimSuffix(string(jwk), "}")+`,"use":"enc"}`), payload, sign),
		"jwk for signing alone":  forge(with(`"jwk":`+strings.TrimSuffix(string(jwk), "}")+`,"key_ops":["sign"]}`), payload, sign),
		"jwk with d":             forge(with(`"jwk":`+strings.TrimSuffix(string(jwk), "}")+`,"d":"AAAA"}`), payload, sign),
		"jwk a text":             forge(with(`"jwk":"key"`), payload, sign),
		"jwk of the attacker":    forge(`{"alg":"`+other+`","jwk":`+string(otherJWK)+`}`, payload, signer(t, other)),
		"alg twice":              forge(`{"alg":"`+alg+`","alg":"none","kid":"`+kid+`"}`, payload, sign),
		"alg twice, the same":    forge(`{"alg":"`+alg+`","alg":"`+alg+`","kid":"`+kid+`"}`, payload, sign),
		"alg twice, escaped":     forge(`{"alg":"`+alg+`","\u0061lg":"none","kid":"`+kid+`"}`, payload, sign),
		"kid twice":              forge(with(`"kid":"`+kid+`2"`), payload, sign),
		"kid a number":           forge(`{"alg":"`+alg+`","kid":7}`, payload, sign),
		"kid empty":              forge(`{"alg":"`+alg+`","kid":""}`, payload, sign),
		"typ a list":             forge(with(`"typ":["JWT"]`), payload, sign),
		"header a list":          forge(`["`+alg+`"]`, payload, sign),
		"header a text":          forge(`"`+alg+`"`, payload, sign),
		"header twice":           forge(with(`"a":1`)+`{}`, payload, sign),
		"header not UTF-8":       forge(with(`"a":"`+"\xff"+`"`), payload, sign),
		"header with a comment":  forge(`{"alg":"`+alg+`"/**/,"kid":"`+kid+`"}`, payload, sign),
		"header with an end NUL": forge(with(`"a":1`)+"\x00", payload, sign),
		"header with a mark":     forge("\ufeff"+with(`"a":1`), payload, sign),
		"header too large":       forge(with(`"a":"`+strings.Repeat("a", maxHeader)+`"`), payload, sign),
		"header too deep":        forge(with(`"a":`+strings.Repeat("[", 70)+strings.Repeat("]", 70)), payload, sign),
		"JWE":                    strings.Repeat("AAAA.", 4) + "AAAA",
	}
	// The last letter of a part has bits that do not count.
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i, part := range parts {
		if free := len(part) % 4; free > 1 {
			at := strings.IndexByte(alphabet, part[len(part)-1])
			changed := append([]string(nil), parts...)
			changed[i] = part[:len(part)-1] + string(alphabet[at|1])
			all[fmt.Sprintf("unused bits of part %d", i)] = strings.Join(changed, ".")
		}
	}
	if alg != "EdDSA" { // for which it is another name
		all["Ed25519"] = forge(`{"alg":"Ed25519","kid":"`+kid+`"}`, payload, sign)
		all["Ed25519, another key"] = forge(`{"alg":"Ed25519","kid":"`+kid+`"}`, payload, signer(t, "EdDSA"))
	}
	return all
}

// TestAttacks: not one hostile token is accepted with the issuer's key.
func TestAttacks(t *testing.T) {
	for alg, key := range keys() {
		if err := accepted(genuine(t, alg), key.Public()); err != nil {
			t.Fatalf("%s: the genuine token: %v", alg, err)
		}
		all := attacks(t, alg)
		if len(all) < 60 {
			t.Errorf("only %d attacks", len(all))
		}
		for name, token := range all {
			if err := accepted(token, key.Public()); err == nil {
				t.Errorf("%s: accepted: %s\n%s", alg, name, token)
			} else if err.Error() == "" {
				t.Errorf("%s: %s: refused without a reason", alg, name)
			}
		}
	}
}

// TestECDSASpecial: signatures of ES256 that careless readers take: r or s zero,
// the group order, DER in place of the two numbers, short and long numbers.
func TestECDSASpecial(t *testing.T) {
	key := keys()["ES256"].(*ecdsa.PrivateKey)
	n := key.Params().N
	input := b64(`{"alg":"ES256","kid":"`+kid+`"}`) + "." + b64(badge)
	sum := sha256.Sum256([]byte(input))
	der, err := key.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &rs); err != nil {
		t.Fatal(err)
	}
	pair := func(r, s *big.Int, size int) string {
		return string(r.FillBytes(make([]byte, size))) + string(s.FillBytes(make([]byte, size)))
	}
	if err := accepted(input+"."+b64(pair(rs.R, rs.S, 32)), key.Public()); err != nil {
		t.Fatal("the genuine one:", err)
	}
	zero, one := new(big.Int), big.NewInt(1)
	for name, signature := range map[string]string{
		"both zero": pair(zero, zero, 32), "r zero": pair(zero, rs.S, 32), "s zero": pair(rs.R, zero, 32),
		"r n": pair(n, rs.S, 32), "s n": pair(rs.R, n, 32), "both n": pair(n, n, 32), "r zero, s one": pair(zero, one, 32), "both one": pair(one, one, 32),
		"exchanged": pair(rs.S, rs.R, 32), "DER": string(der), "as for P-384": pair(rs.R, rs.S, 48), "as for P-521": pair(rs.R, rs.S, 66),
		"r alone": string(rs.R.FillBytes(make([]byte, 32))), "a byte less": pair(rs.R, rs.S, 32)[:63], "a byte more": pair(rs.R, rs.S, 32) + "\x00", "a zero in front": "\x00" + pair(rs.R, rs.S, 32),
	} {
		if err := accepted(input+"."+b64(signature), key.Public()); err == nil {
			t.Errorf("accepted: %s", name)
		}
	}
}

// TestRSASpecial: keys and signatures of RSA that are too small.
func TestRSASpecial(t *testing.T) {
	good := genuine(t, "RS256")
	token, err := Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	small := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1023), E: 65537}
	if err := token.Verify(small); err == nil {
		t.Error("accepted: a key of 1,024 bits")
	}
	for _, key := range []crypto.PublicKey{nil, "key", []byte("secret"), keys()["RS256"]} {
		if err := token.Verify(key); err == nil {
			t.Errorf("accepted: a key of type %T", key)
		}
	}
}

// TestBits turns over every bit of a token.
func TestBits(t *testing.T) {
	for _, alg := range []string{"EdDSA", "ES256"} {
		token, key := []byte(genuine(t, alg)), keys()[alg].Public()
		for i := range len(token) * 8 {
			token[i/8] ^= 1 << (i % 8)
			if accepted(string(token), key) == nil {
				t.Fatalf("%s: accepted with bit %d turned: %s", alg, i, token)
			}
			token[i/8] ^= 1 << (i % 8)
		}
	}
}

// FuzzJWS: nothing but the genuine token is ever accepted, whatever is changed;
// what is read encodes back to the same text.
func FuzzJWS(f *testing.F) {
	good := genuine(f, "EdDSA")
	f.Add([]byte(good))
	for _, token := range attacks(f, "EdDSA") {
		f.Add([]byte(token))
	}
	key := keys()["EdDSA"].Public()
	f.Fuzz(func(t *testing.T, text []byte) {
		token, err := Parse(text)
		if token == nil {
			if err == nil {
				t.Fatal("neither a token nor an error")
			}
			return
		}
		parts := strings.Split(string(text), ".")
		if len(parts) != 3 || base64.RawURLEncoding.EncodeToString(token.Payload) != parts[1] {
			t.Errorf("another spelling was read: %q", text)
		}
		if !json.Valid(token.Header.Append(nil)) {
			t.Errorf("header %s", token.Header.Append(nil))
		}
		if token.Verify(key) == nil && string(token.Payload) != payloadOf(good) {
			t.Errorf("accepted: %s", text)
		}
	})
}

func payloadOf(token string) string {
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		return ""
	}
	return string(raw)
}
