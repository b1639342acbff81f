package registrar

import (
	"context"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/issuer/ledger"
)

// KeyView is a signing key without its private part.
type KeyView struct {
	ID            issuer.KeyID    `json:"id"`
	Purpose       string          `json:"purpose"`
	Algorithm     string          `json:"algorithm"`
	State         issuer.KeyState `json:"state"`
	CreatedAt     time.Time       `json:"createdAt"`
	ActiveAt      *time.Time      `json:"activeAt"`
	RetiredAt     *time.Time      `json:"retiredAt"`
	CompromisedAt *time.Time      `json:"compromisedAt"` // in other hands since
}

func keyView(k *issuer.Key) *KeyView {
	return &KeyView{k.ID, k.Purpose, k.Algorithm, k.State, k.CreatedAt, k.ActiveAt, k.RetiredAt, k.CompromisedAt}
}

// KeyRotation is a key that signs now and those whose place it took.
type KeyRotation struct {
	Active  *KeyView   `json:"active"`
	Retired []*KeyView `json:"retired"`
}

// Keys lists the signing keys, oldest first.
func (r *Registrar) Keys(ctx context.Context, by issuer.Caller) ([]*KeyView, error) {
	return look(ctx, r, by, func(w *work) ([]*KeyView, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		keys, err := w.Tx.Keys()
		views := make([]*KeyView, 0, len(keys))
		for i := range keys {
			views = append(views, keyView(&keys[i]))
		}
		return views, err
	})
}

// PlanKey makes the key that is to sign next for a purpose, and publishes it. A
// planned one that there is already is that key.
func (r *Registrar) PlanKey(ctx context.Context, by issuer.Caller, purpose, algorithm string) (*KeyView, error) {
	made, err := r.makeKey(by, purpose, algorithm)
	if err != nil {
		return nil, err
	}
	return act(ctx, r, by, "key.plan", purpose, func(w *work) (*KeyView, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		keys, err := w.Tx.Keys()
		if err != nil {
			return nil, err
		}
		k := find(keys, func(k issuer.Key) bool {
			return k.Purpose == purpose && k.Algorithm == algorithm && k.State == issuer.KeyPlanned
		})
		if k == nil {
			if k, err = w.addKey(made); err != nil {
				return nil, err
			}
		}
		w.object = string(k.ID)
		return keyView(k), nil
	})
}

// makeKey makes a key ahead of the act that keeps it: one for RSA takes so long
// that nobody should wait for it with a transaction open. Who has no right to is
// refused by the act.
func (r *Registrar) makeKey(by issuer.Caller, purpose, algorithm string) (*issuer.Key, error) {
	if !by.Manages("") {
		return nil, nil
	}
	if _, err := r.Ring.Succeeds(purpose, algorithm); err != nil {
		return nil, err
	}
	return r.Ring.Plan(purpose, algorithm)
}

// addKey keeps a planned key that was made ahead of the act, which may be run again
// and finds it as it was made.
func (w *work) addKey(made *issuer.Key) (*issuer.Key, error) {
	k := *made
	k.IssuerID, k.CreatedAt = w.us.ID, w.Now
	if _, err := w.AddKeyOnce(&k); err != nil {
		return nil, err
	}
	w.note("keys", []string{madeKey(&k)})
	return &k, w.keyLeaf(&k, "planned")
}

// madeKey is how the audit entry of the act that makes a key names it: its id
// follows from the public part.
func madeKey(k *issuer.Key) string { return k.Purpose + " " + string(k.ID) }

// ActivateKey lets a planned key sign from now on, in the place of the one that
// does, which is retired: what it signed stays good.
func (r *Registrar) ActivateKey(ctx context.Context, by issuer.Caller, id issuer.KeyID) (*KeyRotation, error) {
	return act(ctx, r, by, "key.activate", string(id), func(w *work) (*KeyRotation, error) {
		keys, k, err := w.keyNamed(id)
		if err != nil {
			return nil, err
		}
		return w.activate(keys, k)
	})
}

// ReplaceKey makes a key that signs at once in the place of an active one, which
// is retired. It is for a key that may be in other hands: who still has our
// documents from a minute ago does not know the new one yet.
func (r *Registrar) ReplaceKey(ctx context.Context, by issuer.Caller, id issuer.KeyID) (*KeyRotation, error) {
	old, err := look(ctx, r, by, func(w *work) (*issuer.Key, error) {
		_, k, err := w.keyNamed(id)
		return k, err
	})
	if err != nil {
		return nil, err
	}
	made, err := r.makeKey(by, old.Purpose, old.Algorithm)
	if err != nil {
		return nil, err
	}
	return act(ctx, r, by, "key.replace", string(id), func(w *work) (*KeyRotation, error) {
		keys, k, err := w.keyNamed(id)
		if err != nil {
			return nil, err
		}
		if k.State != issuer.KeyActive {
			return nil, issuer.Refuse(issuer.Conflict, "The key %s is %s and signs nothing; there is nothing to replace.", k.ID, k.State)
		}
		next, err := w.addKey(made)
		if err != nil {
			return nil, err
		}
		return w.activate(keys, next)
	})
}

func (w *work) activate(keys []issuer.Key, k *issuer.Key) (*KeyRotation, error) {
	same, err := w.r.Ring.Succeeds(k.Purpose, k.Algorithm)
	if err != nil {
		return nil, err
	}
	if err := k.Activate(w.Now); err != nil {
		return nil, err
	}
	done := &KeyRotation{Active: keyView(k), Retired: []*KeyView{}}
	for i := range keys {
		if old := &keys[i]; old.State == issuer.KeyActive && same(old) && old.ID != k.ID {
			if err := w.retire(old); err != nil {
				return nil, err
			}
			done.Retired = append(done.Retired, keyView(old))
		}
	}
	w.note("active", k.ID)
	if err := w.MoveKey(k, issuer.KeyPlanned); err != nil {
		return nil, err
	}
	if err := w.listsOf(k); err != nil {
		return nil, err
	}
	return done, w.keyLeaf(k, "active")
}

