package issuer

import "time"

// How a badge is offered to a wallet of its holder.
const (
	WalletOfferLife  = 10 * time.Minute // how long an offer can be redeemed
	WalletTokenLife  = 10 * time.Minute // how long the token of one that was redeemed is good
	WalletNonceLife  = 5 * time.Minute  // how long a nonce can be used
	WalletPinTries   = 5                // how many wrong codes end an offer
	MaxWalletOffers  = 3                // open ones of a badge
	WalletOffersHour = 6                // how many of a badge can be made within an hour: each mails a code
	MaxWalletCopies  = 10               // copies of a badge that count
)

// WalletOffer lets one wallet fetch a copy of a badge, once. Three secrets open
// it one after the other, and none is kept: the link to the offer, the code in
// it together with the digits that were mailed, and the token that these are
// given for.
type WalletOffer struct {
	ID           WalletOfferID
	IssuerID     IssuerID
	AwardID      AwardID
	CredentialID CredentialID // which the copy repeats
	LinkHash     string       // SHA-256, hex, as the others
	CodeHash     string       // of the pre-authorised code
	PinHash      string       // of that code and the digits
	Attempts     int          // wrong digits
	CreatedAt    time.Time
	ExpiresAt    time.Time
	EndedAt      *time.Time // by wrong digits
	RedeemedAt   *time.Time
	TokenHash    string // "" until it was redeemed
	TokenUntil   *time.Time
	CopyID       CredentialID // the copy that was fetched; "" until then
	Event        string       // what the wallet said became of it, from WalletEvents
}

// WalletNonce is a nonce that was used.
type WalletNonce struct {
	Hash     string // SHA-256, hex
	IssuerID IssuerID
	UsedAt   time.Time
}

// WalletEvents are what a wallet can say of a copy that it fetched (OpenID4VCI
// 1.0 §11.1).
var WalletEvents = []string{"credential_accepted", "credential_failure", "credential_deleted"}

// Open tells whether the offer can still be redeemed.
func (o *WalletOffer) Open(at time.Time) bool {
	return o.EndedAt == nil && o.RedeemedAt == nil && at.Before(o.ExpiresAt)
}

// Redeem gives a token for the right digits, once. Wrong ones count, and so
// many of them end the offer. It must be open.
func (o *WalletOffer) Redeem(pinHash, tokenHash string, at time.Time) (right bool) {
	if pinHash != o.PinHash {
		if o.Attempts++; o.Attempts >= WalletPinTries {
			o.EndedAt = &at
		}
		return false
	}
	until := at.Add(WalletTokenLife)
	o.RedeemedAt, o.TokenHash, o.TokenUntil = &at, tokenHash, &until
	return true
}

// Good tells whether the token of the offer still counts.
func (o *WalletOffer) Good(at time.Time) bool {
	return o.TokenUntil != nil && at.Before(*o.TokenUntil)
}
