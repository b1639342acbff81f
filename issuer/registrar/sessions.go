package registrar

import (
	"context"
	"errors"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Sessions, as package signin asks for them: tokens arrive hashed.

// Session gives the data of a session that has not ended.
func (r *Registrar) Session(ctx context.Context, token string) (data []byte, found bool, err error) {
	s, err := store.Read(ctx, r.Store, func(tx *store.Tx) (*issuer.Session, error) { return tx.Session(token) })
	if errors.Is(err, issuer.NotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return s.Data, true, nil
}

// KeepSession keeps a session. One that is there with the same data and ends
// less than slack before end is left as it is; one that begun tells was there
// before, and is not any more, was ended meanwhile and stays so.
func (r *Registrar) KeepSession(ctx context.Context, s issuer.Session, begun bool, slack time.Duration) error {
	same, err := store.Read(ctx, r.Store, func(tx *store.Tx) (bool, error) {
		old, err := tx.Session(s.Token)
		if errors.Is(err, issuer.NotFound) {
			return false, nil
		}
		return err == nil && string(old.Data) == string(s.Data) && s.ExpiresAt.Sub(old.ExpiresAt) < slack, err
	})
	if err != nil || same {
		return err
	}
	_, err = store.Write(ctx, r.Store, func(tx *store.Tx) (struct{}, error) {
		us, err := tx.Issuer()
		if err != nil {
			return struct{}{}, err
		}
		if p, err := tx.Person(s.PersonID); err == nil && p.ErasedAt != nil {
			return struct{}{}, tx.RemoveSession(s.Token) // the request began before the person was erased
		}
		s := s // this may be run again
		s.IssuerID = us.ID
		if begun {
			return struct{}{}, tx.MoveSession(&s)
		}
		return struct{}{}, tx.SaveSession(&s)
	})
	return err
}

// DropSession ends a session.
func (r *Registrar) DropSession(ctx context.Context, token string) error {
	_, err := store.Write(ctx, r.Store, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.RemoveSession(token) })
	return err
}

// Sessions lists the browsers in which the caller is signed in.
func (r *Registrar) Sessions(ctx context.Context, by issuer.Caller) ([]issuer.Session, error) {
	return look(ctx, r, by, func(w *work) ([]issuer.Session, error) {
		if by.Person == "" {
			return nil, errors.Join(w.signed(), forbid("Only people have sessions."))
		}
		return w.OpenSessions(by.Person)
	})
}

// EndSession ends a session of the caller.
func (r *Registrar) EndSession(ctx context.Context, by issuer.Caller, token string) error {
	_, err := act(ctx, r, by, "session.end", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.self()
		if err != nil {
			return struct{}{}, err
		}
		_, err = w.RemoveSessionOf(p.ID, token) // gone is gone, whoever ended it
		return struct{}{}, err
	})
	return err
}

// EndSessions ends the sessions of the caller but keep, "" for none, and every
// sign-in link on its way to them.
func (r *Registrar) EndSessions(ctx context.Context, by issuer.Caller, keep string) error {
	_, err := act(ctx, r, by, "session.end-all", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.self()
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.SignOutBut(p.ID, keep)
	})
	return err
}

// Arrive keeps that a person signed in with a browser. If they signed in before,
// and never with this one, they are told: id is the SHA-256 of a cookie that it
// keeps, name what it calls itself.
func (r *Registrar) Arrive(ctx context.Context, person issuer.PersonID, id, name, language string) error {
	_, err := act(ctx, r, doorkeeper, "signin.begin", string(person), func(w *work) (struct{}, error) {
		p, err := w.living(person)
		if err != nil {
			return struct{}{}, err
		}
		if p.Locale == "" && language != "" {
			p.Locale = language
			if err := w.SavePerson(p); err != nil {
				return struct{}{}, err
			}
		}
		if err := w.ArrivePerson(p.ID); err != nil {
			return struct{}{}, err
		}
		before, err := w.Devices(p.ID)
		if err != nil {
			return struct{}{}, err
		}
		known, err := w.SeeDevice(&issuer.Device{ID: id, PersonID: p.ID, IssuerID: w.us.ID, Name: name, CreatedAt: w.Now, SeenAt: w.Now})
		if err != nil || known || len(before) == 0 {
			return struct{}{}, err
		}
		w.note("new", true)
		return struct{}{}, w.mail(p, "signed-in", map[string]any{"Device": name, "At": w.Now.Format("2006-01-02 15:04"), "Issuer": w.us.Name,
			"Ask": w.askAt(), "Link": w.r.BaseURL + "/account"})
	})
	return err
}
