package store

import (
	"encoding/json"
	"fmt"
	"time"

	"hallmark/issuer"
)

// RecordsHeld is the setting with the issuer.Hold, as ReadHold reads it; "" if
// none holds.
const RecordsHeld = "records_held"

// Held reads whether the records may go on.
func (tx *Tx) Held() (issuer.Hold, error) {
	text, err := tx.Setting(RecordsHeld)
	if err != nil {
		return issuer.Hold{}, err
	}
	return ReadHold(text)
}

// ReadHold reads the setting RecordsHeld; "" is the zero Hold.
func ReadHold(setting string) (h issuer.Hold, err error) {
	if setting == "" {
		return h, nil
	}
	if err = json.Unmarshal([]byte(setting), &h); err != nil {
		err = fmt.Errorf("read setting %s: %w", RecordsHeld, err)
	}
	return h, err
}

// SetHold holds the records; the zero Hold lets them go on.
func (tx *Tx) SetHold(h issuer.Hold) error {
	text := ""
	if h.Holds() {
		raw, err := json.Marshal(h)
		if err != nil {
			return fmt.Errorf("encode hold: %w", err)
		}
		text = string(raw)
	}
	return tx.Set(RecordsHeld, text)
}

// AddLostEntryOnce keeps a bit whose credential is not in the records.
func (tx *Tx) AddLostEntryOnce(e *issuer.LostEntry) (added bool, err error) {
	return tx.addOnce("lost entry", e)
}

// AddLostCredentialOnce keeps the id of a badge that is not in the records.
func (tx *Tx) AddLostCredentialOnce(c *issuer.LostCredential) (added bool, err error) {
	return tx.addOnce("lost credential", c)
}

// Lost tells whether the records lost a badge that the public log knows.
func (tx *Tx) Lost(id issuer.CredentialID) (bool, error) {
	n, err := count[issuer.LostCredential](tx, "id = ?", id)
	return n > 0, err
}

// lostIndexes lists those of a list, in order.
func (tx *Tx) lostIndexes(id issuer.StatusListID) ([]int, error) {
	rows, err := list[issuer.LostEntry](tx, "status_index", "status_list_id = ?", id)
	indexes := make([]int, len(rows))
	for i, e := range rows {
		indexes[i] = e.StatusIndex
	}
	return indexes, err
}

// EntriesAt lists the entries of a list by index; those of its indexes that
// were never taken have none.
func (tx *Tx) EntriesAt(id issuer.StatusListID) (map[int]issuer.StatusEntry, error) {
	rows, err := list[issuer.StatusEntry](tx, "status_index", "status_list_id = ?", id)
	at := make(map[int]issuer.StatusEntry, len(rows))
	for _, e := range rows {
		at[e.StatusIndex] = e
	}
	return at, err
}

// SetStatusAt sets the bit of a credential as of a time, which takes the place
// of one that was noted before, and marks its list to be signed anew.
func (tx *Tx) SetStatusAt(e *issuer.StatusEntry, reason string, at time.Time) error {
	if _, err := change[issuer.StatusEntry](tx, map[string]any{"set_at": at, "reason": reason}, "credential_id = ?", e.CredentialID); err != nil {
		return err
	}
	_, err := change[issuer.StatusList](tx, map[string]any{"dirty": true}, "id = ?", e.StatusListID)
	return err
}

// RaiseStatusList brings a list to a version that was published, to be signed
// anew as the next one.
func (tx *Tx) RaiseStatusList(id issuer.StatusListID, version int) error {
	_, err := change[issuer.StatusList](tx, map[string]any{"version": version, "dirty": true}, "id = ? AND version <= ?", id, version)
	return err
}

// LeafAt reads the leaf at a position.
func (tx *Tx) LeafAt(position int64) (*issuer.LogLeaf, error) {
	return take[issuer.LogLeaf](tx, "The log has no such leaf.", "sequence = ?", position)
}

// Instances lists the signers of the VC-API.
func (tx *Tx) Instances() ([]issuer.Instance, error) {
	return list[issuer.Instance](tx, "id", "id <> ''")
}
