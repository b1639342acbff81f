package bake

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hallmark/verifier/verifiertest"
)

const (
	badge  = `{"type":["VerifiableCredential","OpenBadgeCredential"],"name":"Ada ]]> Ω"}`
	jws    = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJkaWQ6a2V5In0.c2lnbmF0dXJl"
	plain  = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="3"/></svg>`
	baked  = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">%s</svg>`
	inside = `<openbadges:credential>` + `<![CDATA[{"a":1}]]>` + `</openbadges:credential>`
)

func smallPNG(t testing.TB) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, image.NewNRGBA(image.Rect(0, 0, 5, 4))); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// rawChunk is a PNG chunk with a right checksum.
func rawChunk(kind, data string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, kind+data...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

func header(width, height uint32) string {
	b := binary.BigEndian.AppendUint32(nil, width)
	b = binary.BigEndian.AppendUint32(b, height)
	return rawChunk("IHDR", string(b)+"\x08\x06\x00\x00\x00")
}

func itxt(text string) string {
	return rawChunk("iTXt", keyword+"\x00\x00\x00\x00\x00"+text)
}

func pngOf(chunks ...string) []byte {
	return []byte(string(pngSignature) + strings.Join(chunks, ""))
}

func TestVectors(t *testing.T) {
	root := verifiertest.Fixtures(t)
	tests := []struct {
		file string
		kind Kind
		jws  bool
	}{
		{"simple-json.png", PNGKind, false},
		{"simple-jwt.png", PNGKind, true},
		{"simple-json.svg", SVGKind, false},
		{"simple-jwt_v1.svg", SVGKind, true},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			doc, err := os.ReadFile(filepath.Join(root, "standards/vectors/1edtech-ob30", tt.file))
			if err != nil {
				t.Fatal(err)
			}
			credential, kind, err := Unbake(doc)
			if err != nil || kind != tt.kind {
				t.Fatalf("Unbake: %v, %v", kind, err)
			}
			if isCompactJWS(credential) != tt.jws || !tt.jws && !bytes.Contains(credential, []byte(`"OpenBadgeCredential"`)) {
				t.Errorf("unexpected credential: %.60q", credential)
			}
			put := map[Kind]func(_, _ []byte) ([]byte, error){PNGKind: PNG, SVGKind: SVG}[kind]
			if _, err := put(doc, credential); !errors.Is(err, ErrBaked) {
				t.Errorf("baking once more: %v", err)
			}
		})
	}
}

