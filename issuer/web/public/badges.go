package public

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/badge"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	"hallmark/verifier"
	"hallmark/verifier/bake"
	verifyweb "hallmark/verifier/web"
)

// badge answers /v/{id} and its forms /v/{id}.json, .jwt, .png, .svg and .pdf. The
// router knows one parameter to the next slash, so the form is split off here.
func (p *Public) badge(c echo.Context) error {
	name, form, dotted := strings.Cut(c.Param("id"), ".")
	id, err := credentialID(name)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	c.Response().Header().Set("X-Robots-Tag", "noindex, nofollow")
	if !dotted {
		return p.negotiate(c, id)
	}
	switch strings.ToLower(form) {
	case "json":
		return p.credential(c, id, "application/vc")
	case "jwt":
		return p.token(c, id)
	case "png":
		return p.picture(c, id, "image/png", p.bakedPNG)
	case "svg":
		return p.picture(c, id, "image/svg+xml", bakedSVG)
	case "pdf":
		return p.certificate(c, id)
	}
	return unknown()
}

// negotiate serves the page to people, the report and the credential to
// programs that ask for them.
func (p *Public) negotiate(c echo.Context, id issuer.CredentialID) error {
	c.Response().Header().Add("Vary", "Accept")
	offers := []string{"text/html", "application/json", "application/vc", "application/ld+json", "application/vc+ld+json"}
	if p.Tokens != nil {
		offers = append(offers, envelope)
	}
	if p.Render == nil {
		offers = offers[1:]
	}
	media, err := web.Acceptable(c, offers...)
	if err != nil {
		return err
	}
	switch media {
	case "text/html":
		return p.badgePage(c, id)
	case "application/json":
		return p.report(c, id)
	case envelope:
		return p.envelope(c, id)
	}
	return p.credential(c, id, media)
}

// envelope is the media type of Securing Verifiable Credentials using JOSE and
// COSE §6.1.1.
const envelope = "application/vc+jwt"

func (p *Public) envelope(c echo.Context, id issuer.CredentialID) error {
	token, err := p.Tokens.Envelope(c.Request().Context(), id)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Data)
	return web.Bytes(c, envelope, token)
}

// token serves the Open Badges 3.0 token, as plain text (Open Badges 3.0 §5.1).
func (p *Public) token(c echo.Context, id issuer.CredentialID) error {
	if p.Tokens == nil {
		return unknown()
	}
	token, err := p.Tokens.Badge(c.Request().Context(), id)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Data)
	return web.Bytes(c, "text/plain", token)
}

// credential serves the signed bytes as they are.
func (p *Public) credential(c echo.Context, id issuer.CredentialID, media string) error {
	doc, err := p.Published.Credential(c.Request().Context(), id)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Data)
	return web.Bytes(c, media, doc)
}

// verified reads a badge and verifies it now.
func (p *Public) verified(c echo.Context, id issuer.CredentialID) (*registrar.PublicBadge, *verifier.Report, error) {
	b, err := p.Published.Badge(c.Request().Context(), id)
	if err != nil {
		return nil, nil, err
	}
	report, err := p.verify(c, b)
	return b, report, err
}

// verify verifies a badge now. The signed bytes stay as they are: whoever has
// them has the name, but no page of ours repeats that of a holder who is not to be
// named.
func (p *Public) verify(c echo.Context, b *registrar.PublicBadge) (*verifier.Report, error) {
	return p.Verifier.Verify(c.Request().Context(), b.Credential, verifier.Ask{Unnamed: b.Name == ""})
}

func (p *Public) report(c echo.Context, id issuer.CredentialID) error {
	_, report, err := p.verified(c, id)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Anonymous)
	return c.JSON(http.StatusOK, report)
}

// endorsements serves what mentors signed about a badge, each as it was signed,
// in one array.
func (p *Public) endorsements(c echo.Context) error {
	id, err := credentialID(c.Param("id"))
	if err != nil {
		return err
	}
	c.Response().Header().Add("Vary", "Accept")
	media, err := web.Acceptable(c, "application/json", "application/ld+json")
	if err != nil {
		return err
	}
	all, err := p.Published.Endorsements(c.Request().Context(), id)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Data)
	c.Response().Header().Set("Cache-Control", "no-cache")
	c.Response().Header().Set("X-Robots-Tag", "noindex, nofollow")
	return web.Bytes(c, media, all)
}

type baker func(ctx context.Context, b *registrar.PublicBadge) ([]byte, error)

// bakedPNG puts the credential into the picture that it names, or where it is
// from before badges named any, into one that is drawn now.
func (p *Public) bakedPNG(ctx context.Context, b *registrar.PublicBadge) ([]byte, error) {
	digest := registrar.PictureNamed(b.Credential)
	if digest == "" {
		return p.pictures.png(artOf(b.Achievement, b.Program.Code, b.AwardedOn), b.Credential)
	}
	picture, err := p.Published.PictureBytes(ctx, digest)
	if err != nil {
		return nil, err
	}
	return bake.PNG(picture, b.Credential)
}

func bakedSVG(_ context.Context, b *registrar.PublicBadge) ([]byte, error) {
	return badge.BakedSVG(artOf(b.Achievement, b.Program.Code, b.AwardedOn), b.Credential)
}

