package signin

import (
	"context"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// personKey is the one value in a session.
const personKey = "person"

// sessionStore keeps sessions in the registrar's store; tokens arrive hashed.
type sessionStore struct{ registrar *registrar.Registrar }

var errNoContext = errors.New("sessions are kept with a context")

// Find, Commit and Delete complete scs.Store; scs calls the methods with a
// context wherever a store has them.
func (sessionStore) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (sessionStore) Commit(string, []byte, time.Time) error { return errNoContext }
func (sessionStore) Delete(string) error                    { return errNoContext }

// FindCtx gives the data of a session that is not over.
func (s sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, found, err := s.registrar.Session(ctx, token)
	if v := visitOf(ctx); found && v != nil {
		v.found = token
	}
	return data, found, err
}

// CommitCtx keeps a session. scs calls it with every request, to move the
// idle end on; a write for every page that is read would be dear, so an end
// that moves by less than a minute is left where it is.
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, end time.Time) error {
	until, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return err
	}
	person, _ := values[personKey].(string)
	device, _ := values[deviceKey].(string)
	v := visitOf(ctx)
	return s.registrar.KeepSession(ctx, issuer.Session{
		Token: token, PersonID: issuer.PersonID(person), Data: data, ExpiresAt: end.UTC().Truncate(time.Second),
		CreatedAt: until.Add(-fullLife).UTC().Truncate(time.Second), Device: device,
	}, v != nil && v.found == token, time.Minute)
}

// DeleteCtx forgets a session.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.registrar.DropSession(ctx, token)
}

// visit is what one request brings and takes away beside its session.
type visit struct {
	found  string // the token of the session that it began with, hashed
	agent  string // what the browser calls itself
	device string // the cookie by which it is known again; "" if it has none
	fresh  bool   // and it gets that cookie now

	language string // of the answer
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// OpenSession is a browser in which a person is signed in.
type OpenSession struct {
	ID     string // to end it by
	Device string // "" if that is not known
	Since  time.Time
	Used   time.Time // not long before it was used last
	Here   bool      // it is the one that asks
}

// Sessions lists the browsers in which the caller is signed in, the newest first.
func (s *Signin) Sessions(ctx context.Context, by issuer.Caller) ([]OpenSession, error) {
	rows, err := s.registrar.Sessions(ctx, by)
	here := s.here(ctx)
	all := make([]OpenSession, len(rows))
	for i, row := range rows {
		used := row.ExpiresAt.Add(-idleLife)
		if used.Before(row.CreatedAt) {
			used = row.CreatedAt
		}
		all[i] = OpenSession{row.Token, row.Device, row.CreatedAt, used, row.Token == here}
	}
	return all, err
}

// here is the token of the session of a context as it is kept; "" if it has none.
func (s *Signin) here(ctx context.Context) string {
	token := s.sessions.Token(ctx)
	if token == "" {
		return ""
	}
	return hashOf(token)
}

// EndOthers signs the caller out of every browser but this one.
func (s *Signin) EndOthers(ctx context.Context, by issuer.Caller) error {
	return s.registrar.EndSessions(ctx, by, s.here(ctx))
}
