package registrar

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
	"hallmark/verifier/inclusion"
)

var keeper = issuer.Caller{System: "keys"}

// activeKey gives the key that signs for a purpose.
func activeKey(t *testing.T, k *Kit, purpose string) *KeyView {
	t.Helper()
	keys, err := k.Keys(t.Context(), keeper)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if key.Purpose == purpose && key.Algorithm == keyring.Ed25519 && key.State == issuer.KeyActive {
			return key
		}
	}
	t.Fatalf("no key signs for %s", purpose)
	return nil
}

func TestKeyLife(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		for _, purpose := range keyring.Purposes {
			old := activeKey(t, k, purpose)
			next, err := k.PlanKey(t.Context(), keeper, purpose, keyring.Ed25519)
			if err != nil || next.State != issuer.KeyPlanned {
				t.Fatalf("%s: %+v, %v", purpose, next, err)
			}
			again, err := k.PlanKey(t.Context(), keeper, purpose, keyring.Ed25519)
			if err != nil || again.ID != next.ID {
				t.Errorf("%s: planned twice: %+v, %v", purpose, again, err)
			}
			if _, err := k.RetireKey(t.Context(), keeper, old.ID); !errors.Is(err, issuer.Conflict) {
				t.Errorf("%s: the key that signs was retired: %v", purpose, err)
			}
			if _, err := k.CompromiseKey(t.Context(), keeper, old.ID, time.Time{}); !errors.Is(err, issuer.Conflict) {
				t.Errorf("%s: the key that signs was given up: %v", purpose, err)
			}
			done, err := k.ActivateKey(t.Context(), keeper, next.ID)
			if err != nil || done.Active.ID != next.ID || len(done.Retired) != 1 || done.Retired[0].ID != old.ID {
				t.Fatalf("%s: %+v, %v", purpose, done, err)
			}
			if _, err := k.ActivateKey(t.Context(), keeper, old.ID); !errors.Is(err, issuer.Conflict) {
				t.Errorf("%s: a retired key came back: %v", purpose, err)
			}
			if now := activeKey(t, k, purpose); now.ID != next.ID {
				t.Errorf("%s: %s signs", purpose, now.ID)
			}
		}
		status := activeKey(t, k, keyring.PurposeStatus)
		swapped, err := k.ReplaceKey(t.Context(), keeper, status.ID)
		if err != nil || swapped.Retired[0].ID != status.ID {
			t.Fatalf("%+v, %v", swapped, err)
		}
		if _, err := k.ReplaceKey(t.Context(), keeper, status.ID); !errors.Is(err, issuer.Conflict) {
			t.Errorf("replaced twice: %v", err)
		}
		unwanted, err := k.PlanKey(t.Context(), keeper, keyring.PurposeStatus, keyring.Ed25519)
		if err != nil {
			t.Fatal(err)
		}
		if gone, err := k.RetireKey(t.Context(), keeper, unwanted.ID); err != nil || gone.State != issuer.KeyRetired {
			t.Errorf("%+v, %v", gone, err)
		}
		compromise(t, k, status.ID)
		recorded(t, k, string(status.ID))
	})
}

func compromise(t *testing.T, k *Kit, id issuer.KeyID) {
	t.Helper()
	now := k.now().UTC()
	steps := []struct {
		since time.Time
		want  error
	}{
		{now.Add(time.Hour), issuer.Invalid},
		{time.Time{}, nil}, // now
		{now.Add(-time.Hour), nil},
		{now.Add(-time.Hour), nil},
		{now, issuer.Conflict}, // what was refused is not let in again
	}
	for _, s := range steps {
		if _, err := k.CompromiseKey(t.Context(), keeper, id, s.since); !errors.Is(err, s.want) {
			t.Errorf("since %v: %v, want %v", s.since, err, s.want)
		}
	}
	if err := k.Ring.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	doc, err := k.Ring.VerifierDocument()
	if err != nil {
		t.Fatal(err)
	}
	m := doc.Method(doc.ID + "#" + string(id))
	if m == nil || m.Revoked == nil || !m.Revoked.Equal(now.Add(-time.Hour)) || doc.Asserts(m.ID) {
		t.Errorf("%+v", m)
	}
	if _, err := k.CompromiseKey(t.Context(), keeper, "nothing", time.Time{}); !errors.Is(err, issuer.NotFound) {
		t.Errorf("no key: %v", err)
	}
}

