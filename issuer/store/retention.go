package store

import "time"

// Forgotten counts what ForgetOld removed.
type Forgotten struct{ Mails, Browsers, Drafts int64 }

// forgetAtOnce is how many mails go in one transaction.
const forgetAtOnce = 5000

// ForgetOld removes mails that were sent or given up, browsers and drafts of reviews
// that are older than three times. Of many mails it leaves some for the next time.
func (tx *Tx) ForgetOld(mails, browsers, drafts time.Time) (n Forgotten, err error) {
	if n.Mails, err = tx.exec("DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE state IN ('sent', 'failed') AND created_at < ? ORDER BY id LIMIT ?)", mails, forgetAtOnce); err != nil {
		return n, fault(err, "forget mails")
	}
	if n.Browsers, err = tx.exec("DELETE FROM devices WHERE seen_at < ?", browsers); err != nil {
		return n, fault(err, "forget browsers")
	}
	n.Drafts, err = tx.exec("DELETE FROM review_drafts WHERE saved_at < ?", drafts)
	return n, fault(err, "forget drafts")
}
