package bake

import (
	"bytes"
	"errors"
	"slices"
)

const (
	maxSections = 256    // of cross-references
	maxObjects  = 20_000 // found by scan
)

// section is a run of cross-references, by object number (ISO 32000-1 §7.5.4
// and §7.5.8). Its rows stay as they stand in the file and are read one by one.
type section struct {
	first, count int
	rows         []byte
	widths       [3]int // of a cross-reference stream; zero: a table
}

// spot is where an object lies: at an offset in the file, or as the member
// with an index in an object stream.
type spot struct {
	at   int
	pack int // number of the object stream, 0 for none
}

const rowSize = 20 // of a table: offset, generation, n or f, end of line

// readXref follows the cross-references from the end of the file.
func (p *pdf) readXref() {
	at := bytes.LastIndex(p.doc, []byte("startxref"))
	if at < 0 {
		p.fail(errXref)
		return
	}
	next := p.read(p.doc, at+len("startxref"), 0)
	been := []int{}
	for next.kind == integer && p.err == nil {
		if slices.Contains(been, next.n) || len(p.xref) > maxSections {
			p.fail(errXref)
			return
		}
		been = append(been, next.n)
		trailer := p.readSections(next.n)
		if p.trailer.kind == none {
			p.trailer = trailer
		}
		p.refuseLocked(trailer)
		// A file for old and new programs has a stream beside the table.
		if beside := p.raw(trailer, "XRefStm"); beside.kind == integer {
			p.readSections(beside.n)
		}
		next = p.raw(trailer, "Prev")
	}
	if p.trailer.kind != dict {
		p.fail(errXref)
	}
}

func (p *pdf) refuseLocked(trailer value) {
	if p.raw(trailer, "Encrypt").kind != none {
		p.fail(refuse(ErrLocked, "The PDF is locked with a password or with rights. Ask for the file without a lock."))
	}
}

// readSections reads one table or stream and gives its trailer.
func (p *pdf) readSections(at int) value {
	if p.err != nil || at < 0 || at >= len(p.doc) {
		p.fail(errXref)
		return value{}
	}
	if !bytes.HasPrefix(p.doc[at:], []byte("xref")) {
		return p.readXrefStream(at)
	}
	at += len("xref")
	for p.err == nil {
		first := p.read(p.doc, at, 0)
		if first.kind != integer {
			if string(p.doc[first.start:first.end]) != "trailer" {
				break
			}
			return p.read(p.doc, first.end, 0)
		}
		count := p.read(p.doc, first.end, 0)
		start := p.space(p.doc, count.end)
		if count.kind != integer || count.n > (len(p.doc)-start)/rowSize || len(p.xref) > maxSections {
			break
		}
		at = start + count.n*rowSize
		p.xref = append(p.xref, section{first: first.n, count: count.n, rows: p.doc[start:at]})
	}
	p.fail(errXref)
	return value{}
}

func (p *pdf) readXrefStream(at int) value {
	_, stream := p.objectAt(at)
	if p.text(p.raw(stream, "Type")) != "XRef" {
		p.fail(errXref)
		return value{}
	}
	var widths [3]int
	p.each(p.raw(stream, "W"), func(i int, v value) {
		if i > 2 || v.kind != integer || v.n > 8 {
			p.fail(errXref)
			return
		}
		widths[i] = v.n
	})
	width := widths[0] + widths[1] + widths[2]
	rows := p.data(stream, maxInflate)
	if errors.Is(p.err, ErrDamaged) {
		p.err = errXref
	}
	if width == 0 || p.err != nil {
		p.fail(errXref)
		return value{}
	}
	add := func(first, count int) {
		if count = min(count, len(rows)/width); len(p.xref) > maxSections {
			p.fail(errXref)
			return
		}
		p.xref = append(p.xref, section{first: first, count: count, rows: rows[:count*width], widths: widths})
		rows = rows[count*width:]
	}
	if index := p.raw(stream, "Index"); index.kind == array {
		first := 0
		p.each(index, func(i int, v value) {
			if i%2 == 0 {
				first = v.n
			} else {
				add(first, v.n)
			}
		})
	} else {
		add(0, p.raw(stream, "Size").n)
	}
	return stream
}

