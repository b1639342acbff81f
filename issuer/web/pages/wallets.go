package pages

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/badge"
	"hallmark/issuer/web"
)

// OfferPart is an offer of a badge to a wallet.
type OfferPart struct {
	URI     string // opens a wallet
	QR      string // the same, as an SVG
	Minutes int    // that it can be used
}

// offerToWallet offers a badge to a wallet of its holder. The offer is shown this
// once.
func (p *Pages) offerToWallet(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	o, err := p.Registrar.OfferToWallet(c.Request().Context(), by, badgeID(c))
	if err != nil {
		return p.badgeAgain(c, by, err, func(*MyBadgePage) {})
	}
	view, err := p.Registrar.Badge(c.Request().Context(), by, badgeID(c))
	if err != nil {
		return err
	}
	page, err := p.governed(c, by, view)
	if err != nil {
		return err
	}
	uri := web.OfferURI(p.Registrar.BaseURL, o.Secret)
	qr, err := badge.QRSVG(uri)
	if err != nil {
		return err
	}
	page.Share.Offer = &OfferPart{URI: uri, QR: string(qr), Minutes: int(issuer.WalletOfferLife / time.Minute)}
	return p.show(c, http.StatusOK, "badges", "page/mybadge", page)
}
