package keyring

import (
	"crypto"

	"hallmark/issuer"
	"hallmark/verifier/dataintegrity"
)

// fits are the algorithms of each cryptosuite.
var fits = map[string][]string{
	dataintegrity.EddsaRDFC2022: {algorithm}, dataintegrity.EddsaJCS2022: {algorithm},
	dataintegrity.EcdsaRDFC2019: {"P-256", "P-384"}, dataintegrity.EcdsaJCS2019: {"P-256", "P-384"},
	dataintegrity.EcdsaSD2023: {"P-256"},
}

// Algorithms lists what keys a cryptosuite of an instance works with, the usual
// one first; none for a suite that is not known.
func Algorithms(cryptosuite string) []string { return fits[cryptosuite] }

// MakeInstanceKey gives an instance that is new its key, for its Algorithm: it
// fills Public and Sealed. The key is sealed like those of the issuer and is no
// key of the issuer: no document of ours lists it, and the issuer's keys sign
// nothing for an instance.
func (r *Ring) MakeInstanceKey(i *issuer.Instance) error {
	var err error
	_, i.Public, i.Sealed, err = r.fresh(i.Algorithm)
	return err
}

// InstanceSigner opens the key of an instance: a crypto.Signer that shows
// nothing of it. Errors name the instance and nothing of what is in its row.
func (r *Ring) InstanceSigner(i *issuer.Instance) (crypto.Signer, error) {
	return unseal("key of instance "+string(i.ID), i.Algorithm, i.Public, i.Sealed, r.sealing())
}
