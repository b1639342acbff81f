package badge

import (
	"image/color"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// The kinds of badge, each with its outline, borrowed from the marks that are
// struck into silver.
const (
	Short    = "short"    // a short module: an oval
	Track    = "track"    // a longer module: an oblong with cut corners
	Capstone = "capstone" // a shield
	Level    = "level"    // a lozenge
	Program  = "program"  // an octagon
	Mentor   = "mentor"   // a circle, as for any other kind
)

// Art is what a mark is made from. The zero value of every field is allowed.
type Art struct {
	Kind   string // one of the above
	Ring   int    // order of the level: so many fine lines inside the rim, at most 4
	Icon   string // one of Icons
	Code   string // short code, struck in upper case; long ones in two lines
	Year   int    // 0: none
	Inks   Inks   // see InksOf; zero: the house's own
	Name   string // what the picture is of, for those who cannot see it
	Coming bool   // not earned yet: outlines only
}

// element is a filled shape, a stroked one (stroke > 0) or a line of text,
// centred on x with its baseline on y. from is the smallest side in pixels at
// which a PNG shows it.
type element struct {
	ink    color.NRGBA
	path   path
	stroke float64

	text                        string
	x, y, size, width, tracking float64
	known                       bool // width is that of a font that has every letter

	from int
}

// layout says where things stand in an outline: the icon's middle and side, and
// baseline, size and widest line of code and year.
type layout struct {
	iconY, icon           float64
	codeY, code, codeWide float64
	yearY, year           float64
}

var layouts = map[string]layout{
	Short:    {322, 345, 684, 168, 560, 812, 78},
	Track:    {328, 370, 706, 178, 600, 850, 84},
	Capstone: {306, 355, 656, 168, 540, 780, 78},
	Level:    {356, 270, 648, 146, 420, 762, 68},
	Program:  {325, 370, 702, 172, 640, 836, 82},
	Mentor:   {322, 360, 696, 168, 620, 822, 80},
}

const (
	rim       = 20.0 // the metal edge
	ringFirst = 44.0 // inset of the first ring
	ringStep  = 22.0
	ringLine  = 8.0
	maxRings  = 4
)

// drawing is the mark: what is painted, in order.
func (a Art) drawing() []element {
	l, ok := layouts[a.Kind]
	if !ok {
		l = layouts[Mentor]
	}
	inks, figure := a.Inks, paper
	if inks == (Inks{}) {
		inks = palette[0]
	}
	rings := max(0, min(a.Ring, maxRings))
	var d []element
	if a.Coming {
		inks, figure = Inks{Metal: pale}, pale
		d = append(d, element{ink: pale, path: outline(a.Kind, rim/2), stroke: rim * 0.7})
	} else {
		d = append(d, element{ink: inks.Metal, path: outline(a.Kind, 0)}, element{ink: inks.Ground, path: outline(a.Kind, rim)})
	}
	for i := range rings {
		d = append(d, element{ink: inks.Metal, path: outline(a.Kind, ringFirst+float64(i)*ringStep), stroke: ringLine, from: 96})
	}
	// Rings take room: what stands inside them moves together.
	squeeze := 1 - 0.035*float64(rings)
	place := func(y float64) float64 { return 500 + (y-500)*squeeze }
	icon := l.icon * squeeze
	d = append(d, element{ink: figure, stroke: icon / 24 * 1.9, path: iconPath(a.Icon).at(icon/24, 500-icon/2, place(l.iconY)-icon/2)})
	d = append(d, lines(a.Code, place(l.codeY), l.code*squeeze, l.codeWide*squeeze, figure)...)
	if a.Year > 0 && !a.Coming {
		year := setText(strconv.Itoa(a.Year), place(l.yearY), l.year*squeeze, l.codeWide, 0.14, inks.Metal)
		year.from = 120
		d = append(d, year)
	}
	return d
}

// lines sets the code in one line, or a long one in two.
func lines(code string, y, size, wide float64, ink color.NRGBA) []element {
	code = strings.ToUpper(clean(code, 24))
	if code == "" {
		return nil
	}
	first, second := split(code)
	if second == "" {
		return []element{setText(code, y, size, wide, 0.02, ink)}
	}
	size *= 0.62
	one, two := setText(first, y-size*0.92, size, wide, 0.03, ink), setText(second, y+size*0.12, size, wide, 0.03, ink)
	one.size, two.size = min(one.size, two.size), min(one.size, two.size)
	one, two = one.fitted(0.03), two.fitted(0.03)
	return []element{one, two}
}

// split parts a code of more than eight letters at the separator nearest its middle.
func split(code string) (first, second string) {
	runes := []rune(code)
	best := -1
	for i, r := range runes {
		if strings.ContainsRune("-_./ ", r) && i > 0 && i < len(runes)-1 && (best < 0 || math.Abs(float64(2*i-len(runes))) < math.Abs(float64(2*best-len(runes)))) {
			best = i
		}
	}
	if len(runes) <= 8 || best < 0 {
		return code, ""
	}
	return string(runes[:best]), string(runes[best+1:])
}

// clean keeps what can be struck: letters, marks, digits, punctuation and single
// blanks, at most limit runes of them. Bidirectional controls are none of these.
func clean(text string, limit int) string {
	kept := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r) && r != unicode.ReplacementChar:
			return r
		}
		return -1
	}, text)
	runes := []rune(strings.Join(strings.Fields(kept), " "))
	return string(runes[:min(len(runes), limit)])
}

// setText sets text at size, or smaller if it would be wider than wide.
func setText(text string, y, size, wide, tracking float64, ink color.NRGBA) element {
	e := element{ink: ink, text: text, x: 500, y: y, size: size}.fitted(tracking)
	if e.width > wide {
		e.size *= wide / e.width
		e = e.fitted(tracking)
	}
	return e
}

// fitted works out width and tracking, which is given in ems, for the size.
func (e element) fitted(tracking float64) element {
	ems, known := measure(e.text)
	e.known, e.tracking = known, tracking*e.size
	e.width = ems*e.size + e.tracking*float64(len([]rune(e.text))-1)
	return e
}
