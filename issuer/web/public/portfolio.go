package public

import (
	"encoding/json"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/badge"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

// PortfolioPage is the data of the template "page/portfolio": the page that a
// person chose to have.
type PortfolioPage struct {
	*registrar.PublicPortfolio
	Host string
	Card string // the picture for sharing, "" for none
	Data string // the same for search engines: JSON-LD of schema.org
}

// portfolio serves the page of a handle, and its picture for sharing.
func (p *Public) portfolio(c echo.Context) error {
	v, err := p.Published.Portfolio(c.Request().Context(), c.Param("handle"))
	if err != nil {
		return err
	}
	if p.Render == nil {
		return unknown()
	}
	page := PortfolioPage{PublicPortfolio: v, Host: hostOf(p.BaseURL)}
	if len(v.Badges) > 0 {
		page.Card = v.URL + "/card.png"
	}
	if page.Data, err = structured(v); err != nil {
		return err
	}
	return p.page(c, "page/portfolio", page)
}

// structured says of a portfolio what its page says, in the words of schema.org.
func structured(v *registrar.PublicPortfolio) (string, error) {
	type credential struct {
		Type string `json:"@type"`
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	type person struct {
		Type        string       `json:"@type"`
		Name        string       `json:"name,omitempty"`
		Alternate   string       `json:"alternateName"`
		Description string       `json:"description,omitempty"`
		SameAs      []string     `json:"sameAs,omitempty"`
		Credentials []credential `json:"hasCredential,omitempty"`
	}
	who := person{Type: "Person", Name: v.Name, Alternate: v.Handle, Description: v.Headline, SameAs: v.Links}
	for _, b := range v.Badges {
		who.Credentials = append(who.Credentials, credential{"EducationalOccupationalCredential", b.Achievement.Name, b.URL})
	}
	text, err := json.Marshal(struct {
		Context string `json:"@context"`
		Type    string `json:"@type"`
		URL     string `json:"url"`
		About   person `json:"mainEntity"`
	}{"https://schema.org", "ProfilePage", v.URL, who})
	return string(text), err
}

// portfolioCard draws the picture for sharing, with the mark of the newest badge.
func (p *Public) portfolioCard(c echo.Context) error {
	v, err := p.Published.Portfolio(c.Request().Context(), c.Param("handle"))
	if err != nil {
		return err
	}
	if len(v.Badges) == 0 {
		return unknown()
	}
	newest := v.Badges[0]
	card := badge.Card{Art: artOf(newest.Achievement, newest.Program.Code, newest.AwardedOn), Name: v.Headline, Holder: v.Name, Issuer: v.Issuer.Name, Host: hostOf(p.BaseURL)}
	if card.Name == "" {
		card.Name, card.Holder = v.Name, ""
	}
	if card.Name == "" {
		card.Name = strings.ToUpper(v.Handle[:1]) + v.Handle[1:]
	}
	body, err := p.cards.get(card, card.PNG)
	if err != nil {
		return err
	}
	web.As(c, verifyweb.Picture)
	c.Response().Header().Set("Cache-Control", "no-cache")
	return web.Bytes(c, "image/png", body)
}
