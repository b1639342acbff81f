package keyring

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hallmark/issuer"
	"hallmark/verifier/vcjose"
)

// Badges as JSON Web Tokens (Open Badges 3.0 §8.2) have a key of their own:
// RSA, because RS256 is the one algorithm that every reader of them must know,
// or P-256 (ES256) for an issuer that asks for it; the second is the only other
// one that 1EdTech's validator takes. In trial mode the one key that there is
// signs them too (EdDSA).

// tokenAlgorithms are those of keys that sign tokens, the usual one first.
var tokenAlgorithms = []string{RSA2048, P256}

// ErrNoTokenKey says that no key for tokens was made yet.
var ErrNoTokenKey = errors.New("there is no key for tokens yet")

// MakeTokenKey has a key for tokens made if there is none. It lets one caller
// after the other look, so that many who ask at once have one made; another copy
// of the program may still be first, which is as good.
func (r *Ring) MakeTokenKey(ctx context.Context, make func() error) error {
	if !r.needsTokenKey() {
		return nil
	}
	r.making.Lock()
	defer r.making.Unlock()
	if !r.needsTokenKey() {
		return nil
	}
	err := make()
	if err == nil || errors.Is(err, issuer.Conflict) {
		if refreshed := r.Refresh(ctx); refreshed != nil {
			return refreshed
		}
		if !r.needsTokenKey() {
			return nil
		}
	}
	return err
}

func (r *Ring) needsTokenKey() bool {
	v, err := r.current()
	if err != nil || !v.web() {
		return false
	}
	_, _, err = v.token()
	return errors.Is(err, ErrNoTokenKey)
}

// token finds the key that signs tokens.
func (v *view) token() (issuer.KeyID, signer, error) {
	if !v.web() {
		return v.active(PurposeCredential)
	}
	for _, k := range v.keys {
		if k.Purpose == PurposeCredential && k.State == issuer.KeyActive && slices.Contains(tokenAlgorithms, k.Algorithm) {
			return k.ID, v.signers[k.ID], nil
		}
	}
	return "", signer{}, ErrNoTokenKey
}

// SignBadgeToken signs a credential, which has no proof inside, as an Open
// Badges 3.0 token. It names its key by the address under the base URL where
// everyone finds it; a did:key has none and is its own name. The base URL is that
// of the issuer whom the credential names.
func (r *Ring) SignBadgeToken(doc []byte, baseURL string) (token string, kid issuer.KeyID, err error) {
	v, err := r.namedIn(doc)
	if err != nil {
		return "", "", err
	}
	kid, key, err := v.token()
	if err != nil {
		return "", "", err
	}
	address := baseURL + "/keys/" + string(kid)
	if !v.web() {
		address = v.did + "#" + string(kid)
	}
	token, err = vcjose.SignBadge(doc, key, vcjose.Options{Type: vcjose.TypeJWT, KeyID: address})
	if err != nil {
		return "", "", fmt.Errorf("sign token: %w", err)
	}
	return token, kid, nil
}

// SignEnvelope signs a credential, which has no proof inside, as vc+jwt (Securing
// Verifiable Credentials using JOSE and COSE §3.1.1), with the key that signs
// credentials. Ed25519 signs the same bytes the same way every time, so what
// this gives changes with the key alone.
func (r *Ring) SignEnvelope(doc []byte) (token string, err error) {
	v, err := r.namedIn(doc)
	if err != nil {
		return "", err
	}
	kid, key, err := v.active(PurposeCredential)
	if err != nil {
		return "", err
	}
	return vcjose.Sign(doc, key, vcjose.Options{Type: vcjose.TypeVC, KeyID: v.did + "#" + string(kid)})
}

// State tells where a key stands in its life.
func (r *Ring) State(kid issuer.KeyID) (issuer.KeyState, error) {
	v, err := r.current()
	if err != nil {
		return "", err
	}
	for _, k := range v.keys {
		if k.ID == kid {
			return k.State, nil
		}
	}
	return "", noKey()
}

// Succeeds tells which keys a new one of a purpose and algorithm takes the place
// of: those of the same use. Its error is a refusal, for what cannot be.
func (r *Ring) Succeeds(purpose, algorithm string) (func(k *issuer.Key) bool, error) {
	v, err := r.current()
	if err != nil {
		return nil, err
	}
	tokens := slices.Contains(tokenAlgorithms, algorithm)
	switch {
	case !slices.Contains(Purposes, purpose):
		return nil, issuer.Refuse(issuer.Invalid, "There are keys for credential, status, session, log, slip and staple; “%s” is none of them.", purpose)
	case algorithm != Ed25519 && !tokens:
		return nil, issuer.Refuse(issuer.Invalid, "Keys are made for Ed25519, RSA-2048 and P-256; “%s” is none of them.", algorithm)
	case tokens && purpose != PurposeCredential:
		return nil, issuer.Refuse(issuer.Invalid, "Only badges as tokens are signed with %s; this purpose has Ed25519.", algorithm)
	case !v.web() && (purpose == PurposeCredential || purpose == PurposeStatus || purpose == issuer.PurposeStaple):
		return nil, ErrTrial
	}
	return func(k *issuer.Key) bool {
		return k.Purpose == purpose && slices.Contains(tokenAlgorithms, k.Algorithm) == tokens
	}, nil
}

// ErrTrial refuses to do anything to the one key of trial mode.
var ErrTrial = issuer.Refuse(issuer.Conflict, "This installation is in trial mode: its key is its name, so it can be neither replaced nor given up. Start a new one under an https base URL on a DNS name, whose keys can.")

// Purposes lists what there are keys for.
var Purposes = []string{PurposeCredential, PurposeStatus, PurposeSession, PurposeLog, issuer.PurposeSlip, issuer.PurposeStaple}

// TokenAlgorithm is the algorithm (RFC 7518 §3.1) that badges are signed with as
// tokens, or will be when the first one is asked for.
func (r *Ring) TokenAlgorithm() (string, error) {
	v, err := r.current()
	if err != nil {
		return "", err
	}
	_, key, err := v.token()
	if errors.Is(err, ErrNoTokenKey) {
		return "RS256", nil
	}
	if err != nil {
		return "", err
	}
	return vcjose.Algorithm(key.Public()), nil
}
