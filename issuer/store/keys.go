package store

import (
	"context"
	"errors"

	"hallmark/issuer"
)

// Keys lists the signing keys with their sealed private parts, oldest first;
// those for slips, which have a table of their own, come last.
func (tx *Tx) Keys() ([]issuer.Key, error) {
	keys, err := list[issuer.Key](tx, "created_at, id", "id <> ''")
	if err != nil {
		return nil, err
	}
	slips, err := list[issuer.SlipKey](tx, "created_at, id", "id <> ''")
	for _, k := range slips {
		keys = append(keys, issuer.Key(k))
	}
	return keys, err
}

// AddKeyOnce keeps a new key unless one of its purpose and algorithm is active
// already.
func (tx *Tx) AddKeyOnce(k *issuer.Key) (added bool, err error) {
	if k.Purpose == issuer.PurposeSlip {
		return tx.addOnce("key", (*issuer.SlipKey)(k))
	}
	return tx.addOnce("key", k)
}

// SaveKeyState moves a key on in its life.
func (tx *Tx) SaveKeyState(k *issuer.Key) error {
	columns := map[string]any{
		"state": k.State, "active_at": k.ActiveAt, "retired_at": k.RetiredAt, "compromised_at": k.CompromisedAt,
	}
	if k.Purpose == issuer.PurposeSlip {
		_, err := change[issuer.SlipKey](tx, columns, "id = ?", k.ID)
		return err
	}
	_, err := change[issuer.Key](tx, columns, "id = ?", k.ID)
	return err
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
