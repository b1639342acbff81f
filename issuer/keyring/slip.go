package keyring

import (
	"crypto"
	"crypto/ed25519"
	"fmt"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/did"
)

// SlipSigner gives what signs slips, the short forms of badges in QR codes.
func (r *Ring) SlipSigner() (crypto.Signer, error) {
	v, err := r.current()
	if err != nil {
		return nil, err
	}
	_, key, err := v.active(issuer.PurposeSlip)
	return key, err
}

// SlipKeys gives the keys that slips are checked with: all but compromised ones.
func (r *Ring) SlipKeys() ([]ed25519.PublicKey, error) {
	v, err := r.current()
	if err != nil {
		return nil, err
	}
	keys := []ed25519.PublicKey{}
	for _, k := range v.keysFor(issuer.PurposeSlip) {
		key, err := did.DecodeMultikey(k.Public)
		if err != nil {
			return nil, fmt.Errorf("read key %s: %w", k.ID, err)
		}
		if public, ok := key.(ed25519.PublicKey); ok && k.State != issuer.KeyCompromised {
			keys = append(keys, public)
		}
	}
	return keys, nil
}

func (v *view) keysFor(purpose string) (keys []issuer.Key) {
	for _, k := range v.keys {
		if k.Purpose == purpose && k.Algorithm == algorithm {
			keys = append(keys, k)
		}
	}
	return keys
}

// asideMethods lists the keys for slips and for stapled statuses as the issuer's,
// so that whoever knows the issuer's document can check those without network. No
// purpose of the document names them: what they sign is no claim of a credential.
// A did:key has no document to list them in.
func (v *view) asideMethods() (all []method) {
	if !v.web() {
		return nil
	}
	for _, k := range slices.Concat(v.keysFor(issuer.PurposeSlip), v.keysFor(issuer.PurposeStaple)) {
		m := method{ID: v.did + "#" + k.Public, Type: "Multikey", Controller: v.did, Public: k.Public}
		if k.State == issuer.KeyCompromised && k.CompromisedAt != nil {
			m.Revoked = k.CompromisedAt.UTC().Format(time.RFC3339)
		}
		all = append(all, m)
	}
	return all
}
