package ob2

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/strictjson"
)

func parse(t testing.TB, doc string) *strictjson.Value {
	t.Helper()
	v, err := strictjson.Parse([]byte(doc))
	if err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return v
}

func TestVersion(t *testing.T) {
	for doc, want := range map[string]int{
		`{"@context":"https://w3id.org/openbadges/v2","type":"Assertion"}`:                                       2,
		`{"@context":["https://w3id.org/openbadges/v2","https://a.example/x"],"type":["Assertion","Extension"]}`: 2,
		`{"@context":"https://w3id.org/openbadges/v1","type":"Assertion"}`:                                       1,
		`{"uid":"1","recipient":{},"badge":"https://a.example/b","verify":{"type":"hosted"}}`:                    1,
		`{"recipient":"sha256$0","salt":"x","badge":{"version":"0.5.0","issuer":{}}}`:                            1,
		`{"@context":"https://w3id.org/openbadges/v2","type":"BadgeClass"}`:                                      0,
		`{"@context":"https://w3id.org/openbadges/v3","type":"Assertion"}`:                                       0,
		`{"@context":"https://w3id.org/openbadges/v2","Type":"Assertion"}`:                                       0,
		`{"type":"Assertion"}`: 0,
		`[]`:                   0,
		`{"badge":"x"}`:        0,
	} {
		if got := Version(parse(t, doc)); got != want {
			t.Errorf("%s: %d, want %d", doc, got, want)
		}
	}
}

const whole = `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://a.example/1","recipient":{"type":"email","hashed":true,"salt":"s","identity":"sha256$0"},` +
	`"badge":"https://a.example/b","verification":{"type":"hosted"},"issuedOn":"2026-01-01T00:00:00Z"}`

func TestReadAssertion(t *testing.T) {
	a := ReadAssertion(parse(t, whole))
	if a.Problem != "" || a.Way != Hosted || a.URL != a.ID || a.BadgeID != "https://a.example/b" || !a.Dated() || a.IssuedOn == nil || a.Revoked {
		t.Errorf("%+v", a)
	}
	tests := []struct{ old, new, problem string }{
		{`"id":"https://a.example/1",`, ``, "no id"},
		{`"id":"https://a.example/1"`, `"id":7`, "no id"},
		{`"type":"email",`, ``, "recipient"},
		{`"identity":"sha256$0"`, `"identity":""`, "recipient"},
		{`"hashed":true`, `"hashed":"true"`, "hashed"},
		{`"badge":"https://a.example/b",`, ``, "badge"},
		{`"badge":"https://a.example/b"`, `"badge":{"name":"x"}`, "badge"},
		{`"verification":{"type":"hosted"},`, ``, "verification"},
		{`,"issuedOn":"2026-01-01T00:00:00Z"`, ``, "issuedOn"},
	}
	for _, tt := range tests {
		doc := strings.Replace(whole, tt.old, tt.new, 1)
		if doc == whole {
			t.Fatal(tt.old)
		}
		if a := ReadAssertion(parse(t, doc)); !strings.Contains(a.Problem, tt.problem) || a.Problem == "" {
			t.Errorf("%s: %q", doc, a.Problem)
		}
	}
	if a := ReadAssertion(parse(t, strings.Replace(whole, "2026-01-01T00:00:00Z", "1450000000", 1))); a.Dated() {
		t.Error("a number of seconds was read as a date")
	}
	if a := ReadAssertion(parse(t, strings.Replace(whole, "00:00:00Z", "00:00:00", 1))); !a.Dated() || len(a.Slips) != 1 {
		t.Errorf("without a zone: %+v", a.Slips)
	}
	for revoked, want := range map[string]bool{"true": true, "false": false, "null": false, `"true"`: true, "1": true} {
		if a := ReadAssertion(parse(t, `{"id":"x:1","revoked":`+revoked+`}`)); a.Revoked != want || want != (a.Problem == "") {
			t.Errorf("revoked %s: %v, %s", revoked, a.Revoked, a.Problem)
		}
	}
	uid := ReadAssertion(parse(t, strings.NewReplacer(`"https://a.example/1"`, `"urn:uuid:1"`, `{"type":"hosted"}`, `{"type":"HostedBadge","url":"https://a.example/9"}`).Replace(whole)))
	if uid.URL != "https://a.example/9" {
		t.Errorf("lies at %q", uid.URL)
	}
}