// find tells where an object lies; ok is false for one that is free or is not
// there, which counts as null (ISO 32000-1 §7.3.10).
func (p *pdf) find(n int) (s spot, ok bool) {
	if p.found != nil {
		s, ok = p.found[n]
		return s, ok
	}
	for _, part := range p.xref {
		p.pay(1)
		i := n - part.first
		if i < 0 || i >= part.count {
			continue
		}
		kind, at := part.row(i)
		switch kind {
		case 1:
			return spot{at: at}, true
		case 2:
			return spot{pack: at}, true
		}
		return spot{}, false
	}
	return spot{}, false
}

// row reads the kind of an entry (0 free, 1 in the file, 2 in an object
// stream) and its offset or the number of the stream.
func (s section) row(i int) (kind, at int) {
	if s.widths == [3]int{} {
		row := s.rows[i*rowSize : (i+1)*rowSize]
		at, ok := digits(row[:10])
		if !ok || row[17] != 'n' {
			return 0, 0
		}
		return 1, at
	}
	w := s.widths
	row := s.rows[i*(w[0]+w[1]+w[2]):]
	kind = 1 // ISO 32000-1 table 17: the type may be left out
	if w[0] > 0 {
		kind = bigEndian(row[:w[0]])
	}
	return kind, bigEndian(row[w[0] : w[0]+w[1]])
}

func bigEndian(b []byte) (n int) {
	for _, c := range b {
		if n = n<<8 | int(c); n > 1<<40 {
			return 1 << 40 // beyond every file
		}
	}
	return n
}

// scan finds the objects of a file whose cross-references are wrong: one after
// another, the last of a number wins.
func (p *pdf) scan() {
	p.found, p.scanning = map[int]spot{}, true
	var catalog, packs []int
	for at := 0; p.err == nil; {
		word := bytes.Index(p.doc[at:], []byte("obj"))
		if word < 0 {
			p.pay(len(p.doc) - at)
			break
		}
		p.pay(word)
		from := headBefore(p.doc, at+word, at)
		at += word + len("obj")
		if from < 0 {
			continue
		}
		n, v := p.objectAt(from)
		if v.kind == none {
			continue
		}
		if len(p.found) >= maxObjects {
			p.fail(crowdedPDF())
		}
		p.found[n] = spot{at: from}
		at = max(at, v.end)
		switch p.text(p.raw(v, "Type")) {
		case "Catalog":
			catalog = append(catalog, n)
		case "ObjStm":
			packs = append(packs, n)
		case "XRef":
			p.refuseLocked(v)
			p.trailer = v
		}
		if v.body > 0 {
			at = max(at, v.body+len(p.stored(v)))
		}
	}
	p.scanning = false
	p.unpack(packs)
	p.lastTrailer(catalog)
}

// unpack adds the members of object streams that no object in the file
// replaces.
func (p *pdf) unpack(packs []int) {
	for _, n := range packs {
		for _, member := range p.pack(n).numbers() {
			if _, there := p.found[member]; !there && len(p.found) < maxObjects {
				p.found[member] = spot{pack: n}
			}
		}
	}
}

// lastTrailer finds the catalogue: by the last trailer that names one, else as
// the last object that says it is one.
func (p *pdf) lastTrailer(catalog []int) {
	for at := len(p.doc); p.err == nil; {
		if at = bytes.LastIndex(p.doc[:at], []byte("trailer")); at < 0 {
			break
		}
		v := p.read(p.doc, at+len("trailer"), 0)
		p.refuseLocked(v)
		if p.raw(v, "Root").kind == reference {
			p.trailer = v
			return
		}
	}
	if p.trailer.kind == none && len(catalog) > 0 {
		text := []byte("<</Root " + itoa(catalog[len(catalog)-1]) + " 0 R>>")
		p.trailer = p.read(text, 0, 0)
	}
}

// headBefore gives the offset of the "12 0 " before an "obj", or -1.
func headBefore(doc []byte, at, limit int) int {
	for range 2 {
		space := at
		for at > limit && isSpace(doc[at-1]) {
			at--
		}
		if at == space {
			return -1
		}
		number := at
		for at > limit && isDigit(doc[at-1]) {
			at--
		}
		if at == number {
			return -1
		}
	}
	return at
}
