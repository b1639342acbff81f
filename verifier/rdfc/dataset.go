package rdfc

import (
	"hash/maphash"
	"iter"
	"slices"
	"strconv"
)

// Node is a subject, object or graph name: an IRI or a blank node. The zero
// Node is the default graph.
type Node struct {
	iri   string // as written between < and >
	blank int32  // 1 + number of the blank node; 0 if it is none
}

// IRI makes a node of an absolute IRI. Characters that N-Quads does not allow
// in an IRI are escaped; the caller decides whether the IRI is a good one.
func IRI(iri string) Node { return Node{iri: escapeIRI(iri)} }

// CleanIRI is IRI for text that the caller has found to hold none of the
// characters that need escaping.
func CleanIRI(iri string) Node { return Node{iri: iri} }

type objectKind uint8

const (
	objectNode objectKind = iota
	objectPlain
	objectTyped
	objectTagged
)

type quad struct {
	subject   Node
	predicate string // as written between < and >
	kind      objectKind
	origin    uint8
	object    Node   // objectNode
	text      string // literal as written between the quotes
	suffix    string // datatype IRI or language tag
	graph     Node
}

// Dataset is a list of quads that can be reset and used again. The zero value
// is ready. It is not safe for use by several goroutines at once.
type Dataset struct {
	quads  []quad
	blanks int
	labels []string // of blank nodes that were read; nil for made ones
	places []int32  // of blank nodes that were made: see BlankAt
	unique bool     // the quads differ from each other
	work   work
}

// Reset empties the dataset and keeps its memory.
func (d *Dataset) Reset() {
	clear(d.quads)
	clear(d.labels)
	d.quads, d.labels, d.places = d.quads[:0], d.labels[:0], d.places[:0]
	d.blanks, d.unique = 0, false
}

// Trim empties the dataset and gives up memory grown by a hostile document. Call
// it before keeping a dataset for other documents.
func (d *Dataset) Trim() {
	d.Reset()
	const keep = 4096
	if cap(d.quads) > keep {
		d.quads = nil
	}
	d.work.trim()
}

// Reserve makes room for n quads at once.
func (d *Dataset) Reserve(n int) { d.quads = slices.Grow(d.quads, n) }

// Len is the number of quads.
func (d *Dataset) Len() int { return len(d.quads) }

// Blanks is the number of blank nodes made so far.
func (d *Dataset) Blanks() int { return d.blanks }

// NoPlace is the place of a blank node that nothing in the source stands for.
const NoPlace = -1

// Blank makes a fresh blank node.
func (d *Dataset) Blank() Node { return d.BlankAt(NoPlace) }

// BlankAt makes a fresh blank node for what stands at a place of the source, so
// that the same thing can be found again in a dataset made of a part of it.
func (d *Dataset) BlankAt(place int) Node {
	d.places = append(d.places, int32(place))
	d.blanks++
	return Node{blank: int32(d.blanks)}
}

// Place is the place of a blank node that was made, counted from 0.
func (d *Dataset) Place(blank int) int { return int(d.places[blank]) }

// Add adds a quad whose object is a node. The predicate is an IRI in the form
// in which it is written. The zero graph is the default graph.
func (d *Dataset) Add(subject Node, predicate string, object, graph Node) {
	d.unique = false
	d.quads = append(d.quads, quad{subject: subject, predicate: predicate, kind: objectNode, object: object, graph: graph})
}

// Datatypes that canonical N-Quads treats specially.
const (
	XSDString  = "http://www.w3.org/2001/XMLSchema#string"
	LangString = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
)

// Distinct is the origin of a literal that is never a repetition of another.
const Distinct uint8 = 255

// AddLiteral adds a quad whose object is a literal: value in its lexical form,
// datatype an IRI in the form in which it is written; "" means xsd:string.
// origin is the caller's own mark; see Dedup.
func (d *Dataset) AddLiteral(subject Node, predicate, value, datatype string, origin uint8, graph Node) {
	q := quad{subject: subject, predicate: predicate, kind: objectTyped, origin: origin, text: escapeText(value), suffix: datatype, graph: graph}
	if datatype == "" || datatype == XSDString {
		q.kind, q.suffix = objectPlain, ""
	}
	d.unique = false
	d.quads = append(d.quads, q)
}

