package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/verifier/slip"
	"hallmark/verifier/strictjson"
)

// Slips says what a slip, the short form of a badge in a QR code, is worth by what
// the operator knows.
type Slips func(ctx context.Context, s *slip.Slip) (*slip.Answer, error)

// slip answers {"slip": what was scanned}; asked is false for other bodies.
func (v *Verify) slip(c echo.Context, doc []byte) (asked bool, err error) {
	root, err := strictjson.Parse(doc)
	if err != nil || v.Slips == nil || root.Kind != strictjson.Object || root.Get("slip") == nil {
		return false, nil
	}
	var req struct {
		Slip string `json:"slip"`
	}
	if err := Decode(doc, &req); err != nil {
		return true, err
	}
	read, err := slip.Open(req.Slip)
	switch {
	case errors.Is(err, slip.ErrNone):
		return true, WrongField("slip", "Send what was scanned: a link that ends in #%s… with the code behind it.", slip.Mark)
	case errors.Is(err, slip.ErrLink):
		return true, NewProblem(http.StatusUnprocessableEntity, "%s", err)
	case err != nil:
		return true, NewProblem(http.StatusBadRequest, "%s", err)
	}
	answer, err := v.Slips(c.Request().Context(), read)
	if err != nil {
		return true, err
	}
	return true, c.JSON(http.StatusOK, answer)
}
