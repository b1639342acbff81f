package public

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	"hallmark/verifier"
	verifyweb "hallmark/verifier/web"
)

// Public is the door for anyone.
type Public struct {
	Published *registrar.Published
	Verifier  *verifier.Verifier // reads our own records for our own badges
	Render    web.Renderer       // nil: no pages, only bytes
	// View puts a page's data into the frame of the site; nil: as they are.
	View func(c echo.Context, data any) any
	// Paper gives the words of a certificate and of a picture for sharing;
	// nil: there are none.
	Paper func(name, lang string, data any) (map[string]string, error)
	// Sightings counts looks at pages; nil: they are not counted.
	Sightings *registrar.Sightings
	Tokens    *registrar.Tokens               // badges as tokens; nil: there are none
	BaseURL   string                          // without a slash at the end
	Trial     bool                            // the issuer's key is a did:key
	Ready     func(ctx context.Context) error // nil: always

	pictures      pictures
	papers, cards drawings
}

// Mount adds the routes. All may be read from any origin.
func (p *Public) Mount(e *echo.Echo) {
	read := func(path string, h echo.HandlerFunc) {
		e.GET(path, h, anyOrigin)
		e.OPTIONS(path, preflight)
	}
	for _, v := range []string{"/v", "/V"} {
		read(v+"/:id", p.badge)
		read(v+"/:id/qr.png", p.qrPNG)
		read(v+"/:id/qr.svg", p.qrSVG)
		read(v+"/:id/card.png", p.card)
		read(v+"/:id/slip.png", p.slipPNG)
		read(v+"/:id/slip.svg", p.slipSVG)
		read(v+"/:id/proof", p.proof)
		read(v+"/:id/staple", p.staple)
		read(v+"/:id/endorsements", p.endorsements)
	}
	read("/embed/:id", p.embedded)
	read("/oembed", p.embedding)
	for _, path := range []string{"/.well-known/did.json", "/did.json"} { // the other one may be that of a former base URL
		read(path, p.didDocument)
	}
	read("/.well-known/jwks.json", p.jwks)
	read("/keys/:kid", p.key)
	read("/status/:list", p.statusList)
	read("/achievements/:id", p.achievement)
	read("/issuers/:id", p.issuer)
	read("/art/:file", p.art)
	read("/log/checkpoint", p.checkpoint)
	read("/log/key", p.logKey)
	read("/log/tile/*", p.tile)
	e.GET("/s/:token", p.shared)
	e.GET("/p/:handle", p.portfolio)
	e.GET("/p/:handle/card.png", p.portfolioCard)
	if p.Render != nil {
		e.GET("/gallery", p.gallery)
		e.GET("/gallery/:id", p.story)
	}
	read("/healthz", healthz)
	read("/readyz", p.readyz)
}

// DIDPath is where the issuer's document lies, below its base URL: a did:web with
// a path has it there (Method Specification §3.2).
func DIDPath(base string) string {
	if strings.Count(base, "/") > 2 {
		return "/did.json"
	}
	return "/.well-known/did.json"
}

func anyOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Access-Control-Allow-Origin", "*")
		return next(c)
	}
}

func preflight(c echo.Context) error {
	verifyweb.Preflight(c.Response().Header(), "GET, HEAD, OPTIONS")
	return c.NoContent(http.StatusNoContent)
}

// page renders a page in the frame of the site.
func (p *Public) page(c echo.Context, name string, data any) error {
	if p.View != nil {
		data = p.View(c, data)
	}
	return web.Page(c, p.Render, http.StatusOK, name, data)
}

// unknown is the one answer for ids that never were and badges taken down.
func unknown() error {
	return issuer.Refuse(issuer.NotFound, "There is no badge at this address.")
}

// credentialID reads an id as it stands in a link. Ids are compared
// upper-case: that is how QR codes spell them.
func credentialID(s string) (issuer.CredentialID, error) {
	s = strings.ToUpper(s)
	if len(s) != 26 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return "", unknown()
	}
	return issuer.CredentialID(s), nil
}
