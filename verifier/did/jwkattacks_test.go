package did

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"hallmark/verifier/strictjson"
)

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func parseJWK(t *testing.T, text string) error {
	t.Helper()
	v, err := strictjson.Parse([]byte(text))
	if err != nil {
		return err
	}
	_, err = ParseJWK(v)
	return err
}

// TestJWKCurveAttacks: points as RFC 7518 §6.2.1 wants them, and nothing else:
// both coordinates, at their full length, on the curve that is named.
func TestJWKCurveAttacks(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384()} {
		key, short := keyWithShortX(t, curve)
		name := curve.Params().Name
		size := (curve.Params().BitSize + 7) / 8
		point, err := key.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		x, y := point[1:1+size], point[1+size:]
		jwk := func(crv string, x, y []byte) string {
			return fmt.Sprintf(`{"kty":"EC","crv":%q,"x":%q,"y":%q}`, crv, b64(x), b64(y))
		}
		if err := parseJWK(t, jwk(name, x, y)); err != nil {
			t.Fatalf("%s: the key itself: %v", name, err)
		}
		zero, p := make([]byte, size), curve.Params().P
		plusP := func(n []byte) []byte { return new(big.Int).Add(new(big.Int).SetBytes(n), p).Bytes() }
		negative := new(big.Int).Sub(p, new(big.Int).SetBytes(y)).FillBytes(make([]byte, size))
		other := map[string]string{"P-256": "P-384", "P-384": "P-256"}[name]
		for what, text := range map[string]string{
			"point at infinity":         jwk(name, zero, zero),
			"infinity as one byte":      jwk(name, []byte{0}, []byte{0}),
			"without a leading zero":    jwk(name, short, y),
			"with a zero more":          jwk(name, append([]byte{0}, x...), y),
			"x and y exchanged":         jwk(name, y, x),
			"x of another point":        jwk(name, slices.Concat(x[:size-1], []byte{x[size-1] ^ 1}), y),
			"x beyond the field":        jwk(name, plusP(x), y),
			"x is p":                    jwk(name, p.Bytes(), y),
			"y beyond the field":        jwk(name, x, plusP(y)),
			"x of ones":                 jwk(name, bytes.Repeat([]byte{0xff}, size), y),
			"another curve":             jwk(other, x, y),
			"no such curve":             jwk("P-255", x, y),
			"P-521":                     jwk("P-521", x, y),
			"secp256k1":                 jwk("secp256k1", x, y),
			"curve in lower case":       jwk(strings.ToLower(name), x, y),
			"compressed":                fmt.Sprintf(`{"kty":"EC","crv":%q,"x":%q}`, name, b64(append([]byte{2}, x...))),
			"no y":                      fmt.Sprintf(`{"kty":"EC","crv":%q,"x":%q}`, name, b64(x)),
			"no x":                      fmt.Sprintf(`{"kty":"EC","crv":%q,"y":%q}`, name, b64(y)),
			"no curve":                  fmt.Sprintf(`{"kty":"EC","x":%q,"y":%q}`, b64(x), b64(y)),
			"whole point as x":          jwk(name, point, y),
			"padding":                   fmt.Sprintf(`{"kty":"EC","crv":%q,"x":"%s=","y":%q}`, name, b64(x), b64(y)),
			"alphabet of base64":        fmt.Sprintf(`{"kty":"EC","crv":%q,"x":%q,"y":%q}`, name, base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xfb}, size)), b64(y)),
			"hexadecimal":               fmt.Sprintf(`{"kty":"EC","crv":%q,"x":%q,"y":%q}`, name, hex.EncodeToString(x), hex.EncodeToString(y)),
			"a number":                  fmt.Sprintf(`{"kty":"EC","crv":%q,"x":7,"y":%q}`, name, b64(y)),
			"line break":                fmt.Sprintf(`{"kty":"EC","crv":%q,"x":"%s\n","y":%q}`, name, b64(x), b64(y)),
			"kty of RSA":                strings.Replace(jwk(name, x, y), `"EC"`, `"RSA"`, 1),
			"kty in lower case":         strings.Replace(jwk(name, x, y), `"EC"`, `"ec"`, 1),
			"kty under another case":    strings.Replace(jwk(name, x, y), `"kty"`, `"KTY"`, 1),
			"kty twice":                 strings.Replace(jwk(name, x, y), `"kty"`, `"kty":"oct","kty"`, 1),
			"x twice":                   strings.Replace(jwk(name, x, y), `"x"`, `"x":"AA","x"`, 1),
			"secret":                    strings.Replace(jwk(name, x, y), `"kty"`, `"d":"AA","kty"`, 1),
			"secret null":               strings.Replace(jwk(name, x, y), `"kty"`, `"d":null,"kty"`, 1),
			"the other algorithm":       strings.Replace(jwk(name, x, y), `"kty"`, `"alg":"ES512","kty"`, 1),
			"HS256":                     strings.Replace(jwk(name, x, y), `"kty"`, `"alg":"HS256","kty"`, 1),
			"none":                      strings.Replace(jwk(name, x, y), `"kty"`, `"alg":"none","kty"`, 1),
			"alg null":                  strings.Replace(jwk(name, x, y), `"kty"`, `"alg":null,"kty"`, 1),
			"agreement of keys":         strings.Replace(jwk(name, x, y), `"kty"`, `"alg":"ECDH-ES","kty"`, 1),
			"use enc":                   strings.Replace(jwk(name, x, y), `"kty"`, `"use":"enc","kty"`, 1),
			"use in capitals":           strings.Replace(jwk(name, x, y), `"kty"`, `"use":"SIG","kty"`, 1),
			"use a list":                strings.Replace(jwk(name, x, y), `"kty"`, `"use":["sig"],"kty"`, 1),
			"use null":                  strings.Replace(jwk(name, x, y), `"kty"`, `"use":null,"kty"`, 1),
			"key_ops empty":             strings.Replace(jwk(name, x, y), `"kty"`, `"key_ops":[],"kty"`, 1),
			"key_ops a text":            strings.Replace(jwk(name, x, y), `"kty"`, `"key_ops":"verify","kty"`, 1),
			"key_ops of encryption":     strings.Replace(jwk(name, x, y), `"kty"`, `"key_ops":["encrypt","wrapKey"],"kty"`, 1),
			"key_ops twice the same":    strings.Replace(jwk(name, x, y), `"kty"`, `"key_ops":["verify","verify"],"kty"`, 1),
			"key_ops with a number":     strings.Replace(jwk(name, x, y), `"kty"`, `"key_ops":["verify",1],"kty"`, 1),
			"sig, and ops of something": strings.Replace(jwk(name, x, y), `"kty"`, `"use":"sig","key_ops":["deriveKey"],"kty"`, 1),
		} {
			if parseJWK(t, text) == nil {
				t.Errorf("%s: accepted: %s: %s", name, what, text)
			}
		}
		// The other half of a point is another key, and as good as this one.
		if err := parseJWK(t, jwk(name, x, negative)); err != nil {
			t.Errorf("%s: the mirrored point: %v", name, err)
		}
		for _, more := range []string{`"use":"sig"`, `"key_ops":["verify"]`, `"key_ops":["sign","verify"]`, `"ext":true`, `"kid":"1"`, `"x5t":"AAAA"`} {
			if err := parseJWK(t, strings.Replace(jwk(name, x, y), `"kty"`, more+`,"kty"`, 1)); err != nil {
				t.Errorf("%s: refused with %s: %v", name, more, err)
			}
		}
	}
}