// AddTagged adds a quad whose object is a language-tagged string.
func (d *Dataset) AddTagged(subject Node, predicate, value, language string, graph Node) {
	d.unique = false
	d.quads = append(d.quads, quad{subject: subject, predicate: predicate, kind: objectTagged, text: escapeText(value), suffix: language, graph: graph})
}

// maxText bounds the canonical N-Quads of one dataset. A term is named once in
// a document and written in every statement: a long one makes much of little.
const maxText = 2 << 20

// TooLong reports whether the canonical form would be longer than is written.
func (d *Dataset) TooLong() bool { return d.size() > maxText }

// Dedup drops quads that are there twice. It reports whether one that was
// dropped had another origin than the one that stays, or was Distinct.
func (d *Dataset) Dedup() (mixed bool) {
	if d.unique {
		return false
	}
	size := 16
	for size < 2*len(d.quads) {
		size *= 2
	}
	if cap(d.work.table) < size {
		d.work.table = make([]int32, size)
	}
	table := d.work.table[:size]
	clear(table)
	kept := 0
	about, subject := Node{}, uint64(0) // statements of one node follow each other
	for i := range d.quads {
		q := &d.quads[i]
		if i == 0 || q.subject != about {
			about, subject = q.subject, q.subject.hash()
		}
		slot := q.hash(subject) & uint64(size-1)
		twin := -1
		for table[slot] != 0 {
			if at := int(table[slot] - 1); d.quads[at].same(q) {
				twin = at
				break
			}
			slot = (slot + 1) & uint64(size-1)
		}
		if twin >= 0 {
			mixed = mixed || d.quads[twin].origin != q.origin || q.origin == Distinct
			continue
		}
		if kept != i {
			d.quads[kept] = *q
		}
		kept++
		table[slot] = int32(kept)
	}
	clear(d.quads[kept:])
	d.quads = d.quads[:kept]
	d.unique = true
	return mixed
}

var seed = maphash.MakeSeed()

func (n Node) hash() uint64 {
	if n.blank > 0 {
		return uint64(n.blank)
	}
	return maphash.String(seed, n.iri)
}

func (q *quad) hash(subject uint64) uint64 {
	const mix = 0x9e3779b97f4a7c15
	h := (subject ^ uint64(q.graph.blank)<<32 ^ maphash.String(seed, q.predicate)) * mix
	if q.kind == objectNode {
		h ^= q.object.hash()
	} else {
		h ^= maphash.String(seed, q.text)
	}
	h *= mix
	return h ^ h>>29
}

func (q *quad) same(other *quad) bool {
	return q.subject == other.subject && q.predicate == other.predicate && q.kind == other.kind &&
		q.object == other.object && q.text == other.text && q.suffix == other.suffix && q.graph == other.graph
}

// label is how the input called a blank node, for Issued.
func (d *Dataset) label(blank int32) string {
	if int(blank) <= len(d.labels) && d.labels[blank-1] != "" {
		return d.labels[blank-1]
	}
	return "b" + strconv.Itoa(int(blank-1))
}

// Text is a string literal of the dataset, for a caller's own checks.
type Text struct {
	Subject   Node
	Predicate string
	Value     string // as it will be written
	Datatype  string // "" is xsd:string or a tagged string
	Language  string // "" is none
	Graph     Node
}

// Texts yields the literals.
func (d *Dataset) Texts() iter.Seq[Text] {
	return func(yield func(Text) bool) {
		for i := range d.quads {
			q := &d.quads[i]
			text := Text{Subject: q.subject, Predicate: q.predicate, Value: q.text, Graph: q.graph}
			switch q.kind {
			case objectNode:
				continue
			case objectTyped:
				text.Datatype = q.suffix
			case objectTagged:
				text.Language = q.suffix
			}
			if !yield(text) {
				return
			}
		}
	}
}
