package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	files "hallmark/issuer/evidence"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// scope is a plan that was handed in for approval.
type scope struct {
	Number      int                   `json:"number"`
	Plan        issuer.Plan           `json:"plan"`
	Policy      issuer.Policy         `json:"policy"`
	SubmittedBy registrar.PersonName  `json:"submittedBy"`
	SubmittedAt time.Time             `json:"submittedAt"`
	Decision    issuer.Decision       `json:"decision"`
	Reviewer    *registrar.PersonName `json:"reviewer"`
	Note        string                `json:"note"`
	DecidedAt   *time.Time            `json:"decidedAt"`
}

func scopesOf(list []registrar.ScopeView) []scope {
	out := make([]scope, 0, len(list))
	for _, s := range list {
		v := scope{s.Number, s.Plan, s.Policy, s.SubmittedBy, s.SubmittedAt, s.Decision, nil, s.Note, s.DecidedAt}
		if s.DecidedAt != nil {
			v.Reviewer = &s.Reviewer
		}
		out = append(out, v)
	}
	return out
}

// saveScope keeps a plan and, unless it is a draft, hands it in.
func (a *API) saveScope(c echo.Context) error {
	by, req, err := request[struct {
		Plan   issuer.Plan `json:"plan"`
		Policy string      `json:"policy"`
		Draft  bool        `json:"draft"`
	}](c)
	if err != nil {
		return err
	}
	return a.capstoneAnswer(c, by, http.StatusOK, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.SaveScope(ctx, by, issuer.CapstoneID(c.Param("id")), registrar.ScopeDraft{Plan: req.Plan, Accepted: req.Policy, HandIn: !req.Draft})
	})
}

func (a *API) decideScope(c echo.Context) error {
	by, req, err := request[struct {
		Scope    int             `json:"scope"`
		Decision issuer.Decision `json:"decision"`
		Note     string          `json:"note"`
	}](c)
	if err != nil {
		return err
	}
	return a.capstoneAnswer(c, by, http.StatusOK, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.DecideScope(ctx, by, issuer.CapstoneID(c.Param("id")), registrar.NewScopeDecision{Scope: req.Scope, Decision: req.Decision, Note: req.Note})
	})
}

// joinTeam takes someone into the team.
func (a *API) joinTeam(c echo.Context) error {
	by, req, err := request[struct {
		Person issuer.PersonID `json:"person"`
	}](c)
	if err != nil {
		return err
	}
	return a.capstoneAnswer(c, by, http.StatusOK, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.JoinTeam(ctx, by, issuer.CapstoneID(c.Param("id")), req.Person)
	})
}

// leaveTeam takes the caller out of the team.
func (a *API) leaveTeam(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error {
		return a.Registrar.LeaveTeam(ctx, by, issuer.CapstoneID(c.Param("id")))
	})
}

// attach puts a file into the draft: multipart/form-data with the fields kind,
// name and file, of which the last is the file.
func (a *API) attach(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request().Context(), issuer.CapstoneID(c.Param("id"))
	var came *files.File
	called := ""
	form, err := web.Received(c, func(_, name string, r io.Reader) error {
		if came != nil {
			return issuer.Wrong("file", "Send one file at a time.")
		}
		f, err := a.Registrar.PutFile(ctx, by, id, r)
		came, called = f, name
		return err
	})
	if err != nil {
		return err
	}
	if came == nil {
		// Whoever may not send one is told that first.
		if _, err := a.Registrar.Capstone(ctx, by, id); errors.Is(err, issuer.NotFound) {
			return err
		}
		return issuer.Wrong("file", "Send a file in the field “file”, as multipart/form-data.")
	}
	e, err := a.Registrar.AttachFile(ctx, by, id, registrar.NewEvidence{Kind: form.Get("kind"), Name: form.Get("name"), File: came, FileName: called})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]evidence{"evidence": a.evidenceOf([]registrar.EvidenceView{*e})[0]})
}
