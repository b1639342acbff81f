package verifier_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/ob2"
	"hallmark/verifier/ob3"
)

const (
	oldHost      = "https://old.example.org"
	oldAssertion = oldHost + "/assertions/1"
	oldClass     = oldHost + "/classes/robotics"
	oldIssuer    = oldHost + "/issuer"
	oldKey       = oldHost + "/key"
	oldList      = oldHost + "/revoked"
	oldUUID      = "urn:uuid:91537dba-56cb-11ec-bf63-0242ac130002"

	older       = "Open Badges 2.0, an older kind of badge"
	olderGood   = "Issuer not known to us. Genuine and current (" + older + "): “Robotics”, issued by “Old Academy” (old.example.org) on 2020-06-01"
	olderForged = "Not genuine (" + older + "): "
)

// web is what lies where on the web of older badges. gone answers 410.
type oldWeb struct {
	docs  map[string]string
	gone  map[string]bool
	asked []string
}

func (w *oldWeb) LegacyDocument(_ context.Context, url string) ([]byte, error) {
	w.asked = append(w.asked, url)
	if w.gone[url] {
		return nil, fmt.Errorf("%w: 410", ob2.ErrGone)
	}
	if doc, ok := w.docs[url]; ok {
		return []byte(doc), nil
	}
	return nil, errors.New("old.example.org has no document there (it answered 404).")
}

func (w *oldWeb) verifier() *verifier.Verifier {
	return &verifier.Verifier{Legacy: w, Now: func() time.Time { return today }}
}

