package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	verifyweb "hallmark/verifier/web"
)

// enrollment is a learner of a cohort. The address is there for who runs the
// program.
type enrollment struct {
	Person     registrar.PersonName `json:"person"`
	Email      string               `json:"email,omitempty"`
	Department string               `json:"department"`
	Begun      bool                 `json:"begun"` // who has begun stays in the cohort's records
	LeftAt     *time.Time           `json:"leftAt"`
}

func enrollmentOf(l registrar.RosterLine) enrollment {
	return enrollment{l.PersonName, l.Email, l.Department, l.Begun, l.LeftAt}
}

func (a *API) enrollments(c echo.Context) error {
	by, q, err := reading(c, "cohort")
	if err != nil {
		return err
	}
	if q.get("cohort") == "" {
		return verifyweb.WrongField("cohort", "Say of which cohort, by code or id.")
	}
	found, err := a.Registrar.Learners(c.Request().Context(), by, q.get("cohort"), q.page)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(found, enrollmentOf))
}

// enroll puts someone who is known here into a cohort. Doing it again changes
// nothing.
func (a *API) enroll(c echo.Context) error {
	by, req, err := request[struct {
		Person personRef `json:"person"`
		Cohort string    `json:"cohort"`
	}](c)
	if err != nil {
		return err
	}
	who, err := req.Person.ref()
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.PersonView, error) {
		return a.Registrar.Enroll(ctx, by, who, req.Cohort)
	}, func(v *registrar.PersonView) (int, any) {
		return http.StatusOK, map[string]person{"person": personOf(*v)}
	})
}

type enrollmentAct func(ctx context.Context, by issuer.Caller, cohort string, person issuer.PersonID) error

// removeLearner takes out who has not begun, leaveCohort ends the time of who has.
func (a *API) removeLearner(c echo.Context) error {
	return a.endEnrollment(c, a.Registrar.RemoveLearner)
}
func (a *API) leaveCohort(c echo.Context) error { return a.endEnrollment(c, a.Registrar.LeaveCohort) }

func (a *API) endEnrollment(c echo.Context, act enrollmentAct) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error {
		return act(ctx, by, c.Param("cohort"), issuer.PersonID(c.Param("person")))
	})
}
