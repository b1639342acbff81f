package verifier_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/ob3"
	"hallmark/verifier/statuslist"
	"hallmark/verifier/verifiertest"
)

var today = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const (
	academy = "did:web:badges.example.org"
	listURL = "https://badges.example.org/status/1"
	badgeID = "urn:uuid:0b7f8f2e-6f0a-4b53-9f8d-3b2f9f7b6c11"
)

// world is an issuer and whatever a verifier can reach.
type world struct {
	key       ed25519.PrivateKey
	method    string
	documents map[string]string // by id
	lists     map[string][]byte // by URL
	standing  map[string]verifier.Standing
	down      bool // nothing can be reached
	asked     []string
}

func keyOf(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune('A'+seed)), ed25519.SeedSize)))
}

func multikey(key ed25519.PrivateKey) string {
	text, err := did.EncodeMultikey(key.Public())
	if err != nil {
		panic(err)
	}
	return text
}

// newWorld has one did:web issuer with one key, and a status list without marks.
func newWorld(t testing.TB) *world {
	w := &world{key: keyOf(0), documents: map[string]string{}, lists: map[string][]byte{}}
	w.method = academy + "#" + multikey(w.key)
	w.documents[academy] = document(academy, w.key, "")
	w.lists[listURL] = w.list(t, nil)
	return w
}

// document is a did.json with one key, with more members in the method.
func document(id string, key ed25519.PrivateKey, more string) string {
	mk := multikey(key)
	return fmt.Sprintf(`{"id":%[1]q,"verificationMethod":[{"id":"%[1]s#%[2]s","type":"Multikey","controller":%[1]q,"publicKeyMultibase":%[2]q%[3]s}],"assertionMethod":["%[1]s#%[2]s"]}`, id, mk, more)
}

func (w *world) Document(_ context.Context, id string) (*did.Document, error) {
	w.asked = append(w.asked, id)
	if w.down {
		return nil, errors.New("the network is down")
	}
	raw, ok := w.documents[id]
	if !ok {
		return nil, did.ErrNotFound
	}
	return did.ParseDocument(id, []byte(raw))
}

func (w *world) StatusList(_ context.Context, url string) ([]byte, error) {
	w.asked = append(w.asked, url)
	if raw, ok := w.lists[url]; ok && !w.down {
		return raw, nil
	}
	return nil, errors.New("no such list")
}

func (w *world) Standing(_ context.Context, id string) (verifier.Standing, error) {
	if w.down {
		return verifier.Standing{}, errors.New("the database is down")
	}
	return w.standing[id], nil
}

func (w *world) verifier() *verifier.Verifier {
	v := &verifier.Verifier{Keys: w, Status: w, Now: func() time.Time { return today }}
	if w.standing != nil {
		v.Records = w
	}
	return v
}

// badge is a badge before it is signed.
func badge() *ob3.AchievementCredential {
	return &ob3.AchievementCredential{
		Context: []string{ob3.ContextCredentials, ob3.ContextBadges}, ID: badgeID, Type: []string{"VerifiableCredential", "OpenBadgeCredential"},
		Issuer: ob3.Profile{ID: academy, Type: []string{"Profile"}, Name: "Example Academy"}, Name: "Low-code Foundations",
		ValidFrom: ob3.At(today.Add(-time.Hour)), ValidUntil: ob3.At(today.AddDate(3, 0, 0)),
		CredentialSubject: ob3.AchievementSubject{ID: "urn:uuid:7f1f7f0e-6b54-4a2e-9f58-0d2f6f2c5e11", Type: []string{"AchievementSubject"},
			Identifier: []ob3.IdentityObject{
				{Type: "IdentityObject", IdentityType: "name", IdentityHash: "Ada Lovelace"},
				{Type: "IdentityObject", IdentityType: "emailAddress", Hashed: true, IdentityHash: ob3.Hash("ada@example.org", "s"), Salt: "s"}},
			Achievement: ob3.Achievement{ID: "https://badges.example.org/achievements/f1", Type: []string{"Achievement"}, Name: "Low-code Foundations",
				Description: "Builds governed applications.", Criteria: ob3.Criteria{Narrative: "Pass the review."}}},
		Evidence: []ob3.Evidence{{ID: "https://badges.example.org/e/1", Type: []string{"Evidence"}, Name: "Expense approvals"}},
		CredentialStatus: &ob3.StatusEntry{ID: listURL + "#94567", Type: "BitstringStatusListEntry", StatusPurpose: "revocation",
			StatusListIndex: "94567", StatusListCredential: listURL},
	}
}

