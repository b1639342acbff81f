package store

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm/clause"

	"hallmark/issuer"
)

// Message reads a message by id.
func (tx *Tx) Message(id issuer.MessageID) (*issuer.Message, error) {
	return take[issuer.Message](tx, "There is no such mail.", "id = ?", id)
}

// MessageByStop reads the message whose link to stop its kind has a secret.
func (tx *Tx) MessageByStop(secret string) (*issuer.Message, error) {
	return take[issuer.Message](tx, "This link is not one of ours.", "stop = ? AND stop <> ''", secret)
}

// MessageByMark reads the message with a mark.
func (tx *Tx) MessageByMark(mark string) (*issuer.Message, error) {
	return take[issuer.Message](tx, "There is no such mail.", "mark = ? AND mark <> ''", mark)
}

// standings are the rows of each standing, as Message.Standing tells them.
var standings = map[issuer.Standing]string{
	issuer.MailQueued:  "state = 'queued' AND NOT held",
	issuer.MailWaits:   "state = 'queued' AND held",
	issuer.MailSent:    gone + " AND state = 'sent' AND withheld = '' AND bounced_at IS NULL",
	issuer.MailBundled: gone + " AND withheld = 'digest' AND bounced_at IS NULL",
	issuer.MailStopped: gone + " AND withheld = 'off' AND bounced_at IS NULL",
	issuer.MailBounced: gone + " AND bounced_at IS NOT NULL",
	issuer.MailGivenUp: gone + " AND state = 'failed' AND bounced_at IS NULL",
}

// waits and gone are the two halves of the messages, each with an index.
const (
	waits = "state = 'queued'"
	gone  = "state <> 'queued'"
)

// MessagesIn lists the newest messages of a standing, or of all for "", that are
// older than one; "" is the beginning.
func (tx *Tx) MessagesIn(standing issuer.Standing, before issuer.MessageID, limit int) ([]issuer.Message, error) {
	if where, ok := standings[standing]; ok {
		return tx.newestMessages(where, before, limit)
	}
	all, err := tx.newestMessages(waits, before, limit)
	if err != nil {
		return nil, err
	}
	rest, err := tx.newestMessages(gone, before, limit)
	all = append(all, rest...)
	slices.SortFunc(all, func(a, b issuer.Message) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(string(b.ID), string(a.ID)))
	})
	return all[:min(limit, len(all))], err
}

func (tx *Tx) newestMessages(where string, before issuer.MessageID, limit int) ([]issuer.Message, error) {
	page := tx.db.Where(where).Order("created_at DESC, id DESC").Limit(limit)
	if before != "" {
		page = page.Where("(created_at, id) < (SELECT created_at, id FROM messages WHERE id = ?)", before)
	}
	return found[issuer.Message](page, "messages")
}

// HeldMessages lists the mails of a person that wait to go together, the oldest
// first.
func (tx *Tx) HeldMessages(p issuer.PersonID, limit int) ([]issuer.Message, error) {
	return found[issuer.Message](tx.db.Where("person_id = ? AND person_id <> '' AND state = 'queued' AND held", p).Order("created_at, id").Limit(limit), "messages")
}

// SentLately counts the mails of a person that went by themselves after a time.
func (tx *Tx) SentLately(p issuer.PersonID, after time.Time) (int, error) {
	return count[issuer.Message](tx, "person_id = ? AND person_id <> '' AND sent_at > ?", string(p), after)
}

// RequeueMessage keeps a message that is to go once more, as one of now.
func (tx *Tx) RequeueMessage(m *issuer.Message) error {
	if err := tx.SaveMessage(m); err != nil {
		return err
	}
	_, err := change[issuer.Message](tx, map[string]any{"created_at": m.CreatedAt, "mark": m.Mark}, "id = ?", m.ID)
	return err
}

// MailChoices lists what a person said of kinds of mail.
func (tx *Tx) MailChoices(p issuer.PersonID) ([]issuer.MailChoice, error) {
	return list[issuer.MailChoice](tx, "moment", "person_id = ?", string(p))
}

// SaveMailChoice keeps what a person says of a kind of mail, in the place of
// what they said before.
func (tx *Tx) SaveMailChoice(c *issuer.MailChoice) error {
	err := tx.db.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "person_id"}, {Name: "moment"}},
		DoUpdates: clause.AssignmentColumns([]string{"choice"}),
	}).Create(c).Error
	return fault(err, "save choice of mail")
}

// MessagesByID reads messages by id.
func (tx *Tx) MessagesByID(ids ...issuer.MessageID) ([]issuer.Message, error) {
	return list[issuer.Message](tx, "id", "id IN ?", none(ids))
}
