package bake

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"unicode/utf8"
)

var utf8BOM = []byte("\xef\xbb\xbf")

// Open Badges 3.0 §5.3.2: the namespace of the element that carries the
// credential. The legacy one is that of Open Badges 1 and 2.
const (
	badgesSpace = "https://purl.imsglobal.org/ob/v3p0"
	legacySpace = "http://openbadges.org"
	svgSpace    = "http://www.w3.org/2000/svg"
	prefix      = "openbadges"
)

// Limits of the XML reader. Elements and attributes are counted together,
// because each costs the reader some hundred bytes, however short it is written.
const (
	maxDepth      = 64
	maxNodes      = 40_000
	maxAttributes = 128 // in one tag
	maxEquals     = 4096
)

// SVG returns picture with the credential as the first element inside <svg>: a
// JSON object as CDATA, a compact JWS in the attribute verify (Open Badges 3.0
// §5.3.2.1). All other bytes stay. It refuses a picture that already has one.
func SVG(picture, credential []byte) ([]byte, error) {
	how, err := bakeable(credential)
	if err != nil {
		return nil, err
	}
	if how == jsonObject && !xmlText(credential) {
		return nil, refuse(ErrCredential, "The credential holds a character that SVG cannot carry.")
	}
	if Sniff(picture) != SVGKind {
		return nil, refuse(ErrNotPicture, "This is not an SVG picture.")
	}
	found, err := readSVG(picture)
	if err == nil {
		_, err = found.only()
	}
	if err := bareOrRefuse(err); err != nil {
		return nil, err
	}
	if found.bound != "" && found.bound != badgesSpace {
		return nil, refuse(ErrBaked, "The picture uses the prefix openbadges for something else.")
	}
	out := insert(picture, found, credential, how)
	if len(out) > MaxFile {
		return nil, refuse(ErrTooLarge, "Picture and credential together are larger than 2 MiB.")
	}
	return out, nil
}

// insert writes namespace and element at the end of the root's start tag.
func insert(picture []byte, found *svgFindings, credential []byte, how form) []byte {
	tagEnd := found.rootEnd - 1 // of the ">"
	closed := picture[tagEnd-1] == '/'
	if closed {
		tagEnd--
	}
	out := make([]byte, 0, len(picture)+len(credential)+256)
	out = append(out, picture[:tagEnd]...)
	if found.bound == "" {
		out = append(out, ` xmlns:`+prefix+`="`+badgesSpace+`"`...)
	}
	out = append(out, '>')
	if how == compactJWS {
		out = append(out, `<`+prefix+`:credential verify="`...)
		out = append(out, credential...)
		out = append(out, `"/>`...)
	} else {
		out = append(out, `<`+prefix+`:credential>`...)
		out = appendCDATA(out, credential)
		out = append(out, `</`+prefix+`:credential>`...)
	}
	if closed {
		out = append(out, found.closing...)
	}
	return append(out, picture[found.rootEnd:]...)
}

// appendCDATA writes text so that an XML reader gives back the same bytes: the
// end mark is split over two sections (XML 1.0 §2.7), and a carriage return,
// which would be read as a line feed (§2.11), stands between two as a reference.
func appendCDATA(out, text []byte) []byte {
	out = append(out, "<![CDATA["...)
	for i, c := range text {
		switch {
		case c == '\r':
			out = append(out, "]]>&#13;<![CDATA["...)
		case c == '>' && i >= 2 && text[i-1] == ']' && text[i-2] == ']':
			out = append(out, "]]><![CDATA[>"...)
		default:
			out = append(out, c)
		}
	}
	return append(out, "]]>"...)
}

// xmlText: XML 1.0 §2.2, the characters that XML text may hold.
func xmlText(text []byte) bool {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return false
		}
		text = text[n:]
	}
	return true
}

func unbakeSVG(doc []byte) ([]byte, error) {
	found, err := readSVG(doc)
	if err != nil {
		return nil, err
	}
	return found.only()
}

