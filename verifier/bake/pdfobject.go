package bake

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// resolve follows a reference to the object it names.
func (p *pdf) resolve(v value) value {
	for range 4 {
		if v.kind != reference || p.err != nil {
			return v
		}
		v = p.object(v.n)
	}
	return value{} // references to references to …: nothing of worth
}

// object reads an object by its number.
func (p *pdf) object(n int) value {
	s, ok := p.find(n)
	if !ok || p.err != nil {
		return value{}
	}
	if s.pack > 0 {
		return p.pack(s.pack).member(p, n)
	}
	number, v := p.objectAt(s.at)
	if number != n || v.kind == none {
		p.fail(errXref)
		return value{}
	}
	return v
}

// objectAt reads "12 0 obj …" and finds out whether it is a stream. A kind of
// none says that there is no object.
func (p *pdf) objectAt(at int) (n int, v value) {
	if at < 0 || at >= len(p.doc) {
		return 0, value{}
	}
	number := p.read(p.doc, at, 0)
	generation := p.read(p.doc, number.end, 0)
	word := p.read(p.doc, generation.end, 0)
	if number.kind != integer || generation.kind != integer || !bytes.HasPrefix(p.doc[word.start:word.end], []byte("obj")) {
		return 0, value{}
	}
	v = p.read(p.doc, word.start+len("obj"), 0)
	if v.kind == closing {
		return 0, value{}
	}
	if v.kind == dict {
		// ISO 32000-1 §7.3.8.1: stream, then CR LF or LF.
		after := p.space(p.doc, v.end)
		if rest, found := bytes.CutPrefix(p.doc[after:], []byte("stream")); found {
			v.body = after + len("stream")
			switch {
			case bytes.HasPrefix(rest, []byte("\r\n")):
				v.body += 2
			case bytes.HasPrefix(rest, []byte("\n")), bytes.HasPrefix(rest, []byte("\r")):
				v.body++
			}
		}
	}
	return number.n, v
}

// stored gives the bytes of a stream as they lie in the file: by its length,
// or, if that is wrong, to the word that ends it.
func (p *pdf) stored(v value) []byte {
	rest := p.doc[v.body:]
	length := p.raw(v, "Length")
	if !p.scanning { // what it refers to may not have been found yet
		length = p.resolve(length)
	}
	if length.kind == integer && length.n <= len(rest) {
		after := rest[length.n:]
		if bytes.HasPrefix(bytes.TrimLeft(after[:min(16, len(after))], "\r\n\t "), []byte("endstream")) {
			return rest[:length.n]
		}
	}
	n := bytes.Index(rest, []byte("endstream"))
	if n < 0 {
		n = len(rest)
	}
	p.pay(n)
	body := rest[:n]
	body = bytes.TrimSuffix(body, []byte("\n"))
	return bytes.TrimSuffix(body, []byte("\r"))
}

// data gives the content of a stream, at most limit bytes of it, plain or
// inflated (ISO 32000-1 §7.4.4). Other filters are for pictures.
func (p *pdf) data(v value, limit int) []byte {
	if p.err != nil || v.kind != dict || v.body == 0 {
		p.fail(errXref)
		return nil
	}
	text := p.stored(v)
	filter, how := p.get(v, "Filter"), p.get(v, "DecodeParms")
	p.each(filter, func(i int, inner value) {
		if filter = p.resolve(inner); i > 0 {
			filter = value{kind: other}
		}
	})
	if how.kind == array {
		p.each(how, func(_ int, inner value) { how = p.resolve(inner) })
	}
	switch {
	case p.err != nil:
		return nil
	case p.raw(v, "F").kind != none:
		p.fail(refuse(ErrDamaged, "The PDF refers to a file outside itself, which is not read."))
	case filter.kind == none || filter.kind == array && filter.end-filter.start <= 3:
	case p.text(filter) == "FlateDecode":
		text = p.inflated(text, limit)
	default:
		p.fail(refuse(ErrDamaged, "A part of the PDF is packed in a way that is not read here."))
	}
	if len(text) > limit {
		p.fail(refuse(ErrTooLarge, "The file that is embedded in the PDF is larger than %d KiB.", limit>>10))
	}
	if how.kind == dict {
		text = p.unpredict(text, how)
	}
	if p.err != nil {
		return nil
	}
	return text
}

