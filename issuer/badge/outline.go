package badge

import "math"

// side is the square that every mark is drawn in.
const side = 1000

type point struct{ x, y float64 }

// segment is a piece of a path: 'M' and 'L' use p[2], 'C' all three, 'Z' none.
type segment struct {
	op byte
	p  [3]point
}

type path []segment

func (p path) move(x, y float64) path { return append(p, segment{'M', [3]point{2: {x, y}}}) }
func (p path) line(x, y float64) path { return append(p, segment{'L', [3]point{2: {x, y}}}) }
func (p path) close() path            { return append(p, segment{op: 'Z'}) }
func (p path) curve(a, b, to point) path {
	return append(p, segment{'C', [3]point{a, b, to}})
}

// at gives the path scaled and moved.
func (p path) at(scale, dx, dy float64) path {
	out := make(path, len(p))
	for i, s := range p {
		for j, q := range s.p {
			s.p[j] = point{q.x*scale + dx, q.y*scale + dy}
		}
		out[i] = s
	}
	return out
}

// quarter is the handle of a cubic that follows a quarter of a circle of radius 1.
var quarter = 4.0 / 3 * math.Tan(math.Pi/8)

func ellipse(cx, cy, rx, ry float64) path {
	hx, hy := rx*quarter, ry*quarter
	return path{}.move(cx, cy-ry).
		curve(point{cx + hx, cy - ry}, point{cx + rx, cy - hy}, point{cx + rx, cy}).
		curve(point{cx + rx, cy + hy}, point{cx + hx, cy + ry}, point{cx, cy + ry}).
		curve(point{cx - hx, cy + ry}, point{cx - rx, cy + hy}, point{cx - rx, cy}).
		curve(point{cx - rx, cy - hy}, point{cx - hx, cy - ry}, point{cx, cy - ry}).
		close()
}

// outline is the edge of a kind's mark, moved inwards by inset all around.
func outline(kind string, inset float64) path {
	switch kind {
	case Short:
		return ellipse(500, 500, 400-inset, 482-inset)
	case Track:
		return polygon(inset, []point{{235, 18}, {765, 18}, {900, 153}, {900, 847}, {765, 982}, {235, 982}, {100, 847}, {100, 153}})
	case Capstone:
		return shield(inset)
	case Level:
		return polygon(inset, []point{{500, 8}, {980, 500}, {500, 992}, {20, 500}})
	case Program:
		const far, near = 482, 482 * (math.Sqrt2 - 1)
		return polygon(inset, []point{{500 - near, 500 - far}, {500 + near, 500 - far}, {500 + far, 500 - near}, {500 + far, 500 + near},
			{500 + near, 500 + far}, {500 - near, 500 + far}, {500 - far, 500 + near}, {500 - far, 500 - near}})
	}
	return ellipse(500, 500, 482-inset, 482-inset)
}

// polygon moves each edge of a convex polygon, given clockwise, inwards.
func polygon(inset float64, corners []point) path {
	n := len(corners)
	var p path
	for i := range corners {
		before, here, after := corners[(i+n-1)%n], corners[i], corners[(i+1)%n]
		q := corner(before, here, after, inset)
		if i == 0 {
			p = p.move(q.x, q.y)
		} else {
			p = p.line(q.x, q.y)
		}
	}
	return p.close()
}

// corner is where the edges before-here and here-after meet once both have moved
// inwards, to the right of their direction.
func corner(before, here, after point, inset float64) point {
	ux, uy := unit(before, here)
	vx, vy := unit(here, after)
	// here + inset·(normal of u + normal of v) / (1 + u·v)
	k := inset / (1 + ux*vx + uy*vy)
	return point{here.x + k*(-uy-vy), here.y + k*(ux+vx)}
}

func unit(a, b point) (x, y float64) {
	length := math.Hypot(b.x-a.x, b.y-a.y)
	return (b.x - a.x) / length, (b.y - a.y) / length
}

// shield has a straight head and straight flanks; its foot is two arcs whose
// centres lie on the other side of the middle, so that an inset is exact.
func shield(inset float64) path {
	const top, waist, half, beyond = 26.0, 440.0, 415.0, 150.0
	r, w := half+beyond-inset, half-inset
	foot := waist + math.Sqrt(r*r-beyond*beyond)
	angle := math.Acos(beyond / r)
	h := r * 4 / 3 * math.Tan(angle/4)
	// The tangent where the arc ends, on the right side pointing back up it.
	tx, ty := math.Sin(angle)*h, math.Cos(angle)*h
	return path{}.move(500-w, top+inset).line(500+w, top+inset).line(500+w, waist).
		curve(point{500 + w, waist + h}, point{500 + tx, foot - ty}, point{500, foot}).
		curve(point{500 - tx, foot - ty}, point{500 - w, waist + h}, point{500 - w, waist}).
		close()
}
