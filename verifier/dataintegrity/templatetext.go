package dataintegrity

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
)

// canon is the canonical form of a document with holes.
type canon struct {
	lines *script
	first []degree // of each nameless object
	names []string // canonical names in the order in which they are given
	size  int      // about how long the fixed text is
}

// degree is what is said directly about one nameless object (RDFC-1.0 §4.6).
type degree struct {
	lines *script
	fixed bool // no hole takes part in it
	hash  [sha256.Size]byte
}

type wordKind uint8

const (
	fixedWord wordKind = iota
	iriWord            // <value>
	textWord           // "value", the rest is fixed
	blankWord          // a nameless object
)

// word is a subject or object in a statement.
type word struct {
	kind wordKind
	text string // fixedWord: as written; textWord: what follows the quote
	at   int    // the hole or nameless object
}

type statement struct {
	subject   word
	predicate string
	object    word
}

// read takes canonical N-Quads with markers apart.
func (s *shape) read(text, mark string) (*canon, error) {
	c := &canon{size: len(text)}
	blanks := map[string]int{}
	var all []statement
	for line := range strings.Lines(text) {
		subject, rest, _ := strings.Cut(strings.TrimSuffix(line, " .\n"), " ")
		predicate, object, _ := strings.Cut(rest, " ")
		if !inDefaultGraph(object) {
			return nil, notATemplate("it has graphs")
		}
		if strings.Contains(object, `"^^<https://www.w3.org/ns/i18n#`) {
			return nil, notATemplate("it has texts with a direction")
		}
		st := statement{predicate: predicate}
		var ok1, ok2 bool
		st.subject, ok1 = s.word(subject, mark, blanks)
		st.object, ok2 = s.word(object, mark, blanks)
		if !ok1 || !ok2 || strings.Contains(predicate, mark) {
			return nil, notATemplate("a value that varies is part of something else")
		}
		all = append(all, st)
	}
	for i := range s.holes {
		if h := &s.holes[i]; h.uses == 0 || h.iri && h.text {
			return nil, notATemplate("a value that varies stands in no statement of its own")
		}
	}
	for n := range len(blanks) {
		c.names = append(c.names, "_:c14n"+strconv.Itoa(n))
		c.first = append(c.first, directly(n, all))
	}
	c.lines = newScript(all, true)
	return c, nil
}

// inDefaultGraph says that a statement ends with this object.
func inDefaultGraph(object string) bool {
	if object == "" || object[0] != '"' {
		return object != "" && !strings.Contains(object, " ")
	}
	end := closing(object)
	return end > 0 && !strings.Contains(object[end:], " ")
}

// closing is the index of the quote that closes a literal, of N-Quads or JSON;
// 0: none does.
func closing[T string | []byte](literal T) int {
	for i := 1; i < len(literal); i++ {
		switch literal[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return 0
}

// word reads a subject or object. It is not ok where a marker is part of it.
func (s *shape) word(text, mark string, blanks map[string]int) (word, bool) {
	if strings.HasPrefix(text, "_:") {
		n, ok := blanks[text]
		if !ok {
			n = len(blanks)
			blanks[text] = n
		}
		return word{kind: blankWord, at: n}, true
	}
	if !strings.Contains(text, mark) {
		return word{text: text}, true
	}
	for i := range s.holes {
		h := &s.holes[i]
		if text == "<"+h.marker+">" {
			h.iri, h.uses = true, h.uses+1
			return word{kind: iriWord, at: i}, true
		}
		end, ok := strings.CutPrefix(text, `"`+h.marker+`"`)
		if ok && (end == "" || strings.HasPrefix(end, "^^")) && !strings.Contains(end, mark) {
			h.text, h.uses = true, h.uses+1
			return word{kind: textWord, text: `"` + end, at: i}, true
		}
	}
	return word{}, false
}

// directly gives what is said about one nameless object, which is called _:a
// there, and all others _:z.
func directly(n int, all []statement) degree {
	var about []statement
	d := degree{fixed: true}
	rename := func(w word) (word, bool) {
		if w.kind != blankWord {
			d.fixed = d.fixed && w.kind == fixedWord
			return w, false
		}
		if w.at == n {
			return word{text: "_:a"}, true
		}
		return word{text: "_:z"}, false
	}
	for _, st := range all {
		if st.subject != (word{kind: blankWord, at: n}) && st.object != (word{kind: blankWord, at: n}) {
			continue
		}
		st.subject, _ = rename(st.subject)
		st.object, _ = rename(st.object)
		about = append(about, st)
	}
	d.lines = newScript(about, false)
	if d.fixed {
		var w writer
		text, _ := d.lines.append(nil, &w, nil)
		d.hash = sha256.Sum256(text)
	}
	return d
}

// Limits of what is written without the full path, which has limits of its own.
const (
	maxFilled = 128 << 10 // bytes of JSON
	maxTold   = 1 << 20   // bytes of statements
)

// canonical writes the canonical N-Quads of the document with these values. It
// is not ok where only the full canonicalisation can tell. The text holds until
// the writer is used again.
func (s *shape) canonical(w *writer, values []string) ([]byte, bool) {
	told, filled := s.canon.size, 0
	for _, p := range s.pieces {
		filled += len(p.fixed)
	}
	for i := range s.holes {
		const escaped = 6 // bytes that a byte takes at most
		size := escaped * len(values[i])
		filled += size
		told += size * s.holes[i].uses
		if filled > maxFilled || told > maxTold || !s.holes[i].fits(values[i]) {
			return nil, false
		}
	}
	w.values = append(w.values[:0], values...)
	if !s.canon.issue(w) {
		return nil, false
	}
	text, ok := s.canon.lines.append(w.text[:0], w, w.issued)
	w.text = text
	return text, ok
}

// issue gives the nameless objects their names, in the order of the hashes of
// what is said directly about them (RDFC-1.0 §4.4.3 step 4). Where two hashes
// are equal it takes more than that.
func (c *canon) issue(w *writer) bool {
	n := len(c.first)
	w.issued = slices.Grow(w.issued[:0], n)[:n]
	if n == 1 {
		w.issued[0] = c.names[0]
		return true
	}
	w.hashes, w.ranks = w.hashes[:0], w.ranks[:0]
	for i := range c.first {
		d := &c.first[i]
		hash := d.hash
		if !d.fixed {
			text, ok := d.lines.append(w.text[:0], w, nil)
			w.text = text
			if !ok {
				return false
			}
			hash = sha256.Sum256(text)
		}
		w.hashes, w.ranks = append(w.hashes, hash), append(w.ranks, int32(i))
	}
	slices.SortFunc(w.ranks, func(a, b int32) int { return bytes.Compare(w.hashes[a][:], w.hashes[b][:]) })
	for rank, i := range w.ranks {
		if rank > 0 && w.hashes[i] == w.hashes[w.ranks[rank-1]] {
			return false
		}
		w.issued[i] = c.names[rank]
	}
	return true
}

// writer is the memory that one document takes.
type writer struct {
	doc, text, some []byte
	values          []string
	issued          []string
	hashes          [][sha256.Size]byte
	ranks           []int32 // nameless objects in order
	order           []int32 // lines in order
	runs            []int32
	ends            []int32
}

// close gives the memory back, without what it was lent, unless it grew large.
func (w *writer) close() {
	clear(w.values)
	if cap(w.text)+cap(w.doc)+cap(w.some) <= 4*maxFilled {
		writers.Put(w)
	}
}
