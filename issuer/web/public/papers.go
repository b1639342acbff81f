package public

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/badge"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	"hallmark/verifier"
	verifyweb "hallmark/verifier/web"
)

// paperData is what the words of papers and of pictures for sharing are made
// from.
type paperData struct {
	BadgePage
	VerifyAt string // address of the verify page, as one types it
}

// words verifies a badge and says what there is to say of it.
func (p *Public) words(c echo.Context, id issuer.CredentialID, paper string) (*registrar.PublicBadge, *BadgePage, map[string]string, error) {
	b, report, err := p.verified(c, id)
	if err != nil {
		return nil, nil, nil, err
	}
	page := p.badgePageOf(b, report)
	_, at, _ := strings.Cut(p.BaseURL, "://")
	c.Response().Header().Add("Vary", "Accept-Language, Cookie")
	words, err := p.Paper(paper, language(c), paperData{page, at + "/verify"})
	return b, &page, words, err
}

func language(c echo.Context) string {
	return verifyweb.LanguageFor(c.Request(), web.Visitor(c).Language)
}

// standingArt is the mark of a badge; one that does not count is an outline.
func standingArt(b *registrar.PublicBadge, standing string) badge.Art {
	art := artOf(b.Achievement, b.Program.Code, b.AwardedOn)
	art.Coming = standing != ""
	return art
}

// certificate serves the paper form. It is a rendering of what the page says
// now: one of a badge that was revoked says so across the page.
func (p *Public) certificate(c echo.Context, id issuer.CredentialID) error {
	if p.Paper == nil {
		return unknown()
	}
	b, page, words, err := p.words(c, id, "certificate")
	if err != nil {
		return err
	}
	if b.Withheld != nil {
		return b.Withheld
	}
	paper := certificateOf(page, words)
	paper.Art = standingArt(b, paper.Standing)
	paper.Lang, paper.Signed = language(c), b.Credential
	paper.QR = badge.Link(p.BaseURL, string(id))
	if paper.Slip, paper.Staple, err = p.kept(c.Request().Context(), id); err != nil {
		return err
	}
	// Drawn once a minute at most: the status within is as old as its minute, and
	// another status is another word on the paper.
	face := paper
	face.Staple = nil
	body, err := p.papers.get(struct {
		Face    badge.Certificate
		Minute  time.Time
		Stapled bool
	}{face, p.now().Truncate(time.Minute), paper.Staple != nil}, paper.PDF)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Data)
	c.Response().Header().Set("Content-Disposition", `attachment; filename="certificate-`+string(id[:6])+`.pdf"`)
	return web.Bytes(c, "application/pdf", body)
}

// kept is what a certificate takes with it for those who check it without network:
// the link with a slip, "" where there is none, and the status as of now.
func (p *Public) kept(ctx context.Context, id issuer.CredentialID) (slip string, status []byte, err error) {
	var refusal *issuer.Error
	if slip, err = p.slipLink(ctx, id); errors.As(err, &refusal) {
		slip = ""
	} else if err != nil {
		return "", nil, err
	}
	text, err := p.stapleOf(ctx, id)
	if text != "" {
		status = []byte(text)
	}
	return slip, status, err
}

func certificateOf(page *BadgePage, w map[string]string) badge.Certificate {
	claims := page.Result.Claims
	c := badge.Certificate{
		Title: w["title"], Issuer: page.Badge.IssuerName,
		Kind: w["kind"], To: w["to"], Holder: page.Badge.Holder, Nameless: w["nameless"], Unread: w["unread"], Unsigned: w["unsigned"],
		For: w["for"], Name: page.Badge.Name, When: w["when"], Until: w["until"], About: page.Badge.Description,
		Standing: w["standing"], Because: w["because"],
		Status: w["status"], Tone: toneOf(page.Result.Verdict), AsOf: w["asof"], Check: w["check"], Link: page.Links.Page,
		QRSays: w["qrsays"], SlipSays: w["slipsays"], Beware: w["beware"], Carried: w["carried"], Vouched: w["vouched"], Trial: w["trial"], Overleaf: w["overleaf"],
		At: page.Badge.IssuedAt,
	}
	add := func(part badge.Section) {
		if part.Text != "" || len(part.Items)+len(part.List) > 0 {
			c.Sections = append(c.Sections, part)
		}
	}
	add(badge.Section{Title: w["criteria"], Text: claims.Criteria})
	results := badge.Section{Title: w["results"]}
	for _, r := range claims.Results {
		results.Items = append(results.Items, r.Name+": "+r.Level)
	}
	add(results)
	add(badge.Section{Title: w["skills"], Items: namesOf(claims.Skills, " ")})
	add(badge.Section{Title: w["evidence"], List: namesOf(claims.Evidence, ": ")})
	return c
}

// namesOf gives things with what is said about them; what is named only by an
// address is left to the page, where it leads somewhere.
func namesOf(links []verifyweb.Link, between string) (all []string) {
	for _, l := range links {
		switch {
		case l.Name != "" && l.Description != "" && between == " ":
			all = append(all, l.Name+" ("+l.Description+")")
		case l.Name != "" && l.Description != "":
			all = append(all, l.Name+between+l.Description)
		case l.Name+l.Description != "":
			all = append(all, l.Name+l.Description)
		}
	}
	return all
}

func toneOf(verdict string) badge.Tone {
	switch verifier.Outcome(verdict) {
	case verifier.Verified:
		return badge.Good
	case verifier.Refused:
		return badge.Bad
	}
	return badge.Unsure
}

// card serves the picture that other sites show beside a link to the badge.
func (p *Public) card(c echo.Context) error {
	id, err := credentialID(c.Param("id"))
	if err != nil {
		return err
	}
	if p.Paper == nil {
		return unknown()
	}
	b, page, w, err := p.words(c, id, "card")
	if err != nil {
		return err
	}
	card := badge.Card{
		Art: standingArt(b, w["standing"]), To: w["to"], Holder: page.Badge.Holder, Name: page.Badge.Name, When: w["when"],
		Issuer: page.Badge.IssuerName, Host: page.Badge.Host, Standing: w["standing"],
	}
	body, err := p.cards.get(card, card.PNG)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Picture)
	c.Response().Header().Set("X-Robots-Tag", "noindex, nofollow")
	c.Response().Header().Set("Cache-Control", "no-cache")
	return web.Bytes(c, "image/png", body)
}

// maxDrawings is how many drawings of a kind are kept, of some 30 to 60 KB.
const maxDrawings = 100

// drawings keeps what costs some ten milliseconds to draw, by what is on it:
// whatever changes a word, such as a new status or the next day, draws anew.
// One is drawn at a time, so that asking for many leaves the rest of the
// service its processor.
type drawings struct {
	mu   sync.Mutex
	kept map[[sha256.Size]byte][]byte
}

func (d *drawings) get(what any, draw func() ([]byte, error)) ([]byte, error) {
	text, err := json.Marshal(what)
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256(text)
	d.mu.Lock()
	defer d.mu.Unlock()
	if body, ok := d.kept[key]; ok {
		return body, nil
	}
	body, err := draw()
	if err != nil {
		return nil, err
	}
	if len(d.kept) >= maxDrawings || d.kept == nil {
		d.kept = map[[sha256.Size]byte][]byte{}
	}
	d.kept[key] = body
	return body, nil
}
