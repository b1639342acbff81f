package badge

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/verifier/bake"
)

var kinds = []string{Short, Track, Capstone, Level, Program, Mentor, "unheard of"}

var first = Art{Kind: Short, Ring: 1, Icon: "process", Code: "F1", Year: 2026, Inks: InksOf("citizen-dev"), Name: "Thinking in Processes"}

func drawn(t testing.TB, a Art, size int) *image.NRGBA {
	t.Helper()
	doc, err := PNG(a, size)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	picture, ok := img.(*image.NRGBA)
	if !ok || picture.Bounds() != image.Rect(0, 0, size, size) {
		t.Fatalf("%T of %v", img, img.Bounds())
	}
	return picture
}

// inside tells whether p lies in the area, by counting how often its border is
// crossed on the way out.
func inside(p point, area []point) bool {
	in := false
	for i := 1; i < len(area); i++ {
		a, b := area[i-1], area[i]
		if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(b.x-a.x)*(p.y-a.y)/(b.y-a.y) {
			in = !in
		}
	}
	return in
}

// TestEverythingFits: icon, code and year stay clear of the innermost ring, in
// every outline, whatever the code.
func TestEverythingFits(t *testing.T) {
	for _, kind := range kinds {
		for ring := range maxRings + 1 {
			for _, code := range []string{"F1", "C10", "citizen-developer", "foundation", strings.Repeat("W", 40), "i", "Überblick", "a b c d e f g h i"} {
				edge := rim
				if ring > 0 {
					edge = ringFirst + float64(ring-1)*ringStep + ringLine/2
				}
				area := outline(kind, edge).at(0.1, 0, 0).flatten()[0] // fewer, longer pieces
				for i, icon := range Icons() {
					if i > 0 && code != "F1" {
						continue
					}
					a := Art{Kind: kind, Ring: ring, Code: code, Icon: icon, Year: 2026}
					for _, e := range a.drawing()[2+ring:] {
						for _, p := range reach(e) {
							if !inside(point{p.x / 10, p.y / 10}, area) {
								t.Fatalf("%s, %d rings, %s, %s: %q at %.0f is outside", kind, ring, code, icon, e.text, p)
							}
						}
					}
				}
			}
		}
	}
}

// reach gives the points of an element that stick out furthest.
func reach(e element) []point {
	if e.text != "" {
		const cap = 0.75
		return []point{{e.x - e.width/2, e.y}, {e.x + e.width/2, e.y}, {e.x - e.width/2, e.y - cap*e.size}, {e.x + e.width/2, e.y - cap*e.size}}
	}
	var all []point
	for _, line := range e.path.flatten() {
		for i, p := range line {
			if i%5 > 0 && i < len(line)-1 {
				continue // curves are followed in small steps
			}
			r := e.stroke / 2
			all = append(all, point{p.x - r, p.y - r}, point{p.x + r, p.y + r}, point{p.x + r, p.y - r}, point{p.x - r, p.y + r})
		}
	}
	return all
}

// TestInset: an outline moved inwards keeps its distance from the outer one.
func TestInset(t *testing.T) {
	for _, kind := range kinds {
		outer := outline(kind, 0).flatten()[0]
		for _, inset := range []float64{rim, 60, 110} {
			for _, p := range outline(kind, inset).flatten()[0] {
				if !inside(p, outer) {
					t.Fatalf("%s: %v is outside", kind, p)
				}
				nearest := math.Inf(1)
				for i := 1; i < len(outer); i++ {
					nearest = min(nearest, distance(p, outer[i-1], outer[i]))
				}
				// The oval's inset is an ellipse, which is near enough.
				if math.Abs(nearest-inset) > 1+inset*0.04 {
					t.Fatalf("%s: inset %v is %v at %v", kind, inset, nearest, p)
				}
			}
		}
		for _, p := range outer {
			if p.x < 0 || p.y < 0 || p.x > side || p.y > side {
				t.Fatalf("%s leaves the square at %v", kind, p)
			}
		}
	}
}

func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	s := min(1, max(0, ((p.x-a.x)*dx+(p.y-a.y)*dy)/max(dx*dx+dy*dy, 1e-9)))
	return math.Hypot(p.x-a.x-s*dx, p.y-a.y-s*dy)
}

func TestSameBytes(t *testing.T) {
	one, err := PNG(first, 256)
	if err != nil {
		t.Fatal(err)
	}
	two, err := PNG(first, 256)
	if err != nil || !bytes.Equal(one, two) || !bytes.Equal(SVG(first), SVG(first)) {
		t.Errorf("two pictures of one badge differ (%v)", err)
	}
}

// TestTellApart: at 64 pixels every kind, icon, code and program looks different.
func TestTellApart(t *testing.T) {
	var arts []Art
	for _, kind := range kinds[:6] {
		a := first
		a.Kind = kind
		arts = append(arts, a)
	}
	for _, icon := range Icons() {
		if icon != first.Icon {
			a := first
			a.Icon = icon
			arts = append(arts, a)
		}
	}
	for _, change := range []func(*Art){func(a *Art) { a.Code = "F2" }, func(a *Art) { a.Coming = true }, func(a *Art) { a.Inks = palette[2] }} {
		a := first
		change(&a)
		arts = append(arts, a)
	}
	pictures := make([]*image.NRGBA, len(arts))
	for i, a := range arts {
		pictures[i] = drawn(t, a, 64)
		for j := range i {
			if n := differing(pictures[i], pictures[j]); n < 12 {
				t.Errorf("%+v and %+v differ in %d pixels", a, arts[j], n)
			}
		}
	}
}