func TestUnbakePNG(t *testing.T) {
	idat, iend := rawChunk("IDAT", "x"), rawChunk("IEND", "")
	ok := pngOf(header(5, 4), itxt(badge), idat, iend)
	spoiled := bytes.Clone(ok)
	spoiled[len(spoiled)-40] ^= 1
	tests := []struct {
		name string
		doc  []byte
		want error
	}{
		{"before the pixels", ok, nil},
		{"after the pixels", pngOf(header(5, 4), idat, itxt(badge), iend), nil},
		{"language and translated keyword", pngOf(header(5, 4), idat, rawChunk("iTXt", keyword+"\x00\x00\x00en\x00badge\x00"+badge), iend), nil},
		{"bytes after the end", append(bytes.Clone(ok), itxt(jws)...), nil},
		{"beside an older badge", pngOf(header(5, 4), rawChunk("tEXt", "openbadges\x00http://a.example"), itxt(badge), idat, iend), nil},
		{"none", smallPNG(t), ErrNone},
		{"another keyword", pngOf(header(5, 4), rawChunk("iTXt", "clrcredential\x00\x00\x00\x00\x00"+badge), idat, iend), ErrNone},
		{"the same twice", pngOf(header(5, 4), itxt(badge), itxt(badge), idat, iend), ErrSeveral},
		{"a second behind the pixels", pngOf(header(5, 4), itxt(badge), idat, itxt(jws), iend), ErrSeveral},
		{"compressed", pngOf(header(5, 4), rawChunk("iTXt", keyword+"\x00\x01\x00\x00\x00x\x9c\x03\x00"), idat, iend), ErrDamaged},
		{"method without flag", pngOf(header(5, 4), rawChunk("iTXt", keyword+"\x00\x00\x01\x00\x00"+badge), idat, iend), ErrDamaged},
		{"in a tEXt chunk", pngOf(header(5, 4), rawChunk("tEXt", keyword+"\x00"+badge), idat, iend), ErrDamaged},
		{"in a zTXt chunk", pngOf(header(5, 4), rawChunk("zTXt", keyword+"\x00"+badge), idat, iend), ErrDamaged},
		{"legacy iTXt", pngOf(header(5, 4), rawChunk("iTXt", "openbadges\x00\x00\x00\x00\x00{}"), idat, iend), ErrLegacy},
		{"legacy tEXt", pngOf(header(5, 4), rawChunk("tEXt", "openbadges\x00http://a.example"), idat, iend), ErrLegacy},
		{"empty text", pngOf(header(5, 4), itxt(""), idat, iend), ErrDamaged},
		{"no flags", pngOf(header(5, 4), rawChunk("iTXt", keyword+"\x00"), idat, iend), ErrDamaged},
		{"no language", pngOf(header(5, 4), rawChunk("iTXt", keyword+"\x00\x00\x00"), idat, iend), ErrDamaged},
		{"no translated keyword", pngOf(header(5, 4), rawChunk("iTXt", keyword+"\x00\x00\x00\x00"), idat, iend), ErrDamaged},
		{"not UTF-8", pngOf(header(5, 4), itxt("{\"a\":\"\xff\"}"), idat, iend), ErrDamaged},
		{"longer than 1 MiB", pngOf(header(5, 4), itxt("{"+strings.Repeat(" ", MaxCredential)), idat, iend), ErrTooLarge},
		{"longer than 2 MiB", pngOf(header(5, 4), rawChunk("IDAT", strings.Repeat("x", MaxFile)), iend), ErrTooLarge},
		{"a bomb by its header", pngOf(header(100_000, 100_000), itxt(badge), idat, iend), ErrTooLarge},
		{"no width", pngOf(header(0, 4), itxt(badge), idat, iend), ErrDamaged},
		{"width over PNG's limit", pngOf(header(1<<31, 1), itxt(badge), idat, iend), ErrDamaged},
		{"header of the wrong length", pngOf(rawChunk("IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01"), itxt(badge), idat, iend), ErrDamaged},
		{"header not first", pngOf(itxt(badge), header(5, 4), idat, iend), ErrDamaged},
		{"two headers", pngOf(header(5, 4), header(5, 4), itxt(badge), idat, iend), ErrDamaged},
		{"no pixels", pngOf(header(5, 4), itxt(badge), iend), ErrDamaged},
		{"no end", pngOf(header(5, 4), itxt(badge), idat), ErrDamaged},
		{"wrong checksum", spoiled, ErrDamaged},
		{"length beyond the file", pngOf(header(5, 4), "\xff\xff\xff\xff"+itxt(badge)[4:]), ErrDamaged},
		{"chunk name of digits", pngOf(header(5, 4), rawChunk("1234", ""), itxt(badge), idat, iend), ErrDamaged},
		{"signature alone", pngOf(), ErrDamaged},
		{"a JPEG", []byte("\xff\xd8\xff\xe0"), ErrNotPicture},
		{"nothing", nil, ErrNotPicture},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkUnbake(t, tt.doc, badge, tt.want) })
	}
}

func checkUnbake(t *testing.T, doc []byte, credential string, want error) {
	t.Helper()
	got, _, err := Unbake(doc)
	if !errors.Is(err, want) {
		t.Fatalf("error %v (%v), want %v", err, errors.Unwrap(err), want)
	}
	var refusal *Error
	if err != nil && (!errors.As(err, &refusal) || got != nil) {
		t.Errorf("error of type %T with credential %q", err, got)
	}
	if err == nil && string(got) != credential {
		t.Errorf("credential %q, want %q", got, credential)
	}
}

