package store

import (
	"time"

	"hallmark/issuer"
)

// AddConcern keeps a concern and from whom it is kept.
func (tx *Tx) AddConcern(c *issuer.Concern, from ...issuer.PersonID) error {
	if err := tx.add("concern", c); err != nil {
		return err
	}
	people := make([]*issuer.ConcernPerson, len(from))
	for i, p := range from {
		people[i] = &issuer.ConcernPerson{ConcernID: c.ID, PersonID: p, IssuerID: c.IssuerID}
	}
	return addAll(tx, "concern people", people)
}

// Concern reads a concern by id.
func (tx *Tx) Concern(id issuer.ConcernID) (*issuer.Concern, error) {
	return take[issuer.Concern](tx, noConcern, "id = ?", id)
}

// ConcernOfCode reads a concern by the hash of its code.
func (tx *Tx) ConcernOfCode(hash string) (*issuer.Concern, error) {
	return take[issuer.Concern](tx, noConcern, "code_hash = ? AND code_hash <> ''", hash)
}

const noConcern = "There is no such concern."

// LockConcern reads a concern and holds it until the transaction ends.
func (tx *Tx) LockConcern(id issuer.ConcernID) (*issuer.Concern, error) {
	if err := tx.lock("concerns", []string{string(id)}); err != nil {
		return nil, err
	}
	return tx.Concern(id)
}

// SaveConcern keeps where a concern stands.
func (tx *Tx) SaveConcern(c *issuer.Concern) error {
	return save[issuer.Concern](tx, "concern", string(c.ID), map[string]any{"state": c.State, "assigned_to": c.AssignedTo,
		"changed_at": c.ChangedAt, "reminded_at": c.RemindedAt, "closed_at": c.ClosedAt})
}

// SaveConcernWords keeps the words of a concern where some were taken out.
func (tx *Tx) SaveConcernWords(c *issuer.Concern) error {
	return save[issuer.Concern](tx, "concern", string(c.ID), map[string]any{"about": c.About, "words": c.Words})
}

// ConcernPeople lists from whom concerns are kept.
func (tx *Tx) ConcernPeople(ids ...issuer.ConcernID) ([]issuer.ConcernPerson, error) {
	return list[issuer.ConcernPerson](tx, "concern_id, person_id", "concern_id IN ?", none(ids))
}

// notAbout keeps a concern from whoever it is about.
const notAbout = "NOT EXISTS (SELECT 1 FROM concern_people k WHERE k.concern_id = concerns.id AND k.person_id = ?)"

// ConcernQuery says which concerns someone handles.
type ConcernQuery struct {
	Reader   issuer.PersonID
	All      bool               // of the admins' desk, and of every program
	Programs []issuer.ProgramID // of the desks of these
	Closed   bool               // those that are closed, too
	Limit    int
}

// Concerns lists the concerns that someone handles, what waits the longest
// first.
func (tx *Tx) Concerns(q ConcernQuery) ([]issuer.Concern, error) {
	db := tx.db.Where(notAbout, q.Reader)
	if !q.All {
		db = db.Where("goes_to = 'program' AND program_id IN ?", none(q.Programs))
	}
	if !q.Closed {
		db = db.Where("state IN ('received', 'working', 'answered')")
	}
	return found[issuer.Concern](db.Order("CASE state WHEN 'closed' THEN 2 WHEN 'answered' THEN 1 ELSE 0 END, changed_at, id").Limit(q.Limit), "concerns")
}

// ConcernsOf lists what a person reported, the newest first.
func (tx *Tx) ConcernsOf(p issuer.PersonID) ([]issuer.Concern, error) {
	return list[issuer.Concern](tx, "created_at DESC, id", "reporter_id = ? AND reporter_id <> ''", p)
}

// AddConcernNote keeps a note on a concern.
func (tx *Tx) AddConcernNote(n *issuer.ConcernNote) error { return tx.add("concern note", n) }

// ConcernNotes lists the notes on concerns, the oldest first.
func (tx *Tx) ConcernNotes(ids ...issuer.ConcernID) ([]issuer.ConcernNote, error) {
	return list[issuer.ConcernNote](tx, "concern_id, at, id", "concern_id IN ?", none(ids))
}

// SaveConcernNote keeps the words of a note where some were taken out.
func (tx *Tx) SaveConcernNote(n *issuer.ConcernNote) error {
	return save[issuer.ConcernNote](tx, "concern note", string(n.ID), map[string]any{"words": n.Words})
}

// QuietConcerns lists open concerns of which nothing was heard since a moment.
func (tx *Tx) QuietConcerns(since time.Time) ([]issuer.Concern, error) {
	return list[issuer.Concern](tx, "id", "state IN ('received', 'working') AND changed_at <= ? AND reminded_at <= ?", since, since)
}

// AllConcerns lists every concern; there are few, as closed ones are forgotten.
func (tx *Tx) AllConcerns() ([]issuer.Concern, error) {
	return list[issuer.Concern](tx, "id", "1 = 1")
}

// ForgetConcerns removes what was closed before a moment, and tells how many
// they were.
func (tx *Tx) ForgetConcerns(before time.Time) (int, error) {
	const old = "(SELECT id FROM concerns WHERE state = 'closed' AND closed_at <= ?)"
	for _, table := range []string{"concern_notes", "concern_people"} {
		if _, err := tx.exec("DELETE FROM "+table+" WHERE concern_id IN "+old, before); err != nil {
			return 0, fault(err, "forget concerns")
		}
	}
	n, err := remove[issuer.Concern](tx, "state = 'closed' AND closed_at <= ?", before)
	return int(n), err
}

// GrantsOfAdmins lists who runs the installation.
func (tx *Tx) GrantsOfAdmins() ([]issuer.Grant, error) {
	return list[issuer.Grant](tx, "person_id", "role = ? AND program_id = ''", issuer.Admin)
}
