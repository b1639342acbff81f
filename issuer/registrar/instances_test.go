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
	"hallmark/verifier/statuslist"
	"hallmark/verifier/strictjson"
)

// TestInstanceActs: each act of an instance is audited, refusals for want of a
// right too, and awards, keys and lists of the issuer stay as they were.
func TestInstanceActs(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		before := keysNow(t, k)
		views, err := k.EnsureInstances(t.Context(), []NewInstance{{Name: "status", Cryptosuite: "ecdsa-rdfc-2019", Status: "suspension"}})
		if err != nil || views[0].Algorithm != "P-256" {
			t.Fatalf("%+v %v", views, err)
		}
		client := issuer.Caller{Client: "suites", Scopes: []issuer.Scope{issuer.VCAPI}}
		const many = 8
		doc := func(n int) []byte {
			return fmt.Appendf(nil, `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:x:%d","type":["VerifiableCredential"],"issuer":%q,"credentialSubject":{"id":"urn:x:a"}}`, n, views[0].DID)
		}
		// Several at once: every entry has its place, every bit is in the list.
		var group sync.WaitGroup
		indexes := make([]int, many)
		for n := range many {
			group.Go(func() {
				signed, err := k.SignAtInstance(t.Context(), client, "status", doc(n), InstanceOptions{})
				if err != nil {
					t.Error(err)
					return
				}
				if indexes[n], err = indexOf(signed); err != nil {
					t.Error(err)
				}
				if err := k.SetInstanceStatus(t.Context(), client, "status", fmt.Sprintf("urn:x:%d", n), "suspension", true); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if t.Failed() {
			return
		}
		list, err := store.Read(t.Context(), k.Store, func(tx *store.Tx) (*issuer.InstanceList, error) { return tx.OpenInstanceList("status") })
		if err != nil {
			t.Fatal(err)
		}
		root, err := strictjson.Parse(list.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		bits, err := statuslist.Decode(root.Get("credentialSubject").Get("encodedList").Text())
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(indexes)
		if len(slices.Compact(slices.Clone(indexes))) != many {
			t.Errorf("indexes %v", indexes)
		}
		for _, i := range indexes {
			if on, err := bits.Get(i); err != nil || !on {
				t.Errorf("the bit %d is lost", i)
			}
		}
		for kind, by := range map[issuer.Kind]issuer.Caller{issuer.Unsigned: {}, issuer.Forbidden: {Client: "other", Scopes: []issuer.Scope{issuer.CredentialsWrite}}} {
			if _, err := k.SignAtInstance(t.Context(), by, "status", doc(99), InstanceOptions{}); !errors.Is(err, kind) {
				t.Errorf("signed for %+v: %v", by, err)
			}
			if err := k.SetInstanceStatus(t.Context(), by, "status", "urn:x:1", "suspension", false); !errors.Is(err, kind) {
				t.Errorf("set for %+v: %v", by, err)
			}
		}
		entries, err := store.Read(t.Context(), k.Store, func(tx *store.Tx) ([]issuer.AuditEntry, error) { return tx.AuditOf("status") })
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, e := range entries {
			got[e.Act+" "+e.Outcome]++
		}
		want := map[string]int{"instance.add done": 1, "instance.sign done": many, "instance.status done": many, "instance.sign refused": 2, "instance.status refused": 2}
		for what, n := range want {
			if got[what] != n {
				t.Errorf("%s: %d audit entries, want %d (%v)", what, got[what], n, got)
			}
		}
		if after := keysNow(t, k); !slices.Equal(before, after) {
			t.Errorf("the issuer's keys were %v and are %v", before, after)
		}
		untouched(t, k)
	})
}

func indexOf(signed []byte) (int, error) {
	root, err := strictjson.Parse(signed)
	if err != nil {
		return 0, err
	}
	i, err := statuslist.ParseIndex(root.Get("credentialStatus").Get("statusListIndex").Text())
	return int(i), err
}

// keysNow are the public parts of the issuer's keys.
func keysNow(t *testing.T, k *Kit) []string {
	t.Helper()
	_, keys, err := k.Store.LoadKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var public []string
	for _, key := range keys {
		public = append(public, key.Public)
	}
	return public
}

// untouched: nothing that is the issuer's has come about.
func untouched(t *testing.T, k *Kit) {
	t.Helper()
	_, err := store.Read(t.Context(), k.Store, func(tx *store.Tx) (bool, error) {
		lists, err := tx.StatusLists()
		if err != nil || len(lists) != 1 || lists[0].Used != 0 {
			t.Errorf("lists of the issuer: %+v, %v", lists, err)
		}
		issued, err := tx.Credentials(store.CredentialQuery{All: true, Limit: 1})
		if err != nil || len(issued) != 0 {
			t.Errorf("credentials of the issuer: %d, %v", len(issued), err)
		}
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestInstancesMove: after a move an instance goes on. What it signed before has its
// status at the address that it names, and what it signs now at the new one.
func TestInstancesMove(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		views, err := k.EnsureInstances(t.Context(), []NewInstance{{Name: "status", Cryptosuite: "eddsa-rdfc-2022", Status: "suspension"}})
		if err != nil {
			t.Fatal(err)
		}
		client := issuer.Caller{Client: "suites", Scopes: []issuer.Scope{issuer.VCAPI}}
		sign := func(r *Registrar, id string) (list string) {
			t.Helper()
			signed, err := r.SignAtInstance(t.Context(), client, "status", fmt.Appendf(nil,
				`{"@context":["https://www.w3.org/ns/credentials/v2"],"id":%q,"type":["VerifiableCredential"],"issuer":%q,"credentialSubject":{"id":"urn:x:a"}}`, id, views[0].DID), InstanceOptions{})
			if err != nil {
				t.Fatal(err)
			}
			root, err := strictjson.Parse(signed)
			if err != nil {
				t.Fatal(err)
			}
			return root.Get("credentialStatus").Get("statusListCredential").Text()
		}
		before := sign(k.Registrar, "urn:x:1")
		k.later(time.Hour)
		moved := &Registrar{Store: k.Store, Ring: k.Ring, BaseURL: "https://moved.example.org", Files: k.Files, Move: true}
		if _, err := moved.Setup(t.Context(), issuer.Issuer{}, keyring.MethodWeb); err != nil {
			t.Fatal(err)
		}
		after, again := sign(moved, "urn:x:2"), sign(moved, "urn:x:3")
		if !strings.HasPrefix(before, kitBase+"/") || !strings.HasPrefix(after, moved.BaseURL+"/") || again != after {
			t.Errorf("the lists are %s, %s and %s", before, after, again)
		}
		p := &Published{Store: k.Store, Ring: k.Ring, BaseURL: moved.BaseURL}
		for id, at := range map[string]string{"urn:x:1": before, "urn:x:2": after} {
			if err := moved.SetInstanceStatus(t.Context(), client, "status", id, "suspension", true); err != nil {
				t.Fatal(err)
			}
			list, err := p.instanceListAt(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			root, err := strictjson.Parse(list)
			if err != nil || root.Get("id").Text() != at {
				t.Errorf("at %s is the list %s (%v)", at, root.Get("id").Text(), err)
			}
		}
	})
}
