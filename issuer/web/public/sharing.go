package public

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/badge"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

// Sharing: a badge inside someone's page, and a badge behind a link that ends.
//
// A badge is embedded whether it is public or unlisted: whoever asks gives its
// link, and is told nothing that its page does not tell. One that its holder took
// down is not there. A link that ends shows what the page says and gives out
// nothing that outlives it: not the file, which anyone could keep, nor the lasting
// address, which stands in the file.

// SharedPage is the data of the template "page/shared": a badge behind a link
// that ends.
type SharedPage struct {
	BadgePage
	Until   time.Time
	Picture string // of what was achieved; it has no badge in it
}

// embedded serves the small page that other sites show in a frame.
func (p *Public) embedded(c echo.Context) error {
	id, err := credentialID(c.Param("id"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("X-Robots-Tag", "noindex, nofollow")
	if p.Render == nil {
		return unknown()
	}
	b, report, err := p.verified(c, id)
	if err != nil {
		return err
	}
	return p.page(c, "page/embed", p.badgePageOf(b, report))
}

// shared serves the badge of a link that ends.
func (p *Public) shared(c echo.Context) error {
	c.Response().Header().Set("X-Robots-Tag", "noindex, nofollow")
	c.Response().Header().Set("Cache-Control", "no-store")
	if p.Render == nil {
		return unknown()
	}
	s, err := p.Published.Shared(c.Request().Context(), strings.ToUpper(c.Param("token")))
	if err != nil {
		return err
	}
	report, err := p.verify(c, s.PublicBadge)
	if err != nil {
		return err
	}
	if p.Sightings != nil && byEye(c.Request()) {
		p.Sightings.Opened(s.Link)
	}
	page := p.badgePageOf(s.PublicBadge, report)
	page.Links, page.Badge.ReplacedBy, page.Badge.Replaces, page.Badge.RenewedBy, page.Badge.Renews, page.Approvals = Links{}, "", "", "", "", nil
	return p.page(c, "page/shared", SharedPage{page, s.Until, p.BaseURL + "/art/" + string(s.Achievement.ID) + ".svg"})
}

// oembed is the answer of the oEmbed format, version 1.0, of type rich (§2.3.4.4).
type oembed struct {
	XMLName         xml.Name `json:"-" xml:"oembed"`
	Type            string   `json:"type" xml:"type"`
	Version         string   `json:"version" xml:"version"`
	Title           string   `json:"title" xml:"title"`
	ProviderName    string   `json:"provider_name" xml:"provider_name"`
	ProviderURL     string   `json:"provider_url" xml:"provider_url"`
	CacheAge        int      `json:"cache_age" xml:"cache_age"` // seconds
	ThumbnailURL    string   `json:"thumbnail_url,omitempty" xml:"thumbnail_url,omitempty"`
	ThumbnailWidth  int      `json:"thumbnail_width,omitempty" xml:"thumbnail_width,omitempty"`
	ThumbnailHeight int      `json:"thumbnail_height,omitempty" xml:"thumbnail_height,omitempty"`
	HTML            string   `json:"html" xml:"html"`
	Width           int      `json:"width" xml:"width"`
	Height          int      `json:"height" xml:"height"`
}

// embedding answers /oembed?url=…: how another site embeds a badge.
func (p *Public) embedding(c echo.Context) error {
	format := c.QueryParam("format")
	if format != "" && format != "json" && format != "xml" { // oEmbed §2.3.2 and §2.3.3
		return verifyweb.NewProblem(http.StatusNotImplemented, "Ask for the format json or xml.")
	}
	link := c.QueryParam("url")
	if link == "" {
		return verifyweb.NewProblem(http.StatusBadRequest, "Give the address of a badge as url.")
	}
	id, err := p.badgeAt(link)
	if err != nil {
		return err
	}
	b, err := p.Published.Badge(c.Request().Context(), id)
	if err != nil {
		return err
	}
	answer, err := p.embeddingOf(b, c.QueryParam("maxwidth"), c.QueryParam("maxheight"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(answer.CacheAge))
	if format != "xml" {
		return c.JSON(http.StatusOK, answer)
	}
	return c.XML(http.StatusOK, answer)
}

// badgeAt gives the badge that an address of ours leads to.
func (p *Public) badgeAt(link string) (issuer.CredentialID, error) {
	path, ours := p.ownPath(link)
	name, found := strings.CutPrefix(strings.ToLower(path), "/v/")
	if !ours || !found {
		return "", unknown()
	}
	return credentialID(name)
}

func (p *Public) embeddingOf(b *registrar.PublicBadge, maxWidth, maxHeight string) (*oembed, error) {
	width, err := within(maxWidth, web.EmbedWidth)
	if err != nil {
		return nil, err
	}
	height, err := within(maxHeight, web.EmbedHeight)
	if err != nil {
		return nil, err
	}
	if width < web.EmbedLeast || height < web.EmbedHeight {
		return nil, issuer.Refuse(issuer.NotFound, "A badge takes a frame of at least %d × %d pixels.", web.EmbedLeast, web.EmbedHeight)
	}
	answer := &oembed{Type: "rich", Version: "1.0", Title: b.Achievement.Name, ProviderName: b.Issuer.Name, ProviderURL: p.BaseURL, CacheAge: 300,
		HTML: web.EmbedCode(p.BaseURL, b.ID, b.Achievement.Name, width), Width: width, Height: height}
	if p.Paper != nil {
		answer.ThumbnailURL, answer.ThumbnailWidth, answer.ThumbnailHeight = b.URL+"/card.png", badge.CardWidth, badge.CardHeight
	}
	return answer, nil
}

// within gives the smaller of a size that was asked for and the usual one.
func within(asked string, usual int) (int, error) {
	if asked == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 {
		return 0, verifyweb.NewProblem(http.StatusBadRequest, "Give sizes as whole numbers of pixels.")
	}
	return min(n, usual), nil
}

// embeddings are where other sites learn how to embed a badge (oEmbed §4).
func (p *Public) embeddings(page string) (jsonAt, xmlAt string) {
	at := p.BaseURL + "/oembed?url=" + url.QueryEscape(page) + "&format="
	return at + "json", at + "xml"
}

// byEye tells whether a page is most likely read by a person: a browser asked for
// it, not ahead of time, and neither a program that says so of itself nor the
// holder, whose own links say so.
func byEye(r *http.Request) bool {
	agent := strings.ToLower(r.UserAgent())
	if r.Method != http.MethodGet || web.HeadOnly(r) || agent == "" || r.URL.Query().Has("mine") || !strings.Contains(r.Header.Get("Accept"), "text/html") ||
		strings.Contains(r.Header.Get("Sec-Purpose")+r.Header.Get("Purpose"), "prefetch") {
		return false
	}
	for _, word := range []string{"bot", "crawl", "spider", "slurp", "preview", "fetch", "scan", "monitor", "headless", "externalhit", "embed", "curl", "wget", "python", "http-client", "whatsapp", "telegram"} {
		if strings.Contains(agent, word) {
			return false
		}
	}
	return true
}
