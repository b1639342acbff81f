package keyring

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/did"
	"hallmark/verifier/vcjose"
)

// rsaKey makes one RSA key for all tests: it takes long.
var rsaKey = sync.OnceValue(func() *issuer.Key {
	r := &Ring{sealing: func() []byte { return bytes.Repeat([]byte{7}, 32) }}
	k, err := r.Plan(PurposeCredential, RSA2048)
	if err != nil {
		panic(err)
	}
	k.IssuerID, k.CreatedAt = "I", at
	return k
})

const ourBase = "https://badges.example.org"

const badge = `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"https://badges.example.org/v/A","type":["VerifiableCredential"],` +
	`"issuer":"did:web:badges.example.org","validFrom":"2026-11-21T09:00:00Z","credentialSubject":{"id":"urn:x:s"}}`

// put adds a key in a state.
func (t *table) put(k issuer.Key, state issuer.KeyState) {
	k.State = state
	if state != issuer.KeyPlanned {
		k.ActiveAt = &at
	}
	if state == issuer.KeyCompromised {
		k.CompromisedAt = &at
	}
	t.rows = slices.DeleteFunc(t.rows, func(have issuer.Key) bool { return have.ID == k.ID })
	t.rows = append(t.rows, k)
}

func TestTokenKeys(t *testing.T) {
	r, rows := started(t, ourBase)
	if _, _, err := r.SignBadgeToken([]byte(badge), ourBase); !errors.Is(err, ErrNoTokenKey) || !r.needsTokenKey() {
		t.Fatalf("without a key: %v", err)
	}
	p256, err := r.Plan(PurposeCredential, P256)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		key *issuer.Key
		alg string
	}{{rsaKey(), "RS256"}, {p256, "ES256"}} {
		rows.put(*test.key, issuer.KeyActive)
		if err := r.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		signed, kid, err := r.SignBadgeToken([]byte(badge), ourBase)
		if err != nil || kid != test.key.ID {
			t.Fatalf("%s, %v", kid, err)
		}
		token, err := vcjose.Parse([]byte(signed))
		if err != nil || token.Alg != test.alg || token.Type != "jwt" || token.KeyID != ourBase+"/keys/"+string(kid) {
			t.Fatalf("%+v, %v", token, err)
		}
		set, err := r.VerifierKey(kid)
		if err != nil || !set.Bare || set.Keys[0].Alg != test.alg || set.Keys[0].Issuer != "did:web:badges.example.org" {
			t.Fatalf("%+v, %v", set, err)
		}
		if err := token.Verify(set.Keys[0].Key); err != nil {
			t.Error(err)
		}
		doc, err := r.VerifierDocument()
		if err != nil {
			t.Fatal(err)
		}
		m := doc.Method(doc.ID + "#" + string(kid))
		if m == nil || m.Key == nil || !doc.Asserts(m.ID) || token.Verify(m.Key) != nil {
			t.Errorf("%s is not listed as it should be: %+v", kid, m)
		}
		if r.needsTokenKey() {
			t.Error("a key is still wanting")
		}
		rows.put(*test.key, issuer.KeyRetired)
	}
}

// TestTrialToken: the one key signs tokens too, and names itself.
func TestTrialToken(t *testing.T) {
	r, _ := started(t, "http://127.0.0.1:8080")
	signed, kid, err := r.SignBadgeToken([]byte(strings.Replace(badge, "did:web:badges.example.org", r.DID(), 1)), "http://127.0.0.1:8080")
	if err != nil {
		t.Fatal(err)
	}
	token, err := vcjose.Parse([]byte(signed))
	if err != nil || token.Alg != "EdDSA" || token.KeyID != r.DID()+"#"+string(kid) || r.needsTokenKey() {
		t.Fatalf("%+v, %v", token, err)
	}
	if _, err := r.Succeeds(PurposeCredential, Ed25519); !errors.Is(err, ErrTrial) {
		t.Errorf("the key can be replaced: %v", err)
	}
}

// TestEnvelope: the same bytes every time, by the key for credentials.
func TestEnvelope(t *testing.T) {
	r, _ := started(t, ourBase)
	one, err := r.SignEnvelope([]byte(badge))
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.SignEnvelope([]byte(badge))
	if err != nil || one != again {
		t.Errorf("another token, %v", err)
	}
	token, err := vcjose.Parse([]byte(one))
	if err != nil || token.Type != "vc+jwt" || string(token.Payload) != badge {
		t.Fatalf("%+v, %v", token, err)
	}
	doc, err := r.VerifierDocument()
	if err != nil {
		t.Fatal(err)
	}
	if m := doc.Method(token.KeyID); m == nil || token.Verify(m.Key) != nil {
		t.Errorf("the key %s does not fit", token.KeyID)
	}
}

