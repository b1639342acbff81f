package templates

import (
	"encoding/base64"
	"html/template"
)

// dataURL puts a file that was made for this one answer into the page itself
// (RFC 2397), for a link that saves it: nothing of it stays on the server, and
// it needs no script. html/template lets no data: address through otherwise.
func dataURL(mediaType, content string) template.URL {
	return template.URL("data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString([]byte(content)))
}