// keyWithShortX makes a key whose x begins with a zero byte, and x without it.
func keyWithShortX(t *testing.T, curve elliptic.Curve) (*ecdsa.PrivateKey, []byte) {
	for {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		point, err := key.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if point[1] == 0 {
			return key, point[2 : 1+(len(point)-1)/2]
		}
	}
}

// TestJWKRSAAttacks: moduli and exponents with which a signature proves
// nothing, and second spellings of numbers (RFC 7518 §6.3.1: as few bytes as
// they need).
func TestJWKRSAAttacks(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	n := key.N.Bytes()
	jwk := func(n, e []byte) string { return fmt.Sprintf(`{"kty":"RSA","n":%q,"e":%q}`, b64(n), b64(e)) }
	good := []byte{1, 0, 1}
	for _, e := range [][]byte{good, {3}, {17}} {
		if err := parseJWK(t, jwk(n, e)); err != nil {
			t.Errorf("exponent %v: %v", e, err)
		}
	}
	even := slices.Clone(n)
	even[len(even)-1] &^= 1
	for what, text := range map[string]string{
		"exponent 0":             jwk(n, []byte{0}),
		"exponent 1":             jwk(n, []byte{1}),
		"exponent 2":             jwk(n, []byte{2}),
		"exponent even":          jwk(n, []byte{1, 0, 0}),
		"exponent of 32 bits":    jwk(n, []byte{0xff, 0xff, 0xff, 0xff}),
		"exponent of 33 bits":    jwk(n, []byte{1, 0, 0, 0, 1}),
		"exponent of 64 bits":    jwk(n, []byte{1, 0, 0, 0, 0, 0, 0, 0, 3}),
		"exponent as n":          jwk(n, n),
		"exponent with a zero":   jwk(n, []byte{0, 1, 0, 1}),
		"no exponent":            fmt.Sprintf(`{"kty":"RSA","n":%q}`, b64(n)),
		"exponent a number":      fmt.Sprintf(`{"kty":"RSA","n":%q,"e":65537}`, b64(n)),
		"modulus with a zero":    jwk(append([]byte{0}, n...), good),
		"modulus even":           jwk(even, good),
		"modulus of 2047 bits":   jwk(append([]byte{0x7f}, n[1:]...), good),
		"modulus of 1024 bits":   jwk(append(slices.Clone(n[:127]), 1), good),
		"modulus of 8193 bits":   jwk(append([]byte{1}, bytes.Repeat(n, 4)...), good),
		"modulus of 16384 bits":  jwk(bytes.Repeat(n, 8), good),
		"modulus 1":              jwk([]byte{1}, good),
		"no modulus":             `{"kty":"RSA","e":"AQAB"}`,
		"modulus empty":          `{"kty":"RSA","n":"","e":"AQAB"}`,
		"modulus in hexadecimal": fmt.Sprintf(`{"kty":"RSA","n":%q,"e":"AQAB"}`, hex.EncodeToString(n)+"\n"),
		"private exponent":       strings.Replace(jwk(n, good), `"kty"`, `"d":"AQAB","kty"`, 1),
		"prime":                  strings.Replace(jwk(n, good), `"kty"`, `"p":"AQAB","kty"`, 1),
		"other primes":           strings.Replace(jwk(n, good), `"kty"`, `"oth":[],"kty"`, 1),
		"a secret beside it":     strings.Replace(jwk(n, good), `"kty"`, `"k":"AQAB","kty"`, 1),
		"for PS256":              strings.Replace(jwk(n, good), `"kty"`, `"alg":"PS256","kty"`, 1),
		"for RS512":              strings.Replace(jwk(n, good), `"kty"`, `"alg":"RS512","kty"`, 1),
		"for encryption":         strings.Replace(jwk(n, good), `"kty"`, `"alg":"RSA-OAEP","kty"`, 1),
		"for HS256":              strings.Replace(jwk(n, good), `"kty"`, `"alg":"HS256","kty"`, 1),
		"from a faulty chip":     jwk(faulty(t, 2048), good),
		"from one, 4096 bits":    jwk(faulty(t, 4096), good),
		"an octet key":           `{"kty":"oct","alg":"RS256","k":"` + b64(n) + `"}`,
	} {
		if parseJWK(t, text) == nil {
			t.Errorf("accepted: %s: %.120s", what, text)
		}
	}
	if err := parseJWK(t, strings.Replace(jwk(n, good), `"kty"`, `"alg":"RS256","use":"sig","kty"`, 1)); err != nil {
		t.Errorf("for RS256: %v", err)
	}
}

