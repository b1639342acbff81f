package evidence

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"hallmark/issuer"
)

// A photograph says where and when it was taken and with what, and may carry a
// small copy of what it showed before it was cut. None of that is evidence, so it is
// taken out before the file is named by its digest. Nothing is decoded or encoded
// anew: what makes the picture is copied byte by byte, by a list of what is known to
// make it, so that what nobody thought of is left out. Of the metadata the way up is
// kept, as the one thing in it that the picture looks wrong without.

// bare copies a picture without what it says besides. What follows its end is left
// out. A picture that breaks off after it began is taken as far as it goes.
func bare(kind Kind, r *bufio.Reader, w io.Writer) error {
	strip, began := bareJPEG, false
	if kind == png {
		strip = barePNG
	}
	err := strip(r, w, &began)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		if began {
			return nil
		}
		return damaged()
	}
	return err
}

func damaged() error {
	e := issuer.Wrong("file", "This picture is damaged and cannot be shown. Save it anew with a program for pictures, and hand in that file.")
	e.Kind = issuer.Unsuitable
	return e
}

// bareJPEG copies a JPEG (ITU-T T.81 annex B): of its application segments JFIF
// without its small copy, the colour profile (ICC.1 B.4) and Adobe's, which says how
// colours are coded.
func bareJPEG(r *bufio.Reader, w io.Writer, began *bool) error {
	if err := copyN(w, r, 2); err != nil { // SOI, by which its kind was told
		return err
	}
	turned, open := false, false // open: the first byte of the next marker was read
	for {
		marker, err := nextMarker(r, open)
		if err != nil {
			return err
		}
		open = false
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd9 { // without parameters
			if marker == 0xd8 {
				return damaged()
			}
			if _, err := w.Write([]byte{0xff, marker}); err != nil || marker == 0xd9 {
				return err
			}
			continue
		}
		segment, err := readSegment(r)
		if err != nil {
			return err
		}
		keep := segment
		if marker < 0xc0 || marker > 0xdf {
			keep = keptSegment(marker, segment)
			if way := wayUp(marker, segment); way > 1 && !turned {
				turned = true
				marker, keep = 0xe1, append([]byte("Exif\x00\x00"), turnedBy(way)...)
			}
		}
		if keep == nil {
			continue
		}
		if err := writeSegment(w, marker, keep); err != nil {
			return err
		}
		if marker == 0xda {
			*began = true
			if err := copyScan(r, w); err != nil {
				return err
			}
			open = true
		}
	}
}

// nextMarker reads the code of the next marker, before which any number of fill
// bytes may stand (T.81 B.1.1.2); open says that the first of them was read.
func nextMarker(r *bufio.Reader, open bool) (b byte, err error) {
	if !open {
		if b, err = r.ReadByte(); err != nil {
			return 0, err
		}
		if b != 0xff {
			return 0, damaged()
		}
	}
	for b = 0xff; b == 0xff; {
		if b, err = r.ReadByte(); err != nil {
			return 0, err
		}
	}
	if b == 0 {
		return 0, damaged()
	}
	return b, nil
}

func readSegment(r *bufio.Reader) ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint16(size[:])
	if n < 2 {
		return nil, damaged()
	}
	segment := make([]byte, n-2)
	_, err := io.ReadFull(r, segment)
	return segment, err
}

func writeSegment(w io.Writer, marker byte, segment []byte) error {
	head := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(segment)+2))
	_, err := w.Write(append(head, segment...))
	return err
}

// keptSegment is what is kept of an application segment or comment; nil is nothing.
func keptSegment(marker byte, segment []byte) []byte {
	begins := func(s string) bool { return bytes.HasPrefix(segment, []byte(s)) }
	switch {
	case marker == 0xe0 && begins("JFIF\x00") && len(segment) >= 14:
		return append(bytes.Clone(segment[:12]), 0, 0)
	case marker == 0xe2 && begins("ICC_PROFILE\x00"), marker == 0xee && begins("Adobe"):
		return segment
	}
	return nil
}

