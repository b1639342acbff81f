package web

import "net/url"

// WalletOffers is where wallets find what they are offered, each offer under its
// secret.
const WalletOffers = "/oid4vci/offers/"

// OfferURL is the address of an offer.
func OfferURL(base, secret string) string { return base + WalletOffers + secret }

// OfferURI is the link that opens a wallet with an offer (OpenID for Verifiable
// Credential Issuance 1.0 §4.1.3).
func OfferURI(base, secret string) string {
	return "openid-credential-offer://?credential_offer_uri=" + url.QueryEscape(OfferURL(base, secret))
}
