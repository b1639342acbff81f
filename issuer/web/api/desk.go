package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
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
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	req, err := web.Body[struct {
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
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	return a.claimed(c, by, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.ReleaseCapstone(ctx, by, issuer.CapstoneID(c.Param("id")))
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
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if err := noBody(c); err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.TakeBackResult, error) {
		return a.Registrar.TakeBackApproval(ctx, by, issuer.CapstoneID(c.Param("id")), issuer.ReviewID(c.Param("review")))
	}, func(r *registrar.TakeBackResult) (int, any) {
		return http.StatusOK, takenBack{reviewOf(r.Review), capstoneState{r.Capstone.ID, r.Capstone.State}, credentialsOf(r.Revoked)}
	})
}
