package dataintegrity_test

import (
	"bytes"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/strictjson"
)

// The example of VC DI ECDSA Cryptosuites 1.0, Appendix A.7 (ecdsa-sd-2023): the
// document, the keys and the pointers as published, and what the two values of
// the proof hash to.
const (
	windsurf = `{"@context":["https://www.w3.org/ns/credentials/v2",{"@vocab":"https://windsurf.grotto-networking.com/selective#"}],"type":["VerifiableCredential"],"issuer":"https://vc.example/windsurf/racecommittee",
 "credentialSubject":{"sailNumber":"Earth101","sails":[{"size":5.5,"sailName":"Kihei","year":2023},{"size":6.1,"sailName":"Lahaina","year":2023},{"size":7.0,"sailName":"Lahaina","year":2020},{"size":7.8,"sailName":"Lahaina","year":2023}],
 "boards":[{"boardName":"CompFoil170","brand":"Wailea","year":2022},{"boardName":"Kanaha Custom","brand":"Wailea","year":2019}]}`
	windsurfProof = `{"type":"DataIntegrityProof","cryptosuite":"ecdsa-sd-2023","created":"2023-08-15T23:36:38Z","verificationMethod":"did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP#zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP","proofPurpose":"assertionMethod"`
	windsurfKey   = "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN"
	windsurfOnce  = "z42tqvNGyzyXRzotAYn43UhcFtzDUVdxJ7461fwrfhBPLmfY"
	windsurfHMAC  = "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"
	baseDigest    = "4e34d3ce35fe7775faa5dd8f95c0f39b1c72c1793e4e4a15fde5c3ed644debf1"
	derivedDigest = "903d96060a8f601b0309a274659b7c6d10d3a201096af2a18b921912f3e705e9"
)

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// With the published keys, the base proof and the derived one come out as
// published, byte for byte.
func TestSelectiveVectors(t *testing.T) {
	mac, err := hex.DecodeString(windsurfHMAC)
	if err != nil {
		t.Fatal(err)
	}
	mandatory := []string{"/issuer", "/credentialSubject/sailNumber", "/credentialSubject/sails/1", "/credentialSubject/boards/0/year", "/credentialSubject/sails/2"}
	value, err := dataintegrity.BaseValue(parse(t, []byte(windsurf+"}")), parse(t, []byte(windsurfProof+"}")), ecdsaSeed(t, windsurfKey), mandatory, mac, ecdsaSeed(t, windsurfOnce))
	if err != nil {
		t.Fatal(err)
	}
	if digest(value) != baseDigest {
		t.Errorf("the base proof is %s", value)
	}
	if diff := cmp.Diff(mandatory, dataintegrity.Pointers(value)); diff != "" {
		t.Error(diff)
	}
	base := []byte(windsurf + `,"proof":` + windsurfProof + `,"proofValue":"` + value + `"}}`)
	shown, err := dataintegrity.Derive(base, []string{"/credentialSubject/boards/0", "/credentialSubject/boards/1"})
	if err != nil {
		t.Fatal(err)
	}
	if value = parse(t, shown).Get("proof").Get("proofValue").Text(); digest(value) != derivedDigest {
		t.Errorf("the derived proof is %s", value)
	}
	if got := states(verify(t, shown)); got != "good" {
		t.Errorf("what is shown is %s", got)
	}
	if got := states(verify(t, base)); got != "bad" {
		t.Errorf("the base proof by itself is %s", got)
	}
}

const large = `{"@context":["https://www.w3.org/ns/credentials/v2",{"@vocab":"urn:v#"}],"id":"urn:uuid:1","type":["VerifiableCredential"],
 "issuer":{"id":"did:web:example.org","name":"Academy"},"validUntil":"2029-01-01T00:00:00Z",
 "credentialSubject":{"id":"urn:uuid:2","name":{"@value":"Ada","@language":"en"},"a/b~c":"odd name","grades":[{"course":"x","points":1,"by":{"who":"m"}},{"course":"x","points":1,"by":{"who":"m"}},{"course":"y","points":2},"none"]}}`

