package badge

import (
	"bytes"
	"crypto/rand"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/skip2/go-qrcode"
)

const (
	base   = "https://badges.academy.example.org"
	sample = "HTTPS://BADGES.ACADEMY.EXAMPLE.ORG/V/4MWZ7QKJ2Y6PXN3RTBLVDHCFGA"
)

// read decodes a QR code by a library that did not make it.
func read(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := zxing.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("not readable: %v", err)
	}
	return result.GetText()
}

func TestQRPNG(t *testing.T) {
	for _, text := range []string{sample, "x", strings.Repeat("Grüße ", 40)} {
		for _, pixels := range []int{-1, 64, 100, 127, 256, 333, 512, 777, 1024, 5000} {
			if len(text) > 100 && pixels < 127 {
				continue // a pixel to a module is for eyes other than this reader's
			}
			doc, err := QRPNG(text, pixels)
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(doc))
			if err != nil {
				t.Fatal(err)
			}
			if side := img.Bounds().Dx(); side != min(max(pixels, MinQR), MaxQR) || side != img.Bounds().Dy() {
				t.Errorf("%d pixels asked, %v drawn", pixels, img.Bounds())
			}
			if doc[24] != 1 {
				t.Errorf("%d bits per pixel", doc[24])
			}
			if got := read(t, img); got != text {
				t.Errorf("%d: reads %q", pixels, got)
			}
		}
	}
}

// TestQRQuiet: four modules of white on every side, modules of whole pixels.
func TestQRQuiet(t *testing.T) {
	doc, err := QRPNG("x", 290) // version 1: 21 + 8 modules of 10 pixels
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 290 {
		for _, p := range []image.Point{{i, 39}, {39, i}, {i, 250}, {250, i}} {
			if img.At(p.X, p.Y) != (color.Gray{Y: 255}) {
				t.Fatalf("dark at %v", p)
			}
		}
	}
	for i := 40; i < 110; i++ { // the finder's outer line is one module thick
		if img.At(i, 40) != (color.Gray{}) || img.At(i, 49) != (color.Gray{}) {
			t.Fatalf("light at %d in the finder's line", i)
		}
	}
	if img.At(55, 50) != (color.Gray{Y: 255}) {
		t.Error("dark inside the finder's line")
	}
}

// TestQRCentred: pixels that no whole module can use are shared out.
func TestQRCentred(t *testing.T) {
	doc, err := QRPNG("x", 300)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []image.Point{{44, 50}, {50, 44}, {255, 50}} {
		if img.At(p.X, p.Y) != (color.Gray{Y: 255}) {
			t.Errorf("dark at %v", p)
		}
	}
	for _, p := range []image.Point{{45, 50}, {50, 45}, {254, 50}} {
		if img.At(p.X, p.Y) != (color.Gray{}) {
			t.Errorf("light at %v", p)
		}
	}
}

func TestQRTooMuch(t *testing.T) {
	long := strings.Repeat("x", 2400)
	if _, err := QRPNG(long, 512); err == nil {
		t.Error("QRPNG")
	}
	if _, err := QRSVG(long); err == nil {
		t.Error("QRSVG")
	}
	if QRTerminal(long) != "" {
		t.Error("QRTerminal")
	}
	// As many modules as version 30 has do not fit into 64 pixels: drawn larger.
	doc, err := QRPNG(strings.Repeat("x", 1300), 64)
	if err != nil {
		t.Fatal(err)
	}
	config, err := png.DecodeConfig(bytes.NewReader(doc))
	if err != nil || config.Width < 137 {
		t.Errorf("%+v %v", config, err)
	}
}

