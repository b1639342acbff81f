package store

import (
	"time"

	"hallmark/issuer"
)

// Email reads an address that belongs to someone.
func (tx *Tx) Email(address string) (*issuer.Email, error) {
	return take[issuer.Email](tx, "Nobody has this address.", "address = ?", address)
}

// VerifyEmail keeps that a person reads the mail of an address of theirs, and
// tells whether it is theirs.
func (tx *Tx) VerifyEmail(p issuer.PersonID, address string) (theirs bool, err error) {
	n, err := tx.exec("UPDATE emails SET verified_at = coalesce(verified_at, ?) WHERE address = ? AND person_id = ?", tx.Now, address, string(p))
	return n > 0, err
}

// SaveMainEmail makes one address of a person the one that mail goes to.
func (tx *Tx) SaveMainEmail(p issuer.PersonID, address string) error {
	if _, err := change[issuer.Email](tx, map[string]any{"main": false}, "person_id = ? AND main", p); err != nil {
		return err
	}
	_, err := change[issuer.Email](tx, map[string]any{"main": true}, "person_id = ? AND address = ?", p, address)
	return err
}

// AddAddressClaim keeps an address that is to be confirmed.
func (tx *Tx) AddAddressClaim(c *issuer.AddressClaim) error { return tx.add("claim of an address", c) }

// AddressClaim reads a claim that has not ended by its token.
func (tx *Tx) AddressClaim(token string) (*issuer.AddressClaim, error) {
	return take[issuer.AddressClaim](tx, "This link is not valid any more. Add the address again.", "token = ? AND expires_at > ?", token, tx.Now)
}

// AddressClaims lists the claims of a person that have not ended.
func (tx *Tx) AddressClaims(p issuer.PersonID) ([]issuer.AddressClaim, error) {
	return list[issuer.AddressClaim](tx, "created_at, token", "person_id = ? AND expires_at > ?", string(p), tx.Now)
}

// RemoveAddressClaims forgets what a person claims of an address.
func (tx *Tx) RemoveAddressClaims(p issuer.PersonID, address string) error {
	_, err := remove[issuer.AddressClaim](tx, "person_id = ? AND address = ?", p, address)
	return err
}

// Identity reads an account with a provider.
func (tx *Tx) Identity(provider, subject string) (*issuer.Identity, error) {
	return take[issuer.Identity](tx, "There is no such account.", "provider = ? AND subject = ?", provider, subject)
}

// Identities lists the accounts of a person with providers.
func (tx *Tx) Identities(p issuer.PersonID) ([]issuer.Identity, error) {
	return list[issuer.Identity](tx, "provider, subject", "person_id = ?", string(p))
}

// AddIdentityOnce binds an account to a person unless it is bound.
func (tx *Tx) AddIdentityOnce(i *issuer.Identity) (added bool, err error) {
	return tx.addOnce("identity", i)
}

// UseIdentity keeps that an account was used just now.
func (tx *Tx) UseIdentity(i *issuer.Identity) error {
	_, err := change[issuer.Identity](tx, map[string]any{"used_at": tx.Now}, "provider = ? AND subject = ?", i.Provider, i.Subject)
	return err
}

// RemoveIdentity takes an account from its person and tells whether they had it.
func (tx *Tx) RemoveIdentity(p issuer.PersonID, provider, subject string) (bool, error) {
	n, err := remove[issuer.Identity](tx, "provider = ? AND subject = ? AND person_id = ?", provider, subject, p)
	return n > 0, err
}

// Passkey reads a passkey, whoever's it is.
func (tx *Tx) Passkey(id string) (*issuer.Passkey, error) {
	return take[issuer.Passkey](tx, "This passkey is not known here.", "id = ?", id)
}

// RenamePasskey keeps what a person calls a passkey of theirs and tells whether
// they have it.
func (tx *Tx) RenamePasskey(p issuer.PersonID, id, name string) (bool, error) {
	n, err := change[issuer.Passkey](tx, map[string]any{"name": name}, "id = ? AND person_id = ?", id, p)
	return n > 0, err
}

// RemoveSessionOf ends a session of a person and tells whether it was theirs.
func (tx *Tx) RemoveSessionOf(p issuer.PersonID, token string) (bool, error) {
	n, err := remove[issuer.Session](tx, "token = ? AND person_id = ?", token, p)
	return n > 0, err
}

// SignOutBut ends the sessions of a person but one, "" for none, and every link
// that would begin another.
func (tx *Tx) SignOutBut(p issuer.PersonID, keep string) error {
	if _, err := remove[issuer.Session](tx, "person_id = ? AND token <> ?", p, keep); err != nil {
		return err
	}
	_, err := remove[issuer.SigninLink](tx, "person_id = ? AND used_at IS NULL", p)
	return err
}

// RemoveLinksTo removes sign-in links that were mailed to an address.
func (tx *Tx) RemoveLinksTo(address string) error {
	_, err := remove[issuer.SigninLink](tx, "address = ? AND used_at IS NULL", address)
	return err
}

// Devices lists the browsers that a person signed in with.
func (tx *Tx) Devices(p issuer.PersonID) ([]issuer.Device, error) {
	return list[issuer.Device](tx, "seen_at DESC, id", "person_id = ?", string(p))
}

// SeeDevice keeps that a person signed in with a browser, and tells whether it
// was known as theirs.
func (tx *Tx) SeeDevice(d *issuer.Device) (known bool, err error) {
	n, err := change[issuer.Device](tx, map[string]any{"seen_at": tx.Now, "name": d.Name}, "id = ? AND person_id = ?", d.ID, d.PersonID)
	if err != nil || n > 0 {
		return n > 0, err
	}
	return false, tx.add("device", d)
}

// How long things are kept that are of no use any more.
const (
	deviceLife     = 400 * 24 * time.Hour // a browser that is not used
	invitationKept = 180 * 24 * time.Hour // an invitation after its end
	failedKept     = 30 * 24 * time.Hour  // what a mail said that never arrived, to send it again
)

// removeEndedWaysIn removes claims that ended a day ago, and what was kept for as
// long as it is.
func (tx *Tx) removeEndedWaysIn() (int64, error) {
	claims, err := remove[issuer.AddressClaim](tx, "expires_at <= ?", tx.Now.Add(-24*time.Hour))
	if err != nil {
		return 0, err
	}
	devices, err := remove[issuer.Device](tx, "seen_at <= ?", tx.Now.Add(-deviceLife))
	if err != nil {
		return 0, err
	}
	invitations, err := remove[issuer.Invitation](tx, "expires_at <= ?", tx.Now.Add(-invitationKept))
	if err != nil {
		return 0, err
	}
	words, err := change[issuer.Message](tx, map[string]any{"data": ""}, "state = 'failed' AND created_at <= ? AND data <> ''", tx.Now.Add(-failedKept))
	return claims + devices + invitations + words, err
}
