package bake

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// pdfOf writes a PDF whose objects are numbered from 1; the first is the
// catalogue.
func pdfOf(objects ...string) []byte { return pdfWith("", objects...) }

func pdfWith(trailer string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	at := writeObjects(&b, objects)
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, trailer, start)
	return b.Bytes()
}

func writeObjects(b *bytes.Buffer, objects []string) (at []int) {
	for i, text := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", i+1, text)
	}
	return at
}

func stream(entries, body string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", entries, len(body), body)
}

func deflate(text string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func flate(entries, text string) string {
	return stream(entries+" /Filter /FlateDecode", deflate(text))
}

const (
	catalog = "<< /Type /Catalog /Names << /EmbeddedFiles << /Names [(a) 2 0 R] >> >> >>"
	spec    = "<< /Type /Filespec /F (credential.json) /EF << /F 3 0 R >> >>"
	pages   = "<< /Type /Catalog /Pages 2 0 R >>"
)

// packed writes a PDF whose objects, but for streams, lie in an object stream
// and whose cross-references are a stream, their rows filtered as given.
func packed(filter byte, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	n := len(objects)
	rows := [][3]int{{0, 0, 65535}}
	var head, body strings.Builder
	for i, text := range objects {
		if strings.Contains(text, "stream") {
			rows = append(rows, [3]int{1, b.Len(), 0})
			fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, text)
			continue
		}
		rows = append(rows, [3]int{2, n + 1, i})
		fmt.Fprintf(&head, "%d %d ", i+1, body.Len())
		body.WriteString(text + "\n")
	}
	rows = append(rows, [3]int{1, b.Len(), 0})
	fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n+1, flate(fmt.Sprintf("/Type /ObjStm /N %d /First %d", strings.Count(head.String(), " ")/2, head.Len()), head.String()+body.String()))
	start := b.Len()
	rows = append(rows, [3]int{1, start, 0})
	fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", n+2,
		flate(fmt.Sprintf("/Type /XRef /Size %d /W [1 3 2] /Root 1 0 R /DecodeParms << /Predictor 12 /Columns 6 >>", len(rows)), filtered(filter, rows)), start)
	return b.Bytes()
}

// filtered writes rows as PNG filters them (PNG §9.2).
func filtered(filter byte, rows [][3]int) string {
	var out []byte
	above := make([]byte, 6)
	for _, r := range rows {
		row := append([]byte{byte(r[0]), byte(r[1] >> 16)}, binary.BigEndian.AppendUint16(nil, uint16(r[1]))...)
		row = binary.BigEndian.AppendUint16(row, uint16(r[2]))
		out = append(out, filter)
		for i, c := range row {
			var left, corner byte
			if i > 0 {
				left, corner = row[i-1], above[i-1]
			}
			guess := [5]byte{0, left, above[i], byte((int(left) + int(above[i])) / 2), paeth(left, above[i], corner)}[filter]
			out = append(out, c-guess)
		}
		above = row
	}
	return string(out)
}

// rowsOfOne writes a text as rows of one byte without a filter.
func rowsOfOne(text string) string {
	var out strings.Builder
	for i := range len(text) {
		out.WriteString("\x00" + text[i:i+1])
	}
	return out.String()
}

// scanned is a PDF without cross-references: all of it is looked at.
func scanned(objects ...string) []byte {
	doc := pdfOf(objects...)
	return doc[:bytes.LastIndex(doc, []byte("xref\n0"))]
}

// heavy is an object stream that is within every bound by itself and more than
// half of what may be inflated in all.
func heavy(member int) string {
	text := make([]byte, maxInflate*3/5/2)
	if _, err := rand.NewChaCha8([32]byte{}).Read(text); err != nil {
		panic(err) // it never fails
	}
	return flate("/Type /ObjStm /N 1 /First 6", fmt.Sprintf("%-6s", fmt.Sprint(member, " 0"))+fmt.Sprintf("(%x)", text))
}

