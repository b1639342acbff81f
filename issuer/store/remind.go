package store

import (
	"fmt"
	"time"

	"hallmark/issuer"
)

// Ending lists a page of issued awards by id that end after one time and not
// after another, and whose holders were not told of it that many days before (see
// issuer.Award.ReminderID).
func (tx *Tx) Ending(days int, after, until time.Time, from issuer.AwardID, limit int) ([]issuer.Award, error) {
	return found[issuer.Award](tx.db.Where("state = 'issued' AND valid_until > ? AND valid_until <= ? AND id > ?", after, until, from).
		Where("NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = ? || awards.id || CASE WHEN awards.term > 0 THEN '-' || awards.term ELSE '' END)", fmt.Sprintf("REMIND-%d-", days)).
		Order("id").Limit(limit), "awards")
}

// AddMessageOnce puts a message into the outbox unless one with its id is, or
// was, there.
func (tx *Tx) AddMessageOnce(m *issuer.Message) (added bool, err error) {
	return tx.addOnce("message", m)
}
