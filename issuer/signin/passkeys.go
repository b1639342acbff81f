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

// Passkeys (Web Authentication Level 3): a second way to step up. They are
// bound to the host of the base URL and asked for with user verification: a
// finger, a face or a PIN, not only a touch. Signing in with one is not offered,
// but those made here can be found by the browser (resident keys), so it can be.

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

// ceremony is what the session keeps between the two halves of one.
type ceremony struct {
	Registers bool
	Until     time.Time
	Data      webauthn.SessionData
}

// begin keeps a ceremony in the session, in the place of any other.
func (s *Signin) begin(ctx context.Context, registers bool, data *webauthn.SessionData) error {
	text, err := json.Marshal(ceremony{registers, s.now().Add(ceremonyLife), *data})
	if err != nil {
		return fmt.Errorf("keep ceremony: %w", err)
	}
	s.sessions.Put(ctx, ceremonyKey, text)
	return nil
}

// taken takes the ceremony out of the session: whatever comes of the answer, it
// is answered once.
func (s *Signin) taken(ctx context.Context, registers bool) (*webauthn.SessionData, error) {
	text := s.sessions.PopBytes(ctx, ceremonyKey)
	var c ceremony
	if err := json.Unmarshal(text, &c); err != nil || c.Registers != registers || !s.now().Before(c.Until) {
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
	if err := s.begin(ctx, true, data); err != nil {
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
	data, err := s.taken(ctx, true)
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
	if err := s.begin(ctx, false, data); err != nil {
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
	data, err := s.taken(ctx, false)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return unlike(err)
	}
	err = s.registrar.UsePasskey(ctx, by, func(mine []issuer.Passkey) (*issuer.Passkey, error) {
		h, err := holderOf(by, mine)
		if err != nil {
			return nil, err
		}
		key, err := s.webauthn.ValidateLogin(h, *data, parsed)
		if err != nil {
			return nil, unlike(err)
		}
		if key.Authenticator.CloneWarning {
			return nil, issuer.Refuse(issuer.Forbidden, "There seems to be a copy of this passkey. Use a code, and remove the passkey.")
		}
		row, err := rowOf(key)
		if err == nil && !slices.ContainsFunc(mine, func(k issuer.Passkey) bool { return k.ID == row.ID }) {
			err = fmt.Errorf("passkey %s is none of its person's", row.ID)
		}
		return row, err
	})
	if err != nil {
		return err
	}
	_, err = s.stepUp(ctx, by)
	return err
}
