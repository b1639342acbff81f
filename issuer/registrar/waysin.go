package registrar

import (
	"context"
	"errors"

	"hallmark/issuer"
)

// Ways in beside a mailed link, as package signin asks for them: it has checked
// what was shown, here it is found out whose it is.

// EnterByPasskey signs in whoever holds a passkey: read is handed its person with
// all of theirs, and gives what changes of it by that, or a refusal.
func (r *Registrar) EnterByPasskey(ctx context.Context, id string, read func(p *issuer.Person, theirs []issuer.Passkey) (*issuer.Passkey, error)) (issuer.PersonID, error) {
	return act(ctx, r, doorkeeper, "signin.passkey", "", func(w *work) (issuer.PersonID, error) {
		known, err := w.Passkey(id)
		if err != nil {
			return "", err
		}
		p, err := w.living(known.PersonID)
		if err != nil {
			return "", err
		}
		w.object = string(p.ID)
		theirs, err := w.Tx.Passkeys(p.ID)
		if err != nil {
			return "", err
		}
		used, err := read(p, theirs)
		if err != nil {
			return "", err
		}
		used.UsedAt = &w.Now
		w.note("passkey", used.ID)
		return p.ID, w.SavePasskey(used)
	})
}

// Shown is what a provider of OpenID Connect showed of whoever signed in there.
type Shown struct {
	Provider string // issuer identifier
	Subject  string
	Label    string // how people know the provider, "Work account"
	Address  string // one that the provider says was confirmed; "" for none
	Name     string
	Welcome  bool // who is not known may join: the address is of a domain that is let in
}

// EnterByIdentity signs in whoever has an account with a provider. At its first use
// it is bound to the person of its confirmed address; one that nobody has makes a
// person only if it was invited or is welcome. From then on the subject counts and
// no address: addresses are given to others when people leave.
func (r *Registrar) EnterByIdentity(ctx context.Context, in Shown) (issuer.PersonID, error) {
	return act(ctx, r, doorkeeper, "signin.identity", "", func(w *work) (issuer.PersonID, error) {
		bound, err := w.Identity(in.Provider, in.Subject)
		if err == nil {
			p, err := w.living(bound.PersonID)
			if err != nil {
				return "", err
			}
			w.object = string(p.ID)
			return p.ID, w.UseIdentity(bound)
		}
		if !errors.Is(err, issuer.NotFound) {
			return "", err
		}
		p, err := w.personShown(in)
		if err != nil {
			return "", err
		}
		w.object = string(p.ID)
		return p.ID, w.bind(p, in)
	})
}

// personShown finds the person of an account that is not bound yet.
func (w *work) personShown(in Shown) (*issuer.Person, error) {
	if in.Address == "" {
		return nil, forbid("This account has no confirmed e-mail address, so it is not clear who you are here. Sign in with a mailed link, and add the account on the page of yours.")
	}
	address, _, err := issuer.NormalEmail(in.Address)
	if err != nil {
		return nil, forbid("The address of this account is not one that mail can go to.")
	}
	p, err := w.holdAddress(address)
	if err == nil {
		_, err = w.VerifyEmail(p.ID, address)
		return p, err
	}
	if !errors.Is(err, issuer.NotFound) {
		return nil, err
	}
	invited, err := w.InvitedTo(address)
	if err != nil {
		return nil, err
	}
	if len(invited) == 0 && !in.Welcome {
		return nil, forbid("Nobody here has the address of this account. Ask who runs your program to invite you, or sign in with a mailed link to an address that they know.")
	}
	name := in.Name
	if _, _, err := issuer.CleanName(name); err != nil {
		name = address
	}
	p, _, err = w.findOrAdd(NewPerson{Email: address, Name: name})
	if err != nil {
		return nil, err
	}
	if _, err := w.VerifyEmail(p.ID, address); err != nil {
		return nil, err
	}
	w.note("added", true)
	for i := range invited {
		if err := w.accept(&invited[i], p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// BindIdentity binds an account with a provider to the caller, who has just
// confirmed that it is them. Whatever address it has does not matter.
func (r *Registrar) BindIdentity(ctx context.Context, by issuer.Caller, in Shown) error {
	_, err := act(ctx, r, by, "identity.add", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.sure()
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.bind(p, in)
	})
	return err
}

func (w *work) bind(p *issuer.Person, in Shown) error {
	added, err := w.AddIdentityOnce(&issuer.Identity{Provider: in.Provider, Subject: in.Subject, IssuerID: w.us.ID, PersonID: p.ID, CreatedAt: w.Now, UsedAt: w.Now})
	if err != nil {
		return err
	}
	if !added {
		return issuer.Refuse(issuer.Conflict, "This account opens the account of someone here already.")
	}
	w.note("provider", in.Provider)
	return w.tellChange(p, "identity-added", in.Label)
}

// Identities lists the accounts with providers that open the caller's.
func (r *Registrar) Identities(ctx context.Context, by issuer.Caller) ([]issuer.Identity, error) {
	return look(ctx, r, by, func(w *work) ([]issuer.Identity, error) {
		if by.Person == "" {
			return nil, errors.Join(w.signed(), forbid("Only people have accounts elsewhere."))
		}
		return w.Tx.Identities(by.Person)
	})
}

// RemoveIdentity takes an account with a provider from the caller, who has just
// confirmed that it is them.
func (r *Registrar) RemoveIdentity(ctx context.Context, by issuer.Caller, provider, subject, label string) error {
	_, err := act(ctx, r, by, "identity.remove", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.sure()
		if err != nil {
			return struct{}{}, err
		}
		gone, err := w.Tx.RemoveIdentity(p.ID, provider, subject)
		if err == nil && !gone {
			err = issuer.Refuse(issuer.NotFound, "You have no such account.")
		}
		if err != nil {
			return struct{}{}, err
		}
		if err := w.remains(p.ID); err != nil {
			return struct{}{}, err
		}
		w.note("provider", provider)
		return struct{}{}, w.tellChange(p, "identity-removed", label)
	})
	return err
}

// Emails lists the addresses of the caller, the main one first, and those that they
// have not confirmed yet.
func (r *Registrar) Emails(ctx context.Context, by issuer.Caller) (emails []EmailView, claimed []string, err error) {
	emails, err = look(ctx, r, by, func(w *work) ([]EmailView, error) {
		if by.Person == "" {
			return nil, errors.Join(w.signed(), forbid("Only people have addresses."))
		}
		claims, err := w.AddressClaims(by.Person)
		if err != nil {
			return nil, err
		}
		for _, c := range claims {
			claimed = append(claimed, c.Address)
		}
		rows, err := w.Tx.Emails(by.Person)
		views := make([]EmailView, len(rows))
		for i, e := range rows {
			views[i] = EmailView{e.Address, e.Main, e.VerifiedAt != nil}
		}
		return views, err
	})
	return emails, claimed, err
}
