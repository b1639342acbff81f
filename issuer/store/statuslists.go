package store

import (
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"hallmark/issuer"
)

// StatusListSize is how many entries a list has: the least that Bitstring
// Status List §2.2 asks for, so that an index tells little about its holder.
const StatusListSize = 131_072

// AddStatusList keeps a new list. It is published, empty, by the next run of
// the publisher: Dirty says so.
func (tx *Tx) AddStatusList(l *issuer.StatusList) error { return tx.add("status list", l) }

// StatusList reads a list.
func (tx *Tx) StatusList(id issuer.StatusListID) (*issuer.StatusList, error) {
	return take[issuer.StatusList](tx, "There is no such status list.", "id = ?", id)
}

// StatusListPublishedAt reads when a list was last signed; nil: it waits for its
// first time.
func (tx *Tx) StatusListPublishedAt(id issuer.StatusListID) (at *time.Time, err error) {
	err = tx.query("SELECT published_at FROM status_lists WHERE id = ?", []any{id}, func(rows *sql.Rows) error { return rows.Scan(&at) })
	return at, fault(err, "read status list")
}

// StatusLists lists all lists without their bytes, the newest first.
func (tx *Tx) StatusLists() ([]issuer.StatusList, error) {
	return found[issuer.StatusList](tx.db.Omit("bytes").Order("identity DESC, created_at DESC, id DESC"), "status lists")
}

// LockStatusList reads a list and holds it until the transaction ends, so that
// no entry of it is set meanwhile.
func (tx *Tx) LockStatusList(id issuer.StatusListID) (*issuer.StatusList, error) {
	if err := tx.lock("status_lists", []string{string(id)}); err != nil {
		return nil, err
	}
	return tx.StatusList(id)
}

// OpenStatusList reads the list that takes new entries: the newest of its
// purpose, without its bytes; nil if there is none.
func (tx *Tx) OpenStatusList(purpose string) (*issuer.StatusList, error) {
	var open *issuer.StatusList
	err := tx.query("SELECT id, issuer_id, identity, size FROM status_lists WHERE purpose = ? ORDER BY identity DESC, created_at DESC, id DESC LIMIT 1",
		[]any{purpose}, func(rows *sql.Rows) error {
			open = &issuer.StatusList{Purpose: purpose}
			return rows.Scan(&open.ID, &open.IssuerID, &open.Identity, &open.Size)
		})
	return open, fault(err, "read open status list")
}

// NewStatusList begins another list of a purpose, of StatusListSize entries, under
// what the issuer is called now.
func (tx *Tx) NewStatusList(i issuer.IssuerID, purpose string) (*issuer.StatusList, error) {
	return tx.newList(i, purpose, StatusListSize)
}

// NewStatusListAt begins another list that is as old as it says: the newest of a
// purpose takes the entries.
func (tx *Tx) NewStatusListAt(i issuer.IssuerID, purpose string, at time.Time) error {
	former, err := tx.FormerIdentities()
	if err != nil {
		return err
	}
	return tx.AddStatusList(&issuer.StatusList{ID: issuer.StatusListID(rand.Text()), IssuerID: i, Purpose: purpose, Identity: len(former), Size: StatusListSize, Dirty: true, CreatedAt: at})
}

func (tx *Tx) newList(i issuer.IssuerID, purpose string, size int) (*issuer.StatusList, error) {
	former, err := tx.FormerIdentities()
	if err != nil {
		return nil, err
	}
	l := &issuer.StatusList{ID: issuer.StatusListID(rand.Text()), IssuerID: i, Purpose: purpose, Identity: len(former), Size: size, Dirty: true, CreatedAt: tx.Now}
	return l, tx.AddStatusList(l)
}

// ReserveStatus gives a credential a place in the open list of a purpose.
func (tx *Tx) ReserveStatus(i issuer.IssuerID, purpose string, c issuer.CredentialID) (*issuer.StatusEntry, error) {
	l, err := tx.OpenStatusList(purpose)
	if err == nil && l == nil {
		l, err = tx.NewStatusList(i, purpose)
	}
	if err != nil {
		return nil, err
	}
	entries, err := tx.ReserveStatuses(l, c)
	if err != nil {
		return nil, err
	}
	return entries[0], nil
}

