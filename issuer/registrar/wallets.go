package registrar

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier/ob3"
)

// byWallet is who redeems an offer: whoever has its secrets.
var byWallet = issuer.Caller{System: "wallet"}

// Wallets is what wallets ask for: it is theirs by the secrets that they bring,
// and by nothing else.
type Wallets struct{ r *Registrar }

// Wallets is the part of the registrar that serves wallets.
func (r *Registrar) Wallets() *Wallets { return &Wallets{r} }

// TokenAlgorithm is the algorithm of badges as tokens.
func (p *Wallets) TokenAlgorithm() (string, error) { return p.r.Ring.TokenAlgorithm() }

// WalletRefusal is a refusal with its code in OpenID for Verifiable Credential
// Issuance 1.0 (§6.3, §8.3.1, §11.3) or RFC 6750 (§3.1).
type WalletRefusal struct{ Code, Reason string }

func (e *WalletRefusal) Error() string { return e.Reason }

// The codes.
const (
	InvalidGrant        = "invalid_grant"
	InvalidToken        = "invalid_token"
	InvalidProof        = "invalid_proof"
	InvalidNonce        = "invalid_nonce"
	RequestDenied       = "credential_request_denied"
	InvalidNotification = "invalid_notification_id"
)

func refuseWallet(code, format string, args ...any) error {
	return &WalletRefusal{code, fmt.Sprintf(format, args...)}
}

// noOffer is the one answer for codes that never were, were used, or ended.
func noOffer() error {
	return refuseWallet(InvalidGrant, "This offer cannot be used, or not any more, or the code that was mailed is another one.")
}

// badToken is the one answer for tokens that never were and those that ended.
func badToken() error {
	return refuseWallet(InvalidToken, "This access token is not good, or not any more.")
}

// Offer gives the pre-authorised code of an offer that is open, by the secret of
// its link; else NotFound.
func (p *Wallets) Offer(ctx context.Context, secret string) (code string, err error) {
	return store.Read(ctx, p.r.Store, func(tx *store.Tx) (string, error) {
		o, err := tx.WalletOfferOfLink(secretHash(secret))
		if errors.Is(err, issuer.NotFound) || err == nil && !o.Open(tx.Now) {
			return "", noLink()
		}
		return offerCode(secret), err
	})
}

// Redeem gives the access token of an offer for its code and the digits that were
// mailed, once. Wrong digits are counted, and a few of them end the offer.
func (p *Wallets) Redeem(ctx context.Context, code, pin string) (token string, err error) {
	token = rand.Text()
	object, err := p.objectOf(ctx, func(tx *store.Tx) (*issuer.WalletOffer, error) { return tx.WalletOfferOfCode(secretHash(code)) })
	if errors.Is(err, issuer.NotFound) {
		return "", noOffer()
	}
	if err != nil {
		return "", err
	}
	right, err := act(ctx, p.r, byWallet, "credential.redeem", object, func(w *work) (bool, error) {
		o, _, err := w.lockOffer(func() (*issuer.WalletOffer, error) { return w.WalletOfferOfCode(secretHash(code)) })
		if errors.Is(err, issuer.NotFound) || err == nil && !o.Open(w.Now) {
			return false, noOffer()
		}
		if err != nil {
			return false, err
		}
		right := o.Redeem(pinHash(code, pin), secretHash(token), w.Now)
		w.note("offer", o.ID)
		w.note("right", right)
		return right, w.SaveWalletOffer(o)
	})
	if err == nil && !right {
		err = noOffer()
	}
	if err != nil {
		return "", err
	}
	return token, nil
}

// objectOf reads what badge an offer is about, for the audit entry of an act.
func (p *Wallets) objectOf(ctx context.Context, find func(tx *store.Tx) (*issuer.WalletOffer, error)) (string, error) {
	return store.Read(ctx, p.r.Store, func(tx *store.Tx) (string, error) {
		o, err := find(tx)
		if err != nil {
			return "", err
		}
		return string(o.CredentialID), nil
	})
}