// TestLife: what documents show of a key in each of its states.
func TestLife(t *testing.T) {
	r, rows := started(t, ourBase)
	key := rsaKey()
	dropped := *key
	dropped.State = issuer.KeyRetired // planned, and never active
	tests := []struct {
		name                    string
		row                     *issuer.Key
		state                   issuer.KeyState
		listed, asserts, served bool
	}{
		{"planned", key, issuer.KeyPlanned, true, true, true},
		{"active", key, issuer.KeyActive, true, true, true},
		{"retired", key, issuer.KeyRetired, true, true, true},
		{"compromised", key, issuer.KeyCompromised, true, false, false},
		{"dropped", &dropped, "", false, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rows.put(*test.row, test.state)
			if test.state == "" {
				rows.rows[len(rows.rows)-1] = *test.row
			}
			if err := r.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			doc, err := r.VerifierDocument()
			if err != nil {
				t.Fatal(err)
			}
			m := doc.Method(doc.ID + "#" + string(key.ID))
			if (m != nil) != test.listed || test.listed && doc.Asserts(m.ID) != test.asserts {
				t.Errorf("method %+v, asserts %v", m, doc.Assertion)
			}
			revoked := test.state == issuer.KeyCompromised
			if m != nil && (m.Revoked != nil) != revoked {
				t.Errorf("revoked %v", m.Revoked)
			}
			set, err := r.JWKS()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.JWK(key.ID); (err == nil) != test.served || strings.Contains(string(set), string(key.ID)) != test.served {
				t.Errorf("served: %v, %s", err, set)
			}
			if set, err := r.VerifierKey(key.ID); revoked && (err != nil || set.Keys[0].Revoked == nil || !set.Keys[0].Revoked.Equal(at)) {
				t.Errorf("our verifier is told %+v, %v", set, err)
			}
			if got, err := r.State(key.ID); err != nil || test.state != "" && got != test.state {
				t.Errorf("state %s, %v", got, err)
			}
		})
	}
}

func TestSucceeds(t *testing.T) {
	r, _ := started(t, ourBase)
	for _, bad := range [][2]string{{"cheese", Ed25519}, {PurposeCredential, "RSA-1024"}, {PurposeLog, RSA2048}, {"", ""}} {
		if _, err := r.Succeeds(bad[0], bad[1]); !errors.Is(err, issuer.Invalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	same, err := r.Succeeds(PurposeCredential, P256)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		purpose, algorithm string
		want               bool
	}{{PurposeCredential, RSA2048, true}, {PurposeCredential, P256, true}, {PurposeCredential, Ed25519, false}, {PurposeStatus, P256, false}} {
		if got := same(&issuer.Key{Purpose: k.purpose, Algorithm: k.algorithm}); got != k.want {
			t.Errorf("%+v: %v", k, got)
		}
	}
}

// TestRSAStaysSealed looks for the primes of an RSA key in what the ring gives
// away, in each spelling.
func TestRSAStaysSealed(t *testing.T) {
	r, rows := started(t, ourBase)
	rows.put(*rsaKey(), issuer.KeyActive)
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, s, err := r.view.Load().token()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, v := range []any{s, r, *r.view.Load(), rows.rows} {
		fmt.Fprintf(&out, "%v %+v %#v %s %x\n", v, v, v, v, v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
	}
	for _, read := range []func() ([]byte, error){r.DIDDocument, r.JWKS} {
		doc, err := read()
		if err != nil {
			t.Fatal(err)
		}
		out.Write(doc)
	}
	private := s.private().(*rsa.PrivateKey)
	if !strings.Contains(out.String(), base64.RawURLEncoding.EncodeToString(private.N.Bytes())) {
		t.Fatal("not even the modulus was found: the search finds nothing")
	}
	for _, secret := range [][]byte{private.Primes[0].Bytes(), private.Primes[1].Bytes(), private.D.Bytes(), secretFor(t, s)} {
		for _, form := range append(spellings(secret), private.Primes[0].String(), private.D.String()) {
			if strings.Contains(out.String(), form) {
				t.Error("a secret came out")
			}
		}
	}
	if _, err := unseal("key", RSA2048, rsaKey().Public, rows.rows[0].Sealed, r.sealing()); err == nil {
		t.Error("a key of another algorithm was taken")
	}
}

// A key that is published before it signs is known to whoever asks meanwhile.
func TestPlannedSignsNothing(t *testing.T) {
	r, rows := started(t, ourBase)
	k, err := r.Plan(PurposeCredential, Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	rows.put(*k, issuer.KeyPlanned)
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, kid, err := r.SignCredential([]byte(unsigned), at.Add(time.Hour)); err != nil || kid == k.ID {
		t.Errorf("%s signed, %v", kid, err)
	}
	if _, err := did.DecodeMultikey(k.Public); err != nil {
		t.Error(err)
	}
}
