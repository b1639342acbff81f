package badge

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"strconv"
)

// fonts is what the text of an SVG is set in: the font of the PNG where somebody
// has it, else the system's.
const fonts = `Go,'Segoe UI',system-ui,'Helvetica Neue',Arial,'Liberation Sans',sans-serif`

// SVG draws a as a standalone picture: paths and text, no script, no style, no
// reference to anything outside. It scales to any size.
func SVG(a Art) []byte {
	var out bytes.Buffer
	name := clean(a.Name, 200)
	if name == "" {
		name = clean(a.Code, 24)
	}
	if a.Year > 0 && !a.Coming {
		name += ", " + strconv.Itoa(a.Year)
	}
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" width="%[2]d" height="%[2]d" role="img" aria-label="%[3]s"><title>%[3]s</title>`, side, DefaultSize, escape(name))
	for _, e := range a.drawing() {
		if e.text != "" {
			e.writeText(&out)
			continue
		}
		out.WriteString(`<path d="`)
		e.path.write(&out)
		if e.stroke > 0 {
			fmt.Fprintf(&out, `" fill="none" stroke="%s" stroke-width="%s" stroke-linecap="round" stroke-linejoin="round"/>`, hex(e.ink), number(e.stroke))
		} else {
			fmt.Fprintf(&out, `" fill="%s"/>`, hex(e.ink))
		}
	}
	out.WriteString(`</svg>`)
	return out.Bytes()
}

// writeText holds a line to the width it was measured at: whatever font the
// reader has, it fits. A script that our font lacks keeps its own width.
func (e element) writeText(out *bytes.Buffer) {
	fmt.Fprintf(out, `<text x="%s" y="%s" font-family="%s" font-weight="700" font-size="%s" fill="%s" text-anchor="middle"`, number(e.x), number(e.y), fonts, number(e.size), hex(e.ink))
	if e.known && len([]rune(e.text)) > 1 {
		adjust := "spacingAndGlyphs"
		if e.tracking > e.size/10 {
			adjust = "spacing" // wide set: room enough between the letters
		}
		fmt.Fprintf(out, ` textLength="%s" lengthAdjust="%s"`, number(e.width), adjust)
	}
	fmt.Fprintf(out, `>%s</text>`, escape(e.text))
}

func (p path) write(out *bytes.Buffer) {
	for _, s := range p {
		out.WriteByte(s.op)
		switch s.op {
		case 'M', 'L':
			fmt.Fprintf(out, "%s %s", number(s.p[2].x), number(s.p[2].y))
		case 'C':
			for i, q := range s.p {
				if i > 0 {
					out.WriteByte(' ')
				}
				fmt.Fprintf(out, "%s %s", number(q.x), number(q.y))
			}
		}
	}
}

// number writes a coordinate with at most two decimals.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'f', 2, 64)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return text
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func escape(text string) string {
	var out bytes.Buffer
	if err := xml.EscapeText(&out, []byte(text)); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.String()
}
