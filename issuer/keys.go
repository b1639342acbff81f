package issuer

import "time"

// Activate lets a planned key sign.
func (k *Key) Activate(at time.Time) error {
	if k.State != KeyPlanned {
		return Refuse(Conflict, "The key %s is %s already; only a planned one can be made active.", k.ID, k.State)
	}
	k.State, k.ActiveAt = KeyActive, &at
	return nil
}

// Retire ends a key that did its work, or that was planned and is not wanted:
// it signs nothing more, and what it signed stays good.
func (k *Key) Retire(at time.Time) error {
	switch k.State {
	case KeyPlanned, KeyActive:
		k.State, k.RetiredAt = KeyRetired, &at
		return nil
	case KeyCompromised:
		return Refuse(Conflict, "The key %s is compromised; that is for good.", k.ID)
	}
	return Refuse(Conflict, "The key %s is retired already.", k.ID)
}

// Compromise says that a key has been in other hands since a time. That time
// can be set earlier later on, never later: what was refused is not let in
// again. It tells whether this changed anything.
func (k *Key) Compromise(since, now time.Time) (changed bool, err error) {
	switch {
	case since.After(now):
		return false, Wrong("since", "A key cannot have been stolen in the future.")
	case k.State != KeyCompromised || k.CompromisedAt == nil:
	case since.Equal(*k.CompromisedAt):
		return false, nil
	case since.After(*k.CompromisedAt):
		return false, Refuse(Conflict, "The key %s is known to be compromised since %s; that can be set earlier, not later.", k.ID, k.CompromisedAt.UTC().Format(time.RFC3339))
	}
	k.State, k.CompromisedAt = KeyCompromised, &since
	return true, nil
}
