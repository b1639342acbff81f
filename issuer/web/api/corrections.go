package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// personAnswer is a person and the badges that carry another name than theirs.
type personAnswer struct {
	Person   person       `json:"person"`
	Outdated []credential `json:"outdated"`
}

func personAnswerOf(d *registrar.PersonDetail) personAnswer {
	return personAnswer{personOf(d.PersonView), credentialsOf(d.Outdated)}
}

func (a *API) person(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	found, err := a.Registrar.Person(c.Request().Context(), by, issuer.PersonID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, personAnswerOf(found))
}

func (a *API) correctPerson(c echo.Context) error {
	by, req, err := request[struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	}](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.PersonDetail, error) {
		return a.Registrar.CorrectPerson(ctx, by, issuer.PersonID(c.Param("id")), registrar.Correction{Name: req.Name, Email: req.Email})
	}, func(d *registrar.PersonDetail) (int, any) { return http.StatusOK, personAnswerOf(d) })
}

// erasePerson erases someone else, for who runs the installation. People who
// would erase themselves do so at their own page, which asks them to confirm that
// it is them.
func (a *API) erasePerson(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	id := issuer.PersonID(c.Param("id"))
	if !by.Manages("") || by.Person == id {
		return issuer.Refuse(issuer.Forbidden, "Only another admin of this installation may erase someone here.")
	}
	return a.done(c, by, func(ctx context.Context) error {
		return a.Registrar.ErasePerson(ctx, by, id)
	})
}

// explained reads who asks and why. The body that says why may be left out.
func explained(c echo.Context) (by issuer.Caller, why string, err error) {
	if by, err = web.CallerOf(c); err != nil || c.Request().ContentLength == 0 {
		return by, "", err
	}
	req, err := web.Body[struct {
		Reason string `json:"reason"`
	}](c)
	return by, req.Reason, err
}

func (a *API) reissueOutdated(c echo.Context) error {
	by, why, err := explained(c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) ([]registrar.BadgeView, error) {
		return a.Registrar.ReissueOutdated(ctx, by, issuer.PersonID(c.Param("id")), why)
	}, func(done []registrar.BadgeView) (int, any) {
		return http.StatusOK, list[credential]{Items: credentialsOf(done)}
	})
}

func (a *API) reissue(c echo.Context) error {
	by, why, err := explained(c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.Reissued, error) {
		return a.Registrar.ReissueCredential(ctx, by, credentialID(c), why)
	}, func(r *registrar.Reissued) (int, any) {
		status := http.StatusOK // another request replaced it
		if r.Done {
			status = http.StatusCreated
		}
		return status, credentialAnswer{Credential: credentialOf(r.Badge)}
	})
}

func (a *API) renew(c echo.Context) error {
	by, why, err := explained(c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.Renewed, error) {
		return a.Registrar.RenewCredential(ctx, by, credentialID(c), why)
	}, func(r *registrar.Renewed) (int, any) {
		status := http.StatusOK // it had been renewed
		if r.Done {
			status = http.StatusCreated
		}
		return status, credentialAnswer{Credential: credentialOf(r.Badge)}
	})
}

func (a *API) resting(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	found, err := a.Registrar.RestingOn(c.Request().Context(), by, credentialID(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, list[credential]{Items: credentialsOf(found)})
}
