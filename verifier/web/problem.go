package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
)

// ProblemType is the media type of problem documents (RFC 9457 §3).
const ProblemType = "application/problem+json"

// Problem is a refusal as it leaves the program: a problem document of
// RFC 9457. Detail is a sentence that says what to do. A Problem is an error,
// so that a handler returns it.
type Problem struct {
	Type     string         `json:"type"` // a URI; "about:blank" where the status says it all
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail,omitempty"`
	Instance string         `json:"instance,omitempty"` // urn of the request, as in our log
	Errors   []ProblemField `json:"errors,omitempty"`
}

// ProblemField names an input that is wrong.
type ProblemField struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

func (p *Problem) Error() string { return fmt.Sprintf("%d: %s", p.Status, p.Detail) }

// NewProblem makes a problem whose type is its status.
func NewProblem(status int, format string, args ...any) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

// WrongField makes a 422 that names one input.
func WrongField(field, format string, args ...any) *Problem {
	p := NewProblem(http.StatusUnprocessableEntity, format, args...)
	p.Errors = []ProblemField{{Field: field, Reason: p.Detail}}
	return p
}

// details are the sentences for refusals that come from the router and the
// server rather than from a handler.
var details = map[int]string{
	http.StatusBadRequest:            "The request could not be read.",
	http.StatusNotFound:              "There is nothing at this address.",
	http.StatusMethodNotAllowed:      "This address does not answer that method; see the Allow header.",
	http.StatusNotAcceptable:         "This address has no answer of the type that was asked for.",
	http.StatusRequestEntityTooLarge: "This is too large; send at most 256 KiB of JSON or a picture of at most 2 MiB.",
	http.StatusUnsupportedMediaType:  "This address does not read that Content-Type.",
	http.StatusTooManyRequests:       "Too many requests; wait a moment and try again.",
	http.StatusServiceUnavailable:    "This cannot be answered right now; try again in a moment.",
}

// Standard is the problem of a status that needs no words of its own.
func Standard(status int) *Problem { return NewProblem(status, "%s", details[status]) }

// ProblemOf turns an error into what may be shown. The second value is false
// for a fault of ours: its problem is a bare 500, and the error is to be
// logged.
func ProblemOf(err error) (*Problem, bool) {
	var p *Problem
	var http4 *echo.HTTPError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p, true
	case errors.As(err, &large):
		return Standard(http.StatusRequestEntityTooLarge), true
	case errors.As(err, &http4) && http4.Code < 500:
		return Standard(http4.Code), true
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Standard(http.StatusServiceUnavailable), true
	}
	return NewProblem(http.StatusInternalServerError, ""), false
}

// SendProblem writes a problem document as the answer.
func SendProblem(c echo.Context, p *Problem) error {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
		if h.Get("Retry-After") == "" {
			h.Set("Retry-After", "5")
		}
	}
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode problem: %w", err)
	}
	return c.Blob(p.Status, ProblemType, body)
}
