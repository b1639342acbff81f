package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// sharing is how a badge is shared, for its holder.
type sharing struct {
	Visibility issuer.Visibility `json:"visibility"`
	Seen       int               `json:"seen"` // how often its page was looked at, ever
	Lately     int               `json:"seenLately"`
	Links      []shareLink       `json:"links"`
}

// shareLink shows a badge for a time. Its address is shown once, when it is made.
type shareLink struct {
	ID        issuer.ShareLinkID `json:"id"`
	Label     string             `json:"label"`
	Opened    int                `json:"opened"`
	Open      bool               `json:"open"`
	ExpiresAt time.Time          `json:"expiresAt"`
	CreatedAt time.Time          `json:"createdAt"`
	EndedAt   *time.Time         `json:"endedAt"`
	URL       string             `json:"url,omitempty"`
}

func shareLinkOf(v registrar.ShareLinkView) shareLink {
	return shareLink{ID: v.ID, Label: v.Label, Opened: v.Opened, Open: v.Open, ExpiresAt: v.ExpiresAt, CreatedAt: v.CreatedAt, EndedAt: v.EndedAt}
}

func (a *API) sharing(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	v, err := a.Registrar.Sharing(c.Request().Context(), by, credentialID(c))
	if err != nil {
		return err
	}
	s := sharing{v.Visibility, v.Seen, v.Lately, make([]shareLink, 0, len(v.Links))}
	for _, l := range v.Links {
		s.Links = append(s.Links, shareLinkOf(l))
	}
	return c.JSON(http.StatusOK, s)
}

func (a *API) setVisibility(c echo.Context) error {
	by, req, err := request[struct {
		Visibility issuer.Visibility `json:"visibility"`
	}](c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error {
		_, err := a.Registrar.SetVisibility(ctx, by, credentialID(c), req.Visibility)
		return err
	})
}

// addShareLink makes a link that ends. Its address is in this answer alone, so
// the answer is not kept for an Idempotency-Key; a repeated request makes
// another link.
func (a *API) addShareLink(c echo.Context) error {
	by, req, err := request[struct {
		Label string `json:"label"`
		Days  int    `json:"days"`
	}](c)
	if err != nil {
		return err
	}
	v, secret, err := a.Registrar.AddShareLink(c.Request().Context(), by, credentialID(c), req.Label, req.Days)
	if err != nil {
		return err
	}
	made := shareLinkOf(*v)
	made.URL = a.BaseURL + "/s/" + secret
	return c.JSON(http.StatusCreated, map[string]shareLink{"link": made})
}

func (a *API) endShareLink(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error {
		return a.Registrar.EndShareLink(ctx, by, credentialID(c), issuer.ShareLinkID(c.Param("link")))
	})
}