func TestDiffers(t *testing.T) {
	a := ReadAssertion(parse(t, strings.Replace(whole, `"badge":"https://a.example/b"`, `"badge":{"id":"https://a.example/b","name":"B"},"narrative":"n"`, 1)))
	tests := []struct {
		doc          string
		core, others []string
	}{
		{whole, nil, []string{"narrative"}},
		{strings.Replace(whole, `"issuedOn"`, `"narrative":"n","image":"x","issuedOn"`, 1), nil, nil},
		{strings.Replace(whole, `00:00:00Z"`, `01:00:00+01:00","narrative":"m"`, 1), nil, []string{"narrative"}},
		{strings.Replace(whole, `"https://a.example/b"`, `{"id":"https://a.example/b","name":"C"},"narrative":"n"`, 1), nil, []string{"badge"}},
		{strings.Replace(whole, `a.example/1`, `a.example/2`, 1), []string{"id"}, []string{"narrative"}},
		{strings.Replace(whole, `a.example/b`, `a.example/c`, 1), []string{"badge"}, []string{"narrative"}},
		{strings.Replace(whole, `sha256$0`, `sha256$1`, 1), []string{"recipient"}, []string{"narrative"}},
		{strings.Replace(whole, `2026-01-01`, `2025-01-01`, 1), []string{"issuedOn"}, []string{"narrative"}},
		{strings.Replace(whole, `"issuedOn"`, `"expires":"2030-01-01T00:00:00Z","issuedOn"`, 1), []string{"expires"}, []string{"narrative"}},
	}
	for _, tt := range tests {
		core, others := a.Differs(ReadAssertion(parse(t, tt.doc)))
		if diff := cmp.Diff([][]string{tt.core, tt.others}, [][]string{core, others}); diff != "" {
			t.Errorf("%s\n%s", tt.doc, diff)
		}
	}
}

func TestHosts(t *testing.T) {
	tests := []struct {
		verification, address string
		want                  bool
	}{
		{``, "https://a.example/x/1", true},
		{``, "https://A.example:443/x/1", true},
		{``, "http://a.example/x/1", false},
		{``, "https://a.example:8443/x/1", false},
		{``, "https://b.a.example/1", false},
		{``, "https://a.example.evil.test/1", false},
		{``, "https://a.example@evil.test/1", false},
		{``, "urn:uuid:1", false},
		{`{"allowedOrigins":"b.example"}`, "https://b.example/1", true},
		{`{"allowedOrigins":["c.example","https://b.example"]}`, "https://b.example/1", true},
		{`{"allowedOrigins":["http://b.example"]}`, "https://b.example/1", false},
		{`{"allowedOrigins":"b.example"}`, "https://a.example/1", false},
		{`{"allowedOrigins":""}`, "https://a.example/1", false},
		{`{"startsWith":"https://b.example/badges/"}`, "https://b.example/badges/1", true},
		{`{"startsWith":["https://c.example/","https://b.example/badges/"]}`, "https://b.example/badges/1", true},
		{`{"startsWith":"https://b.example/badges/"}`, "https://b.example/users/1", false},
		{`{"startsWith":"https://b.example/badges/"}`, "https://b.example/badges/../users/eve/1", false},
		{`{"startsWith":"https://b.example/badges/"}`, "https://b.example/badges/%2e%2E/users/eve/1", false},
		{`{"startsWith":"https://b.example/badges/"}`, "https://b.example/badges/x%2f..%2F../users/eve/1", false},
		{`{"startsWith":"https://b.example/badges/"}`, "https://b.example/badges/..;a=b/users/eve/1", false},
		{`{"startsWith":"https://b.example/badges/"}`, "https://b.example/badges/..%5cusers/eve/1", false},
		{`{"startsWith":"https://b.example/badges/"}`, "https://b.example/badges/1..2/..3", true},
		{`{"startsWith":"https://b.example"}`, "https://b.example.evil.test/1", false},
		{`{"startsWith":"https"}`, "https://evil.test/1", false},
		{`{"startsWith":""}`, "https://evil.test/1", false},
		{`{"startsWith":"https://b.example/badges/","allowedOrigins":"c.example"}`, "https://b.example/badges/1", false},
		{`{"startsWith":"https://b.example/badges/","allowedOrigins":"b.example"}`, "https://b.example/badges/1", true},
	}
	for _, tt := range tests {
		doc := `{"type":"Issuer","id":"https://a.example/issuer"}`
		if tt.verification != "" {
			doc = strings.TrimSuffix(doc, "}") + `,"verification":` + tt.verification + "}"
		}
		p, ok := ReadProfile(parse(t, doc))
		if !ok || p.Hosts(tt.address) != tt.want {
			t.Errorf("%s hosts %s: %v", tt.verification, tt.address, !tt.want)
		}
	}
}