func selective(t testing.TB, doc string, mandatory ...string) []byte {
	t.Helper()
	key, vm := curveKey(t, elliptic.P256())
	signed, err := dataintegrity.Sign([]byte(doc), key, dataintegrity.Options{VerificationMethod: vm, Cryptosuite: dataintegrity.EcdsaSD2023, Mandatory: mandatory}, true)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestSelectiveDisclosure(t *testing.T) {
	base := selective(t, large, "/issuer", "/validUntil", "/credentialSubject/grades/0/points")
	for name, tt := range map[string]struct {
		pointers []string
		want     string // of the credential without its proof and context
	}{
		"nothing more": {nil, `"id":"urn:uuid:1","type":["VerifiableCredential"],"issuer":{"id":"did:web:example.org","name":"Academy"},"validUntil":"2029-01-01T00:00:00Z","credentialSubject":{"id":"urn:uuid:2","grades":[{"points":1}]}`},
		"two parts": {[]string{"/credentialSubject/grades/2", "/credentialSubject/a~1b~0c"}, `"id":"urn:uuid:1","type":["VerifiableCredential"],"issuer":{"id":"did:web:example.org","name":"Academy"},"validUntil":"2029-01-01T00:00:00Z",` +
			`"credentialSubject":{"id":"urn:uuid:2","a/b~c":"odd name","grades":[{"points":1},{"course":"y","points":2}]}`},
		"all": {[]string{""}, ""},
		"twins": {[]string{"/credentialSubject/grades/1", "/credentialSubject/grades/0/by", "/credentialSubject/grades/1"}, `"id":"urn:uuid:1","type":["VerifiableCredential"],"issuer":{"id":"did:web:example.org","name":"Academy"},"validUntil":"2029-01-01T00:00:00Z",` +
			`"credentialSubject":{"id":"urn:uuid:2","grades":[{"points":1,"by":{"who":"m"}},{"course":"x","points":1,"by":{"who":"m"}}]}`},
	} {
		shown, err := dataintegrity.Derive(base, tt.pointers)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r := verify(t, shown)[0]
		if r.State != dataintegrity.Good {
			t.Errorf("%s: %s: %s", name, r.State, r.Reason)
		}
		got := strings.Trim(string(parse(t, shown).Without("@context").Without("proof").Append(nil)), "{}")
		if name != "all" && got != strings.Trim(tt.want, "{}") {
			t.Errorf("%s: %s", name, cmp.Diff(tt.want, got))
		}
		if !bytes.Contains(shown, []byte(`"proof":[{`)) {
			t.Errorf("%s: the proof is no longer an array", name)
		}
		// Whatever is shown is signed: no member or element can be changed,
		// added or left out.
		doc := parse(t, shown)
		unsigned := 0
		leaves(doc, func(v *strictjson.Value) {
			was := v.Str
			v.Str += "0"
			if got := dataintegrity.Verify(t.Context(), doc, fromFragment, dataintegrity.Expect{})[0].State; got == dataintegrity.Good {
				t.Errorf("%s: good with %s for %s", name, v.Str, was)
			}
			v.Str = was
			unsigned++
		})
		if unsigned < 10 {
			t.Errorf("%s: only %d leaves", name, unsigned)
		}
	}
}

// A choice among the types or within the contexts takes none of the others away:
// they say what the rest means (VC DI ECDSA, createInitialSelection).
func TestSelectiveTypes(t *testing.T) {
	doc := strings.Replace(large, `"type":["VerifiableCredential"]`, `"type":["VerifiableCredential","Certificate"]`, 1)
	shown, err := dataintegrity.Derive(selective(t, doc, "/type/1", "/@context/0"), []string{"/validUntil"})
	if err != nil {
		t.Fatal(err)
	}
	if got := states(verify(t, shown)); got != "good" || !bytes.Contains(shown, []byte(`"type":["VerifiableCredential","Certificate"]`)) || !bytes.Contains(shown, []byte(`@vocab`)) {
		t.Errorf("%s: %s", got, shown)
	}
}

func leaves(v *strictjson.Value, visit func(*strictjson.Value)) {
	if len(v.Kids) == 0 && v.Str != "" && v.Name != "nonce" {
		visit(v)
	}
	for i := range v.Kids {
		leaves(&v.Kids[i], visit)
	}
}

// What the issuer made mandatory cannot be left out, nor parts mixed.
func TestSelectiveForgeries(t *testing.T) {
	base := selective(t, large, "/issuer", "/validUntil", "/credentialSubject/grades/0/points")
	shown, err := dataintegrity.Derive(base, []string{"/credentialSubject/grades/0/course", "/credentialSubject/grades/1/by"})
	if err != nil {
		t.Fatal(err)
	}
	text := string(shown)
	other, err := dataintegrity.Derive(selective(t, strings.Replace(large, `"points":1`, `"points":3`, 1), "/issuer"), []string{"/credentialSubject/grades/0"})
	if err != nil {
		t.Fatal(err)
	}
	value := parse(t, shown).Get("proof").Kids[0].Get("proofValue").Text()
	data, err := base64.RawURLEncoding.DecodeString(value[1:])
	if err != nil {
		t.Fatal(err)
	}
	with := func(data []byte) string {
		return strings.Replace(text, value, "u"+base64.RawURLEncoding.EncodeToString(data), 1)
	}
	// The value ends with the positions of the mandatory statements, a byte each.
	positions := 0
	for data[len(data)-1-positions] != 0x80|byte(positions) {
		positions++
	}
	beyond := append(bytes.Clone(data), 23)
	beyond[len(data)-1-positions]++
	for name, doc := range map[string]string{
		"a position beyond":   with(beyond),
		"mandatory left out":  strings.Replace(text, `"validUntil":"2029-01-01T00:00:00Z",`, "", 1),
		"shown left out":      strings.Replace(text, `"course":"x",`, "", 1),
		"something added":     strings.Replace(text, `"course":"x"`, `"course":"x","more":"y"`, 1),
		"another's proof":     strings.Replace(text, value, parse(t, other).Get("proof").Kids[0].Get("proofValue").Text(), 1),
		"base proof":          strings.Replace(text, value, parse(t, base).Get("proof").Kids[0].Get("proofValue").Text(), 1),
		"padding":             strings.Replace(text, value, value+"=", 1),
		"line break":          strings.Replace(text, value, value[:9]+`\n`+value[9:], 1),
		"another multibase":   strings.Replace(text, value, "z"+value[1:], 1),
		"nothing":             strings.Replace(text, value, "u", 1),
		"another header":      with(append([]byte{0xd9, 0x5d, 2}, data[3:]...)),
		"more at the end":     with(append(bytes.Clone(data), 0)),
		"cut off":             with(data[:len(data)-1]),
		"indefinite array":    with(append([]byte{0xd9, 0x5d, 1, 0x9f}, append(bytes.Clone(data[4:]), 0xff)...)),
		"a long head":         with(append([]byte{0xd9, 0x5d, 1, 0x98, 5}, data[4:]...)),
		"a base58 signature":  strings.Replace(text, value, "z5ptCet75SaEgzG4v4zJhbJtfNi74Wv7Fq15hhKouJQQjEPQvPZKaYxcMXAMLPQS2FXrkCWokNJkFVkwxNzZfD5oT", 1),
		"under another suite": strings.Replace(text, `"ecdsa-sd-2023"`, `"ecdsa-rdfc-2019"`, 1),
	} {
		if doc == text {
			t.Fatalf("%s changes nothing", name)
		}
		if r := verify(t, []byte(doc))[0]; r.State != dataintegrity.Bad {
			t.Errorf("%s: %s: %s", name, r.State, r.Reason)
		}
	}
	for bit := 0; bit < len(data)*8; bit += 3 {
		data[bit/8] ^= 1 << (bit % 8)
		if r := verify(t, []byte(with(data)))[0]; r.State == dataintegrity.Good {
			t.Errorf("good with bit %d changed", bit)
		}
		data[bit/8] ^= 1 << (bit % 8)
	}
	tagged := append(bytes.Clone(data[:4]), append([]byte{0xd8, 64}, data[4:]...)...)
	if r := verify(t, []byte(with(tagged)))[0]; r.State != dataintegrity.Good {
		t.Errorf("with the tag of a byte array: %s", r.Reason)
	}
}

// One label for two nameless things would let a holder take a thing apart: what
// was signed about one would seem to be about two.
func TestSelectiveLabels(t *testing.T) {
	doc := `{"@context":["https://www.w3.org/ns/credentials/v2",{"@vocab":"urn:v#"}],"id":"urn:uuid:1","type":["VerifiableCredential"],"issuer":"did:web:example.org",
	 "credentialSubject":{"id":"urn:uuid:2","exam":{"course":"x","passed":false}}}`
	shown, err := dataintegrity.Derive(selective(t, doc), []string{""})
	if err != nil {
		t.Fatal(err)
	}
	value := parse(t, shown).Get("proof").Kids[0].Get("proofValue").Text()
	data, err := base64.RawURLEncoding.DecodeString(value[1:])
	if err != nil {
		t.Fatal(err)
	}
	// Two exams under one label: the statement that there is an exam is the same
	// for both, so one signature more is needed, which the holder has.
	// The value ends with a map of one label of 32 bytes and an empty list; the
	// signatures follow the header, the base signature and the key.
	at := len(data) - 37
	label := data[at+2 : len(data)-1]
	const signatures = 3 + 1 + 66 + 37 + 1
	count := int(data[signatures-1] & 31)
	forged := bytes.Clone(data[:signatures-1])
	forged = append(forged, 0x80|byte(count))
	forged = append(forged, data[signatures:at]...)
	forged = append(append(append(append(forged, 0xa2, 0), label...), 1), label...)
	forged = append(forged, 0x80)
	split := strings.Replace(string(shown), `{"course":"x","passed":false}`, `[{"course":"x"},{"passed":false}]`, 1)
	for name, text := range map[string]string{
		"one thing as two":     strings.Replace(split, value, "u"+base64.RawURLEncoding.EncodeToString(forged), 1),
		"a label of nothing":   strings.Replace(string(shown), value, "u"+base64.RawURLEncoding.EncodeToString(forged), 1),
		"no label for another": split,
	} {
		r := verify(t, []byte(text))[0]
		if r.State != dataintegrity.Bad || !strings.Contains(r.Reason, "nameless") {
			t.Errorf("%s: %s: %s", name, r.State, r.Reason)
		}
	}
}

func TestSelectiveRefuses(t *testing.T) {
	key, vm := curveKey(t, elliptic.P256())
	p384, vm384 := curveKey(t, elliptic.P384())
	var many strings.Builder
	for i := range dataintegrity.MaxSelective + 1 {
		fmt.Fprintf(&many, `"p%d":1,`, i)
	}
	for name, tt := range map[string]struct {
		doc string
		o   dataintegrity.Options
	}{
		"leads nowhere":         {large, dataintegrity.Options{Mandatory: []string{"/nothing"}}},
		"into a text":           {large, dataintegrity.Options{Mandatory: []string{"/id/x"}}},
		"beyond the end":        {large, dataintegrity.Options{Mandatory: []string{"/credentialSubject/grades/4"}}},
		"number with a nought":  {large, dataintegrity.Options{Mandatory: []string{"/credentialSubject/grades/00"}}},
		"no pointer":            {large, dataintegrity.Options{Mandatory: []string{"issuer"}}},
		"odd escape":            {large, dataintegrity.Options{Mandatory: []string{"/credentialSubject/a~2b"}}},
		"half a text":           {large, dataintegrity.Options{Mandatory: []string{"/credentialSubject/name/@value"}}},
		"the proof":             {string(selective(t, large)), dataintegrity.Options{Mandatory: []string{"/proof"}}},
		"too many statements":   {strings.Replace(large, `"id":"urn:uuid:1",`, `"id":"urn:uuid:1",`+many.String(), 1), dataintegrity.Options{}},
		"a list":                {`{"@context":["https://www.w3.org/ns/credentials/v2",{"l":{"@id":"urn:l","@container":"@list"}}],"type":["VerifiableCredential"],"l":["a","b"]}`, dataintegrity.Options{Mandatory: []string{"/l/1"}}},
		"mandatory, all signed": {large, dataintegrity.Options{Cryptosuite: dataintegrity.EcdsaRDFC2019, Mandatory: []string{"/issuer"}}},
	} {
		if tt.o.Cryptosuite == "" {
			tt.o.Cryptosuite = dataintegrity.EcdsaSD2023
		}
		tt.o.VerificationMethod = vm
		if signed, err := dataintegrity.Sign([]byte(tt.doc), key, tt.o, true); err == nil {
			t.Errorf("%s: signed as %s", name, signed)
		}
	}
	if _, err := dataintegrity.Sign([]byte(large), p384, dataintegrity.Options{VerificationMethod: vm384, Cryptosuite: dataintegrity.EcdsaSD2023}, true); err == nil {
		t.Error("signed with P-384")
	}
	base := selective(t, large)
	value := parse(t, base).Get("proof").Kids[0].Get("proofValue").Text()
	data, err := base64.RawURLEncoding.DecodeString(value[1:])
	if err != nil {
		t.Fatal(err)
	}
	more := "u" + base64.RawURLEncoding.EncodeToString(append(data, 0))
	for name, tt := range map[string]struct {
		doc      []byte
		pointers []string
	}{
		"nothing chosen":   {base, nil},
		"not there":        {base, []string{"/x"}},
		"another document": {bytes.Replace(base, []byte(`"course":"y",`), nil, 1), []string{"/issuer"}},
		"no base proof":    {[]byte(large), []string{"/issuer"}},
		"more at the end":  {bytes.Replace(base, []byte(value), []byte(more), 1), []string{"/issuer"}},
		"not JSON":         {base[1:], []string{"/issuer"}},
	} {
		if shown, err := dataintegrity.Derive(tt.doc, tt.pointers); err == nil {
			t.Errorf("%s: %s", name, shown)
		}
	}
}

// Signatures are checked up to a number, over all proofs of a document.
func TestSelectiveBudget(t *testing.T) {
	var many strings.Builder
	for i := range 150 {
		fmt.Fprintf(&many, `"p%d":1,`, i)
	}
	shown, err := dataintegrity.Derive(selective(t, strings.Replace(large, `"id":"urn:uuid:1",`, `"id":"urn:uuid:1",`+many.String(), 1)), []string{""})
	if err != nil {
		t.Fatal(err)
	}
	if got := states(verify(t, shown)); got != "good" {
		t.Errorf("once: %s", got)
	}
	doc := parse(t, shown)
	proofs := doc.Get("proof")
	proofs.Kids = append(proofs.Kids, proofs.Kids[0])
	if got := states(dataintegrity.Verify(t.Context(), doc, fromFragment, dataintegrity.Expect{})); got != "good unchecked" {
		t.Errorf("twice: %s", got)
	}
}

func FuzzSelectiveValue(f *testing.F) {
	shown, err := dataintegrity.Derive(selective(f, large, "/issuer"), []string{"/credentialSubject/grades/0"})
	if err != nil {
		f.Fatal(err)
	}
	doc := parse(f, shown)
	value := doc.Get("proof").Kids[0].Get("proofValue")
	genuine := value.Str
	data, err := base64.RawURLEncoding.DecodeString(genuine[1:])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("\xd9\x5d\x00\x85"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		value.Str = "u" + base64.RawURLEncoding.EncodeToString(raw)
		r := dataintegrity.Verify(t.Context(), doc, fromFragment, dataintegrity.Expect{})[0]
		// Signatures of ECDSA have a twin (r, n-s), which says the same.
		if r.State == dataintegrity.Good && len(raw) < len(data) {
			t.Errorf("good with %x", raw)
		}
		dataintegrity.Pointers(value.Str)
	})
}
