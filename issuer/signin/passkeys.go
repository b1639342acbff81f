package signin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"hallmark/issuer"
)

// Passkeys (Web Authentication Level 3): a way to sign in, and to step up. They
// are bound to the host of the base URL and asked for with user verification: a
// finger, a face or a PIN, not only a touch. The browser finds those made here by
// itself (resident keys), so whoever signs in with one need not say who they are,
// and nobody can ask who has one.

// ceremonyLife is how long a browser has to answer.
const ceremonyLife = 5 * time.Minute

// relyingParty makes the library's part. A host that is a number has none: a
// relying party is named by a domain (Web Authentication §5.1.2, rpId).
func relyingParty(base string) *webauthn.WebAuthn {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return nil
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Hallmark", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			UserVerification: protocol.VerificationRequired, ResidentKey: protocol.ResidentKeyRequirementPreferred},
	})
	if err != nil {
		return nil
	}
	return w
}

// TakesPasskeys tells whether browsers can make passkeys for the base URL.
func (s *Signin) TakesPasskeys() bool { return s.webauthn != nil }

func noPasskeys() error {
	return issuer.Refuse(issuer.NotFound, "Passkeys need an address with a name; this one is a number.")
}

// holder is a person as the library asks for them.
type holder struct {
	by   issuer.Caller
	keys []webauthn.Credential
}

func (h *holder) WebAuthnID() []byte                         { return []byte(h.by.Person) }
func (h *holder) WebAuthnName() string                       { return h.by.Name }
func (h *holder) WebAuthnDisplayName() string                { return h.by.Name }
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func holderOf(by issuer.Caller, rows []issuer.Passkey) (*holder, error) {
	h := &holder{by: by}
	for _, row := range rows {
		var k webauthn.Credential
		if err := json.Unmarshal([]byte(row.Data), &k); err != nil {
			return nil, fmt.Errorf("read passkey %s: %w", row.ID, err)
		}
		h.keys = append(h.keys, k)
	}
	return h, nil
}

// purpose is what a ceremony is for.
type purpose string

const (
	toRegister purpose = "register"
	toStepUp   purpose = "step up"
	toSignIn   purpose = "sign in"
)

// ceremony is what the session keeps between the two halves of one.
type ceremony struct {
	For   purpose
	Until time.Time
	Data  webauthn.SessionData
}

// begin keeps a ceremony in the session, in the place of any other.
func (s *Signin) begin(ctx context.Context, why purpose, data *webauthn.SessionData) error {
	text, err := json.Marshal(ceremony{why, s.now().Add(ceremonyLife), *data})
	if err != nil {
		return fmt.Errorf("keep ceremony: %w", err)
	}
	s.sessions.Put(ctx, ceremonyKey, text)
	return nil
}

// taken takes the ceremony out of the session: whatever comes of the answer, it
// is answered once.
func (s *Signin) taken(ctx context.Context, why purpose) (*webauthn.SessionData, error) {
	text := s.sessions.PopBytes(ctx, ceremonyKey)
	var c ceremony
	if err := json.Unmarshal(text, &c); err != nil || c.For != why || !s.now().Before(c.Until) {
		return nil, issuer.Refuse(issuer.Conflict, "This took too long, or was answered before. Begin again.")
	}
	return &c.Data, nil
}

// BeginPasskey gives what a browser needs to make a passkey for the caller: JSON
// of CredentialCreationOptions. AddPasskey asks for a step-up.
func (s *Signin) BeginPasskey(ctx context.Context, by issuer.Caller) ([]byte, error) {
	h, err := s.holder(ctx, by)
	if err != nil {
		return nil, err
	}
	options, data, err := s.webauthn.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return nil, fmt.Errorf("begin passkey: %w", err)
	}
	if err := s.begin(ctx, toRegister, data); err != nil {
		return nil, err
	}
	return json.Marshal(options)
}

func (s *Signin) holder(ctx context.Context, by issuer.Caller) (*holder, error) {
	if s.webauthn == nil {
		return nil, noPasskeys()
	}
	rows, err := s.registrar.Passkeys(ctx, by)
	if err != nil {
		return nil, err
	}
	return holderOf(by, rows)
}

// AddPasskey takes the browser's answer to BeginPasskey: JSON of a
// PublicKeyCredential with an AuthenticatorAttestationResponse.
func (s *Signin) AddPasskey(ctx context.Context, by issuer.Caller, name string, answer []byte) error {
	h, err := s.holder(ctx, by)
	if err != nil {
		return err
	}
	data, err := s.taken(ctx, toRegister)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return unlike(err)
	}
	key, err := s.webauthn.CreateCredential(h, *data, parsed)
	if err != nil {
		return unlike(err)
	}
	row, err := rowOf(key)
	if err != nil {
		return err
	}
	row.Name = name
	return s.registrar.AddPasskey(ctx, by, *row)
}

