package web

import (
	"fmt"
	"html"

	"hallmark/issuer"
)

// EmbedWidth and EmbedHeight are the size of the frame that an embedded badge asks
// for, in pixels; its page fits narrower ones, down to EmbedLeast.
const (
	EmbedWidth  = 420
	EmbedHeight = 200
	EmbedLeast  = 240
)

// EmbedCode is the HTML that shows a badge inside another page, so many pixels
// wide. The frame runs no script and knows nobody.
func EmbedCode(base string, id issuer.CredentialID, name string, width int) string {
	return fmt.Sprintf(`<iframe src="%s/embed/%s" width="%d" height="%d" title="%s" loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" frameborder="0"></iframe>`,
		html.EscapeString(base), id, width, EmbedHeight, html.EscapeString(name))
}
