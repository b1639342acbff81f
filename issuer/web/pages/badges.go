package pages

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

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
	Mine   bool           // then the answer about the name can be changed
	Answer issuer.Consent // about the name in badges
}

// MyBadgePage is the data of "page/mybadge": a badge as its holder sees it,
// or who runs its program.
type MyBadgePage struct {
	Badge        *registrar.BadgeView
	Mine         bool
	Manages      bool
	MayChange    bool                  // it can still be revoked
	Resting      []registrar.BadgeView // badges that its holder has because of it
	Visibilities []issuer.Visibility
	Codes        []string // reasons of a revocation
	Form         registrar.StatusChange
	Ends         bool   // its holder is told that it ends soon, and how it is renewed
	MayRenew     bool   // by the word of the caller
	Renew        string // why it is renewed, as typed
	Reissue      string // why it is issued anew, as typed
	Problem      string
	Share        *SharePart // nil for who is not its holder
	Asked        []registrar.QuestionTold
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
	page := BadgesPage{Earned: current(all), Past: past(all), Coming: view.Coming, Mine: true, Answer: view.Consent}
	return p.show(c, http.StatusOK, "badges", "page/badges", page)
}

// badgesOf shows someone's badges to who runs a program that issued them.
func (p *Pages) badgesOf(c echo.Context, by issuer.Caller, person issuer.PersonID) error {
	list, err := p.Registrar.Credentials(c.Request().Context(), by, registrar.CredentialFilter{Page: registrar.Page{Limit: 200}, Person: person})
	if err != nil {
		return err
	}
	page := BadgesPage{Earned: current(list.Items), Past: past(list.Items)}
	if len(list.Items) > 0 {
		page.Of = list.Items[0].Person.Name
	} else if page.Of, err = p.nameOf(c, by, person); err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "people", "page/badges", page)
}

// nameOf names someone without badges to who runs a program of theirs; to others
// they are not there.
func (p *Pages) nameOf(c echo.Context, by issuer.Caller, person issuer.PersonID) (string, error) {
	who, err := p.Registrar.Person(c.Request().Context(), by, person)
	if errors.Is(err, issuer.Forbidden) {
		return "", issuer.Refuse(issuer.NotFound, "There is no badge of theirs that you may see.")
	}
	if err != nil {
		return "", err
	}
	return who.Name, nil
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
	page, err := p.governed(c, by, view)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "badges", "page/mybadge", page)
}

// governed is the page of a badge, with what rests on it for who may revoke it.
func (p *Pages) governed(c echo.Context, by issuer.Caller, b *registrar.BadgeView) (MyBadgePage, error) {
	page := myBadgePage(by, b)
	var err error
	if page.Share, err = p.share(c, by, b); err != nil {
		return page, err
	}
	if page.Asked, err = p.Registrar.QuestionsAbout(c.Request().Context(), by, b.ID); err != nil {
		return page, err
	}
	page.Ends = page.Mine && b.Renewal != nil && b.ValidUntil.Before(p.now().AddDate(0, 0, issuer.Reminders[0]))
	if !page.Manages || !page.MayChange {
		return page, nil
	}
	page.MayRenew = !page.Mine && b.Renewal != nil && !issuer.DayOf(p.now(), time.UTC).Before(b.Renewal.From)
	page.Resting, err = p.Registrar.RestingOn(c.Request().Context(), by, b.ID)
	return page, err
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
	for _, also := range form["also"] {
		in.Also = append(in.Also, issuer.CredentialID(also))
	}
	if _, err = act(ctx, by, id, in); err != nil {
		return p.badgeAgain(c, by, err, func(page *MyBadgePage) { page.Form = in })
	}
	return p.back(c, "/badges/"+string(id), done)
}

// badgeAgain shows a badge with what is wrong, beside what was typed.
func (p *Pages) badgeAgain(c echo.Context, by issuer.Caller, err error, typed func(*MyBadgePage)) error {
	status, reason, _, mendable := wrong(err)
	if !mendable {
		return err
	}
	view, err := p.Registrar.Badge(c.Request().Context(), by, badgeID(c))
	if err != nil {
		return err
	}
	page, err := p.governed(c, by, view)
	if err != nil {
		return err
	}
	page.Problem = reason
	typed(&page)
	return p.show(c, status, "badges", "page/mybadge", page)
}

// reissue replaces a badge and leads to the new one.
func (p *Pages) reissue(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	why := strings.TrimSpace(form.Get("reason"))
	r, err := p.Registrar.ReissueCredential(c.Request().Context(), by, badgeID(c), why)
	if err != nil {
		return p.badgeAgain(c, by, err, func(page *MyBadgePage) { page.Reissue = why })
	}
	return p.back(c, "/badges/"+string(r.Badge.ID), "reissued")
}

// renew adds a term to a badge and leads to the badge of it.
func (p *Pages) renew(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	why := strings.TrimSpace(form.Get("reason"))
	r, err := p.Registrar.RenewCredential(c.Request().Context(), by, badgeID(c), why)
	if err != nil {
		return p.badgeAgain(c, by, err, func(page *MyBadgePage) { page.Renew = why })
	}
	return p.back(c, "/badges/"+string(r.Badge.ID), "renewed")
}

// Chosen tells whether a badge that rests on this one was chosen to go with it.
func (p MyBadgePage) Chosen(id issuer.CredentialID) bool { return slices.Contains(p.Form.Also, id) }