// ReserveStatuses gives credentials places in the open list, in their order:
// random indexes that no other has or ever had. Nothing that acts share is
// changed, so that they do not wait for each other; who draws an index that is
// taken draws again. A list that is three quarters full is closed: usually by
// FillStatusLists, and here when one fills faster than that looks.
func (tx *Tx) ReserveStatuses(l *issuer.StatusList, credentials ...issuer.CredentialID) (entries []*issuer.StatusEntry, err error) {
	entries = make([]*issuer.StatusEntry, len(credentials))
	for n, c := range credentials {
		entries[n] = &issuer.StatusEntry{IssuerID: l.IssuerID, CredentialID: c}
	}
	for draw, open := 1, entries; err == nil && len(open) > 0; draw++ {
		if open, err = tx.draw(l, open); err == nil && len(open) > 0 && draw%4 == 0 {
			l, err = tx.afterDraws(l)
		}
	}
	return entries, err
}

// draw draws an index of a list for each entry and keeps those that are free.
// It gives back the entries without a place.
func (tx *Tx) draw(l *issuer.StatusList, entries []*issuer.StatusEntry) ([]*issuer.StatusEntry, error) {
	rows, ids := make([]any, len(entries)), make([]issuer.CredentialID, len(entries))
	for n, e := range entries {
		index, err := random(l.Size)
		if err != nil {
			return nil, err
		}
		e.StatusListID, e.StatusIndex = l.ID, index
		rows[n], ids[n] = e, e.CredentialID
	}
	added, err := tx.insert(rows, " ON CONFLICT DO NOTHING")
	if err != nil || added == int64(len(rows)) {
		return nil, fault(err, "add status entries")
	}
	kept, err := list[issuer.StatusEntry](tx, "credential_id", "credential_id IN ?", ids)
	if err != nil {
		return nil, err
	}
	place := map[issuer.CredentialID]issuer.StatusEntry{}
	for _, k := range kept {
		place[k.CredentialID] = k
	}
	var open []*issuer.StatusEntry
	for _, e := range entries {
		k, ok := place[e.CredentialID]
		switch {
		case !ok:
			open = append(open, e)
		case k.StatusListID != e.StatusListID || k.StatusIndex != e.StatusIndex:
			return nil, fmt.Errorf("reserve status of %s: %w", e.CredentialID, ErrDuplicate)
		}
	}
	return open, nil
}

// afterDraws looks why four draws in a row hit a taken index: another list is
// open by now, the list is full enough to begin another, or it was chance.
func (tx *Tx) afterDraws(l *issuer.StatusList) (*issuer.StatusList, error) {
	open, err := tx.OpenStatusList(l.Purpose)
	if err != nil || open.ID != l.ID {
		return open, err
	}
	used, err := tx.CountStatus(l.ID)
	if err != nil || !full(used, l.Size) {
		return l, err
	}
	return tx.newList(l.IssuerID, l.Purpose, l.Size)
}

// full tells whether a list takes no more entries.
func full(used, size int) bool { return 4*used >= 3*size }

// random draws a number below n, which is far below 2^32, from the system's
// randomness: an index must not be guessable from the one before.
func random(n int) (int, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return 0, fmt.Errorf("draw status index: %w", err)
	}
	return int(binary.BigEndian.Uint64(b[:]) % uint64(n)), nil
}

// StatusListsFill tells whether entries were taken since FillStatusLists ran.
func (tx *Tx) StatusListsFill() (bool, error) {
	open, err := tx.openLists()
	for _, l := range open {
		if err != nil {
			return false, err
		}
		var used int
		if used, err = tx.CountStatus(l.ID); used != l.Used {
			return true, err
		}
	}
	return false, err
}

