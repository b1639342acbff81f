package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// mergePlan is what making two persons one brings about; while there is anything
// in Against, it is refused.
type mergePlan struct {
	Kept        person            `json:"kept"`
	Gone        person            `json:"gone"`
	Against     []string          `json:"against"`
	Badges      int               `json:"badges"`
	Twice       []heldTwice       `json:"twice"`
	Completions int               `json:"completions"`
	Same        int               `json:"same"`
	Cohorts     []registrar.Named `json:"cohorts"`
	BothIn      []registrar.Named `json:"bothIn"`
	Capstones   int               `json:"capstones"`
	Together    int               `json:"together"`
	Reviews     int               `json:"reviews"`
	Addresses   []string          `json:"addresses"`
	Admin       bool              `json:"admin"` // the one who ends has roles of an admin that the other has not
	Passkeys    int               `json:"passkeys"`
	Key         bool              `json:"key"`
	Portfolio   *string           `json:"portfolio"`
	NameConsent issuer.Consent    `json:"nameConsent"`
}

// heldTwice is an achievement that both hold.
type heldTwice struct {
	Name  string              `json:"name"`
	Stays issuer.CredentialID `json:"stays"`
	Ends  issuer.CredentialID `json:"ends"`
}

func mergePlanOf(m *registrar.Merge) mergePlan {
	p := mergePlan{Kept: personOf(m.Kept), Gone: personOf(m.Gone), Against: append([]string{}, m.Against...), Badges: m.Badges, Twice: []heldTwice{},
		Completions: m.Completions, Same: m.Same, Cohorts: append([]registrar.Named{}, m.Cohorts...), BothIn: append([]registrar.Named{}, m.BothIn...),
		Capstones: m.Projects, Together: m.Together, Reviews: m.Reviews, Addresses: append([]string{}, m.Addresses...), Admin: len(m.Admin) > 0,
		Passkeys: m.Passkeys, Key: m.Key, Portfolio: optional(m.Page), NameConsent: m.Consent}
	for _, t := range m.Twice {
		p.Twice = append(p.Twice, heldTwice(t))
	}
	return p
}

// merged answers a merge: what it would bring about, or, without a plan, that the
// two are one.
type merged struct {
	Merged bool       `json:"merged"`
	Plan   *mergePlan `json:"plan"`
}

// merge makes another person and the one of the address one, by the act of the page.
func (a *API) merge(c echo.Context) error {
	by, req, err := request[struct {
		Gone   issuer.PersonID `json:"gone"`
		Admin  bool            `json:"admin"`
		DryRun bool            `json:"dryRun"`
	}](c)
	if err != nil {
		return err
	}
	kept := issuer.PersonID(c.Param("id"))
	return answer(a, c, by, func(ctx context.Context) (merged, error) {
		if req.DryRun {
			m, err := a.Registrar.Merge(ctx, by, kept, req.Gone)
			if err != nil {
				return merged{}, err
			}
			plan := mergePlanOf(m)
			return merged{false, &plan}, nil
		}
		return merged{Merged: true}, a.Registrar.MergePeople(ctx, by, kept, req.Gone, req.Admin)
	}, func(m merged) (int, any) { return http.StatusOK, m })
}
