// Package badge makes the picture of a badge: artwork by rule, the QR code that
// leads to its page, and both with the credential baked in.
//
// It is pure: the same input gives the same bytes, nothing is read, kept or
// asked. What an achievement is called and which colours a program has, its
// callers know; it owns how that looks.
//
// Decisions worth knowing:
//
//   - A mark is one list of shapes in a square of 1,000 units (Art.drawing), from
//     which both SVG and PNG are written, so that the two look alike. In SVG text
//     stays text, set in the reader's own sans serif and held to the width of the
//     font that the PNG is drawn in (Go Bold), so that nothing overflows.
//   - In a small PNG what would be a smudge, the year and fine lines, is left out.
//   - The colours are two inks on paper, chosen by the program's code from pairs
//     whose contrast a test checks. They do not change with the reader's theme: a
//     mark is the same mark everywhere; its metal rim parts it from dark pages.
//   - QR codes come from skip2/go-qrcode as rows of modules; PNG and SVG are
//     written here, because its own PNG takes ten times as long and it has no SVG.
package badge

import (
	"fmt"

	"hallmark/verifier/bake"
)

// DefaultSize is the side of a baked PNG in pixels.
const DefaultSize = 512

// BakedPNG is the PNG of a with the credential (JSON or a compact JWS) inside,
// DefaultSize pixels wide. The credential can be taken out by bake.Unbake.
func BakedPNG(a Art, credential []byte) ([]byte, error) {
	picture, err := PNG(a, DefaultSize)
	if err != nil {
		return nil, err
	}
	doc, err := bake.PNG(picture, credential)
	if err != nil {
		return nil, fmt.Errorf("bake PNG of %s: %w", a.Code, err)
	}
	return doc, nil
}

// BakedSVG is the SVG of a with the credential inside.
func BakedSVG(a Art, credential []byte) ([]byte, error) {
	doc, err := bake.SVG(SVG(a), credential)
	if err != nil {
		return nil, fmt.Errorf("bake SVG of %s: %w", a.Code, err)
	}
	return doc, nil
}
