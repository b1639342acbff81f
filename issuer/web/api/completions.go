package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

type completionRequest struct {
	Person      personRef `json:"person"`
	Module      string    `json:"module"`
	Cohort      string    `json:"cohort"`
	CompletedAt string    `json:"completedAt"`
	Score       *struct {
		Value *float64 `json:"value"`
		Unit  string   `json:"unit"`
	} `json:"score"`
	Delivery string `json:"delivery"`
	Evidence []struct {
		URL  string `json:"url"`
		Name string `json:"name"`
	} `json:"evidence"`
}

func (r completionRequest) act() (registrar.NewCompletion, error) {
	person, err := r.Person.ref()
	if err != nil {
		return registrar.NewCompletion{}, err
	}
	in := registrar.NewCompletion{Person: person, Module: r.Module, Cohort: r.Cohort, CompletedAt: r.CompletedAt, Delivery: r.Delivery, Source: "api"}
	if r.Score != nil {
		if r.Score.Value == nil {
			return in, issuer.Wrong("score.value", "Give the score as a number, or leave “score” out.")
		}
		in.Score, in.Unit = strconv.FormatFloat(*r.Score.Value, 'f', -1, 64), r.Score.Unit
	}
	for _, e := range r.Evidence {
		in.Evidence = append(in.Evidence, registrar.Link{URL: e.URL, Name: e.Name})
	}
	return in, nil
}

type completionAnswer struct {
	Completion  completion   `json:"completion"`
	Credentials []credential `json:"credentials"`
	Warnings    []string     `json:"warnings,omitempty"`
}

func (a *API) recordCompletion(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	req, err := web.Body[completionRequest](c)
	if err != nil {
		return err
	}
	in, err := req.act()
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.CompletionResult, error) {
		return a.Registrar.RecordCompletion(ctx, by, in)
	}, func(r *registrar.CompletionResult) (int, any) {
		status := http.StatusOK // the fact was already there
		if r.Recorded {
			status = http.StatusCreated
		}
		return status, completionAnswer{completionOf(r.Completion), credentialsOf(r.Credentials), r.Warnings}
	})
}

func (a *API) completions(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	q, err := query(c, "person", "cohort", "module")
	if err != nil {
		return err
	}
	found, err := a.Registrar.Completions(c.Request().Context(), by, registrar.CompletionFilter{
		Page: q.page, Person: issuer.PersonID(q.get("person")), Cohort: q.get("cohort"), Module: q.get("module"),
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(found, completionOf))
}
