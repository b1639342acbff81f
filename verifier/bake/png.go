package bake

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"unicode/utf8"
)

var pngSignature = []byte("\x89PNG\r\n\x1a\n") // PNG §5.2

// Open Badges 3.0 §5.3.1: the keyword of the iTXt chunk. The legacy one is that
// of Open Badges 1 and 2.
const (
	keyword       = "openbadgecredential"
	legacyKeyword = "openbadges"
)

// chunk is one piece of a PNG (PNG §5.3); at and end are offsets of the whole
// chunk, its length and CRC included.
type chunk struct {
	kind    string
	data    []byte
	at, end int
}

// PNG returns picture with the credential (a JSON object or a compact JWS) in
// an uncompressed iTXt chunk before the pixels. All other bytes stay. It
// refuses a picture that already has one.
func PNG(picture, credential []byte) ([]byte, error) {
	if _, err := bakeable(credential); err != nil {
		return nil, err
	}
	if Sniff(picture) != PNGKind {
		return nil, refuse(ErrNotPicture, "This is not a PNG picture.")
	}
	if len(picture)+len(credential)+64 > MaxFile {
		return nil, refuse(ErrTooLarge, "Picture and credential together are larger than 2 MiB.")
	}
	found, err := readPNG(picture)
	if err == nil {
		_, err = found.only()
	}
	if err := bareOrRefuse(err); err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(picture)+len(credential)+64)
	out = append(out, picture[:found.pixels]...)
	out = appendITXt(out, credential)
	return append(out, picture[found.pixels:]...), nil
}

// appendITXt writes the chunk as Open Badges 3.0 §5.3.1.1 asks: PNG §11.3.3.4
// with compression flag 0 and neither language tag nor translated keyword.
func appendITXt(out, text []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(keyword)+5+len(text)))
	start := len(out)
	out = append(out, "iTXt"+keyword+"\x00\x00\x00\x00\x00"...)
	out = append(out, text...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}

// Bare returns a PNG without the chunk of its credential: the picture that PNG was
// given, to the byte. A file that carries no credential, or is no sound PNG, is
// returned as it is.
func Bare(doc []byte) []byte {
	found, err := readPNG(doc)
	if err != nil || found.count != 1 {
		return doc
	}
	return slices.Concat(doc[:found.holder.at], doc[found.holder.end:])
}

func unbakePNG(doc []byte) ([]byte, error) {
	found, err := readPNG(doc)
	if err != nil {
		return nil, err
	}
	return found.only()
}

// pngFindings is what one pass over the chunks has seen.
type pngFindings struct {
	cargo
	pixels int   // offset of the first IDAT
	holder chunk // of the credential
}

// readPNG walks the chunks up to IEND. What follows IEND is not part of the
// picture (PNG §5.6) and is not looked at.
func readPNG(doc []byte) (*pngFindings, error) {
	found := &pngFindings{}
	for at := len(pngSignature); ; {
		c, err := readChunk(doc, at)
		if err != nil {
			return nil, err
		}
		if (at == len(pngSignature)) != (c.kind == "IHDR") {
			return nil, refuse(ErrDamaged, "The PNG picture does not begin with its header.")
		}
		if err := found.see(c); err != nil {
			return nil, err
		}
		if c.kind == "IEND" {
			break
		}
		at = c.end
	}
	if found.pixels == 0 {
		return nil, refuse(ErrDamaged, "The PNG picture has no pixels.")
	}
	return found, nil
}

