package registrar

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strconv"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/slip"
	"hallmark/verifier/staple"
	"hallmark/verifier/strictjson"
)

// Slip writes the short form of a badge for a QR code, as of now. There is one
// only while the badge counts: what was printed cannot be taken back. A name
// that the short form has no room for is left out.
func (p *Published) Slip(ctx context.Context, id issuer.CredentialID) (string, error) {
	b, err := p.Badge(ctx, id)
	if err != nil {
		return "", err
	}
	stands, err := p.stands(ctx, id)
	if err != nil {
		return "", err
	}
	if b.State != issuer.Issued || stands.State != staple.Good {
		return "", issuer.Refuse(issuer.Conflict, "This badge does not count now, so there is no code of it for checking without network.")
	}
	key, err := p.Ring.SlipSigner()
	if err != nil {
		return "", err
	}
	claims := b.slip(stands)
	text, err := slip.Sign(claims, key)
	if errors.Is(err, slip.ErrClaims) {
		claims.Name = ""
		text, err = slip.Sign(claims, key)
	}
	if errors.Is(err, slip.ErrClaims) {
		return "", issuer.Refuse(issuer.Conflict, "What this badge says has no room in a code for checking without network.")
	}
	return text, err
}

func (b *PublicBadge) slip(stands staple.Claims) slip.Claims {
	day := func(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
	c := slip.Claims{
		Credential: string(b.ID), Achievement: b.Achievement.Code, Version: uint32(b.Achievement.Version), Name: b.Name,
		Awarded: day(b.AwardedOn.Time()), Issued: day(b.IssuedAt), Printed: day(stands.AsOf), StatusIndex: -1,
		AsOf: stands.AsOf.UTC().Truncate(time.Minute), GoodUntil: stands.Until.UTC().Truncate(time.Minute),
	}
	if !c.GoodUntil.After(c.AsOf) { // it ends within the minute
		c.AsOf, c.GoodUntil = time.Time{}, time.Time{}
	}
	if b.ValidUntil != nil {
		c.Until = day(b.ValidUntil.Add(-time.Second)) // the last day, not the midnight after it
	}
	copy(c.Digest[:], b.Digest)
	if doc, err := strictjson.Parse(b.Credential); err == nil {
		if n, err := strconv.ParseInt(doc.Get("credentialStatus").Get("statusListIndex").Text(), 10, 64); err == nil {
			c.StatusIndex = n
		}
	}
	return c
}

// SlipKeys are the keys that slips of ours are checked with.
func (p *Published) SlipKeys() ([]ed25519.PublicKey, error) { return p.Ring.SlipKeys() }
