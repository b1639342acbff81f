package store

import (
	"errors"
	"testing"
	"time"

	"hallmark/issuer"
)

// TestEndorsements: what waits is sent or voided, once; what was voided is in
// no list of a badge.
func TestEndorsements(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		of := func() []issuer.Endorsement {
			return get(t, s, func(tx *Tx) ([]issuer.Endorsement, error) { return tx.Endorsements("CRED", "OTHER") })
		}
		if found := of(); len(found) != 1 || string(found[0].Bytes) != "{}" || found[0].SentAt != nil {
			t.Fatalf("%+v", found)
		}
		if err := try(t, s, func(tx *Tx) error {
			return tx.AddEndorsements(&issuer.Endorsement{ID: "EN2", IssuerID: us, ReviewID: "R", CredentialID: "CRED", Bytes: []byte("{}"), CreatedAt: tx.Now})
		}); !errors.Is(err, ErrDuplicate) {
			t.Errorf("a second word about the same badge: %v", err)
		}
		must(t, s, func(tx *Tx) error { return tx.SendEndorsements("CRED") })
		must(t, s, func(tx *Tx) error { return tx.VoidEndorsements("CAP") }) // leaves alone what was sent
		if found := of(); len(found) != 1 || found[0].SentAt == nil || found[0].VoidedAt != nil {
			t.Errorf("after sending: %+v", found)
		}
	})
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		must(t, s, func(tx *Tx) error { return tx.VoidEndorsements("OTHER") })
		must(t, s, func(tx *Tx) error { return tx.VoidEndorsements("CAP") })
		must(t, s, func(tx *Tx) error { return tx.SendEndorsements("CRED") })
		if found := get(t, s, func(tx *Tx) ([]issuer.Endorsement, error) { return tx.Endorsements("CRED") }); len(found) != 0 {
			t.Errorf("after voiding: %+v", found)
		}
		if kept := get(t, s, func(tx *Tx) ([]issuer.Endorsement, error) { return tx.EndorsementsOfReviews("R") }); len(kept) != 1 || kept[0].SentAt != nil {
			t.Errorf("what was voided: %+v", kept)
		}
	})
}

// TestStepUpRows: codes and passkeys are their person's alone.
func TestStepUpRows(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		_, err := Read(t.Context(), s, func(tx *Tx) (*issuer.StepUpCode, error) { return tx.StepUpCode(ann, "SUC") })
		if !errors.Is(err, issuer.NotFound) {
			t.Errorf("someone else's code: %v", err)
		}
		must(t, s, func(tx *Tx) error {
			c, err := tx.StepUpCode(bob, "SUC")
			if err != nil {
				return err
			}
			c.Attempts, c.UsedAt = 3, &tx.Now
			return tx.SaveStepUpCode(c)
		})
		codes := get(t, s, func(tx *Tx) ([]issuer.StepUpCode, error) { return tx.StepUpCodesSince(bob, tx.Now.Add(-time.Hour)) })
		if len(codes) != 1 || codes[0].Attempts != 3 || codes[0].UsedAt == nil {
			t.Errorf("%+v", codes)
		}
		must(t, s, func(tx *Tx) error {
			if added, err := tx.AddPasskeyOnce(&issuer.Passkey{ID: "PK", IssuerID: us, PersonID: ann, CreatedAt: tx.Now}); added || err != nil {
				t.Errorf("someone else's passkey: %v %v", added, err)
			}
			if gone, err := tx.RemovePasskey(ann, "PK"); gone || err != nil {
				t.Errorf("taking someone else's passkey away: %v %v", gone, err)
			}
			return tx.SavePasskey(&issuer.Passkey{ID: "PK", Data: "{1}", UsedAt: &tx.Now})
		})
		if keys := get(t, s, func(tx *Tx) ([]issuer.Passkey, error) { return tx.Passkeys(bob) }); len(keys) != 1 || keys[0].Data != "{1}" || keys[0].UsedAt == nil || keys[0].Name != "Phone" {
			t.Errorf("%+v", keys)
		}
	})
}