// svgFindings is what one pass over the tokens has seen.
type svgFindings struct {
	cargo
	doc     []byte
	rootEnd int    // offset after the ">" of the root's start tag
	closing string // the end tag that a root written as <svg/> would need
	bound   string // what the prefix openbadges stands for at the root
	doctype bool
	nodes   int
	depth   int
}

// readSVG walks the whole document. The standard reader resolves no entity but
// XML's own five, and none can be declared, because a DOCTYPE that declares
// anything is refused.
func readSVG(doc []byte) (*svgFindings, error) {
	f := &svgFindings{doc: bytes.TrimPrefix(doc, utf8BOM)}
	skipped := len(doc) - len(f.doc)
	if crowded(f.doc) {
		return nil, refuse(ErrTooLarge, "The SVG picture is too deep or too detailed.")
	}
	d := xml.NewDecoder(bytes.NewReader(f.doc))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, refuse(ErrDamaged, "The SVG picture is not well-formed XML.")
		}
		if err := f.see(d, token); err != nil {
			return nil, err
		}
	}
	if f.rootEnd == 0 {
		return nil, refuse(ErrDamaged, "The file holds no SVG picture.")
	}
	f.rootEnd += skipped
	return f, nil
}

// crowded tells whether more equals signs than maxEquals stand between two
// opening brackets: the reader builds a tag whole before its attributes can be
// counted.
func crowded(doc []byte) bool {
	for piece := range bytes.SplitSeq(doc, []byte("<")) {
		if bytes.Count(piece, []byte("=")) > maxEquals {
			return true
		}
	}
	return false
}

func (f *svgFindings) see(d *xml.Decoder, token xml.Token) error {
	switch token := token.(type) {
	case xml.Directive:
		if f.doctype || f.rootEnd > 0 || !bytes.HasPrefix(token, []byte("DOCTYPE")) || bytes.ContainsAny(token, "[<") {
			return refuse(ErrDamaged, "The SVG picture declares a document type of its own, which is not accepted.")
		}
		f.doctype = true
	case xml.CharData:
		if f.depth == 0 && len(bytes.TrimSpace(token)) > 0 {
			return refuse(ErrDamaged, "The SVG picture is not well-formed XML.")
		}
	case xml.EndElement:
		f.depth--
	case xml.StartElement:
		return f.start(d, token)
	}
	return nil
}

func (f *svgFindings) start(d *xml.Decoder, e xml.StartElement) error {
	f.nodes += 1 + len(e.Attr)
	f.depth++
	if f.depth > maxDepth || f.nodes > maxNodes || len(e.Attr) > maxAttributes {
		return refuse(ErrTooLarge, "The SVG picture is too deep or too detailed.")
	}
	if twice(e.Attr) {
		return refuse(ErrDamaged, "The SVG picture is not well-formed XML.")
	}
	if f.depth == 1 {
		return f.root(d, e)
	}
	switch e.Name {
	case xml.Name{Space: badgesSpace, Local: "credential"}:
		f.count++
		if f.depth != 2 {
			return refuse(ErrDamaged, "The credential does not lie directly inside the picture's <svg>.")
		}
		f.depth--
		body, err := f.take(d, e)
		if err == nil && f.credential == nil {
			f.credential = body
		}
		return err
	case xml.Name{Space: legacySpace, Local: "assertion"}:
		f.depth--
		return f.takeOld(d, e)
	}
	return nil
}

