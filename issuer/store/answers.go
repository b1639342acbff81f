package store

import "hallmark/issuer"

// Answer reads what a request of a caller with a key was answered; nil if
// there was none.
func (tx *Tx) Answer(caller, key string) (*issuer.Answer, error) {
	rows, err := list[issuer.Answer](tx, "caller", `caller = ? AND "key" = ?`, caller, key)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// AddAnswerOnce keeps the answer of a request, in the transaction of its act,
// unless the same key was answered meanwhile.
func (tx *Tx) AddAnswerOnce(a *issuer.Answer) (added bool, err error) {
	if a.Body == nil {
		a.Body = []byte{}
	}
	return tx.addOnce("answer", a)
}

// SaveAnswer replaces the answer of a request that was marked as running.
func (tx *Tx) SaveAnswer(a *issuer.Answer) error {
	_, err := change[issuer.Answer](tx, map[string]any{"status": a.Status, "body": a.Body}, `caller = ? AND "key" = ?`, a.Caller, a.Key)
	return err
}

// RemoveAnswer forgets a request that was marked as running and failed.
func (tx *Tx) RemoveAnswer(caller, key string) error {
	_, err := remove[issuer.Answer](tx, `caller = ? AND "key" = ?`, caller, key)
	return err
}