func publicPEM(key *rsa.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func newOldWeb(t testing.TB) *oldWeb {
	t.Helper()
	return &oldWeb{gone: map[string]bool{}, docs: map[string]string{
		oldAssertion: hostedBadge(),
		oldClass:     `{"@context":"https://w3id.org/openbadges/v2","type":"BadgeClass","id":"` + oldClass + `","name":"Robotics","description":"Builds robots.","image":"https://old.example.org/i.png","criteria":{"narrative":"Build one."},"issuer":"` + oldIssuer + `"}`,
		oldIssuer:    `{"@context":"https://w3id.org/openbadges/v2","type":"Issuer","id":"` + oldIssuer + `","name":"Old Academy","url":"https://old.example.org","email":"badges@old.example.org","publicKey":"` + oldKey + `","revocationList":"` + oldList + `"}`,
		oldKey:       string(toJSON(t, map[string]any{"@context": "https://w3id.org/openbadges/v2", "type": "CryptographicKey", "id": oldKey, "owner": oldIssuer, "publicKeyPem": publicPEM(&rsaKey().PublicKey)})),
		oldList:      `{"@context":"https://w3id.org/openbadges/v2","type":"RevocationList","id":"` + oldList + `","issuer":"` + oldIssuer + `","revokedAssertions":["urn:uuid:other"]}`,
	}}
}

func adaHashed() string {
	return fmt.Sprintf(`{"type":"email","hashed":true,"salt":"deadsea","identity":"sha256$%x"}`, sha256.Sum256([]byte("ada@example.orgdeadsea")))
}

func hostedBadge() string {
	return `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"` + oldAssertion + `","recipient":` + adaHashed() +
		`,"badge":"` + oldClass + `","verification":{"type":"hosted"},"issuedOn":"2020-06-01T09:00:00Z"}`
}

func signedAssertion() string {
	return `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"` + oldUUID + `","recipient":` + adaHashed() +
		`,"badge":"` + oldClass + `","verification":{"type":"signed","creator":"` + oldKey + `"},"issuedOn":"2020-06-01T09:00:00Z","expires":"2030-06-01T09:00:00Z"}`
}

// signedBadge is an assertion as a JWS by this key.
func signedBadge(t testing.TB, key *rsa.PrivateKey, header, payload string) []byte {
	t.Helper()
	input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	sum := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return []byte(input + "." + base64.RawURLEncoding.EncodeToString(signature))
}

const rs256 = `{"alg":"RS256"}`

// wellFormedOlder holds for every report about an older badge.
func wellFormedOlder(t testing.TB, name string, r *verifier.Report) {
	t.Helper()
	wellFormed(t, r)
	if find(r, "format").Detail["legacy"] != "Open Badges 2.0" || !strings.Contains(r.Summary, " (Open Badges 2.0, an older kind of badge): ") {
		t.Errorf("%s: not labelled: %+v %s", name, find(r, "format"), r.Summary)
	}
	if strings.Contains(string(r.Credential), "VerifiableCredential") || outcome(r, "schema") == verifier.Verified {
		t.Errorf("%s: looks like a badge of 3.0: %s", name, r.Credential)
	}
}

func TestOlderHosted(t *testing.T) {
	swap := func(old, new string) func(*oldWeb) {
		return func(w *oldWeb) {
			for url, doc := range w.docs {
				w.docs[url] = strings.ReplaceAll(doc, old, new)
			}
		}
	}
	put := func(url, doc string) func(*oldWeb) { return func(w *oldWeb) { w.docs[url] = doc } }
	embedded := func(name string) string {
		return `{"type":"BadgeClass","id":"` + oldClass + `","name":"Robotics","issuer":{"type":"Issuer","id":"` + oldIssuer + `","name":"` + name + `","verification":{"allowedOrigins":"evil.example"}}}`
	}
	withBadge := func(badge string) string {
		return strings.Replace(hostedBadge(), `"badge":"`+oldClass+`"`, `"badge":`+badge, 1)
	}
	const evil = "https://evil.example/assertions/1"
	tests := []struct {
		name   string
		doc    string
		change func(*oldWeb)
		want   expect
	}{
		{"good", hostedBadge(), nil, expect{"verified", "issuer", "verified", "lies at an address of its issuer", olderGood}},
		{"type HostedBadge", strings.Replace(hostedBadge(), `"hosted"`, `"HostedBadge"`, 1), nil, expect{"verified", "proof", "verified", "The same badge", olderGood}},
		{"in other words", " \n" + strings.Replace(hostedBadge(), `"type":"Assertion",`, `"image":"https://old.example.org/baked.png","type":["Assertion"],`, 1), nil, expect{"verified", "conformance", "verified", "", olderGood}},
		{"a narrative of one's own", strings.Replace(hostedBadge(), `"type":"Assertion"`, `"narrative":"the best","type":"Assertion"`, 1), nil, expect{"verified", "conformance", "refused", "says otherwise", olderGood}},
		{"class and issuer in place", withBadge(embedded("Old Academy")), put(oldAssertion, withBadge(embedded("Old Academy"))), expect{"verified", "conformance", "verified", "", olderGood}},
		{"issuer in place calls itself otherwise", withBadge(embedded("New Academy")), put(oldAssertion, withBadge(embedded("New Academy"))), expect{"verified", "conformance", "refused", "calls its issuer otherwise", olderGood}},
		{"allowed elsewhere", strings.ReplaceAll(hostedBadge(), oldAssertion, evil), func(w *oldWeb) {
			w.docs[evil] = strings.ReplaceAll(hostedBadge(), oldAssertion, evil)
			swap(`"name":"Old Academy"`, `"name":"Old Academy","verification":{"allowedOrigins":["old.example.org","evil.example"]}`)(w)
		}, expect{"verified", "issuer", "verified", "", olderGood}},

		{"hosted at another origin", strings.ReplaceAll(hostedBadge(), oldAssertion, evil), put(evil, strings.ReplaceAll(hostedBadge(), oldAssertion, evil)), expect{"refused", "issuer", "refused", "keeps no badges", olderForged}},
		{"embedded issuer allows another origin", strings.ReplaceAll(withBadge(embedded("Old Academy")), oldAssertion, evil), put(evil, strings.ReplaceAll(withBadge(embedded("Old Academy")), oldAssertion, evil)), expect{"refused", "issuer", "refused", "keeps no badges", olderForged}},
		{"someone else's badge", strings.Replace(hostedBadge(), "deadsea", "redsea", 1), nil, expect{"refused", "proof", "refused", "says otherwise: recipient", olderForged}},
		{"another badge class", strings.Replace(hostedBadge(), oldClass, oldHost+"/classes/chief", 1), nil, expect{"refused", "proof", "refused", "says otherwise: badge", olderForged}},
		{"issued earlier", strings.Replace(hostedBadge(), "2020", "2019", 1), nil, expect{"refused", "proof", "refused", "says otherwise: issuedOn", olderForged}},
		{"another id at its address", hostedBadge(), put(oldAssertion, strings.Replace(hostedBadge(), "assertions/1", "assertions/2", 1)), expect{"refused", "proof", "refused", "another badge", olderForged}},
		{"something else at its address", hostedBadge(), put(oldAssertion, `{"hello":1}`), expect{"refused", "proof", "refused", "is not this badge", olderForged}},
		{"a page at its address", hostedBadge(), put(oldAssertion, `<html>`), expect{"undetermined", "proof", "undetermined", "not a readable document", "Could not be checked fully (" + older}},
		{"duplicate names at its address", hostedBadge(), put(oldAssertion, strings.Replace(hostedBadge(), `"type"`, `"id":"x","type"`, 1)), expect{"undetermined", "proof", "undetermined", "not a readable document", ""}},
		{"nothing at its address", hostedBadge(), func(w *oldWeb) { delete(w.docs, oldAssertion) }, expect{"undetermined", "proof", "undetermined", "it answered 404", "Could not be checked fully (" + older}},
		{"signed at home", hostedBadge(), put(oldAssertion, strings.Replace(hostedBadge(), `"hosted"`, `"signed"`, 1)), expect{"refused", "proof", "refused", "does not say that it is hosted", olderForged}},
		{"no class to be had", hostedBadge(), func(w *oldWeb) { delete(w.docs, oldClass) }, expect{"undetermined", "issuer", "undetermined", "description of the badge could not be had", ""}},
		{"another class at its address", hostedBadge(), put(oldClass, `{"type":"BadgeClass","id":"https://old.example.org/x","issuer":"https://old.example.org/issuer"}`), expect{"undetermined", "issuer", "undetermined", "something else", ""}},
		{"no profile to be had", hostedBadge(), func(w *oldWeb) { delete(w.docs, oldIssuer) }, expect{"undetermined", "issuer", "undetermined", "profile of its issuer", ""}},
		{"another profile at its address", hostedBadge(), put(oldIssuer, `{"type":"Issuer","id":"https://famous.example/issuer","name":"Famous"}`), expect{"undetermined", "issuer", "undetermined", "not the issuer's profile", ""}},

		{"gone", hostedBadge(), func(w *oldWeb) { w.gone[oldAssertion] = true }, expect{"refused", "status", "refused", "taken it away", "Not good (" + older + "): withdrawn"}},
		{"revoked", hostedBadge(), put(oldAssertion, strings.Replace(hostedBadge(), `"issuedOn"`, `"revoked":true,"revocationReason":"Built by someone else","issuedOn"`, 1)), expect{"refused", "status", "refused", "Built by someone else", "Genuine, but revoked (" + older}},
		{"revoked, no more than that", hostedBadge(), put(oldAssertion, `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"`+oldAssertion+`","revoked":true}`), expect{"refused", "status", "refused", "revoked", "Not good (" + older + "): revoked"}},
		{"expired", strings.Replace(hostedBadge(), `"issuedOn"`, `"expires":"2021-06-01T00:00:00Z","issuedOn"`, 1), put(oldAssertion, strings.Replace(hostedBadge(), `"issuedOn"`, `"expires":"2021-06-01T00:00:00Z","issuedOn"`, 1)), expect{"refused", "period", "refused", "expired on 2021-06-01", "Genuine, but expired on 2021-06-01 (" + older}},
		{"from the future", strings.Replace(hostedBadge(), "2020", "2027", 1), put(oldAssertion, strings.Replace(hostedBadge(), "2020", "2027", 1)), expect{"refused", "period", "refused", "in the future", "Genuine, but not valid before"}},
		{"dates that cannot be read", strings.Replace(hostedBadge(), "2020-06-01T09:00:00Z", "1590000000", 1), put(oldAssertion, strings.Replace(hostedBadge(), "2020-06-01T09:00:00Z", "1590000000", 1)), expect{"undetermined", "period", "undetermined", "cannot be read", "Genuine, but its dates"}},
		{"an issuer with a name that imitates", hostedBadge(), swap("Old Academy", "Оld Academy ✔"), expect{"verified", "conformance", "refused", "Read the names in it with care", "Issuer not known to us."}},

		{"says that it is signed", strings.Replace(hostedBadge(), `"hosted"`, `"signed"`, 1), nil, expect{"refused", "proof", "refused", "no signature came with it", olderForged}},
		{"another way to check", strings.Replace(hostedBadge(), `"hosted"`, `["MerkleProofVerification2017","Extension"]`, 1), nil, expect{"undetermined", "proof", "undetermined", "not known here", "Could not be checked fully"}},
		{"without a recipient", strings.Replace(hostedBadge(), `"recipient":`+adaHashed()+`,`, "", 1), nil, expect{"refused", "format", "refused", "whom it is for", olderForged}},
		{"duplicate names", strings.Replace(hostedBadge(), `"type"`, `"id":"x","type"`, 1), nil, expect{"refused", "format", "refused", "cannot be read", olderForged}},
		{"http", strings.ReplaceAll(hostedBadge(), "https://old", "http://old"), nil, expect{"undetermined", "proof", "undetermined", "could not be had", ""}},
		{"no address at all", strings.ReplaceAll(hostedBadge(), oldAssertion, "urn:x:1"), nil, expect{"undetermined", "proof", "undetermined", "no address on the web", ""}},
	}
	for _, tt := range tests {
		w := newOldWeb(t)
		if tt.change != nil {
			tt.change(w)
		}
		r := verify(t, w.verifier(), []byte(tt.doc))
		wellFormedOlder(t, tt.name, r)
		tt.want.compare(t, tt.name, r)
		if len(w.asked) > 4 {
			t.Errorf("%s: asked for %v", tt.name, w.asked)
		}
		if r.Verdict == verifier.Verified && !strings.Contains(string(r.Credential), `"issuer":{"@context"`) {
			t.Errorf("%s: %s", tt.name, r.Credential)
		}
	}
}

func TestOlderSigned(t *testing.T) {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := signedBadge(t, rsaKey(), rs256, signedAssertion())
	changed := func(old, new string) []byte {
		payload := strings.Replace(signedAssertion(), old, new, 1)
		if payload == signedAssertion() {
			t.Fatalf("no %s", old)
		}
		return signedBadge(t, rsaKey(), rs256, payload)
	}
	header, payload, _ := strings.Cut(string(good), ".")
	_, signature, _ := strings.Cut(payload, ".")
	put := func(url, doc string) func(*oldWeb) { return func(w *oldWeb) { w.docs[url] = doc } }
	inPlace := func(owner string) func(*oldWeb) {
		return func(w *oldWeb) {
			key := string(toJSON(t, map[string]any{"type": "CryptographicKey", "id": oldKey, "owner": owner, "publicKeyPem": publicPEM(&rsaKey().PublicKey)}))
			w.docs[oldIssuer] = strings.Replace(w.docs[oldIssuer], `"`+oldKey+`"`, key, 1)
			delete(w.docs, oldKey)
		}
	}
	const evilKey = "https://evil.example/key"
	evil := func(w *oldWeb) {
		w.docs[evilKey] = string(toJSON(t, map[string]any{"type": "CryptographicKey", "id": evilKey, "owner": oldIssuer, "publicKeyPem": publicPEM(&stranger.PublicKey)}))
	}
	embedded := `{"type":"BadgeClass","id":"` + oldClass + `","name":"Robotics","issuer":{"type":"Issuer","id":"` + oldIssuer + `","name":"Old Academy","publicKey":"` + evilKey + `"}}`
	tests := []struct {
		name   string
		doc    []byte
		change func(*oldWeb)
		want   expect
	}{
		{"good", good, nil, expect{"verified", "proof", "verified", "fits", olderGood}},
		{"key in place", good, inPlace(oldIssuer), expect{"verified", "issuer", "verified", "lists the key", olderGood}},
		{"the one key, not named", changed(`,"creator":"`+oldKey+`"`, ""), nil, expect{"verified", "issuer", "verified", "", olderGood}},
		{"no list", good, func(w *oldWeb) {
			w.docs[oldIssuer] = strings.Replace(w.docs[oldIssuer], `,"revocationList":"`+oldList+`"`, "", 1)
		}, expect{"verified", "status", "skipped", "keeps no list", olderGood}},

		{"a key that is not listed", signedBadge(t, stranger, rs256, strings.Replace(signedAssertion(), oldKey, evilKey, 1)), evil, expect{"refused", "issuer", "refused", "does not list", olderForged}},
		{"a key that only the issuer in place lists", signedBadge(t, stranger, rs256, strings.NewReplacer(`"creator":"`+oldKey, `"creator":"`+evilKey, `"`+oldClass+`"`, embedded).Replace(signedAssertion())), evil, expect{"refused", "issuer", "refused", "does not list", olderForged}},
		{"signed by someone else", signedBadge(t, stranger, rs256, signedAssertion()), nil, expect{"refused", "proof", "refused", "does not fit", olderForged}},
		{"changed", []byte(header + "." + base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(signedAssertion(), "deadsea", "redsea", 1))) + "." + signature), nil, expect{"refused", "proof", "refused", "does not fit", olderForged}},
		{"the key of another owner", good, inPlace("https://evil.example/issuer"), expect{"refused", "issuer", "refused", "someone else", olderForged}},
		{"a key without an owner", good, put(oldKey, string(toJSON(t, map[string]any{"id": oldKey, "publicKeyPem": publicPEM(&rsaKey().PublicKey)}))), expect{"undetermined", "issuer", "undetermined", "whose it is", ""}},
		{"another key at its address", good, put(oldKey, string(toJSON(t, map[string]any{"id": evilKey, "owner": oldIssuer, "publicKeyPem": publicPEM(&rsaKey().PublicKey)}))), expect{"undetermined", "issuer", "undetermined", "another one", ""}},
		{"a key that cannot be read", good, put(oldKey, `{"id":"`+oldKey+`","owner":"`+oldIssuer+`","publicKeyPem":"-----BEGIN PUBLIC KEY-----"}`), expect{"undetermined", "issuer", "undetermined", "cannot be used", ""}},
		{"a key that redirects", good, func(w *oldWeb) { delete(w.docs, oldKey) }, expect{"undetermined", "issuer", "undetermined", "could not be had", ""}},
		{"alg none", []byte(base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + strings.Split(string(good), ".")[1] + "."), nil, expect{"refused", "proof", "refused", "not signed", olderForged}},
		{"a shared secret", signedBadge(t, rsaKey(), `{"alg":"HS256"}`, signedAssertion()), nil, expect{"refused", "proof", "refused", "shared secret", olderForged}},
		{"another algorithm than the key's", signedBadge(t, rsaKey(), `{"alg":"ES256"}`, signedAssertion()), nil, expect{"refused", "proof", "refused", "another way of signing", olderForged}},
		{"an algorithm that is not checked", signedBadge(t, rsaKey(), `{"alg":"PS256"}`, signedAssertion()), nil, expect{"undetermined", "proof", "undetermined", "", ""}},
		{"a key that the token brings along", signedBadge(t, stranger, `{"alg":"RS256","jwk":`+jwkOf(&stranger.PublicKey, "")+`}`, signedAssertion()), nil, expect{"refused", "proof", "refused", "", olderForged}},
		{"another key brought along", signedBadge(t, rsaKey(), `{"alg":"RS256","jwk":`+jwkOf(&stranger.PublicKey, "")+`}`, signedAssertion()), nil, expect{"refused", "proof", "refused", "carries another key", olderForged}},
		{"a key elsewhere", signedBadge(t, rsaKey(), `{"alg":"RS256","jku":"https://evil.example/keys"}`, signedAssertion()), nil, expect{"refused", "proof", "refused", "jku", olderForged}},
		{"says that it is hosted", changed(`"signed"`, `"hosted"`), nil, expect{"refused", "format", "refused", "says that it is hosted", olderForged}},
		{"revoked", good, put(oldList, `{"type":"RevocationList","id":"`+oldList+`","issuer":"`+oldIssuer+`","revokedAssertions":[{"id":"`+oldUUID+`","revocationReason":"Left"}]}`), expect{"refused", "status", "refused", "Left", "Genuine, but revoked (" + older}},
		{"no list to be had", good, func(w *oldWeb) { delete(w.docs, oldList) }, expect{"undetermined", "status", "undetermined", "could not be had", "Genuine, but whether it is still good could not be checked (" + older}},
		{"someone else's list", good, put(oldList, `{"type":"RevocationList","id":"`+oldList+`","issuer":"https://evil.example/issuer","revokedAssertions":[]}`), expect{"undetermined", "status", "undetermined", "someone else", ""}},
		{"another list", good, put(oldList, `{"type":"RevocationList","id":"https://old.example.org/x","issuer":"`+oldIssuer+`"}`), expect{"undetermined", "status", "undetermined", "another list", ""}},
		{"no list at its address", good, put(oldList, `{"hello":1}`), expect{"undetermined", "status", "undetermined", "not as it should be", ""}},
		{"expired", changed("2030", "2025"), nil, expect{"refused", "period", "refused", "expired on 2025-06-01", "Genuine, but expired"}},
		{"duplicate names", signedBadge(t, rsaKey(), rs256, strings.Replace(signedAssertion(), `"type"`, `"id":"x","type"`, 1)), nil, expect{"refused", "format", "refused", "cannot be read", ""}},
	}
	for _, tt := range tests {
		w := newOldWeb(t)
		if tt.change != nil {
			tt.change(w)
		}
		r := verify(t, w.verifier(), tt.doc)
		if tt.name != "duplicate names" { // what cannot be read may be a token of any kind
			wellFormedOlder(t, tt.name, r)
		}
		tt.want.compare(t, tt.name, r)
		if token := tt.want.reason == "not signed" || tt.want.reason == "jku"; len(w.asked) > 4 || token && len(w.asked) > 0 {
			t.Errorf("%s: asked for %v", tt.name, w.asked)
		}
	}
	r := verify(t, newOldWeb(t).verifier(), []byte(strings.TrimSuffix(string(good), signature)+"AAAA"))
	expect{"refused", "proof", "refused", "does not fit", olderForged}.compare(t, "a short signature", r)
}

