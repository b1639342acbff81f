package dataintegrity_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
)

const small = `{"@context":["https://www.w3.org/ns/credentials/v2"],
 "id":"urn:uuid:1", "type" : ["VerifiableCredential"], "issuer":"did:web:example.org","credentialSubject":{"id":"urn:uuid:2"} }
`

func testKey() (ed25519.PrivateKey, string) {
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat("k", 32)))
	_, vm, err := did.FromKey(key.Public())
	if err != nil {
		panic(err)
	}
	return key, vm
}

func sign(t testing.TB, doc string, change func(*dataintegrity.Options)) string {
	t.Helper()
	key, vm := testKey()
	o := dataintegrity.Options{VerificationMethod: vm, Created: time.Date(2026, 11, 21, 9, 0, 0, 5, time.UTC)}
	if change != nil {
		change(&o)
	}
	signed, err := dataintegrity.Sign([]byte(doc), key, o, false)
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

// The bytes of the document stay; the proof comes after its last member.
func TestSignKeepsBytes(t *testing.T) {
	signed := sign(t, small, nil)
	head, tail, ok := strings.Cut(signed, `,"proof":{`)
	_, end, _ := strings.Cut(tail, "}")
	if !ok || head+end != small {
		t.Errorf("the document became %s", signed)
	}
	if !strings.Contains(signed, `"created":"2026-11-21T09:00:00Z"`) {
		t.Errorf("created is not in whole seconds: %s", signed)
	}
}

func TestSignRefuses(t *testing.T) {
	key, vm := testKey()
	other := ed25519.NewKeyFromSeed([]byte(strings.Repeat("o", 32)))
	for name, tt := range map[string]struct {
		doc string
		key ed25519.PrivateKey
		o   dataintegrity.Options
	}{
		"not JSON":          {`{`, key, dataintegrity.Options{VerificationMethod: vm}},
		"not an object":     {`[]`, key, dataintegrity.Options{VerificationMethod: vm}},
		"no context":        {`{"id":"urn:x:1"}`, key, dataintegrity.Options{VerificationMethod: vm}},
		"undefined term":    {strings.Replace(small, `"id":"urn:uuid:1"`, `"grade":"A"`, 1), key, dataintegrity.Options{VerificationMethod: vm}},
		"no method":         {small, key, dataintegrity.Options{}},
		"method of no key":  {small, key, dataintegrity.Options{VerificationMethod: "did:web:example.org"}},
		"another's method":  {small, other, dataintegrity.Options{VerificationMethod: vm}},
		"unknown suite":     {small, key, dataintegrity.Options{VerificationMethod: vm, Cryptosuite: "eddsa-2099"}},
		"builds on nothing": {small, key, dataintegrity.Options{VerificationMethod: vm, PreviousProof: []string{"urn:none"}}},
	} {
		if signed, err := dataintegrity.Sign([]byte(tt.doc), tt.key, tt.o, true); err == nil {
			t.Errorf("%s: signed as %s", name, signed)
		}
	}
}

func TestExpectations(t *testing.T) {
	doc := sign(t, small, func(o *dataintegrity.Options) {
		o.Expires = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
		o.Domain, o.Challenge = "https://reader.example", "c-1"
	})
	before, after := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		want  dataintegrity.Expect
		state dataintegrity.State
		kind  string
	}{
		"nothing asked":     {dataintegrity.Expect{}, dataintegrity.Good, ""},
		"all asked":         {dataintegrity.Expect{Purpose: "assertionMethod", Domain: "https://reader.example", Challenge: "c-1", Now: before}, dataintegrity.Good, ""},
		"run out":           {dataintegrity.Expect{Now: after}, dataintegrity.Bad, "PROOF_VERIFICATION_ERROR"},
		"another domain":    {dataintegrity.Expect{Domain: "https://other.example"}, dataintegrity.Bad, "INVALID_DOMAIN_ERROR"},
		"another challenge": {dataintegrity.Expect{Challenge: "c-2"}, dataintegrity.Bad, "INVALID_CHALLENGE_ERROR"},
		"another purpose":   {dataintegrity.Expect{Purpose: "authentication"}, dataintegrity.Bad, "PROOF_VERIFICATION_ERROR"},
	} {
		r := dataintegrity.Verify(t.Context(), parse(t, []byte(doc)), fromFragment, tt.want)[0]
		_, kind, _ := strings.Cut(r.Problem, "#")
		if r.State != tt.state || kind != tt.kind {
			t.Errorf("%s: %s %s: %s", name, r.State, r.Problem, r.Reason)
		}
	}
}

// The end of a proof may not be hidden under another name.
func TestHiddenExpiry(t *testing.T) {
	doc := sign(t, small, func(o *dataintegrity.Options) { o.Expires = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC) })
	for _, name := range []string{"https://w3id.org/security#expiration", "sec:expiration", "Expires"} {
		moved := strings.Replace(doc, `"expires":"2026-12-01T00:00:00Z"`, `"`+name+`":{"@type":"http://www.w3.org/2001/XMLSchema#dateTime","@value":"2026-12-01T00:00:00Z"}`, 1)
		if r := verify(t, []byte(moved))[0]; r.State != dataintegrity.Bad {
			t.Errorf("expires as %s is %s: %s", name, r.State, r.Reason)
		}
	}
}

