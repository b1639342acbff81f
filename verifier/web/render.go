package web

import (
	"bytes"
	"fmt"
	"io"

	"github.com/labstack/echo/v4"
)

// Renderer writes a page: package templates, or a small one in a test.
type Renderer interface {
	Render(w io.Writer, name string, data any) error
}

// SendPage renders a page as a whole before its first byte leaves, so that a
// broken template is a clean 500 and never half a page.
func SendPage(c echo.Context, r Renderer, status int, name string, data any) error {
	var page bytes.Buffer
	if err := r.Render(&page, name, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	return c.Blob(status, "text/html; charset=utf-8", page.Bytes())
}
