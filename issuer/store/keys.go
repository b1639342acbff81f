package store

import (
	"context"
	"errors"

	"hallmark/issuer"
)

// Keys lists the signing keys with their sealed private parts, oldest first;
// those for slips and for stapled statuses, which have tables of their own, come
// last.
func (tx *Tx) Keys() ([]issuer.Key, error) {
	const order, all = "created_at, id", "id <> ''"
	keys, err := list[issuer.Key](tx, order, all)
	if err != nil {
		return nil, err
	}
	slips, err := list[issuer.SlipKey](tx, order, all)
	if err != nil {
		return nil, err
	}
	for _, k := range slips {
		keys = append(keys, issuer.Key(k))
	}
	staples, err := list[issuer.StapleKey](tx, order, all)
	for _, k := range staples {
		keys = append(keys, issuer.Key(k))
	}
	return keys, err
}

// AddKeyOnce keeps a new key unless one of its purpose and algorithm is active
// already.
func (tx *Tx) AddKeyOnce(k *issuer.Key) (added bool, err error) {
	switch k.Purpose {
	case issuer.PurposeSlip:
		return tx.addOnce("key", (*issuer.SlipKey)(k))
	case issuer.PurposeStaple:
		return tx.addOnce("key", (*issuer.StapleKey)(k))
	}
	return tx.addOnce("key", k)
}

// SaveKeyState moves a key on in its life.
func (tx *Tx) SaveKeyState(k *issuer.Key) error {
	_, err := tx.saveKeyState(k, "id = ?", k.ID)
	return err
}

// MoveKey moves a key on from a state; it refuses if the key is not in it any
// more, or if another of its kind was made active meanwhile.
func (tx *Tx) MoveKey(k *issuer.Key, from issuer.KeyState) error {
	n, err := tx.saveKeyState(k, "id = ? AND state = ?", k.ID, from)
	if err == nil && n == 0 || errors.Is(err, ErrDuplicate) {
		return issuer.Refuse(issuer.Conflict, "Someone else changed the keys a moment ago.")
	}
	return err
}

func (tx *Tx) saveKeyState(k *issuer.Key, where string, args ...any) (int64, error) {
	columns := map[string]any{
		"state": k.State, "active_at": k.ActiveAt, "retired_at": k.RetiredAt, "compromised_at": k.CompromisedAt,
	}
	switch k.Purpose {
	case issuer.PurposeSlip:
		return change[issuer.SlipKey](tx, columns, where, args...)
	case issuer.PurposeStaple:
		return change[issuer.StapleKey](tx, columns, where, args...)
	}
	return change[issuer.Key](tx, columns, where, args...)
}

// LoadKeys reads the issuer's name, "" before the first start, and its keys:
// what a keyring works with.
func (s *Store) LoadKeys(ctx context.Context) (did string, keys []issuer.Key, err error) {
	_, err = Read(ctx, s, func(tx *Tx) (bool, error) {
		us, err := tx.Issuer()
		if errors.Is(err, issuer.NotFound) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		did = us.DID
		keys, err = tx.Keys()
		return true, err
	})
	return did, keys, err
}

// SignListsAnew marks all status lists as due: the key that signed them signs no
// more.
func (tx *Tx) SignListsAnew() error {
	_, err := change[issuer.StatusList](tx, map[string]any{"dirty": true}, "id <> ''")
	return err
}

// CredentialsOfKey lists credentials that a key signed and that were not
// replaced, by id, after one.
func (tx *Tx) CredentialsOfKey(k issuer.KeyID, after issuer.CredentialID, limit int) ([]issuer.Credential, error) {
	db := tx.db.Joins("JOIN signed_copies ON signed_copies.credential_id = credentials.id").
		Where("signed_copies.key_id = ? AND signed_copies.format = ?", k, issuer.FormatDataIntegrity).
		Where("credentials.superseded_by = '' AND credentials.id > ?", after).
		Order("credentials.id").Limit(limit)
	return found[issuer.Credential](db, "credentials of a key")
}