// inflated: what comes out is bounded by the limit, by what is left for the
// whole file and by how much was put in.
func (p *pdf) inflated(text []byte, limit int) []byte {
	limit = min(limit, maxRatio*len(text)+1024)
	limit = min(limit, max(p.inflate, 0))
	r, err := zlib.NewReader(bytes.NewReader(text))
	if err != nil {
		p.fail(refuse(ErrDamaged, "A part of the PDF is damaged: it cannot be unpacked."))
		return nil
	}
	p.inflate -= 16 << 10 // what setting up costs
	out, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	p.inflate -= len(out)
	switch {
	case len(out) > limit:
		p.fail(refuse(ErrTooLarge, "A part of the PDF unpacks to more than is accepted."))
	case err != nil && !errors.Is(err, io.EOF):
		p.fail(refuse(ErrDamaged, "A part of the PDF is damaged: it cannot be unpacked."))
	}
	return out
}

// unpredict undoes the row filters of PNG (ISO 32000-1 §7.4.4.4), which
// cross-reference streams use.
func (p *pdf) unpredict(text []byte, how value) []byte {
	predictor, columns := p.get(how, "Predictor"), p.get(how, "Columns")
	if predictor.kind == none || predictor.n == 1 {
		return text
	}
	if columns.kind == none {
		columns.n = 1
	}
	// A sample of another size is left of another byte.
	for key, usual := range map[string]int{"Colors": 1, "BitsPerComponent": 8} {
		if v := p.get(how, key); v.kind != none && v.n != usual {
			predictor.n = 0
		}
	}
	if predictor.n < 10 || columns.n < 1 || columns.n > 64 || p.err != nil {
		p.fail(refuse(ErrDamaged, "A part of the PDF is packed in a way that is not read here."))
		return nil
	}
	width := columns.n
	out := make([]byte, 0, len(text))
	above := make([]byte, width)
	for ; len(text) > width; text = text[width+1:] {
		row := text[1 : width+1]
		from := len(out)
		for i, c := range row {
			var left, corner byte
			if i > 0 {
				left, corner = out[from+i-1], above[i-1]
			}
			switch text[0] {
			case 1:
				c += left
			case 2:
				c += above[i]
			case 3:
				c += byte((int(left) + int(above[i])) / 2)
			case 4:
				c += paeth(left, above[i], corner)
			}
			out = append(out, c)
		}
		above = out[from:]
	}
	return out
}

// paeth: PNG §9.4.
func paeth(a, b, c byte) byte {
	d := int(a) + int(b) - int(c)
	da, db, dc := distance(d, a), distance(d, b), distance(d, c)
	switch {
	case da <= db && da <= dc:
		return a
	case db <= dc:
		return b
	}
	return c
}

func distance(d int, x byte) int {
	return max(d-int(x), int(x)-d)
}

// pack is an object stream (ISO 32000-1 §7.5.7): pairs of number and offset,
// then the objects.
type pack struct {
	text   []byte
	first  int
	places map[int]int // by object number, from first
}

// pack reads the object stream with a number, once.
func (p *pdf) pack(n int) *pack {
	if k, ok := p.packs[n]; ok {
		return k
	}
	k := &pack{}
	p.packs[n] = k // also while it is read: a stream inside itself is empty
	s, ok := p.find(n)
	if !ok || s.pack > 0 || p.err != nil {
		p.fail(errXref)
		return k
	}
	number, v := p.objectAt(s.at)
	if number != n || p.text(p.get(v, "Type")) != "ObjStm" {
		p.fail(errXref)
		return k
	}
	k.text, k.first = p.data(v, maxInflate), p.get(v, "First").n
	count := p.get(v, "N").n
	if k.first > len(k.text) || count > maxObjects || p.err != nil {
		p.fail(errXref)
		return k
	}
	k.places = map[int]int{}
	head := k.text[:k.first]
	for at := 0; count > 0 && p.err == nil; count-- {
		number := p.read(head, at, 0)
		place := p.read(head, number.end, 0)
		if number.kind != integer || place.kind != integer {
			p.fail(errXref)
			break
		}
		if _, twice := k.places[number.n]; !twice {
			k.places[number.n] = place.n
		}
		at = place.end
	}
	return k
}

func (k *pack) numbers() []int {
	all := make([]int, 0, len(k.places))
	for n := range k.places {
		all = append(all, n)
	}
	return all
}

func (k *pack) member(p *pdf, n int) value {
	place, ok := k.places[n]
	if !ok || k.first+place >= len(k.text) || p.err != nil {
		return value{}
	}
	v := p.read(k.text, k.first+place, 0)
	if v.kind == closing {
		return value{}
	}
	return v
}