// picture serves the artwork with the credential in it. Revoked badges keep
// theirs, the same bytes as before.
func (p *Public) picture(c echo.Context, id issuer.CredentialID, media string, bake baker) error {
	b, err := p.Published.Badge(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if b.Withheld != nil {
		return b.Withheld
	}
	body, err := bake(c.Request().Context(), b)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Picture)
	c.Response().Header().Set("Content-Disposition", `inline; filename="badge-`+string(id[:6])+fileEnd(media)+`"`)
	return web.Bytes(c, media, body)
}

func fileEnd(media string) string {
	if media == "image/png" {
		return ".png"
	}
	return ".svg"
}

func (p *Public) qrPNG(c echo.Context) error {
	return p.qr(c, "image/png", func(link string) ([]byte, error) { return badge.QRPNG(link, 512) })
}

func (p *Public) qrSVG(c echo.Context) error { return p.qr(c, "image/svg+xml", badge.QRSVG) }

// qr serves the link of a badge as a symbol.
func (p *Public) qr(c echo.Context, media string, draw func(link string) ([]byte, error)) error {
	id, err := credentialID(c.Param("id"))
	if err != nil {
		return err
	}
	if _, err := p.Published.Badge(c.Request().Context(), id); err != nil {
		return err
	}
	return p.symbol(c, media, badge.Link(p.BaseURL, string(id)), draw)
}

func (p *Public) symbol(c echo.Context, media, link string, draw func(link string) ([]byte, error)) error {
	body, err := draw(link)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Picture)
	return web.Bytes(c, media, body)
}

// badgePage verifies the badge and shows what came of it.
func (p *Public) badgePage(c echo.Context, id issuer.CredentialID) error {
	b, report, err := p.verified(c, id)
	if err != nil {
		return err
	}
	if b.Visibility == issuer.Public {
		c.Response().Header().Del("X-Robots-Tag")
	}
	page := p.badgePageOf(b, report)
	if b.Withheld == nil {
		page.Carried = string(b.Credential)
	}
	page.Links.OEmbedJSON, page.Links.OEmbedXML = p.embeddings(b.URL)
	if p.Sightings != nil && byEye(c.Request()) {
		p.Sightings.Seen(id, p.now())
	}
	if page.Staple, err = p.stapleOf(c.Request().Context(), id); err != nil {
		return err
	}
	return p.page(c, "page/badge", page)
}

func (p *Public) badgePageOf(b *registrar.PublicBadge, report *verifier.Report) BadgePage {
	return BadgePage{
		Badge: Badge{
			ID: string(b.ID), Code: issuer.PaperCode(b.ID), State: b.State, Name: b.Achievement.Name, Description: b.Achievement.Description,
			Criteria: b.Achievement.Criteria, Version: b.Achievement.Version, Kind: b.Achievement.Art.Kind,
			Program: b.Program.Name, Holder: b.Name, HolderSigned: b.NameSigned,
			IssuerName: b.Issuer.Name, IssuerURL: b.Issuer.URL, IssuerDID: b.Issuer.DID, Host: hostOf(p.BaseURL),
			AwardedOn: b.AwardedOn, IssuedAt: b.IssuedAt, ValidUntil: b.ValidUntil, Public: b.Visibility == issuer.Public, Copy: b.Copy,
			RevokedCode: b.RevokedCode, RevokedReason: b.RevokedReason, RevokedAt: b.RevokedAt,
			SuspendedAt: b.SuspendedAt, ReplacedAt: b.SupersededAt,
			ReplacedBy: p.linkOf(b.ReplacedBy), Replaces: p.linkOf(b.Supersedes),
			RenewedBy: p.linkOf(b.RenewedBy), RenewedUntil: b.RenewedUntil, Renews: p.linkOf(b.Renews),
		},
		Result:    namedNow(verifyweb.ResultOf(report), b.Approvals),
		Links:     p.linksOf(b),
		Trial:     p.Trial,
		Approvals: b.Approvals,
	}
}

// linksOf are the addresses of a badge's forms. Of one whose file is not given
// out there is only the picture of what was achieved.
func (p *Public) linksOf(b *registrar.PublicBadge) Links {
	l := Links{
		Page: b.URL, JSON: b.URL + ".json", JWT: b.URL + ".jwt", PNG: b.URL + ".png", SVG: b.URL + ".svg", PDF: b.URL + ".pdf",
		QRPNG: b.URL + "/qr.png", QRSVG: b.URL + "/qr.svg", Card: b.URL + "/card.png", Slip: b.URL + "/slip.svg", Verify: p.BaseURL + "/verify?url=" + b.URL,
	}
	if b.Withheld != nil {
		l.JSON, l.JWT, l.PNG, l.PDF, l.SVG = "", "", "", "", p.BaseURL+"/art/"+string(b.Achievement.ID)+".svg"
	}
	return l
}

// namedNow takes the names of mentors off endorsements who do not let themselves
// be named any more; the signed bytes stay as they are.
func namedNow(r verifyweb.Result, approvals []registrar.Approval) verifyweb.Result {
	for i := range r.Endorsements {
		e := &r.Endorsements[i].Issuer
		if !slices.ContainsFunc(approvals, func(a registrar.Approval) bool { return a.Name != "" && verifier.Plain(a.Name) == e.Name }) {
			e.Name = ""
		}
	}
	return r
}

func (p *Public) linkOf(id issuer.CredentialID) string {
	if id == "" {
		return ""
	}
	return p.BaseURL + "/v/" + string(id)
}

func hostOf(base string) string {
	_, rest, _ := strings.Cut(base, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}