func TestIdentifies(t *testing.T) {
	sha, sum := sha256.Sum256([]byte("ada@example.orgsalt")), md5.Sum([]byte("ada@example.org"))
	for doc, want := range map[string][2]bool{
		fmt.Sprintf(`{"hashed":true,"salt":"salt","identity":"sha256$%x"}`, sha):                                         {true, true},
		fmt.Sprintf(`{"hashed":true,"salt":"salt","identity":"sha256$%s"}`, strings.ToUpper(hex.EncodeToString(sha[:]))): {true, true},
		fmt.Sprintf(`{"hashed":true,"salt":"pepper","identity":"sha256$%x"}`, sha):                                       {false, true},
		fmt.Sprintf(`{"hashed":true,"identity":"md5$%x"}`, sum):                                                          {true, true},
		`{"hashed":false,"identity":"ada@example.org"}`:                                                                  {true, true},
		`{"hashed":false,"identity":"Ada@example.org"}`:                                                                  {false, true},
		`{"hashed":true,"identity":"sha1$00"}`:                                                                           {false, false},
		`{"hashed":true,"identity":"ada@example.org"}`:                                                                   {false, false},
		`{"identity":"ada@example.org"}`:                                                                                 {false, false},
		`{}`:                                                                                                             {false, false},
	} {
		same, understood := Identifies(parse(t, doc), "ada@example.org")
		if same != want[0] || understood != want[1] {
			t.Errorf("%s: %v %v", doc, same, understood)
		}
	}
}

func TestRevoked(t *testing.T) {
	a := &Assertion{ID: "urn:uuid:1", UID: "u1"}
	for doc, want := range map[string]struct {
		found, odd bool
		reason     string
	}{
		`{"revokedAssertions":["urn:uuid:2","urn:uuid:1"]}`:                        {true, false, ""},
		`{"revokedAssertions":[{"id":"urn:uuid:1","revocationReason":"cheated"}]}`: {true, false, "cheated"},
		`{"revokedAssertions":[{"uid":"u1"}]}`:                                     {true, false, ""},
		`{"revokedAssertions":["urn%3Auuid:1 "]}`:                                  {true, false, ""},
		`{"revokedAssertions":["urn:uuid:2"]}`:                                     {false, false, ""},
		`{"revokedAssertions":[]}`:                                                 {false, false, ""},
		`{}`:                                                                       {false, false, ""},
		`{"revokedAssertions":[7]}`:                                                {false, true, ""},
		`{"revokedAssertions":[{"reason":"x"}]}`:                                   {false, true, ""},
		`{"revokedAssertions":{"urn:uuid:1":"cheated"}}`:                           {false, true, ""},
	} {
		found, reason, odd := Revoked(parse(t, doc), a)
		if found != want.found || reason != want.reason || odd != want.odd {
			t.Errorf("%s: %v %q %v", doc, found, reason, odd)
		}
	}
}