// FillStatusLists notes how full the open list of each purpose is and begins
// another where it is three quarters full.
func (tx *Tx) FillStatusLists() error {
	open, err := tx.openLists()
	for _, l := range open {
		if err != nil {
			return err
		}
		err = tx.fill(&l)
	}
	return err
}

func (tx *Tx) fill(l *issuer.StatusList) error {
	used, err := tx.CountStatus(l.ID)
	if err != nil {
		return err
	}
	if _, err := change[issuer.StatusList](tx, map[string]any{"used": used}, "id = ?", l.ID); err != nil {
		return err
	}
	if full(used, l.Size) {
		_, err = tx.newList(l.IssuerID, l.Purpose, l.Size)
	}
	return err
}

// openLists gives the newest list of each purpose.
func (tx *Tx) openLists() ([]issuer.StatusList, error) {
	lists, err := tx.StatusLists()
	seen := map[string]bool{}
	var open []issuer.StatusList
	for _, l := range lists {
		if !seen[l.Purpose] {
			seen[l.Purpose] = true
			open = append(open, l)
		}
	}
	return open, err
}

// CountStatus counts the entries of a list that are taken.
func (tx *Tx) CountStatus(id issuer.StatusListID) (int, error) {
	return count[issuer.StatusEntry](tx, "status_list_id = ?", id)
}

// StatusEntry reads the place of a credential.
func (tx *Tx) StatusEntry(c issuer.CredentialID) (*issuer.StatusEntry, error) {
	return take[issuer.StatusEntry](tx, "There is no such credential.", "credential_id = ?", c)
}

// SetStatus sets the bit of a credential for good, with the reason ("revoked",
// "superseded", "erased"), and marks its list to be signed anew. A bit that
// is set keeps its time; its reason becomes the later one.
func (tx *Tx) SetStatus(c issuer.CredentialID, reason string) error {
	e, err := tx.StatusEntry(c)
	if err != nil {
		return err
	}
	at := tx.Now
	if e.SetAt != nil {
		at = *e.SetAt
	}
	if _, err := change[issuer.StatusEntry](tx, map[string]any{"set_at": at, "reason": reason}, "credential_id = ?", c); err != nil {
		return err
	}
	// Unconditionally, also where it is dirty already: this waits for a
	// publisher that holds the list and has not seen the bit.
	_, err = change[issuer.StatusList](tx, map[string]any{"dirty": true}, "id = ?", e.StatusListID)
	return err
}

// SetIndexes lists the indexes of a list whose bit is set, in order, those of
// credentials that the records lost among them.
func (tx *Tx) SetIndexes(id issuer.StatusListID) ([]int, error) {
	var indexes []int
	err := tx.db.Model(&issuer.StatusEntry{}).Where("status_list_id = ? AND set_at IS NOT NULL", id).
		Order("status_index").Pluck("status_index", &indexes).Error
	if err != nil {
		return nil, fault(err, "list set status bits")
	}
	lost, err := tx.lostIndexes(id)
	if err != nil || len(lost) == 0 {
		return indexes, err
	}
	indexes = append(indexes, lost...)
	slices.Sort(indexes)
	return slices.Compact(indexes), nil
}

// ListsToPublish names the lists with a bit set since they were signed, and
// those that were signed before a time.
func (tx *Tx) ListsToPublish(before time.Time) ([]issuer.StatusListID, error) {
	var ids []issuer.StatusListID
	err := tx.db.Model(&issuer.StatusList{}).Where("dirty OR published_at IS NULL OR published_at < ?", before).
		Order("created_at, id").Pluck("id", &ids).Error
	return ids, fault(err, "list status lists to publish")
}

// PublishStatusList keeps the signed bytes of a list as its next version.
func (tx *Tx) PublishStatusList(l *issuer.StatusList, signed []byte) error {
	l.Bytes, l.Version, l.Dirty, l.PublishedAt = signed, l.Version+1, false, &tx.Now
	_, err := change[issuer.StatusList](tx, map[string]any{
		"bytes": l.Bytes, "version": l.Version, "dirty": false, "published_at": l.PublishedAt,
	}, "id = ?", l.ID)
	return err
}
