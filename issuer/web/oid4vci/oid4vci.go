package oid4vci

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

// OID4VCI is the door.
type OID4VCI struct {
	Wallets *registrar.Wallets
	BaseURL string                           // the identifier of the issuer
	Issuer  func(ctx context.Context) string // what it is called; nil: nothing
}

// Where things are, under the base URL.
const (
	token        = "/oid4vci/token"
	nonce        = "/oid4vci/nonce"
	credential   = "/oid4vci/credential"
	notification = "/oid4vci/notification"
)

// The two forms of a badge, as credential_configuration_ids.
const (
	ldp = "OpenBadge_ldp"
	jwt = "OpenBadge_jwt"
)

const grant = "urn:ietf:params:oauth:grant-type:pre-authorized_code"

// Mount adds the routes.
func (d *OID4VCI) Mount(e *echo.Echo) {
	get := func(path string, h echo.HandlerFunc) {
		e.GET(path, h, jsonAlone)
		e.OPTIONS(path, preflight("GET, HEAD, OPTIONS"))
	}
	post := func(path string, h echo.HandlerFunc) {
		e.POST(path, h)
		e.OPTIONS(path, preflight("POST, OPTIONS"))
	}
	get(web.WellKnownIssuer, d.issuer)
	get(web.WellKnownServer, d.server)
	get(web.WalletOffers+":secret", d.offer)
	post(token, d.token)
	post(nonce, d.nonce)
	post(credential, d.credential)
	post(notification, d.notification)
}

// preflight lets wallets in browsers come from anywhere, with a token and without
// cookies.
func preflight(methods string) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		verifyweb.Preflight(h, methods)
		h.Set("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type")
		return c.NoContent(http.StatusNoContent)
	}
}

// jsonAlone refuses readers that want something else than JSON. Of the forms of
// metadata the signed one is not made here (§12.2.3).
func jsonAlone(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Add("Vary", "Accept")
		if _, err := web.Acceptable(c, "application/json"); err != nil {
			return err
		}
		return next(c)
	}
}

// offer answers GET /oid4vci/offers/{secret}: the offer itself (§4.1.1).
func (d *OID4VCI) offer(c echo.Context) error {
	code, err := d.Wallets.Offer(c.Request().Context(), c.Param("secret"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{
		"credential_issuer":            d.BaseURL,
		"credential_configuration_ids": []string{ldp, jwt},
		"grants": map[string]any{grant: map[string]any{
			"pre-authorized_code": code,
			"tx_code":             map[string]any{"input_mode": "numeric", "length": 6, "description": "The code that was sent to you by e-mail"},
		}},
	})
}
