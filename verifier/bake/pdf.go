package bake

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"
)

// Limits of the PDF reader. Every byte that it looks at is paid for, so that
// no arrangement of references makes it look at few bytes often.
const (
	maxLook     = 3 << 19   // bytes looked at, all in all
	perValue    = 4         // what a value costs besides its bytes
	maxInflate  = 1 << 20   // bytes inflated, all in all
	maxEmbedded = 256 << 10 // bytes of a credential in a PDF
	maxStaple   = 16 << 10  // bytes of a status beside it
	maxRatio    = 100       // bytes inflated for each byte stored
	maxNesting  = 32        // arrays and dictionaries in each other, and trees
	maxVisits   = 2000      // nodes of the trees of names and pages, attachments
)

// unbakePDF takes the one credential out of the files that are embedded in a
// PDF (ISO 32000-1 §7.11.4), and the status beside it. Which objects hold them is asked of the file's
// cross-references; where those are wrong, of the objects one after another,
// as PDF programs do.
func unbakePDF(doc []byte) (credential, staple []byte, err error) {
	p := newPDF(doc)
	p.readXref()
	p.walk()
	if errors.Is(p.err, errXref) {
		look, inflate := p.look, p.inflate
		p = newPDF(doc)
		p.look, p.inflate = look, inflate
		p.scan()
		p.walk()
	}
	switch {
	case errors.Is(p.err, errXref):
		return nil, nil, damagedPDF()
	case p.err != nil:
		return nil, nil, p.err
	case p.staples != 1:
		p.staple = nil
	}
	credential, err = p.only()
	return credential, p.staple, err
}

// pdf is a file being read. The first thing that is wrong stays in err; from
// then on every question gets an empty answer.
type pdf struct {
	cargo
	doc           []byte
	err           error
	look, inflate int // what is left of maxLook and maxInflate
	visits        int
	scanning      bool

	xref    []section    // newest first
	found   map[int]spot // by scan, in place of xref
	trailer value
	packs   map[int]*pack // object streams, by number
	nodes   map[int]bool  // of trees, that were visited
	files   map[int]bool  // that were looked at

	staple  []byte // the last status seen
	staples int
}

func newPDF(doc []byte) *pdf {
	return &pdf{
		cargo: cargo{in: "PDF"}, doc: doc, look: maxLook, inflate: maxInflate,
		packs: map[int]*pack{}, nodes: map[int]bool{}, files: map[int]bool{},
	}
}

// errXref says that the cross-references lead nowhere. It never leaves the
// package.
var errXref = errors.New("bake: cross-references")

func damagedPDF() error {
	return refuse(ErrDamaged, "The PDF is damaged: its parts cannot be found. Ask for the original file.")
}

func crowdedPDF() error {
	return refuse(ErrTooLarge, "The PDF is too long or too detailed to be searched for a credential.")
}

func (p *pdf) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// walk visits every place where a PDF lists embedded files: the tree of names,
// the associated files of the document and of its pages, and the attachments
// pinned to pages.
func (p *pdf) walk() {
	root := p.get(p.trailer, "Root")
	if p.err == nil && root.kind != dict {
		p.fail(errXref)
	}
	p.names(p.raw(p.get(root, "Names"), "EmbeddedFiles"), 0)
	p.associated(root)
	p.pages(p.raw(root, "Pages"), 0)
}

// visit counts a node of a tree and refuses one that was there before: a tree
// whose branches meet again has no end.
func (p *pdf) visit(v value, depth int) value {
	if p.visits++; p.visits > maxVisits {
		p.fail(crowdedPDF())
	}
	if depth > maxNesting || v.kind == reference && p.nodes[v.n] {
		p.fail(refuse(ErrDamaged, "The PDF is damaged: its lists refer to themselves."))
	}
	if v.kind == reference {
		p.nodes[v.n] = true
	}
	return p.resolve(v)
}

// names: ISO 32000-1 §7.9.6, a node has kids or pairs of name and value.
func (p *pdf) names(node value, depth int) {
	if node.kind == none {
		return
	}
	here := p.visit(node, depth)
	p.each(p.get(here, "Kids"), func(_ int, kid value) { p.names(kid, depth+1) })
	p.each(p.get(here, "Names"), func(i int, v value) {
		if i%2 == 1 {
			p.fileSpec(v)
		}
	})
}

// pages: ISO 32000-1 §7.7.3 and §12.5.6.15.
func (p *pdf) pages(node value, depth int) {
	if node.kind == none {
		return
	}
	here := p.visit(node, depth)
	p.associated(here)
	p.each(p.get(here, "Kids"), func(_ int, kid value) { p.pages(kid, depth+1) })
	p.each(p.get(here, "Annots"), func(_ int, note value) {
		note = p.resolve(note)
		if spec := p.raw(note, "FS"); spec.kind != none {
			p.fileSpec(spec)
		}
		p.associated(note)
	})
}

// associated: ISO 32000-2 §14.13.
func (p *pdf) associated(of value) {
	p.each(p.get(of, "AF"), func(_ int, spec value) { p.fileSpec(spec) })
}

// fileSpec looks at one file specification (ISO 32000-1 §7.11.3). Several may
// name the same stream, which is one file.
func (p *pdf) fileSpec(v value) {
	if p.visits++; p.visits > maxVisits {
		p.fail(crowdedPDF())
	}
	spec := p.resolve(v)
	embedded := p.get(spec, "EF")
	if embedded.kind != dict {
		return
	}
	is := func(kind func(name string) bool) bool {
		return kind(p.text(p.get(spec, "F"))) || kind(p.text(p.get(spec, "UF")))
	}
	named, stapled := is(isCredentialName), is(isStapleName)
	for _, key := range [...]string{"UF", "F", "Unix", "Mac", "DOS"} {
		file := p.raw(embedded, key)
		if file.kind != reference || p.files[file.n] {
			continue
		}
		p.files[file.n] = true
		stream := p.resolve(file)
		switch {
		case named || isCredentialType(p.text(p.get(stream, "Subtype"))):
			p.take(stream)
		case stapled:
			p.staples++
			p.staple = bytes.Clone(p.data(stream, maxStaple))
		}
	}
}

func isCredentialName(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".jsonld") || strings.HasSuffix(name, ".jwt")
}

func isStapleName(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".staple") }

func isCredentialType(media string) bool {
	switch media {
	case "application/json", "application/ld+json", "application/vc", "application/vc+ld+json", "application/vc+jwt", "application/jwt":
		return true
	}
	return false
}

// take keeps the bytes of an embedded file as the credential.
func (p *pdf) take(stream value) {
	if p.err != nil {
		return
	}
	if p.count++; p.count > 1 {
		return // whatever it is, one too many
	}
	text := p.data(stream, maxEmbedded)
	switch {
	case p.err != nil:
		return
	case len(text) == 0:
		p.fail(refuse(ErrDamaged, "The file that is embedded in the PDF is empty."))
	case !utf8.Valid(text):
		p.fail(refuse(ErrDamaged, "The file that is embedded in the PDF is not UTF-8 text."))
	}
	p.credential = bytes.Clone(text)
}