// TestOlderRecipient: whose it is, asked by address or by name.
func TestOlderRecipient(t *testing.T) {
	for _, tt := range []struct {
		ask  verifier.Ask
		want verifier.Outcome
	}{
		{verifier.Ask{}, "skipped"},
		{verifier.Ask{Email: " Ada@Example.org "}, "verified"},
		{verifier.Ask{Email: "eve@example.org"}, "refused"},
		{verifier.Ask{Name: "Ada Lovelace"}, "undetermined"},
		{verifier.Ask{Email: "ada@example.org", Unnamed: true}, "undetermined"},
	} {
		w := newOldWeb(t)
		r, err := w.verifier().Verify(t.Context(), []byte(hostedBadge()), tt.ask)
		if err != nil {
			t.Fatal(err)
		}
		wellFormedOlder(t, "recipient", r)
		if outcome(r, "recipient") != tt.want || says(t, r, "deadsea") == tt.ask.Unnamed {
			t.Errorf("%+v: %+v %s", tt.ask, find(r, "recipient"), r.Credential)
		}
	}
}

// TestOlderOffline: without a source everything about them is unknown, and nothing
// is asked for.
func TestOlderOffline(t *testing.T) {
	for name, doc := range map[string][]byte{"hosted": []byte(hostedBadge()), "signed": signedBadge(t, rsaKey(), rs256, signedAssertion())} {
		r := verify(t, &verifier.Verifier{Now: func() time.Time { return today }}, doc)
		wellFormedOlder(t, name, r)
		if r.Verdict != verifier.Undetermined || outcome(r, "proof") != verifier.Undetermined {
			t.Errorf("%s: %s", name, r.Summary)
		}
	}
}

