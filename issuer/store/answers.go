package store

import "hallmark/issuer"

// Answer reads what a request of a caller with a key was answered.
func (tx *Tx) Answer(caller, key string) (*issuer.Answer, error) {
	return take[issuer.Answer](tx, "There is no answer to this request yet.", `caller = ? AND "key" = ?`, caller, key)
}

// AddAnswer keeps the answer of a request, in the transaction of its act. It
// gives ErrDuplicate if the same request was answered at the same moment.
func (tx *Tx) AddAnswer(a *issuer.Answer) error {
	if a.Body == nil {
		a.Body = []byte{}
	}
	return tx.add("answer", a)
}
