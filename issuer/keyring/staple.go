package keyring

import (
	"crypto"

	"hallmark/issuer"
)

// StapleSigner gives what signs stapled statuses, and the id of its key, which is
// its fragment in the issuer's document. In trial mode that is the one key there
// is.
func (r *Ring) StapleSigner() (key crypto.Signer, kid issuer.KeyID, err error) {
	v, err := r.current()
	if err != nil {
		return nil, "", err
	}
	purpose := issuer.PurposeStaple
	if !v.web() {
		purpose = PurposeCredential
	}
	kid, key, err = v.active(purpose)
	return key, kid, err
}
