package store

import (
	"crypto/rand"
	"time"

	"hallmark/issuer"
)

// AddMessage puts a message into the outbox; it leaves after the commit.
func (tx *Tx) AddMessage(m *issuer.Message) error { return addLate(tx, lateMessages, m) }

// AddMessages puts many messages there.
func (tx *Tx) AddMessages(m ...*issuer.Message) error { return addLate(tx, lateMessages, m...) }

// MessagesDue tells whether any message of a kind is due.
func (tx *Tx) MessagesDue(kind string) (bool, error) {
	due, err := found[issuer.Message](tx.db.Select("id").Where("state = 'queued' AND kind = ? AND next_at <= ?", kind, tx.Now).Limit(1), "messages")
	return len(due) > 0, err
}

// ClaimMessages takes messages that are due, of one kind, and counts the
// attempt before it is made. If nothing is heard of one again it is due once
// more after lease: a message may go twice, never not at all.
func (tx *Tx) ClaimMessages(kind string, limit int, lease time.Duration) ([]issuer.Message, error) {
	messages, err := found[issuer.Message](tx.db.Where("state = 'queued' AND kind = ? AND next_at <= ?", kind, tx.Now).
		Order("next_at, id").Limit(limit), "messages")
	for i := range messages {
		if err != nil {
			return nil, err
		}
		m := &messages[i]
		m.Attempts++
		if m.Mark == "" {
			m.Mark = rand.Text() // kept, so that every attempt has the same id
		}
		_, err = change[issuer.Message](tx, map[string]any{"attempts": m.Attempts, "next_at": tx.Now.Add(lease), "mark": m.Mark}, "id = ?", m.ID)
	}
	return messages, err
}

// SaveMessage keeps what became of a message.
func (tx *Tx) SaveMessage(m *issuer.Message) error {
	_, err := change[issuer.Message](tx, map[string]any{
		"state": m.State, "attempts": m.Attempts, "next_at": m.NextAt, "sent_at": m.SentAt, "problem": m.Problem,
		"data": m.Data, "recipient": m.Recipient, "stop": m.Stop, "held": m.Held, "withheld": m.Withheld, "bounced_at": m.BouncedAt,
	}, "id = ?", m.ID)
	return err
}

// Messages lists the newest messages of a state, or of every state if it is "".
func (tx *Tx) Messages(state string, limit int) ([]issuer.Message, error) {
	return found[issuer.Message](tx.db.Where("(? = '' OR state = ?)", state, state).
		Order("created_at DESC, id").Limit(limit), "messages")
}

// OverdueMessages counts messages that should have been sent before a time.
func (tx *Tx) OverdueMessages(before time.Time) (int, error) {
	return count[issuer.Message](tx, "state = 'queued' AND next_at < ?", before)
}

// MessagesNamed reads messages by id; those that are not there are left out.
func (tx *Tx) MessagesNamed(ids ...issuer.MessageID) ([]issuer.Message, error) {
	return list[issuer.Message](tx, "id", "id IN ?", none(ids))
}
