package signin

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"hallmark/issuer"
)

// Stepping up: who is signed in shows once more that it is them. It counts for
// the session alone, for issuer.StepUpLife, and ends with it; the session gets
// a new token, because it is worth more from then on.

// values of a session beside the person
const (
	steppedKey  = "stepped up" // when, in seconds since 1970
	codeKey     = "code"       // the secret that a mailed code goes with
	ceremonyKey = "ceremony"   // a ceremony with a passkey that was begun
)

// AskCode mails a code of six digits to the caller. It fits the session of the
// context alone, and takes the place of one that was mailed before.
func (s *Signin) AskCode(ctx context.Context, by issuer.Caller) error {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return fmt.Errorf("make code: %w", err)
	}
	code := fmt.Sprintf("%06d", n)
	secret, id := newSecret()
	if err := s.registrar.AskStepUp(ctx, by, issuer.StepUpCode{ID: id, Hash: hashOf(secret + code)}, code); err != nil {
		return err
	}
	s.sessions.Put(ctx, codeKey, secret)
	return nil
}

// CodeAsked tells whether a code was mailed for the session and not used yet.
func (s *Signin) CodeAsked(ctx context.Context) bool { return s.sessions.GetString(ctx, codeKey) != "" }

// TryCode takes the code that was mailed, once, and gives the caller as they
// are then. Spaces in it do not count.
func (s *Signin) TryCode(ctx context.Context, by issuer.Caller, code string) (issuer.Caller, error) {
	secret := s.sessions.GetString(ctx, codeKey)
	if secret == "" {
		return by, issuer.Wrong("code", "Ask for a code first.")
	}
	code = strings.Join(strings.Fields(code), "")
	right, err := s.registrar.TryStepUp(ctx, by, hashOf(secret), hashOf(secret+code))
	if err != nil {
		return by, err
	}
	if !right {
		return by, issuer.Wrong("code", "This is not the code, or it is not good any more. Look for the newest mail, or ask for another.")
	}
	return s.stepUp(ctx, by)
}

func (s *Signin) stepUp(ctx context.Context, by issuer.Caller) (issuer.Caller, error) {
	s.sessions.Remove(ctx, codeKey)
	s.sessions.Remove(ctx, ceremonyKey)
	if err := s.sessions.RenewToken(ctx); err != nil {
		return by, err
	}
	by.SteppedUp = s.now().UTC()
	s.sessions.Put(ctx, steppedKey, by.SteppedUp.Unix())
	return by, nil
}
