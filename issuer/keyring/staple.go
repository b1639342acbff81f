package keyring

import (
	"crypto"

	"hallmark/issuer"
)

// StapleSigner gives what signs stapled statuses in a name that the issuer has or
// had, and the id of its key, which is its fragment in the document of that name.
func (r *Ring) StapleSigner(name string) (key crypto.Signer, kid issuer.KeyID, err error) {
	v, err := r.as(name)
	if err != nil {
		return nil, "", err
	}
	kid, key, err = v.active(issuer.PurposeStaple)
	return key, kid, err
}