// listsOf has the status lists signed anew when their key changes: under one that
// was given up nobody could tell the status of any badge.
func (w *work) listsOf(k *issuer.Key) error {
	if k.Purpose != keyring.PurposeStatus {
		return nil
	}
	return w.SignListsAnew()
}

func (w *work) retire(k *issuer.Key) error {
	from := k.State
	if err := k.Retire(w.Now); err != nil {
		return err
	}
	if err := w.MoveKey(k, from); err != nil {
		return err
	}
	return w.keyLeaf(k, "retired")
}

// RetireKey drops a key that was planned. One that signs is retired by the one
// that takes its place, so that there is always one.
func (r *Registrar) RetireKey(ctx context.Context, by issuer.Caller, id issuer.KeyID) (*KeyView, error) {
	return act(ctx, r, by, "key.retire", string(id), func(w *work) (*KeyView, error) {
		_, k, err := w.keyNamed(id)
		if err != nil {
			return nil, err
		}
		if k.State == issuer.KeyActive {
			return nil, issuer.Refuse(issuer.Conflict, "The key %s signs just now. Rotate the keys for %s: the new one retires it.", k.ID, k.Purpose)
		}
		if err := w.retire(k); err != nil {
			return nil, err
		}
		return keyView(k), nil
	})
}

// CompromiseKey says that a key has been in other hands since a time; the zero
// time stands for now. It leaves the keys that may sign for the issuer, and what
// it signed is refused, but for badges that the log has from before. A key that
// signs just now is to be replaced first.
func (r *Registrar) CompromiseKey(ctx context.Context, by issuer.Caller, id issuer.KeyID, since time.Time) (*KeyView, error) {
	return act(ctx, r, by, "key.compromise", string(id), func(w *work) (*KeyView, error) {
		_, k, err := w.keyNamed(id)
		if err != nil {
			return nil, err
		}
		if !r.replaceable(k) {
			return nil, keyring.ErrTrial
		}
		if k.State == issuer.KeyActive {
			return nil, issuer.Refuse(issuer.Conflict, "The key %s signs just now; replace it first.", k.ID)
		}
		from, at := k.State, since
		if at.IsZero() {
			at = w.Now
		}
		changed, err := k.Compromise(at.UTC().Truncate(time.Second), w.Now)
		if err != nil || !changed {
			return keyView(k), err
		}
		w.note("since", k.CompromisedAt)
		if err := w.MoveKey(k, from); err != nil {
			return nil, err
		}
		if err := w.listsOf(k); err != nil {
			return nil, err
		}
		return keyView(k), w.keyLeaf(k, "compromised since "+k.CompromisedAt.Format(time.RFC3339))
	})
}

func (r *Registrar) replaceable(k *issuer.Key) bool {
	_, err := r.Ring.Succeeds(k.Purpose, k.Algorithm)
	return err == nil
}

// keyNamed reads a key that an act is about, by who runs the installation.
func (w *work) keyNamed(id issuer.KeyID) ([]issuer.Key, *issuer.Key, error) {
	if err := w.mayManage(""); err != nil {
		return nil, nil, err
	}
	keys, err := w.Tx.Keys()
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(keys, func(k issuer.Key) bool { return k.ID == id })
	if at < 0 {
		return nil, nil, issuer.Refuse(issuer.NotFound, "There is no key %s; see hallmark keys list.", clip(string(id)))
	}
	return keys, &keys[at], nil
}

// keySalt is that of leaves about keys: a fixed one, which hides nothing, because
// everyone may know of keys and check such a leaf.
var keySalt = make([]byte, ledger.SaltSize)

// keyLeaf logs what happened to a key, in the minute that the leaf tells.
func (w *work) keyLeaf(k *issuer.Key, what string) error {
	event := ledger.Event(ledger.Key, string(k.ID), ledger.Minute(w.Now), k.Purpose+" "+k.Algorithm+" "+what)
	return w.AddLeaf(w.newLeaf(&issuer.LogSalt{Salt: keySalt}, ledger.Key, event))
}

// EnsureTokenKey makes the key that signs badges as tokens, if it is wanting.
// It is made apart from the others, because making it takes a thousand times as
// long, and few installations need it in their first second.
func (r *Registrar) EnsureTokenKey(ctx context.Context) error {
	return r.Ring.MakeTokenKey(ctx, func() error {
		by := issuer.Caller{System: "setup"}
		made, err := r.makeKey(by, keyring.PurposeCredential, keyring.RSA2048)
		if err != nil {
			return err
		}
		_, err = act(ctx, r, by, "key.activate", string(made.ID), func(w *work) (*KeyRotation, error) {
			keys, err := w.Tx.Keys()
			if err != nil {
				return nil, err
			}
			same, err := r.Ring.Succeeds(made.Purpose, made.Algorithm)
			if err != nil {
				return nil, err
			}
			if find(keys, func(k issuer.Key) bool { return k.State == issuer.KeyActive && same(&k) }) != nil {
				return nil, issuer.Refuse(issuer.Conflict, "Another copy of the program has made the key for tokens.")
			}
			k, err := w.addKey(made)
			if err != nil {
				return nil, err
			}
			return w.activate(keys, k)
		})
		return err
	})
}
