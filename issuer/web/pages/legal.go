package pages

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
)

// Legal is what the operator says in pages of their own, in Markdown; "" where they
// say nothing.
type Legal struct {
	Privacy string // before what the product itself says of what it keeps
	Imprint string
}

// PrivacyPage is the data of "page/privacy": what is kept, how long, and what people
// can do about it.
type PrivacyPage struct {
	Own       string // Markdown
	Issuer    string
	Retention issuer.Retention
}

// ImprintPage is the data of "page/imprint": who runs this.
type ImprintPage struct {
	Own     string // Markdown
	Contact issuer.Issuer
}

func (p *Pages) privacy(c echo.Context) error {
	us, err := p.Registrar.Us(c.Request().Context())
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "", "page/privacy", PrivacyPage{Own: p.Legal.Privacy, Issuer: us.Name, Retention: p.Registrar.Retention.Usual()})
}

func (p *Pages) imprint(c echo.Context) error {
	us, err := p.Registrar.Us(c.Request().Context())
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "", "page/imprint", ImprintPage{Own: p.Legal.Imprint, Contact: *us})
}
