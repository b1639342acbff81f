package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

// maxKey bounds an Idempotency-Key; a UUID has 36 characters.
const maxKey = 255

// answer carries out an act and shows what it gave. With an Idempotency-Key
// the same request gets the first answer again.
func answer[T any](a *API, c echo.Context, by issuer.Caller, act func(ctx context.Context) (T, error), show func(T) (status int, body any)) error {
	return a.once(c, by, func(ctx context.Context) (any, error) { return act(ctx) }, func(result any) (int, []byte, error) {
		value, ok := result.(T)
		if !ok {
			return 0, nil, fmt.Errorf("answer of %T for an act that gives %T", result, value)
		}
		status, body := show(value)
		text, err := json.Marshal(body)
		return status, text, err
	})
}

// done is answer for an act that has nothing to show.
func (a *API) done(c echo.Context, by issuer.Caller, act func(ctx context.Context) error) error {
	return a.once(c, by, func(ctx context.Context) (any, error) { return nil, act(ctx) },
		func(any) (int, []byte, error) { return http.StatusNoContent, []byte{}, nil })
}

func (a *API) once(c echo.Context, by issuer.Caller, act func(context.Context) (any, error), text func(result any) (int, []byte, error)) error {
	ctx := c.Request().Context()
	if keys := c.Request().Header.Values("Idempotency-Key"); len(keys) > 0 {
		if len(keys) > 1 || keys[0] == "" || len(keys[0]) > maxKey || !web.Text(keys[0]) {
			return verifyweb.NewProblem(http.StatusBadRequest, "Send one Idempotency-Key of 1 to %d characters.", maxKey)
		}
		mine := by.Actor() + " " + keys[0]
		if _, busy := a.running.LoadOrStore(mine, true); busy {
			return issuer.Refuse(issuer.Conflict, "A request with this Idempotency-Key is still at work; ask again in a moment.")
		}
		defer a.running.Delete(mine)
		ctx = registrar.WithOnce(ctx, &registrar.Once{Key: keys[0], RequestHash: requestHash(c), Answer: text})
	}
	value, err := act(ctx)
	var first *registrar.Replay
	if errors.As(err, &first) {
		c.Response().Header().Set("Idempotent-Replayed", "true")
		return sent(c, first.Status, first.Body)
	}
	if err != nil {
		return err
	}
	status, body, err := text(value) // the same bytes now and later
	if err != nil {
		return err
	}
	return sent(c, status, body)
}

// sent answers with JSON, or with nothing.
func sent(c echo.Context, status int, body []byte) error {
	if len(body) == 0 {
		return c.NoContent(status)
	}
	return c.JSONBlob(status, body)
}

// requestHash names a request: what it asks for and the bytes that came.
func requestHash(c echo.Context) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\n", c.Request().Method, c.Request().URL.EscapedPath())
	h.Write(web.BodySum(c))
	return h.Sum(nil)
}
