package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	verifyweb "hallmark/verifier/web"
)

// Page renders a page as a whole before its first byte leaves.
func Page(c echo.Context, r Renderer, status int, name string, data any) error {
	return verifyweb.SendPage(c, r, status, name, data)
}

// Bytes answers with bytes that have a strong ETag of their content, or with
// 304 if the caller has them (RFC 9110 §13.1.2). The tag is of the media type
// too: the same bytes under another one are another representation, and a strong
// tag names one (§8.8.3).
func Bytes(c echo.Context, media string, body []byte) error {
	sum := sha256.Sum256(append([]byte(media+"\n"), body...))
	return Tagged(c, base64.RawURLEncoding.EncodeToString(sum[:16]), media, body)
}

// Tagged is Bytes with a tag that the caller of it chose.
func Tagged(c echo.Context, tag, media string, body []byte) error {
	etag := `"` + tag + `"`
	c.Response().Header().Set("ETag", etag)
	if matches(c.Request().Header.Get("If-None-Match"), etag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, media, body)
}

// matches compares weakly, as If-None-Match asks for.
func matches(header, etag string) bool {
	for _, tag := range strings.Split(header, ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}

// Acceptable picks the media type that the caller likes best; 406 if none.
func Acceptable(c echo.Context, offers ...string) (string, error) {
	best := verifyweb.Negotiate(strings.Join(c.Request().Header.Values("Accept"), ","), offers...)
	if best == "" {
		return "", verifyweb.NewProblem(http.StatusNotAcceptable, "This address answers with %s.", strings.Join(offers, ", "))
	}
	return best, nil
}
