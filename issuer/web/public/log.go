package public

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

// problemPending is the type of the problem that passes by itself within a
// second: the log has not got there yet.
const problemPending = "urn:hallmark:problem:pending"

// A tile that is full never changes; one that is not has another name as soon
// as it has grown.
const (
	forEver = "public, max-age=31536000, immutable"
	awhile  = "public, max-age=60"
)

// checkpoint serves the signed head of the log (C2SP tlog-tiles).
func (p *Public) checkpoint(c echo.Context) error {
	head, err := p.Published.Checkpoint(c.Request().Context())
	if err != nil {
		return pending(c, err)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return web.Bytes(c, "text/plain; charset=utf-8", head)
}

// logKey serves the keys that checkpoints are checked with, one a line, the
// one that signs now first (C2SP signed-note, verifier keys).
func (p *Public) logKey(c echo.Context) error {
	keys, err := p.Published.LogKeys(c.Request().Context())
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", briefly)
	return web.Bytes(c, "text/plain; charset=utf-8", []byte(strings.Join(keys, "\n")+"\n"))
}

// tile serves hashes of the tree, or the data of leaves (C2SP tlog-tiles).
func (p *Public) tile(c echo.Context) error {
	body, full, err := p.Published.LogTile(c.Request().Context(), c.Param("*"))
	if err != nil {
		return pending(c, err)
	}
	c.Response().Header().Set("Cache-Control", awhile)
	if full {
		c.Response().Header().Set("Cache-Control", forEver)
	}
	return web.Bytes(c, "application/octet-stream", body)
}

// proof shows that a badge stands in the log.
func (p *Public) proof(c echo.Context) error {
	id, err := credentialID(c.Param("id"))
	if err != nil {
		return err
	}
	found, err := p.Published.Proof(c.Request().Context(), id)
	if err != nil {
		return pending(c, err)
	}
	web.As(c, verifyweb.Data)
	c.Response().Header().Set("Cache-Control", "no-cache")
	c.Response().Header().Set("X-Robots-Tag", "noindex, nofollow")
	return c.JSON(http.StatusOK, found)
}

// pending answers for what is not in the log yet.
func pending(c echo.Context, err error) error {
	if !errors.Is(err, registrar.ErrPending) {
		return err
	}
	c.Response().Header().Set("Retry-After", "1")
	problem := verifyweb.NewProblem(http.StatusNotFound, "This is not in the log yet; try again in a second.")
	problem.Type, problem.Title = problemPending, "Pending"
	return problem
}
