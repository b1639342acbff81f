package templates

import (
	"html"
	"html/template"
	"strings"
)

// check is the line of one check. A report has thirteen of them, so they are
// written here: by template each would be a dozen calls by reflection, and
// together they were a third of what a badge's page cost.
func (w *words) check(name, outcome, reason string) (template.HTML, error) {
	picture, err := icon(w.word("icon", outcome))
	if err != nil {
		return "", err
	}
	is := html.EscapeString(outcome)
	var b strings.Builder
	for _, part := range []string{
		`<li class="check" data-check="`, html.EscapeString(name), `" data-outcome="`, is, `"><span class="is-`, is, `">`, string(picture),
		`</span><div><span class="check-name">`, html.EscapeString(w.word("check", name)), `:</span> <span class="is-`, is, `">`,
		html.EscapeString(w.word("outcome", outcome)), `</span>`,
	} {
		b.WriteString(part)
	}
	if reason != "" {
		b.WriteString(`<br><span class="check-reason">` + string(w.found(reason)) + `</span>`)
	}
	b.WriteString(`</div></li>`)
	return template.HTML(b.String()), nil
}
