package web

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/ob3"
	"hallmark/verifier/statuslist"
)

var today = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const (
	academy = "did:web:badges.example.org"
	listURL = "https://badges.example.org/status/1"
)

// world is an issuer of the web with a status list, and how often it is asked.
type world struct {
	t       testing.TB
	key     ed25519.PrivateKey
	method  string
	list    []byte
	keys    atomic.Int64
	lists   atomic.Int64
	unheard bool // its list cannot be had
}

func newWorld(t testing.TB, revoked ...int) *world {
	t.Helper()
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat("A", ed25519.SeedSize)))
	mk, err := did.EncodeMultikey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, key: key, method: academy + "#" + mk}
	bits := statuslist.New(0)
	for _, i := range revoked {
		if err := bits.Set(i, true); err != nil {
			t.Fatal(err)
		}
	}
	encoded, err := bits.Encode()
	if err != nil {
		t.Fatal(err)
	}
	w.list = w.sign(map[string]any{
		"@context": []string{ob3.ContextCredentials}, "id": listURL, "type": []string{"VerifiableCredential", "BitstringStatusListCredential"}, "issuer": academy,
		"validFrom": "2026-11-21T00:00:00Z", "validUntil": "2026-11-22T00:00:00Z",
		"credentialSubject": map[string]any{"id": listURL + "#list", "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encoded},
	})
	return w
}

func (w *world) Document(_ context.Context, id string) (*did.Document, error) {
	w.keys.Add(1)
	if id != academy {
		return nil, did.ErrNotFound
	}
	_, mk, _ := strings.Cut(w.method, "#")
	return did.ParseDocument(id, fmt.Appendf(nil, `{"id":%[1]q,"verificationMethod":[{"id":%[2]q,"type":"Multikey","controller":%[1]q,"publicKeyMultibase":%[3]q}],"assertionMethod":[%[2]q]}`, id, w.method, mk))
}

func (w *world) KeySet(context.Context, string) (*did.KeySet, error) {
	w.keys.Add(1)
	return nil, did.ErrNotFound
}

func (w *world) StatusList(_ context.Context, url string) ([]byte, error) {
	w.lists.Add(1)
	if w.unheard || url != listURL {
		return nil, errors.New("no such list")
	}
	return w.list, nil
}

func (w *world) verifier() *verifier.Verifier {
	return &verifier.Verifier{Keys: w, Status: w, Now: func() time.Time { return today }}
}

// badge is a signed badge with a place on the list.
func (w *world) badge(index int, change ...func(*ob3.AchievementCredential)) []byte {
	c := &ob3.AchievementCredential{
		Context: []string{ob3.ContextCredentials, ob3.ContextBadges}, ID: fmt.Sprintf("urn:uuid:0b7f8f2e-6f0a-4b53-9f8d-%012d", index), Type: []string{"VerifiableCredential", "OpenBadgeCredential"},
		Issuer: ob3.Profile{ID: academy, Type: []string{"Profile"}, Name: "Example Academy"}, Name: "Low-code Foundations",
		ValidFrom: ob3.At(today.Add(-time.Hour)), ValidUntil: ob3.At(today.AddDate(3, 0, 0)),
		CredentialSubject: ob3.AchievementSubject{ID: "urn:uuid:7f1f7f0e-6b54-4a2e-9f58-0d2f6f2c5e11", Type: []string{"AchievementSubject"},
			Identifier: []ob3.IdentityObject{{Type: "IdentityObject", IdentityType: "name", IdentityHash: "Ada Lovelace"}},
			Achievement: ob3.Achievement{ID: "https://badges.example.org/achievements/f1", Type: []string{"Achievement"}, Name: "Low-code Foundations",
				Description: "Builds governed applications.", Criteria: ob3.Criteria{Narrative: "Pass the review."}}},
		CredentialStatus: &ob3.StatusEntry{ID: fmt.Sprintf("%s#%d", listURL, index), Type: "BitstringStatusListEntry", StatusPurpose: "revocation",
			StatusListIndex: fmt.Sprint(index), StatusListCredential: listURL},
	}
	for _, f := range change {
		f(c)
	}
	return w.sign(c)
}

func (w *world) sign(v any) []byte {
	w.t.Helper()
	raw, err := ob3.Marshal(v)
	if err != nil {
		w.t.Fatal(err)
	}
	signed, err := dataintegrity.Sign(raw, w.key, dataintegrity.Options{VerificationMethod: w.method, Created: today.Add(-time.Hour)}, true)
	if err != nil {
		w.t.Fatal(err)
	}
	return signed
}