func TestUnbakeSVG(t *testing.T) {
	in := func(body string) string { return fmt.Sprintf(baked, body) }
	const one = `{"a":1}`
	deep := strings.Repeat("<g>", 70) + strings.Repeat("</g>", 70)
	tests := []struct {
		name, doc, credential string
		want                  error
	}{
		{"CDATA", in(inside + "<g/>"), one, nil},
		{"CDATA among layout", in("\n <openbadges:credential>\n  <![CDATA[\n{\"a\":1}\n]]>\n </openbadges:credential>"), "\n" + one + "\n", nil},
		{"escaped text", in(`<openbadges:credential>{&quot;a&quot;:&#49;}</openbadges:credential>`), one, nil},
		{"attribute", in(`<openbadges:credential verify="` + jws + `"></openbadges:credential>`), jws, nil},
		{"attribute, closed tag", in(`<openbadges:credential verify=" ` + jws + ` "/>`), jws, nil},
		{"another prefix", `<svg xmlns:b="` + badgesSpace + `"><b:credential><![CDATA[{"a":1}]]></b:credential></svg>`, one, nil},
		{"not the first element", in("<g/>" + inside), one, nil},
		{"declaration, comment, DOCTYPE, byte order mark", "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- drawn --><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">" + in(inside), one, nil},
		{"none", plain, "", ErrNone},
		{"prefix not declared", `<svg><openbadges:credential>{"a":1}</openbadges:credential></svg>`, "", ErrNone},
		{"two", in(inside + inside), "", ErrSeveral},
		{"two, one of them as attribute", in(inside + `<g/><openbadges:credential verify="` + jws + `"/>`), "", ErrSeveral},
		{"both in one", in(`<openbadges:credential verify="` + jws + `"><![CDATA[{"a":1}]]></openbadges:credential>`), "", ErrDamaged},
		{"inside a group", in("<g>" + inside + "</g>"), "", ErrDamaged},
		{"one in another", in(`<openbadges:credential>` + inside + `</openbadges:credential>`), "", ErrDamaged},
		{"comment in the text", in(`<openbadges:credential>{"a":<!-- 2 -->1}</openbadges:credential>`), "", ErrDamaged},
		{"text before the CDATA", in(`<openbadges:credential>x<![CDATA[{"a":1}]]></openbadges:credential>`), "", ErrDamaged},
		{"text after the CDATA", in(`<openbadges:credential><![CDATA[{"a":1}]]>x</openbadges:credential>`), "", ErrDamaged},
		{"empty", in(`<openbadges:credential/>`), "", ErrDamaged},
		{"attribute twice", in(`<openbadges:credential verify="a.b.c" verify="d.e.f"/>`), "", ErrDamaged},
		{"legacy", `<svg xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="http://a.example"/></svg>`, "", ErrLegacy},
		{"own entity", `<!DOCTYPE svg [<!ENTITY c "x">]>` + in(inside), "", ErrDamaged},
		{"own entity, used", `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY c "x">]>` + in(`<openbadges:credential>&c;</openbadges:credential>`), "", ErrDamaged},
		{"file entity", `<!DOCTYPE svg SYSTEM "a" [<!ENTITY c SYSTEM "file:///etc/passwd">]>` + in(inside), "", ErrDamaged},
		{"unknown entity", in(`<openbadges:credential>{"a":&nbsp;1}</openbadges:credential>`), "", ErrDamaged},
		{"two DOCTYPEs", `<!DOCTYPE svg SYSTEM "a"><!DOCTYPE svg SYSTEM "b">` + in(inside), "", ErrDamaged},
		{"DOCTYPE inside", in(`<!DOCTYPE svg SYSTEM "a">` + inside), "", ErrDamaged},
		{"two roots", in(inside) + plain, "", ErrDamaged},
		{"text after the root", in(inside) + "more", "", ErrDamaged},
		{"another root", `<?xml version="1.0"?><html>` + inside + `</html>`, "", ErrDamaged},
		{"cut off", in(inside)[:len(in(inside))-3], "", ErrDamaged},
		{"cut off inside", in(inside)[:160], "", ErrDamaged},
		{"UTF-16 declared", `<?xml version="1.0" encoding="UTF-16"?>` + in(inside), "", ErrDamaged},
		{"not UTF-8", in("<openbadges:credential>{\"a\":\"\xff\"}</openbadges:credential>"), "", ErrDamaged},
		{"no root", `<!-- nothing -->`, "", ErrDamaged},
		{"deep", in(inside + deep), "", ErrTooLarge},
		{"many elements", in(inside + strings.Repeat("<a/>", maxNodes)), "", ErrTooLarge},
		{"many attributes", in(inside + strings.Repeat("<a b='' c='' d=''/>", maxNodes/4)), "", ErrTooLarge},
		{"many attributes in a tag", in(inside + "<a " + manyAttributes(maxAttributes+1) + "/>"), "", ErrTooLarge},
		{"what could be a tag of attributes", in(inside + "<a>" + strings.Repeat("a=''", maxEquals+1) + "</a>"), "", ErrTooLarge},
		{"long credential", in(`<openbadges:credential>{` + strings.Repeat(" ", MaxCredential) + `}</openbadges:credential>`), "", ErrTooLarge},
		{"long file", in(inside + strings.Repeat(" ", MaxFile)), "", ErrTooLarge},
		{"a page", `<!DOCTYPE html><html></html>`, "", ErrNone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkUnbake(t, []byte(tt.doc), tt.credential, tt.want) })
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d='' ", i)
	}
	return b.String()
}

