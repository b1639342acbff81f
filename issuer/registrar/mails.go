package registrar

import (
	"context"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// MailView is a mail as who runs the installation sees it: where it stands, never
// what it says.
type MailView struct {
	ID         issuer.MessageID
	To         string
	Person     Named // whose address it is; none for addresses of nobody
	Moment     issuer.Moment
	Standing   issuer.Standing
	CreatedAt  time.Time
	SentAt     *time.Time
	NextAt     time.Time // when it is tried next, while it is queued
	Attempts   int
	Problem    string
	Resendable bool
}

// MailList is a page of mails, the newest first.
type MailList struct {
	Items []MailView
	Next  issuer.MessageID // the page after begins below it; "" at the end
}

const mailsAPage = 50

// Mails lists the mails of a standing, or all for "". Only who runs the
// installation may see them: they tell who does what.
func (r *Registrar) Mails(ctx context.Context, by issuer.Caller, standing issuer.Standing, before issuer.MessageID) (*MailList, error) {
	return look(ctx, r, by, func(w *work) (*MailList, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		messages, err := w.MessagesIn(standing, before, mailsAPage+1)
		if err != nil {
			return nil, err
		}
		list := &MailList{}
		if len(messages) > mailsAPage {
			messages = messages[:mailsAPage]
			list.Next = messages[mailsAPage-1].ID
		}
		people, err := w.People(unique(messages, func(m issuer.Message) issuer.PersonID { return m.PersonID })...)
		if err != nil {
			return nil, err
		}
		person := byID(people, func(p issuer.Person) issuer.PersonID { return p.ID })
		for i := range messages {
			list.Items = append(list.Items, mailView(&messages[i], person))
		}
		return list, nil
	})
}

func mailView(m *issuer.Message, person map[issuer.PersonID]issuer.Person) MailView {
	v := MailView{ID: m.ID, To: m.Recipient, Moment: issuer.Moment(m.Template), Standing: m.Standing(), CreatedAt: m.CreatedAt, SentAt: m.SentAt,
		NextAt: m.NextAt, Attempts: m.Attempts, Problem: m.Problem, Resendable: m.Resendable()}
	if p, ok := person[m.PersonID]; ok {
		v.Person = Named{ID: string(p.ID), Name: p.Name}
	}
	return v
}

// ResendMail lets a mail that did not arrive go once more, now: to the address
// that mail to its reader goes to by then.
func (r *Registrar) ResendMail(ctx context.Context, by issuer.Caller, id issuer.MessageID) error {
	_, err := act(ctx, r, by, "mail.resend", string(id), func(w *work) (struct{}, error) {
		m, err := w.mailToManage(id)
		if err != nil {
			return struct{}{}, err
		}
		if !m.Resendable() {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "This mail cannot go again: what it said is not kept. Its reader finds it on its page.")
		}
		if m.PersonID != "" {
			emails, err := w.Emails(m.PersonID)
			if err != nil {
				return struct{}{}, err
			}
			if len(emails) > 0 {
				m.Recipient = emails[0].Address // the main one is the first
			}
		}
		m.State, m.Attempts, m.NextAt, m.Held, m.BouncedAt, m.Problem, m.CreatedAt, m.Mark = "queued", 0, w.Now, false, nil, "", w.Now, "" // it gets a new one: reports about the old are not about it
		return struct{}{}, w.RequeueMessage(m)
	})
	return err
}

// BounceMail notes that a mail came back: mail servers tell some of it days later,
// and to people.
func (r *Registrar) BounceMail(ctx context.Context, by issuer.Caller, id issuer.MessageID) error {
	_, err := act(ctx, r, by, "mail.bounce", string(id), func(w *work) (struct{}, error) {
		m, err := w.mailToManage(id)
		if err != nil {
			return struct{}{}, err
		}
		if m.State == "queued" || m.BouncedAt != nil {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "Only a mail that was sent can come back, and once.")
		}
		m.State, m.BouncedAt, m.Problem = "failed", &w.Now, "It came back."
		return struct{}{}, w.SaveMessage(m)
	})
	return err
}

