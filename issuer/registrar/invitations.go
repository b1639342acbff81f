package registrar

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"hallmark/issuer"
)

// Invitations: who runs a program asks the reader of an address to take part. No
// person is made, and no place taken, before the invitation is accepted.

// NewInvitation says who is to be asked to what: a role in a program or cohort, or
// issuer.Learner for a place in a cohort.
type NewInvitation struct {
	Email   string
	Name    string
	Role    issuer.Role
	Tier    issuer.Tier
	Program string // code or id
	Cohort  string
}

// InvitationView is an invitation as who runs its program sees it.
type InvitationView struct {
	ID        issuer.InvitationID
	Address   string
	Name      string
	Role      issuer.Role
	Tier      issuer.Tier
	Program   Named
	Cohort    Named
	Standing  issuer.Standing // of its newest mail; "" if that is not known any more
	Sends     int
	SentAt    time.Time
	ExpiresAt time.Time
	Ended     bool // its time ran out
}

// InvitationOffer is what a link leads to, as whoever has it sees it: not the
// address, which they show by reading its mail.
type InvitationOffer struct {
	Program Named
	Cohort  Named
	Role    issuer.Role
	Tier    issuer.Tier
}

// invitationsPerDay bounds how many people someone can have mailed.
const invitationsPerDay = 500

// invitationsListed is how many invitations a list shows.
const invitationsListed = 200

// Invite keeps an invitation and mails it; the secret in its link is not kept.
func (r *Registrar) Invite(ctx context.Context, by issuer.Caller, in NewInvitation) (issuer.InvitationID, error) {
	return act(ctx, r, by, "invitation.add", "", func(w *work) (issuer.InvitationID, error) {
		i, err := w.invitation(in)
		if err != nil {
			return "", err
		}
		w.object = string(i.ID)
		w.note("role", i.Role)
		w.note("program", i.ProgramID)
		w.note("cohort", i.CohortID)
		if err := w.mailInvitation(i); err != nil {
			return "", err
		}
		added, err := w.AddInvitationOnce(i)
		if err == nil && !added {
			err = &issuer.Error{Kind: issuer.Conflict, Field: "email", Reason: "This address has an open invitation to the same place; send that one again."}
		}
		return i.ID, err
	})
}

