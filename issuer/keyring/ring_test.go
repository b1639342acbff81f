package keyring

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
)

var at = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// table is a table of keys in memory, with the one rule of the real one that
// the ring counts on: one active key of a purpose and algorithm.
type table struct {
	did    string
	rows   []issuer.Key
	broken error
}

func (t *table) Keys() ([]issuer.Key, error) { return append([]issuer.Key(nil), t.rows...), nil }

func (t *table) AddKeyOnce(k *issuer.Key) (bool, error) {
	for _, have := range t.rows {
		if have.Purpose == k.Purpose && have.Algorithm == k.Algorithm && have.State == issuer.KeyActive {
			return false, nil
		}
	}
	t.rows = append(t.rows, *k)
	return true, nil
}

func (t *table) load(context.Context) (string, []issuer.Key, error) {
	rows, _ := t.Keys()
	return t.did, rows, t.broken
}

// of finds the one key for a purpose.
func (t *table) of(purpose string) *issuer.Key {
	return &t.rows[slices.IndexFunc(t.rows, func(k issuer.Key) bool { return k.Purpose == purpose })]
}

// started gives a ring after the first start on a base URL.
func started(t *testing.T, baseURL string) (*Ring, *table) {
	t.Helper()
	rows := &table{}
	r, err := Open(t.Context(), Config{Load: rows.load, SealingKey: bytes.Repeat([]byte{7}, 32), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	name, err := r.EnsureKeys(rows, &issuer.Issuer{ID: "I", BaseURL: baseURL}, MethodByURL, at)
	if err != nil {
		t.Fatal(err)
	}
	rows.did = name
	return r, rows
}

func TestName(t *testing.T) {
	tests := []struct{ url, want string }{
		{"https://badges.example.org", "did:web:badges.example.org"},
		{"https://Badges.Example.org/", "did:web:badges.example.org"},
		{"https://badges.example.org:443", "did:web:badges.example.org"},
		{"https://badges.example.org:8443", "did:web:badges.example.org%3A8443"},
		{"https://example.org/badges/eu", "did:web:example.org:badges:eu"},
		{"http://badges.example.org", ""},
		{"https://localhost", ""},
		{"https://a.localhost", ""},
		{"https://127.0.0.1", ""},
		{"https://[::1]:8443", ""},
		{"http://127.0.0.1:8080", ""},
		{"https://user@example.org", ""},
		{"https://example.org?x=1", ""},
		{"://", ""},
	}
	for _, test := range tests {
		if got := WebDID(test.url); got != test.want {
			t.Errorf("WebDID(%q) = %q, want %q", test.url, got, test.want)
		}
	}
}

func TestNotSetUp(t *testing.T) {
	r, err := Open(t.Context(), Config{Load: (&table{}).load, SealingKey: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.SignCredential([]byte(`{}`), at); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("signing before the first start: %v", err)
	}
	if _, err := r.DIDDocument(); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("document before the first start: %v", err)
	}
}

const unsigned = `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":"urn:x:i","credentialSubject":{"id":"urn:x:s"}}`

func TestSign(t *testing.T) {
	for _, base := range []string{"https://badges.example.org", "http://127.0.0.1:8080"} {
		t.Run(base, func(t *testing.T) {
			r, rows := started(t, base)
			doc, err := r.VerifierDocument()
			if err != nil {
				t.Fatal(err)
			}
			if want := base == "http://127.0.0.1:8080"; r.Trial() != want {
				t.Errorf("Trial() = %v", r.Trial())
			}
			signed, kid, err := r.SignCredential([]byte(unsigned), at)
			if err != nil {
				t.Fatal(err)
			}
			checkProof(t, doc, signed, strictjson.Array)
			if !doc.Asserts(doc.ID + "#" + string(kid)) {
				t.Errorf("%s is not listed", kid)
			}
			if _, err := r.SignStatusList([]byte(unsigned), at); err == nil {
				t.Error("a list of another issuer was signed")
			}
			list, err := r.SignStatusList([]byte(strings.Replace(unsigned, "urn:x:i", r.DID(), 1)), at)
			if err != nil {
				t.Fatal(err)
			}
			checkProof(t, doc, list, strictjson.Object)
			if want := map[bool]int{true: 4, false: 6}[r.Trial()]; len(rows.rows) != want {
				t.Errorf("%d keys, want %d", len(rows.rows), want)
			}
		})
	}
}

func checkProof(t *testing.T, doc *did.Document, signed []byte, kind strictjson.Kind) {
	t.Helper()
	v, err := strictjson.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	if v.Get("proof").Kind != kind {
		t.Errorf("proof is of kind %v, want %v", v.Get("proof").Kind, kind)
	}
	results := dataintegrity.Verify(t.Context(), v, func(_ context.Context, id string) (*did.Method, error) {
		return doc.Method(id), nil
	}, dataintegrity.Expect{Now: at})
	if len(results) != 1 || results[0].State != dataintegrity.Good {
		t.Errorf("proof: %+v", results)
	}
}

func TestPublished(t *testing.T) {
	r, rows := started(t, "https://badges.example.org")
	_, session, err := r.TokenSigner()
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows.rows {
		if rows.rows[i].Purpose == PurposeStatus {
			rows.rows[i].State, rows.rows[i].CompromisedAt = issuer.KeyCompromised, &at
		}
	}
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	credential, status, slips, staples := string(rows.rows[0].ID), string(rows.rows[2].ID), string(rows.rows[4].ID), string(rows.rows[5].ID)
	const me = "did:web:badges.example.org"
	raw, err := r.DIDDocument()
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`{"@context":["https://www.w3.org/ns/did/v1","https://w3id.org/security/multikey/v1"],"id":"%[1]s","verificationMethod":[`+
		`{"id":"%[1]s#%[2]s","type":"Multikey","controller":"%[1]s","publicKeyMultibase":"%[2]s"},`+
		`{"id":"%[1]s#%[3]s","type":"Multikey","controller":"%[1]s","revoked":"2026-11-21T09:00:00Z","publicKeyMultibase":"%[3]s"},`+
		`{"id":"%[1]s#%[4]s","type":"Multikey","controller":"%[1]s","publicKeyMultibase":"%[4]s"},`+
		`{"id":"%[1]s#%[5]s","type":"Multikey","controller":"%[1]s","publicKeyMultibase":"%[5]s"}],`+
		`"assertionMethod":["%[1]s#%[2]s"]}`, me, credential, status, slips, staples)
	if diff := cmp.Diff(want, string(raw)); diff != "" {
		t.Errorf("did.json (-want +got):\n%s", diff)
	}
	set, err := r.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	public, err := did.DecodeMultikey(credential)
	if err != nil {
		t.Fatal(err)
	}
	x := base64.RawURLEncoding.EncodeToString(public.(ed25519.PublicKey))
	one := fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":"%s","alg":"EdDSA","use":"sig","kid":"%s","iss":"%s"}`, x, credential, me)
	if diff := cmp.Diff(`{"keys":[`+one+`]}`, string(set)); diff != "" {
		t.Errorf("jwks.json (-want +got):\n%s", diff)
	}
	if got, err := r.JWK(issuer.KeyID(credential)); err != nil || string(got) != one {
		t.Errorf("JWK = %s, %v", got, err)
	}
	for _, hidden := range []string{status, slips, staples, string(session), "z6MkNo"} {
		if _, err := r.JWK(issuer.KeyID(hidden)); !errors.Is(err, issuer.NotFound) {
			t.Errorf("JWK(%s): %v", hidden, err)
		}
	}
	if bytes.Contains(raw, []byte(session)) || bytes.Contains(set, []byte(session)) {
		t.Error("the session key is published")
	}
	if _, err := r.SignStatusList([]byte(unsigned), at); err == nil {
		t.Error("a compromised key signed")
	}
}

func TestNewRowsCount(t *testing.T) {
	r, rows := started(t, "https://badges.example.org")
	_, old, err := r.SignCredential([]byte(unsigned), at)
	if err != nil {
		t.Fatal(err)
	}
	rows.rows[0].State, rows.rows[0].RetiredAt = issuer.KeyRetired, &at
	next, err := r.newKey("I", PurposeCredential, at)
	if err != nil {
		t.Fatal(err)
	}
	rows.rows = append(rows.rows, *next)
	deadline := time.Now().Add(time.Second)
	for {
		signed, kid, err := r.SignCredential([]byte(unsigned), at)
		if err != nil {
			t.Fatal(err)
		}
		if kid == next.ID {
			doc, err := r.VerifierDocument()
			if err != nil {
				t.Fatal(err)
			}
			checkProof(t, doc, signed, strictjson.Array)
			if !doc.Asserts(doc.ID + "#" + string(old)) {
				t.Error("a retired key is not listed any more")
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the new key did not count within a second")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestLastGoodKeysWhileRowsAreAway(t *testing.T) {
	r, rows := started(t, "https://badges.example.org")
	if r.DID() == "" {
		t.Fatal("no name")
	}
	rows.broken = errors.New("down")
	time.Sleep(stale + 50*time.Millisecond)
	if _, _, err := r.SignCredential([]byte(unsigned), at); err != nil {
		t.Error(err)
	}
	if _, err := r.DIDDocument(); err != nil {
		t.Error(err)
	}
}

func TestWrongSealingKey(t *testing.T) {
	_, rows := started(t, "https://badges.example.org")
	_, err := Open(t.Context(), Config{Load: rows.load, SealingKey: make([]byte, 32)})
	if !errors.Is(err, ErrSealed) {
		t.Errorf("wrong sealing key: %v", err)
	}
	if _, err := Open(t.Context(), Config{Load: rows.load, SealingKey: make([]byte, 16)}); err == nil {
		t.Error("a short sealing key was taken")
	}
	rows.rows[0].Sealed, rows.rows[1].Sealed = rows.rows[1].Sealed, rows.rows[0].Sealed
	if _, err := Open(t.Context(), Config{Load: rows.load, SealingKey: bytes.Repeat([]byte{7}, 32)}); err == nil {
		t.Error("swapped private keys were taken")
	}
}

// TestNothingPrivateComesOut prints, logs and encodes everything the ring
// gives away and looks for the keys in each spelling.
func TestNothingPrivateComesOut(t *testing.T) {
	r, rows := started(t, "https://badges.example.org")
	s, _, err := r.TokenSigner()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, v := range []any{s, r, *r.view.Load(), struct{ Key any }{s}, []any{s}, rows.rows} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		if b, err := json.Marshal(v); err == nil {
			out.Write(b)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
	}
	_, err = Open(t.Context(), Config{Load: rows.load, SealingKey: make([]byte, 32)})
	fmt.Fprintln(&out, err)
	if got := fmt.Sprintf("%v %x %#v", s, s, s); got != "sealed sealed sealed" {
		t.Errorf("a signer prints as %s", got)
	}
	for id, key := range r.view.Load().signers {
		for _, form := range spellings(secretFor(t, key)) {
			if strings.Contains(out.String(), form) {
				t.Errorf("key %s came out", id)
			}
		}
	}
	for _, form := range spellings(bytes.Repeat([]byte{7}, 32)) {
		if strings.Contains(out.String(), form) {
			t.Errorf("the sealing key came out as %q", form)
		}
	}
}

func spellings(secret []byte) []string {
	return []string{string(secret), hex.EncodeToString(secret), strings.ToUpper(hex.EncodeToString(secret)),
		base64.StdEncoding.EncodeToString(secret)[:40], base64.RawURLEncoding.EncodeToString(secret)[:40],
		strings.Trim(fmt.Sprint(secret), "[]"), strings.Trim(fmt.Sprintf("%#v", secret), "[]byte{}")}
}

func secretFor(t *testing.T, key signer) []byte {
	t.Helper()
	secret, err := secretOf(key.private())
	if err != nil {
		t.Fatal(err)
	}
	return secret
}
