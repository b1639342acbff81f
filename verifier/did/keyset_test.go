package did

import (
	"strings"
	"testing"

	"hallmark/verifier/strictjson"
)

// Keys and thumbprints of RFC 7638 §3.1 and RFC 8037 appendix A.3.
const (
	rfc7638Key = `{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`
	rfc8037Key = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	p256Key    = `{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"sig","kid":"1"}`
)

func TestThumbprint(t *testing.T) {
	for jwk, want := range map[string]string{
		rfc7638Key: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
		rfc8037Key: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
		p256Key:    "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
	} {
		v, err := strictjson.Parse([]byte(jwk))
		if err != nil {
			t.Fatal(err)
		}
		key, err := ParseJWK(v)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Thumbprint(key)
		if err != nil || got != want {
			t.Errorf("%.60s: %s %v", jwk, got, err)
		}
		written, err := EncodeJWK(key)
		if err != nil {
			t.Fatal(err)
		}
		set, err := ParseKeySet(written)
		if err != nil || !set.Bare || set.Keys[0].Key == nil {
			t.Errorf("%s does not come back: %v", written, err)
		}
	}
	if _, err := Thumbprint("key"); err == nil {
		t.Error("a text has a thumbprint")
	}
}

func TestParseKeySet(t *testing.T) {
	more := func(jwk, members string) string { return strings.TrimSuffix(jwk, "}") + "," + members + "}" }
	set, err := ParseKeySet([]byte(`{"keys":[` + rfc7638Key + `,` + p256Key + `,` + more(rfc8037Key, `"iss":"did:web:example.org","exp":1795219200,"revoked":{"revoked_at":1795219201}`) + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	if set.Bare || len(set.Keys) != 3 || set.Keys[0].ID != "2011-04-29" || set.Keys[0].Alg != "RS256" || set.Keys[1].Key == nil {
		t.Errorf("%+v", set)
	}
	if k := set.Keys[2]; k.Issuer != "did:web:example.org" || k.Expires.Unix() != 1795219200 || k.Revoked.Unix() != 1795219201 {
		t.Errorf("%+v", k)
	}
	for name, one := range map[string]string{
		"meant for encryption":   strings.Replace(p256Key, `"sig"`, `"enc"`, 1),
		"meant for signing":      more(rfc8037Key, `"key_ops":["sign"]`),
		"curve and alg":          more(p256Key, `"alg":"ES384"`),
		"not on the curve":       strings.Replace(p256Key, `"4Etl`, `"5Etl`, 1),
		"a short modulus":        `{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc","e":"AQAB"}`,
		"expiry as text":         more(rfc8037Key, `"exp":"2026-11-21T00:00:00Z"`),
		"revoked without a date": more(rfc8037Key, `"revoked":{}`),
		"kid as number":          more(rfc8037Key, `"kid":1`),
	} {
		set, err := ParseKeySet([]byte(`{"keys":[` + one + `]}`))
		if err != nil || set.Keys[0].Key != nil || set.Keys[0].Fault == "" {
			t.Errorf("%s: %+v %v", name, set, err)
		}
	}
	for name, raw := range map[string]string{
		"nothing": ``, "a list": `[]`, "no keys": `{}`, "keys an object": `{"keys":{}}`, "a text": `{"keys":["x"]}`,
		"one kid twice":   `{"keys":[` + p256Key + `,` + more(rfc8037Key, `"kid":"1"`) + `]}`,
		"a secret":        `{"keys":[` + more(rfc8037Key, `"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"`) + `]}`,
		"symmetric":       `{"keys":[` + p256Key + `,{"kty":"oct","k":"AAAA"}]}`,
		"a bare secret":   more(rfc8037Key, `"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"`),
		"a member twice":  more(rfc8037Key, `"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"`),
		"too many of one": `{"keys":[` + strings.TrimSuffix(strings.Repeat(rfc8037Key+",", maxSetKeys+1), ",") + `]}`,
	} {
		if set, err := ParseKeySet([]byte(raw)); err == nil {
			t.Errorf("%s: %+v", name, set)
		}
	}
}

func TestAuthentication(t *testing.T) {
	const method = `{"id":"#k","type":"JsonWebKey","controller":"https://example.org/1","publicKeyJwk":` + rfc8037Key + `}`
	d, err := ParseDocument("https://example.org/1", []byte(`{"id":"https://example.org/1","authentication":[`+method+`]}`))
	if err != nil || !d.Authenticates("https://example.org/1#k") || d.Asserts("https://example.org/1#k") || d.Method("https://example.org/1#k") == nil {
		t.Errorf("%+v %v", d, err)
	}
	d, err = ParseDocument("https://example.org/1", []byte(`{"id":"https://example.org/1","verificationMethod":[`+method+`],"assertionMethod":["#k"],"authentication":"#k"}`))
	if err != nil || d.Authenticates("https://example.org/1#k") || !d.Asserts("https://example.org/1#k") {
		t.Errorf("%+v %v", d, err)
	}
	for text, ok := range map[string]bool{"0": true, "1795219200": true, "1795219200.5": true, "-1": true, "1e400": false, "99999999999999": false, `"1795219200"`: false, "null": false} {
		v, err := strictjson.Parse([]byte(text))
		if err == nil {
			_, err = ParseNumericDate(v)
		}
		if (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}
