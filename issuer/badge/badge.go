// Package badge makes the forms of a badge that people look at: artwork by
// rule, the QR code that leads to its page, both with the credential baked in,
// the certificate for paper, and the picture for sharing.
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
//   - The certificate carries the credential as an embedded file, so that it
//     proves itself; what is printed on it is a rendering, made anew for the
//     day. Its art and its QR code are shapes, not pixels. The library that
//     writes it (go-pdf/fpdf) makes neither tagged PDF nor PDF/A and has no
//     kerning; the badge's page remains the form for those who cannot see, and
//     the file says so by its language and title alone.
//   - Papers and pictures for sharing are set in Source Serif 4, which has the
//     Latin, Greek and Cyrillic letters. A text in other letters is never drawn
//     with holes: a sentence (on paper) or nothing (on the picture) stands in
//     its place, because a name that lost a letter is another name.
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
