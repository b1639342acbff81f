package templates

import (
	"html"
	"html/template"
	"strings"
	"testing"
)

// TestFold: what is put in when a page is parsed reads as what would be put
// in when it is shown, and nothing of it can leave its place.
func TestFold(t *testing.T) {
	s := &Set{base: "/a&b", digest: "d"}
	w := &words{region: regions[0], text: catalogue{"odd": `<b>"it's" & {x}`, "plain": "words"}}
	const text = `<p title="{{t "plain"}} {{t "odd" "x" "<y>"}}" lang={{"q"}}>{{t "odd" "x" "'z'"}}{{icon "image"}}</p>` +
		`<a href="{{base}}/{{.Name}}"><img src="{{asset "m.svg"}}">{{if .Name}}{{page}}{{else}}{{lang}}{{end}}{{range $.None}}{{else}}{{t "plain"}}{{end}}{{with .Name}}{{t "odd" "x" .}}{{end}}</a>`
	show := func(fold bool) string {
		page := template.Must(template.New("p").Funcs(s.funcs(w, "here")).Parse(text))
		if fold {
			if err := s.fold(page, w, "here"); err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(page.Tree.Root.String(), "{{t "); n != 1 {
				t.Errorf("%d texts are left to be put in later, want 1: %s", n, page.Tree.Root)
			}
		}
		var out strings.Builder
		if err := page.Execute(&out, struct {
			Name string
			None []string
		}{Name: "<i>"}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	folded, plain := show(true), show(false)
	if html.UnescapeString(folded) != html.UnescapeString(plain) {
		t.Errorf("folded:\n%s\nnot folded:\n%s", folded, plain)
	}
	for _, wild := range []string{"<b>", "<y>", "<i>", `"it`} {
		if strings.Contains(folded, wild) {
			t.Errorf("%s is markup in %s", wild, folded)
		}
	}
	page := template.Must(template.New("p").Funcs(s.funcs(w, "here")).Parse(`{{if .}}{{t "missing"}}{{end}}`))
	if err := s.fold(page, w, "here"); err == nil {
		t.Error("a text that is missing was not noticed")
	}
}

// TestCheckLine: whatever a check says stays text.
func TestCheckLine(t *testing.T) {
	w := &words{region: regions[0], text: catalogue{"icon.verified": "circle-check", "check.proof": "Signature", "outcome.verified": "right"}}
	line, err := w.check("proof", "verified", `Since 2026-11-21 <b>"x"`)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`data-check="proof" data-outcome="verified"`, "<svg", "Signature:", "right", `Since 21 November 2026 &lt;b&gt;&#34;x&#34;`} {
		if !strings.Contains(string(line), part) {
			t.Errorf("no %s in %s", part, line)
		}
	}
}
