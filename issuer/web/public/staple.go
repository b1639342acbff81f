package public

import (
	"context"
	"errors"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
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

// stapleOf gives the same for a copy of the badge that is being made; "" where it
// is refused, as of a badge that has ended.
func (p *Public) stapleOf(ctx context.Context, id issuer.CredentialID) (string, error) {
	text, err := p.Published.Staple(ctx, id)
	var refusal *issuer.Error
	if errors.As(err, &refusal) {
		return "", nil
	}
	return text, err
}
