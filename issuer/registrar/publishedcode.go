package registrar

import (
	"context"
	"errors"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// OfPaperCode finds the badge that a code on paper stands for. One that is not shown
// is not found, nor is one of two that begin alike, which does not happen by chance.
func (p *Published) OfPaperCode(ctx context.Context, typed string) (issuer.CredentialID, error) {
	prefix, err := issuer.ReadPaperCode(typed)
	if err != nil {
		return "", err
	}
	return store.Read(ctx, p.Store, func(tx *store.Tx) (issuer.CredentialID, error) {
		none := issuer.Refuse(issuer.NotFound, "No badge here has this code; look at the paper again, or type the address below the code.")
		ids, err := tx.CredentialsBetween(issuer.CredentialsFrom(prefix))
		if err != nil {
			return "", err
		}
		if len(ids) != 1 {
			return "", none
		}
		if _, _, err := shown(tx, ids[0]); errors.Is(err, issuer.NotFound) || errors.Is(err, issuer.Gone) {
			return "", none
		} else if err != nil {
			return "", err
		}
		return ids[0], nil
	})
}
