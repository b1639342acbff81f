package keyring

import (
	"fmt"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/dataintegrity"
)

// SignFromTemplate gives what SignCredential gives for the template filled with
// these values, and costs little more than the signature.
func (r *Ring) SignFromTemplate(t *dataintegrity.Template, values []string, created time.Time) (signed []byte, kid issuer.KeyID, err error) {
	v, err := r.current()
	if err != nil {
		return nil, "", err
	}
	kid, key, err := v.active(PurposeCredential)
	if err != nil {
		return nil, "", err
	}
	signed, err = t.Sign(values, key, dataintegrity.Options{
		VerificationMethod: v.did + "#" + string(kid), Created: created, Purpose: dataintegrity.AssertionMethod,
		Cryptosuite: dataintegrity.EddsaRDFC2022,
	}, true)
	if err != nil {
		return nil, "", fmt.Errorf("sign %s: %w", PurposeCredential, err)
	}
	return signed, kid, nil
}