func TestUnbakePDF(t *testing.T) {
	file := stream("", badge)
	good := pdfOf(catalog, spec, file)
	move := func(doc []byte, old, new string) []byte { return bytes.Replace(doc, []byte(old), []byte(new), 1) }
	tests := []struct {
		name string
		doc  []byte
		want error
	}{
		{"plain", good, nil},
		{"deflated", pdfOf(catalog, spec, flate("/Type /EmbeddedFile", badge)), nil},
		{"deflated, filters in a list", pdfOf(catalog, spec, stream("/Filter [/FlateDecode] /DecodeParms [null]", deflate(badge))), nil},
		{"no filters in a list", pdfOf(catalog, spec, stream("/Filter []", badge)), nil},
		{"length elsewhere", pdfOf(catalog, spec, "<< /Length 4 0 R >>\nstream\r\n"+badge+"\nendstream", fmt.Sprint(len(badge))), nil},
		{"by its Unicode name", pdfOf(catalog, "<< /F () /UF <FEFF 0061 002E 004A 0053 004F 004E> /EF << /UF 3 0 R >> >>", file), nil},
		{"by a name with escapes", pdfOf(catalog, `<< /F (a\(1\)\056js\
on) /EF << /F 3 0 R >> >>`, file), nil},
		{"by its media type", pdfOf(catalog, "<< /F (badge) /EF << /F 3 0 R >> >>", stream("/Subtype /application#2Fvc", badge)), nil},
		{"keys with escapes", pdfOf(strings.Replace(catalog, "/Names", "/N#61mes", 1), spec, file), nil},
		{"jsonld", pdfOf(catalog, strings.Replace(spec, ".json", ".jsonld", 1), file), nil},
		{"jwt", pdfOf(catalog, strings.Replace(spec, ".json", ".JWT", 1), file), nil},
		{"kids", pdfOf("<< /Names << /EmbeddedFiles 4 0 R >> >>", spec, file, "<< /Kids [5 0 R] >>", "<< /Limits [(a) (b)] /Names [(a) 2 0 R] >>"), nil},
		{"associated with the document", pdfOf("<< /AF [2 0 R] >>", spec, file), nil},
		{"associated with a page", pdfOf("<< /Pages 4 0 R >>", spec, file, "<< /Kids [<< /AF 5 0 R >>] >>", "[2 0 R]"), nil},
		{"pinned to a page", pdfOf("<< /Pages 4 0 R >>", spec, file, "<< /Kids [<< /Annots [<< /Subtype /FileAttachment /FS 2 0 R >>] >>] >>"), nil},
		{"one file listed in two places", pdfOf(strings.TrimSuffix(catalog, ">>")+"/AF [2 0 R] >>", spec, file), nil},
		{"under two names", pdfOf(catalog, "<< /F (a.json) /UF (b.json) /EF << /F 3 0 R /UF 3 0 R >> >>", file), nil},
		{"beside other files", pdfOf(strings.Replace(catalog, "[", "[(0) 4 0 R ", 1), spec, file, "<< /F (readme.txt) /EF << /F 5 0 R >> >>", stream("", "hello")), nil},
		{"comments", pdfOf("% a\n<< % >> /Names\r/Names % <<\n"+strings.TrimPrefix(catalog, "<< /Type /Catalog /Names"), spec, file), nil},
		{"object streams", packed(2, catalog, spec, file), nil},
		{"rows unfiltered", packed(0, catalog, spec, file), nil},
		{"rows by their left", packed(1, catalog, spec, file), nil},
		{"rows by the average", packed(3, catalog, spec, file), nil},
		{"rows by Paeth", packed(4, catalog, spec, file), nil},
		{"changed afterwards", updated(pdfOf(catalog, "<< /F (old.txt) >>", file), 2, spec), nil},
		{"two in time, the last counts", updated(pdfOf(catalog, spec, stream("", jws)), 3, file), nil},
		{"one colour of eight bits", pdfOf(catalog, spec, flate("/DecodeParms << /Predictor 10 /Columns 1 /Colors 1 /BitsPerComponent 8 >>", rowsOfOne(badge))), nil},
		{"wrong start", move(good, "startxref\n", "startxref\n9"), nil},
		{"start of nothing", move(good, "startxref\n", "startxref\nx"), nil},
		{"no table", move(good, "xref\n0 4", "wref\n0 4"), nil},
		{"offsets wrong", append([]byte("%PDF-1.7\n%moved\n"), good[9:]...), nil},
		{"no trailer", good[:bytes.Index(good, []byte("xref"))], nil},
		{"object streams without their table", move(packed(2, catalog, spec, file), "startxref", "startwref"), nil},
		{"length wrong", pdfOf(catalog, spec, strings.Replace(file, "/Length ", "/Length 9", 1)), nil},
		{"table that refers to itself", move(good, "/Root", "/Prev "+startOf(good)+" /Root"), nil},

		{"none", pdfOf("<< /Type /Catalog >>"), ErrNone},
		{"an attachment of another kind", pdfOf(catalog, strings.Replace(spec, ".json", ".xml", 1), file), ErrNone},
		{"a file that is not embedded", pdfOf(catalog, "<< /F (credential.json) >>"), ErrNone},
		{"a file that is not there", pdfOf(catalog), ErrNone},
		{"deleted afterwards", updated(good, 1, "<< /Type /Catalog >>"), ErrNone},
		{"two", pdfOf(strings.Replace(catalog, "[", "[(0) 4 0 R ", 1), spec, file, "<< /F (b.jwt) /EF << /F 5 0 R >> >>", stream("", jws)), ErrSeveral},
		{"two, one pinned to a page", pdfOf(strings.TrimSuffix(catalog, ">>")+"/Pages << /Annots [<< /FS << /F (c.json) /EF << /F 4 0 R >> >> >>] >> >>", spec, file, file), ErrSeveral},
		{"two in one specification", pdfOf(catalog, "<< /F (a.json) /EF << /F 3 0 R /UF 4 0 R >> >>", file, file), ErrSeveral},
		{"locked", pdfWith("/Encrypt 4 0 R ", catalog, spec, file, "<< /Filter /Standard >>"), ErrLocked},
		{"locked, table wrong", move(pdfWith("/Encrypt 4 0 R ", catalog, spec, file), "startxref\n", "startxref\n9"), ErrLocked},
		{"names in a ring", pdfOf("<< /Names << /EmbeddedFiles 2 0 R >> >>", "<< /Kids [3 0 R] >>", "<< /Kids [2 0 R] >>"), ErrDamaged},
		{"names whose branches meet", pdfOf("<< /Names << /EmbeddedFiles 4 0 R >> >>", spec, file, "<< /Kids [5 0 R 5 0 R] >>", "<< /Names [(a) 2 0 R] >>"), ErrDamaged},
		{"one object stream", scanned(catalog, spec, file, heavy(4)), nil},
		{"object streams that are too much together", scanned(catalog, spec, file, heavy(4), heavy(5)), ErrTooLarge},
		{"names that are their own kid", pdfOf("<< /Names << /EmbeddedFiles 2 0 R >> >>", "<< /Kids [2 0 R 2 0 R] >>"), ErrDamaged},
		{"pages in a ring", pdfOf(pages, "<< /Kids [3 0 R] >>", "<< /Kids [2 0 R] >>"), ErrDamaged},
		{"object that is itself", pdfOf("<< /Names 2 0 R >>", "2 0 R"), ErrNone},
		{"a key twice", pdfOf(strings.Replace(catalog, "/Names", "/Names << >> /Names", 1), spec, file), ErrDamaged},
		{"another filter", pdfOf(catalog, spec, stream("/Filter /LZWDecode", "x")), ErrDamaged},
		{"two filters", pdfOf(catalog, spec, stream("/Filter [/FlateDecode /FlateDecode]", deflate(deflate(badge)))), ErrDamaged},
		{"another predictor", pdfOf(catalog, spec, flate("/DecodeParms << /Predictor 2 >>", badge)), ErrDamaged},
		{"more colours than one", pdfOf(catalog, spec, flate("/DecodeParms << /Predictor 10 /Colors 8 >>", rowsOfOne(badge))), ErrDamaged},
		{"half bytes", pdfOf(catalog, spec, flate("/DecodeParms << /Predictor 10 /BitsPerComponent 4 >>", rowsOfOne(badge))), ErrDamaged},
		{"not inflatable", pdfOf(catalog, spec, stream("/Filter /FlateDecode", "hello")), ErrDamaged},
		{"cut off", pdfOf(catalog, spec, stream("/Filter /FlateDecode", deflate(badge)[:40])), ErrDamaged},
		{"checksum", pdfOf(catalog, spec, stream("/Filter /FlateDecode", deflate(badge)[:len(deflate(badge))-1]+"x")), ErrDamaged},
		{"empty", pdfOf(catalog, spec, stream("", "")), ErrDamaged},
		{"not UTF-8", pdfOf(catalog, spec, stream("", "{\"a\":\"\xff\"}")), ErrDamaged},
		{"file outside", pdfOf(catalog, spec, stream("/F (/etc/passwd)", badge)), ErrDamaged},
		{"not a stream", pdfOf(catalog, spec, "<< >>"), ErrDamaged},
		{"no objects", []byte("%PDF-1.7\n%%EOF"), ErrDamaged},
		{"header alone", []byte("%PDF-"), ErrDamaged},
		{"cut off inside", good[:120], ErrDamaged},
		{"longer than 256 KiB", pdfOf(catalog, spec, stream("", "{"+strings.Repeat(" ", maxEmbedded))), ErrTooLarge},
		{"a bomb by its size", pdfOf(catalog, spec, flate("", "{"+strings.Repeat("ab", maxEmbedded))), ErrTooLarge},
		{"a bomb by its ratio", pdfOf(catalog, spec, flate("", "{"+strings.Repeat(" ", maxEmbedded-2)+"}")), ErrTooLarge},
		{"longer than 2 MiB", append(bytes.Clone(good), make([]byte, MaxFile)...), ErrTooLarge},
		{"deep", pdfOf("<< /Names " + strings.Repeat("[", 40) + strings.Repeat("]", 40) + " >>"), ErrTooLarge},
		{"many attachments", pdfOf("<< /AF [" + strings.Repeat("<<>> ", maxVisits+1) + "] >>"), ErrTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkUnbake(t, tt.doc, badge, tt.want) })
	}
}

