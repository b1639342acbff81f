package templates

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"strings"
	text "text/template"
)

// mail is one message in both forms. The file of a mail defines "subject",
// "text" and "html"; the words are the catalogue's.
type mail struct {
	text *text.Template
	html *template.Template
}

func (s *Set) parseMails(w *words) (map[string]*mail, error) {
	names, err := fs.Glob(files, "mail/*.tmpl")
	if err != nil {
		return nil, err
	}
	mails := map[string]*mail{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".tmpl")
		if name == "layout" {
			continue
		}
		m := &mail{}
		if m.text, err = text.New(name).Option("missingkey=error").Funcs(s.funcs(w, name)).ParseFS(files, "mail/layout.tmpl", file); err != nil {
			return nil, err
		}
		if m.html, err = template.New(name).Option("missingkey=error").Funcs(s.funcs(w, name)).ParseFS(files, "mail/layout.tmpl", file); err != nil {
			return nil, err
		}
		mails[name] = m
	}
	return mails, nil
}

// Mail writes a message in the language of a tag; one that there is none for is
// the first. data are a map or its JSON, with what the mail's file
// names at its top; something missing is an error, not a gap. "Stop", the address
// that stops such mails, may be left out of those that cannot be stopped.
func (s *Set) Mail(tag, name string, data any) (subject, plain, markup string, err error) {
	e, err := s.edition(tag)
	if err != nil {
		return "", "", "", err
	}
	m := e.mails[name]
	if m == nil {
		return "", "", "", fmt.Errorf("mail %s: there is no such mail", name)
	}
	if raw, ok := data.(json.RawMessage); ok {
		var read map[string]any
		if err := json.Unmarshal(raw, &read); err != nil {
			return "", "", "", fmt.Errorf("mail %s: read its data: %w", name, err)
		}
		data = read
	}
	if said, ok := data.(map[string]any); ok && said["Stop"] == nil {
		said = maps.Clone(said)
		said["Stop"] = ""
		data = said
	}
	var head, body, page bytes.Buffer
	if err := m.text.ExecuteTemplate(&head, "subject", data); err != nil {
		return "", "", "", fmt.Errorf("mail %s: %w", name, err)
	}
	if err := m.text.ExecuteTemplate(&body, "text", data); err != nil {
		return "", "", "", fmt.Errorf("mail %s: %w", name, err)
	}
	if err := m.html.ExecuteTemplate(&page, "mail", data); err != nil {
		return "", "", "", fmt.Errorf("mail %s: %w", name, err)
	}
	// A subject is one line, whatever a title holds (RFC 5322 §2.2).
	return strings.Join(strings.Fields(head.String()), " "), strings.TrimSpace(body.String()) + "\n", page.String(), nil
}
