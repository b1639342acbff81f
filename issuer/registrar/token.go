package registrar

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
)

// byPublic is who makes a token that somebody without an account asked for.
var byPublic = issuer.Caller{System: "public"}

// Tokens makes badges into tokens for anyone. It is apart from Published, which
// cannot write, because some are made and kept when they are first asked for.
type Tokens struct{ r *Registrar }

// Tokens is the part of the registrar that makes tokens.
func (r *Registrar) Tokens() *Tokens { return &Tokens{r} }

// Badge gives a badge that its holder shows as an Open Badges 3.0 token.
// It is made when it is first asked for, because few badges are asked for in
// this form and signing with RSA takes twenty times as long as all the rest, and
// kept: whoever asks later gets the same bytes.
func (t *Tokens) Badge(ctx context.Context, id issuer.CredentialID) ([]byte, error) {
	s, err := store.Read(ctx, t.r.Store, func(tx *store.Tx) (*asToken, error) { return readForToken(tx, id, t.r.BaseURL) })
	if err != nil {
		return nil, err
	}
	return t.r.badgeToken(ctx, byPublic, s)
}

// badgeToken gives the token of a badge that the caller may have.
func (r *Registrar) badgeToken(ctx context.Context, by issuer.Caller, s *asToken) ([]byte, error) {
	if s.kept != nil {
		return s.kept.Bytes, nil
	}
	if err := r.EnsureTokenKey(ctx); err != nil {
		return nil, err
	}
	doc, err := r.bare(s)
	if err != nil {
		return nil, err
	}
	token, kid, err := r.Ring.SignBadgeToken(doc, s.then.BaseURL)
	if err != nil {
		return nil, err
	}
	if err := r.provenToken(ctx, s, []byte(token)); err != nil {
		return nil, err
	}
	return act(ctx, r, by, "credential.token", string(s.credential.ID), func(w *work) ([]byte, error) {
		return w.keepToken(s.credential, []byte(token), kid)
	})
}

// Envelope gives a badge that its holder shows as vc+jwt (Securing
// Verifiable Credentials using JOSE and COSE). It is signed whenever it is asked
// for and not kept: Ed25519 makes the same bytes of it every time.
func (t *Tokens) Envelope(ctx context.Context, id issuer.CredentialID) ([]byte, error) {
	r := t.r
	s, err := store.Read(ctx, r.Store, func(tx *store.Tx) (*asToken, error) { return readForToken(tx, id, r.BaseURL) })
	if err != nil {
		return nil, err
	}
	doc, err := r.bare(s)
	if err != nil {
		return nil, err
	}
	token, err := r.Ring.SignEnvelope(doc)
	if err != nil {
		return nil, err
	}
	return []byte(token), r.provenToken(ctx, s, []byte(token))
}

// asToken is a badge on its way to a token.
type asToken struct {
	then       issuer.IssuerIdentity // under which it was issued
	credential *issuer.Credential
	signed     *issuer.SignedCopy // with its proof inside
	kept       *issuer.SignedCopy // the token, if it was made
}

func readForToken(tx *store.Tx, id issuer.CredentialID, base string) (*asToken, error) {
	c, a, err := shown(tx, id)
	if err != nil {
		return nil, err
	}
	if _, err := givenOut(tx, c, a, base); err != nil {
		return nil, err
	}
	return asTokenOf(tx, c)
}

func asTokenOf(tx *store.Tx, c *issuer.Credential) (s *asToken, err error) {
	s = &asToken{credential: c}
	if s.then, err = tx.IdentityOf(c); err != nil {
		return nil, err
	}
	copies, err := tx.SignedCopiesOf(c.ID)
	if err != nil {
		return nil, err
	}
	s.signed = find(copies, func(k issuer.SignedCopy) bool { return k.Format == issuer.FormatDataIntegrity })
	s.kept = find(copies, func(k issuer.SignedCopy) bool { return k.Format == issuer.FormatJWT })
	if s.signed == nil {
		return nil, noBadge()
	}
	return s, nil
}

// bare is what a badge says, without its proof. No token is made of one whose key
// was given up: a new signature would make a badge good that perhaps is not.
func (r *Registrar) bare(s *asToken) ([]byte, error) {
	state, err := r.Ring.State(s.signed.KeyID)
	if err != nil {
		return nil, fmt.Errorf("look for the key of badge %s: %w", s.credential.ID, err)
	}
	if state == issuer.KeyCompromised {
		return nil, issuer.Refuse(issuer.NotFound, "This badge has no such form: the key that signed it was given up. One that is issued anew will have it.")
	}
	doc, err := strictjson.Parse(s.signed.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read signed copy %s: %w", s.credential.ID, err)
	}
	return doc.Without("proof").Append(nil), nil
}

// provenToken reads the exact bytes of a token with our own verifier, as of when
// its badge was issued: what became of the badge since is none of its business.
func (r *Registrar) provenToken(ctx context.Context, s *asToken, token []byte) error {
	own, err := r.Ring.VerifierDocumentOf(s.then.DID)
	if err != nil {
		return err
	}
	v := verifier.Verifier{Keys: ownTokenKeys{ownKeys{own}, r}, Records: justIssued(badgeURL(s.then.BaseURL, s.credential.ID)),
		Now: func() time.Time { return s.credential.ValidFrom }}
	report, err := v.Verify(ctx, token, verifier.Ask{})
	if err != nil {
		return fmt.Errorf("check token before giving it away: %w", err)
	}
	return fit(report, s.then.DID)
}

// ownTokenKeys knows the addresses of our keys as well.
type ownTokenKeys struct {
	ownKeys
	r *Registrar
}

func (k ownTokenKeys) KeySet(ctx context.Context, address string) (*did.KeySet, error) {
	return (&Published{Ring: k.r.Ring, BaseURL: k.r.BaseURL}).KeySet(ctx, address)
}

// keepToken keeps a token, and gives the one of who was first.
func (w *work) keepToken(c *issuer.Credential, token []byte, kid issuer.KeyID) ([]byte, error) {
	digest := sha256.Sum256(token)
	if _, err := w.lockAwardOf(c); err != nil {
		return nil, err
	}
	added, err := w.AddSignedCopyOnce(&issuer.SignedCopy{CredentialID: c.ID, Format: issuer.FormatJWT, IssuerID: w.us.ID,
		KeyID: kid, Bytes: token, Digest: digest[:], SignedAt: w.Now})
	if err != nil || added {
		return token, err
	}
	w.note("made", false)
	first, err := w.SignedCopy(c.ID, issuer.FormatJWT)
	if err != nil {
		return nil, err
	}
	return first.Bytes, nil
}