func startOf(doc []byte) string {
	return strings.Fields(string(doc[bytes.LastIndex(doc, []byte("startxref"))+9:]))[0]
}

// updated adds a newer form of an object at the end, as PDF programs do.
func updated(doc []byte, n int, object string) []byte {
	var b bytes.Buffer
	b.Write(doc)
	at := b.Len()
	fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, object)
	start := b.Len()
	fmt.Fprintf(&b, "xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Root 1 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n", n, at, startOf(doc), start)
	return b.Bytes()
}

// TestPDFRoundTrip: the bytes come out as they went in, whatever is in them.
func TestPDFRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"endstream", "endobj", "3 0 obj", "\r\n", "\r", "\n", " ", ">>", "Ω", "😀", "a", "xref", "trailer << /Root 9 0 R >>"})
		credential := "{" + strings.Join(rapid.SliceOf(rapid.OneOf(piece, rapid.StringMatching(`[ -~]{0,9}`))).Draw(t, "text"), "")
		for _, file := range []string{stream("", credential), flate("", credential)} {
			for _, doc := range [][]byte{pdfOf(catalog, spec, file), packed(2, catalog, spec, file)} {
				got, kind, err := Unbake(doc)
				if err != nil || kind != PDFKind || string(got) != credential {
					t.Fatalf("%v %v: %q, want %q", kind, err, got, credential)
				}
			}
		}
	})
}

