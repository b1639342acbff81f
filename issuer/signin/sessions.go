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
	return s.registrar.Session(ctx, token)
}

// CommitCtx keeps a session. scs calls it with every request, to move the
// idle end on; a write for every page that is read would be dear, so an end
// that moves by less than a minute is left where it is.
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, end time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return err
	}
	person, _ := values[personKey].(string)
	return s.registrar.KeepSession(ctx, issuer.Session{
		Token: token, PersonID: issuer.PersonID(person), Data: data, ExpiresAt: end.UTC().Truncate(time.Second),
	}, time.Minute)
}

// DeleteCtx forgets a session.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.registrar.DropSession(ctx, token)
}
