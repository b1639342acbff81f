package evidence

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	jpegs "image/jpeg"
	pngs "image/png"
	"strings"
	"testing"

	"hallmark/issuer"
)

func drawing() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range m.Pix {
		if m.Pix[i] = byte(i * 7); i%4 == 3 {
			m.Pix[i] = 0xff
		}
	}
	m.Set(3, 4, color.RGBA{200, 10, 10, 255})
	return m
}

func encoded(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpegs.Encode(&b, drawing(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif is a TIFF in an order of bytes that says where, and which way up.
func exif(order binary.AppendByteOrder, way uint16) []byte {
	head := "MM\x00*"
	if order.AppendUint16(nil, 1)[0] == 1 {
		head = "II*\x00"
	}
	b := order.AppendUint32([]byte(head), 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, 0x010f), 2), 30) // Make
	b = order.AppendUint32(b, 38)
	b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, 0x0112), 3), 1)
	b = order.AppendUint16(order.AppendUint16(b, way), 0)
	b = order.AppendUint32(b, 0)
	return append(b, "SECRET 52.5200 N 13.4050 E, me\x00"...)
}

// photograph is a JPEG as cameras and programs write it.
func photograph(t testing.TB, way uint16, order binary.AppendByteOrder) []byte {
	t.Helper()
	plain := encoded(t)
	segment := func(marker byte, what string) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(what)+2)), what...)
	}
	out := bytes.Join([][]byte{plain[:2],
		segment(0xe0, "JFIF\x00\x01\x02\x00\x00\x48\x00\x48\x01\x01SEC"), segment(0xe1, "Exif\x00\x00"+string(exif(order, way))), {0xff},
		segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x>SECRET</x>"), segment(0xe2, "ICC_PROFILE\x00\x01\x01colours"), segment(0xe2, "MPF\x00SECRET"),
		segment(0xed, "Photoshop 3.0\x00SECRET"), segment(0xee, "Adobe\x00\x64\x00\x00\x00\x00\x01"), segment(0xfe, "SECRET"), segment(0xeb, "JP SECRET"), segment(0xf0, "SECRET"), plain[2:], []byte("SECRET trailer")}, nil)
	return out
}

func chunk(kind, data string) []byte {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), kind+data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func screenshot(t testing.TB, way uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pngs.Encode(&b, drawing()); err != nil {
		t.Fatal(err)
	}
	const begin = 8 + 25 // signature and IHDR
	return bytes.Join([][]byte{b.Bytes()[:begin], chunk("tEXt", "Author\x00SECRET"), chunk("pHYs", "\x00\x00\x0b\x13\x00\x00\x0b\x13\x01"), chunk("zTXt", "x\x00\x00SECRET"),
		chunk("iTXt", "XML:com.adobe.xmp\x00SECRET"), chunk("iTXt", "openbadgecredential\x00\x00\x00\x00\x00{}"), chunk("eXIf", string(exif(binary.LittleEndian, way))),
		chunk("tIME", "SECRET!"), chunk("caBX", "SECRET"), b.Bytes()[begin:], []byte("SECRET")}, nil)
}

