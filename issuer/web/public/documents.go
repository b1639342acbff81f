package public

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/badge"
	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

// What other verifiers fetch. Answers may be kept for half a minute: a
// revocation is to be seen by everyone within one.
const briefly = "public, max-age=30"

// calledAt is what the issuer is or was called at the address that was asked, and
// what it is called now at every other: an address of ours may have names that we
// do not know.
func (p *Public) calledAt(c echo.Context) issuer.IssuerIdentity {
	all, asked := p.Published.Identities(), web.AskedAt(c.Request().Context())
	if i := slices.IndexFunc(all, func(i issuer.IssuerIdentity) bool { return i.BaseURL == asked }); i >= 0 {
		return all[i]
	}
	for _, i := range slices.Backward(all) {
		if strings.EqualFold(hostOf(i.BaseURL), c.Request().Host) {
			return i
		}
	}
	return all[len(all)-1]
}

func (p *Public) didDocument(c echo.Context) error {
	of := p.calledAt(c)
	if c.Request().URL.Path != DIDPath(of.BaseURL) {
		return issuer.Refuse(issuer.NotFound, "There is no issuer's document at this address.")
	}
	doc, err := p.Published.DIDDocument(of.DID)
	if err != nil {
		return err
	}
	media, err := web.Acceptable(c, "application/did+json", "application/did", "application/did+ld+json", "application/ld+json", "application/json")
	if err != nil {
		return err
	}
	return p.document(c, media, doc)
}

func (p *Public) jwks(c echo.Context) error {
	set, err := p.Published.JWKS(p.calledAt(c).DID)
	if err != nil {
		return err
	}
	media, err := web.Acceptable(c, "application/jwk-set+json", "application/json")
	if err != nil {
		return err
	}
	return p.document(c, media, set)
}

func (p *Public) key(c echo.Context) error {
	key, err := p.Published.Key(p.calledAt(c).DID, issuer.KeyID(c.Param("kid")))
	if err != nil {
		return err
	}
	media, err := web.Acceptable(c, "application/jwk+json", "application/json")
	if err != nil {
		return err
	}
	return p.document(c, media, key)
}

func (p *Public) document(c echo.Context, media string, doc []byte) error {
	c.Response().Header().Add("Vary", "Accept")
	c.Response().Header().Set("Cache-Control", briefly)
	return web.Bytes(c, media, doc)
}

// statusList serves a signed list as it was published. Its tag is its
// version, which only grows, so that no copy of an older one can be taken
// for it.
func (p *Public) statusList(c echo.Context) error {
	media, err := web.Acceptable(c, "application/vc", "application/vc+ld+json", "application/ld+json", "application/json")
	if err != nil {
		return err
	}
	list, version, err := p.Published.StatusListVersion(c.Request().Context(), issuer.StatusListID(c.Param("list")))
	if err != nil {
		return err
	}
	c.Response().Header().Add("Vary", "Accept")
	c.Response().Header().Set("Cache-Control", briefly)
	return web.Tagged(c, "v"+strconv.Itoa(version), media, list)
}

func (p *Public) achievement(c echo.Context) error {
	id := issuer.AchievementID(c.Param("id"))
	return p.described(c, "page/achievement", func() ([]byte, error) { return p.Published.Achievement(c.Request().Context(), id) })
}

func (p *Public) issuer(c echo.Context) error {
	id := issuer.IssuerID(c.Param("id"))
	return p.described(c, "page/issuer", func() ([]byte, error) { return p.Published.IssuerProfile(c.Request().Context(), id) })
}

// described serves a thing that credentials name: JSON-LD to programs, and to
// people, who say text/html in as many words, a small page of the same.
func (p *Public) described(c echo.Context, page string, read func() ([]byte, error)) error {
	offers := []string{"application/ld+json", "application/json"}
	if p.Render != nil {
		offers = append(offers, "text/html")
	}
	media, err := web.Acceptable(c, offers...)
	if err != nil {
		return err
	}
	doc, err := read()
	if err != nil {
		return err
	}
	if media != "text/html" {
		return p.document(c, media, doc)
	}
	c.Response().Header().Add("Vary", "Accept")
	web.As(c, verifyweb.Public)
	return p.page(c, page, thingOf(doc))
}

// art serves the picture that badges name by its digest, or draws that of an
// achievement that nobody need have earned.
func (p *Public) art(c echo.Context) error {
	if digest, ok := strings.CutSuffix(c.Param("file"), ".png"); ok {
		picture, err := p.Published.PictureBytes(c.Request().Context(), digest)
		if err != nil {
			return err
		}
		c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		return web.Bytes(c, "image/png", picture)
	}
	id, ok := strings.CutSuffix(c.Param("file"), ".svg")
	if !ok {
		return issuer.Refuse(issuer.NotFound, "There is no such picture.")
	}
	a, program, err := p.Published.AchievementArt(c.Request().Context(), issuer.AchievementID(id))
	if err != nil {
		return err
	}
	art := artOf(a, program.Code, "")
	art.Coming = c.QueryParams().Has("coming") // an outline, for what is not earned yet
	c.Response().Header().Set("Cache-Control", "public, max-age=300")
	return web.Bytes(c, "image/svg+xml", badge.SVG(art))
}

func healthz(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// readyz says whether this copy can do its work, and if not, why.
func (p *Public) readyz(c echo.Context) error {
	if p.Ready != nil {
		if err := p.Ready(c.Request().Context()); err != nil {
			return verifyweb.NewProblem(http.StatusServiceUnavailable, "%s", readyReason(err))
		}
	}
	return c.JSON(http.StatusOK, map[string]string{"status": "ready"})
}
