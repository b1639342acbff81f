package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/web"
)

// walletOffer lets a wallet fetch a copy of a badge, once.
type walletOffer struct {
	ID        issuer.WalletOfferID `json:"id"`
	URI       string               `json:"uri"` // opens a wallet; shown once
	URL       string               `json:"url"` // where the wallet finds the offer
	ExpiresAt time.Time            `json:"expiresAt"`
}

// offerToWallet offers a badge to a wallet of its holder, who is the one to ask.
// The addresses are in this answer alone, so the answer is not kept for an
// Idempotency-Key; a repeated request makes another offer.
func (a *API) offerToWallet(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	o, err := a.Registrar.OfferToWallet(c.Request().Context(), by, credentialID(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]walletOffer{"offer": {o.ID, web.OfferURI(a.BaseURL, o.Secret), web.OfferURL(a.BaseURL, o.Secret), o.ExpiresAt}})
}