func TestQRSVG(t *testing.T) {
	doc, err := QRSVG(sample)
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, doc)
	size := regexp.MustCompile(`viewBox="0 0 (\d+)`).FindSubmatch(doc)
	if size == nil {
		t.Fatal("no viewBox")
	}
	side := atoi(t, string(size[1]))
	img := image.NewGray(image.Rect(0, 0, side*4, side*4))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(string(doc), -1) {
		x, y, n := atoi(t, run[1]), atoi(t, run[2]), atoi(t, run[3])
		if run[3] != run[4] {
			t.Fatalf("run %v is not closed", run)
		}
		for i := x * 4; i < (x+n)*4; i++ {
			for j := y * 4; j < y*4+4; j++ {
				img.SetGray(i, j, color.Gray{})
			}
		}
	}
	if got := read(t, img); got != sample {
		t.Errorf("reads %q", got)
	}
	if len(doc) > 8<<10 {
		t.Errorf("%d bytes", len(doc))
	}
}

func TestQRTerminal(t *testing.T) {
	const on, off = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
	lines := strings.Split(strings.TrimSuffix(QRTerminal(sample), "\n"), "\n")
	width := len([]rune(strings.TrimSuffix(strings.TrimPrefix(lines[0], on), off)))
	img := image.NewGray(image.Rect(0, 0, width*4, len(lines)*8))
	for y, line := range lines {
		if !strings.HasPrefix(line, on) || !strings.HasSuffix(line, off) {
			t.Fatalf("line %d leaves colours on or unset", y)
		}
		cells := []rune(strings.TrimSuffix(strings.TrimPrefix(line, on), off))
		if len(cells) != width {
			t.Fatalf("line %d has %d cells of %d", y, len(cells), width)
		}
		for x, cell := range cells {
			upper, lower := uint8(255), uint8(255)
			if cell == '█' || cell == '▀' {
				upper = 0
			}
			if cell == '█' || cell == '▄' {
				lower = 0
			}
			for i := range 32 {
				img.Pix[(y*8+i/4)*img.Stride+x*4+i%4] = map[bool]uint8{true: upper, false: lower}[i < 16]
			}
		}
	}
	if got := read(t, img); got != sample {
		t.Errorf("reads %q", got)
	}
}

func TestLink(t *testing.T) {
	const id = "4MWZ7QKJ2Y6PXN3RTBLVDHCFGA"
	for _, tt := range []struct{ base, id, want string }{
		{base, id, sample},
		{base + "/", id, sample},
		{"http://127.0.0.1:8080", id, "HTTP://127.0.0.1:8080/V/" + id},
		{"https://example.org/badges", id, "https://example.org/badges/v/" + id},
		{"https://example.org/BADGES/", id, "https://example.org/BADGES/v/" + id},
		{base, "lower", base + "/v/lower"},
		{"https://a_b.example.org", id, "https://a_b.example.org/v/" + id},
		{"http://[::1]:8080", id, "http://[::1]:8080/v/" + id},
		{"", id, "/v/" + id},
	} {
		if got := Link(tt.base, tt.id); got != tt.want {
			t.Errorf("Link(%q, %q) = %q", tt.base, tt.id, got)
		}
	}
}

func TestUsualLinkIsSmall(t *testing.T) {
	code, err := qrcode.New(Link(base, rand.Text()), qrcode.Medium)
	if err != nil || code.VersionNumber > 4 {
		t.Errorf("version %d, %v", code.VersionNumber, err)
	}
}

func atoi(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// wellFormed fails on anything but one SVG without scripts and outside references.
func wellFormed(t testing.TB, doc []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	for depth := 0; ; {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if depth == 0 && e.Name != (xml.Name{Space: "http://www.w3.org/2000/svg", Local: "svg"}) {
				t.Fatalf("root %v", e.Name)
			}
			depth++
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" || strings.Contains(a.Value, "url(") {
					t.Fatalf("attribute %v in %v", a, e.Name)
				}
			}
			if !strings.Contains(" svg g path text title desc credential ", " "+e.Name.Local+" ") {
				t.Fatalf("element %v", e.Name)
			}
		case xml.EndElement:
			depth--
		case xml.ProcInst, xml.Directive:
			t.Fatalf("token %v", e)
		}
	}
}

func BenchmarkQRPNG(b *testing.B) {
	for _, pixels := range []int{256, 512, 1024} {
		b.Run(fmt.Sprint(pixels), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := QRPNG(sample, pixels); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