// recorded looks for the audit entries and leaves of a key's whole life.
func recorded(t *testing.T, k *Kit, id string) {
	t.Helper()
	type rows struct {
		acts   []string
		leaves []issuer.LogLeaf
	}
	got, err := store.Read(t.Context(), k.Store, func(tx *store.Tx) (r rows, err error) {
		entries, err := tx.AuditOf(id)
		for _, e := range entries {
			r.acts = append(r.acts, e.Act+" "+e.Outcome)
		}
		if err == nil {
			r.leaves, err = tx.WaitingLeaves(1000)
		}
		return r, err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got.acts)
	if want := "[key.activate done key.compromise done key.compromise done key.compromise done key.plan done key.plan done key.replace done]"; fmt.Sprint(got.acts) != want {
		t.Errorf("audit: %v", got.acts)
	}
	// A key of each purpose was planned, made active and retired the one before; one
	// more of each by replacing; one planned and dropped; one compromised, then set earlier.
	if len(got.leaves) != 3*len(keyring.Purposes)+3+2+2 {
		t.Errorf("%d leaves", len(got.leaves))
	}
	for _, l := range got.leaves {
		if leaf, err := inclusion.ParseLeaf(l.Data); err != nil || leaf.Type != "key" || l.CredentialID != "" {
			t.Errorf("leaf %s, %v", l.Data, err)
		}
	}
}

// TestListsFollowTheirKey: a new key for status lists signs them all, and so does
// the next after one was given up.
func TestListsFollowTheirKey(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		due := func(clean bool) (n int) {
			t.Helper()
			n, err := store.Write(t.Context(), k.Store, func(tx *store.Tx) (n int, err error) {
				lists, err := tx.StatusLists()
				for i := range lists {
					if lists[i].Dirty {
						n++
					}
				}
				for i := range lists {
					if clean && err == nil {
						err = tx.PublishStatusList(&lists[i], []byte("signed"))
					}
				}
				return n, err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		due(true)
		if due(false) != 0 {
			t.Fatal("lists are due without a reason")
		}
		old := activeKey(t, k, keyring.PurposeStatus)
		if _, err := k.ReplaceKey(t.Context(), keeper, old.ID); err != nil || due(true) == 0 {
			t.Errorf("a new key signs no lists: %v", err)
		}
		if _, err := k.CompromiseKey(t.Context(), keeper, old.ID, time.Time{}); err != nil || due(true) == 0 {
			t.Errorf("lists stay as a lost key signed them: %v", err)
		}
		if _, err := k.ReplaceKey(t.Context(), keeper, activeKey(t, k, keyring.PurposeCredential).ID); err != nil || due(false) != 0 {
			t.Errorf("another key has lists signed: %v", err)
		}
	})
}

// Nobody but who runs the installation touches keys, and a refusal is on record.
func TestKeyRights(t *testing.T) {
	k := NewKit(t, false)
	id := activeKey(t, k, keyring.PurposeCredential).ID
	for name, by := range map[string]issuer.Caller{
		"learner": {Person: "P"}, "client": {Client: "C", Scopes: []issuer.Scope{issuer.CredentialsRevoke}},
		"owner": {Person: "P", Grants: []issuer.Grant{{Role: issuer.Owner, ProgramID: "X"}}},
	} {
		for act, try := range map[string]func() error{
			"list":       func() error { _, err := k.Keys(t.Context(), by); return err },
			"plan":       func() error { _, err := k.PlanKey(t.Context(), by, "credential", keyring.Ed25519); return err },
			"activate":   func() error { _, err := k.ActivateKey(t.Context(), by, id); return err },
			"replace":    func() error { _, err := k.ReplaceKey(t.Context(), by, id); return err },
			"retire":     func() error { _, err := k.RetireKey(t.Context(), by, id); return err },
			"compromise": func() error { _, err := k.CompromiseKey(t.Context(), by, id, time.Time{}); return err },
		} {
			if err := try(); !errors.Is(err, issuer.Forbidden) {
				t.Errorf("%s may %s: %v", name, act, err)
			}
		}
	}
	if now := activeKey(t, k, keyring.PurposeCredential); now.ID != id {
		t.Error("the key changed")
	}
}

// TestTokenKey: the RSA key is made once, however many copies of the program
// make one at once, and P-256 takes its place for who wants that.
func TestTokenKey(t *testing.T) {
	onBoth(t, holdTokenKey)
}

func holdTokenKey(t *testing.T, k *Kit) {
	copies := []*Registrar{k.Registrar, another(t, k), another(t, k)}
	var wg sync.WaitGroup
	for _, r := range copies {
		wg.Go(func() {
			if err := r.EnsureTokenKey(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	next, err := k.PlanKey(t.Context(), keeper, keyring.PurposeCredential, keyring.P256)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.ActivateKey(t.Context(), keeper, next.ID); err != nil {
		t.Fatal(err)
	}
	keys, err := k.Keys(t.Context(), keeper)
	if err != nil {
		t.Fatal(err)
	}
	var tokens []string
	for _, key := range keys {
		if key.Algorithm != keyring.Ed25519 {
			tokens = append(tokens, key.Algorithm+" "+string(key.State))
		}
	}
	if got := strings.Join(tokens, ", "); got != "RSA-2048 retired, P-256 active" {
		t.Error(got)
	}
}

// another is a copy of the program on the same database.
func another(t *testing.T, k *Kit) *Registrar {
	t.Helper()
	ring, err := keyring.Open(t.Context(), keyring.Config{SealingKey: k.sealing, Load: k.Store.LoadKeys})
	if err != nil {
		t.Fatal(err)
	}
	return &Registrar{Store: k.Store, Ring: ring, BaseURL: kitBase}
}
