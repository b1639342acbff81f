package jobs

import (
	"context"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
	"hallmark/verifier"
	"hallmark/verifier/did"
	"hallmark/verifier/statuslist"
)

const newest = "revocation"

// begin makes the first list and reserves a place in it.
func (r *Runner) begin(t *testing.T) (issuer.StatusListID, *issuer.StatusEntry) {
	t.Helper()
	var entry *issuer.StatusEntry
	r.must(t, func(tx *store.Tx) error {
		if _, err := tx.NewStatusList(us, newest); err != nil {
			return err
		}
		var err error
		entry, err = tx.ReserveStatus(us, newest, "CRED")
		return err
	})
	return entry.StatusListID, entry
}

func (r *Runner) published(t *testing.T, id issuer.StatusListID) *issuer.StatusList {
	t.Helper()
	return read(t, r, func(tx *store.Tx) (*issuer.StatusList, error) { return tx.StatusList(id) })
}

func TestPublish(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, c *clock) {
		id, entry := r.begin(t)
		do(t, r.Publish)
		first := r.published(t, id)
		if first.Version != 1 || first.Dirty || first.PublishedAt == nil || !first.PublishedAt.Equal(start) {
			t.Fatalf("first list: version %d, dirty %v, published %v", first.Version, first.Dirty, first.PublishedAt)
		}
		var doc listCredential
		if err := json.Unmarshal(first.Bytes, &doc); err != nil {
			t.Fatal(err)
		}
		url := "https://badges.example.org/status/" + string(id)
		want := listCredential{Context: []string{"https://www.w3.org/ns/credentials/v2"}, ID: url,
			Type: []string{"VerifiableCredential", "BitstringStatusListCredential"}, Issuer: "did:web:badges.example.org",
			ValidFrom: "2026-11-21T09:00:00Z", ValidUntil: "2026-11-22T09:00:00Z",
			Subject: listSubject{ID: url + "#list", Type: "BitstringStatusList", Purpose: "revocation", Encoded: doc.Subject.Encoded, TTL: 30_000}}
		if diff := cmp.Diff(want, doc); diff != "" {
			t.Errorf("list (-want +got):\n%s", diff)
		}
		if bit(t, doc, entry.StatusIndex) != 0 {
			t.Error("a new entry is set")
		}

		r.must(t, func(tx *store.Tx) error { return r.publish(tx, id) }) // as a copy that looked at the same moment
		if v := r.published(t, id).Version; v != 1 {
			t.Errorf("a second copy signed the same list again: version %d", v)
		}
		c.forward(59 * time.Minute)
		do(t, r.Publish)
		if v := r.published(t, id).Version; v != 1 {
			t.Errorf("a clean list is version %d after 59 minutes", v)
		}
		r.must(t, func(tx *store.Tx) error { return tx.SetStatus("CRED", "revoked") })
		do(t, r.Publish)
		second := r.published(t, id)
		if err := json.Unmarshal(second.Bytes, &doc); err != nil {
			t.Fatal(err)
		}
		if second.Version != 2 || bit(t, doc, entry.StatusIndex) != 1 || doc.ValidFrom != "2026-11-21T09:59:00Z" {
			t.Errorf("version %d, bit %d, from %s", second.Version, bit(t, doc, entry.StatusIndex), doc.ValidFrom)
		}
		c.forward(61 * time.Minute)
		do(t, r.Publish)
		if v := r.published(t, id).Version; v != 3 {
			t.Errorf("a clean list is version %d an hour later", v)
		}
	})
}

func bit(t *testing.T, doc listCredential, index int) uint64 {
	t.Helper()
	v, err := statuslist.Lookup(doc.Subject.Encoded, uint64(index), 1)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// own answers the verifier from what was published.
type own struct {
	r     *Runner
	bytes []byte
}

func (o own) Document(context.Context, string) (*did.Document, error) {
	return o.r.Ring.VerifierDocument()
}

func (o own) StatusList(context.Context, string) ([]byte, error) { return o.bytes, nil }

// TestReadersAccept has the verifier read a badge by the list: good at first,
// refused once revoked, undetermined when the list has run out.
func TestReadersAccept(t *testing.T) {
	r, c := runner(t, t.TempDir()+"/hallmark.db")
	id, entry := r.begin(t)
	url := r.BaseURL + "/status/" + string(id)
	badge, err := json.Marshal(map[string]any{
		"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "id": r.BaseURL + "/v/CRED", "type": []string{"VerifiableCredential"},
		"issuer": r.Ring.DID(), "validFrom": "2026-11-21T09:00:00Z", "credentialSubject": map[string]any{"id": "urn:uuid:7f1f7f0e-6b54-4a2e-9f58-0d2f6f2c5e11"},
		"credentialStatus": map[string]any{"id": url + "#x", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
			"statusListIndex": strconv.Itoa(entry.StatusIndex), "statusListCredential": url},
	})
	if err != nil {
		t.Fatal(err)
	}
	signed, _, err := r.Ring.SignCredential(badge, start)
	if err != nil {
		t.Fatal(err)
	}
	status := func() verifier.Check {
		o := own{r, r.published(t, id).Bytes}
		v := verifier.Verifier{Keys: o, Status: o, Now: c.Now}
		report, err := v.Verify(t.Context(), signed, verifier.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		for _, check := range report.Checks {
			if check.Name == "status" {
				return check
			}
		}
		return verifier.Check{}
	}
	do(t, r.Publish)
	if s := status(); s.Outcome != verifier.Verified {
		t.Errorf("good: %+v", s)
	}
	r.must(t, func(tx *store.Tx) error { return tx.SetStatus("CRED", "revoked") })
	do(t, r.Publish)
	if s := status(); s.Outcome != verifier.Refused {
		t.Errorf("revoked: %+v", s)
	}
	c.forward(listLife + time.Second)
	if s := status(); s.Outcome != verifier.Undetermined {
		t.Errorf("after the list ran out: %+v", s)
	}
}

// TestNotSigned keeps a list from being published when it cannot be signed
// well: the old bytes stay, and the list stays due.
func TestNotSigned(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		id, _ := r.begin(t)
		r.must(t, func(tx *store.Tx) error {
			keys, err := tx.Keys()
			for _, k := range keys {
				if k.Purpose == keyring.PurposeStatus && err == nil {
					k.State, k.CompromisedAt = issuer.KeyCompromised, &tx.Now
					err = tx.SaveKeyState(&k)
				}
			}
			return err
		})
		if err := r.Ring.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := r.Publish(t.Context()); err == nil {
			t.Error("a list was published without a key")
		}
		if l := r.published(t, id); l.Version != 0 || l.Bytes != nil || !l.Dirty {
			t.Errorf("list: version %d, dirty %v", l.Version, l.Dirty)
		}
	})
}
