package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

type credentialAnswer struct {
	Credential credential   `json:"credential"`
	Further    []credential `json:"further,omitempty"` // what it brought about, such as a level's badge
}

func (a *API) credentials(c echo.Context) error {
	by, q, err := reading(c, "person", "achievement", "program", "state")
	if err != nil {
		return err
	}
	found, err := a.Registrar.Credentials(c.Request().Context(), by, registrar.CredentialFilter{
		Page: q.page, Person: issuer.PersonID(q.get("person")), Achievement: q.get("achievement"),
		Program: q.get("program"), State: issuer.AwardState(q.get("state")),
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(found, credentialOf))
}

func (a *API) credential(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	badge, err := a.Registrar.Badge(c.Request().Context(), by, credentialID(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, credentialAnswer{Credential: credentialOf(*badge)})
}

// credentialID is the id in the path; ids are compared upper-case, as the
// links in QR codes are.
func credentialID(c echo.Context) issuer.CredentialID {
	return issuer.CredentialID(strings.ToUpper(c.Param("id")))
}

func (a *API) award(c echo.Context) error {
	by, req, err := request[struct {
		Achievement string    `json:"achievement"`
		Program     string    `json:"program"`
		Person      personRef `json:"person"`
		Reason      string    `json:"reason"`
	}](c)
	if err != nil {
		return err
	}
	person, err := req.Person.ref()
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.AwardResult, error) {
		return a.Registrar.AwardAchievement(ctx, by, registrar.NewAward{Achievement: req.Achievement, Program: req.Program, Person: person, Reason: req.Reason})
	}, func(r *registrar.AwardResult) (int, any) {
		status := http.StatusOK // they held it already
		if r.Issued {
			status = http.StatusCreated
		}
		return status, credentialAnswer{credentialOf(r.Badge), credentialsOf(r.Further)}
	})
}

// statusRequest says why a badge is revoked or suspended. The code and the
// reason are public, the note is not. Badges that rest on a revoked one are
// revoked with it where also names them.
type statusRequest struct {
	Code   string                `json:"code"`
	Reason string                `json:"reason"`
	Note   string                `json:"note"`
	Also   []issuer.CredentialID `json:"also"`
}

type statusAct func(ctx context.Context, by issuer.Caller, id issuer.CredentialID, in registrar.StatusChange) (*registrar.BadgeView, error)

func (a *API) revoke(c echo.Context) error    { return a.change(c, a.Registrar.RevokeCredential) }
func (a *API) suspend(c echo.Context) error   { return a.change(c, a.Registrar.SuspendCredential) }
func (a *API) reinstate(c echo.Context) error { return a.change(c, a.Registrar.ReinstateCredential) }

func (a *API) change(c echo.Context, act statusAct) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	var req statusRequest
	if c.Request().ContentLength != 0 {
		if req, err = web.Body[statusRequest](c); err != nil {
			return err
		}
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.BadgeView, error) {
		return act(ctx, by, credentialID(c), registrar.StatusChange(req))
	}, func(b *registrar.BadgeView) (int, any) {
		return http.StatusOK, credentialAnswer{Credential: credentialOf(*b)}
	})
}