// hostilePDFs are files made to cost much.
func hostilePDFs() map[string][]byte {
	const room = 255 << 10
	fill := func(text string, n int) string { return strings.Repeat(text, n/len(text)) }
	many := func(n int, f func(i int) string) []string {
		all := make([]string, n)
		for i := range all {
			all[i] = f(i + 1)
		}
		return all
	}
	deflated := flate("/Type /ObjStm /N 1 /First 4", "9 0 "+fill("<<>> ", 90<<10))
	return map[string][]byte{
		"brackets":    pdfOf("<< /Names " + fill("[[]", room) + " >>"),
		"dictionary":  pdfOf("<< " + fill("/a 1", room) + ">>"),
		"escapes":     pdfOf("<< " + fill("/#61 1", room) + ">>"),
		"strings":     pdfOf("<< /AF [" + fill("()", room) + "] >>"),
		"open string": pdfOf("<< /AF [(" + fill("((", room)),
		"hex strings": pdfOf("<< /AF [" + fill("<", room)),
		"comments":    pdfOf("<< /AF [" + fill("%\n", room) + "] >>"),
		"objects":     []byte("%PDF-" + fill("1 0 obj<<>>", room)),
		"object ends": []byte("%PDF-" + fill("obj", room)),
		"numbers":     []byte("%PDF-" + fill("1 0 ", room) + "obj"),
		"streams":     []byte("%PDF-" + fill("1 0 obj<<>>stream ", room)),
		"unended":     []byte("%PDF-" + fill("1 0 obj<<>>stream ", room) + "startxref"),
		"packs":       pdfOf(slices.Concat([]string{"<< /AF [" + fill("9 0 R ", 9000) + "] >>"}, many(60, func(int) string { return deflated }))...),
		"packs alone": []byte("%PDF-" + strings.Join(many(60, func(i int) string { return fmt.Sprintf("%d 0 obj%s endobj ", i, deflated) }), "")),
		"trailers":    []byte("%PDF-" + fill("trailer<<>>", room)),
		"tables":      []byte("%PDF-xref\n" + fill("0 0\n", room) + "trailer<<>>startxref 5"),
		"notes":       pdfOf("<< /Pages << /Annots [" + fill("2 0 R ", room) + "] >> >>"),
		"deep kids":   pdfOf(many(3000, func(i int) string { return fmt.Sprintf("<< /Pages 2 0 R /Kids [%d 0 R] >>", i+1) })...),
		"wide kids":   pdfOf("<< /Pages << /Kids [" + fill("<<>> ", room) + "] >> >>"),
	}
}

