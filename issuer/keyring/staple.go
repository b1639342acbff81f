package keyring

import (
	"crypto"

	"hallmark/issuer"
)

// StapleSigner gives what signs stapled statuses, and the URL of its key in the
// issuer's document. In trial mode that is the one key there is.
func (r *Ring) StapleSigner() (key crypto.Signer, kid string, err error) {
	v, err := r.current()
	if err != nil {
		return nil, "", err
	}
	purpose := issuer.PurposeStaple
	if !v.web() {
		purpose = PurposeCredential
	}
	id, key, err := v.active(purpose)
	return key, v.did + "#" + string(id), err
}
