package store

import (
	"errors"
	"strconv"
	"testing"

	"hallmark/issuer"
)

// TestInstances: an instance is kept once, its list gives each credential a
// place of its own, and bits come and go.
func TestInstances(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		must(t, s, func(tx *Tx) error {
			us := &issuer.Issuer{ID: "I", DID: "did:web:x.example", Name: "X", URL: "https://x.example", BaseURL: "https://x.example", CreatedAt: tx.Now}
			if err := tx.AddIssuer(us); err != nil {
				return err
			}
			for n, want := range []bool{true, false} {
				i := &issuer.Instance{ID: "status", IssuerID: "I", Cryptosuite: "eddsa-rdfc-2022", Algorithm: "Ed25519", Status: "suspension", Public: "z" + strconv.Itoa(n), CreatedAt: tx.Now}
				if added, err := tx.AddInstanceOnce(i); err != nil || added != want {
					t.Errorf("instance %d: added %v, %v", n, added, err)
				}
			}
			i, err := tx.LockInstance("status")
			if err != nil || i.Public != "z0" || i.DID() != "did:key:z0" {
				t.Fatalf("%+v %v", i, err)
			}
			if _, err := tx.OpenInstanceList(i.ID); !errors.Is(err, issuer.NotFound) {
				t.Errorf("a list before there was one: %v", err)
			}
			l := tx.NewInstanceList(i)
			l.Bytes = []byte("signed")
			return tx.AddInstanceList(l)
		})
		must(t, s, func(tx *Tx) error {
			l, err := tx.OpenInstanceList("status")
			if err != nil {
				return err
			}
			named := func(id string) func(int) string { return func(int) string { return id } }
			one, err := tx.ReserveInstanceStatus(l, named("urn:1"))
			if err != nil {
				return err
			}
			if _, err := tx.ReserveInstanceStatus(l, named("urn:1")); !errors.Is(err, issuer.Conflict) {
				t.Errorf("the same credential twice: %v", err)
			}
			two, err := tx.ReserveInstanceStatus(l, func(index int) string { return "#" + strconv.Itoa(index) })
			if err != nil || two.CredentialID != "#"+strconv.Itoa(two.StatusIndex) || two.StatusIndex == one.StatusIndex {
				t.Errorf("%+v %v", two, err)
			}
			for on, want := range map[bool]int{true: 1, false: 0} {
				if err := tx.SetInstanceStatus(one, on); err != nil {
					return err
				}
				set, err := tx.SetInstanceIndexes(l.ID)
				if err != nil || len(set) != want || want > 0 && set[0] != one.StatusIndex {
					t.Errorf("set %v: %v %v", on, set, err)
				}
			}
			if err := tx.SaveInstanceList(l, []byte("anew")); err != nil {
				return err
			}
			kept, err := tx.InstanceList("status", l.ID)
			if err != nil || string(kept.Bytes) != "anew" {
				t.Errorf("kept %+v, %v", kept, err)
			}
			if _, err := tx.InstanceList("other", l.ID); !errors.Is(err, issuer.NotFound) {
				t.Errorf("the list of another instance: %v", err)
			}
			if _, err := tx.InstanceEntry("status", "urn:2"); !errors.Is(err, issuer.NotFound) {
				t.Errorf("an entry of nobody: %v", err)
			}
			// A list that is three quarters full takes no more.
			_, err = change[issuer.InstanceList](tx, map[string]any{"size": 2}, "id = ?", l.ID)
			if err != nil {
				return err
			}
			if _, err := tx.OpenInstanceList("status"); !errors.Is(err, issuer.NotFound) {
				t.Errorf("a full list: %v", err)
			}
			return nil
		})
	})
}
