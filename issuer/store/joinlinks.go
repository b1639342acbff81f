package store

import "hallmark/issuer"

// AddJoinLink keeps a link.
func (tx *Tx) AddJoinLink(l *issuer.JoinLink) error { return tx.add("join link", l) }

// JoinLinks lists the links of a cohort, the newest first.
func (tx *Tx) JoinLinks(c issuer.CohortID) ([]issuer.JoinLink, error) {
	return list[issuer.JoinLink](tx, "created_at DESC, id", "cohort_id = ?", c)
}

// JoinLink reads a link by id.
func (tx *Tx) JoinLink(id issuer.JoinLinkID) (*issuer.JoinLink, error) {
	return take[issuer.JoinLink](tx, "There is no such link.", "id = ?", id)
}

// JoinLinkOf reads a link by the hash of its secret.
func (tx *Tx) JoinLinkOf(hash string) (*issuer.JoinLink, error) {
	return take[issuer.JoinLink](tx, "This link is not valid. Ask whoever gave it to you for a new one.", "hash = ?", hash)
}

// LockJoinLink reads a link by id and holds it until the transaction ends, so
// that its places are given out one after the other.
func (tx *Tx) LockJoinLink(id issuer.JoinLinkID) (*issuer.JoinLink, error) {
	if err := tx.lock("join_links", []string{string(id)}); err != nil {
		return nil, err
	}
	return tx.JoinLink(id)
}

// SaveJoinLink keeps how many joined and whether it is closed.
func (tx *Tx) SaveJoinLink(l *issuer.JoinLink) error {
	return save[issuer.JoinLink](tx, "join link", string(l.ID), map[string]any{"used": l.Used, "closed_at": l.ClosedAt})
}
