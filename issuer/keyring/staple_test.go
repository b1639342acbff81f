package keyring

import (
	"crypto/ed25519"
	"testing"

	"hallmark/issuer"
)

// TestStapleKeys: stapled statuses have a key of their own, which the document
// lists for no purpose; in trial mode the one key signs them.
func TestStapleKeys(t *testing.T) {
	for _, base := range []string{"https://badges.example.org", "http://127.0.0.1:8080"} {
		r, rows := started(t, base)
		key, id, err := r.StapleSigner(r.DID())
		if err != nil {
			t.Fatal(err)
		}
		doc, err := r.VerifierDocument()
		if err != nil {
			t.Fatal(err)
		}
		kid := doc.ID + "#" + string(id)
		m := doc.Method(kid)
		if m == nil || m.Controller != doc.ID || !m.Key.(ed25519.PublicKey).Equal(key.Public()) {
			t.Fatalf("%s: %s leads to %+v", base, kid, m)
		}
		if doc.Asserts(kid) != r.Trial() {
			t.Errorf("%s: the key for statuses signs badges: %v", base, doc.Asserts(kid))
		}
		if _, err := r.JWK(id); (err == nil) != r.Trial() {
			t.Errorf("%s: its address: %v", base, err)
		}
		if r.Trial() {
			continue
		}
		row := rows.of(issuer.PurposeStaple)
		row.State, row.CompromisedAt = issuer.KeyCompromised, &at
		if err := r.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if doc, err = r.VerifierDocument(); err != nil || doc.Method(kid).Revoked == nil {
			t.Errorf("given up: %+v, %v", doc.Method(kid), err)
		}
		if _, _, err := r.StapleSigner(r.DID()); err == nil {
			t.Error("a key that was given up signs")
		}
	}
}