func bared(t testing.TB, kind Kind, in []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := bare(kind, bufio.NewReader(bytes.NewReader(in)), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestBare: what a camera wrote is gone, the picture is the same to the last dot,
// and the way up is as it was.
func TestBare(t *testing.T) {
	for _, way := range []uint16{0, 1, 2, 3, 6, 8, 9} {
		turned := way > 1 && way < 9
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			in := photograph(t, way, order)
			out := bared(t, jpeg, in)
			if bytes.Contains(out, []byte("SEC")) || !bytes.Contains(out, []byte("ICC_PROFILE")) || !bytes.Contains(out, []byte("Adobe")) {
				t.Errorf("way %d: %q", way, out[:200])
			}
			at := bytes.Index(out, []byte("Exif\x00\x00"))
			if (at >= 0) != turned || turned && orientation(out[at+6:]) != way {
				t.Errorf("way %d: %q", way, out[:200])
			}
			was, err := jpegs.Decode(bytes.NewReader(encoded(t)))
			if err != nil {
				t.Fatal(err)
			}
			is, err := jpegs.Decode(bytes.NewReader(out))
			same(t, was, is, err)
		}
		in := screenshot(t, way)
		out := bared(t, png, in)
		if bytes.Contains(out, []byte("SECRET")) || !bytes.Contains(out, []byte("openbadgecredential")) || !bytes.Contains(out, []byte("pHYs")) {
			t.Errorf("way %d: %q", way, out[:200])
		}
		at := bytes.Index(out, []byte("eXIf"))
		if (at >= 0) != turned || turned && orientation(out[at+4:]) != way {
			t.Errorf("way %d: %q", way, out[:200])
		}
		is, err := pngs.Decode(bytes.NewReader(out)) // which looks at every check sum
		same(t, drawing(), is, err)
	}
}

func same(t *testing.T, a, b image.Image, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if a.Bounds() != b.Bounds() {
		t.Fatalf("%v became %v", a.Bounds(), b.Bounds())
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r, g, bl, al := a.At(x, y).RGBA()
			if r2, g2, b2, a2 := b.At(x, y).RGBA(); r>>8 != r2>>8 || g>>8 != g2>>8 || bl>>8 != b2>>8 || al>>8 != a2>>8 {
				t.Fatalf("the dot at %d, %d changed", x, y)
			}
		}
	}
}

// TestBareIsKept: a file is named by what is left of it, counts as it came, and one
// that does not come whole is none.
func TestBareIsKept(t *testing.T) {
	d := NewDisk(t.TempDir())
	in := photograph(t, 6, binary.BigEndian)
	f := put(t, d, string(in))
	want := bared(t, jpeg, in)
	got, err := read(t, d, f.Digest())
	if err != nil || got != string(want) || f.Size() != int64(len(want)) {
		t.Errorf("%d bytes, want %d: %v", len(got), len(want), err)
	}
	if again := put(t, d, got); again.Digest() != f.Digest() {
		t.Error("what was kept and is handed in again is another file")
	}
	if _, err := d.Put(t.Context(), bytes.NewReader(in), int64(len(in))-1); !errors.Is(err, issuer.TooLarge) {
		t.Errorf("larger than it may be, with what is left out: %v", err)
	}
	for what, begin := range map[string]string{
		"nothing but the beginning": "\x89PNG\r\n\x1a\n", "another chunk first": "\x89PNG\r\n\x1a\n" + string(chunk("tEXt", "x")), "a JPEG without a picture": "\xff\xd8\xff\xd9"[:3],
		"no segment": "\xff\xd8\xff\xe1\x00\x01", "bytes between segments": "\xff\xd8\xff\xe1\x00\x02zz", "a chunk without an end": "\x89PNG\r\n\x1a\n\x80\x00\x00\x00IHDR",
	} {
		if _, err := d.Put(t.Context(), strings.NewReader(begin), 1<<20); !errors.Is(err, issuer.Unsuitable) {
			t.Errorf("%s: %v", what, err)
		}
	}
	cut := in[:len(in)-len("SECRET trailer")-20]
	if f := put(t, d, string(cut)); f.Size() == 0 {
		t.Error("a photograph that breaks off is not taken as far as it goes")
	}
}

// FuzzBare: whatever is handed in, what is left of it is left as it is when it is
// handed in again, and is hardly longer than it was.
func FuzzBare(f *testing.F) {
	f.Add(true, photograph(f, 6, binary.LittleEndian))
	f.Add(false, screenshot(f, 3))
	f.Fuzz(func(t *testing.T, isJPEG bool, in []byte) {
		kind := png
		if isJPEG {
			kind = jpeg
		}
		var once, twice bytes.Buffer
		if bare(kind, bufio.NewReader(bytes.NewReader(in)), &once) != nil {
			return
		}
		if once.Len() > len(in)+64 {
			t.Fatalf("%d bytes became %d", len(in), once.Len())
		}
		if err := bare(kind, bufio.NewReader(bytes.NewReader(once.Bytes())), &twice); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Fatalf("%q became %q, and %q after that: %v", in, once.Bytes(), twice.Bytes(), err)
		}
	})
}
