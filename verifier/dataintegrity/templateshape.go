package dataintegrity

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"hallmark/verifier/jsonld"
	"hallmark/verifier/strictjson"
)

// shape is a JSON object with holes, and its statements.
type shape struct {
	pieces []piece
	after  int // bytes after the last member
	holes  []hole
	canon  *canon
}

// piece is fixed JSON and the hole that follows it; -1: none.
type piece struct {
	fixed string
	hole  int
}

// hole is a string that varies.
type hole struct {
	start, end int    // in the example
	value      string // in the example
	scheme     string // of the example: "https://", "urn:", ""
	marker     string // stands in the hole while the shape is learnt
	iri, text  bool   // what it is in statements
	uses       int    // in statements
}

// learn works out the statements of an object: its holes are marked, and the
// marks are looked for in its canonical form.
func learn(doc []byte, o jsonld.Options, pointers []string) (*shape, error) {
	root, err := strictjson.Parse(doc)
	if err != nil || root.Kind != strictjson.Object || len(root.Kids) == 0 {
		return nil, notATemplate("it is not a readable object")
	}
	s := &shape{holes: make([]hole, len(pointers)), after: len(doc) - int(root.Kids[len(root.Kids)-1].End)}
	word := freshWord(doc)
	for i, pointer := range pointers {
		v, err := lookUp(root, pointer)
		if err != nil {
			return nil, err
		}
		h := hole{start: int(v.Start), end: int(v.End), value: v.Str, scheme: schemeOf(v.Str)}
		h.marker = h.scheme + word + strconv.Itoa(i) + "x"
		s.holes[i] = h
	}
	if err := s.cut(doc); err != nil {
		return nil, err
	}
	markers := make([]string, len(s.holes))
	for i := range s.holes {
		markers[i] = s.holes[i].marker
	}
	text, err := canonicalForm(s.fill(nil, markers), o)
	if err != nil {
		return nil, notATemplate(err.Error())
	}
	if s.canon, err = s.read(string(text), word); err != nil {
		return nil, err
	}
	return s, s.prove(o)
}

// cut takes the document apart at its holes.
func (s *shape) cut(doc []byte) error {
	order := make([]int, len(s.holes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return s.holes[a].start - s.holes[b].start })
	from := 0
	for _, i := range order {
		h := &s.holes[i]
		if h.start < from {
			return notATemplate("two holes are one")
		}
		s.pieces = append(s.pieces, piece{string(doc[from:h.start]), i})
		from = h.end
	}
	s.pieces = append(s.pieces, piece{string(doc[from:]), -1})
	return nil
}

func canonicalForm(doc []byte, o jsonld.Options) ([]byte, error) {
	root, err := strictjson.Parse(doc)
	if err != nil {
		return nil, err
	}
	if o.Skip == "" {
		o.Skip = "proof"
	}
	return jsonld.Canonicalize(root, o)
}

// lookUp follows a JSON pointer to a string that may vary. Types, contexts and
// what keywords say decide what statements there are.
func lookUp(v *strictjson.Value, pointer string) (*strictjson.Value, error) {
	tokens := strings.Split(pointer, "/")
	if tokens[0] != "" || len(tokens) < 2 {
		return nil, notATemplate("a pointer does not lead to a member: " + clip(pointer))
	}
	for _, token := range tokens[1:] {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		if token == "type" || strings.HasPrefix(token, "@") {
			return nil, notATemplate("a type or keyword cannot vary: " + clip(pointer))
		}
		if v.Kind == strictjson.Array {
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v.Kids) {
				return nil, notATemplate("a pointer leads nowhere: " + clip(pointer))
			}
			v = &v.Kids[i]
			continue
		}
		if v = v.Get(token); v == nil {
			return nil, notATemplate("a pointer leads nowhere: " + clip(pointer))
		}
	}
	if v.Kind != strictjson.String {
		return nil, notATemplate("only a string can vary: " + clip(pointer))
	}
	return v, nil
}

// freshWord is a word that a document does not hold.
func freshWord(doc []byte) string {
	for n := 0; ; n++ {
		if word := "hole" + strconv.Itoa(n) + "n"; !bytes.Contains(doc, []byte(word)) {
			return word
		}
	}
}

// schemeOf is the scheme of an IRI with its colon, and two slashes where they
// follow: with them it is never the prefix of a compact IRI. "": it has none.
func schemeOf(s string) string {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" {
		return ""
	}
	for i, c := range []byte(scheme) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && strings.IndexByte("+-.", c) < 0) {
			return ""
		}
	}
	if strings.HasPrefix(rest, "//") {
		return scheme + "://"
	}
	return scheme + ":"
}

// fits says whether a value can stand in a hole without more thought.
func (h *hole) fits(value string) bool {
	if !h.iri {
		return true
	}
	if len(value) <= len(h.scheme) || !strings.HasPrefix(value, h.scheme) {
		return false
	}
	for i := len(h.scheme); i < len(value); i++ {
		if !inIRI[value[i]] {
			return false
		}
	}
	return true
}

// inIRI are the characters of ASCII that may stand in an IRI: RFC 3987 §2.2 and
// the grammar of N-Quads. Others are judged by package jsonld.
var inIRI = func() (t [256]bool) {
	for c := range 0x7f {
		t[c] = c > 0x20 && strings.IndexByte("<>\"{}|^`\\", byte(c)) < 0
	}
	return t
}()

// prove compares what the shape gives with the full canonicalisation, for the
// example and for values that change the order of things.
func (s *shape) prove(o jsonld.Options) error {
	ends := []string{"", "0", "zzz", "\"\\\n\x01\x7f", "é\U0001f393", "~", "A", "-"}
	w := writers.Get().(*writer)
	defer w.close()
	values := make([]string, len(s.holes))
	for round := range 2 * len(ends) {
		for i := range s.holes {
			h := &s.holes[i]
			end := ends[(round+i*(1+round/len(ends)))%len(ends)]
			switch {
			case round == 0:
				values[i] = h.value
			case h.iri && !h.fits(h.scheme+end):
				values[i] = h.scheme + strconv.Itoa(round*7%5) + strconv.Itoa(i)
			case h.iri:
				values[i] = h.scheme + end + strconv.Itoa(i)
			default:
				values[i] = end + h.value + end
			}
		}
		got, ok := s.canonical(w, values)
		if !ok && round == 0 {
			return notATemplate("its nameless objects are alike, or a value is like another")
		}
		if !ok {
			continue
		}
		want, err := canonicalForm(s.fill(nil, values), o)
		if err != nil || !bytes.Equal(got, want) {
			return notATemplate("its values change what it says")
		}
	}
	return nil
}
