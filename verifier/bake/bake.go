// Package bake puts a credential into a picture and takes exactly one out
// again (Open Badges 3.0 §5.3, "Baked badges"): PNG and SVG. It also takes the
// one credential out of a PDF that carries it as an embedded file, and out of the
// page of a badge that somebody saved.
//
// It owns these containers and nothing else: it neither reads nor judges the
// credential, whose bytes come out as they went in. It never decodes pixels and
// never draws; a PNG is looked at chunk by chunk, an SVG token by token, both
// within limits, because both come from strangers.
//
// Decisions worth knowing:
//
//   - The specification lets a reader take the first credential and stop. This
//     one reads on to the end and refuses a picture with two: whoever looks at
//     it with another tool must see the same credential.
//   - A document type declaration that only names a DTD is passed over (drawing
//     programs write it, 1EdTech's own samples have it); nothing is fetched for
//     it. One with declarations of its own is refused.
//   - No standard says how a PDF carries a credential. Here it is an embedded
//     file (ISO 32000-1 §7.11.4) whose name ends in .json, .jsonld or .jwt or
//     whose media type is that of a credential, wherever the document, a page
//     or a note on a page lists it. Every step of the way is paid out of one
//     purse, because objects may refer to each other as they like.
//   - Beside the credential a PDF may carry a stapled status (package staple), as
//     an embedded file whose name ends in .staple. Of several none counts: it is
//     a help, and what helps must not be a choice.
//   - A picture that carries only an Open Badges 1 or 2 badge gets an error of
//     its own, and a function of its own takes that badge out: one never passes
//     for the other.
package bake

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Limits of what is read and written.
const (
	MaxFile       = 2 << 20 // bytes of a picture or a PDF, with its credential
	MaxCredential = 1 << 20 // bytes of a credential; in a PDF a quarter of that
	MaxPixels     = 1 << 22 // width × height that a PNG may claim
)

// Kind says in what sort of picture a credential was found.
type Kind string

// The kinds of picture. The zero Kind is none of them.
const (
	PNGKind Kind = "png"
	SVGKind Kind = "svg"
	PDFKind Kind = "pdf"

	PageKind Kind = "html" // a badge's page, saved
)

// What can be wrong with a picture, for errors.Is. The error itself is an
// *Error, whose text may be shown to people.
var (
	ErrNotPicture = errors.New("bake: neither PNG nor SVG nor PDF")
	ErrNone       = errors.New("bake: no credential in the picture")
	ErrSeveral    = errors.New("bake: several credentials in the picture")
	ErrBaked      = errors.New("bake: the picture already carries a credential")
	ErrLegacy     = errors.New("bake: Open Badges 1 or 2")
	ErrDamaged    = errors.New("bake: damaged picture")
	ErrLocked     = errors.New("bake: encrypted")
	ErrTooLarge   = errors.New("bake: over a limit")
	ErrCredential = errors.New("bake: not a credential that can be baked")
)

// Error is a refusal: Kind is one of the Err… values above, Reason a sentence
// for people.
type Error struct {
	Kind   error
	Reason string
}

func (e *Error) Error() string { return e.Reason }
func (e *Error) Unwrap() error { return e.Kind }

func refuse(kind error, format string, args ...any) error {
	return &Error{Kind: kind, Reason: fmt.Sprintf(format, args...)}
}

// Sniff tells by its first bytes what sort of picture doc is, or "" if it is
// none. File names and content types are not asked.
func Sniff(doc []byte) Kind {
	if bytes.HasPrefix(doc, pngSignature) {
		return PNGKind
	}
	if bytes.HasPrefix(doc, []byte("%PDF-")) {
		return PDFKind
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(doc, utf8BOM), " \t\r\n")
	if isPage(text) {
		return PageKind
	}
	for _, start := range []string{"<svg", "<?xml", "<!--", "<!DOCTYPE svg"} {
		if bytes.HasPrefix(text, []byte(start)) {
			return SVGKind
		}
	}
	return ""
}

// Unbake takes the one credential out of a PNG, SVG or PDF: JSON or a compact JWS,
// byte for byte as it was put in. Of a saved page too, where "<" is written as an
// escape. Errors are of type *Error.
func Unbake(doc []byte) (credential []byte, kind Kind, err error) {
	u, err := Unpack(doc)
	return u.Credential, u.Kind, err
}

// Unpacked is what was taken out of a picture or a PDF.
type Unpacked struct {
	Kind       Kind
	Credential []byte // JSON or a compact JWS, byte for byte as it was put in
	Staple     []byte // the status that a PDF or a page carries beside it; nil: none, or several
}

// Unpack is Unbake that also gives what a PDF or a page carries beside the
// credential.
func Unpack(doc []byte) (u Unpacked, err error) {
	u.Kind = Sniff(doc)
	if u.Kind == "" {
		return u, refuse(ErrNotPicture, "This is neither a PNG or SVG picture nor a PDF or a page.")
	}
	if len(doc) > MaxFile {
		return u, refuse(ErrTooLarge, "The file is larger than 2 MiB.")
	}
	switch u.Kind {
	case PNGKind:
		u.Credential, err = unbakePNG(doc)
	case SVGKind:
		u.Credential, err = unbakeSVG(doc)
	case PDFKind:
		u.Credential, u.Staple, err = unbakePDF(doc)
	case PageKind:
		u.Credential, u.Staple, err = unbakePage(doc)
	}
	return u, err
}

