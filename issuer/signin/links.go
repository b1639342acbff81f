package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// newSecret gives 256 random bits as text, and what is kept of them.
func newSecret() (secret, kept string) {
	var b [32]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	secret = base64.RawURLEncoding.EncodeToString(b[:])
	return secret, hashOf(secret)
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Ask mails a sign-in link to an address, if someone has it. The answer is
// the same if nobody does; only something that is no address is refused. More
// than a handful of links in a short while are not sent.
func (s *Signin) Ask(ctx context.Context, address, next string) error {
	normal, _, err := issuer.NormalEmail(address)
	if err != nil {
		return err
	}
	if !s.asked.allow(normal) {
		return nil
	}
	secret, kept := newSecret()
	return s.registrar.AskSignin(ctx, normal, issuer.SigninLink{
		Token: kept, Purpose: "signin", Next: SafeNext(next), ExpiresAt: s.now().Add(LinkLife).UTC(),
	}, registrar.SigninMail{Link: s.link("/signin/link", secret), Minutes: int(LinkLife.Minutes())})
}

// AskAnew mails another link in the place of one that was mailed and is used or
// over, to the same address and for the same page. Of what was never mailed the
// answer is the same.
func (s *Signin) AskAnew(ctx context.Context, secret string) error {
	old, err := s.registrar.SpentLink(ctx, hashOf(secret))
	if errors.Is(err, issuer.NotFound) || err == nil && old.Address == "" {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Ask(ctx, old.Address, old.Next)
}

// Send mails a sign-in link to a person, for who runs a program that they are part
// of; soon after another it refuses.
func (s *Signin) Send(ctx context.Context, by issuer.Caller, person issuer.PersonID) error {
	if !s.asked.allow(string(person)) {
		return issuer.Refuse(issuer.Conflict, "A link was mailed to this person a moment ago; wait a little before the next.")
	}
	secret, kept := newSecret()
	return s.registrar.SendSignin(ctx, by, person, issuer.SigninLink{
		Token: kept, Purpose: "signin", Next: SafeNext(""), ExpiresAt: s.now().Add(LinkLife).UTC(),
	}, registrar.SigninMail{Link: s.link("/signin/link", secret), Minutes: int(LinkLife.Minutes())})
}

// Link makes a sign-in link for a person without mailing it: for an operator
// at the command line, where there is no mail. It lasts Config.LinkLife.
func (s *Signin) Link(ctx context.Context, by issuer.Caller, person registrar.PersonRef, next string) (string, error) {
	secret, kept := newSecret()
	err := s.registrar.AddSigninLink(ctx, by, person, issuer.SigninLink{
		Token: kept, Purpose: "signin", Next: SafeNext(next), ExpiresAt: s.now().Add(s.linkLife).UTC(),
	})
	return s.link("/signin/link", secret), err
}

// Setup makes the link that lets whoever opens it become the first admin.
func (s *Signin) Setup(ctx context.Context) (string, error) {
	secret, kept := newSecret()
	err := s.registrar.AddSetupLink(ctx, issuer.SigninLink{
		Token: kept, Purpose: "setup", ExpiresAt: s.now().Add(SetupLife).UTC(),
	})
	return s.link("/setup", secret), err
}

func (s *Signin) link(path, secret string) string {
	return s.base + path + "?t=" + secret
}

// Use takes a sign-in link's secret, once, signs its person in, and gives the
// page to go to. The context must come from Open.
func (s *Signin) Use(ctx context.Context, secret string) (next string, err error) {
	link, err := s.registrar.UseSigninLink(ctx, hashOf(secret))
	if err != nil {
		return "", err
	}
	return SafeNext(link.Next), s.Begin(ctx, link.PersonID)
}

// UseSetup takes a setup link's secret, once, makes the first admin and signs
// them in. The context must come from Open.
func (s *Signin) UseSetup(ctx context.Context, secret, address, name string) error {
	person, err := s.registrar.UseSetupLink(ctx, hashOf(secret), address, name)
	if err != nil {
		return err
	}
	return s.Begin(ctx, person.ID)
}

// SafeNext gives a path of ours to go to after signing in: what was asked for
// if it is one, else home. A browser reads "//host" and "/\host" as another
// site.
func SafeNext(next string) string {
	const home = "/home"
	if len(next) > 500 || !strings.HasPrefix(next, "/") || strings.ContainsAny(next, "\\\r\n\t\x00") || strings.HasPrefix(next, "//") {
		return home
	}
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, "/signin") {
		return home
	}
	return next
}

// Claim mails a link to an address that the caller says is theirs; opened by them,
// it makes it so.
func (s *Signin) Claim(ctx context.Context, by issuer.Caller, address string) error {
	secret, kept := newSecret()
	return s.registrar.ClaimAddress(ctx, by, address, kept, s.link("/account/address", secret))
}

// ConfirmAddress takes the secret of such a link.
func (s *Signin) ConfirmAddress(ctx context.Context, by issuer.Caller, secret string) error {
	return s.registrar.ConfirmAddress(ctx, by, hashOf(secret))
}

// OwnMerge tells what confirming such an address brings about that belongs to
// another account; nil if nobody has it.
func (s *Signin) OwnMerge(ctx context.Context, by issuer.Caller, secret string) (*registrar.Merge, error) {
	return s.registrar.OwnMerge(ctx, by, hashOf(secret))
}

// Merge makes that account one with the caller's.
func (s *Signin) Merge(ctx context.Context, by issuer.Caller, secret string) error {
	return s.registrar.MergeOwn(ctx, by, hashOf(secret))
}

// OpenInvitation takes the secret of an invitation from whoever is not signed in.
// Who is new is signed in; who is known is mailed a link that leads back to it, and
// the answer is false. The context must come from Open.
func (s *Signin) OpenInvitation(ctx context.Context, secret string) (in bool, err error) {
	fresh, known, err := s.registrar.OpenInvitation(ctx, secret)
	if err != nil {
		return false, err
	}
	if fresh == "" {
		return false, s.Ask(ctx, known, "/invitation?"+url.Values{"t": {secret}}.Encode())
	}
	return true, s.Begin(ctx, fresh)
}
