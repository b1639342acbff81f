package store

import (
	"time"

	"gorm.io/gorm/clause"

	"hallmark/issuer"
)

// Session reads a session that has not ended.
func (tx *Tx) Session(token string) (*issuer.Session, error) {
	return take[issuer.Session](tx, "There is no such session.", "token = ? AND expires_at > ?", token, tx.Now)
}

// SaveSession keeps a session, new or changed.
func (tx *Tx) SaveSession(s *issuer.Session) error {
	err := tx.db.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "token"}},
		DoUpdates: clause.AssignmentColumns([]string{"person_id", "data", "expires_at", "device"}),
	}).Create(s).Error
	return fault(err, "save session")
}

// MoveSession keeps what changed of a session that is there.
func (tx *Tx) MoveSession(s *issuer.Session) error {
	_, err := change[issuer.Session](tx, map[string]any{"person_id": s.PersonID, "data": s.Data, "expires_at": s.ExpiresAt, "device": s.Device}, "token = ?", s.Token)
	return err
}

// OpenSessions lists the sessions of a person that have not ended, the newest
// first.
func (tx *Tx) OpenSessions(p issuer.PersonID) ([]issuer.Session, error) {
	return list[issuer.Session](tx, "created_at DESC, token", "person_id = ? AND expires_at > ?", string(p), tx.Now)
}

// RemoveSession ends a session.
func (tx *Tx) RemoveSession(token string) error {
	_, err := remove[issuer.Session](tx, "token = ?", token)
	return err
}

// SignOut ends every session of a person, and every link that would begin one.
func (tx *Tx) SignOut(p issuer.PersonID) error { return tx.SignOutBut(p, "") }

// AddSigninLink keeps a link that signs in once.
func (tx *Tx) AddSigninLink(l *issuer.SigninLink) error { return tx.add("sign-in link", l) }

// UseSigninLink uses a link up. Of several who try, one gets it.
func (tx *Tx) UseSigninLink(token string) (*issuer.SigninLink, error) {
	n, err := change[issuer.SigninLink](tx, map[string]any{"used_at": tx.Now},
		"token = ? AND used_at IS NULL AND expires_at > ?", token, tx.Now)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, issuer.Refuse(issuer.NotFound, "This link is not valid any more. Ask for a new one.")
	}
	return take[issuer.SigninLink](tx, "There is no such link.", "token = ?", token)
}

// SpentLink reads a sign-in link that nobody can use any more.
func (tx *Tx) SpentLink(token string) (*issuer.SigninLink, error) {
	return take[issuer.SigninLink](tx, "There is no such link.", "token = ? AND purpose = 'signin' AND (used_at IS NOT NULL OR expires_at <= ?)", token, tx.Now)
}

// RemoveEnded removes sessions that ended, links, codes and offers a day after they
// did, and answers older than a time.
func (tx *Tx) RemoveEnded(answers time.Time) (int64, error) {
	sessions, err := remove[issuer.Session](tx, "expires_at <= ?", tx.Now)
	if err != nil {
		return 0, err
	}
	links, err := remove[issuer.SigninLink](tx, "expires_at <= ?", tx.Now.Add(-24*time.Hour))
	if err != nil {
		return 0, err
	}
	codes, err := remove[issuer.StepUpCode](tx, "expires_at <= ?", tx.Now.Add(-24*time.Hour))
	if err != nil {
		return 0, err
	}
	kept, err := remove[issuer.Answer](tx, "created_at < ?", answers)
	if err != nil {
		return 0, err
	}
	offers, err := tx.removeEndedOffers()
	if err != nil {
		return 0, err
	}
	ways, err := tx.removeEndedWaysIn()
	return sessions + links + codes + kept + offers + ways, err
}
