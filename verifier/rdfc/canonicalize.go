package rdfc

import (
	"crypto"
	_ "crypto/sha256" // the hash of RDFC-1.0
	_ "crypto/sha512" // SHA-384, for P-384 proofs
	"errors"
	"hash"
	"slices"
	"strconv"
)

// Limits bound the work of one canonicalisation. Zero fields take defaults.
type Limits struct {
	BlankNodes int // default MaxBlankNodes
	Steps      int // permutations and recursions of the N-degree algorithm; default 10,000
}

// ErrTooComplex is the answer for a dataset that would take more work than the
// limits allow: it says nothing about whether a proof over it is good.
var ErrTooComplex = errors.New("the document's unnamed nodes are too entangled to be put in order")

// MaxBlankNodes is how many blank nodes are put in order by default.
const MaxBlankNodes = 1024

const (
	defaultSteps  = 10000
	hashesPerStep = 10
)

// Canonicalize returns the canonical N-Quads of the dataset (RDFC-1.0 §4.4,
// SHA-256). Its only error is ErrTooComplex. The bytes are the caller's.
func (d *Dataset) Canonicalize(l Limits) ([]byte, error) {
	return d.CanonicalizeWith(crypto.SHA256, l)
}

// CanonicalizeWith is Canonicalize with another hash: crypto.SHA384.
func (d *Dataset) CanonicalizeWith(h crypto.Hash, l Limits) ([]byte, error) {
	if err := d.order(h, l); err != nil {
		return nil, err
	}
	w := &d.work
	out := make([]byte, 0, len(w.buf))
	for _, l := range w.lines {
		out = append(out, w.buf[l.from:l.to]...)
	}
	return out, nil
}

// Hash writes the canonical N-Quads to sum instead of returning them.
func (d *Dataset) Hash(sum hash.Hash, h crypto.Hash, l Limits) error {
	if err := d.order(h, l); err != nil {
		return err
	}
	d.work.hashLines(sum)
	return nil
}

// order leaves the canonical lines, in order, in the working memory.
func (d *Dataset) order(h crypto.Hash, l Limits) error {
	if d.TooLong() {
		return ErrTooComplex
	}
	if l.BlankNodes <= 0 {
		l.BlankNodes = MaxBlankNodes
	}
	if l.Steps <= 0 {
		l.Steps = defaultSteps
	}
	d.Dedup()
	if d.blanks > l.BlankNodes {
		return ErrTooComplex
	}
	w := &d.work
	w.steps, w.hashes = l.Steps, l.Steps*hashesPerStep
	w.start(h, d.blanks)
	if size := d.size(); size > cap(w.buf) {
		w.buf = make([]byte, 0, size)
	}
	if d.blanks > 0 {
		if err := d.issue(); err != nil {
			return err
		}
	}
	w.buf, w.lines = w.buf[:0], w.lines[:0]
	w.lines = slices.Grow(w.lines, len(d.quads))
	names := naming{issued: w.canonical}
	for i := range d.quads {
		from := len(w.buf)
		w.buf = d.quads[i].line(w.buf, names)
		w.lines = append(w.lines, span{int32(from), int32(len(w.buf))})
	}
	sortLines(w.buf, w.lines)
	return nil
}

// size is at least the length of all lines.
func (d *Dataset) size() int {
	const most = 36 // of signs between the terms, and blank node names
	n := 0
	for i := range d.quads {
		q := &d.quads[i]
		n += most + len(q.subject.iri) + len(q.predicate) + len(q.object.iri) + len(q.text) + len(q.suffix) + len(q.graph.iri)
	}
	return n
}

// Issued maps the input's blank node labels to canonical ones, both without
// "_:", after a canonicalisation (the issued identifiers map of §4.4.1).
func (d *Dataset) Issued() map[string]string {
	out := make(map[string]string, d.blanks)
	for i, n := range d.work.canonical {
		if n >= 0 {
			out[d.label(int32(i+1))] = "c14n" + strconv.Itoa(int(n))
		}
	}
	return out
}

// digest is a hash in lower-case hexadecimal, as the algorithm compares it.
type digest [96]byte

// work is the memory of one canonicalisation, kept for the next.
type work struct {
	hash      hash.Hash
	algorithm crypto.Hash
	size      int // of a digest in hexadecimal
	steps     int
	hashes    int
	canonical []int32 // number issued to each blank node, -1: none
	next      int32
	first     []digest // first-degree hash of each blank node
	offsets   []int32  // mentions of node i are mentions[offsets[i]:offsets[i+1]]
	mentions  []int32  // quads by blank node
	order     []int32
	buf       []byte
	some      []byte
	sum       []byte
	lines     []span
	table     []int32 // for Dedup
	issuers   []*issuer
}

