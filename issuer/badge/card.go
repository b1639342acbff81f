package badge

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"

	"golang.org/x/image/font/sfnt"
)

// Card is what the picture for sharing says: the one that other sites show
// beside a link to the badge. Empty words are left out, and so is a name in
// letters that the typeface lacks: the page has it.
type Card struct {
	Art      Art
	To       string // stands before the name
	Holder   string
	Name     string // of the badge
	When     string
	Issuer   string
	Host     string // the domain of the page
	Standing string // a large word, where the badge is not simply good
}

// Sides of a card in pixels, as the Open Graph protocol's readers ask for.
const (
	CardWidth  = 1200
	CardHeight = 630
)

// Where things stand on a card.
const (
	cardArt    = 400.0
	cardLeft   = 72.0
	cardText   = 536.0
	cardRight  = CardWidth - 72.0
	cardRoom   = cardRight - cardText
	cardTop    = 64.0
	cardBottom = 476.0 // of the words; below stands who vouches
)

// cut is how a line of a card is set, in pixels.
type cut struct {
	font  *sfnt.Font
	size  float64
	lines int     // at most so many
	least float64 // the smallest size
	gap   float64 // before it
	ink   color.NRGBA
}

// run is a text that was broken into lines.
type run struct {
	cut
	lines []string
}

func (r run) height() float64 { return r.gap + float64(len(r.lines))*r.size*1.16 }

// PNG draws the card. The same card gives the same bytes.
func (c Card) PNG() ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, CardWidth, CardHeight))
	draw.Draw(img, img.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
	c.Art.paint(img, cardArt, cardLeft, (CardHeight-cardArt)/2)
	runs, total := c.runs(), 0.0
	for _, r := range runs {
		total += r.height()
	}
	y := cardTop + max(0, cardBottom-cardTop-total)/2
	for _, r := range runs {
		y = r.paint(img, cardText, y)
	}
	draw.Draw(img, image.Rect(cardText, cardBottom+24, cardRight, cardBottom+27), image.NewUniform(accentInk), image.Point{}, draw.Src)
	y = cardBottom + 36
	for _, r := range []run{
		set(c.Issuer, cut{displayFont(), 30, 1, 18, 0, ink}),
		set(c.Host, cut{textFont(), 25, 1, 14, 4, quietInk}),
	} {
		y = r.paint(img, cardText, y)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("draw card: %w", err)
	}
	return out.Bytes(), nil
}

func (c Card) runs() (all []run) {
	add := func(text string, t cut) {
		if r := set(text, t); len(r.lines) > 0 {
			all = append(all, r)
		}
	}
	add(c.Standing, cut{displayFont(), 66, 1, 40, 0, badInk})
	holder, _ := written(displayFont(), c.Holder)
	name := cut{displayFont(), 58, 2, 34, 4, ink}
	if ems, _ := advance(name.font, holder); ems*46 <= cardRoom {
		name.lines = 1 // a name in one line, if it can be read from afar
	}
	if r := set(c.Holder, name); len(r.lines) > 0 {
		add(c.To, cut{textFont(), 26, 1, 18, 8, quietInk})
		all = append(all, r)
		add(c.Name, cut{displayFont(), 38, 3, 24, 26, ink})
	} else {
		add(c.Name, cut{displayFont(), 56, 4, 30, 10, ink})
	}
	add(c.When, cut{textFont(), 26, 2, 18, 14, quietInk})
	return all
}

// set breaks a text into lines at a size at which they are few enough. What
// does not fit at the smallest size ends in an ellipsis. A text that the font
// cannot write has no lines.
func set(text string, t cut) run {
	text, ok := written(t.font, text)
	if !ok {
		return run{cut: t}
	}
	for {
		wide := func(s string) float64 { ems, _ := advance(t.font, s); return ems * t.size }
		lines := broken(text, cardRoom, wide)
		if len(lines) <= t.lines {
			return run{t, lines}
		}
		if t.size <= t.least {
			lines = lines[:t.lines]
			last := lines[t.lines-1]
			end := fitting(last, cardRoom-wide("…"), wide)
			lines[t.lines-1] = strings.TrimSpace(last[:end]) + "…"
			return run{t, lines}
		}
		t.size -= 2
	}
}

// paint sets the lines below y and gives where they end.
func (r run) paint(img *image.RGBA, x, y float64) float64 {
	y += r.gap
	for _, line := range r.lines {
		y += r.size * 1.16
		p, _, _ := outlines(r.font, line, r.size, 0)
		fill(img, p.at(1, x, y-r.size*0.24).flatten(), image.NewUniform(r.ink))
	}
	return y
}
