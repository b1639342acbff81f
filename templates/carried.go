package templates

import (
	"fmt"
	"html/template"
	"strings"
)

// Media types of what a badge's page carries, so that it can be checked when it
// was saved: the credential, and the status beside it.
const (
	carriedBadge  = "application/vc"
	carriedStatus = "application/hallmark-status+jwt"
	carriedAbout  = "application/ld+json" // what a portfolio says, for search engines
)

// carried is a block of data (HTML §4.12.1), which browsers neither run nor show.
// Verifiers find it by these very words (package bake). A text of JSON means the
// same with "<" escaped, and cannot end the block then.
func carried(media, text string) (template.HTML, error) {
	if media != carriedBadge && media != carriedStatus && media != carriedAbout {
		return "", fmt.Errorf("a page carries no %s", media)
	}
	return template.HTML(`<script type="` + media + `">` + strings.ReplaceAll(text, "<", `\u003c`) + "</script>"), nil
}