func (w *work) trim() {
	const keep = 64 << 10
	if cap(w.buf) > 4*keep {
		w.buf, w.lines = nil, nil
	}
	if cap(w.table) > keep {
		w.table = nil
	}
	if len(w.issuers) > 64 {
		w.issuers = nil
	}
}

func (w *work) start(h crypto.Hash, blanks int) {
	if w.hash == nil || w.algorithm != h {
		w.hash, w.algorithm = h.New(), h
	}
	w.size = 2 * h.Size()
	w.next = 0
	w.canonical = slices.Grow(w.canonical[:0], blanks)[:blanks]
	for i := range w.canonical {
		w.canonical[i] = -1
	}
}

// digestOf hashes b and writes the digest in hexadecimal.
func (w *work) digestOf(b []byte) digest {
	w.hash.Reset()
	w.hash.Write(b)
	return w.digest()
}

func (w *work) digest() (out digest) {
	const hex = "0123456789abcdef"
	w.sum = w.hash.Sum(w.sum[:0])
	for i, c := range w.sum {
		out[2*i], out[2*i+1] = hex[c>>4], hex[c&15]
	}
	return out
}

// issue gives every blank node its canonical number (§4.4.3, steps 2 to 5).
func (d *Dataset) issue() error {
	w := &d.work
	d.mention()
	w.first = slices.Grow(w.first[:0], d.blanks)[:d.blanks]
	w.order = w.order[:0]
	for i := range d.blanks {
		if w.offsets[i] < w.offsets[i+1] { // else made but never used: not in the dataset
			w.order = append(w.order, int32(i))
		}
	}
	if len(w.order) == 1 {
		w.give(w.order[0]) // there is nothing to put in order
		return nil
	}
	for _, i := range w.order {
		w.first[i] = d.firstDegree(i + 1)
	}
	slices.SortFunc(w.order, func(a, b int32) int {
		return slices.Compare(w.first[a][:w.size], w.first[b][:w.size])
	})
	shared := false
	for from := 0; from < len(w.order); {
		to := w.group(from)
		if to == from+1 {
			w.give(w.order[from])
		} else {
			shared = true
		}
		from = to
	}
	if !shared {
		return nil
	}
	return d.issueShared()
}

// group returns the end of the run of equal first-degree hashes at from.
func (w *work) group(from int) int {
	to := from + 1
	for to < len(w.order) && w.first[w.order[to]] == w.first[w.order[from]] {
		to++
	}
	return to
}

func (w *work) give(node int32) {
	if w.canonical[node] < 0 {
		w.canonical[node] = w.next
		w.next++
	}
}

// mention lists the quads of each blank node, each quad once (§4.4.3, step 2).
func (d *Dataset) mention() {
	w := &d.work
	w.offsets = slices.Grow(w.offsets[:0], d.blanks+2)[:d.blanks+2]
	clear(w.offsets)
	each := func(visit func(node, quad int32)) {
		for i := range d.quads {
			q := &d.quads[i]
			s, o, g := q.subject.blank, q.object.blank, q.graph.blank
			if s > 0 {
				visit(s-1, int32(i))
			}
			if o > 0 && o != s {
				visit(o-1, int32(i))
			}
			if g > 0 && g != s && g != o {
				visit(g-1, int32(i))
			}
		}
	}
	total := 0
	each(func(node, _ int32) { w.offsets[node+2]++; total++ })
	for i := 2; i < len(w.offsets); i++ {
		w.offsets[i] += w.offsets[i-1]
	}
	w.mentions = slices.Grow(w.mentions[:0], total)[:total]
	each(func(node, quad int32) {
		w.mentions[w.offsets[node+1]] = quad
		w.offsets[node+1]++
	})
}

func (w *work) quadsOf(node int32) []int32 {
	return w.mentions[w.offsets[node]:w.offsets[node+1]]
}

// firstDegree hashes what is said directly about a node (§4.6.3).
func (d *Dataset) firstDegree(blank int32) digest {
	w := &d.work
	w.buf, w.lines = w.buf[:0], w.lines[:0]
	names := naming{self: blank}
	for _, i := range w.quadsOf(blank - 1) {
		from := len(w.buf)
		w.buf = d.quads[i].line(w.buf, names)
		w.lines = append(w.lines, span{int32(from), int32(len(w.buf))})
	}
	sortLines(w.buf, w.lines)
	w.hash.Reset()
	w.hashLines(w.hash)
	return w.digest()
}

// hashLines writes the lines in order, many at once: a hash takes longer over
// pieces that do not fill its blocks.
func (w *work) hashLines(to hash.Hash) {
	const most = 16 << 10
	some := w.some[:0]
	for _, l := range w.lines {
		line := w.buf[l.from:l.to]
		if len(some)+len(line) > most {
			to.Write(some)
			some = some[:0]
		}
		if len(line) > most {
			to.Write(line)
		} else {
			some = append(some, line...)
		}
	}
	to.Write(some)
	w.some = some
}