// TestParseKey holds our reader of keys against the standard library's.
func TestParseKey(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	info, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	alone := x509.MarshalPKCS1PublicKey(&key.PublicKey)
	armor := func(label string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
	}
	good := armor("PUBLIC KEY", info)
	// A modulus of 129 bytes and an exponent, with lengths that take more bytes
	// than they need (X.690 §10.1).
	modulus := append(append([]byte{0, 0x80}, make([]byte, 126)...), 1)
	numbers := func(n, e []byte) string {
		body := slices.Concat([]byte{2}, n, modulus, []byte{2}, e, []byte{1, 0, 1})
		return armor("RSA PUBLIC KEY", append([]byte{0x30, 0x81, byte(len(body))}, body...))
	}
	if _, err := ParseKey(numbers([]byte{0x81, 129}, []byte{3})); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"info": good, "alone": armor("RSA PUBLIC KEY", alone), "CRLF": strings.ReplaceAll(good, "\n", "\r\n"),
		"one line": "-----BEGIN PUBLIC KEY-----" + strings.Join(strings.Fields(strings.TrimSuffix(strings.TrimPrefix(good, "-----BEGIN PUBLIC KEY-----"), "-----END PUBLIC KEY-----\n")), "") + "-----END PUBLIC KEY-----",
	} {
		got, err := ParseKey(text)
		if err != nil || !got.Equal(&key.PublicKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "no armour": strings.Trim(good, "-"), "wrong label": armor("CERTIFICATE", info), "info under the other label": armor("RSA PUBLIC KEY", info),
		"alone under the other label": armor("PUBLIC KEY", alone), "cut": armor("PUBLIC KEY", info[:len(info)-1]), "more": armor("PUBLIC KEY", append(info[:len(info):len(info)], 0)),
		"a length in two bytes for one": numbers([]byte{0x82, 0, 129}, []byte{3}), "a length in two for none": numbers([]byte{0x81, 129}, []byte{0x81, 3}),
		"two": good + good, "a text before": "x" + good, "not base64": strings.Replace(good, "M", "%", 1),
	} {
		if _, err := ParseKey(text); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

// Whatever ours takes, the standard library takes as the same key.
func FuzzParseKey(f *testing.F) {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		f.Fatal(err)
	}
	info, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(info, true)
	f.Add(x509.MarshalPKCS1PublicKey(&key.PublicKey), false)
	f.Fuzz(func(t *testing.T, der []byte, whole bool) {
		label := "RSA PUBLIC KEY"
		if whole {
			label = "PUBLIC KEY"
		}
		got, err := ParseKey(string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})))
		if err != nil {
			return
		}
		var want any
		if want, err = x509.ParsePKCS1PublicKey(der); whole {
			want, err = x509.ParsePKIXPublicKey(der)
		}
		if err != nil || !got.Equal(want.(*rsa.PublicKey)) {
			t.Errorf("%x: %v", der, err)
		}
	})
}

// Any document is read without harm.
func FuzzRead(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(`{"type":"Issuer","id":"https://a.example","publicKey":[{"id":"x"}],"verification":{"startsWith":["https://a.example"]}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		v, err := strictjson.Parse(doc)
		if err != nil {
			return
		}
		a := ReadAssertion(v)
		a.Differs(a)
		Version(v)
		Revoked(v, a)
		if c, ok := ReadBadgeClass(v); ok != (c != nil && c.IssuerID != "") {
			t.Error("a class without an issuer")
		}
		if p, ok := ReadProfile(v); ok {
			p.Hosts(a.URL)
		}
	})
}