func rowOf(key *webauthn.Credential) (*issuer.Passkey, error) {
	data, err := json.Marshal(key)
	if err != nil {
		return nil, fmt.Errorf("keep passkey: %w", err)
	}
	return &issuer.Passkey{ID: base64.RawURLEncoding.EncodeToString(key.ID), Data: string(data)}, nil
}

// unlike refuses an answer that the library does not accept; its own words are
// for those who write browsers.
func unlike(err error) error {
	var refusal *protocol.Error
	if errors.As(err, &refusal) {
		return issuer.Refuse(issuer.Forbidden, "The browser's answer is not one to what was asked. Begin again.")
	}
	return err
}

// BeginStepUp gives what a browser needs to ask for a passkey of the caller:
// JSON of CredentialRequestOptions.
func (s *Signin) BeginStepUp(ctx context.Context, by issuer.Caller) ([]byte, error) {
	h, err := s.holder(ctx, by)
	if err != nil {
		return nil, err
	}
	if len(h.keys) == 0 {
		return nil, issuer.Refuse(issuer.Conflict, "You have no passkey; use a code.")
	}
	options, data, err := s.webauthn.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("begin to ask for a passkey: %w", err)
	}
	if err := s.begin(ctx, toStepUp, data); err != nil {
		return nil, err
	}
	return json.Marshal(options)
}

// StepUp takes the browser's answer to BeginStepUp: JSON of a
// PublicKeyCredential with an AuthenticatorAssertionResponse. A passkey whose
// count of uses went back was copied, and is refused (Web Authentication
// §6.1.1).
func (s *Signin) StepUp(ctx context.Context, by issuer.Caller, answer []byte) error {
	if s.webauthn == nil {
		return noPasskeys()
	}
	data, err := s.taken(ctx, toStepUp)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return unlike(err)
	}
	err = s.registrar.UsePasskey(ctx, by, func(mine []issuer.Passkey) (*issuer.Passkey, error) {
		return s.used(by, mine, func(h *holder) (*webauthn.Credential, error) { return s.webauthn.ValidateLogin(h, *data, parsed) })
	})
	if err != nil {
		return err
	}
	_, err = s.stepUp(ctx, by)
	return err
}

// used checks an answer against the passkeys of a person and gives the row of the
// one that it is by, as it is from then on.
func (s *Signin) used(by issuer.Caller, theirs []issuer.Passkey, validate func(h *holder) (*webauthn.Credential, error)) (*issuer.Passkey, error) {
	h, err := holderOf(by, theirs)
	if err != nil {
		return nil, err
	}
	key, err := validate(h)
	if err != nil {
		return nil, unlike(err)
	}
	if key.Authenticator.CloneWarning {
		return nil, issuer.Refuse(issuer.Forbidden, "There seems to be a copy of this passkey. Use a mailed code or link, and remove the passkey.")
	}
	row, err := rowOf(key)
	if err == nil && !slices.ContainsFunc(theirs, func(k issuer.Passkey) bool { return k.ID == row.ID }) {
		err = fmt.Errorf("passkey %s is none of its person's", row.ID)
	}
	return row, err
}

// BeginPasskeyEntry gives what a browser needs to ask for any passkey that was made
// here: JSON of CredentialRequestOptions. The context must come from Open.
func (s *Signin) BeginPasskeyEntry(ctx context.Context) ([]byte, error) {
	if s.webauthn == nil {
		return nil, noPasskeys()
	}
	options, data, err := s.webauthn.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("begin to ask for a passkey: %w", err)
	}
	if err := s.begin(ctx, toSignIn, data); err != nil {
		return nil, err
	}
	return json.Marshal(options)
}

// EnterByPasskey takes the browser's answer to BeginPasskeyEntry and signs its
// person in. They need not step up for a while: they just did what that asks for.
// The context must come from Open.
func (s *Signin) EnterByPasskey(ctx context.Context, answer []byte) error {
	if s.webauthn == nil {
		return noPasskeys()
	}
	data, err := s.taken(ctx, toSignIn)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return unlike(err)
	}
	person, err := s.registrar.EnterByPasskey(ctx, base64.RawURLEncoding.EncodeToString(parsed.RawID), func(p *issuer.Person, theirs []issuer.Passkey) (*issuer.Passkey, error) {
		return s.used(issuer.Caller{Person: p.ID, Name: p.Name}, theirs, func(h *holder) (*webauthn.Credential, error) {
			return s.webauthn.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
				if string(handle) != string(p.ID) {
					return nil, protocol.ErrBadRequest.WithDetails("the passkey is of another person")
				}
				return h, nil
			}, *data, parsed)
		})
	})
	if err != nil {
		return err
	}
	if err := s.Begin(ctx, person); err != nil {
		return err
	}
	s.sessions.Put(ctx, steppedKey, s.now().Unix())
	return nil
}
