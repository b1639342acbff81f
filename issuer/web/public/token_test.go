package public_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store/storetest"
	"hallmark/verifier/vcjose"
	"hallmark/verifier/verifiertest"
)

const secureBase = "https://badges.example.org"

// check hands a token to the verify endpoint and gives the report.
func check(t *testing.T, s *issuertest.Service, token []byte) (verdict, checks string) {
	t.Helper()
	var report struct {
		Verdict string
		Checks  []struct{ Name, Outcome, Reason string }
	}
	s.Send(t, "nobody", "POST", "/api/verify", string(token), "Content-Type", "application/vc+jwt").Want(t, 200).JSON(t, &report)
	var b strings.Builder
	for _, c := range report.Checks[:5] {
		b.WriteString(c.Name + " " + c.Outcome + ": " + c.Reason + "\n")
	}
	return report.Verdict, b.String()
}

// TestToken: the token of Open Badges 3.0 §8.2.
func TestToken(t *testing.T) {
	tests := []struct {
		name string
		o    issuertest.Options
		alg  string
	}{
		{"web", issuertest.Options{Base: secureBase}, "RS256"},
		{"web on PostgreSQL", issuertest.Options{Base: secureBase}, "RS256"},
		{"trial", issuertest.Options{}, "EdDSA"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if strings.Contains(test.name, "PostgreSQL") {
				test.o.DSN = storetest.Postgres(t)
			}
			s := issuertest.New(t, test.o)
			path := "/v/" + string(completed(t, s))
			text := askedAtOnce(t, s, path+".jwt")
			token, err := vcjose.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			signed := get(t, s, path+".json").Want(t, 200).Body
			holdHeader(t, s, token, test.alg)
			holdClaims(t, token.Payload, signed)
			if verdict, checks := check(t, s, text); verdict != "verified" {
				t.Errorf("%s:\n%s", verdict, checks)
			}
			if _, err := s.Registrar.RevokeCredential(t.Context(), issuer.Caller{System: "test"}, issuer.CredentialID(path[3:]), registrar.StatusChange{Code: "issued-in-error"}); err != nil {
				t.Fatal(err)
			}
			s.Publish(t)
			if again := get(t, s, path+".jwt").Want(t, 200).Body; !bytes.Equal(again, text) {
				t.Error("other bytes after it was revoked")
			}
			if verdict, checks := check(t, s, text); verdict != "refused" || !strings.Contains(checks, "status refused") {
				t.Errorf("revoked: %s:\n%s", verdict, checks)
			}
		})
	}
}

// askedAtOnce has many ask for what is not made yet; all get the same.
func askedAtOnce(t *testing.T, s *issuertest.Service, path string) []byte {
	t.Helper()
	answers := make([]*issuertest.Answer, 6)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = get(t, s, path) })
	}
	wg.Wait()
	for _, a := range answers {
		if a.Want(t, 200); !bytes.Equal(a.Body, answers[0].Body) {
			t.Error("two tokens for one badge")
		}
	}
	return answers[0].Body
}

func holdHeader(t *testing.T, s *issuertest.Service, token *vcjose.Token, alg string) {
	t.Helper()
	var header map[string]string
	if err := json.Unmarshal(token.Header.Append(nil), &header); err != nil {
		t.Fatal(err)
	}
	if len(header) != 3 || header["alg"] != alg || header["typ"] != "JWT" {
		t.Errorf("header %v", header)
	}
	address, web := strings.CutPrefix(header["kid"], s.URL+"/keys/")
	if !web {
		if header["kid"] != s.Issuer.DID+"#"+strings.TrimPrefix(s.Issuer.DID, "did:key:") {
			t.Errorf("kid %s", header["kid"])
		}
		return
	}
	key := get(t, s, "/keys/"+address).Want(t, 200)
	var jwk map[string]string
	if key.JSON(t, &jwk); jwk["kty"] != "RSA" || jwk["d"] != "" || jwk["iss"] != s.Issuer.DID {
		t.Errorf("key %s", key.Body)
	}
	did := get(t, s, "/.well-known/did.json").Want(t, 200).Body
	if !strings.Contains(string(did), `"`+s.Issuer.DID+"#"+address+`"]`) && !strings.Contains(string(did), `"`+s.Issuer.DID+"#"+address+`",`) {
		t.Errorf("did.json lacks the key: %s", did)
	}
}

