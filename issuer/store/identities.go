package store

import (
	"context"
	"errors"

	"hallmark/issuer"
)

// AddFormerIdentity keeps what the issuer was until now.
func (tx *Tx) AddFormerIdentity(f *issuer.FormerIdentity) error {
	return tx.add("former identity", f)
}

// FormerIdentities lists what the issuer was, in the order of the moves.
func (tx *Tx) FormerIdentities() ([]issuer.FormerIdentity, error) {
	return list[issuer.FormerIdentity](tx, "number", "true")
}

// IssuerIdentities lists what the issuer was and, last, what it is.
func (tx *Tx) IssuerIdentities() ([]issuer.IssuerIdentity, error) {
	us, err := tx.Issuer()
	if err != nil {
		return nil, err
	}
	former, err := tx.FormerIdentities()
	return issuer.Identities(former, us), err
}

// IdentityOf is what the issuer was when it gave a credential its place in a
// status list.
func (tx *Tx) IdentityOf(c *issuer.Credential) (issuer.IssuerIdentity, error) {
	all, err := tx.IssuerIdentities()
	if err != nil {
		return issuer.IssuerIdentity{}, err
	}
	if len(all) == 1 {
		return all[0], nil
	}
	l, err := take[issuer.StatusList](tx, "There is no such status list.", "id = ?", c.StatusListID)
	if err != nil {
		return issuer.IssuerIdentity{}, err
	}
	return all[l.Identity], nil
}

// LoadIdentities reads what the issuer was and is; none before the first start.
func (s *Store) LoadIdentities(ctx context.Context) ([]issuer.IssuerIdentity, error) {
	all, err := Read(ctx, s, (*Tx).IssuerIdentities)
	if errors.Is(err, issuer.NotFound) {
		return nil, nil
	}
	return all, err
}
