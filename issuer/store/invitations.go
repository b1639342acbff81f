package store

import (
	"time"

	"hallmark/issuer"
)

const noInvitation = "There is no such invitation."

// AddInvitationOnce keeps an invitation unless one of the address to the same
// place is open.
func (tx *Tx) AddInvitationOnce(i *issuer.Invitation) (added bool, err error) {
	return tx.addOnce("invitation", i)
}

// InvitationOf reads the invitation whose link has a secret with a hash.
func (tx *Tx) InvitationOf(hash string) (*issuer.Invitation, error) {
	return take[issuer.Invitation](tx, noInvitation, "hash = ?", hash)
}

// LockInvitation holds an invitation until the transaction ends and reads it as
// it is then.
func (tx *Tx) LockInvitation(id issuer.InvitationID) (*issuer.Invitation, error) {
	if err := tx.lock("invitations", []string{string(id)}); err != nil {
		return nil, err
	}
	return take[issuer.Invitation](tx, noInvitation, "id = ?", id)
}

// Invitations lists the newest invitations to programs, or to all if programs is
// nil; open tells whether those that were accepted or withdrawn are left out.
func (tx *Tx) Invitations(programs []issuer.ProgramID, open bool, limit int) ([]issuer.Invitation, error) {
	page := tx.db.Order("created_at DESC, id").Limit(limit)
	if programs != nil {
		page = page.Where("program_id IN ?", none(programs))
	}
	if open {
		page = page.Where("accepted_at IS NULL AND revoked_at IS NULL")
	}
	return found[issuer.Invitation](page, "invitations")
}

// SaveInvitation keeps what became of an invitation.
func (tx *Tx) SaveInvitation(i *issuer.Invitation) error {
	return save[issuer.Invitation](tx, "invitation", string(i.ID), map[string]any{
		"hash": i.Hash, "message_id": i.MessageID, "sends": i.Sends, "sent_at": i.SentAt, "expires_at": i.ExpiresAt,
		"person_id": i.PersonID, "accepted_at": i.AcceptedAt, "revoked_at": i.RevokedAt})
}

// InvitedSince counts the invitations that someone made after a time.
func (tx *Tx) InvitedSince(p issuer.PersonID, after time.Time) (int, error) {
	return count[issuer.Invitation](tx, "created_by = ? AND created_at > ?", string(p), after)
}

// InvitedTo lists the invitations of an address that are open.
func (tx *Tx) InvitedTo(address string) ([]issuer.Invitation, error) {
	return list[issuer.Invitation](tx, "created_at, id", "address = ? AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ?", address, tx.Now)
}
