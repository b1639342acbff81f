package store

import "hallmark/issuer"

// AddDeferredOnce keeps a fact that is to earn later, unless it is kept.
func (tx *Tx) AddDeferredOnce(d *issuer.DeferredFact) (added bool, err error) {
	return tx.addOnce("deferred fact", d)
}

// Deferred lists facts that are to earn later by id, after one of them.
func (tx *Tx) Deferred(after issuer.DeferredID, limit int) ([]issuer.DeferredFact, error) {
	return found[issuer.DeferredFact](tx.db.Where("id > ?", after).Order("id").Limit(limit), "deferred facts")
}

// CountDeferred counts them.
func (tx *Tx) CountDeferred() (int, error) { return count[issuer.DeferredFact](tx, "id <> ''") }

// RemoveDeferred takes one off the list and tells whether it was there: of
// several who work it off, one does.
func (tx *Tx) RemoveDeferred(id issuer.DeferredID) (removed bool, err error) {
	n, err := remove[issuer.DeferredFact](tx, "id = ?", id)
	return n > 0, err
}

// Completion reads a completion by id.
func (tx *Tx) Completion(id issuer.CompletionID) (*issuer.Completion, error) {
	return take[issuer.Completion](tx, "There is no such completion.", "id = ?", id)
}