// TestOlderTrust: a list that has the issuer vouches for a badge that is the
// issuer's, and for no other.
func TestOlderTrust(t *testing.T) {
	list, err := verifier.ParseTrust([]byte("old.example.org Old Academy\n"))
	if err != nil {
		t.Fatal(err)
	}
	w := newOldWeb(t)
	v := w.verifier()
	v.Trust = list
	r := verify(t, v, []byte(hostedBadge()))
	expect{"verified", "trust", "verified", "on the list", "Genuine and current (" + older}.compare(t, "listed", r)
	w.gone[oldAssertion] = true
	if r := verify(t, v, []byte(hostedBadge())); outcome(r, "trust") == verifier.Verified || r.Issuer.Trusted {
		t.Errorf("withdrawn: %+v", r.Issuer)
	}
}

// TestOlderPictures: what baked badges of this kind hold.
func TestOlderPictures(t *testing.T) {
	svg := func(inner string) []byte {
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org">` + inner + `</svg>`)
	}
	attr := func(text string) []byte { return svg(`<openbadges:assertion verify="` + text + `"/>`) }
	body := func(text string) []byte {
		return svg(`<openbadges:assertion><![CDATA[` + text + `]]></openbadges:assertion>`)
	}
	gone := func(w *oldWeb) { w.gone[oldAssertion] = true }
	tests := []struct {
		name   string
		doc    []byte
		change func(*oldWeb)
		want   expect
	}{
		{"address", attr(oldAssertion), nil, expect{"verified", "format", "verified", older, olderGood}},
		{"JSON", body(hostedBadge()), nil, expect{"verified", "image", "verified", "taken out", olderGood}},
		{"JWS", attr(string(signedBadge(t, rsaKey(), rs256, signedAssertion()))), nil, expect{"verified", "proof", "verified", "fits", olderGood}},
		{"address, nothing there", attr(oldHost + "/none"), nil, expect{"undetermined", "format", "undetermined", "only the address", "Could not be checked fully (" + older}},
		{"address, gone", attr(oldAssertion), gone, expect{"refused", "status", "refused", "taken it away", "Not good (" + older}},
		{"address of something else", attr(oldClass), nil, expect{"refused", "format", "refused", "not a badge", olderForged}},
		{"address of a badge that names another", attr(oldHost + "/copy"), func(w *oldWeb) { w.docs[oldHost+"/copy"] = hostedBadge() }, expect{"refused", "proof", "refused", "another badge", olderForged}},
		{"forged JSON", body(strings.Replace(hostedBadge(), "deadsea", "redsea", 1)), nil, expect{"refused", "proof", "refused", "recipient", olderForged}},
		{"damaged JSON", body(hostedBadge()[1:]), nil, expect{"refused", "format", "refused", "cannot be read", olderForged}},
	}
	for _, tt := range tests {
		w := newOldWeb(t)
		if tt.change != nil {
			tt.change(w)
		}
		r := verify(t, w.verifier(), tt.doc)
		wellFormedOlder(t, tt.name, r)
		tt.want.compare(t, tt.name, r)
	}
	both := strings.Replace(hostedBadge(), `"type"`, `"credentialSubject":{"id":"urn:x:1"},"type"`, 1)
	for name, doc := range map[string][]byte{"a credential of today": body(string(newWorld(t).sign(t, badge()))), "both": body(both), "nothing": attr(""), "a class": body(newOldWeb(t).docs[oldClass])} {
		if r, err := newOldWeb(t).verifier().Verify(t.Context(), doc, verifier.Ask{}); !errors.Is(err, verifier.ErrNoCredential) {
			t.Errorf("%s: %v %v", name, r, err)
		}
	}
}

