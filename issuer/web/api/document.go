package api

import (
	_ "embed"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/web"
)

//go:embed openapi.json
var openapi []byte

// document serves the description of this door.
func (a *API) document(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "public, max-age=300")
	return web.Bytes(c, "application/json", openapi)
}