// copyScan copies coded data up to the next marker, whose first byte it reads. In it 0xff is
// followed by a zero, or by a marker that belongs to it (T.81 B.1.1.5).
func copyScan(r *bufio.Reader, w io.Writer) error {
	for {
		some, err := r.ReadSlice(0xff)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			_, written := w.Write(some)
			return errors.Join(written, err)
		}
		if err != nil {
			if _, err := w.Write(some); err != nil {
				return err
			}
			continue
		}
		if _, err := w.Write(some[:len(some)-1]); err != nil { // before the buffer moves
			return err
		}
		next, err := r.Peek(1)
		if err != nil {
			return err
		}
		if next[0] != 0 && (next[0] < 0xd0 || next[0] > 0xd7) {
			return nil
		}
		if _, err := w.Write([]byte{0xff}); err != nil {
			return err
		}
	}
}

// wayUp tells how a picture is turned, if a segment is one of Exif that says so; 0
// is that it does not.
func wayUp(marker byte, segment []byte) uint16 {
	tiff, exif := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if marker != 0xe1 || !exif {
		return 0
	}
	return orientation(tiff)
}

// orientation reads the tag Orientation of the first directory of a TIFF (TIFF 6.0
// §2, Exif 2.32 §4.6.4): 2 to 8 for a picture that is turned, else 0.
func orientation(tiff []byte) uint16 {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
	default:
		return 0
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	n := int(order.Uint16(tiff[at:]))
	for entries := tiff[at+2:]; n > 0 && len(entries) >= 12; n, entries = n-1, entries[12:] {
		if order.Uint16(entries) != 0x0112 || order.Uint16(entries[2:]) != 3 || order.Uint32(entries[4:]) != 1 {
			continue
		}
		if way := order.Uint16(entries[8:]); way > 1 && way <= 8 {
			return way
		}
		return 0
	}
	return 0
}

// turnedBy is a TIFF that says how a picture is turned and nothing else.
func turnedBy(way uint16) []byte {
	return []byte{'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, byte(way >> 8), byte(way), 0, 0, 0, 0, 0, 0}
}

// drawn are the chunks of a PNG that make what it looks like: all that are critical
// (PNG 3rd edition §11.2), and of the others those about colour, size and movement.
var drawn = map[string]bool{"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true,
	"tRNS": true, "cHRM": true, "gAMA": true, "iCCP": true, "sBIT": true, "sRGB": true, "cICP": true, "mDCV": true, "cLLI": true,
	"bKGD": true, "pHYs": true, "acTL": true, "fcTL": true, "fdAT": true}

// badges are the keywords of texts by which a PNG is a badge (Open Badges 3.0 §5.3,
// 2.0 baking §2): such a picture is handed in for what it carries.
var badges = [][]byte{[]byte("openbadgecredential\x00"), []byte("openbadges\x00")}

const maxExif = 64 << 10

// barePNG copies a PNG.
func barePNG(r *bufio.Reader, w io.Writer, began *bool) error {
	if err := copyN(w, r, 8); err != nil {
		return err
	}
	for first := true; ; first = false {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		size, kind := int64(binary.BigEndian.Uint32(head[:])), string(head[4:])
		if size > 1<<31-1 || first != (kind == "IHDR") || first && size != 13 {
			return damaged()
		}
		keep := drawn[kind]
		switch {
		case kind == "eXIf" && size <= maxExif:
			exif := make([]byte, size)
			if _, err := io.ReadFull(r, exif); err != nil {
				return err
			}
			if way := orientation(exif); way > 1 {
				if err := writeChunk(w, kind, turnedBy(way)); err != nil {
					return err
				}
			}
			size = 0
		case kind == "iTXt" || kind == "tEXt":
			keyword, err := r.Peek(int(min(size, 20)))
			if err != nil {
				return err
			}
			for _, b := range badges {
				keep = keep || bytes.HasPrefix(keyword, b)
			}
		}
		*began = *began || kind == "IDAT"
		if !keep {
			if _, err := io.CopyN(io.Discard, r, size+4); err != nil { // with its check sum
				return err
			}
			continue
		}
		if _, err := w.Write(head[:]); err != nil {
			return err
		}
		if err := copyN(w, r, size+4); err != nil || kind == "IEND" {
			return err
		}
	}
}

func writeChunk(w io.Writer, kind string, data []byte) error {
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), kind...)
	chunk = append(chunk, data...)
	_, err := w.Write(binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:])))
	return err
}

func copyN(w io.Writer, r io.Reader, n int64) error {
	_, err := io.CopyN(w, r, n)
	return err
}