// holdClaims holds the payload against the badge: all of it but its proof, and
// the claims that repeat it.
func holdClaims(t *testing.T, payload, signed []byte) {
	t.Helper()
	var claims, badge map[string]json.RawMessage
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(signed, &badge); err != nil {
		t.Fatal(err)
	}
	var from time.Time
	var issuedBy, subject struct{ ID string }
	for name, into := range map[string]any{"validFrom": &from, "issuer": &issuedBy, "credentialSubject": &subject} {
		if err := json.Unmarshal(badge[name], into); err != nil {
			t.Fatal(err)
		}
	}
	nbf, _ := json.Marshal(from.Unix())
	want := map[string]string{"iss": `"` + issuedBy.ID + `"`, "jti": string(badge["id"]), "sub": `"` + subject.ID + `"`, "nbf": string(nbf)}
	for name, value := range want {
		if string(claims[name]) != value {
			t.Errorf("%s is %s, want %s", name, claims[name], value)
		}
		delete(claims, name)
	}
	if _, bounded := badge["validUntil"]; bounded != (claims["exp"] != nil) {
		t.Errorf("exp %s", claims["exp"])
	}
	delete(claims, "exp")
	delete(badge, "proof")
	for name := range badge {
		if !bytes.Equal(claims[name], badge[name]) {
			t.Errorf("%s is %s, want %s", name, claims[name], badge[name])
		}
	}
	if len(claims) != len(badge) {
		t.Errorf("%d members, want %d", len(claims), len(badge))
	}
}

// TestEnvelope: vc+jwt for who asks for it, the same bytes every time.
func TestEnvelope(t *testing.T) {
	for _, base := range []string{secureBase, ""} {
		s := issuertest.New(t, issuertest.Options{Base: base})
		path := "/v/" + string(completed(t, s))
		a := get(t, s, path, "Accept", "application/vc+jwt").Want(t, 200)
		if again := get(t, s, path, "Accept", "application/vc+jwt").Want(t, 200); !bytes.Equal(a.Body, again.Body) || a.Header.Get("ETag") == "" {
			t.Error("other bytes")
		}
		token, err := vcjose.Parse(a.Body)
		if err != nil || token.Type != "vc+jwt" || token.Alg != "EdDSA" {
			t.Fatalf("%+v, %v", token, err)
		}
		if verdict, checks := check(t, s, a.Body); verdict != "verified" {
			t.Errorf("%s:\n%s", verdict, checks)
		}
	}
}

// TestTokenOfStolenKey: a badge whose key was given up gets no new signature, and
// a token signed with a stolen key is refused.
func TestTokenOfStolenKey(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{Base: secureBase})
	keeper := issuer.Caller{System: "keys"}
	path := "/v/" + string(completed(t, s))
	token := get(t, s, path+".jwt").Want(t, 200).Body
	steal := func(algorithm string) {
		t.Helper()
		keys, err := s.Registrar.Keys(t.Context(), keeper)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if k.Purpose != keyring.PurposeCredential || k.Algorithm != algorithm || k.State != issuer.KeyActive {
				continue
			}
			if _, err := s.Registrar.ReplaceKey(t.Context(), keeper, k.ID); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Registrar.CompromiseKey(t.Context(), keeper, k.ID, time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Ring.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	steal(keyring.RSA2048)
	if verdict, checks := check(t, s, token); verdict != "refused" || !strings.Contains(checks, "issuer refused") {
		t.Errorf("%s:\n%s", verdict, checks)
	}
	steal(keyring.Ed25519)
	get(t, s, path, "Accept", "application/vc+jwt").Want(t, 404)
	if again := get(t, s, path+".jwt").Want(t, 200).Body; !bytes.Equal(again, token) {
		t.Error("other bytes")
	}
	r, err := s.Registrar.RecordCompletion(t.Context(), issuer.Caller{System: "test"}, registrar.NewCompletion{
		Person: registrar.PersonRef{ID: s.People["other"]}, Module: "M1"})
	if err != nil {
		t.Fatal(err)
	}
	fresh := get(t, s, "/v/"+string(r.Credentials[0].ID)+".jwt").Want(t, 200).Body
	if verdict, checks := check(t, s, fresh); verdict != "verified" {
		t.Errorf("%s:\n%s", verdict, checks)
	}
}

// TestTokenByOthers has the library jose read our tokens, which knows of us only
// what lies at the address of the key.
func TestTokenByOthers(t *testing.T) {
	npm := verifiertest.NPM(t, "jose", "@digitalbazaar/ed25519-multikey")
	var requests []any
	for _, base := range []string{secureBase, ""} {
		s := issuertest.New(t, issuertest.Options{Base: base})
		good := string(get(t, s, "/v/"+string(completed(t, s))+".jwt").Want(t, 200).Body)
		token, err := vcjose.Parse([]byte(good))
		if err != nil {
			t.Fatal(err)
		}
		documents := map[string]json.RawMessage{}
		if path, ours := strings.CutPrefix(token.KeyID, s.URL); ours {
			documents[token.KeyID] = get(t, s, path).Want(t, 200).Body
		}
		head, rest, _ := strings.Cut(good, ".")
		_, signature, _ := strings.Cut(rest, ".")
		forged := bytes.Replace(token.Payload, []byte("Saws"), []byte("Gold"), 1)
		for _, text := range []string{good, head + "." + base64.RawURLEncoding.EncodeToString(forged) + "." + signature} {
			requests = append(requests, map[string]any{"token": text, "documents": documents})
		}
	}
	type answer struct {
		Verified bool
		Error    string
	}
	for i, a := range verifiertest.Ask[answer](t, npm, "token.mjs", nil, requests...) {
		if genuine := i%2 == 0; a.Verified != genuine {
			t.Errorf("token %d: %+v", i, a)
		}
	}
}
