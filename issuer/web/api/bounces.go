package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// bounce is where a mail stands after what a mail server reported of it.
type bounce struct {
	Standing issuer.Standing   `json:"standing"`
	Action   issuer.MailAction `json:"action"`
	Status   *string           `json:"status"`
	Changed  bool              `json:"changed"`
}

// recordBounce takes the report of a mail server (RFC 3464) as it came. Who may
// not hand one in is told so before anything of it is read.
func (a *API) recordBounce(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if err := a.Registrar.MayReportBounces(c.Request().Context(), by); err != nil {
		return err
	}
	raw, err := web.RawBody(c, "message/rfc822", intake.MaxBounce)
	if err != nil {
		return err
	}
	report, err := intake.Bounce(raw)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.BounceResult, error) {
		return a.Registrar.RecordBounce(ctx, by, *report)
	}, func(r *registrar.BounceResult) (int, any) {
		return http.StatusOK, map[string]bounce{"mail": {r.Standing, r.Action, optional(r.Status), r.Changed}}
	})
}