func TestKeysOutOfReach(t *testing.T) {
	doc := parse(t, []byte(sign(t, small, nil)))
	for name, tt := range map[string]struct {
		keys dataintegrity.KeyFunc
		want dataintegrity.State
	}{
		"fault":   {func(context.Context, string) (*did.Method, error) { return nil, errors.New("down") }, dataintegrity.Unchecked},
		"nothing": {func(context.Context, string) (*did.Method, error) { return nil, nil }, dataintegrity.Unchecked},
		"no key":  {func(context.Context, string) (*did.Method, error) { return &did.Method{Fault: "odd"}, nil }, dataintegrity.Unchecked},
		"refused": {func(context.Context, string) (*did.Method, error) {
			return nil, &dataintegrity.KeyError{State: dataintegrity.Bad}
		}, dataintegrity.Bad},
		"another kind": {func(context.Context, string) (*did.Method, error) {
			key, err := did.DecodeMultikey("zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP")
			return &did.Method{Key: key}, err
		}, dataintegrity.Bad},
		"short key": {func(context.Context, string) (*did.Method, error) {
			return &did.Method{Key: ed25519.PublicKey("short")}, nil
		}, dataintegrity.Bad},
	} {
		if r := dataintegrity.Verify(t.Context(), doc, tt.keys, dataintegrity.Expect{})[0]; r.State != tt.want {
			t.Errorf("%s: %s: %s", name, r.State, r.Reason)
		}
	}
}

// Under a JCS suite the proof signs its own @context; what a document adds to
// it afterwards is not signed and not given out as such.
func TestJCSContext(t *testing.T) {
	doc := sign(t, small, func(o *dataintegrity.Options) { o.Cryptosuite = dataintegrity.EddsaJCS2022 })
	more := strings.Replace(doc, `"https://www.w3.org/ns/credentials/v2"]`, `"https://www.w3.org/ns/credentials/v2","https://example.org/more"]`, 1)
	r := verify(t, []byte(more))[0]
	if r.State != dataintegrity.Good || len(r.Signed.Get("@context").Kids) != 1 {
		t.Errorf("%s: %s; signed %s", r.State, r.Reason, r.Signed.Append(nil))
	}
	for name, changed := range map[string]string{
		"other first": strings.Replace(doc, `{"@context":["https`, `{"@context":["https://example.org/first","https`, 1),
		"fewer":       strings.Replace(doc, `{"@context":["https://www.w3.org/ns/credentials/v2"]`, `{"@context":[]`, 1),
		"as text":     strings.Replace(doc, `{"@context":["https://www.w3.org/ns/credentials/v2"]`, `{"@context":"https://www.w3.org/ns/credentials/v2"`, 1),
		"added term":  strings.Replace(doc, `"id":"urn:uuid:1"`, `"id":"urn:uuid:1","grade":"A"`, 1),
	} {
		if r := verify(t, []byte(changed))[0]; r.State != dataintegrity.Bad {
			t.Errorf("%s: %s", name, r.State)
		}
	}
}

func TestManyProofs(t *testing.T) {
	doc := small
	for i := range 6 {
		doc = sign(t, doc, func(o *dataintegrity.Options) { o.ID = fmt.Sprintf("urn:uuid:p%d", i) })
	}
	if got := states(verify(t, []byte(doc))); got != "good good good good unchecked unchecked" {
		t.Error(got)
	}
	if got := verify(t, []byte(small)); len(got) != 0 {
		t.Errorf("no proof gave %v", got)
	}
}

// Every bit of a signature counts, as does every spelling of it.
func TestSignatureBits(t *testing.T) {
	doc := parse(t, []byte(sign(t, small, nil)))
	value := doc.Get("proof").Get("proofValue")
	signature, err := did.DecodeBase58(value.Str[1:])
	if err != nil {
		t.Fatal(err)
	}
	try := func(text string) dataintegrity.State {
		value.Str = text
		return dataintegrity.Verify(t.Context(), doc, fromFragment, dataintegrity.Expect{})[0].State
	}
	good := value.Str
	for bit := range len(signature) * 8 {
		signature[bit/8] ^= 1 << (bit % 8)
		if got := try("z" + did.EncodeBase58(signature)); got != dataintegrity.Bad {
			t.Errorf("bit %d: %s", bit, got)
		}
		signature[bit/8] ^= 1 << (bit % 8)
	}
	// S + L is the same number to a careless reader (RFC 8032 §5.1.7).
	order := []byte{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 31: 0x10}
	carry := 0
	for i := range order {
		sum := int(signature[32+i]) + int(order[i]) + carry
		signature[32+i], carry = byte(sum), sum>>8
	}
	for _, text := range []string{"z" + did.EncodeBase58(signature), good + "1", "z1" + good[1:], good[1:], "Z" + good[1:], good + " ", ""} {
		if got := try(text); got != dataintegrity.Bad {
			t.Errorf("%q: %s", text, got)
		}
	}
	if got := try(good); got != dataintegrity.Good {
		t.Errorf("the genuine value: %s", got)
	}
}
