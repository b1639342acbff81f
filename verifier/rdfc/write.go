package rdfc

import (
	"bytes"
	"slices"
	"strconv"
)

// naming says how blank nodes are written.
type naming struct {
	self   int32    // first-degree hashing: this node is _:a, others _:z
	issued []int32  // canonical numbers by node, when self is 0
	labels []string // labels of the caller's choosing by node, when self is 0
}

func (n naming) append(dst []byte, blank int32) []byte {
	switch {
	case n.self == blank:
		return append(dst, "_:a"...)
	case n.self != 0:
		return append(dst, "_:z"...)
	case n.labels != nil:
		return append(append(dst, "_:"...), n.labels[blank-1]...)
	}
	return strconv.AppendInt(append(dst, "_:c14n"...), int64(n.issued[blank-1]), 10)
}

// line writes one quad in canonical N-Quads, with its line feed.
func (q *quad) line(dst []byte, names naming) []byte {
	if q.subject.blank > 0 {
		dst = names.append(dst, q.subject.blank)
	} else {
		dst = append(append(append(dst, '<'), q.subject.iri...), '>')
	}
	dst = append(append(append(dst, " <"...), q.predicate...), "> "...)
	switch q.kind {
	case objectNode:
		if q.object.blank > 0 {
			dst = names.append(dst, q.object.blank)
		} else {
			dst = append(append(append(dst, '<'), q.object.iri...), '>')
		}
	case objectPlain:
		dst = append(append(append(dst, '"'), q.text...), '"')
	case objectTyped:
		dst = append(append(append(dst, '"'), q.text...), `"^^<`...)
		dst = append(append(dst, q.suffix...), '>')
	case objectTagged:
		dst = append(append(append(dst, '"'), q.text...), `"@`...)
		dst = append(dst, q.suffix...)
	}
	if q.graph.blank > 0 {
		dst = names.append(append(dst, ' '), q.graph.blank)
	} else if q.graph.iri != "" {
		dst = append(append(append(dst, " <"...), q.graph.iri...), '>')
	}
	return append(dst, " .\n"...)
}

// span is a piece of a buffer.
type span struct{ from, to int32 }

// sortLines orders pieces of buf by their bytes: by code points (§4.4.3).
func sortLines(buf []byte, lines []span) {
	slices.SortFunc(lines, func(a, b span) int {
		return bytes.Compare(buf[a.from:a.to], buf[b.from:b.to])
	})
}
