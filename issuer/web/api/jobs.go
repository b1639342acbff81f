package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	"hallmark/verifier/strictjson"
)

// batchLimits bound the body that asks for many awards: as many as a job makes,
// and a little more, so that who asks for too many is told so.
var batchLimits = strictjson.Limits{Bytes: 5 << 20, Values: 600_000, Names: 400_000}

// batchItem is one award of many. Its row is its place, counted from 1.
type batchItem struct {
	Achievement string    `json:"achievement"`
	Program     string    `json:"program"`
	Person      personRef `json:"person"`
	Reason      string    `json:"reason"`
}

type jobRef struct {
	ID  issuer.JobID `json:"id"`
	URL string       `json:"url"`
}

type batchAnswer struct {
	Job jobRef `json:"job"`
}

// awardBatch begins a job and answers where it is followed.
func (a *API) awardBatch(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	req, err := web.LargeBody[struct {
		Items  []batchItem `json:"items"`
		DryRun bool        `json:"dryRun"`
	}](c, batchLimits)
	if err != nil {
		return err
	}
	in := registrar.NewBatch{DryRun: req.DryRun}
	for n, i := range req.Items {
		item := registrar.BatchItem{Row: n + 1, Achievement: i.Achievement, Program: i.Program, Reason: i.Reason}
		if item.Person, err = i.Person.ref(); err != nil {
			item.Problem = err.Error()
		}
		in.Items = append(in.Items, item)
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.JobView, error) {
		return a.Registrar.AwardBatch(ctx, by, in)
	}, func(j *registrar.JobView) (int, any) {
		return http.StatusAccepted, batchAnswer{jobRef{j.ID, a.BaseURL + "/api/v1/jobs/" + string(j.ID)}}
	})
}

func (a *API) job(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	j, err := a.Registrar.Job(c.Request().Context(), by, issuer.JobID(strings.ToUpper(c.Param("id"))))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, j)
}