// form is how a credential is written: it decides where an SVG carries it.
type form int

const (
	jsonObject form = iota + 1
	compactJWS
)

// bakeable says in which form a credential is written, or refuses what no
// picture can carry. It does not parse: whoever bakes has verified before.
func bakeable(credential []byte) (form, error) {
	switch {
	case len(credential) > MaxCredential:
		return 0, refuse(ErrTooLarge, "The credential is larger than 1 MiB.")
	case !utf8.Valid(credential) || bytes.IndexByte(credential, 0) >= 0:
		return 0, refuse(ErrCredential, "The credential is not UTF-8 text.")
	case bytes.HasPrefix(bytes.TrimLeft(credential, " \t\r\n"), []byte("{")):
		return jsonObject, nil
	case isCompactJWS(credential):
		return compactJWS, nil
	}
	return 0, refuse(ErrCredential, "Only a JSON credential or a compact JWS can be baked.")
}

// isCompactJWS: RFC 7515 §7.1, three base64url parts, none of them empty (a
// badge has a payload and a signature).
func isCompactJWS(text []byte) bool {
	parts := bytes.Split(text, []byte("."))
	if len(parts) != 3 {
		return false
	}
	for _, part := range parts {
		if len(part) == 0 {
			return false
		}
		for _, c := range part {
			if !isBase64URL(c) {
				return false
			}
		}
	}
	return true
}

func isBase64URL(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// cargo is what of credentials a picture was found to carry.
type cargo struct {
	in         string // "PDF", "page", or "" for a picture
	credential []byte // the last one seen
	count      int
	legacy     bool // one of Open Badges 1 or 2
	older      cargoOfOld
}

// cargoOfOld is what of Open Badges 1 and 2 a picture was found to carry.
type cargoOfOld struct {
	text    []byte
	count   int
	damaged bool
}

// only gives the credential of a picture that carries exactly one.
func (c *cargo) only() ([]byte, error) {
	if c.in == "" {
		c.in = "picture"
	}
	switch {
	case c.count > 1:
		return nil, refuse(ErrSeveral, "The %s carries %d credentials; a badge carries exactly one.", c.in, c.count)
	case c.count == 1:
		return c.credential, nil
	case c.legacy:
		return nil, refuse(ErrLegacy, "The picture carries a badge of Open Badges 1 or 2, not 3.0.")
	}
	if c.in == "PDF" {
		return nil, refuse(ErrNone, "The PDF carries no credential. Printing one to a new file leaves it behind; ask for the original file, or scan its QR code.")
	}
	if c.in == "page" {
		return nil, refuse(ErrNone, "This page carries no badge. Save the page of the badge itself, or bring its file.")
	}
	return nil, refuse(ErrNone, "The picture carries no credential. Some apps strip it when a picture is sent; ask for the original file.")
}

// bareOrRefuse turns what a reader found in a picture into whether one may bake
// into it: only a sound picture without any credential.
func bareOrRefuse(err error) error {
	switch {
	case errors.Is(err, ErrNone):
		return nil
	case err == nil || errors.Is(err, ErrSeveral):
		return refuse(ErrBaked, "The picture already carries a credential; bake into the plain picture.")
	}
	return err
}

// UnbakeLegacy takes the one badge of Open Badges 1 or 2 out of a picture that
// Unbake refuses with ErrLegacy (Open Badges 2.0, "Baking"): the JSON of an
// assertion, a compact JWS, or the address of a hosted assertion. Errors are of
// type *Error.
func UnbakeLegacy(doc []byte) (text []byte, kind Kind, err error) {
	if _, kind, err = Unbake(doc); !errors.Is(err, ErrLegacy) {
		return nil, kind, refuse(ErrNone, "The picture carries no badge of Open Badges 1 or 2.")
	}
	var older cargoOfOld
	if kind == PNGKind {
		var found *pngFindings
		if found, err = readPNG(doc); err == nil {
			older = found.older
		}
	} else {
		var found *svgFindings
		if found, err = readSVG(doc); err == nil {
			older = found.older
		}
	}
	text = bytes.TrimSpace(older.text)
	switch {
	case err != nil:
		return nil, kind, err
	case older.count > 1:
		return nil, kind, refuse(ErrSeveral, "The picture carries %d badges of Open Badges 1 or 2; a badge carries exactly one.", older.count)
	case older.damaged || len(text) == 0 || !utf8.Valid(text):
		return nil, kind, refuse(ErrDamaged, "The badge of Open Badges 1 or 2 in the picture cannot be read.")
	case len(text) > MaxCredential:
		return nil, kind, refuse(ErrTooLarge, "The credential is larger than 1 MiB.")
	}
	return text, kind, nil
}