// differing counts pixels that an eye would tell apart.
func differing(a, b *image.NRGBA) (n int) {
	for i := 0; i < len(a.Pix); i += 4 {
		d := 0
		for j := range 4 {
			d += int(math.Abs(float64(a.Pix[i+j]) - float64(b.Pix[i+j])))
		}
		if d > 80 {
			n++
		}
	}
	return n
}

// TestPaint looks at single pixels: outside clear, rim metal, ground ink, and the
// same at every size.
func TestPaint(t *testing.T) {
	for _, size := range []int{64, 512, 800} {
		img := drawn(t, first, size)
		at := func(x, y int) color.NRGBA { return img.NRGBAAt(x*size/side, y*size/side) }
		if c := at(5, 5); c.A != 0 {
			t.Errorf("%d: corner is %v", size, c)
		}
		if c := at(500, 28); c != first.Inks.Metal && size > 64 {
			t.Errorf("%d: rim is %v", size, c)
		}
		if c := at(160, 600); c != first.Inks.Ground {
			t.Errorf("%d: ground is %v", size, c)
		}
		for y := range size { // the rim's soft edge is metal too, only thinner
			if c := img.NRGBAAt(size/5, y); c.A > 0 {
				if m := first.Inks.Metal; c.A < 255 && c.A > 60 && math.Abs(float64(c.R)-float64(m.R)) > 4 && size > 64 {
					t.Errorf("%d: edge is %v", size, c)
				}
				break
			}
		}
	}
}

// TestSmall: the year and the rings are left out where they would be a smudge.
func TestSmall(t *testing.T) {
	bare := first
	bare.Ring, bare.Year = 0, 0
	with := first
	with.Ring = 0
	if differing(drawn(t, with, 96), drawn(t, bare, 96)) != 0 {
		t.Error("the year is drawn at 96 pixels")
	}
	if differing(drawn(t, with, 256), drawn(t, bare, 256)) < 50 {
		t.Error("the year is not drawn at 256 pixels")
	}
	for _, size := range []int{-1, 0, 15, 2049} {
		if _, err := PNG(first, size); err == nil {
			t.Errorf("%d pixels drawn", size)
		}
	}
	for _, size := range []int{MinSize, MinSize + 1} {
		drawn(t, first, size)
	}
	if _, err := PNG(Art{}, MaxSize); err != nil {
		t.Error(err)
	}
}

// TestStroke compares every pixel with its distance from the line, long pieces,
// bends and ends beyond the picture included.
func TestStroke(t *testing.T) {
	line := []point{{-8, 10}, {70, 12.5}, {64, 40}, {66, 44}, {20.25, 60}, {20.25, 60}, {30, 33}}
	for _, r := range []float64{0.4, 1, 3.3, 7} {
		img := image.NewRGBA(image.Rect(0, 0, 64, 64))
		stroke(img, [][]point{line}, r, image.NewUniform(color.White))
		for y := range 64 {
			for x := range 64 {
				nearest := math.Inf(1)
				for i := 1; i < len(line); i++ {
					nearest = min(nearest, distance(point{float64(x) + 0.5, float64(y) + 0.5}, line[i-1], line[i]))
				}
				want := 255 * min(1, max(0, r+0.5-nearest))
				if got := float64(img.RGBAAt(x, y).A); math.Abs(got-want) > 1.5 {
					t.Fatalf("r %v: %v at %d,%d, want %v", r, got, x, y, want)
				}
			}
		}
	}
}

func TestSVG(t *testing.T) {
	doc := string(SVG(first))
	wellFormed(t, []byte(doc))
	for _, want := range []string{`role="img"`, `aria-label="Thinking in Processes, 2026"`, `<title>Thinking in Processes, 2026</title>`, `>F1</text>`, `>2026</text>`, `viewBox="0 0 1000 1000"`} {
		if !strings.Contains(doc, want) {
			t.Errorf("no %s in %s", want, doc)
		}
	}
}

func TestHostileText(t *testing.T) {
	for _, text := range []string{
		`</text><script>alert(1)</script>`, `"><image href="http://a.example"/>`, "a\x00b\x01\x7f", "\xff\xfe", "\u202eevil\u2066", "]]>", "\ufffe\uffff", "🏅🏅", "مبرمج", "证书", strings.Repeat("长", 5000), "\n\t ", "&amp;", "e\u0301",
	} {
		for _, kind := range kinds {
			a := Art{Kind: kind, Code: text, Name: text, Icon: text, Year: -5, Ring: -1}
			doc := SVG(a)
			wellFormed(t, doc)
			if bytes.ContainsAny(doc, "\u202e\u2066\x00") {
				t.Errorf("%q went through", text)
			}
			drawn(t, a, 32)
		}
	}
}

