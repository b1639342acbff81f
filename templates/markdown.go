package templates

import (
	"bytes"
	"html/template"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
)

// narrative is what a text in Markdown may become: paragraphs, lists,
// emphasis and links that lead away politely. No headings, which would upset
// the page's own, and no pictures, which would call home.
var narrative = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "ul", "ol", "li", "em", "strong", "code", "br", "blockquote")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http")
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
})

// markdown shows a text that the program's own people wrote. Strangers' texts
// are shown as they are.
func markdown(text string) (template.HTML, error) {
	var b bytes.Buffer
	if err := goldmark.Convert([]byte(text), &b); err != nil {
		return "", err
	}
	return template.HTML(narrative().SanitizeBytes(b.Bytes())), nil
}
