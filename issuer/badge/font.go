package badge

import (
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// em is the size that glyphs are measured and taken at.
const em = 1000

// bold is Go Bold: Latin, Greek and Cyrillic.
var bold = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(gobold.TTF)
	if err != nil {
		panic(err) // the font is compiled in
	}
	return f
})

// measure gives the width of text in ems without tracking. ok is false where the
// font lacks a letter; the width is then an estimate.
func measure(text string) (width float64, ok bool) { return advance(bold(), text) }

func advance(f *sfnt.Font, text string) (width float64, ok bool) {
	var buf sfnt.Buffer
	ok = true
	for _, r := range text {
		glyph, err := f.GlyphIndex(&buf, r)
		if err != nil || glyph == 0 {
			width, ok = width+0.7, false
			continue
		}
		one, err := f.GlyphAdvance(&buf, glyph, fixed.I(em), font.HintingNone)
		if err != nil {
			width, ok = width+0.7, false
			continue
		}
		width += fix(one) / em
	}
	return width, ok
}

func fix(v fixed.Int26_6) float64 { return float64(v) / 64 }

// glyphs is the text of e as paths, placed; nil where the font lacks a letter.
func (e element) glyphs() path {
	p, _, ok := outlines(bold(), e.text, e.size, e.tracking)
	if !ok {
		return nil
	}
	return p.at(1, e.x-e.width/2, e.y)
}

// outlines is a text as paths, its baseline beginning at the origin, and how
// wide it is. ok is false where the font lacks a letter.
func outlines(f *sfnt.Font, text string, size, tracking float64) (p path, width float64, ok bool) {
	var buf sfnt.Buffer
	for _, r := range text {
		glyph, err := f.GlyphIndex(&buf, r)
		if err != nil || glyph == 0 {
			return nil, 0, false
		}
		segments, err := f.LoadGlyph(&buf, glyph, fixed.I(em), nil)
		if err != nil {
			return nil, 0, false
		}
		p = append(p, glyphPath(segments).at(size/em, width, 0)...)
		advance, err := f.GlyphAdvance(&buf, glyph, fixed.I(em), font.HintingNone)
		if err != nil {
			return nil, 0, false
		}
		width += fix(advance)*size/em + tracking
	}
	return p, width, true
}

func glyphPath(segments sfnt.Segments) path {
	var p path
	var last point
	for _, s := range segments {
		a, b, c := at(s.Args[0]), at(s.Args[1]), at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if len(p) > 0 {
				p = p.close()
			}
			p, last = p.move(a.x, a.y), a
		case sfnt.SegmentOpLineTo:
			p, last = p.line(a.x, a.y), a
		case sfnt.SegmentOpQuadTo: // raised to a cubic
			p = p.curve(towards(last, a), towards(b, a), b)
			last = b
		case sfnt.SegmentOpCubeTo:
			p, last = p.curve(a, b, c), c
		}
	}
	if len(p) > 0 {
		p = p.close()
	}
	return p
}

func at(p fixed.Point26_6) point { return point{fix(p.X), fix(p.Y)} }

func towards(from, to point) point {
	return point{from.x + 2.0/3*(to.x-from.x), from.y + 2.0/3*(to.y-from.y)}
}
