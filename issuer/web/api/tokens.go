package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// token answers POST /oauth/token: client_credentials (RFC 6749 §4.4), the
// client named by HTTP Basic or in the form (§2.3.1). Refusals have the
// member "error" of §5.2 beside those of a problem document.
func (a *API) token(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	for name, values := range form {
		if len(values) > 1 {
			return oauthError(c, http.StatusBadRequest, "invalid_request", "Give “"+name+"” once.")
		}
	}
	if form.Get("grant_type") != "client_credentials" {
		return oauthError(c, http.StatusBadRequest, "unsupported_grant_type", "Use the grant type client_credentials.")
	}
	id, secret, ok := clientOf(c.Request(), form)
	if !ok {
		return unknownClient(c)
	}
	token, granted, err := a.Tokens.ClientToken(c.Request().Context(), issuer.ClientID(id), secret, form.Get("scope"))
	switch {
	case errors.Is(err, issuer.Unsigned), errors.Is(err, issuer.NotFound):
		return unknownClient(c)
	case errors.Is(err, issuer.Invalid):
		return oauthError(c, http.StatusBadRequest, "invalid_scope", err.Error())
	case err != nil:
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store") // §5.1
	c.Response().Header().Set("Pragma", "no-cache")
	return c.JSON(http.StatusOK, map[string]any{
		"access_token": token, "token_type": "Bearer", "expires_in": int(a.Tokens.TokenLife() / time.Second), "scope": granted,
	})
}

// clientOf reads who asks. Naming the client in two ways is refused; in Basic
// both halves are form-encoded first.
func clientOf(r *http.Request, form url.Values) (id, secret string, ok bool) {
	header := r.Header.Values("Authorization")
	if len(header) == 0 {
		return form.Get("client_id"), form.Get("client_secret"), form.Get("client_id") != "" && form.Get("client_secret") != ""
	}
	if len(header) > 1 || form.Has("client_secret") {
		return "", "", false
	}
	scheme, encoded, _ := strings.Cut(header[0], " ")
	pair, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	id, secret, _ = strings.Cut(string(pair), ":")
	id, errID := url.QueryUnescape(id)
	secret, errSecret := url.QueryUnescape(secret)
	ok = errID == nil && errSecret == nil && id != "" && web.Text(id) && web.Text(secret)
	return id, secret, ok
}

func unknownClient(c echo.Context) error {
	c.Response().Header().Set("WWW-Authenticate", `Basic realm="token"`)
	return oauthError(c, http.StatusUnauthorized, "invalid_client", "There is no such client, or its secret is another.")
}

func oauthError(c echo.Context, status int, code, detail string) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	c.Response().Header().Set("Content-Type", "application/problem+json")
	return c.JSON(status, map[string]any{
		"error": code, "error_description": detail,
		"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail,
	})
}

// client is a program that may ask for tokens, on the wire.
type client struct {
	ID        issuer.ClientID `json:"id"`
	Name      string          `json:"name"`
	Scopes    []string        `json:"scopes"`
	CreatedAt time.Time       `json:"createdAt"`
	RevokedAt *time.Time      `json:"revokedAt"`
	Secret    string          `json:"secret,omitempty"` // shown once, when it is made
}

func clientView(v registrar.ClientView) client {
	return client{ID: v.ID, Name: v.Name, Scopes: words(v.Scopes), CreatedAt: v.CreatedAt, RevokedAt: v.RevokedAt}
}

func (a *API) clients(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	found, err := a.Registrar.Clients(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(&registrar.List[registrar.ClientView]{Items: found}, clientView))
}

type clientAnswer struct {
	Client client `json:"client"`
}

// addClient makes a client. Its secret is in this answer alone, so the answer
// is not kept for an Idempotency-Key; a repeated request makes another client.
func (a *API) addClient(c echo.Context) error {
	by, req, err := request[struct {
		Name   string   `json:"name"`
		Scopes []string `json:"scopes"`
	}](c)
	if err != nil {
		return err
	}
	view, secret, err := a.Registrar.AddClient(c.Request().Context(), by, req.Name, req.Scopes)
	if err != nil {
		return err
	}
	made := clientView(*view)
	made.Secret = secret
	return c.JSON(http.StatusCreated, clientAnswer{made})
}

func (a *API) revokeClient(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.ClientView, error) {
		return a.Registrar.RevokeClient(ctx, by, issuer.ClientID(c.Param("id")))
	}, func(v *registrar.ClientView) (int, any) { return http.StatusOK, clientAnswer{clientView(*v)} })
}