func TestSVGKeepsThePicture(t *testing.T) {
	const ns = ` xmlns:openbadges="` + badgesSpace + `"`
	const cred = `<openbadges:credential><![CDATA[{}]]></openbadges:credential>`
	tests := []struct{ name, picture, want string }{
		{"usual", plain, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"` + ns + `>` + cred + `<circle r="3"/></svg>`},
		{"closed in one tag", "<svg />\n", "<svg " + ns + ">" + cred + "</svg>\n"},
		{"own prefix", `<?xml version="1.0"?><s:svg xmlns:s="` + svgSpace + `"/>`, `<?xml version="1.0"?><s:svg xmlns:s="` + svgSpace + `"` + ns + `>` + cred + `</s:svg>`},
		{"namespace there", `<svg` + ns + ` ><g/></svg>`, `<svg` + ns + ` >` + cred + `<g/></svg>`},
		{"byte order mark", "\xef\xbb\xbf<svg></svg>", "\xef\xbb\xbf<svg" + ns + ">" + cred + "</svg>"},
		{"end mark in an attribute", `<svg aria-label="a>b/"></svg>`, `<svg aria-label="a>b/"` + ns + `>` + cred + `</svg>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := SVG([]byte(tt.picture), []byte(`{}`))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPNGKeepsThePicture(t *testing.T) {
	picture := smallPNG(t)
	got, err := PNG(picture, []byte(badge))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(got)); err != nil {
		t.Errorf("the standard reader: %v", err)
	}
	at := bytes.Index(got, []byte(itxt(badge)))
	if at < 0 || bytes.Index(got, []byte("IDAT")) < at {
		t.Fatalf("chunk at %d, after the pixels or nowhere", at)
	}
	rest := append(bytes.Clone(got[:at]), got[at+len(itxt(badge)):]...)
	if !bytes.Equal(rest, picture) {
		t.Error("other bytes of the picture changed")
	}
}

func TestBakeRefuses(t *testing.T) {
	small := smallPNG(t)
	tests := []struct {
		name                string
		picture, credential string
		want                error
	}{
		{"text", string(small), "hello", ErrCredential},
		{"array", string(small), "[]", ErrCredential},
		{"nothing", string(small), "", ErrCredential},
		{"two dots, empty signature", string(small), "a.b.", ErrCredential},
		{"JWS with a line break", string(small), jws + "\n", ErrCredential},
		{"NUL", string(small), "{\x00}", ErrCredential},
		{"not UTF-8", plain, "{\xff}", ErrCredential},
		{"control character in SVG", plain, "{\x01}", ErrCredential},
		{"noncharacter in SVG", plain, "{\"\uffff\"}", ErrCredential},
		{"longer than 1 MiB", plain, "{" + strings.Repeat(" ", MaxCredential), ErrTooLarge},
		{"together over 2 MiB", fmt.Sprintf("<svg>%s</svg>", strings.Repeat(" ", MaxFile-100)), badge, ErrTooLarge},
		{"PNG together over 2 MiB", string(pngOf(header(1, 1), rawChunk("IDAT", strings.Repeat("x", MaxFile-120)), rawChunk("IEND", ""))), badge, ErrTooLarge},
		{"baked PNG", string(pngOf(header(5, 4), itxt(badge), rawChunk("IDAT", ""), rawChunk("IEND", ""))), badge, ErrBaked},
		{"baked SVG", fmt.Sprintf(baked, inside), badge, ErrBaked},
		{"SVG baked twice", fmt.Sprintf(baked, inside+inside), badge, ErrBaked},
		{"legacy", `<svg xmlns:o="http://openbadges.org"><o:assertion/></svg>`, badge, ErrLegacy},
		{"prefix taken", `<svg xmlns:openbadges="http://openbadges.org"></svg>`, badge, ErrBaked},
		{"prefix unbound", `<svg xmlns:openbadges=""></svg>`, badge, ErrDamaged},
		{"damaged PNG", string(small[:40]), badge, ErrDamaged},
		{"not a picture", "GIF89a", badge, ErrNotPicture},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			put, other := PNG, SVG
			if Sniff([]byte(tt.picture)) == SVGKind {
				put, other = SVG, PNG
			}
			if got, err := put([]byte(tt.picture), []byte(tt.credential)); !errors.Is(err, tt.want) || got != nil {
				t.Errorf("%v (%v), want %v", err, errors.Unwrap(err), tt.want)
			}
			if _, err := other([]byte(tt.picture), []byte(badge)); !errors.Is(err, ErrNotPicture) && !errors.Is(err, ErrTooLarge) {
				t.Errorf("the other kind's function: %v", err)
			}
		})
	}
}

// TestRoundTrip: what is baked comes out byte for byte, whatever its layout.
func TestRoundTrip(t *testing.T) {
	small := smallPNG(t)
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"]]>", "]", ">", "\r\n", "\r", "\n", " ", "&amp;", "<", "Ω", "<![CDATA[", "\"", "😀", "a", "</openbadges:credential>"})
		credential := strings.Join(rapid.SliceOf(rapid.OneOf(piece, rapid.StringMatching(`[ -~]{0,9}`))).Draw(t, "text"), "")
		credential = rapid.SampledFrom([]string{"", "\n", "\r", " "}).Draw(t, "before") + "{" + credential
		if rapid.Bool().Draw(t, "jws") {
			part := base64.RawURLEncoding.EncodeToString([]byte(credential))
			credential = part + "." + part + "." + part
		}
		for _, bake := range []struct {
			kind    Kind
			picture []byte
			put     func(_, _ []byte) ([]byte, error)
		}{{PNGKind, small, PNG}, {SVGKind, []byte(plain), SVG}} {
			doc, err := bake.put(bake.picture, []byte(credential))
			if err != nil {
				t.Fatal(err)
			}
			got, kind, err := Unbake(doc)
			if err != nil || kind != bake.kind || string(got) != credential {
				t.Fatalf("%v %v: %q, want %q", kind, err, got, credential)
			}
		}
	})
}

func FuzzUnbakePNG(f *testing.F) {
	idat, iend := rawChunk("IDAT", "x"), rawChunk("IEND", "")
	f.Add(pngOf(header(5, 4), itxt(badge), idat, iend)[8:])
	f.Add(pngOf(header(5, 4), idat, itxt(jws), itxt(jws), iend)[8:])
	f.Add(pngOf(header(1<<31, 4), rawChunk("zTXt", keyword+"\x00"), iend)[8:])
	f.Fuzz(func(t *testing.T, chunks []byte) {
		checkFuzzed(t, append(bytes.Clone(pngSignature), mendChecksums(chunks)...))
	})
}

// mendChecksums lets the fuzzer past the CRC.
func mendChecksums(chunks []byte) []byte {
	out := bytes.Clone(chunks)
	for rest := out; len(rest) >= 12; {
		n := uint64(binary.BigEndian.Uint32(rest))
		if n > uint64(len(rest)-12) {
			break
		}
		binary.BigEndian.PutUint32(rest[8+n:], crc32.ChecksumIEEE(rest[4:8+n]))
		rest = rest[12+n:]
	}
	return out
}

func FuzzUnbakeSVG(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(baked, inside)))
	f.Add([]byte(fmt.Sprintf(baked, `<openbadges:credential verify="`+jws+`"/>`)))
	f.Add([]byte(`<?xml version="1.0"?><!DOCTYPE svg SYSTEM "x"><svg><g a="&#13;">&lt;<![CDATA[]]]]><![CDATA[>]]></g></svg>`))
	f.Fuzz(checkFuzzed)
}

// checkFuzzed holds Unbake to its promises on any bytes.
func checkFuzzed(t *testing.T, doc []byte) {
	credential, kind, err := Unbake(doc)
	if err != nil {
		var refusal *Error
		if !errors.As(err, &refusal) || credential != nil {
			t.Fatalf("error %T with credential %q", err, credential)
		}
		return
	}
	if len(credential) == 0 || len(credential) > MaxCredential {
		t.Fatalf("credential of %d bytes", len(credential))
	}
	put := PNG
	if kind == SVGKind {
		put = SVG
	}
	if _, err := put(doc, []byte(badge)); !errors.Is(err, ErrBaked) && !errors.Is(err, ErrTooLarge) {
		t.Fatalf("a baked picture took another credential: %v", err)
	}
}

func BenchmarkPNG(b *testing.B) {
	picture, credential := smallPNG(b), []byte(badge+strings.Repeat(" ", 3000))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := PNG(picture, credential); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHostileSVG: the most elements and attributes that 256 KiB can hold.
func BenchmarkHostileSVG(b *testing.B) {
	for name, doc := range map[string]string{
		"elements":   "<svg>" + strings.Repeat("<a/>", 65_000) + "</svg>",
		"attributes": "<svg " + strings.Repeat("a='' ", 52_000) + "></svg>",
		"namespaces": "<svg>" + strings.Repeat("<a xmlns=''/>", 20_000) + "</svg>",
		"mixed":      "<svg>" + strings.Repeat("<a b='' c='' d='' e=''/>", 10_900) + "</svg>",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Unbake([]byte(doc)); err == nil {
					b.Fatal("accepted")
				}
			}
		})
	}
}