// processor is the processor time that this process has used.
func processor(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestHostilePDF holds every file of up to 256 KiB to 8 MiB of memory and to
// the work of 500 honest ones, counted just before because a busy machine
// slows both alike: 50 ms of one processor on the machine that the promise was
// made for. The log has the figures.
func TestHostilePDF(t *testing.T) {
	honest := packed(2, catalog, spec, flate("", badge+strings.Repeat(" ", 3000)))
	for name, doc := range hostilePDFs() {
		t.Run(name, func(t *testing.T) {
			if len(doc) > 256<<10 {
				t.Fatalf("%d bytes", len(doc))
			}
			const most, several = 500, 300
			best, memory, work := time.Hour, uint64(1<<40), math.Inf(1)
			for range 5 {
				began := processor(t)
				for range several {
					if _, _, err := Unbake(honest); err != nil {
						t.Fatal(err)
					}
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				start := processor(t)
				_, _, err := Unbake(doc)
				took := processor(t) - start
				runtime.ReadMemStats(&after)
				if err == nil {
					t.Fatal("accepted")
				}
				if one := (start - began) / several; one > 0 {
					work = min(work, float64(took)/float64(one))
				}
				best, memory = min(best, took), min(memory, after.TotalAlloc-before.TotalAlloc)
			}
			t.Logf("%8d bytes %10v %5.0f times an honest one %6d KiB", len(doc), best.Round(time.Microsecond), work, memory>>10)
			if work > most {
				t.Errorf("took as much work as %.0f honest files", work)
			}
			if memory > 8<<20 {
				t.Errorf("%d KiB allocated", memory>>10)
			}
		})
	}
}

func BenchmarkHostilePDF(b *testing.B) {
	for name, doc := range hostilePDFs() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Unbake(doc); err == nil {
					b.Fatal("accepted")
				}
			}
		})
	}
}

