package registrar

import (
	"context"
	"errors"
	"time"

	"hallmark/issuer"
)

// Stepping up: a person who is signed in shows once more that it is them, as
// package signin asks for it. Secrets arrive hashed here, too.

// AskStepUp keeps a code for the caller and mails it. Few codes can be asked
// for, and few wrong ones given, so that nobody guesses one.
func (r *Registrar) AskStepUp(ctx context.Context, by issuer.Caller, code issuer.StepUpCode, text string) error {
	_, err := act(ctx, r, by, "stepup.ask", string(by.Person), func(w *work) (struct{}, error) {
		code := code // the act may be run again
		p, err := w.self()
		if err != nil {
			return struct{}{}, err
		}
		if err := w.mayTryAgain(p.ID); err != nil {
			return struct{}{}, err
		}
		code.IssuerID, code.PersonID, code.CreatedAt, code.ExpiresAt = w.us.ID, p.ID, w.Now, w.Now.Add(issuer.CodeLife)
		if err := w.AddStepUpCode(&code); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.mail(p, "step-up", map[string]any{"Code": text, "Minutes": int(issuer.CodeLife / time.Minute)})
	})
	return err
}

// self locks and reads the caller, who must be a person.
func (w *work) self() (*issuer.Person, error) {
	if err := w.LockPeople(w.by.Person); err != nil {
		return nil, err
	}
	return w.me()
}

// me reads the caller, who must be a person.
func (w *work) me() (*issuer.Person, error) {
	if err := w.signed(); err != nil {
		return nil, err
	}
	if w.by.Person == "" {
		return nil, forbid("Only people can do this.")
	}
	p, err := w.Person(w.by.Person)
	if err != nil {
		return nil, err
	}
	return p, notErased(p)
}

// mayTryAgain refuses a code to who had many of late.
func (w *work) mayTryAgain(p issuer.PersonID) error {
	codes, err := w.StepUpCodesSince(p, w.Now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	asked, wrong := 0, 0
	for _, c := range codes {
		wrong += c.Attempts
		if w.Now.Sub(c.CreatedAt) < time.Hour {
			asked++
		}
	}
	switch {
	case wrong >= issuer.FailsPerDay:
		return issuer.Refuse(issuer.Conflict, "Too many wrong codes were given in your name today. Use a passkey, or try again tomorrow.")
	case asked >= issuer.CodesPerHour:
		return issuer.Refuse(issuer.Conflict, "You asked for several codes within an hour. Use the newest one, or try again later.")
	}
	return nil
}

// TryStepUp tells whether a code of the caller is right. A wrong one is no
// error: that it was tried is kept.
func (r *Registrar) TryStepUp(ctx context.Context, by issuer.Caller, id, hash string) (bool, error) {
	return act(ctx, r, by, "stepup.try", string(by.Person), func(w *work) (bool, error) {
		p, err := w.self()
		if err != nil {
			return false, err
		}
		code, err := w.StepUpCode(p.ID, id)
		if errors.Is(err, issuer.NotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		right := code.Try(hash, w.Now)
		w.note("right", right)
		return right, w.SaveStepUpCode(code)
	})
}

// maxPasskeys is how many passkeys a person can have.
const maxPasskeys = 20

// Passkeys lists the caller's own, the oldest first.
func (r *Registrar) Passkeys(ctx context.Context, by issuer.Caller) ([]issuer.Passkey, error) {
	return look(ctx, r, by, func(w *work) ([]issuer.Passkey, error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		if w.by.Person == "" {
			return nil, forbid("Only people have passkeys.")
		}
		return w.Tx.Passkeys(w.by.Person)
	})
}

// AddPasskey keeps a passkey of the caller, who has just confirmed that it is
// them: else whoever sits at their desk could make one, and confirm with it from
// then on. They are told by mail.
func (r *Registrar) AddPasskey(ctx context.Context, by issuer.Caller, k issuer.Passkey) error {
	_, err := act(ctx, r, by, "passkey.add", string(by.Person), func(w *work) (struct{}, error) {
		k := k // the act may be run again
		p, err := w.sure()
		if err != nil {
			return struct{}{}, err
		}
		if k.Name, err = passkeyName(k.Name); err != nil {
			return struct{}{}, err
		}
		have, err := w.Tx.Passkeys(p.ID)
		if err != nil {
			return struct{}{}, err
		}
		if len(have) >= maxPasskeys {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "You have %d passkeys; remove one first.", len(have))
		}
		k.IssuerID, k.PersonID, k.CreatedAt = w.us.ID, p.ID, w.Now
		added, err := w.AddPasskeyOnce(&k)
		if err != nil {
			return struct{}{}, err
		}
		if !added {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "This passkey is known already.")
		}
		w.note("passkey", k.ID)
		return struct{}{}, w.mail(p, "passkey-added", map[string]any{"Passkey": k.Name, "Issuer": w.us.Name, "Ask": w.askAt(), "Link": w.r.BaseURL + "/account"})
	})
	return err
}

