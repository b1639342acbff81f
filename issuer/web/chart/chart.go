// Package chart turns numbers into the shapes of charts: where a bar ends, where
// a line runs, which numbers stand at its axis. It knows no words, no colours and
// no markup; a template draws what it says as SVG, with real text of the page's
// own size, and puts the table of the numbers under it.
//
// Lengths along the line of reading are shares of the width, so that a chart is as
// wide as its page and its text does not shrink with it. Where reading runs from
// right to left the shapes are mirrored (Facing); text turns by itself.
package chart

import (
	"math"
	"strconv"
	"strings"
)

// Share is a length or a place in per cent of a side, from 0 to 100.
type Share float64

// String is the share as an attribute of SVG.
func (s Share) String() string {
	return strconv.FormatFloat(math.Round(float64(s)*100)/100, 'f', -1, 64) + "%"
}

// Bars are horizontal bars under each other, each with a line of text above it.
type Bars struct {
	Rows   []Row
	Height int // pixels
}

// Row is a bar, in front of the bar that it is a part of. Start is where its text
// begins and End where it ends; Text is its base line. Vertical places are pixels.
type Row struct {
	Start, End Share
	Text, Top  int
	Here       Span
	Before     Span // of no width where there is nothing that it is a part of
}

// Span is a length from a place on.
type Span struct{ At, Width Share }

// How tall the parts of a row are, in pixels.
const (
	rowHeight = 52
	textLine  = 16
	// BarHeight is how thick a bar is.
	BarHeight = 16
	barTop    = 24
)

// Bar is a number, and the one that it is a part of; 0 for none.
type Bar struct{ Here, Before int }

// NewBars gives bars the lengths of their numbers. The largest has the whole
// width; a bar of more than nothing can be seen.
func NewBars(bars []Bar) Bars {
	most := 1
	for _, b := range bars {
		most = max(most, b.Here, b.Before)
	}
	out := Bars{Height: rowHeight * len(bars)}
	for i, b := range bars {
		out.Rows = append(out.Rows, Row{Start: 0, End: 100, Text: i*rowHeight + textLine, Top: i*rowHeight + barTop,
			Here: Span{0, share(b.Here, most)}, Before: Span{0, share(b.Before, most)}})
	}
	return out
}

// least is the share that a small number has at least, to be seen.
const least = 0.5

func share(n, most int) Share {
	if n <= 0 {
		return 0
	}
	return Share(max(least, 100*float64(n)/float64(most)))
}

// Facing gives the bars as they stand where reading runs in a direction: "rtl",
// or anything else for from left to right.
func (b Bars) Facing(dir string) Bars {
	if dir != "rtl" {
		return b
	}
	out := Bars{Height: b.Height, Rows: make([]Row, len(b.Rows))}
	for i, r := range b.Rows {
		r.Start, r.End = 100-r.Start, 100-r.End
		r.Here, r.Before = r.Here.mirrored(), r.Before.mirrored()
		out.Rows[i] = r
	}
	return out
}

func (s Span) mirrored() Span { return Span{100 - s.At - s.Width, s.Width} }

// Line is a line over time, from the first number to the last, above an axis
// that begins at nothing.
type Line struct {
	Points   []Point
	Segments []Segment // between neighbours
	Ticks    []Tick    // numbers at the axis, from 0 up
	Labels   []Label   // points that are named under the line
	Axis     Point     // where the axis of numbers ends its text
	Floor    Share     // how far down nothing is
	Right    Share     // where the lines of the ticks end
}

// Point is a place; both sides in per cent, from the top.
type Point struct{ X, Y Share }

// Segment is a straight piece of the line.
type Segment struct{ From, To Point }

// Tick is a number at the axis.
type Tick struct {
	Value int
	Y     Share
}

// Label names the point of an index. Anchor is the text-anchor of SVG.
type Label struct {
	Index  int
	X      Share
	Anchor string
}

// The edges of a line: text of the axis before left, of the points under floor.
const (
	left  = 9
	right = 99
	roof  = 6
	floor = 84
)

// NewLine draws numbers in their order, at the same distance from each other.
func NewLine(values []int) Line {
	most := 0
	for _, v := range values {
		most = max(most, v)
	}
	l := Line{Axis: Point{left - 1.5, 0}, Floor: floor, Right: right}
	step := niceStep(most)
	top := max(step, (most+step-1)/step*step)
	y := func(v int) Share { return Share(floor - float64(floor-roof)*float64(max(0, v))/float64(top)) }
	for v := 0; v <= top; v += step {
		l.Ticks = append(l.Ticks, Tick{v, y(v)})
	}
	for i, v := range values {
		x := Share(left)
		if len(values) > 1 {
			x += Share(float64(right-left) * float64(i) / float64(len(values)-1))
		}
		l.Points = append(l.Points, Point{x, y(v)})
		if i > 0 {
			l.Segments = append(l.Segments, Segment{l.Points[i-1], l.Points[i]})
		}
	}
	l.label()
	return l
}

// label names the first point, the last, and the middle one where there is room
// for a third.
func (l *Line) label() {
	last := len(l.Points) - 1
	if last < 0 {
		return
	}
	l.Labels = append(l.Labels, Label{0, l.Points[0].X, "start"})
	if last >= 6 {
		l.Labels = append(l.Labels, Label{last / 2, l.Points[last/2].X, "middle"})
	}
	if last > 0 {
		l.Labels = append(l.Labels, Label{last, l.Points[last].X, "end"})
	}
}

// Facing gives the line as it runs where reading does, as Bars.Facing.
func (l Line) Facing(dir string) Line {
	if dir != "rtl" {
		return l
	}
	out := l
	out.Points, out.Segments, out.Labels = make([]Point, len(l.Points)), make([]Segment, len(l.Segments)), make([]Label, len(l.Labels))
	out.Axis.X, out.Right = 100-l.Axis.X, 100-l.Right
	for i, p := range l.Points {
		out.Points[i] = p.mirrored()
	}
	for i, s := range l.Segments {
		out.Segments[i] = Segment{s.From.mirrored(), s.To.mirrored()}
	}
	for i, b := range l.Labels {
		b.X = 100 - b.X
		out.Labels[i] = b
	}
	return out
}

func (p Point) mirrored() Point { return Point{100 - p.X, p.Y} }

// niceStep is the least of 1, 2, 5, 10, 20 … in which at most four steps are
// taken to a number.
func niceStep(most int) int {
	for unit := 1; ; unit *= 10 {
		for _, step := range []int{unit, 2 * unit, 5 * unit} {
			if 4*step >= most {
				return step
			}
		}
	}
}

// room is how many columns a label has beside its number on a narrow screen.
const room = 30

// Fit cuts a label that there is no room for above its bar; the table has it
// whole. What is not an alphabet takes two columns a sign.
func Fit(label string) string {
	columns := 0
	for i, r := range label {
		columns++
		if r >= 0x1100 {
			columns++
		}
		if columns > room {
			return strings.TrimSpace(label[:i]) + "…"
		}
	}
	return label
}
