package badge

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"
)

// Sides of a PNG, in pixels.
const (
	MinSize = 16
	MaxSize = 2048
)

// PNG draws a with a side of size pixels on a transparent ground. It refuses
// sizes outside MinSize to MaxSize. A code in a script that Go Bold lacks is left
// out; the icon speaks for it.
func PNG(a Art, size int) ([]byte, error) {
	if size < MinSize || size > MaxSize {
		return nil, fmt.Errorf("draw badge: a side of %d pixels is not between %d and %d", size, MinSize, MaxSize)
	}
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	a.paint(img, float64(size), 0, 0)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&out, straight(img)); err != nil {
		return nil, fmt.Errorf("draw badge: %w", err)
	}
	return out.Bytes(), nil
}

// paint draws a with a side of size pixels, from x and y.
func (a Art) paint(img *image.RGBA, size, x, y float64) {
	scale := size / side
	for _, e := range a.drawing() {
		if size < float64(e.from) {
			continue
		}
		ink := image.NewUniform(e.ink)
		switch {
		case e.text != "":
			fill(img, e.glyphs().at(scale, x, y).flatten(), ink)
		case e.stroke > 0:
			stroke(img, e.path.at(scale, x, y).flatten(), e.stroke*scale/2, ink)
		default:
			fill(img, e.path.at(scale, x, y).flatten(), ink)
		}
	}
}

// flatten turns a path in pixels into polylines; a closed one ends where it
// began.
func (p path) flatten() [][]point {
	var all [][]point
	var line []point
	for _, s := range p {
		switch s.op {
		case 'M':
			if len(line) > 0 {
				all = append(all, line)
			}
			line = []point{s.p[2]}
		case 'L':
			line = append(line, s.p[2])
		case 'C':
			line = bend(line, s.p)
		case 'Z':
			line = append(line, line[0])
		}
	}
	if len(line) > 0 {
		all = append(all, line)
	}
	return all
}

// bend follows a cubic in steps of about two pixels.
func bend(line []point, p [3]point) []point {
	from := line[len(line)-1]
	length := math.Hypot(p[0].x-from.x, p[0].y-from.y) + math.Hypot(p[1].x-p[0].x, p[1].y-p[0].y) + math.Hypot(p[2].x-p[1].x, p[2].y-p[1].y)
	n := max(4, int(length/2))
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		line = append(line, point{a*from.x + b*p[0].x + c*p[1].x + d*p[2].x, a*from.y + b*p[0].y + c*p[1].y + d*p[2].y})
	}
	return line
}

// bounds is the part of the picture within margin of the lines.
func bounds(img *image.RGBA, lines [][]point, margin float64) image.Rectangle {
	low, high := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, line := range lines {
		for _, p := range line {
			low = point{min(low.x, p.x), min(low.y, p.y)}
			high = point{max(high.x, p.x), max(high.y, p.y)}
		}
	}
	if low.x > high.x {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(low.x-margin)), int(math.Floor(low.y-margin)), int(math.Ceil(high.x+margin)), int(math.Ceil(high.y+margin))).Intersect(img.Bounds())
}

// stroke paints lines with round ends and joins, 2·r wide. A pixel is covered by
// how far its middle is from the nearest line: pieces that overlap at a bend do
// not add up, which the area rasteriser would do along every curve's edge.
func stroke(img *image.RGBA, lines [][]point, r float64, ink image.Image) {
	box := bounds(img, lines, r+1)
	if box.Empty() {
		return
	}
	near := make([]float32, box.Dx()*box.Dy()) // squared distance
	far := float32((r + 1) * (r + 1))
	for i := range near {
		near[i] = far
	}
	for _, line := range lines {
		for i := 1; i < len(line); i++ {
			approach(near, box, line[i-1], line[i], r+1)
		}
	}
	mask := image.NewAlpha(box)
	for i, d := range near {
		if d < far {
			mask.Pix[i] = uint8(255*min(1, max(0, r+0.5-math.Sqrt(float64(d)))) + 0.5)
		}
	}
	draw.DrawMask(img, box, ink, image.Point{}, mask, box.Min, draw.Over)
}

// approach notes the distance to the piece from a to b where it is the nearest
// so far. Long pieces are cut, because every pixel of a piece's box is looked at.
func approach(near []float32, box image.Rectangle, a, b point, reach float64) {
	const longest = 24
	dx, dy := b.x-a.x, b.y-a.y
	if n := int(math.Hypot(dx, dy) / longest); n > 0 {
		for i := range n + 1 {
			t, u := float64(i)/float64(n+1), float64(i+1)/float64(n+1)
			approach(near, box, point{a.x + t*dx, a.y + t*dy}, point{a.x + u*dx, a.y + u*dy}, reach)
		}
		return
	}
	length := max(dx*dx+dy*dy, 1e-9)
	part := image.Rect(int(min(a.x, b.x)-reach), int(min(a.y, b.y)-reach), int(max(a.x, b.x)+reach)+1, int(max(a.y, b.y)+reach)+1).Intersect(box)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		row := near[(y-box.Min.Y)*box.Dx():]
		py := float64(y) + 0.5 - a.y
		for x := part.Min.X; x < part.Max.X; x++ {
			px := float64(x) + 0.5 - a.x
			t := min(1, max(0, (px*dx+py*dy)/length))
			ex, ey := px-t*dx, py-t*dy
			if d := float32(ex*ex + ey*ey); d < row[x-box.Min.X] {
				row[x-box.Min.X] = d
			}
		}
	}
}

// fill paints the areas, clipped to the picture; the rasteriser works on no more
// than their bounds.
func fill(img *image.RGBA, areas [][]point, ink image.Image) {
	box := bounds(img, areas, 0)
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	r.DrawOp = draw.Over
	dx, dy := float64(box.Min.X), float64(box.Min.Y)
	for _, area := range areas {
		r.MoveTo(float32(area[0].x-dx), float32(area[0].y-dy))
		for _, p := range area[1:] {
			r.LineTo(float32(p.x-dx), float32(p.y-dy))
		}
		r.ClosePath()
	}
	r.Draw(img, box, ink, image.Point{})
}

// straight gives the picture with colours not multiplied by their cover, the way
// a PNG keeps them: the encoder would do it one interface call per pixel.
func straight(img *image.RGBA) *image.NRGBA {
	for i := 0; i < len(img.Pix); i += 4 {
		p := img.Pix[i : i+4 : i+4]
		if alpha := uint32(p[3]); alpha != 0 && alpha != 255 {
			for j := range 3 {
				p[j] = uint8(min(255, (uint32(p[j])*255+alpha/2)/alpha))
			}
		}
	}
	return &image.NRGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
}
