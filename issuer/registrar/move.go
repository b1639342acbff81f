package registrar

import (
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
)

// move takes the issuer to another base URL, at a start that asks for it. What
// was signed keeps the address and the issuer that it names, and goes on being
// answered for: its status lists are signed under the former name, the records
// know it by its former address. What is issued from now on carries the new ones,
// in a status list of its own. The public log keeps its name: it is the same log,
// whose name was never an address that anyone fetches.
//
// It refuses to fall back from a did:web to a did:key: keys of the one can be
// replaced, that of the other never.
func (r *Registrar) move(tx *store.Tx, us *issuer.Issuer, m keyring.Method) error {
	trial := strings.HasPrefix(us.DID, "did:key:")
	web := keyring.WebDID(r.BaseURL) != "" && m != keyring.MethodKey
	if !trial && !web {
		return issuer.Refuse(issuer.Invalid, "The installation cannot move from %s to %s: its badges name a did:web, which needs a base URL that is https on a DNS name.", us.BaseURL, r.BaseURL)
	}
	former, err := tx.FormerIdentities()
	if err != nil {
		return err
	}
	w := r.settingUp(tx, us)
	w.note("from", us.BaseURL)
	w.note("was", us.DID)
	if err := tx.AddFormerIdentity(&issuer.FormerIdentity{Number: len(former), IssuerID: us.ID, BaseURL: us.BaseURL, DID: us.DID, EndedAt: tx.Now}); err != nil {
		return err
	}
	if trial && web {
		if err := w.retireTrialKey(issuer.KeyID(strings.TrimPrefix(us.DID, "did:key:"))); err != nil {
			return err
		}
	}
	if us.URL == us.BaseURL {
		us.URL = r.BaseURL
	}
	us.BaseURL, us.DID = r.BaseURL, ""
	if _, err := w.ensureKeys(m); err != nil {
		return err
	}
	if err := tx.SaveIssuer(us); err != nil {
		return err
	}
	if _, err := tx.NewStatusList(us.ID, revocation); err != nil {
		return err
	}
	if err := tx.SignListsAnew(); err != nil {
		return err
	}
	w.note("to", us.BaseURL)
	w.note("did", us.DID)
	return w.audit("issuer.move", "done")
}

// retireTrialKey ends the key that was the name of the issuer: the new name gets
// one of its own.
func (w *work) retireTrialKey(id issuer.KeyID) error {
	keys, err := w.Tx.Keys()
	if err != nil {
		return err
	}
	if k := find(keys, func(k issuer.Key) bool { return k.ID == id && k.State == issuer.KeyActive }); k != nil {
		return w.retire(k)
	}
	return nil
}

// errMoved refuses the acts of a copy of the program that still runs under an
// address that the installation left.
func errMoved(us *issuer.Issuer) error {
	return issuer.Refuse(issuer.Unavailable, "This installation moved to %s; start this copy of the program anew with that base URL.", us.BaseURL)
}
