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
	verifyweb "hallmark/verifier/web"
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
	text, err := p.Published.Slip(c.Request().Context(), id, p.now())
	if err != nil {
		return err
	}
	return p.symbol(c, media, badge.Link(p.BaseURL, string(id))+"#"+text, draw)
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
func (p *Public) Slip(ctx context.Context, s *slip.Slip) (*verifyweb.SlipAnswer, error) {
	keys, err := p.Published.SlipKeys()
	if err != nil {
		return nil, err
	}
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	a := &verifyweb.SlipAnswer{Slip: verifyweb.SlipClaims{Credential: s.Credential, Achievement: s.Achievement, Version: s.Version, Name: s.Name,
		Awarded: day(s.Awarded), Issued: day(s.Issued), Until: day(s.Until), Printed: day(s.Printed)}}
	switch err := s.Verify(keys); {
	case errors.Is(err, slip.ErrKey):
		a.Verdict, a.Summary = "undetermined", "This code was signed by a key that is not known here. Ask the issuer that its link names."
		return a, nil
	case err != nil:
		a.Verdict, a.Summary = "refused", "Not genuine: what this code says was changed, or its issuer did not sign it."
		return a, nil
	}
	b, err := p.Published.Badge(ctx, issuer.CredentialID(s.Credential))
	var refusal *issuer.Error
	switch {
	case errors.As(err, &refusal):
		a.Verdict = "undetermined"
		a.Summary = "The issuer signed what this code says, but there is no badge to look at any more: its holder took it down, or it is gone."
	case err != nil:
		return nil, err
	case !bytes.Equal(b.Digest, s.Digest[:]):
		a.Verdict, a.Summary = "refused", "The issuer signed what this code says, but of another badge than the one at its address."
	case b.State != issuer.Issued:
		a.Verdict, a.Summary = "refused", "The issuer signed what this code says, but the badge does not count any more: its page says why."
	default:
		a.Verdict = "verified as printed"
		a.Summary = "Verified as printed on " + day(s.Printed) + ": the issuer signed what this code says. Whether the badge counts is what its page says at the time."
	}
	if b != nil {
		a.Page = b.URL
	}
	return a, nil
}