func toJSON(t testing.TB, v any) []byte {
	t.Helper()
	raw, err := ob3.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// sign signs whatever is given with the world's key, or another.
func (w *world) sign(t testing.TB, v any, change ...func(*dataintegrity.Options)) []byte {
	t.Helper()
	return signWith(t, w.key, w.method, v, change...)
}

func signWith(t testing.TB, key ed25519.PrivateKey, method string, v any, change ...func(*dataintegrity.Options)) []byte {
	t.Helper()
	raw, ok := v.([]byte)
	if !ok {
		raw = toJSON(t, v)
	}
	o := dataintegrity.Options{VerificationMethod: method, Created: today.Add(-time.Hour)}
	for _, c := range change {
		c(&o)
	}
	signed, err := dataintegrity.Sign(raw, key, o, true)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// unsignedList is a status list credential with these entries set.
func unsignedList(t testing.TB, set ...int) map[string]any {
	t.Helper()
	l := statuslist.New(0)
	for _, i := range set {
		if err := l.Set(i, true); err != nil {
			t.Fatal(err)
		}
	}
	encoded, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"@context": []string{ob3.ContextCredentials}, "id": listURL, "type": []string{"VerifiableCredential", "BitstringStatusListCredential"}, "issuer": academy,
		"validFrom": "2026-11-21T00:00:00Z", "validUntil": "2026-11-22T00:00:00Z",
		"credentialSubject": map[string]any{"id": listURL + "#list", "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encoded},
	}
}

func (w *world) list(t testing.TB, change func(map[string]any), set ...int) []byte {
	t.Helper()
	l := unsignedList(t, set...)
	if change != nil {
		change(l)
	}
	return w.sign(t, l)
}

func verify(t testing.TB, v *verifier.Verifier, doc []byte) *verifier.Report {
	t.Helper()
	r, err := v.Verify(t.Context(), doc, verifier.Ask{})
	if err != nil {
		t.Fatalf("%v in %.200s", err, doc)
	}
	wellFormed(t, r)
	return r
}

// wellFormed holds for every report whatsoever.
func wellFormed(t testing.TB, r *verifier.Report) {
	t.Helper()
	if len(r.Checks) != len(verifier.Names) {
		t.Fatalf("%d checks", len(r.Checks))
	}
	for i, c := range r.Checks {
		if c.Name != verifier.Names[i] || c.Reason == "" || !strings.HasSuffix(c.Reason, ".") {
			t.Errorf("check %d is %+v", i, c)
		}
		switch c.Outcome {
		case verifier.Verified, verifier.Refused, verifier.Undetermined, verifier.Skipped:
		default:
			t.Errorf("check %s has the outcome %q", c.Name, c.Outcome)
		}
	}
	if r.Verdict != verifier.Verdict(r.Checks) || r.Summary == "" || !strings.HasSuffix(r.Summary, ".") {
		t.Errorf("verdict %s, summary %q", r.Verdict, r.Summary)
	}
	if signed := outcome(r, "proof") == verifier.Verified; signed != (r.Credential != nil) {
		t.Errorf("proof verified: %v, claims shown: %s", signed, r.Credential)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}

func find(r *verifier.Report, name string) verifier.Check {
	for _, c := range r.Checks {
		if c.Name == name {
			return c
		}
	}
	return verifier.Check{}
}

func outcome(r *verifier.Report, name string) verifier.Outcome { return find(r, name).Outcome }

// expect says "check:outcome" for the deciding check that matters, and what
// reason and summary must hold.
type expect struct {
	verdict verifier.Outcome
	check   string // name of a check
	outcome verifier.Outcome
	reason  string // part of its reason
	summary string // beginning of the summary
}

func (want expect) compare(t testing.TB, name string, r *verifier.Report) {
	t.Helper()
	c := find(r, want.check)
	if r.Verdict != want.verdict || c.Outcome != want.outcome || !strings.Contains(c.Reason, want.reason) || !strings.HasPrefix(r.Summary, want.summary) {
		t.Errorf("%s: %s; %s is %s: %s\n   %s\n   want %+v", name, r.Verdict, want.check, c.Outcome, c.Reason, r.Summary, want)
	}
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	return verifiertest.Fixture(t, "standards", name)
}
