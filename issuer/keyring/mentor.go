package keyring

import (
	"fmt"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/dataintegrity"
)

// MakeMentorKey makes the key of a mentor, sealed like those of the issuer. It
// is no key of the issuer: no document of ours and no list of keys shows it,
// because its did:key says all there is to know of it, and no command rotates
// it. Whose it is stands in its row alone; its time is up to the caller.
func (r *Ring) MakeMentorKey(p issuer.PersonID, i issuer.IssuerID) (*issuer.MentorKey, error) {
	_, public, sealed, err := r.fresh(Ed25519)
	return &issuer.MentorKey{PersonID: p, IssuerID: i, Public: public, Sealed: sealed}, err
}

// CheckMentorKey tells whether the sealed part of a mentor's key is that of its
// public one.
func (r *Ring) CheckMentorKey(k *issuer.MentorKey) error {
	_, err := unseal("key of a mentor", Ed25519, k.Public, k.Sealed, r.sealing())
	return err
}

// MentorDID is who signs with a mentor's key (did:key Method §3).
func MentorDID(k *issuer.MentorKey) string { return "did:key:" + k.Public }

// SignEndorsement adds a Data Integrity proof by a mentor's key, as an array of
// one. Errors name nothing of what is in the row.
func (r *Ring) SignEndorsement(k *issuer.MentorKey, doc []byte, created time.Time) ([]byte, error) {
	key, err := unseal("key of a mentor", Ed25519, k.Public, k.Sealed, r.sealing())
	if err != nil {
		return nil, err
	}
	signed, err := dataintegrity.Sign(doc, key, dataintegrity.Options{
		VerificationMethod: MentorDID(k) + "#" + k.Public, Created: created, Purpose: dataintegrity.AssertionMethod,
		Cryptosuite: dataintegrity.EddsaRDFC2022,
	}, true)
	if err != nil {
		return nil, fmt.Errorf("sign endorsement: %w", err)
	}
	return signed, nil
}
