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
	spoken map[string]func() (*edition, error) // by tag of a region
}

// edition is everything in the words of one region.
type edition struct {
	words  *words
	pages  map[string]*template.Template // "page/home"
	papers map[string]*paper
	mails  map[string]*mail
}

// Frame is what surrounds a page: who reads it and where they can go. The
// zero Frame is a stranger's.
type Frame struct {
	Lang    string    // wanted language tag; "" = English
	At      string    // path and query of this page, to come back to in another language; "" = home
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
	Site    string // the address of this service, without a slash at the end; "" where nobody can be asked
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

// Open parses everything as the first region says it; the others, which differ
// in words alone, follow when they are first asked for. The error names the
// file that is wrong.
func Open(c Config) (*Set, error) {
	sum, err := digest()
	if err != nil {
		return nil, err
	}
	s := &Set{base: strings.TrimRight(c.BasePath, "/"), digest: sum, spoken: map[string]func() (*edition, error){}}
	for _, r := range regions {
		s.spoken[r.tag] = sync.OnceValues(func() (*edition, error) { return s.parse(r) })
	}
	_, err = s.edition(regions[0].tag)
	return s, err
}

// edition gives what there is in the words that a tag asks for.
func (s *Set) edition(tag string) (*edition, error) {
	tag, ok := Known(tag)
	if !ok {
		tag = regions[0].tag
	}
	return s.spoken[tag]()
}

func (s *Set) parse(r region) (*edition, error) {
	w, err := r.spoken()
	if err != nil {
		return nil, err
	}
	e := &edition{words: w}
	if e.pages, err = s.parsePages(w); err != nil {
		return nil, err
	}
	if e.mails, err = s.parseMails(w); err != nil {
		return nil, err
	}
	if r.paper != r.tag {
		on, err := s.edition(r.paper)
		if err == nil {
			e.papers = on.papers
		}
		return e, err
	}
	e.papers, err = s.parsePapers(w)
	return e, err
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
	e, err := s.edition(view.Frame.Lang)
	if err != nil {
		return err
	}
	page := e.pages[name]
	if page == nil {
		return fmt.Errorf("render %s: there is no such page", name)
	}
	b, _ := sheets.Get().(*bytes.Buffer)
	defer sheets.Put(b)
	b.Reset()
	if err := page.ExecuteTemplate(b, "layout", view); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// Text gives a text of the catalogue in the language of a tag, for what is no page:
// a table, say.
func (s *Set) Text(lang, key string, args ...any) (string, error) {
	e, err := s.edition(lang)
	if err != nil {
		return "", err
	}
	return e.words.plain(key, args...)
}

// sheets are buffers to render on, so that each page need not grow its own.
var sheets = sync.Pool{New: func() any { return new(bytes.Buffer) }}