func (f *svgFindings) root(d *xml.Decoder, e xml.StartElement) error {
	if f.rootEnd > 0 || e.Name.Local != "svg" || e.Name.Space != svgSpace && e.Name.Space != "" {
		return refuse(ErrDamaged, "The file is not one SVG picture.")
	}
	f.rootEnd = int(d.InputOffset())
	// The tag's name as written, for a root that is closed in one tag.
	name := f.doc[bytes.LastIndexByte(f.doc[:f.rootEnd], '<')+1:]
	f.closing = "</" + string(name[:bytes.IndexAny(name, " \t\r\n/>")]) + ">"
	for _, a := range e.Attr {
		if a.Name == (xml.Name{Space: "xmlns", Local: prefix}) {
			// Namespaces in XML §2.2: a prefix is never bound to nothing.
			if a.Value == "" {
				return refuse(ErrDamaged, "The SVG picture is not well-formed XML.")
			}
			f.bound = a.Value
		}
	}
	return nil
}

// twice: XML 1.0 §3.1, no attribute name may appear more than once in a tag;
// the standard reader does not mind.
func twice(attrs []xml.Attr) bool {
	for i, a := range attrs {
		if slices.ContainsFunc(attrs[:i], func(b xml.Attr) bool { return b.Name == a.Name }) {
			return true
		}
	}
	return false
}

// verifyOf gives the attribute verify of the element for the credential.
func verifyOf(e xml.StartElement) []byte {
	for _, a := range e.Attr {
		if a.Name == (xml.Name{Local: "verify"}) {
			return bytes.TrimSpace([]byte(a.Value))
		}
	}
	return nil
}

// takeOld reads one <openbadges:assertion> of Open Badges 1 and 2 to its end tag:
// the attribute verify with an address or a JWS, or JSON in the body.
func (f *svgFindings) takeOld(d *xml.Decoder, e xml.StartElement) error {
	f.legacy = true
	f.older.count++
	body, err := f.body(d)
	if err != nil {
		return err
	}
	attr := verifyOf(e)
	f.older.damaged = f.older.damaged || len(attr) > 0 && len(bytes.TrimSpace(body)) > 0 && !bytes.HasPrefix(attr, []byte("http"))
	if f.older.text = body; len(bytes.TrimSpace(body)) == 0 {
		f.older.text = attr
	}
	return nil
}

// take reads one <openbadges:credential> to its end tag. Open Badges 3.0
// §5.3.2.1: either the attribute verify with a JWS, or JSON in the body.
func (f *svgFindings) take(d *xml.Decoder, e xml.StartElement) ([]byte, error) {
	attr := verifyOf(e)
	body, err := f.body(d)
	switch {
	case err != nil:
		return nil, err
	case len(attr) > 0 && len(bytes.TrimSpace(body)) > 0:
		return nil, refuse(ErrDamaged, "The picture holds two credentials in one place.")
	case len(attr) > 0:
		body = attr
	case len(body) == 0:
		return nil, refuse(ErrDamaged, "The place for the credential is empty.")
	}
	if len(body) > MaxCredential {
		return nil, refuse(ErrTooLarge, "The credential is larger than 1 MiB.")
	}
	return body, nil
}

// body gathers the text up to the end tag. White space around the CDATA
// sections is layout; what stands inside them or between two is content.
func (f *svgFindings) body(d *xml.Decoder) ([]byte, error) {
	var text []byte
	first, last := -1, -1 // of the text that lies in CDATA, in bytes of text
	for {
		at := d.InputOffset()
		token, err := d.Token()
		if err != nil {
			return nil, refuse(ErrDamaged, "The SVG picture is not well-formed XML.")
		}
		switch token := token.(type) {
		case xml.CharData:
			marked := bytes.HasPrefix(f.doc[at:], []byte("<![CDATA["))
			if marked && first < 0 {
				first = len(text)
			}
			text = append(text, token...)
			if marked {
				last = len(text)
			}
		case xml.EndElement:
			if first < 0 {
				return bytes.TrimSpace(text), nil
			}
			if len(bytes.TrimSpace(text[:first])) > 0 || len(bytes.TrimSpace(text[last:])) > 0 {
				return nil, refuse(ErrDamaged, "The place for the credential holds more than a credential.")
			}
			return text[first:last], nil
		default:
			return nil, refuse(ErrDamaged, "The place for the credential holds more than a credential.")
		}
	}
}
