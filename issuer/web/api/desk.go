package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// claim says who is at work on a capstone.
type claim struct {
	Mentor registrar.PersonName `json:"mentor"`
	Since  time.Time            `json:"since"`
	Until  time.Time            `json:"until"`
}

// claimOf is nil, which is null, where nobody is.
func claimOf(v *registrar.HeldClaim) *claim {
	if v == nil {
		return nil
	}
	return &claim{v.Mentor, v.Since, v.Until}
}

type claimAnswer struct {
	Claim *claim `json:"claim"`
}

func (a *API) claimCapstone(c echo.Context) error {
	by, req, err := request[struct {
		TakeOver bool   `json:"takeOver"`
		Note     string `json:"note"`
	}](c)
	if err != nil {
		return err
	}
	return a.claimed(c, by, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.ClaimCapstone(ctx, by, issuer.CapstoneID(c.Param("id")), registrar.NewClaim{TakeOver: req.TakeOver, Note: req.Note})
	})
}

func (a *API) releaseCapstone(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.claimed(c, by, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.ReleaseCapstone(ctx, by, issuer.CapstoneID(c.Param("id")))
	})
}

// handOver gives the caller's claim to another mentor who may decide.
func (a *API) handOver(c echo.Context) error {
	by, req, err := request[struct {
		To   issuer.PersonID `json:"to"`
		Note string          `json:"note"`
	}](c)
	if err != nil {
		return err
	}
	return a.claimed(c, by, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.HandOverCapstone(ctx, by, issuer.CapstoneID(c.Param("id")), req.To, req.Note)
	})
}

func (a *API) claimed(c echo.Context, by issuer.Caller, act func(context.Context) (*registrar.CapstoneView, error)) error {
	return answer(a, c, by, act, func(v *registrar.CapstoneView) (int, any) {
		return http.StatusOK, claimAnswer{claimOf(v.Desk.Claim)}
	})
}

// takenBack answers that an approval was taken back. Credentials are those that
// it had issued, and what rested on them, revoked.
type takenBack struct {
	Review      review        `json:"review"`
	Capstone    capstoneState `json:"capstone"`
	Credentials []credential  `json:"credentials"`
}

func (a *API) takeBack(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.TakeBackResult, error) {
		return a.Registrar.TakeBackApproval(ctx, by, issuer.CapstoneID(c.Param("id")), issuer.ReviewID(c.Param("review")))
	}, func(r *registrar.TakeBackResult) (int, any) {
		return http.StatusOK, takenBack{reviewOf(r.Review), capstoneState{r.Capstone.ID, r.Capstone.State}, credentialsOf(r.Revoked)}
	})
}

// absence is when a mentor is away, and who covers.
type absence struct {
	ID    issuer.AbsenceID      `json:"id"`
	From  issuer.Day            `json:"from"`
	Until issuer.Day            `json:"until"`
	Cover *registrar.PersonName `json:"cover"`
}

func absencesOf(d *registrar.MentorDesk) list[absence] {
	return listOf(&registrar.List[registrar.AbsenceView]{Items: d.Absences}, func(v registrar.AbsenceView) absence {
		return absence{v.ID, v.From, v.Until, someone(v.Cover)}
	})
}

// absences lists those of the caller that are not over.
func (a *API) absences(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	d, err := a.Registrar.Desk(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, absencesOf(d))
}

func (a *API) declareAbsence(c echo.Context) error {
	by, req, err := request[struct {
		From     issuer.Day      `json:"from"`
		Until    issuer.Day      `json:"until"`
		Cover    issuer.PersonID `json:"cover"`
		HandOver bool            `json:"handOver"`
	}](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.MentorDesk, error) {
		return a.Registrar.DeclareAbsence(ctx, by, registrar.NewAbsence(req))
	}, func(d *registrar.MentorDesk) (int, any) { return http.StatusCreated, absencesOf(d) })
}

func (a *API) endAbsence(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error {
		_, err := a.Registrar.EndAbsence(ctx, by, issuer.AbsenceID(c.Param("id")))
		return err
	})
}
