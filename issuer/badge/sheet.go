package badge

import (
	"image/color"

	"codeberg.org/go-pdf/fpdf"
)

// Inks of papers and pictures for sharing: the house's, on white.
var (
	ink        = rgb(0x1b1b1f)
	quietInk   = rgb(0x56565e)
	ruleInk    = rgb(0xd9d6cd)
	accentInk  = rgb(0x7a5200)
	goodInk    = rgb(0x17653a)
	badInk     = rgb(0x9c1f28)
	unsureInk  = rgb(0x5b5200)
	shadowInk  = rgb(0xf6e6e4) // of a word that lies under the text
	sheetWhite = rgb(0xffffff)
)

// The faces of a sheet.
const (
	textFace    = "text"
	displayFace = "display"
)

// quietZone is how many modules of white the rows of modules begin with.
const quietZone = 4

// mm is how many millimetres one point is.
const mm = 25.4 / 72

// sheet is a PDF being drawn, in millimetres from the top left corner of A4.
type sheet struct {
	*fpdf.Fpdf
	y float64 // where the next line goes
}

func newSheet() *sheet {
	s := &sheet{Fpdf: fpdf.New("P", "mm", "A4", "")}
	s.SetCatalogSort(true) // the same input gives the same bytes
	s.SetAutoPageBreak(false, 0)
	s.SetMargins(0, 0, 0)
	s.SetCellMargin(0)
	s.AddUTF8FontFromBytes(textFace, "", textTTF)
	s.AddUTF8FontFromBytes(displayFace, "", displayTTF)
	return s
}

// style is how a text is set.
type style struct {
	face string
	size float64 // points
	lead float64 // of lines, points
	ink  color.NRGBA
}

func (s *sheet) use(t style) {
	s.SetFont(t.face, "", t.size)
	s.SetTextColor(int(t.ink.R), int(t.ink.G), int(t.ink.B))
}

// lines breaks a text so that no line is wider than width.
func (s *sheet) lines(t style, text string, width float64) []string {
	s.use(t)
	return broken(text, width, s.GetStringWidth)
}

// fitted makes a style smaller until the text takes at most so many lines.
func (s *sheet) fitted(t style, text string, width float64, lines int, smallest float64) style {
	for t.size > smallest && len(s.lines(t, text, width)) > lines {
		t.lead *= (t.size - 0.5) / t.size
		t.size -= 0.5
	}
	return t
}

// block sets a text at s.y and moves s.y below it. align is left, centre.
func (s *sheet) block(t style, text string, x, width float64, centred bool) {
	for _, line := range s.lines(t, text, width) {
		s.y += t.lead * mm
		at := x
		if centred {
			at += (width - s.GetStringWidth(line)) / 2
		}
		s.Text(at, s.y, line)
	}
}

// height is what block would take.
func (s *sheet) height(t style, text string, width float64) float64 {
	return float64(len(s.lines(t, text, width))) * t.lead * mm
}

func (s *sheet) rule(x, y, width, thick float64, c color.NRGBA) {
	s.SetFillColor(int(c.R), int(c.G), int(c.B))
	s.Rect(x, y, width, thick, "F")
}

// mark draws a badge as shapes, side millimetres wide.
func (s *sheet) mark(a Art, x, y, size float64) {
	scale := size / side
	for _, e := range a.drawing() {
		p := e.path
		if e.text != "" {
			p = e.glyphs()
		}
		if len(p) == 0 {
			continue
		}
		s.trace(p.at(scale, x, y))
		if e.stroke > 0 {
			s.SetDrawColor(int(e.ink.R), int(e.ink.G), int(e.ink.B))
			s.SetLineWidth(e.stroke * scale)
			s.SetLineCapStyle("round")
			s.SetLineJoinStyle("round")
			s.DrawPath("D")
			continue
		}
		s.SetFillColor(int(e.ink.R), int(e.ink.G), int(e.ink.B))
		s.DrawPath("F")
	}
}

func (s *sheet) trace(p path) {
	for _, g := range p {
		a, b, to := g.p[0], g.p[1], g.p[2]
		switch g.op {
		case 'M':
			s.MoveTo(to.x, to.y)
		case 'L':
			s.LineTo(to.x, to.y)
		case 'C':
			s.CurveBezierCubicTo(a.x, a.y, b.x, b.y, to.x, to.y)
		case 'Z':
			s.ClosePath()
		}
	}
}

// code draws a QR code as rectangles; the quiet zone lies around the square
// from x and y.
func (s *sheet) code(text string, x, y, size float64) error {
	rows, err := modules(text)
	if err != nil {
		return err
	}
	unit := size / float64(len(rows)-2*quietZone)
	x, y = x-quietZone*unit, y-quietZone*unit
	s.rule(x, y, unit*float64(len(rows)), unit*float64(len(rows)), sheetWhite)
	s.SetFillColor(0, 0, 0)
	for i, row := range rows {
		for from := 0; from < len(row); from++ {
			to := from
			for to < len(row) && row[to] {
				to++
			}
			if to > from {
				// A hair taller than its row, so that no printer leaves a line between two.
				s.Rect(x+float64(from)*unit, y+float64(i)*unit, float64(to-from)*unit, unit*1.02, "F")
				from = to
			}
		}
	}
	return nil
}
