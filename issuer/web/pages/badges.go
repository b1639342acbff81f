package pages

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// BadgesPage is the data of "page/badges".
type BadgesPage struct {
	Of     string // whose they are, for who runs the program; "" for one's own
	Earned []registrar.BadgeView
	Past   []registrar.BadgeView // expired, revoked; not what was replaced
	Coming []registrar.ComingBadge
}

// MyBadgePage is the data of "page/mybadge": a badge as its holder sees it,
// or who runs its program.
type MyBadgePage struct {
	Badge        *registrar.BadgeView
	Mine         bool
	Manages      bool
	MayChange    bool // it can still be revoked
	Visibilities []issuer.Visibility
	Codes        []string // reasons of a revocation
	Form         registrar.StatusChange
	Problem      string
}

func (p *Pages) badges(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if of := issuer.PersonID(c.QueryParam("person")); of != "" && of != by.Person {
		return p.badgesOf(c, by, of)
	}
	view, err := p.Registrar.Home(c.Request().Context(), by)
	if err != nil {
		return err
	}
	all, err := p.Registrar.Badges(c.Request().Context(), by)
	if err != nil {
		return err
	}
	page := BadgesPage{Earned: current(all), Past: past(all), Coming: view.Coming}
	return p.show(c, http.StatusOK, "badges", "page/badges", page)
}

// badgesOf shows someone's badges to who runs a program that issued them.
func (p *Pages) badgesOf(c echo.Context, by issuer.Caller, person issuer.PersonID) error {
	list, err := p.Registrar.Credentials(c.Request().Context(), by, registrar.CredentialFilter{Page: registrar.Page{Limit: 200}, Person: person})
	if err != nil {
		return err
	}
	if len(list.Items) == 0 {
		return issuer.Refuse(issuer.NotFound, "There is no badge of theirs that you may see.")
	}
	page := BadgesPage{Of: list.Items[0].Person.Name, Earned: current(list.Items), Past: past(list.Items)}
	return p.show(c, http.StatusOK, "people", "page/badges", page)
}

// past gives the badges that count no longer, without those that a newer one
// replaced.
func past(badges []registrar.BadgeView) []registrar.BadgeView {
	var out []registrar.BadgeView
	for _, b := range badges {
		if b.State == issuer.Expired || b.State == issuer.Revoked {
			out = append(out, b)
		}
	}
	return out
}

func badgeID(c echo.Context) issuer.CredentialID {
	return issuer.CredentialID(strings.ToUpper(c.Param("id")))
}

func (p *Pages) badge(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Badge(c.Request().Context(), by, badgeID(c))
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "badges", "page/mybadge", myBadgePage(by, view))
}

func myBadgePage(by issuer.Caller, b *registrar.BadgeView) MyBadgePage {
	codes := slices.Sorted(maps.Keys(issuer.RevocationCodes))
	if i := slices.Index(codes, "other"); i >= 0 {
		codes = append(slices.Delete(codes, i, i+1), "other")
	}
	return MyBadgePage{
		Badge: b, Mine: b.Person.ID == by.Person, Manages: by.Manages(issuer.ProgramID(b.Program.ID)),
		MayChange:    b.State.Live(),
		Visibilities: []issuer.Visibility{issuer.Unlisted, issuer.Public, issuer.Hidden}, Codes: codes,
	}
}

func (p *Pages) setVisibility(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	id := badgeID(c)
	if _, err := p.Registrar.SetVisibility(c.Request().Context(), by, id, issuer.Visibility(form.Get("visibility"))); err != nil {
		return err
	}
	return p.back(c, "/badges/"+string(id), "visibility")
}

func (p *Pages) revoke(c echo.Context) error {
	return p.changeBadge(c, p.Registrar.RevokeCredential, "revoked")
}

func (p *Pages) suspend(c echo.Context) error {
	return p.changeBadge(c, p.Registrar.SuspendCredential, "suspended")
}

func (p *Pages) reinstate(c echo.Context) error {
	return p.changeBadge(c, p.Registrar.ReinstateCredential, "reinstated")
}

// changeBadge carries out a change of a badge's state.
func (p *Pages) changeBadge(c echo.Context, act func(context.Context, issuer.Caller, issuer.CredentialID, registrar.StatusChange) (*registrar.BadgeView, error), done string) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request().Context(), badgeID(c)
	in := registrar.StatusChange{Code: form.Get("code"), Reason: strings.TrimSpace(form.Get("reason")), Note: strings.TrimSpace(form.Get("note"))}
	_, err = act(ctx, by, id, in)
	status, reason, _, mendable := wrong(err)
	if !mendable {
		if err != nil {
			return err
		}
		return p.back(c, "/badges/"+string(id), done)
	}
	view, err := p.Registrar.Badge(ctx, by, id)
	if err != nil {
		return err
	}
	page := myBadgePage(by, view)
	page.Form, page.Problem = in, reason
	return p.show(c, status, "badges", "page/mybadge", page)
}