func TestUnknownLetters(t *testing.T) {
	a := first
	a.Code = "证书"
	none := first
	none.Code = ""
	if differing(drawn(t, a, 256), drawn(t, none, 256)) != 0 {
		t.Error("letters that the font lacks are drawn as boxes")
	}
	if !strings.Contains(string(SVG(a)), ">证书</text>") {
		t.Error("SVG leaves them out too")
	}
}

func TestSplit(t *testing.T) {
	for code, want := range map[string][2]string{
		"F1": {"F1", ""}, "A-B": {"A-B", ""}, "FOUNDATION": {"FOUNDATION", ""}, "CITIZEN-DEVELOPER": {"CITIZEN", "DEVELOPER"},
		"A-LONG-CODE-HERE": {"A-LONG", "CODE-HERE"}, "-LEADINGDASH": {"-LEADINGDASH", ""}, "TRAILINGDASH-": {"TRAILINGDASH-", ""},
	} {
		if one, two := split(code); [2]string{one, two} != want {
			t.Errorf("split(%q) = %q, %q", code, one, two)
		}
	}
}

// TestEveryIconIsDrawn holds the names that a badge may bear against the
// drawings there are.
func TestEveryIconIsDrawn(t *testing.T) {
	if diff := cmp.Diff(issuer.Icons, Icons()); diff != "" {
		t.Errorf("icons (-named +drawn)\n%s", diff)
	}
	for _, kind := range kinds {
		if kind == "unheard of" {
			continue
		}
		if icon := issuer.IconFor(kind); icons[icon] == "" {
			t.Errorf("a badge of kind %s bears %q, which is not drawn", kind, icon)
		}
	}
}

// TestContrast: WCAG 2.2 §1.4.3 and §1.4.11.
func TestContrast(t *testing.T) {
	for _, inks := range palette {
		if c := contrast(inks.Ground, inks.Metal); c < 4.5 {
			t.Errorf("%v on %v: %.1f", inks.Metal, inks.Ground, c)
		}
		if c := contrast(inks.Ground, paper); c < 7 {
			t.Errorf("paper on %v: %.1f", inks.Ground, c)
		}
		if c := contrast(inks.Metal, rgb(0x16161a)); c < 3 {
			t.Errorf("rim %v on a dark page: %.1f", inks.Metal, c)
		}
	}
	for _, page := range []color.NRGBA{paper, rgb(0x16161a)} {
		if c := contrast(pale, page); c < 3 {
			t.Errorf("outlines on %v: %.1f", page, c)
		}
	}
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		} else {
			return s / 12.92
		}
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func TestInksNamed(t *testing.T) {
	if diff := cmp.Diff(issuer.Colours, Colours()); diff != "" {
		t.Errorf("the colours that a program can choose: %s", diff)
	}
	for i, name := range Colours() {
		if got := InksNamed(name, "citizen-dev"); got != palette[i] {
			t.Errorf("%s gives %v", name, got)
		}
	}
	if got := InksNamed("", "citizen-dev"); got != InksOf("citizen-dev") {
		t.Errorf("without a name: %v", got)
	}
}

func TestInksOf(t *testing.T) {
	if got := InksOf("citizen-dev"); got != palette[1] {
		t.Errorf("a program changed its colours to %v", got)
	}
	seen := map[Inks]bool{}
	for i := range 100 {
		seen[InksOf(fmt.Sprint(i))] = true
	}
	if len(seen) != len(palette) {
		t.Errorf("%d of %d pairs in use", len(seen), len(palette))
	}
}

func TestBaked(t *testing.T) {
	credential := []byte(`{"type":["VerifiableCredential","OpenBadgeCredential"]}`)
	for kind, make := range map[bake.Kind]func(Art, []byte) ([]byte, error){bake.PNGKind: BakedPNG, bake.SVGKind: BakedSVG} {
		doc, err := make(first, credential)
		if err != nil {
			t.Fatal(err)
		}
		got, found, err := bake.Unbake(doc)
		if err != nil || found != kind || !bytes.Equal(got, credential) {
			t.Errorf("%s: %q %v %v", kind, got, found, err)
		}
		if _, err := make(first, []byte("hello")); !errors.Is(err, bake.ErrCredential) {
			t.Errorf("%s of no credential: %v", kind, err)
		}
		if kind == bake.SVGKind {
			wellFormed(t, doc)
		} else if config, err := png.DecodeConfig(bytes.NewReader(doc)); err != nil || config.Width != DefaultSize {
			t.Errorf("%+v %v", config, err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	for _, size := range []int{64, 256, 512, 1200} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				doc, err := PNG(first, size)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(doc)), "bytes")
			}
		})
	}
}

func BenchmarkSVG(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(float64(len(SVG(first))), "bytes")
	}
}

func BenchmarkBakedPNG(b *testing.B) {
	credential := []byte("{" + strings.Repeat(" ", 3000) + "}")
	for b.Loop() {
		if _, err := BakedPNG(first, credential); err != nil {
			b.Fatal(err)
		}
	}
}