// TestOlderStopped: whoever stopped waiting is told so, and not that nothing
// could be had.
func TestOlderStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	picture := `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="` + oldAssertion + `"/></svg>`
	for name, doc := range map[string]string{"a badge": hostedBadge(), "a picture with an address": picture} {
		if r, err := newOldWeb(t).verifier().Verify(ctx, []byte(doc), verifier.Ask{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: a report: %v; %v", name, r != nil, err)
		}
	}
}

// TestFirstKind: Open Badges 1.0 and 1.1 are recognised, and not read.
func TestFirstKind(t *testing.T) {
	for name, doc := range map[string]string{
		"1.1": `{"@context":"https://w3id.org/openbadges/v1","type":"Assertion","id":"https://old.example.org/a","uid":"1","recipient":{"type":"email","hashed":false,"identity":"ada@example.org"},"badge":"https://old.example.org/b","verify":{"type":"hosted","url":"https://old.example.org/a"},"issuedOn":1403120715}`,
		"1.0": `{"uid":"1","recipient":{"type":"email","hashed":false,"identity":"ada@example.org"},"badge":"https://old.example.org/b","verify":{"type":"hosted","url":"https://old.example.org/a"},"issuedOn":1403120715}`,
		"0.5": `{"recipient":"sha256$00","badge":{"version":"0.5.0","name":"B","issuer":{"origin":"https://old.example.org","name":"Old"}}}`,
	} {
		w := newOldWeb(t)
		r := verify(t, w.verifier(), []byte(doc))
		expect{"undetermined", "format", "undetermined", "Open Badges 1, the first kind, which is not read here", "Could not be checked fully (Open Badges 1"}.compare(t, name, r)
		if len(w.asked) > 0 || find(r, "format").Detail["legacy"] != "Open Badges 1" {
			t.Errorf("%s: %v %v", name, w.asked, find(r, "format").Detail)
		}
	}
}

// TestOlderAndNewer: a document that is both is judged as a credential of today,
// which it then is not.
func TestOlderAndNewer(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal([]byte(hostedBadge()), &doc); err != nil {
		t.Fatal(err)
	}
	doc["credentialSubject"], doc["issuer"] = map[string]any{"id": "urn:x:1"}, academy
	w := newOldWeb(t)
	r := verify(t, w.verifier(), toJSON(t, doc))
	if r.Verdict != verifier.Refused || outcome(r, "format") != verifier.Refused || len(w.asked) > 0 {
		t.Errorf("%s, asked %v", r.Summary, w.asked)
	}
	doc["@context"] = []string{ob3.ContextCredentials, "https://w3id.org/openbadges/v2"}
	if r := verify(t, w.verifier(), toJSON(t, doc)); r.Verdict != verifier.Refused || len(w.asked) > 0 {
		t.Errorf("%s, asked %v", r.Summary, w.asked)
	}
}
