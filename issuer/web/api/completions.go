package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
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

// act is the completion that is asked for, but for whose it is.
func (r completionRequest) act() (registrar.NewCompletion, error) {
	in := registrar.NewCompletion{Module: r.Module, Cohort: r.Cohort, CompletedAt: r.CompletedAt, Delivery: r.Delivery, Source: "api"}
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
	by, req, err := request[completionRequest](c)
	if err != nil {
		return err
	}
	in, err := req.act()
	if err != nil {
		return err
	}
	if in.Person, err = req.Person.ref(); err != nil {
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
	by, q, err := reading(c, "person", "cohort", "module")
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

// completionDetail is a completion for who may correct it, with the badges that
// rest on it.
type completionDetail struct {
	Completion  completion   `json:"completion"`
	MayCorrect  bool         `json:"mayCorrect"`
	Credentials []credential `json:"credentials"`
}

func (a *API) completion(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	v, err := a.Registrar.Completion(c.Request().Context(), by, issuer.CompletionID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, completionDetail{completionOf(v.CompletionView), v.MayFix, credentialsOf(v.Badges)})
}

// completionFix is what withdrawing or correcting a completion did or, if it was
// not written, would do.
type completionFix struct {
	Completion completion   `json:"completion"` // the wrong one
	Right      *completion  `json:"right"`      // what takes its place; null if it is withdrawn
	Written    bool         `json:"written"`
	Revoked    []credential `json:"revoked"`
	Replaced   []credential `json:"replaced"` // as they were before
	Kept       []credential `json:"kept"`
	Issued     []credential `json:"issued"`
}

func completionFixOf(f *registrar.CompletionFix) (int, any) {
	v := completionFix{completionOf(f.Completion), nil, f.Written, credentialsOf(f.Revoked), credentialsOf(f.Replaced), credentialsOf(f.Kept), credentialsOf(f.Issued)}
	if f.Right != nil {
		right := completionOf(*f.Right)
		v.Right = &right
	}
	return http.StatusOK, v
}

func (a *API) withdrawCompletion(c echo.Context) error {
	by, req, err := request[struct {
		Reason string `json:"reason"`
		DryRun bool   `json:"dryRun"`
	}](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.CompletionFix, error) {
		return a.Registrar.WithdrawCompletion(ctx, by, issuer.CompletionID(c.Param("id")), req.Reason, req.DryRun)
	}, completionFixOf)
}

// correctCompletion puts the right completion in the place of a wrong one. What
// the right one does not say of person, module, cohort and day is as it was.
func (a *API) correctCompletion(c echo.Context) error {
	by, req, err := request[struct {
		Right  completionRequest `json:"right"`
		Reason string            `json:"reason"`
		DryRun bool              `json:"dryRun"`
	}](c)
	if err != nil {
		return err
	}
	right, err := req.Right.act()
	if err != nil {
		return err
	}
	if req.Right.Person != (personRef{}) {
		if right.Person, err = req.Right.Person.ref(); err != nil {
			return err
		}
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.CompletionFix, error) {
		return a.Registrar.CorrectCompletion(ctx, by, issuer.CompletionID(c.Param("id")), right, req.Reason, req.DryRun)
	}, completionFixOf)
}
