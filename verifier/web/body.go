package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// Limits on bodies.
const (
	MaxJSON    = 256 << 10
	MaxPicture = 2 << 20
)

// ReadBody reads the body of a request whole; a larger one than max is 413.
func ReadBody(c echo.Context, max int64) ([]byte, error) {
	if c.Request().ContentLength > max {
		return nil, Standard(http.StatusRequestEntityTooLarge)
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, max))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, Standard(http.StatusRequestEntityTooLarge)
	}
	if err != nil {
		return nil, NewProblem(http.StatusBadRequest, "The body ended before it was complete.")
	}
	return body, nil
}

// MediaType gives the type of the body, lower-case and without parameters. A
// missing or unreadable one, and text in another encoding than UTF-8, is 415.
func MediaType(c echo.Context) (string, error) {
	media, params, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type"))
	if err != nil {
		return "", NewProblem(http.StatusUnsupportedMediaType, "Say what the body is in the Content-Type header.")
	}
	if set := params["charset"]; set != "" && !strings.EqualFold(set, "utf-8") {
		return "", NewProblem(http.StatusUnsupportedMediaType, "Send the body in UTF-8.")
	}
	return media, nil
}

// Unsupported is the 415 that names the types an address reads.
func Unsupported(media string, reads ...string) error {
	return NewProblem(http.StatusUnsupportedMediaType, "This address does not read %s; send %s.", fmt.Sprintf("%.80q", media), strings.Join(reads, ", "))
}
