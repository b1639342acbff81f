package registrar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Signing in: links, sessions and clients, as package signin asks for them.
// Secrets arrive hashed; nothing here could let anyone in.

// SigninMail is what the mail with a sign-in link says.
type SigninMail struct {
	Name    string `json:"Name"`
	Link    string `json:"Link"`
	Minutes int    `json:"Minutes"`
}

// doorkeeper is who acts where nobody is signed in yet.
var doorkeeper = issuer.Caller{System: "signin"}

// AskSignin keeps a link for the person of an address, in its normal form,
// and puts the mail that brings it into the outbox. For an address that
// nobody has it keeps a link that nobody can use: the same write, so that the
// time it takes tells nothing.
func (r *Registrar) AskSignin(ctx context.Context, address string, link issuer.SigninLink, mail SigninMail) error {
	_, err := act(ctx, r, doorkeeper, "signin.ask", "", func(w *work) (struct{}, error) {
		link, mail := link, mail // the act may be run again
		link.IssuerID, link.CreatedAt = w.us.ID, w.Now
		p, err := w.holdAddress(address)
		if errors.Is(err, issuer.NotFound) {
			w.note("known", false)
			return struct{}{}, w.AddSigninLink(&link)
		}
		if err != nil {
			return struct{}{}, err
		}
		w.object, link.PersonID, link.Address, mail.Name = string(p.ID), p.ID, address, p.Name
		return struct{}{}, w.mailSignin(&link, mail)
	})
	return err
}

// AddSigninLink keeps a link for a person that is handed over by other means
// than mail. Only who runs the installation, or its command line, may.
func (r *Registrar) AddSigninLink(ctx context.Context, by issuer.Caller, person PersonRef, link issuer.SigninLink) error {
	_, err := act(ctx, r, by, "signin.link", string(person.ID), func(w *work) (struct{}, error) {
		link := link // the act may be run again
		if err := w.mayManage(""); err != nil {
			return struct{}{}, err
		}
		p, err := w.person(person)
		if err != nil {
			return struct{}{}, err
		}
		if p, err = w.living(p.ID); err != nil {
			return struct{}{}, err
		}
		w.object = string(p.ID)
		link.IssuerID, link.PersonID, link.CreatedAt = w.us.ID, p.ID, w.Now
		return struct{}{}, w.Tx.AddSigninLink(&link)
	})
	return err
}

// SendSignin keeps a link for a person and puts the mail that brings it to their main
// address into the outbox. Who runs a program that they are part of may; what signs
// in goes to the person alone.
func (r *Registrar) SendSignin(ctx context.Context, by issuer.Caller, person issuer.PersonID, link issuer.SigninLink, mail SigninMail) error {
	_, err := act(ctx, r, by, "signin.send", string(person), func(w *work) (struct{}, error) {
		link, mail := link, mail // the act may be run again
		p, err := w.mayKnow(person)
		if err != nil {
			return struct{}{}, err
		}
		if p, err = w.living(p.ID); err != nil {
			return struct{}{}, err
		}
		to, err := w.addresses([]issuer.PersonID{p.ID})
		if err != nil {
			return struct{}{}, err
		}
		if to[p.ID] == "" {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "This person has no address that a link could go to. Give them one first.")
		}
		link.IssuerID, link.CreatedAt = w.us.ID, w.Now
		link.PersonID, link.Address, mail.Name = p.ID, to[p.ID], p.Name
		return struct{}{}, w.mailSignin(&link, mail)
	})
	return err
}

// mailSignin keeps a link and the mail that brings it.
func (w *work) mailSignin(link *issuer.SigninLink, mail SigninMail) error {
	if err := w.Tx.AddSigninLink(link); err != nil {
		return err
	}
	data, err := encoded(mail)
	if err != nil {
		return err
	}
	return w.AddMessage(&issuer.Message{ID: issuer.MessageID(rand.Text()), IssuerID: w.us.ID, PersonID: link.PersonID, Kind: "mail",
		Recipient: link.Address, Template: "sign-in", Data: data, State: "queued", NextAt: w.Now, CreatedAt: w.Now})
}

// AddSetupLink keeps the link that makes the first admin. Once there is an
// admin it refuses.
func (r *Registrar) AddSetupLink(ctx context.Context, link issuer.SigninLink) error {
	_, err := act(ctx, r, doorkeeper, "setup.link", "", func(w *work) (struct{}, error) {
		link := link // the act may be run again
		if err := w.noAdminYet(); err != nil {
			return struct{}{}, err
		}
		link.IssuerID, link.CreatedAt = w.us.ID, w.Now
		return struct{}{}, w.Tx.AddSigninLink(&link)
	})
	return err
}

