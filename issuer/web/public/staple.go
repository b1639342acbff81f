package public

import (
	"github.com/labstack/echo/v4"

	"hallmark/issuer/web"
	"hallmark/verifier/staple"
	verifyweb "hallmark/verifier/web"
)

// staple serves where a badge stands now, signed, to be kept beside the badge. No
// cache keeps it: what it says must never be older than a revocation.
func (p *Public) staple(c echo.Context) error {
	id, err := credentialID(c.Param("id"))
	if err != nil {
		return err
	}
	text, err := p.Published.Staple(c.Request().Context(), id)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Data)
	c.Response().Header().Set("Cache-Control", "no-store")
	c.Response().Header().Set("X-Robots-Tag", "noindex, nofollow")
	return web.Bytes(c, staple.MediaType, []byte(text))
}
