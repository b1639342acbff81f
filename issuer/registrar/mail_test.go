package registrar

import (
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TestMailsGoToMainAddresses: whoever is named by another of their addresses is
// told at the main one, and whoever has no main one at the one they have.
func TestMailsGoToMainAddresses(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		changes(t, c, func(tx *store.Tx) error {
			lea, err := tx.PersonByEmail("lea@example.org")
			if err != nil {
				return err
			}
			_, err = tx.AddEmailOnce(&issuer.Email{Address: "a.lea@home.example", IssuerID: lea.IssuerID, PersonID: lea.ID, CreatedAt: tx.Now})
			return err
		})
		changes(t, c, func(tx *store.Tx) error {
			max, err := tx.PersonByEmail("max@example.org")
			if err != nil {
				return err
			}
			if err := tx.RemoveEmail("max@example.org"); err != nil {
				return err
			}
			_, err = tx.AddEmailOnce(&issuer.Email{Address: "max@home.example", IssuerID: max.IssuerID, PersonID: max.ID, CreatedAt: tx.Now})
			return err
		})
		for named, told := range map[string]string{"a.lea@home.example": "lea@example.org", "max@home.example": "max@home.example"} {
			if _, err := c.RecordCompletion(t.Context(), system, NewCompletion{Person: PersonRef{Email: named}, Module: "M1", CompletedAt: "2026-10-01"}); err != nil {
				t.Fatal(err)
			}
			sent, err := store.Read(t.Context(), c.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 100) })
			if err != nil {
				t.Fatal(err)
			}
			if find(sent, func(m issuer.Message) bool { return m.Template == "badge-issued" && m.Recipient == told }) == nil {
				t.Errorf("whoever is named %s is not told at %s", named, told)
			}
		}
	})
}