func FuzzUnbakePDF(f *testing.F) {
	f.Add(pdfOf(catalog, spec, stream("", badge)))
	f.Add(packed(2, catalog, spec, flate("/Subtype /application#2Fvc", badge)))
	f.Add(updated(pdfOf(pages, "<< /Kids [3 0 R] >>", "<< /Annots [<< /FS << /UF <FEFF> /EF << /F 4 0 R >> >> >>] >>", stream("", jws)), 1, catalog))
	f.Add([]byte("%PDF-1 0 obj<</Type/Catalog/AF[<</EF<</F 2 0 R>>/F(.jwt)>>]>> 2 0 obj<</Length 3>>stream\na.bendstream"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		credential, kind, err := Unbake(append([]byte("%PDF-"), bytes.TrimPrefix(doc, []byte("%PDF-"))...))
		var refusal *Error
		switch {
		case err != nil && (!errors.As(err, &refusal) || credential != nil):
			t.Fatalf("error %T with credential %q", err, credential)
		case err == nil && (kind != PDFKind || len(credential) == 0 || len(credential) > maxEmbedded):
			t.Fatalf("%v of %d bytes", kind, len(credential))
		}
	})
}

// TestUnpackPDF: the status beside the credential, whatever else is there.
func TestUnpackPDF(t *testing.T) {
	const held = "eyJ.status.x"
	file, status := stream("", badge), flate("/Type /EmbeddedFile", held)
	two := strings.Replace(catalog, "[", "[(0) 4 0 R ", 1)
	named := func(name, object string) string { return "<< /F (" + name + ") /EF << /F " + object + " 0 R >> >>" }
	for name, test := range map[string]struct {
		doc  []byte
		want string
	}{
		"none":             {pdfOf(catalog, spec, file), ""},
		"one":              {pdfOf(two, spec, file, named("status.staple", "5"), status), held},
		"in upper case":    {pdfOf(two, spec, file, named("A.STAPLE", "5"), status), held},
		"another kind":     {pdfOf(two, spec, file, named("status.txt", "5"), status), ""},
		"two":              {pdfOf(strings.Replace(two, "[", "[(00) 6 0 R ", 1), spec, file, named("a.staple", "5"), status, named("b.staple", "7"), status), ""},
		"one listed twice": {pdfOf(strings.Replace(two, "[", "[(00) 4 0 R ", 1), spec, file, named("a.staple", "5"), status), held},
		"without a table":  {scanned(two, spec, file, named("status.staple", "5"), status), held},
	} {
		u, err := Unpack(test.doc)
		if string(u.Staple) != test.want {
			t.Errorf("%s: %q, %v", name, u.Staple, err)
		}
		if err != nil || u.Kind != PDFKind || string(u.Credential) != badge {
			t.Errorf("%s: %q of kind %q, %v", name, u.Credential, u.Kind, err)
		}
	}
	if _, err := Unpack(pdfOf(catalog, named("status.staple", "3"), status)); !errors.Is(err, ErrNone) {
		t.Errorf("a status alone: %v", err)
	}
	if _, err := Unpack(pdfOf(two, spec, file, named("status.staple", "5"), flate("", strings.Repeat("x", maxStaple+1)))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a status that inflates: %v", err)
	}
}
