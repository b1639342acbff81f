package store

import "hallmark/issuer"

// AddNameRequestOnce keeps a request unless the person has an open one.
func (tx *Tx) AddNameRequestOnce(r *issuer.NameRequest) (added bool, err error) {
	return tx.addOnce("name request", r)
}

// NameRequest reads a request by id.
func (tx *Tx) NameRequest(id issuer.NameRequestID) (*issuer.NameRequest, error) {
	return take[issuer.NameRequest](tx, "There is no such request.", "id = ?", id)
}

// NameRequestsOf lists the requests of a person, the newest first.
func (tx *Tx) NameRequestsOf(p issuer.PersonID) ([]issuer.NameRequest, error) {
	return list[issuer.NameRequest](tx, "created_at DESC, id", "person_id = ?", p)
}

// OpenNameRequests lists the requests that wait for an answer, the oldest first.
func (tx *Tx) OpenNameRequests() ([]issuer.NameRequest, error) {
	return list[issuer.NameRequest](tx, "created_at, id", "state = 'open'")
}

// SaveNameRequest keeps how a request was settled.
func (tx *Tx) SaveNameRequest(r *issuer.NameRequest) error {
	return save[issuer.NameRequest](tx, "name request", string(r.ID), map[string]any{"state": r.State, "answer": r.Answer, "answered_by": r.AnsweredBy, "answered_at": r.AnsweredAt})
}

// AddAppealOnce keeps an appeal unless there is one against the same return.
func (tx *Tx) AddAppealOnce(a *issuer.Appeal) (added bool, err error) { return tx.addOnce("appeal", a) }

// Appeal reads an appeal by id.
func (tx *Tx) Appeal(id issuer.AppealID) (*issuer.Appeal, error) {
	return take[issuer.Appeal](tx, "There is no such appeal.", "id = ?", id)
}

// Appeals lists the appeals of capstones, the oldest first.
func (tx *Tx) Appeals(capstones ...issuer.CapstoneID) ([]issuer.Appeal, error) {
	return list[issuer.Appeal](tx, "created_at, id", "capstone_id IN ?", none(capstones))
}

// AppealsBy lists the appeals that a person made, the oldest first.
func (tx *Tx) AppealsBy(p issuer.PersonID) ([]issuer.Appeal, error) {
	return list[issuer.Appeal](tx, "created_at, id", "person_id = ?", p)
}

// OpenAppeals lists the appeals that wait for an answer and still count, the
// oldest first.
func (tx *Tx) OpenAppeals() ([]issuer.Appeal, error) {
	return list[issuer.Appeal](tx, "created_at, id", `state = 'open' AND EXISTS (SELECT 1 FROM capstones c
		WHERE c.id = appeals.capstone_id AND c.state = 'returned' AND c.submission = appeals.submission)`)
}

// SaveAppeal keeps how an appeal was answered.
func (tx *Tx) SaveAppeal(a *issuer.Appeal) error {
	return save[issuer.Appeal](tx, "appeal", string(a.ID), map[string]any{"state": a.State, "words": a.Words, "answer": a.Answer, "answered_by": a.AnsweredBy, "answered_at": a.AnsweredAt})
}
