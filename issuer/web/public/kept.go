package public

import (
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// Kept is the front of a copy of this door, made to be served by a host that
// only keeps files. The door itself is the one that answers the live site; what
// would not be so without somebody behind it is taken from its pages by View.
type Kept struct {
	Published *registrar.Published
	Render    web.Renderer
	View      func(c echo.Context, data any) any
	At        time.Time // when the copy is made
	Until     time.Time // how long its status lists count
	Trial     bool
	BaseURL   string
}

// KeptPage is the data of the template "page/kept".
type KeptPage struct {
	Issuer       string
	IssuerID     issuer.IssuerID
	DID          string
	DIDPath      string // where its document is, below the base
	At, Until    time.Time
	Achievements []registrar.SiteAchievement
	Listed       []registrar.BadgeView // that their holders want found
	Lists        []issuer.StatusListID
}

// Mount adds the front page.
func (k *Kept) Mount(e *echo.Echo) { e.GET("/", k.front) }

func (k *Kept) front(c echo.Context) error {
	site, err := k.Published.Site(c.Request().Context())
	if err != nil {
		return err
	}
	page := KeptPage{Issuer: site.Issuer.Name, IssuerID: site.IssuerID, DID: site.Issuer.DID, DIDPath: DIDPath(k.BaseURL), At: k.At, Until: k.Until,
		Achievements: site.Achievements, Listed: site.Listed, Lists: site.Lists}
	var data any = page
	if k.View != nil {
		data = k.View(c, page)
	}
	return web.Page(c, k.Render, 200, "page/kept", data)
}

// WithoutService takes from a badge's page what a copy cannot do, the links to
// forms that it lacks, and the hour of the check: a copy is of a day.
func WithoutService(page BadgePage, day time.Time, lacks func(form string) bool) BadgePage {
	page.Result.CheckedAt, page.Result.JSON = day, ""
	for form, link := range map[string]*string{"json": &page.Links.JSON, "jwt": &page.Links.JWT, "svg": &page.Links.SVG, "png": &page.Links.PNG, "pdf": &page.Links.PDF,
		"card": &page.Links.Card, "slip": &page.Links.Slip} {
		if lacks(form) {
			*link = ""
		}
	}
	return page
}
