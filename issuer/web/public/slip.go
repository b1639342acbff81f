package public

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/badge"
	"hallmark/verifier/slip"
)

func (p *Public) slipPNG(c echo.Context) error {
	return p.slipCode(c, "image/png", func(link string) ([]byte, error) { return badge.QRPNG(link, 770) })
}

func (p *Public) slipSVG(c echo.Context) error { return p.slipCode(c, "image/svg+xml", badge.QRSVG) }

// slipCode serves the code that opens the badge's page online and holds a slip
// for checking it without network.
func (p *Public) slipCode(c echo.Context, media string, draw func(link string) ([]byte, error)) error {
	id, err := credentialID(c.Param("id"))
	if err != nil {
		return err
	}
	link, err := p.slipLink(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return p.symbol(c, media, link, draw)
}

// slipLink is what such a code holds.
func (p *Public) slipLink(ctx context.Context, id issuer.CredentialID) (string, error) {
	text, err := p.Published.Slip(ctx, id)
	return badge.Link(p.BaseURL, string(id)) + "#" + text, err
}

// now is the verifier's clock: what a slip says of today is what a check of
// the badge says.
func (p *Public) now() time.Time {
	if p.Verifier != nil && p.Verifier.Now != nil {
		return p.Verifier.Now()
	}
	return time.Now()
}

// Slip says what a slip is worth: whether one of our keys signed it, and
// whether the badge that we have at its address is the one it was made from.
// What the badge is worth now its page says.
func (p *Public) Slip(ctx context.Context, s *slip.Slip) (*slip.Answer, error) {
	keys, err := p.Published.SlipKeys()
	if err != nil {
		return nil, err
	}
	a := s.Judge(keys, p.now())
	if a.Verdict != slip.AsPrinted {
		return a, nil
	}
	b, err := p.Published.Badge(ctx, issuer.CredentialID(s.Credential))
	var refusal *issuer.Error
	switch {
	case errors.As(err, &refusal):
		a.Verdict = slip.Undetermined
		a.Summary = "The issuer signed what this code says, but there is no badge to look at any more: its holder took it down, or it is gone."
		return a, nil
	case err != nil:
		return nil, err
	case !bytes.Equal(b.Digest, s.Digest[:]):
		a.Verdict, a.Summary = slip.Refused, "The issuer signed what this code says, but of another badge than the one at its address."
	case b.State != issuer.Issued:
		a.Verdict, a.Summary = slip.Refused, "The issuer signed what this code says, but the badge does not count any more: its page says why."
	}
	a.Page = b.URL
	return a, nil
}
