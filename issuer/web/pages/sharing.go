package pages

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// SharePart is how a badge can be shown to others, as its holder sees it.
type SharePart struct {
	*registrar.Sharing
	LinkedIn string     // address that adds it to a profile
	Embed    string     // code for another page
	Days     []int      // that a link can be open
	Made     string     // a link that was just made; it is shown once
	Label    string     // of a link, as typed
	Offer    *OfferPart // to a wallet, that was just made; it is shown once
}

// shareDays are the choices of how long a link is open.
var shareDays = []int{1, 7, 30, 90, 366}

// share is how a badge of the caller's is shared; nil for who is not its holder.
func (p *Pages) share(c echo.Context, by issuer.Caller, b *registrar.BadgeView) (*SharePart, error) {
	if by.Person == "" || b.Person.ID != by.Person {
		return nil, nil
	}
	s, err := p.Registrar.Sharing(c.Request().Context(), by, b.ID)
	if err != nil {
		return nil, err
	}
	organisation := ""
	if p.Issuer != nil {
		organisation = p.Issuer(c.Request().Context())
	}
	return &SharePart{Sharing: s, LinkedIn: linkedIn(b, organisation), Embed: web.EmbedCode(p.Registrar.BaseURL, b.ID, b.Achievement.Name, web.EmbedWidth), Days: shareDays}, nil
}

// linkedIn is the address with which LinkedIn adds a certification to a profile.
// The month is that of the day of the fact, which is a day and no moment: it is
// the same in every time zone. So is that of the end, whose last second is
// counted in UTC.
func linkedIn(b *registrar.BadgeView, organisation string) string {
	q := url.Values{"startTask": {"CERTIFICATION_NAME"}, "name": {b.Achievement.Name}, "certUrl": {b.URL}, "certId": {string(b.ID)}}
	if organisation != "" {
		q.Set("organizationName", organisation)
	}
	month := func(year, month string, at time.Time) {
		q.Set(year, strconv.Itoa(at.Year()))
		q.Set(month, strconv.Itoa(int(at.Month())))
	}
	month("issueYear", "issueMonth", b.AwardedOn.Time())
	if b.ValidUntil != nil {
		month("expirationYear", "expirationMonth", b.ValidUntil.UTC())
	}
	return "https://www.linkedin.com/profile/add?" + q.Encode()
}

// addShareLink makes a link that ends, which is shown this once.
func (p *Pages) addShareLink(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	label := form.Get("label")
	n := numbers{form: form}
	days := n.of("days")
	if n.err != nil {
		return p.badgeAgain(c, by, n.err, func(page *MyBadgePage) { page.typedLabel(label) })
	}
	_, secret, err := p.Registrar.AddShareLink(c.Request().Context(), by, badgeID(c), label, days)
	if err != nil {
		return p.badgeAgain(c, by, err, func(page *MyBadgePage) { page.typedLabel(label) })
	}
	view, err := p.Registrar.Badge(c.Request().Context(), by, badgeID(c))
	if err != nil {
		return err
	}
	page, err := p.governed(c, by, view)
	if err != nil {
		return err
	}
	page.Share.Made = p.Registrar.BaseURL + "/s/" + secret
	return p.show(c, http.StatusOK, "badges", "page/mybadge", page)
}

func (m *MyBadgePage) typedLabel(label string) {
	if m.Share != nil {
		m.Share.Label = label
	}
}

func (p *Pages) endShareLink(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	id := badgeID(c)
	if err := p.Registrar.EndShareLink(c.Request().Context(), by, id, issuer.ShareLinkID(c.Param("link"))); err != nil {
		return err
	}
	return p.back(c, "/badges/"+string(id), "share-ended")
}
