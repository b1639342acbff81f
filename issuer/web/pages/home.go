package pages

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// HomePage is the data of "page/home".
type HomePage struct {
	Home       *registrar.HomeView
	Guidance   []Guidance
	Learner    bool
	Mentor     bool
	AskConsent bool
	Admin      bool                 // of the installation
	Halted     bool                 // badges are not issued, and that concerns them
	First      *registrar.NextStep  // what is next
	Then       []registrar.NextStep // and what else
	Earned     []registrar.BadgeView
	Newest     []registrar.BadgeView // of them, that are shown here
	More       int                   // and how many are not
	All        int                   // achievements held and still to come
	Rate       []registrar.RatingAsk // what they are asked of themselves
}

// newest is how many of the badges that someone has stand on their home: what is
// below should not be far.
const newest = 12

// Guidance says what is expected of someone in one of their roles: what the
// program says, or the words of the group "guidance" for Key. Roles of which the
// same is expected are told of together.
type Guidance struct {
	Key     string
	Places  []string // cohorts, or programs, by name
	Expects string
}

// guidance adds what is expected in a role to what is told already.
func guidance(all []Guidance, key string, role registrar.RoleView) []Guidance {
	place := cmp.Or(role.Cohort.Name, role.Program.Name)
	i := slices.IndexFunc(all, func(g Guidance) bool { return g.Key == key && g.Expects == role.Expects })
	if i < 0 {
		all, i = append(all, Guidance{Key: key, Expects: role.Expects}), len(all)
	}
	if place != "" {
		all[i].Places = append(all[i].Places, place)
	}
	return all
}

func (p *Pages) home(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Home(c.Request().Context(), by)
	if err != nil {
		return err
	}
	page := homePage(view)
	if page.Rate, err = p.Registrar.RatingsAsked(c.Request().Context(), by); err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "home", "page/home", page)
}

func homePage(view *registrar.HomeView) HomePage {
	page := HomePage{Home: view}
	for _, role := range view.Roles {
		key := string(role.Role)
		switch role.Role {
		case issuer.Learner:
			page.Learner = true
		case issuer.Admin:
			page.Admin = page.Admin || role.Program.ID == ""
		case issuer.Mentor:
			page.Mentor, key = true, string(role.Tier)
		}
		page.Guidance = guidance(page.Guidance, key, role)
	}
	page.Halted = view.Halt.Stopped() && len(view.Roles) > 0 && (page.Mentor || len(view.Programs) > 0 || page.Admin)
	leadLines(view.Capstones)
	page.Earned = current(view.Badges)
	page.Newest = page.Earned[:min(len(page.Earned), newest)]
	page.More = len(page.Earned) - len(page.Newest)
	page.All = len(page.Earned) + len(view.Coming)
	page.AskConsent = view.Consent == issuer.ConsentUnasked && (page.Learner || len(view.Badges) > 0)
	if len(view.Next) > 0 {
		page.First, page.Then = &view.Next[0], view.Next[1:]
	}
	return page
}

// current gives the badges that count now; a paused one is among them.
func current(badges []registrar.BadgeView) []registrar.BadgeView {
	var out []registrar.BadgeView
	for _, b := range badges {
		if b.State.Live() {
			out = append(out, b)
		}
	}
	return out
}

func (p *Pages) consent(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	answer := form.Get("answer")
	if answer != "yes" && answer != "no" {
		return issuer.Wrong("answer", "Answer yes or no.")
	}
	if err := p.Registrar.AnswerConsent(c.Request().Context(), by, answer == "yes"); err != nil {
		return err
	}
	return p.back(c, "/home", "consent-"+answer)
}
