package templates

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	text "text/template"
)

// paper is the words of something that is not a page: each block of its file
// is one text. Where they stand is decided by who draws it.
type paper struct {
	blocks []string
	words  *text.Template
}

const headline = "headline" // the block of part/verdict.tmpl

func (s *Set) parsePapers(w *words) (map[string]*paper, error) {
	names, err := fs.Glob(files, "paper/*.tmpl")
	if err != nil {
		return nil, err
	}
	papers := map[string]*paper{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".tmpl")
		own, err := text.New(name).Funcs(s.funcs(w, name)).ParseFS(files, file)
		if err != nil {
			return nil, err
		}
		p := &paper{words: own}
		for _, t := range own.Templates() {
			if t.Name() != path.Base(file) && t.Name() != name {
				p.blocks = append(p.blocks, t.Name())
			}
		}
		// The headline of a verdict is worded once, for pages and papers.
		verdict, err := text.New("").Funcs(s.funcs(w, name)).ParseFS(files, "part/verdict.tmpl")
		if err != nil {
			return nil, err
		}
		if _, err := own.AddParseTree(headline, verdict.Lookup(headline).Tree); err != nil {
			return nil, err
		}
		papers[name] = p
	}
	return papers, nil
}

// Paper gives the words of a paper ("certificate") by the names of the blocks
// in its file, each in one line; lang chooses as for pages.
func (s *Set) Paper(name, lang string, data any) (map[string]string, error) {
	e, err := s.edition(lang)
	if err != nil {
		return nil, err
	}
	p := e.papers[name]
	if p == nil {
		return nil, fmt.Errorf("paper %s: there is no such paper", name)
	}
	out := make(map[string]string, len(p.blocks))
	var b strings.Builder
	for _, block := range p.blocks {
		b.Reset()
		if err := p.words.ExecuteTemplate(&b, block, data); err != nil {
			return nil, fmt.Errorf("paper %s: %w", name, err)
		}
		out[block] = strings.Join(strings.Fields(b.String()), " ")
	}
	return out, nil
}
