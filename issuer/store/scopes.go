package store

import (
	"hallmark/issuer"
)

// AddScope keeps a scope that was handed in.
func (tx *Tx) AddScope(s *issuer.CapstoneScope) error { return tx.add("scope", s) }

// Scopes lists the scopes of capstones, the newest first.
func (tx *Tx) Scopes(ids ...issuer.CapstoneID) ([]issuer.CapstoneScope, error) {
	return list[issuer.CapstoneScope](tx, "capstone_id, number DESC", "capstone_id IN ?", none(ids))
}

// SaveScopeDecision keeps what was decided about a scope. It refuses if someone
// decided meanwhile.
func (tx *Tx) SaveScopeDecision(s *issuer.CapstoneScope) error {
	n, err := change[issuer.CapstoneScope](tx, map[string]any{"decision": s.Decision, "reviewer_id": s.ReviewerID,
		"tier": s.Tier, "note": s.Note, "decided_at": s.DecidedAt}, "id = ? AND decided_at IS NULL", s.ID)
	if err == nil && n != 1 {
		return issuer.Refuse(issuer.Conflict, "Someone else decided about this scope a moment ago.")
	}
	return err
}

// SavePart keeps what a member does in a team.
func (tx *Tx) SavePart(m *issuer.Member) error {
	_, err := change[issuer.Member](tx, map[string]any{"part": m.Part}, "capstone_id = ? AND person_id = ?", m.CapstoneID, m.PersonID)
	return err
}

// RemoveMember takes a person out of a team.
func (tx *Tx) RemoveMember(c issuer.CapstoneID, p issuer.PersonID) error {
	_, err := remove[issuer.Member](tx, "capstone_id = ? AND person_id = ?", c, p)
	return err
}

// AddConfirmation keeps that someone was asked whether a claim is right.
func (tx *Tx) AddConfirmation(c *issuer.Confirmation) error { return tx.add("confirmation", c) }

// Confirmations lists who was asked about the claim of a capstone, the newest
// first.
func (tx *Tx) Confirmations(id issuer.CapstoneID) ([]issuer.Confirmation, error) {
	return list[issuer.Confirmation](tx, "asked_at DESC, id", "capstone_id = ?", id)
}

// ConfirmationOf reads a confirmation by the hash of the secret in its link.
func (tx *Tx) ConfirmationOf(hash string) (*issuer.Confirmation, error) {
	return take[issuer.Confirmation](tx, "This link is not valid. Ask the team for a new one.", "hash = ?", hash)
}

// SaveConfirmation keeps what was answered. It refuses a second answer.
func (tx *Tx) SaveConfirmation(c *issuer.Confirmation) error {
	n, err := change[issuer.Confirmation](tx, map[string]any{"answer": c.Answer, "person_id": c.PersonID, "name": c.Name,
		"address": c.Address, "answered_at": c.AnsweredAt}, "id = ? AND answered_at IS NULL", c.ID)
	if err == nil && n != 1 {
		return issuer.Refuse(issuer.Conflict, "This was answered already. Thank you.")
	}
	return err
}