// lockOffer reads an offer under the lock of the holder of its badge.
func (w *work) lockOffer(read func() (*issuer.WalletOffer, error)) (*issuer.WalletOffer, *awarded, error) {
	o, err := read()
	if err != nil {
		return nil, nil, err
	}
	l, err := w.lockAward(o.CredentialID)
	if err != nil {
		return nil, nil, err
	}
	o, err = read()
	return o, l, err
}

// WalletWish is what a wallet asks for with its token.
type WalletWish struct {
	Token bool   // as an Open Badges 3.0 token, not with a proof inside
	Proof string // of the key that the copy is to be for: a compact JWS
}

// WalletCopy is the copy of a badge that a wallet gets.
type WalletCopy struct {
	ID     issuer.CredentialID
	Bytes  []byte               // as signed: JSON, or a token
	Notice issuer.WalletOfferID // by which the wallet can say what became of it
}

// Copy issues the copy of a badge for the key that a wallet proves to have. An
// offer is good for one copy: who asks again with the same key gets the same, in
// either form, and nobody gets another. A wallet that has a copy for this key
// already, by an earlier offer, gets that.
func (p *Wallets) Copy(ctx context.Context, token string, in WalletWish) (*WalletCopy, error) {
	proven, object, err := p.proven(ctx, token, in)
	if err != nil {
		return nil, err
	}
	out, err := act(ctx, p.r, byWallet, "credential.copy", object, func(w *work) (*WalletCopy, error) {
		o, l, err := w.lockOffer(func() (*issuer.WalletOffer, error) { return w.WalletOfferOfToken(secretHash(token)) })
		if errors.Is(err, issuer.NotFound) || err == nil && !o.Good(w.Now) {
			return nil, badToken()
		}
		if err != nil {
			return nil, err
		}
		first, err := w.UseWalletNonce(&issuer.WalletNonce{Hash: secretHash(proven.nonce), IssuerID: w.us.ID, UsedAt: w.Now})
		if err != nil {
			return nil, err
		}
		if !first {
			return nil, refuseWallet(InvalidNonce, "This nonce was used before; ask for a new one.")
		}
		if err := w.mayCopy(l); err != nil {
			return nil, deniedCopy(err)
		}
		c, signed, err := w.copyFor(ctx, o, l, proven.subject)
		if err != nil {
			return nil, err
		}
		o.CopyID = c.ID
		w.note("offer", o.ID)
		w.note("copy", c.ID)
		return &WalletCopy{c.ID, signed, o.ID}, w.SaveWalletOffer(o)
	})
	if err != nil || !in.Token {
		return out, err
	}
	s, err := store.Read(ctx, p.r.Store, func(tx *store.Tx) (*asToken, error) {
		c, err := tx.Credential(out.ID)
		if err != nil {
			return nil, err
		}
		return asTokenOf(tx, c)
	})
	if err != nil {
		return nil, err
	}
	out.Bytes, err = p.r.badgeToken(ctx, byWallet, s)
	return out, err
}

// deniedCopy puts a refusal into the words of the protocol; that issuing is
// stopped for a while is no denial.
func deniedCopy(err error) error {
	var refusal *issuer.Error
	if errors.As(err, &refusal) && refusal.Kind == issuer.Conflict {
		return refuseWallet(RequestDenied, "%s", refusal.Reason)
	}
	return err
}

// copyFor finds or issues the copy of a badge for a subject.
func (w *work) copyFor(ctx context.Context, o *issuer.WalletOffer, l *awarded, subject string) (*issuer.Credential, []byte, error) {
	copies, err := w.liveCopies(l.credential)
	if err != nil {
		return nil, nil, err
	}
	for i := range copies {
		signed, err := w.SignedCopy(copies[i].ID, issuer.FormatDataIntegrity)
		if err != nil {
			return nil, nil, err
		}
		is, err := subjectOf(signed.Bytes)
		if err != nil {
			return nil, nil, err
		}
		if is == subject && (o.CopyID == "" || o.CopyID == copies[i].ID) {
			return &copies[i], signed.Bytes, nil
		}
	}
	if o.CopyID != "" {
		return nil, nil, refuseWallet(RequestDenied, "This offer was used for another key.")
	}
	if err := w.roomForCopy(l); err != nil {
		return nil, nil, deniedCopy(err)
	}
	return w.issueCopy(ctx, l, subject)
}

