package registrar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"hallmark/issuer"
)

// JoinLinkView is a link by which people join a cohort, without its secret.
type JoinLinkView struct {
	ID        issuer.JoinLinkID
	Places    int
	Used      int
	ExpiresAt time.Time
	CreatedAt time.Time
	Open      bool
}

// JoinView is what a link leads to, as whoever has it sees it.
type JoinView struct {
	Cohort       Named
	Program      Named
	Purpose      string
	Expectations string
	StartsOn     issuer.Day
	EndsOn       issuer.Day
	TimeZone     string
	Joined       bool // the caller is in the cohort already
}

// linkEnded is said of a link to a cohort that lets nobody in.
func linkEnded() error {
	return issuer.Refuse(issuer.NotFound, "Nobody joins this cohort any more. Ask whoever gave you the link.")
}

// secretHash is what is kept of the secret of a link.
func secretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func (w *work) joinLinkViews(c issuer.CohortID) ([]JoinLinkView, error) {
	links, err := w.JoinLinks(c)
	var views []JoinLinkView
	for i := range links {
		l := &links[i]
		views = append(views, JoinLinkView{l.ID, l.Places, l.Used, l.ExpiresAt, l.CreatedAt, l.Open(w.Now)})
	}
	return views, err
}

// AddJoinLink makes a link by which so many people can join a cohort, by code
// or id, for so many days, and gives its secret, which is not kept. Who runs
// the program may.
func (r *Registrar) AddJoinLink(ctx context.Context, by issuer.Caller, cohort string, places, days int) (secret string, err error) {
	secret = rand.Text()
	_, err = act(ctx, r, by, "cohort.link", cohort, func(w *work) (struct{}, error) {
		c, err := w.managedCohort(cohort)
		if err != nil {
			return struct{}{}, err
		}
		w.object = string(c.ID)
		if places < 1 || places > issuer.MaxJoinPlaces {
			return struct{}{}, issuer.Wrong("places", "A link lets in 1 to %d people.", issuer.MaxJoinPlaces)
		}
		if days < 1 || days > issuer.MaxJoinDays {
			return struct{}{}, issuer.Wrong("days", "A link is open for 1 to %d days.", issuer.MaxJoinDays)
		}
		l := &issuer.JoinLink{ID: issuer.JoinLinkID(rand.Text()), IssuerID: w.us.ID, CohortID: c.ID, Hash: secretHash(secret), Places: places,
			ExpiresAt: w.Now.AddDate(0, 0, days), CreatedBy: w.by.Person, CreatedAt: w.Now}
		w.note("link", l.ID)
		return struct{}{}, w.Tx.AddJoinLink(l)
	})
	return secret, err
}

// CloseJoinLink ends a link of a cohort. Who runs the program may.
func (r *Registrar) CloseJoinLink(ctx context.Context, by issuer.Caller, cohort string, id issuer.JoinLinkID) error {
	_, err := act(ctx, r, by, "cohort.unlink", string(id), func(w *work) (struct{}, error) {
		c, err := w.managedCohort(cohort)
		if err != nil {
			return struct{}{}, err
		}
		l, err := w.LockJoinLink(id)
		if err != nil {
			return struct{}{}, err
		}
		if l.CohortID != c.ID {
			return struct{}{}, issuer.Refuse(issuer.NotFound, "There is no such link.")
		}
		if !l.Close(w.Now) {
			return struct{}{}, nil
		}
		return struct{}{}, w.SaveJoinLink(l)
	})
	return err
}

// JoinOffer shows what a link leads to, to anyone who has it.
func (r *Registrar) JoinOffer(ctx context.Context, by issuer.Caller, secret string) (*JoinView, error) {
	return look(ctx, r, by, func(w *work) (*JoinView, error) {
		l, err := w.JoinLinkOf(secretHash(secret))
		if err != nil {
			return nil, err
		}
		c, err := w.Tx.Cohort(l.CohortID)
		if err != nil {
			return nil, err
		}
		joined := w.by.EnrolledIn(c.ID)
		if !joined {
			if c.ClosedAt != nil {
				return nil, linkEnded()
			}
			if err := l.Take(w.Now); err != nil {
				return nil, err
			}
		}
		p, err := w.Tx.Program(c.ProgramID)
		if err != nil {
			return nil, err
		}
		return &JoinView{Cohort: namedCohort(c), Program: namedProgram(p), Purpose: c.Purpose, Expectations: c.Expectations,
			StartsOn: c.StartsOn, EndsOn: c.EndsOn, TimeZone: c.TimeZone, Joined: joined}, nil
	})
}

// Introduce adds who wants to join by a link and is not known yet, so that the
// link that signs them in can be mailed to them. Whoever has the address
// already stays as they are, and no answer tells whether there is one. A place
// is taken only by Join.
func (r *Registrar) Introduce(ctx context.Context, secret, email, name string) error {
	_, err := act(ctx, r, doorkeeper, "join.introduce", "", func(w *work) (struct{}, error) {
		l, err := w.JoinLinkOf(secretHash(secret))
		if err != nil {
			return struct{}{}, err
		}
		w.note("link", l.ID)
		if err := l.Take(w.Now); err != nil {
			return struct{}{}, err
		}
		c, err := w.Tx.Cohort(l.CohortID)
		if err != nil {
			return struct{}{}, err
		}
		if c.ClosedAt != nil {
			return struct{}{}, linkEnded()
		}
		in := NewPerson{Email: email, Name: name}
		if _, err := w.newPerson(in); err != nil { // also of who is known: the answer is the same
			return struct{}{}, err
		}
		p, added, err := w.findOrAdd(in)
		if err == nil && added {
			w.object = string(p.ID)
		}
		return struct{}{}, err
	})
	return err
}

// Join puts the caller into the cohort of a link. Joining again takes no
// second place.
func (r *Registrar) Join(ctx context.Context, by issuer.Caller, secret string) error {
	_, err := act(ctx, r, by, "cohort.join", "", func(w *work) (struct{}, error) {
		if w.by.Person == "" {
			return struct{}{}, errors.Join(w.signed(), forbid("Only people join a cohort."))
		}
		l, err := w.JoinLinkOf(secretHash(secret))
		if err != nil {
			return struct{}{}, err
		}
		if l, err = w.LockJoinLink(l.ID); err != nil {
			return struct{}{}, err
		}
		c, err := w.Tx.Cohort(l.CohortID)
		if err != nil {
			return struct{}{}, err
		}
		w.object = string(c.ID)
		w.note("link", l.ID)
		p, err := w.living(w.by.Person)
		if err != nil {
			return struct{}{}, err
		}
		added, err := w.enroll(p, c)
		if err != nil || !added {
			return struct{}{}, err
		}
		if err := l.Take(w.Now); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.SaveJoinLink(l)
	})
	return err
}