func readChunk(doc []byte, at int) (chunk, error) {
	rest := doc[at:]
	if len(rest) < 12 {
		return chunk{}, refuse(ErrDamaged, "The PNG picture is cut off.")
	}
	size := binary.BigEndian.Uint32(rest)
	if uint64(size) > uint64(len(rest)-12) {
		return chunk{}, refuse(ErrDamaged, "The PNG picture is cut off.")
	}
	n := int(size)
	for _, c := range rest[4:8] {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return chunk{}, refuse(ErrDamaged, "The PNG picture has a broken chunk at byte %d.", at)
		}
	}
	if crc32.ChecksumIEEE(rest[4:8+n]) != binary.BigEndian.Uint32(rest[8+n:]) {
		return chunk{}, refuse(ErrDamaged, "The PNG picture has a damaged chunk at byte %d (its checksum is wrong).", at)
	}
	return chunk{kind: string(rest[4:8]), data: rest[8 : 8+n], at: at, end: at + 12 + n}, nil
}

func (f *pngFindings) see(c chunk) error {
	switch c.kind {
	case "IHDR":
		return checkHeader(c.data)
	case "IDAT":
		if f.pixels == 0 {
			f.pixels = c.at
		}
	case "tEXt", "zTXt", "iTXt":
		word, rest, ok := bytes.Cut(c.data, []byte{0})
		switch {
		case !ok:
			return nil // no keyword: nobody's business here
		case string(word) == legacyKeyword:
			f.takeOld(c.kind, rest)
		case string(word) == keyword:
			f.holder = c
			return f.take(c.kind, rest)
		}
	}
	return nil
}

// checkHeader looks at the claimed size without decoding a pixel.
func checkHeader(data []byte) error {
	if len(data) != 13 {
		return refuse(ErrDamaged, "The PNG picture has a broken header.")
	}
	width, height := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])
	if width == 0 || height == 0 || width > 1<<31-1 || height > 1<<31-1 {
		return refuse(ErrDamaged, "The PNG picture has a broken header.")
	}
	if uint64(width)*uint64(height) > MaxPixels {
		return refuse(ErrTooLarge, "The picture claims %d × %d pixels; at most 4 million are accepted.", width, height)
	}
	return nil
}

// take reads the rest of a text chunk with our keyword: PNG §11.3.3.4,
// compression flag and method, language tag, translated keyword, text.
func (f *pngFindings) take(kind string, rest []byte) error {
	f.count++
	if kind != "iTXt" {
		return refuse(ErrDamaged, "The credential lies in a %s chunk; Open Badges 3.0 asks for iTXt.", kind)
	}
	if len(rest) < 2 {
		return refuse(ErrDamaged, "The chunk with the credential is cut off.")
	}
	// Open Badges 3.0 §5.3.1.1: compression MUST NOT be used.
	if rest[0] != 0 || rest[1] != 0 {
		return refuse(ErrDamaged, "The credential is compressed, which Open Badges 3.0 forbids.")
	}
	_, rest, ok := bytes.Cut(rest[2:], []byte{0})
	if !ok {
		return refuse(ErrDamaged, "The chunk with the credential is cut off.")
	}
	_, text, ok := bytes.Cut(rest, []byte{0})
	switch {
	case !ok || len(text) == 0:
		return refuse(ErrDamaged, "The chunk for the credential is empty.")
	case len(text) > MaxCredential:
		return refuse(ErrTooLarge, "The credential is larger than 1 MiB.")
	case !utf8.Valid(text):
		return refuse(ErrDamaged, "The credential is not UTF-8 text.")
	}
	if f.credential == nil {
		f.credential = text
	}
	return nil
}

// takeOld reads the rest of a text chunk with the keyword of Open Badges 1 and 2:
// an iTXt chunk without compression, or the tEXt chunk of the first ones.
func (f *pngFindings) takeOld(kind string, rest []byte) {
	f.legacy = true
	f.older.count++
	if kind == "iTXt" {
		if len(rest) < 2 || rest[0] != 0 || rest[1] != 0 {
			f.older.damaged = true
			return
		}
		_, rest, _ = bytes.Cut(rest[2:], []byte{0})
		_, rest, _ = bytes.Cut(rest, []byte{0})
	}
	f.older.damaged = f.older.damaged || kind == "zTXt"
	f.older.text = rest
}
