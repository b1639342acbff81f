package registrar

import (
	"context"
	"errors"
	"time"

	"hallmark/issuer"
)

// Several addresses: a person signs in with any that they showed to read, so that
// who leaves a firm keeps what they earned. Adding and removing them is for who has
// just confirmed that it is them, and every change is told to the other addresses.

// EmailView is an address of the caller.
type EmailView struct {
	Address  string
	Main     bool // mail goes to it
	Verified bool // they showed that they read it
}

// ClaimAddress begins to add an address of the caller: the secret whose hash is
// token is in the link that is mailed there. The answer is the same whoever has
// the address.
func (r *Registrar) ClaimAddress(ctx context.Context, by issuer.Caller, address, token, link string) error {
	_, err := act(ctx, r, by, "address.claim", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.sure()
		if err != nil {
			return struct{}{}, err
		}
		address, _, err := issuer.NormalEmail(address)
		if err != nil {
			return struct{}{}, err
		}
		if err := w.mayClaim(p, address); err != nil {
			return struct{}{}, err
		}
		if err := w.AddAddressClaim(&issuer.AddressClaim{Token: token, IssuerID: w.us.ID, PersonID: p.ID, Address: address,
			ExpiresAt: w.Now.Add(issuer.ClaimLife), CreatedAt: w.Now}); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.mailAll([]letter{{to: p, at: address, template: "address-confirm", data: map[string]any{
			"Address": address, "Issuer": w.us.Name, "Minutes": int(issuer.ClaimLife / time.Minute), "Link": link}}})
	})
	return err
}

func (w *work) mayClaim(p *issuer.Person, address string) error {
	emails, err := w.Emails(p.ID)
	if err != nil {
		return err
	}
	claims, err := w.AddressClaims(p.ID)
	if err != nil {
		return err
	}
	lately := 0
	for _, c := range claims {
		if w.Now.Sub(c.CreatedAt) < time.Hour {
			lately++
		}
	}
	switch {
	case find(emails, func(e issuer.Email) bool { return e.Address == address }) != nil:
		return &issuer.Error{Kind: issuer.Conflict, Field: "email", Reason: "You have this address already."}
	case len(emails) >= issuer.MaxEmails:
		return issuer.Refuse(issuer.Conflict, "You have %d addresses; remove one first.", len(emails))
	case lately >= issuer.ClaimsPerHour:
		return issuer.Refuse(issuer.Conflict, "You added several addresses within an hour. Confirm them, or try again later.")
	}
	return nil
}

// ConfirmAddress adds the address of a claim of the caller. Only who made the claim
// can confirm it: else a link could give a stranger's address to someone's account.
// One that someone else has is a Conflict that says how to go on.
func (r *Registrar) ConfirmAddress(ctx context.Context, by issuer.Caller, token string) error {
	_, err := act(ctx, r, by, "address.add", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.self()
		if err != nil {
			return struct{}{}, err
		}
		c, err := w.claimOf(p.ID, token)
		if err != nil {
			return struct{}{}, err
		}
		added, err := w.AddEmailOnce(&issuer.Email{Address: c.Address, IssuerID: w.us.ID, PersonID: p.ID, VerifiedAt: &w.Now, CreatedAt: w.Now})
		if err != nil {
			return struct{}{}, err
		}
		if !added {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "This address belongs to another account. If both are yours, open the link again to make them one.")
		}
		if err := w.RemoveAddressClaims(p.ID, c.Address); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.tellChange(p, "address-added", c.Address)
	})
	return err
}

// claimOf reads a claim of a person; another's is none.
func (w *work) claimOf(p issuer.PersonID, token string) (*issuer.AddressClaim, error) {
	c, err := w.AddressClaim(token)
	if err == nil && c.PersonID != p {
		err = issuer.Refuse(issuer.NotFound, "This link is for another account. Sign in with the one that you added the address to.")
	}
	return c, err
}

// ChooseMainAddress makes a confirmed address of the caller the one that mail goes
// to.
func (r *Registrar) ChooseMainAddress(ctx context.Context, by issuer.Caller, address string) error {
	_, err := act(ctx, r, by, "address.main", string(by.Person), func(w *work) (struct{}, error) {
		p, e, err := w.ownAddress(address)
		if err != nil || e.Main {
			return struct{}{}, err
		}
		if e.VerifiedAt == nil {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "Sign in once with this address first, so that it is known that you read its mail.")
		}
		if err := w.tellChange(p, "address-main", ""); err != nil { // to those of before
			return struct{}{}, err
		}
		return struct{}{}, w.SaveMainEmail(p.ID, e.Address)
	})
	return err
}

// RemoveAddress takes an address from the caller, and with it the sign-in links
// that are on their way there. The main one stays.
func (r *Registrar) RemoveAddress(ctx context.Context, by issuer.Caller, address string) error {
	_, err := act(ctx, r, by, "address.remove", string(by.Person), func(w *work) (struct{}, error) {
		p, e, err := w.ownAddress(address)
		if err != nil {
			return struct{}{}, err
		}
		if e.Main {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "Mail to you goes to this address. Choose another one for it first.")
		}
		if err := w.tellChange(p, "address-removed", e.Address); err != nil {
			return struct{}{}, err
		}
		if err := w.RemoveLinksTo(e.Address); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.RemoveEmail(e.Address)
	})
	return err
}

// ownAddress reads an address of the caller, who has just confirmed that it is
// them.
func (w *work) ownAddress(address string) (*issuer.Person, *issuer.Email, error) {
	p, err := w.sure()
	if err != nil {
		return nil, nil, err
	}
	e, err := w.Email(address)
	if errors.Is(err, issuer.NotFound) || err == nil && e.PersonID != p.ID {
		err = issuer.Refuse(issuer.NotFound, "You have no such address.")
	}
	return p, e, err
}

// tellChange tells every address of a person that their account was changed. what
// is of the group accountChange; about is shown with it, the new address, say.
func (w *work) tellChange(p *issuer.Person, what, about string) error {
	emails, err := w.Emails(p.ID)
	if err != nil {
		return err
	}
	letters := make([]letter, len(emails))
	for i, e := range emails {
		letters[i] = letter{to: p, at: e.Address, template: "account-changed",
			data: map[string]any{"What": what, "Address": about, "Ask": w.askAt(), "Link": w.r.BaseURL + "/account"}}
	}
	return w.mailAll(letters)
}

// remains refuses to have taken away the last way in of a person.
func (w *work) remains(p issuer.PersonID) error {
	emails, err := w.Emails(p)
	if err != nil {
		return err
	}
	keys, err := w.Tx.Passkeys(p)
	if err != nil {
		return err
	}
	accounts, err := w.Identities(p)
	if err == nil && len(emails)+len(keys)+len(accounts) == 0 {
		err = issuer.Refuse(issuer.Conflict, "This is your last way in; add another one first.")
	}
	return err
}
