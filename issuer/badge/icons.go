package badge

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// icons are drawn for this program on a grid of 24, as lines of one width: M, L
// and C as in SVG, absolute, Z to close, and O x y r for a circle.
var icons = map[string]string{
	"bolt":    "M13.5 2.5 L5 13.5 L11.5 13.5 L10.5 21.5 L19 10.5 L12.5 10.5 Z",
	"book":    "M12 6 C10 4.3 7 3.8 3 4 L3 18.5 C7 18.3 10 18.9 12 20.6 C14 18.9 17 18.3 21 18.5 L21 4 C17 3.8 14 4.3 12 6 Z M12 6 L12 20.6",
	"chart":   "M4 20.5 L20 20.5 M6 16.5 L6 12 M12 16.5 L12 4 M18 16.5 L18 8.5",
	"check":   "O 12 12 9.5 M7.8 12.4 L10.9 15.5 L16.4 9",
	"compass": "O 12 12 9.5 M16 8 L13.7 13.7 L8 16 L10.3 10.3 Z",
	"data":    "M4.5 5.5 C4.5 3.8 7.9 2.6 12 2.6 C16.1 2.6 19.5 3.8 19.5 5.5 C19.5 7.2 16.1 8.4 12 8.4 C7.9 8.4 4.5 7.2 4.5 5.5 L4.5 18.5 C4.5 20.2 7.9 21.4 12 21.4 C16.1 21.4 19.5 20.2 19.5 18.5 L19.5 5.5 M4.5 12 C4.5 13.7 7.9 14.9 12 14.9 C16.1 14.9 19.5 13.7 19.5 12",
	"flag":    "M5 21.5 L5 3.5 C9.5 1.2 13 6 19.5 3.7 L19.5 13.2 C13 15.5 9.5 10.7 5 13",
	"key":     "O 7.6 16.4 4.6 M10.9 13.1 L20.5 3.5 M16 8 L19.3 11.3",
	"lamp":    "M9 18 L9 15.2 C6.9 14 5.5 11.8 5.5 9.2 C5.5 5.6 8.4 2.7 12 2.7 C15.6 2.7 18.5 5.6 18.5 9.2 C18.5 11.8 17.1 14 15 15.2 L15 18 Z M10 21.4 L14 21.4",
	"layers":  "M12 2.8 L21 7.7 L12 12.6 L3 7.7 Z M3 12.2 L12 17.1 L21 12.2 M3 16.5 L12 21.4 L21 16.5",
	"plug":    "M8.5 2.5 L8.5 7.5 M15.5 2.5 L15.5 7.5 M5 7.5 L19 7.5 L19 10.5 C19 14.4 15.9 17.2 12 17.2 C8.1 17.2 5 14.4 5 10.5 Z M12 17.2 L12 21.5",
	"process": "M3 3 L10 3 L10 10 L3 10 Z M14 14 L21 14 L21 21 L14 21 Z M13.5 6.5 L17.5 6.5 L17.5 10.5 M10.5 17.5 L6.5 17.5 L6.5 13.5",
	"shield":  "M12 2.5 L20 5.5 L20 11.5 C20 16.5 16.5 20 12 21.7 C7.5 20 4 16.5 4 11.5 L4 5.5 Z M8.3 11.8 L11 14.5 L15.8 9.3",
	"speech":  "M4 4 L20 4 L20 16 L12 16 L7 20.8 L7 16 L4 16 Z M8 10 L8 10 M12 10 L12 10 M16 10 L16 10",
	"users":   "O 9 7.4 3.7 M2.4 20.4 C2.4 16.4 5.4 14 9 14 C12.6 14 15.6 16.4 15.6 20.4 M15.6 3.9 C17.3 4.3 18.5 5.7 18.5 7.4 C18.5 9.1 17.3 10.5 15.6 10.9 M18.3 14.5 C20.4 15.4 21.6 17.5 21.6 20.4",
	"star":    star(),
}

func star() string {
	var b strings.Builder
	for i := range 10 {
		r, angle := 10.4, float64(i)*math.Pi/5
		if i%2 == 1 {
			r = 4.6
		}
		b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0])
		b.WriteString(number(12 + r*math.Sin(angle)))
		b.WriteString(" ")
		b.WriteString(number(12.8 - r*math.Cos(angle)))
		b.WriteString(" ")
	}
	return b.String() + "Z"
}

// Icons lists the names that Art.Icon knows, in order. Which of them a badge
// bears is decided by issuer.IconFor.
func Icons() []string {
	names := make([]string, 0, len(icons))
	for name := range icons {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// iconPath reads one of the icons above; an unknown name gives the star.
func iconPath(name string) path {
	text, ok := icons[name]
	if !ok {
		text = icons["star"]
	}
	var p path
	fields := strings.Fields(strings.NewReplacer("M", "M ", "L", "L ", "C", "C ").Replace(text))
	for len(fields) > 0 {
		op := fields[0]
		n := map[string]int{"M": 2, "L": 2, "C": 6, "O": 3, "Z": 0}[op]
		var v [6]float64
		for i := range n {
			v[i], _ = strconv.ParseFloat(fields[1+i], 64) // written above, read by every test
		}
		switch op {
		case "M":
			p = p.move(v[0], v[1])
		case "L":
			p = p.line(v[0], v[1])
		case "C":
			p = p.curve(point{v[0], v[1]}, point{v[2], v[3]}, point{v[4], v[5]})
		case "O":
			p = append(p, ellipse(v[0], v[1], v[2], v[2])...)
		case "Z":
			p = p.close()
		}
		fields = fields[1+n:]
	}
	return p
}
