package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// conflict is a conflict of interest. Person is who of the team it is about; null
// if it is about the capstone.
type conflict struct {
	ID         issuer.ConflictID     `json:"id"`
	Reviewer   registrar.PersonName  `json:"reviewer"`
	Person     *registrar.PersonName `json:"person"`
	Kind       issuer.ConflictKind   `json:"kind"`
	DeclaredBy registrar.PersonName  `json:"declaredBy"`
}

func conflictOf(v registrar.ConflictView) conflict {
	return conflict{v.ID, v.Reviewer, someone(v.Person), v.Kind, v.DeclaredBy}
}

// someone is a person's name; null where there is nobody.
func someone(p registrar.PersonName) *registrar.PersonName {
	if p.ID == "" {
		return nil
	}
	return &p
}

func conflictsOf(v *registrar.CapstoneView) list[conflict] {
	return listOf(&registrar.List[registrar.ConflictView]{Items: v.Desk.Conflicts}, conflictOf)
}

// conflicts lists what was declared at a capstone, as far as it is the caller's
// business.
func (a *API) conflicts(c echo.Context) error {
	return a.ofCapstone(c, func(v *registrar.CapstoneView) any { return conflictsOf(v) })
}

// ofCapstone answers with a part of a capstone.
func (a *API) ofCapstone(c echo.Context, part func(*registrar.CapstoneView) any) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	v, err := a.Registrar.Capstone(c.Request().Context(), by, issuer.CapstoneID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, part(v))
}

// declareConflict keeps a mentor from a capstone: the caller, or whom the team
// names.
func (a *API) declareConflict(c echo.Context) error {
	by, req, err := request[struct {
		Reviewer issuer.PersonID     `json:"reviewer"`
		Person   issuer.PersonID     `json:"person"`
		Kind     issuer.ConflictKind `json:"kind"`
	}](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.DeclareConflict(ctx, by, issuer.CapstoneID(c.Param("id")), registrar.NewConflict(req))
	}, func(v *registrar.CapstoneView) (int, any) { return http.StatusOK, conflictsOf(v) })
}

func (a *API) clearConflict(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error {
		_, err := a.Registrar.ClearConflict(ctx, by, issuer.CapstoneID(c.Param("id")), issuer.ConflictID(c.Param("conflict")))
		return err
	})
}

// confirmation is what someone outside the team was asked about the claimed
// impact, and what they answered. The address is there for the team.
type confirmation struct {
	Impact    issuer.Impact `json:"impact"`
	Email     string        `json:"email,omitempty"`
	AskedAt   time.Time     `json:"askedAt"`
	ExpiresAt time.Time     `json:"expiresAt"`
	Answer    *string       `json:"answer"` // "yes", "no"; null until there is one
	Name      string        `json:"name,omitempty"`
	SignedIn  bool          `json:"signedIn"` // they answered with a sign-in of their own
	At        *time.Time    `json:"answeredAt"`
}

func confirmationsOf(v *registrar.CapstoneView) list[confirmation] {
	return listOf(&registrar.List[registrar.ConfirmationView]{Items: v.Asked}, func(v registrar.ConfirmationView) confirmation {
		return confirmation{v.Impact, v.Address, v.AskedAt, v.ExpiresAt, optional(v.Answer), v.Name, v.SignedIn, v.At}
	})
}

func (a *API) confirmations(c echo.Context) error {
	return a.ofCapstone(c, func(v *registrar.CapstoneView) any { return confirmationsOf(v) })
}

// askConfirmation mails someone outside the team a link to the claimed impact.
func (a *API) askConfirmation(c echo.Context) error {
	by, req, err := request[struct {
		Email string `json:"email"`
	}](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.AskConfirmation(ctx, by, issuer.CapstoneID(c.Param("id")), req.Email)
	}, func(v *registrar.CapstoneView) (int, any) { return http.StatusCreated, confirmationsOf(v) })
}
