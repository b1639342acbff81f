package badge

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"sync"

	"github.com/skip2/go-qrcode"
)

// Sides of a QR picture, in pixels; others are brought to the nearer end.
const (
	MinQR = 64
	MaxQR = 1024
)

// Link is the address that a badge's QR code holds: HTTPS://HOST/V/ID in upper
// case, which a QR code writes in its compact alphanumeric mode (ISO/IEC 18004
// §7.4.4). Scheme and host mean the same in any case, and the program answers
// /V/ as /v/. Where base has a path, or anything else that upper case would
// change, or id is not upper case itself, the link stays as it is.
func Link(base, id string) string {
	base = strings.TrimSuffix(base, "/")
	scheme, host, ok := strings.Cut(base, "://")
	if upper := strings.ToUpper(base) + "/V/" + id; ok && scheme != "" && !strings.Contains(host, "/") && isAlphanumeric(upper) {
		return upper
	}
	return base + "/v/" + id
}

// isAlphanumeric: ISO/IEC 18004 table 5, without the blank.
func isAlphanumeric(text string) bool {
	for _, c := range []byte(text) {
		if !('A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("$%*+-./:", c) >= 0) {
			return false
		}
	}
	return true
}

// modules gives the code of text at level Medium, row by row, true for dark,
// with the quiet zone of four modules (ISO/IEC 18004 §9.1) on every side.
func modules(text string) ([][]bool, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("make QR code of %d bytes: %w", len(text), err)
	}
	return code.Bitmap(), nil
}

// QRPNG draws the code of text as a black and white PNG with a side of so many
// pixels (MinQR to MaxQR). Modules are whole pixels, what is left over widens the
// quiet zone; a code with more modules than pixels is drawn larger, one pixel
// each.
func QRPNG(text string, pixels int) ([]byte, error) {
	rows, err := modules(text)
	if err != nil {
		return nil, err
	}
	side := max(min(max(pixels, MinQR), MaxQR), len(rows))
	scale := side / len(rows)
	margin := (side - scale*len(rows)) / 2
	stride := 1 + (side+7)/8 // PNG §9: each row begins with its filter, here none
	white := make([]byte, stride)
	for i := 1; i < stride; i++ {
		white[i] = 0xff
	}
	raw := make([]byte, 0, stride*side)
	for range margin {
		raw = append(raw, white...)
	}
	line := make([]byte, stride)
	for _, row := range rows {
		copy(line, white)
		for x, dark := range row {
			if dark {
				clearBits(line[1:], margin+x*scale, scale)
			}
		}
		for range scale {
			raw = append(raw, line...)
		}
	}
	for len(raw) < stride*side {
		raw = append(raw, white...)
	}
	return encodeBits(raw, side)
}

func clearBits(line []byte, at, n int) {
	for i := at; i < at+n; i++ {
		line[i/8] &^= 0x80 >> (i % 8)
	}
}

// deflaters are costly to make (some 800 KB each) and cheap to keep.
var deflaters = sync.Pool{New: func() any {
	w, err := zlib.NewWriterLevel(nil, zlib.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// encodeBits writes a square greyscale PNG of one bit per pixel (PNG §11.2.2).
// The standard library's encoder works pixel by pixel, which costs more than
// making the code.
func encodeBits(raw []byte, side int) ([]byte, error) {
	var packed bytes.Buffer
	w := deflaters.Get().(*zlib.Writer)
	defer deflaters.Put(w)
	w.Reset(&packed)
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	out := make([]byte, 0, packed.Len()+64)
	out = append(out, "\x89PNG\r\n\x1a\n"...)
	head := binary.BigEndian.AppendUint32(nil, uint32(side))
	head = binary.BigEndian.AppendUint32(head, uint32(side))
	out = appendChunk(out, "IHDR", append(head, 1, 0, 0, 0, 0)) // depth 1, grey
	out = appendChunk(out, "IDAT", packed.Bytes())
	return appendChunk(out, "IEND", nil), nil
}

func appendChunk(out []byte, kind string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	start := len(out)
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}

// QRSVG draws the code of text as a standalone SVG: a white ground and one path.
func QRSVG(text string) ([]byte, error) {
	rows, err := modules(text)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" width="256" height="256" role="img" aria-label="QR code" shape-rendering="crispEdges">`, len(rows))
	fmt.Fprintf(&out, `<title>QR code</title><path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="`, len(rows))
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			start := x
			for x < len(row) && row[x] {
				x++
			}
			if n := x - start; n > 0 {
				fmt.Fprintf(&out, "M%d %dh%dv1h-%dz", start, y, n, n)
			}
		}
	}
	out.WriteString(`"/></svg>`)
	return out.Bytes(), nil
}

// QRTerminal draws the code of text with half blocks, two rows of modules to a
// line, ending in a line feed. Black and white are set outright (colours 16 and
// 231 of the 256, which themes leave alone), so that it is dark on light on any
// terminal. A text too long for a code gives "".
func QRTerminal(text string) string {
	rows, err := modules(text)
	if err != nil {
		return ""
	}
	var out strings.Builder
	for y := 0; y < len(rows); y += 2 {
		out.WriteString("\x1b[38;5;16;48;5;231m")
		for x, upper := range rows[y] {
			lower := y+1 < len(rows) && rows[y+1][x]
			switch {
			case upper && lower:
				out.WriteString("█")
			case upper:
				out.WriteString("▀")
			case lower:
				out.WriteString("▄")
			default:
				out.WriteString(" ")
			}
		}
		out.WriteString("\x1b[0m\n")
	}
	return out.String()
}
