package store

import (
	"crypto/rand"
	"errors"
	"fmt"

	"hallmark/issuer"
)

const noInstance = "There is no such instance."

// AddInstanceOnce keeps a new instance unless there is one of its name.
func (tx *Tx) AddInstanceOnce(i *issuer.Instance) (added bool, err error) {
	return tx.addOnce("instance", i)
}

// Instance reads an instance with its sealed key.
func (tx *Tx) Instance(id issuer.InstanceID) (*issuer.Instance, error) {
	return take[issuer.Instance](tx, noInstance, "id = ?", id)
}

// LockInstance reads an instance and holds it until the transaction ends, so
// that acts on its status lists go one after the other.
func (tx *Tx) LockInstance(id issuer.InstanceID) (*issuer.Instance, error) {
	if err := tx.lock("instances", []string{string(id)}); err != nil {
		return nil, err
	}
	return tx.Instance(id)
}

// InstanceList reads a status list of an instance.
func (tx *Tx) InstanceList(instance issuer.InstanceID, id issuer.InstanceListID) (*issuer.InstanceList, error) {
	return take[issuer.InstanceList](tx, "There is no such status list.", "id = ? AND instance_id = ?", id, instance)
}

// OpenInstanceList reads the list of an instance that takes new entries: the
// newest, unless it is three quarters full; NotFound when there is none.
func (tx *Tx) OpenInstanceList(instance issuer.InstanceID) (*issuer.InstanceList, error) {
	const missing = "There is no open status list."
	lists, err := list[issuer.InstanceList](tx, "created_at DESC, id DESC LIMIT 1", "instance_id = ?", instance)
	if err != nil {
		return nil, err
	}
	if len(lists) == 0 {
		return nil, issuer.Refuse(issuer.NotFound, missing)
	}
	used, err := count[issuer.InstanceEntry](tx, "instance_list_id = ?", lists[0].ID)
	if err == nil && full(used, lists[0].Size) {
		err = issuer.Refuse(issuer.NotFound, missing)
	}
	return &lists[0], err
}

// NewInstanceList gives a list of StatusListSize entries that is not kept yet:
// it is added with its first signed bytes.
func (tx *Tx) NewInstanceList(i *issuer.Instance) *issuer.InstanceList {
	return &issuer.InstanceList{ID: issuer.InstanceListID(rand.Text()), IssuerID: i.IssuerID, InstanceID: i.ID,
		Purpose: i.Status, Size: StatusListSize, ChangedAt: tx.Now, CreatedAt: tx.Now}
}

// AddInstanceList keeps a new list.
func (tx *Tx) AddInstanceList(l *issuer.InstanceList) error { return tx.add("instance list", l) }

// SaveInstanceList keeps the list as it was signed anew.
func (tx *Tx) SaveInstanceList(l *issuer.InstanceList, signed []byte) error {
	l.Bytes, l.ChangedAt = signed, tx.Now
	_, err := change[issuer.InstanceList](tx, map[string]any{"bytes": signed, "changed_at": tx.Now}, "id = ?", l.ID)
	return err
}

// ReserveInstanceStatus draws a free index of a list for a credential. name
// makes the credential's id of the index, for one that has none. It refuses a
// credential that has an entry already. The instance must be locked.
func (tx *Tx) ReserveInstanceStatus(l *issuer.InstanceList, name func(index int) string) (*issuer.InstanceEntry, error) {
	for range 64 {
		index, err := random(l.Size)
		if err != nil {
			return nil, err
		}
		e := &issuer.InstanceEntry{InstanceListID: l.ID, StatusIndex: index, IssuerID: l.IssuerID, InstanceID: l.InstanceID, CredentialID: name(index)}
		added, err := tx.addOnce("instance entry", e)
		if err != nil || added {
			return e, err
		}
		_, err = tx.InstanceEntry(l.InstanceID, e.CredentialID)
		if err == nil {
			return nil, issuer.Refuse(issuer.Conflict, "A credential with this id was signed here before; give it another id.")
		}
		if !errors.Is(err, issuer.NotFound) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("reserve status in list %s: no free index was drawn", l.ID)
}

// InstanceEntry reads the place of a credential of an instance.
func (tx *Tx) InstanceEntry(instance issuer.InstanceID, credential string) (*issuer.InstanceEntry, error) {
	return take[issuer.InstanceEntry](tx, "This instance keeps no status of such a credential.", "instance_id = ? AND credential_id = ?", instance, credential)
}

// SetInstanceStatus sets or clears the bit of an entry.
func (tx *Tx) SetInstanceStatus(e *issuer.InstanceEntry, on bool) error {
	e.SetAt = nil
	if on {
		e.SetAt = &tx.Now
	}
	_, err := change[issuer.InstanceEntry](tx, map[string]any{"set_at": e.SetAt}, "instance_list_id = ? AND status_index = ?", e.InstanceListID, e.StatusIndex)
	return err
}

// SetInstanceIndexes lists the indexes of a list whose bit is set.
func (tx *Tx) SetInstanceIndexes(id issuer.InstanceListID) ([]int, error) {
	var indexes []int
	err := tx.db.Model(&issuer.InstanceEntry{}).Where("instance_list_id = ? AND set_at IS NOT NULL", id).
		Order("status_index").Pluck("status_index", &indexes).Error
	return indexes, fault(err, "list set status bits")
}
