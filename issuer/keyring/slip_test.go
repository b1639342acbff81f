package keyring

import (
	"testing"

	"hallmark/issuer"
)

// TestSlipKeys: slips have a key of their own, which signs no badge, and which
// old slips are still checked with once it is retired.
func TestSlipKeys(t *testing.T) {
	for _, base := range []string{"https://badges.example.org", "http://127.0.0.1:8080"} {
		r, rows := started(t, base)
		key, err := r.SlipSigner()
		if err != nil {
			t.Fatal(err)
		}
		keys, err := r.SlipKeys()
		if err != nil || len(keys) != 1 || !keys[0].Equal(key.Public()) {
			t.Fatalf("%v %v", keys, err)
		}
		_, credential, err := r.SignCredential([]byte(unsigned), at)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := r.VerifierDocument()
		if err != nil {
			t.Fatal(err)
		}
		row := rows.of(issuer.PurposeSlip)
		if row.ID == credential || doc.Asserts(doc.ID+"#"+string(row.ID)) {
			t.Errorf("%s: the key for slips signs badges", base)
		}
		if listed := doc.Method(doc.ID+"#"+string(row.ID)) != nil; listed == r.Trial() {
			t.Errorf("%s: listed %v", base, listed)
		}
		for state, want := range map[issuer.KeyState]int{issuer.KeyRetired: 1, issuer.KeyCompromised: 0} {
			row.State, row.CompromisedAt = state, &at
			if err := r.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			if keys, err := r.SlipKeys(); err != nil || len(keys) != want {
				t.Errorf("%s, %s: %d keys, %v", base, state, len(keys), err)
			}
			if _, err := r.SlipSigner(); err == nil {
				t.Errorf("%s: a key that is %s signs", base, state)
			}
		}
	}
}