// subjectOf is whom signed bytes of ours are about.
func subjectOf(signed []byte) (string, error) {
	var doc ob3.AchievementCredential
	if err := json.Unmarshal(signed, &doc); err != nil {
		return "", fmt.Errorf("read signed copy: %w", err)
	}
	return doc.CredentialSubject.ID, nil
}

// issueCopy signs what a badge says once more, for the key of a wallet: with an
// id and a place in a status list of its own, and the key's identifier as its
// subject. What mentors signed names the badge itself and stays there.
func (w *work) issueCopy(ctx context.Context, l *awarded, subject string) (*issuer.Credential, []byte, error) {
	of := l.credential
	signed, err := w.SignedCopy(of.ID, issuer.FormatDataIntegrity)
	if err != nil {
		return nil, nil, err
	}
	var doc ob3.AchievementCredential
	if err := json.Unmarshal(signed.Bytes, &doc); err != nil {
		return nil, nil, fmt.Errorf("read signed copy %s: %w", of.ID, err)
	}
	id := issuer.CredentialID(rand.Text())
	entries, err := w.reserve(id)
	if err != nil {
		return nil, nil, err
	}
	withoutWords(&doc, "the badge itself", doc.ID)
	doc.ID, doc.Issuer, doc.ValidFrom = badgeURL(w.r.BaseURL, id), profile(w.us), ob3.At(w.Now)
	doc.CredentialStatus, doc.CredentialSubject.ID = statusEntry(w.r.BaseURL, entries[0]), subject
	c := &issuer.Credential{ID: id, AwardID: l.Award.ID, Term: of.Term, StatusListID: entries[0].StatusListID,
		StatusIndex: entries[0].StatusIndex, CopyOf: of.ID}
	p := &paper{credential: c, person: l.PersonID, doc: &doc}
	if err := w.keepSigned(ctx, p); err != nil {
		return nil, nil, err
	}
	return c, p.signed, nil
}

// Told keeps what a wallet says became of a copy. Saying it again changes it:
// what was accepted can be deleted later.
func (p *Wallets) Told(ctx context.Context, token string, notice issuer.WalletOfferID, event string) error {
	read := func(tx *store.Tx) (*issuer.WalletOffer, error) { return tx.WalletOfferOfToken(secretHash(token)) }
	if err := p.Good(ctx, token); err != nil {
		return err
	}
	object, err := p.objectOf(ctx, read)
	if err != nil {
		return err
	}
	_, err = act(ctx, p.r, byWallet, "credential.held", object, func(w *work) (struct{}, error) {
		o, _, err := w.lockOffer(func() (*issuer.WalletOffer, error) { return read(w.Tx) })
		if err != nil {
			return struct{}{}, err
		}
		if o.ID != notice || o.CopyID == "" || !slices.Contains(issuer.WalletEvents, event) {
			return struct{}{}, refuseWallet(InvalidNotification, "Nothing was issued under this notification_id with this token.")
		}
		w.note("offer", o.ID)
		w.note("event", event)
		o.Event = event
		return struct{}{}, w.SaveWalletOffer(o)
	})
	return err
}

// Good refuses tokens that are not good.
func (p *Wallets) Good(ctx context.Context, token string) error {
	_, err := store.Read(ctx, p.r.Store, func(tx *store.Tx) (struct{}, error) {
		o, err := tx.WalletOfferOfToken(secretHash(token))
		if errors.Is(err, issuer.NotFound) || err == nil && !o.Good(tx.Now) {
			err = badToken()
		}
		return struct{}{}, err
	})
	return err
}
