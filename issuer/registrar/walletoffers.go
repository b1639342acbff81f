package registrar

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"time"

	"hallmark/issuer"
)

// WalletOffer is an offer of a badge to a wallet, as its holder sees it once. Its
// secret is not kept.
type WalletOffer struct {
	ID        issuer.WalletOfferID
	Secret    string // of the link at which a wallet finds the offer
	ExpiresAt time.Time
}

// OfferToWallet offers a badge to a wallet of its holder, once and for minutes,
// and mails the holder the digits that the wallet will ask for. Only the holder
// may: who fetches the copy is its subject.
func (r *Registrar) OfferToWallet(ctx context.Context, by issuer.Caller, id issuer.CredentialID) (*WalletOffer, error) {
	secret, pin, err := rand.Text(), "", error(nil)
	if pin, err = newPin(); err != nil {
		return nil, err
	}
	return act(ctx, r, by, "credential.offer", string(id), func(w *work) (*WalletOffer, error) {
		l, err := w.lockAward(id)
		if err != nil {
			return nil, err
		}
		if err := w.holds(l.Award); err != nil {
			return nil, err
		}
		if err := w.mayCopy(l); err != nil {
			return nil, err
		}
		if err := w.mayOffer(l); err != nil {
			return nil, err
		}
		holder, err := w.Person(l.PersonID)
		if err != nil {
			return nil, err
		}
		code := offerCode(secret)
		o := &issuer.WalletOffer{ID: issuer.WalletOfferID(rand.Text()), IssuerID: w.us.ID, AwardID: l.Award.ID, CredentialID: id,
			LinkHash: secretHash(secret), CodeHash: secretHash(code), PinHash: pinHash(code, pin),
			CreatedAt: w.Now, ExpiresAt: w.Now.Add(issuer.WalletOfferLife)}
		if err := w.AddWalletOffer(o); err != nil {
			return nil, err
		}
		w.note("offer", o.ID)
		v, err := l.view(w)
		if err != nil {
			return nil, err
		}
		return &WalletOffer{o.ID, secret, o.ExpiresAt}, w.mail(holder, "wallet-code", map[string]any{"Code": pin,
			"Badge": v.Achievement.Name, "Minutes": int(issuer.WalletOfferLife / time.Minute)})
	})
}

// newPin draws six digits.
func newPin() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("draw digits: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}

// offerCode is the pre-authorised code of an offer. It follows from the secret of
// the link, so that an offer can be shown whose secrets are not kept.
func offerCode(secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("pre-authorized code"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// pinHash hides the digits behind the code: without it a million tries would tell
// them.
func pinHash(code, pin string) string { return secretHash(code + "." + pin) }

// mayCopy refuses copies of what is no current badge, or is taken down.
func (w *work) mayCopy(l *awarded) error {
	switch {
	case l.credential.CopyOf != "":
		return issuer.Refuse(issuer.Conflict, "This is the copy of a wallet; offer the badge itself.")
	case l.State != issuer.Issued || l.Lapsed(w.Now) || l.credential.SupersededBy != "" || l.credential.Term != l.Term:
		return issuer.Refuse(issuer.Conflict, "This badge is not current; a wallet would not show it as good.")
	case l.Visibility == issuer.Hidden:
		return issuer.Refuse(issuer.Conflict, "You took this badge down; let it be seen again before you put it into a wallet.")
	}
	return w.mayIssue()
}

// mayOffer refuses more offers of a badge than anybody needs.
func (w *work) mayOffer(l *awarded) error {
	offers, err := w.WalletOffers(l.Award.ID)
	if err != nil {
		return err
	}
	open, lately := 0, 0
	for _, o := range offers {
		if o.Open(w.Now) {
			open++
		}
		if w.Now.Sub(o.CreatedAt) < time.Hour {
			lately++
		}
	}
	switch {
	case open >= issuer.MaxWalletOffers:
		return issuer.Refuse(issuer.Conflict, "%d offers of this badge are open; use the newest one, or wait until they end in a few minutes.", open)
	case lately >= issuer.WalletOffersHour:
		return issuer.Refuse(issuer.Conflict, "You offered this badge several times within an hour; try again later.")
	}
	return w.roomForCopy(l)
}

// roomForCopy refuses a copy to who has many.
func (w *work) roomForCopy(l *awarded) error {
	copies, err := w.liveCopies(l.credential)
	if err == nil && len(copies) >= issuer.MaxWalletCopies {
		err = issuer.Refuse(issuer.Conflict, "This badge is in %d wallets already.", len(copies))
	}
	return err
}

// liveCopies lists the copies of a credential that wallets have and that count.
func (w *work) liveCopies(c *issuer.Credential) ([]issuer.Credential, error) {
	copies, err := w.WalletCopies(c)
	if err != nil {
		return nil, err
	}
	live := copies[:0]
	for _, k := range copies {
		if k.SupersededBy == "" {
			live = append(live, k)
		}
	}
	return live, nil
}