func (w *work) mailToManage(id issuer.MessageID) (*issuer.Message, error) {
	if err := w.mayManage(""); err != nil {
		return nil, err
	}
	return w.Message(id)
}

// MailChoices tells what the caller said of each moment that they may stop.
func (r *Registrar) MailChoices(ctx context.Context, by issuer.Caller) (map[issuer.Moment]string, error) {
	return look(ctx, r, by, func(w *work) (map[issuer.Moment]string, error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		if w.by.Person == "" {
			return nil, forbid("Only people get mail.")
		}
		chosen, err := w.Tx.MailChoices(w.by.Person)
		if err != nil {
			return nil, err
		}
		all := map[issuer.Moment]string{}
		for _, m := range issuer.Moments {
			all[m] = issuer.MailAtOnce
		}
		for _, c := range chosen {
			all[c.Moment] = c.Choice
		}
		return all, nil
	})
}

// ChooseMail keeps how the caller wants the mails of some moments; those that are
// not named stay as they are.
func (r *Registrar) ChooseMail(ctx context.Context, by issuer.Caller, choices map[issuer.Moment]string) error {
	_, err := act(ctx, r, by, "mail.choose", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.self()
		if err != nil {
			return struct{}{}, err
		}
		for _, m := range issuer.Moments {
			choice, said := choices[m]
			if !said {
				continue
			}
			if choice != issuer.MailAtOnce && choice != issuer.MailDaily && choice != issuer.MailOff {
				return struct{}{}, issuer.Wrong(string(m), "Choose at once, daily or off.")
			}
			if err := w.chooseMail(p.ID, m, choice); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return err
}

func (w *work) chooseMail(p issuer.PersonID, m issuer.Moment, choice string) error {
	w.note(string(m), choice)
	return w.SaveMailChoice(&issuer.MailChoice{PersonID: p, Moment: m, IssuerID: w.us.ID, Choice: choice})
}

// ChooseLanguage keeps the language that the caller's mails come in, and their pages
// in a browser where they chose none: a tag of BCP 47 that the doors know.
func (r *Registrar) ChooseLanguage(ctx context.Context, by issuer.Caller, tag string) error {
	_, err := act(ctx, r, by, "language.choose", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.self()
		if err != nil {
			return struct{}{}, err
		}
		w.note("language", tag)
		p.Locale = tag
		return struct{}{}, w.SavePerson(p)
	})
	return err
}

// StoppedBy tells which mails the link in a mail stops; those of a digest are all.
func (r *Registrar) StoppedBy(ctx context.Context, secret string) (issuer.Moment, error) {
	m, err := store.Read(ctx, r.Store, func(tx *store.Tx) (*issuer.Message, error) { return tx.MessageByStop(secret) })
	if err != nil {
		return "", err
	}
	return issuer.Moment(m.Template), nil
}

// StopMail stops the mails of the moment that one with this link was about, for
// its reader. The link is all it takes (RFC 8058): it can do nothing else.
func (r *Registrar) StopMail(ctx context.Context, secret string) error {
	_, err := act(ctx, r, issuer.Caller{System: "mail"}, "mail.stop", "", func(w *work) (struct{}, error) {
		m, err := w.MessageByStop(secret)
		if err != nil {
			return struct{}{}, err
		}
		p, err := w.living(m.PersonID)
		if err != nil {
			return struct{}{}, err
		}
		w.object = string(p.ID)
		stop := []issuer.Moment{issuer.Moment(m.Template)}
		if stop[0] == issuer.DigestMoment {
			stop = slices.Clone(issuer.Moments)
		}
		for _, moment := range stop {
			if err := w.chooseMail(p.ID, moment, issuer.MailOff); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return err
}
