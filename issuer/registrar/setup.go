package registrar

import (
	"context"
	"crypto/rand"
	"errors"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
)

// Setup makes this an issuer at the first start: who it is, its keys and its
// first status list. Later starts bring name, URL, address and description up
// to date where facts has them; the base URL and the DID stay as they were,
// because credentials carry them. A start under another base URL is refused,
// unless the first one was only assumed and nothing was issued under it, or the
// start says that the installation moves.
func (r *Registrar) Setup(ctx context.Context, facts issuer.Issuer, m keyring.Method) (*issuer.Issuer, error) {
	us, err := store.Write(ctx, r.Store, func(tx *store.Tx) (*issuer.Issuer, error) {
		us, err := tx.Issuer()
		if errors.Is(err, issuer.NotFound) {
			return r.firstStart(tx, facts, m)
		}
		if err != nil {
			return nil, err
		}
		if err := r.settle(tx, us, m); err != nil {
			return nil, err
		}
		w := r.settingUp(tx, us)
		made, err := w.ensureKeys(m)
		if err != nil {
			return nil, err
		}
		if len(made) > 0 { // of a purpose that an older program did not know
			if err := w.audit("key.make", "done"); err != nil {
				return nil, err
			}
		}
		us.Update(facts.Name, facts.URL, facts.Email, facts.Description)
		return us, tx.SaveIssuer(us)
	})
	if err != nil {
		return nil, err
	}
	return us, r.Ring.Refresh(ctx)
}

// assumedBase is the setting that says that nobody gave the base URL yet.
const assumedBase = "base_url_assumed"

// settle holds the base URL of this start against the one of the first. One
// that was only assumed, by a command that ran before the service did, makes
// way for one that is given, as long as no badge carries it.
func (r *Registrar) settle(tx *store.Tx, us *issuer.Issuer, m keyring.Method) error {
	assumed, err := tx.Setting(assumedBase)
	if err != nil {
		return err
	}
	if us.BaseURL != r.BaseURL {
		issued, err := tx.Credentials(store.CredentialQuery{All: true, Limit: 1})
		if err != nil {
			return err
		}
		if assumed == "" || len(issued) > 0 {
			if r.Move {
				return r.move(tx, us, m)
			}
			return issuer.Refuse(issuer.Conflict,
				"This installation is at %s, and its badges carry that address; start it with that base URL, or with --move-base-url to move it for good.", us.BaseURL)
		}
		if us.URL == us.BaseURL {
			us.URL = r.BaseURL
		}
		us.BaseURL, us.DID = r.BaseURL, ""
	}
	if assumed != "" && !r.Assumed {
		return tx.Set(assumedBase, "")
	}
	return nil
}

func (r *Registrar) firstStart(tx *store.Tx, facts issuer.Issuer, m keyring.Method) (*issuer.Issuer, error) {
	us := facts
	us.ID, us.BaseURL, us.DID, us.CreatedAt = issuer.IssuerID(rand.Text()), r.BaseURL, "", tx.Now
	if us.Name == "" {
		us.Name = "Hallmark"
	}
	if us.URL == "" {
		us.URL = r.BaseURL
	}
	if err := tx.AddIssuer(&us); err != nil {
		return nil, err
	}
	w := r.settingUp(tx, &us)
	if _, err := w.ensureKeys(m); err != nil {
		return nil, err
	}
	if err := tx.SaveIssuer(&us); err != nil {
		return nil, err
	}
	if _, err := tx.NewStatusList(us.ID, revocation); err != nil {
		return nil, err
	}
	if r.Assumed {
		if err := tx.Set(assumedBase, r.BaseURL); err != nil {
			return nil, err
		}
	}
	w.note("did", us.DID)
	return &us, w.audit("issuer.setup", "done")
}

func (r *Registrar) settingUp(tx *store.Tx, us *issuer.Issuer) *work {
	return &work{Tx: tx, r: r, by: issuer.Caller{System: "setup"}, us: us, object: string(us.ID), detail: map[string]any{}}
}

// ensureKeys makes the keys that are wanting, names the issuer and notes which
// keys it made: a key that no act has made is nobody's.
func (w *work) ensureKeys(m keyring.Method) (made []string, err error) {
	before, err := w.Tx.Keys()
	if err != nil {
		return nil, err
	}
	if w.us.DID, err = w.r.Ring.EnsureKeys(w.Tx, w.us, m, w.Now); err != nil {
		return nil, err
	}
	after, err := w.Tx.Keys()
	for _, k := range after {
		if find(before, func(b issuer.Key) bool { return b.ID == k.ID }) == nil {
			made = append(made, madeKey(&k))
		}
	}
	w.note("keys", made)
	return made, err
}
