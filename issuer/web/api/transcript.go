package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
)

// transcriptPart is a signed record of someone's badges (Comprehensive Learner
// Record 2.0), whole or, with Partial, one of several.
type transcriptPart struct {
	Token   string `json:"token"`
	Badges  int    `json:"badges"`
	Partial bool   `json:"partial"`
}

func (a *API) transcript(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	parts, err := a.Registrar.Transcripts(c.Request().Context(), by, issuer.PersonID(c.Param("id")))
	if err != nil {
		return err
	}
	items := make([]transcriptPart, len(parts))
	for i, p := range parts {
		items[i] = transcriptPart{string(p.Token), p.Badges, p.Partial}
	}
	return c.JSON(http.StatusOK, list[transcriptPart]{Items: items})
}
