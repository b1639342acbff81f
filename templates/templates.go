package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed layout.tmpl part page mail paper text static icons
var files embed.FS

// Config says where the pages live.
type Config struct {
	BasePath string // path of the base URL without a slash at the end; "" for none
}

// Set is every page and mail, parsed, in every language.
type Set struct {
	base   string
	digest string
	pages  map[string]map[string]*template.Template // language tag → "page/home"
	mails  map[string]*mail
	papers map[string]map[string]*paper // by language and name
}

// Frame is what surrounds a page: who reads it and where they can go. The
// zero Frame is a stranger's.
type Frame struct {
	Lang    string    // wanted language tag; "" = English
	Now     time.Time // of this answer
	Signed  bool
	Name    string // of who is signed in
	Learner bool   // which desks they have
	Mentor  bool
	Owner   bool
	Sponsor bool
	Here    string // the entry of the menu that this page belongs to: "home", "badges", "queue", "programs", "people", "reports", "verify"
	Trial   bool   // the issuer's key is a did:key
	Mailbox bool   // the demo's mailbox exists
	Notice  string // what just happened: a key of the group "notice", or ""
	Issuer  string // the organisation that runs this service
	// Kept is when the copy of the site was made that this page is part of; the
	// zero time is the live site. Nobody answers behind a copy: it has no script
	// and nothing to sign in to.
	Kept time.Time
}

// View is a page's data in its frame. Data given to Render as they are get a
// stranger's frame.
type View struct {
	Frame Frame
	Data  any
}

// Open parses everything. The error names the file that is wrong.
func Open(c Config) (*Set, error) {
	sum, err := digest()
	if err != nil {
		return nil, err
	}
	s := &Set{base: strings.TrimRight(c.BasePath, "/"), digest: sum, pages: map[string]map[string]*template.Template{}, papers: map[string]map[string]*paper{}}
	for _, r := range regions {
		text, err := readCatalogue(r.language)
		if err != nil {
			return nil, err
		}
		w := &words{tag: r.tag, text: text, day: r.day}
		if s.pages[r.tag], err = s.parsePages(w); err != nil {
			return nil, err
		}
		if s.papers[r.tag], err = s.parsePapers(w); err != nil {
			return nil, err
		}
		if r.tag == regions[0].tag {
			if s.mails, err = s.parseMails(w); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

func (s *Set) parsePages(w *words) (map[string]*template.Template, error) {
	layout, err := template.New("layout.tmpl").Funcs(s.funcs(w, "")).ParseFS(files, "layout.tmpl", "part/*.tmpl")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "page/*.tmpl")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, file := range names {
		own, err := layout.Clone()
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(path.Base(file), ".tmpl")
		if _, err := own.Funcs(s.funcs(w, name)).ParseFS(files, file); err != nil {
			return nil, err
		}
		if err := s.fold(own, w, name); err != nil {
			return nil, err
		}
		pages["page/"+name] = own
	}
	return pages, nil
}

// Render writes a page ("page/home") whole; nothing is written if it fails.
// data is a View, or the page's own data for a stranger.
func (s *Set) Render(w io.Writer, name string, data any) error {
	view, ok := data.(View)
	if !ok {
		view = View{Data: data}
	}
	if view.Frame.Now.IsZero() {
		view.Frame.Now = time.Now()
	}
	page := s.pages[s.language(view.Frame.Lang)][name]
	if page == nil {
		return fmt.Errorf("render %s: there is no such page", name)
	}
	b, _ := sheets.Get().(*bytes.Buffer)
	defer sheets.Put(b)
	b.Reset()
	if err := page.ExecuteTemplate(b, "layout", view); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// sheets are buffers to render on, so that each page need not grow its own.
var sheets = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// language chooses the tag that pages exist in: the whole tag, else English.
func (s *Set) language(tag string) string {
	for _, r := range regions {
		if strings.EqualFold(r.tag, tag) {
			return r.tag
		}
	}
	return regions[0].tag
}

// Language reads an Accept-Language header as far as pages differ by it: the
// first tag that pages exist in, else English.
func Language(accept string) string {
	for part := range strings.SplitSeq(accept, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		for _, r := range regions {
			if strings.EqualFold(r.tag, tag) {
				return r.tag
			}
		}
	}
	return regions[0].tag
}
