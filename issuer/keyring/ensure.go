package keyring

import (
	"errors"
	"fmt"
	"time"

	"hallmark/issuer"
)

// Rows is what the ring needs of a transaction to keep new keys in.
type Rows interface {
	Keys() ([]issuer.Key, error)
	AddKeyOnce(k *issuer.Key) (added bool, err error)
}

// EnsureKeys makes the keys that the issuer lacks, in the transaction of the
// first start, and gives its name: a did:web, or in trial mode the did:key of
// its credential key. An issuer that has a name keeps it. The row of the
// issuer must be there; saving its name is up to the caller.
func (r *Ring) EnsureKeys(tx Rows, i *issuer.Issuer, m Method, at time.Time) (name string, err error) {
	if i.DID == "" {
		if m, err = choose(m, i.BaseURL); err != nil {
			return "", err
		}
	} else if (&view{did: i.DID}).web() {
		m = MethodWeb
	} else {
		m = MethodKey
	}
	purposes := []string{PurposeCredential, PurposeSession}
	if m == MethodWeb {
		purposes = append(purposes, PurposeStatus)
	}
	purposes = append(purposes, PurposeLog, issuer.PurposeSlip)
	if m == MethodWeb {
		purposes = append(purposes, issuer.PurposeStaple)
	}
	keys, err := tx.Keys()
	if err != nil {
		return "", err
	}
	credential := ""
	for _, purpose := range purposes {
		public, err := r.ensure(tx, keys, i.ID, purpose, at)
		if err != nil {
			return "", err
		}
		if purpose == PurposeCredential {
			credential = public
		}
	}
	if m == MethodWeb {
		return nameOr(i.DID, WebDID(i.BaseURL)), nil
	}
	return nameOr(i.DID, "did:key:"+credential), nil
}

func nameOr(have, derived string) string {
	if have != "" {
		return have
	}
	return derived
}

// ensure gives the public part of the active key of a purpose, made if there
// is none.
func (r *Ring) ensure(tx Rows, keys []issuer.Key, i issuer.IssuerID, purpose string, at time.Time) (string, error) {
	for _, k := range keys {
		if k.Purpose == purpose && k.State == issuer.KeyActive && k.Algorithm == algorithm {
			return k.Public, nil
		}
	}
	k, err := r.newKey(i, purpose, at)
	if err != nil {
		return "", err
	}
	added, err := tx.AddKeyOnce(k)
	if err != nil {
		return "", err
	}
	if !added {
		return "", errors.New("another process made the keys at the same moment; start again")
	}
	return k.Public, nil
}

// newKey makes a key, sealed and active.
func (r *Ring) newKey(i issuer.IssuerID, purpose string, at time.Time) (*issuer.Key, error) {
	k, err := r.Plan(purpose, algorithm)
	if err != nil {
		return nil, err
	}
	k.IssuerID, k.CreatedAt, k.State, k.ActiveAt = i, at, issuer.KeyActive, &at
	return k, nil
}

// Plan makes a key, sealed and planned: to be published, and signing nothing
// yet. Its id is the fragment that proofs name, and the last part of its
// address; its issuer and time are up to the caller.
func (r *Ring) Plan(purpose, algorithm string) (*issuer.Key, error) {
	name, public, sealed, err := r.fresh(algorithm)
	if err != nil {
		return nil, err
	}
	return &issuer.Key{ID: issuer.KeyID(name), Purpose: purpose, Algorithm: algorithm, State: issuer.KeyPlanned, Public: public, Sealed: sealed}, nil
}

// fresh makes a key pair and gives its name, its public part and its sealed
// private one.
func (r *Ring) fresh(algorithm string) (name, public, sealed string, err error) {
	key, err := generate(algorithm)
	if err != nil {
		return "", "", "", err
	}
	if name, err = nameOf(key.Public()); err == nil {
		public, err = publicText(key.Public())
	}
	if err != nil {
		return "", "", "", fmt.Errorf("make key: %w", err)
	}
	secret, err := secretOf(key)
	if err != nil {
		return "", "", "", fmt.Errorf("make key: %w", err)
	}
	sealed, err = seal(secret, r.sealing())
	return name, public, sealed, err
}
