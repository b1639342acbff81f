package templates

import (
	"encoding/base64"
	"html/template"
	"strings"
)

// dataURL puts a file that was made for this one answer into the page itself
// (RFC 2397), for a link that saves it: nothing of it stays on the server, and
// it needs no script. html/template lets no data: address through otherwise.
func dataURL(mediaType, content string) template.URL {
	return template.URL("data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString([]byte(content)))
}

// walletURL lets a link through that opens a wallet (OpenID for Verifiable
// Credential Issuance 1.0 §4.1.3): html/template knows of web and mail alone.
// Anything else is left to it.
func walletURL(link string) any {
	if !strings.HasPrefix(link, "openid-credential-offer://?credential_offer_uri=http") {
		return link
	}
	return template.URL(link)
}
