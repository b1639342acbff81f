package templates

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Program is the verifier for browsers: a static file that a tree may lack
// before it is built. Pages then do without it.
const Program = "hallmark.wasm"

// Stocked tells whether there is a static file of that name.
func Stocked(name string) bool {
	_, err := fs.Stat(files, "static/"+name)
	return err == nil
}

// packed is the program compressed, which takes most of a second: once, when
// it is first asked for.
var packed = sync.OnceValues(func() ([]byte, error) {
	raw, err := files.ReadFile("static/" + Program)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
})

// Packed gives a static file as gzip has it, if it is one that is worth it:
// the program is four times as long otherwise.
func (s *Set) Packed(p string) (body []byte, ok bool) {
	if path.Base(p) != Program {
		return nil, false
	}
	body, err := packed()
	return body, err == nil
}

// texts are the words of whole groups, for a script to take its own from: the
// catalogue is the one place where words are written.
func (w *words) texts(groups ...string) template.HTML {
	var keys []string
	for key := range w.text {
		if slices.ContainsFunc(groups, func(g string) bool { return strings.HasPrefix(key, g+".") }) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var b strings.Builder
	for _, key := range keys {
		b.WriteString(`<i data-key="` + html.EscapeString(key) + `">` + html.EscapeString(w.text[key]) + `</i>`)
	}
	return template.HTML(b.String())
}

// A page that is saved as one file carries what others load. inline gives a
// static file as the element that holds it: styles with their typefaces,
// scripts, and the program as base64 of its gzip form.
func inline(name string) (template.HTML, error) {
	text, err := inlined(name)
	if err != nil {
		return "", err
	}
	switch path.Ext(name) {
	case ".css":
		return template.HTML("<style>" + text + "</style>"), nil
	case ".js":
		return template.HTML("<script>" + text + "</script>"), nil
	case ".wasm":
		return template.HTML(`<script type="application/octet-stream" data-program>` + text + "</script>"), nil
	}
	return "", fmt.Errorf("inline %s: there is no element for it", name)
}

var typeface = regexp.MustCompile(`url\(([a-z-]+\.woff2)\)`)

func inlined(name string) (string, error) {
	if name == Program {
		body, err := packed()
		return base64.StdEncoding.EncodeToString(body), err
	}
	raw, err := files.ReadFile("static/" + name)
	if err != nil {
		return "", err
	}
	text := string(raw)
	if path.Ext(name) == ".css" {
		text = typeface.ReplaceAllStringFunc(text, func(link string) string {
			font, missing := files.ReadFile("static/" + typeface.FindStringSubmatch(link)[1])
			if missing != nil {
				err = missing
			}
			return "url(data:font/woff2;base64," + base64.StdEncoding.EncodeToString(font) + ")"
		})
	}
	if low := strings.ToLower(text); strings.Contains(low, "</script") || strings.Contains(low, "</style") || strings.Contains(low, "<!--") {
		return "", fmt.Errorf("inline %s: it would end its own element", name)
	}
	return text, err
}

// policy is the security policy of a page that is saved as one file: it runs
// these files, which it carries, and the program; it loads and sends nothing.
func policy(names ...string) (string, error) {
	sources := map[string][]string{}
	for _, name := range names {
		text, err := inlined(name)
		if err != nil {
			return "", err
		}
		sum := sha256.Sum256([]byte(text))
		kind := path.Ext(name)
		sources[kind] = append(sources[kind], "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	return "default-src 'none'; script-src 'wasm-unsafe-eval' " + strings.Join(sources[".js"], " ") +
		"; style-src " + strings.Join(sources[".css"], " ") + "; font-src data:; img-src data:; form-action 'none'; base-uri 'none'", nil
}