// sure is self for acts that change how the caller confirms that it is them.
func (w *work) sure() (*issuer.Person, error) {
	p, err := w.self()
	if err == nil && !w.by.SteppedUpAt(w.Now) {
		err = forbid("Confirm first that it is you.")
	}
	return p, err
}

// RemovePasskey takes a passkey of the caller away, who has just confirmed that
// it is them.
func (r *Registrar) RemovePasskey(ctx context.Context, by issuer.Caller, id string) error {
	_, err := act(ctx, r, by, "passkey.remove", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.sure()
		if err != nil {
			return struct{}{}, err
		}
		gone, err := w.Tx.RemovePasskey(p.ID, id)
		if err == nil && !gone {
			err = issuer.Refuse(issuer.NotFound, "You have no such passkey.")
		}
		if err != nil {
			return struct{}{}, err
		}
		if err := w.remains(p.ID); err != nil {
			return struct{}{}, err
		}
		w.note("passkey", id)
		return struct{}{}, w.tellChange(p, "passkey-removed", "")
	})
	return err
}

// RenamePasskey keeps what the caller calls a passkey of theirs.
func (r *Registrar) RenamePasskey(ctx context.Context, by issuer.Caller, id, name string) error {
	_, err := act(ctx, r, by, "passkey.rename", string(by.Person), func(w *work) (struct{}, error) {
		name := name // the act may be run again
		p, err := w.self()
		if err != nil {
			return struct{}{}, err
		}
		if name, err = passkeyName(name); err != nil {
			return struct{}{}, err
		}
		renamed, err := w.Tx.RenamePasskey(p.ID, id, name)
		if err == nil && !renamed {
			err = issuer.Refuse(issuer.NotFound, "You have no such passkey.")
		}
		return struct{}{}, err
	})
	return err
}

func passkeyName(name string) (string, error) {
	name, err := issuer.CleanText("name", name, 60)
	if err == nil && name == "" {
		err = issuer.Wrong("name", "Give the passkey a name, such as “My phone”.")
	}
	return name, err
}

// UsePasskey keeps that the caller confirmed with a passkey of theirs. read gives
// what changes of it by that, or a refusal, which is audited: the row is locked
// meanwhile, so that of two uses of one passkey the second knows of the first.
func (r *Registrar) UsePasskey(ctx context.Context, by issuer.Caller, read func(mine []issuer.Passkey) (*issuer.Passkey, error)) error {
	_, err := act(ctx, r, by, "stepup.passkey", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.self()
		if err != nil {
			return struct{}{}, err
		}
		mine, err := w.Tx.Passkeys(p.ID)
		if err != nil {
			return struct{}{}, err
		}
		used, err := read(mine)
		if err != nil {
			return struct{}{}, err
		}
		used.UsedAt = &w.Now
		w.note("passkey", used.ID)
		return struct{}{}, w.SavePasskey(used)
	})
	return err
}

// GrantEndorseToken lets a mentor, who has just confirmed that it is them, have
// a token with which a program of theirs signs their approvals.
func (r *Registrar) GrantEndorseToken(ctx context.Context, by issuer.Caller) error {
	_, err := act(ctx, r, by, "token.endorse", string(by.Person), func(w *work) (struct{}, error) {
		if _, err := w.sure(); err != nil {
			return struct{}{}, err
		}
		if len(w.mentored()) == 0 {
			return struct{}{}, forbid("Only mentors sign approvals.")
		}
		return struct{}{}, nil
	})
	return err
}