// faulty is a modulus with the mark of CVE-2017-15361: a product of two numbers
// of the form k·M + 65537^a mod M, where M is the product of the primes up to
// 353 (71 of them).
func faulty(t *testing.T, bits int) []byte {
	t.Helper()
	m := big.NewInt(1)
	for p := int64(2); p <= 353; p++ {
		if big.NewInt(p).ProbablyPrime(0) {
			m.Mul(m, big.NewInt(p))
		}
	}
	one := func() *big.Int {
		a, err := rand.Int(rand.Reader, m)
		if err != nil {
			t.Fatal(err)
		}
		top := new(big.Int).Lsh(big.NewInt(3), uint(bits/2-2))
		top.Sub(top, new(big.Int).Mod(top, m))
		return top.Add(top, new(big.Int).Exp(big.NewInt(65537), a, m))
	}
	n := new(big.Int).Mul(one(), one())
	if n.BitLen() != bits || n.Bit(0) == 0 {
		t.Fatalf("made a modulus of %d bits", n.BitLen())
	}
	return n.Bytes()
}

// TestJWKEd25519Attacks: points of small order and second spellings (RFC 8037
// §2, RFC 8032 §5.1.3): all twelve encodings of the eight points, those whose y
// is not reduced, and lengths that do not fit.
func TestJWKEd25519Attacks(t *testing.T) {
	jwk := func(x []byte) string { return fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":%q}`, b64(x)) }
	var all [][]byte
	for y := range smallOrderY {
		for _, sign := range []byte{0, 0x80} {
			point := slices.Clone(y[:])
			point[31] |= sign
			all = append(all, point)
		}
	}
	p := bytes.Repeat([]byte{0xff}, 32)
	p[31] = 0x7f
	for low := 0xed; low <= 0xff; low++ { // y = p … 2^255-1, spelling 0 … 18 anew
		for _, sign := range []byte{0, 0x80} {
			point := slices.Clone(p)
			point[0], point[31] = byte(low), 0x7f|sign
			all = append(all, point)
		}
	}
	good, err := base64.RawURLEncoding.DecodeString("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, nil, good[:31], append(slices.Clone(good), 0), bytes.Repeat(good, 2))
	for _, x := range all {
		if parseJWK(t, jwk(x)) == nil {
			t.Errorf("accepted: %x", x)
		}
	}
	for what, text := range map[string]string{
		"X25519": strings.Replace(jwk(good), "Ed25519", "X25519", 1), "Ed448": strings.Replace(jwk(good), "Ed25519", "Ed448", 1),
		"EC": strings.Replace(jwk(good), "OKP", "EC", 1), "for ES256": strings.Replace(jwk(good), `"kty"`, `"alg":"ES256","kty"`, 1),
		"for Ed25519ph": strings.Replace(jwk(good), `"kty"`, `"alg":"Ed25519ph","kty"`, 1), "secret": strings.Replace(jwk(good), `"kty"`, `"d":"AA","kty"`, 1),
		"with y": strings.Replace(jwk(good), `"x"`, `"y":"AA","X"`, 1),
	} {
		if parseJWK(t, text) == nil {
			t.Errorf("accepted: %s", what)
		}
	}
	for _, alg := range []string{"EdDSA", "Ed25519"} { // RFC 9864 names the curve
		if err := parseJWK(t, strings.Replace(jwk(good), `"kty"`, `"alg":"`+alg+`","kty"`, 1)); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
}
