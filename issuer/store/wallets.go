package store

import (
	"time"

	"hallmark/issuer"
)

// EveryCredentialOf lists the credentials of awards with the copies that wallets
// have, superseded ones too, in the order in which they were issued.
func (tx *Tx) EveryCredentialOf(ids ...issuer.AwardID) ([]issuer.Credential, error) {
	return list[issuer.Credential](tx, "issued_at, id", "award_id IN ?", none(ids))
}

// WalletCopies lists the copies of a credential that wallets have.
func (tx *Tx) WalletCopies(c *issuer.Credential) ([]issuer.Credential, error) {
	return list[issuer.Credential](tx, "issued_at, id", "award_id = ? AND copy_of = ?", c.AwardID, c.ID)
}

// AddWalletOffer keeps an offer.
func (tx *Tx) AddWalletOffer(o *issuer.WalletOffer) error { return tx.add("wallet offer", o) }

// WalletOffers lists the offers of an award that are not forgotten yet, the
// newest first.
func (tx *Tx) WalletOffers(a issuer.AwardID) ([]issuer.WalletOffer, error) {
	return list[issuer.WalletOffer](tx, "created_at DESC, id", "award_id = ?", a)
}

// WalletOfferOfLink reads an offer by the hash of its link.
func (tx *Tx) WalletOfferOfLink(hash string) (*issuer.WalletOffer, error) {
	return tx.walletOffer("link_hash = ?", hash)
}

// WalletOfferOfCode reads an offer by the hash of its code.
func (tx *Tx) WalletOfferOfCode(hash string) (*issuer.WalletOffer, error) {
	return tx.walletOffer("code_hash = ?", hash)
}

// WalletOfferOfToken reads an offer by the hash of the token that it was
// redeemed for.
func (tx *Tx) WalletOfferOfToken(hash string) (*issuer.WalletOffer, error) {
	return tx.walletOffer("token_hash = ? AND token_hash <> ''", hash)
}

func (tx *Tx) walletOffer(where, hash string) (*issuer.WalletOffer, error) {
	return take[issuer.WalletOffer](tx, "There is no such offer.", where, hash)
}

// SaveWalletOffer keeps what became of an offer.
func (tx *Tx) SaveWalletOffer(o *issuer.WalletOffer) error {
	return save[issuer.WalletOffer](tx, "wallet offer", string(o.ID), map[string]any{"attempts": o.Attempts, "ended_at": o.EndedAt,
		"redeemed_at": o.RedeemedAt, "token_hash": o.TokenHash, "token_until": o.TokenUntil, "copy_id": o.CopyID, "event": o.Event})
}

// UseWalletNonce keeps a nonce that is used, and tells whether it was not before.
func (tx *Tx) UseWalletNonce(n *issuer.WalletNonce) (first bool, err error) {
	return tx.addOnce("nonce", n)
}

// removeEndedOffers removes offers a day after they ended, and used nonces that
// are too old to be used again.
func (tx *Tx) removeEndedOffers() (int64, error) {
	offers, err := remove[issuer.WalletOffer](tx, "created_at <= ?", tx.Now.Add(-24*time.Hour))
	if err != nil {
		return 0, err
	}
	nonces, err := remove[issuer.WalletNonce](tx, "used_at <= ?", tx.Now.Add(-2*issuer.WalletNonceLife))
	return offers + nonces, err
}