// admins counts who runs the installation, and holds that number until the
// act is over.
func (w *work) admins() (int, error) {
	if err := w.LockIssuer(w.us.ID); err != nil {
		return 0, err
	}
	return w.CountAdmins()
}

func (w *work) noAdminYet() error {
	admins, err := w.admins()
	if err == nil && admins > 0 {
		err = issuer.Refuse(issuer.Conflict, "This installation has an admin already. Sign in, or ask them to add you.")
	}
	return err
}

// UseSigninLink uses a link up and gives it, with the person it signs in. Using
// it shows that they read the mail of the address that it went to; if that is not
// theirs any more, it lets nobody in.
func (r *Registrar) UseSigninLink(ctx context.Context, token string) (*issuer.SigninLink, error) {
	return act(ctx, r, doorkeeper, "signin.use", "", func(w *work) (*issuer.SigninLink, error) {
		link, err := w.Tx.UseSigninLink(token)
		if err != nil {
			return nil, err
		}
		if link.Purpose != "signin" || link.PersonID == "" {
			return nil, issuer.Refuse(issuer.NotFound, "This link is not valid any more. Ask for a new one.")
		}
		w.object = string(link.PersonID)
		p, err := w.Person(link.PersonID)
		if err != nil || link.Address == "" && p.ErasedAt == nil {
			return link, err
		}
		theirs, err := w.VerifyEmail(link.PersonID, link.Address)
		if err == nil && (!theirs || p.ErasedAt != nil) {
			err = issuer.Refuse(issuer.NotFound, "This link is not valid any more. Ask for a new one.")
		}
		return link, err
	})
}

// SpentLink gives a sign-in link that was used or is over, until it is removed a
// day later. It lets nobody in.
func (r *Registrar) SpentLink(ctx context.Context, token string) (*issuer.SigninLink, error) {
	return store.Read(ctx, r.Store, func(tx *store.Tx) (*issuer.SigninLink, error) { return tx.SpentLink(token) })
}

// UseSetupLink uses the setup link up and makes the first admin.
func (r *Registrar) UseSetupLink(ctx context.Context, token, email, name string) (*issuer.Person, error) {
	return act(ctx, r, doorkeeper, "setup.use", "", func(w *work) (*issuer.Person, error) {
		link, err := w.Tx.UseSigninLink(token)
		if err != nil {
			return nil, err
		}
		if link.Purpose != "setup" {
			return nil, issuer.Refuse(issuer.NotFound, "This link is not valid any more. Ask for a new one.")
		}
		if err := w.noAdminYet(); err != nil {
			return nil, err
		}
		return w.addAdmin(email, name)
	})
}

// CheckClient gives a client whose secret is right and that was not revoked.
// The refusal is Unsigned, and does not tell which of these it was.
func (r *Registrar) CheckClient(ctx context.Context, id issuer.ClientID, secret string) (*issuer.Client, error) {
	refused := issuer.Refuse(issuer.Unsigned, "There is no such client, or its secret is another.")
	client, err := store.Read(ctx, r.Store, func(tx *store.Tx) (*issuer.Client, error) { return tx.Client(id) })
	if errors.Is(err, issuer.NotFound) {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(secret))
	if subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(client.SecretHash)) != 1 || client.RevokedAt != nil {
		return nil, refused
	}
	return client, nil
}

// ClientCaller gives a client as a caller with those of the scopes that it
// has. One that was revoked is nobody: the error is Unsigned, here or, if that was
// a moment ago, from whatever the caller asks for.
func (r *Registrar) ClientCaller(ctx context.Context, id issuer.ClientID, scopes []string) (issuer.Caller, error) {
	client, err := r.clientOf(ctx, id)
	if err != nil {
		return issuer.Caller{}, err
	}
	if client.RevokedAt != nil {
		return issuer.Caller{}, revoked()
	}
	by := issuer.Caller{Client: client.ID, ClientName: client.Name}
	for _, s := range scopes {
		if client.Scopes.Has(s) {
			by.Scopes = append(by.Scopes, issuer.Scope(s))
		}
	}
	return by, nil
}

// clientOf gives a client as acts saw it last, which costs no statement: of a
// client nothing changes but that it is revoked, and that every act and every view
// looks at in its own transaction.
func (r *Registrar) clientOf(ctx context.Context, id issuer.ClientID) (*issuer.Client, error) {
	if d := r.defined.Load(); d != nil && d.clients[id] != nil {
		return d.clients[id], nil
	}
	return store.Read(ctx, r.Store, func(tx *store.Tx) (*issuer.Client, error) { return tx.Client(id) })
}

func revoked() error { return issuer.Refuse(issuer.Unsigned, "This client was revoked.") }
