package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier/statuslist"
	"hallmark/verifier/strictjson"
)

// How long a published list counts, when it is signed anew although nothing
// changed, and how long readers may keep it.
const (
	listLife  = issuer.StatusListLife
	listAge   = time.Hour
	listTTLms = 30_000
)

// listCredential is a BitstringStatusListCredential (Bitstring Status List
// §2.2), its members in the order they are written.
type listCredential struct {
	Context    []string    `json:"@context"`
	ID         string      `json:"id"`
	Type       []string    `json:"type"`
	Issuer     string      `json:"issuer"`
	ValidFrom  string      `json:"validFrom"`
	ValidUntil string      `json:"validUntil"`
	Subject    listSubject `json:"credentialSubject"`
}

type listSubject struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	Encoded string `json:"encodedList"`
	TTL     int    `json:"ttl"`
}

// Publish signs the status lists with a bit set since they were signed and
// those signed an hour ago.
func (r *Runner) Publish(ctx context.Context) error {
	if r.Ring.DID() == "" {
		return nil // before the first start
	}
	return r.PublishNow(ctx)
}

// PublishNow signs every status list that is due, at once.
func (r *Runner) PublishNow(ctx context.Context) error {
	ids, err := store.Read(ctx, r.Store, func(tx *store.Tx) ([]issuer.StatusListID, error) {
		if held, err := tx.Held(); err != nil || held.Holds() && !held.Known {
			return nil, err // a list would show less than was published
		}
		return tx.ListsToPublish(tx.Now.Add(-listAge))
	})
	if err != nil {
		return err
	}
	var errs []error
	for _, id := range ids {
		err := r.raiseBits(ctx, id)
		if err == nil {
			_, err = store.Write(ctx, r.Store, func(tx *store.Tx) (bool, error) { return true, r.publish(tx, id) })
		}
		errs = append(errs, err)
	}
	if len(ids) > 0 {
		errs = append(errs, r.Raise(ctx))
	}
	return errors.Join(errs...)
}

// Fill looks how full the open lists are, when that has changed, and begins a
// new one where one is three quarters full.
func (r *Runner) Fill(ctx context.Context) error {
	due, err := store.Read(ctx, r.Store, (*store.Tx).StatusListsFill)
	if err != nil || !due {
		return err
	}
	_, err = store.Write(ctx, r.Store, func(tx *store.Tx) (bool, error) {
		if mine, err := tx.TryLock("status lists"); err != nil || !mine {
			return false, err
		}
		return true, tx.FillStatusLists()
	})
	return err
}

// publish signs one list from its rows. It holds the list meanwhile: a bit
// that is set at the same moment either is in these bytes or leaves the list
// marked.
func (r *Runner) publish(tx *store.Tx, id issuer.StatusListID) error {
	l, err := tx.LockStatusList(id)
	if err != nil {
		return err
	}
	if !l.Dirty && l.PublishedAt != nil && l.PublishedAt.After(tx.Now.Add(-listAge)) {
		return nil // another copy of the program was faster
	}
	if err := r.listNotBehind(l); err != nil {
		return err
	}
	set, err := tx.SetIndexes(id)
	if err != nil {
		return err
	}
	signed, err := r.signed(tx, l, set, term{listLife, listTTLms})
	if err != nil {
		return err
	}
	return tx.PublishStatusList(l, signed)
}

// term is how long a signed list counts, and how long, in milliseconds, readers
// may keep it.
type term struct {
	life time.Duration
	ttl  int
}

// signed signs a list with its bits and reads it back.
func (r *Runner) signed(tx *store.Tx, l *issuer.StatusList, set []int, t term) ([]byte, error) {
	all, err := tx.IssuerIdentities()
	if err != nil {
		return nil, err
	}
	doc, err := list(all[l.Identity], l, set, tx.Now, t)
	if err != nil {
		return nil, err
	}
	signed, err := r.Ring.SignStatusList(doc, tx.Now)
	if err != nil {
		return nil, err
	}
	if err := r.check(tx, signed, set); err != nil {
		return nil, fmt.Errorf("status list %s: %w", l.ID, err)
	}
	return signed, nil
}

// list writes the credential of a list, in the name that the issuer has or had
// when the list was begun.
func list(of issuer.IssuerIdentity, l *issuer.StatusList, set []int, at time.Time, t term) ([]byte, error) {
	bits := statuslist.New(l.Size)
	for _, i := range set {
		if err := bits.Set(i, true); err != nil {
			return nil, fmt.Errorf("status list %s: %w", l.ID, err)
		}
	}
	encoded, err := bits.Encode()
	if err != nil {
		return nil, fmt.Errorf("status list %s: %w", l.ID, err)
	}
	url := of.BaseURL + "/status/" + string(l.ID)
	return json.Marshal(listCredential{
		Context: []string{"https://www.w3.org/ns/credentials/v2"}, ID: url,
		Type: []string{"VerifiableCredential", "BitstringStatusListCredential"}, Issuer: of.DID,
		ValidFrom: at.UTC().Format(time.RFC3339), ValidUntil: at.UTC().Add(t.life).Format(time.RFC3339),
		Subject: listSubject{ID: url + "#list", Type: "BitstringStatusList", Purpose: l.Purpose, Encoded: encoded, TTL: t.ttl},
	})
}

// check reads signed bytes back before they are kept: the proof is good under
// our published keys, and the bits are the rows.
func (r *Runner) check(tx *store.Tx, signed []byte, set []int) error {
	if err := r.Ring.CheckStatusList(signed, tx.Now); err != nil {
		return err
	}
	v, err := strictjson.Parse(signed)
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	bits, err := statuslist.Decode(v.Get("credentialSubject").Get("encodedList").Text())
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	for _, i := range set {
		if on, err := bits.Get(i); err != nil || !on {
			return fmt.Errorf("read back: entry %d is not set", i)
		}
	}
	return nil
}