// invitation checks what is asked for. It does not tell whether someone has the
// address.
func (w *work) invitation(in NewInvitation) (*issuer.Invitation, error) {
	g, err := w.placeOf(in)
	if err != nil {
		return nil, err
	}
	if err := w.mayManage(g.ProgramID); err != nil {
		return nil, err
	}
	address, _, err := issuer.NormalEmail(in.Email)
	if err != nil {
		return nil, err
	}
	name, _, err := issuer.CleanName(in.Name)
	if err != nil {
		return nil, err
	}
	made, err := w.InvitedSince(w.by.Person, w.Now.Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	if made >= invitationsPerDay {
		return nil, issuer.Refuse(issuer.Conflict, "You invited %d people today; go on tomorrow, or import a list.", made)
	}
	return &issuer.Invitation{ID: issuer.InvitationID(rand.Text()), IssuerID: w.us.ID, Address: address, Name: name, Role: in.Role, Tier: g.Tier,
		ProgramID: g.ProgramID, CohortID: g.CohortID, Sends: 1, CreatedBy: w.by.Person, CreatedAt: w.Now, SentAt: w.Now, ExpiresAt: w.Now.Add(issuer.InvitationLife)}, nil
}

// placeOf is place, for learners too.
func (w *work) placeOf(in NewInvitation) (*issuer.Grant, error) {
	role := in.Role
	if role == issuer.Learner {
		if in.Cohort == "" {
			return nil, issuer.Wrong("cohort", "Say which cohort they are to learn in.")
		}
		role = issuer.Mentor // who has a cohort, too
		in.Tier = issuer.Community
	}
	g, err := w.place(NewGrant{Role: role, Tier: in.Tier, Program: in.Program, Cohort: in.Cohort})
	if err == nil && in.Role == issuer.Learner {
		g.Tier = ""
	}
	return g, err
}

// mailInvitation gives an invitation a new secret and mails the link with it.
func (w *work) mailInvitation(i *issuer.Invitation) error {
	secret := rand.Text()
	i.Hash, i.MessageID = secretHash(secret), issuer.MessageID(rand.Text())
	to, err := w.invitedTo(i)
	if err != nil {
		return err
	}
	program := to.Cohort.Name
	if program == "" {
		program = to.Program.Name
	}
	if program == "" {
		program = w.us.Name
	}
	data, err := encoded(map[string]any{"Name": i.Name, "Program": program, "Link": w.r.BaseURL + "/invitation?t=" + secret})
	if err != nil {
		return err
	}
	return w.AddMessage(&issuer.Message{ID: i.MessageID, IssuerID: w.us.ID, Kind: "mail", Recipient: i.Address, Template: "invitation",
		Data: data, State: "queued", NextAt: w.Now, CreatedAt: w.Now})
}

func (w *work) invitedTo(i *issuer.Invitation) (*InvitationOffer, error) {
	o := &InvitationOffer{Role: i.Role, Tier: i.Tier}
	if i.CohortID != "" {
		c, err := w.Tx.Cohort(i.CohortID)
		if err != nil {
			return nil, err
		}
		o.Cohort = namedCohort(c)
	}
	if i.ProgramID != "" {
		p, err := w.Tx.Program(i.ProgramID)
		if err != nil {
			return nil, err
		}
		o.Program = namedProgram(p)
	}
	return o, nil
}

// Invitations lists what is open of the programs that the caller runs.
func (r *Registrar) Invitations(ctx context.Context, by issuer.Caller) ([]InvitationView, error) {
	return look(ctx, r, by, func(w *work) ([]InvitationView, error) {
		if err := w.mayManageAny(); err != nil {
			return nil, err
		}
		programs, all := w.managed()
		if all {
			programs = nil
		}
		rows, err := w.Tx.Invitations(programs, true, invitationsListed)
		if err != nil {
			return nil, err
		}
		mails, err := w.MessagesByID(unique(rows, func(i issuer.Invitation) issuer.MessageID { return i.MessageID })...)
		if err != nil {
			return nil, err
		}
		mail := byID(mails, func(m issuer.Message) issuer.MessageID { return m.ID })
		views := make([]InvitationView, len(rows))
		for n := range rows {
			i := &rows[n]
			to, err := w.invitedTo(i)
			if err != nil {
				return nil, err
			}
			views[n] = InvitationView{ID: i.ID, Address: i.Address, Name: i.Name, Role: i.Role, Tier: i.Tier, Program: to.Program, Cohort: to.Cohort,
				Sends: i.Sends, SentAt: i.SentAt, ExpiresAt: i.ExpiresAt, Ended: !w.Now.Before(i.ExpiresAt)}
			if m, ok := mail[i.MessageID]; ok {
				views[n].Standing = m.Standing()
			}
		}
		return views, nil
	})
}

// ResendInvitation mails an invitation once more, with a new link and a new end;
// the link of before is worth nothing then.
func (r *Registrar) ResendInvitation(ctx context.Context, by issuer.Caller, id issuer.InvitationID) error {
	return r.changeInvitation(ctx, by, "invitation.resend", id, func(w *work, i *issuer.Invitation) error {
		if err := i.Send(w.Now); err != nil {
			return err
		}
		return w.mailInvitation(i)
	})
}

// RevokeInvitation withdraws an invitation.
func (r *Registrar) RevokeInvitation(ctx context.Context, by issuer.Caller, id issuer.InvitationID) error {
	return r.changeInvitation(ctx, by, "invitation.revoke", id, func(w *work, i *issuer.Invitation) error {
		if i.AcceptedAt != nil {
			return issuer.Refuse(issuer.Conflict, "This invitation was accepted already. Take the role away instead.")
		}
		if i.RevokedAt == nil {
			i.RevokedAt = &w.Now
		}
		return nil
	})
}

func (r *Registrar) changeInvitation(ctx context.Context, by issuer.Caller, name string, id issuer.InvitationID, change func(w *work, i *issuer.Invitation) error) error {
	_, err := act(ctx, r, by, name, string(id), func(w *work) (struct{}, error) {
		if err := w.mayManageAny(); err != nil {
			return struct{}{}, err
		}
		i, err := w.LockInvitation(id)
		if err != nil {
			return struct{}{}, err
		}
		if !w.by.Manages(i.ProgramID) {
			return struct{}{}, hidden("invitation")
		}
		if err := change(w, i); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.SaveInvitation(i)
	})
	return err
}

// InvitationOffer tells what a link invites to.
func (r *Registrar) InvitationOffer(ctx context.Context, secret string) (*InvitationOffer, error) {
	return look(ctx, r, issuer.Caller{}, func(w *work) (*InvitationOffer, error) {
		i, err := w.InvitationOf(secretHash(secret))
		if err != nil {
			return nil, err
		}
		if err := i.Open(w.Now); err != nil {
			return nil, err
		}
		return w.invitedTo(i)
	})
}

// OpenInvitation is for whoever has a link and is not signed in. If nobody has the
// address that it went to, a person is made of it, who accepts, and is given to be
// signed in: they read its mail, or they had no link. Else the address is given, for
// a link to sign in with: an invitation is good for days and opens no account that
// is there.
func (r *Registrar) OpenInvitation(ctx context.Context, secret string) (fresh issuer.PersonID, known string, err error) {
	type opened struct {
		fresh issuer.PersonID
		known string
	}
	o, err := act(ctx, r, doorkeeper, "invitation.open", "", func(w *work) (opened, error) {
		i, err := w.heldInvitation(secret)
		if err != nil {
			return opened{}, err
		}
		p, added, err := w.findOrAdd(NewPerson{Email: i.Address, Name: i.Name})
		if err != nil {
			return opened{}, err
		}
		if !added {
			return opened{known: i.Address}, nil
		}
		if _, err := w.VerifyEmail(p.ID, i.Address); err != nil {
			return opened{}, err
		}
		return opened{fresh: p.ID}, w.accept(i, p)
	})
	return o.fresh, o.known, err
}

// heldInvitation reads the open invitation of a link and holds it until the act is
// over.
func (w *work) heldInvitation(secret string) (*issuer.Invitation, error) {
	i, err := w.InvitationOf(secretHash(secret))
	if err != nil {
		return nil, err
	}
	if i, err = w.LockInvitation(i.ID); err != nil {
		return nil, err
	}
	w.object = string(i.ID)
	if i.PersonID != "" && i.PersonID == w.by.Person {
		return i, nil
	}
	return i, i.Open(w.Now)
}

// AcceptInvitation gives the caller what a link invites to. Whoever has it reads the
// mail that it came in, whichever address of theirs they sign in with.
func (r *Registrar) AcceptInvitation(ctx context.Context, by issuer.Caller, secret string) error {
	_, err := act(ctx, r, by, "invitation.accept", "", func(w *work) (struct{}, error) {
		if w.by.Person == "" {
			return struct{}{}, errors.Join(w.signed(), forbid("Only people accept an invitation."))
		}
		p, err := w.living(w.by.Person)
		if err != nil {
			return struct{}{}, err
		}
		i, err := w.heldInvitation(secret)
		if err != nil || i.AcceptedAt != nil { // by them: twice is once
			return struct{}{}, err
		}
		return struct{}{}, w.accept(i, p)
	})
	return err
}

// accept gives a person what they were invited to.
func (w *work) accept(i *issuer.Invitation, p *issuer.Person) error {
	i.PersonID, i.AcceptedAt = p.ID, &w.Now
	if err := w.SaveInvitation(i); err != nil {
		return err
	}
	if i.Role == issuer.Learner {
		c, err := w.Tx.Cohort(i.CohortID)
		if err != nil {
			return err
		}
		_, err = w.enroll(p, c)
		return err
	}
	_, err := w.grant(&issuer.Grant{PersonID: p.ID, Role: i.Role, ProgramID: i.ProgramID, CohortID: i.CohortID, Tier: i.Tier, GrantedBy: i.CreatedBy})
	return err
}
