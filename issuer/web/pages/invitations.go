package pages

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/signin"
	"hallmark/issuer/web"
)

// InvitationsPage is the data of "page/invitations": who was asked to take part and
// has not answered yet, and the form to ask one more.
type InvitationsPage struct {
	Open      []registrar.InvitationView
	Programs  []registrar.Named
	Cohorts   []registrar.Named
	Grantable []string // keys of the group "grantable"
	Form      InvitationForm
	Problem   string
	Wrong     string // the input that is
}

// InvitationForm is what was typed.
type InvitationForm struct{ Email, Name, Role, Where string }

func (p *Pages) invitations(c echo.Context) error {
	return p.showInvitations(c, http.StatusOK, InvitationsPage{})
}

func (p *Pages) showInvitations(c echo.Context, status int, page InvitationsPage) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if page.Open, err = p.Registrar.Invitations(c.Request().Context(), by); err != nil {
		return err
	}
	managed, err := p.Registrar.Managed(c.Request().Context(), by)
	if err != nil {
		return err
	}
	page.Programs, page.Cohorts = managed.Programs, managed.Cohorts
	page.Grantable = []string{"learner", "lead", "community", "sponsor", "owner", "admin"}
	return p.show(c, status, "people", "page/invitations", page)
}

func (p *Pages) invite(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	typed := InvitationForm{form.Get("email"), form.Get("name"), form.Get("role"), form.Get("where")}
	g, err := grantOf("", form)
	if err == nil {
		_, err = p.Registrar.Invite(c.Request().Context(), by, registrar.NewInvitation{Email: typed.Email, Name: typed.Name,
			Role: g.Role, Tier: g.Tier, Program: g.Program, Cohort: g.Cohort})
	}
	return p.invitationDone(c, err, typed, "invited")
}

func (p *Pages) resendInvitation(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.invitationDone(c, p.Registrar.ResendInvitation(c.Request().Context(), by, issuer.InvitationID(c.Param("id"))), InvitationForm{}, "invited-again")
}

func (p *Pages) revokeInvitation(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.invitationDone(c, p.Registrar.RevokeInvitation(c.Request().Context(), by, issuer.InvitationID(c.Param("id"))), InvitationForm{}, "uninvited")
}

func (p *Pages) invitationDone(c echo.Context, err error, typed InvitationForm, done string) error {
	if status, reason, field, ok := wrong(err); ok {
		return p.showInvitations(c, status, InvitationsPage{Form: typed, Problem: reason, Wrong: field})
	}
	if err != nil {
		return err
	}
	return p.back(c, "/invitations", done)
}

// InvitationPage is the data of "page/invitation", where the link lands: one button.
type InvitationPage struct {
	Offer  *registrar.InvitationOffer
	Secret string
	Signed bool
}

func (p *Pages) invitation(c echo.Context) error {
	secret := c.QueryParam("t")
	offer, err := p.Registrar.InvitationOffer(c.Request().Context(), secret)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "", "page/invitation", InvitationPage{offer, secret, web.Visitor(c).Person != ""})
}

// acceptInvitation gives who is signed in what they are invited to. Who is new is
// signed in by it; who is known here is mailed a link that leads back.
func (p *Pages) acceptInvitation(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx, by, secret := c.Request().Context(), web.Visitor(c), form.Get("t")
	if by.Signed() {
		if err := p.Registrar.AcceptInvitation(ctx, by, secret); err != nil {
			return err
		}
		return p.back(c, "/home", "joined")
	}
	in, err := p.Signin.OpenInvitation(ctx, secret)
	if err != nil {
		return err
	}
	if in {
		return p.back(c, "/home", "joined")
	}
	return p.show(c, http.StatusOK, "", "page/signin-sent", SentPage{Minutes: int(signin.LinkLife.Minutes())})
}
