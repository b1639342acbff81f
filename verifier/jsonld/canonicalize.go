package jsonld

import (
	"slices"
	"strings"
	"sync"

	"hallmark/verifier/rdfc"
	"hallmark/verifier/strictjson"
)

// Options say what of a document is taken.
type Options struct {
	Context *strictjson.Value // used in place of the document's own @context (proof options take the document's); nil: the document's
	Skip    string            // a top-level member left out, e.g. "proof"
}

// ToRDF writes the document's quads to out, which is emptied first. Errors are
// *Error or rdfc.ErrTooComplex. Literals and IRIs in out share memory with doc.
func ToRDF(doc *strictjson.Value, o Options, out *rdfc.Dataset) error {
	x := expander{out: out}
	return x.document(doc, o)
}

// Canonicalize returns the canonical N-Quads of a document: ToRDF and RDFC-1.0
// with SHA-256 and default limits. Errors are *Error or rdfc.ErrTooComplex.
func Canonicalize(doc *strictjson.Value, o Options) ([]byte, error) {
	s := NewSession()
	defer s.Close()
	d, err := s.ToRDF(doc, o)
	if err != nil {
		return nil, err
	}
	return d.Canonicalize(rdfc.Limits{})
}

// Session takes several parts of one document to RDF, one after the other, as
// its proofs need them: the contexts that the parts share are compiled once, and
// the memory is used again. It is not safe for use by several goroutines.
type Session struct {
	set      rdfc.Dataset
	walk     expander
	compiled []compiled
}

type compiled struct {
	local  *strictjson.Value
	result *context
}

// maxCompiled is how many contexts a session remembers.
const maxCompiled = 4

var sessions = sync.Pool{New: func() any { return new(Session) }}

// NewSession begins; Close gives the memory back.
func NewSession() *Session { return sessions.Get().(*Session) }

// Close ends the session: neither it nor the datasets that it gave out may be
// used any more.
func (s *Session) Close() {
	s.set.Trim()
	s.walk = s.walk.emptied()
	clear(s.compiled)
	s.compiled = s.compiled[:0]
	sessions.Put(s)
}

// ToRDF is the function ToRDF into the session's own dataset, which holds until
// the next call.
func (s *Session) ToRDF(doc *strictjson.Value, o Options) (*rdfc.Dataset, error) {
	s.walk = s.walk.emptied()
	s.walk.out, s.walk.session = &s.set, s
	return &s.set, s.walk.document(doc, o)
}

// emptied is a fresh expander with the memory of one that is done, unless a
// hostile document made that large.
func (x *expander) emptied() expander {
	const keep = 64
	fresh := expander{}
	if cap(x.path) <= keep && cap(x.types) <= keep && cap(x.body) <= keep {
		clear(x.path[:cap(x.path)])
		clear(x.types[:cap(x.types)])
		clear(x.body)
		fresh.path, fresh.types, fresh.body = x.path[:0], x.types[:0], x.body[:0]
	}
	return fresh
}

// outer compiles the context of a whole document or remembers it.
func (x *expander) outer(local *strictjson.Value) (*context, error) {
	if x.session == nil {
		return x.apply(initial, local, true, false, true)
	}
	for _, c := range x.session.compiled {
		if twin(c.local, local) {
			return c.result, nil
		}
	}
	ctx, err := x.apply(initial, local, true, false, true)
	if err == nil && len(x.session.compiled) < maxCompiled {
		x.session.compiled = append(x.session.compiled, compiled{local, ctx})
	}
	return ctx, err
}

// twin says whether two values are the same place in one document: copies of a
// value share the memory of what is in it.
func twin(a, b *strictjson.Value) bool {
	if a == b {
		return true
	}
	return len(a.Kids) > 0 && len(a.Kids) == len(b.Kids) && &a.Kids[0] == &b.Kids[0]
}

func (x *expander) document(doc *strictjson.Value, o Options) error {
	x.out.Reset()
	err := x.statements(doc, o)
	if err != nil && x.composed > maxComposed {
		return rdfc.ErrTooComplex // whatever was missed because of it
	}
	return err
}

func (x *expander) statements(doc *strictjson.Value, o Options) error {
	if doc == nil || doc.Kind != strictjson.Object {
		return x.refuse("the document is not an object")
	}
	local := o.Context
	if local == nil {
		local = doc.Get("@context")
	}
	if local == nil {
		return x.refuse("the document has no @context")
	}
	ctx, err := x.outer(local)
	if err != nil {
		x.push("@context")
		return x.refuse(err.Error())
	}
	room := int(doc.End-doc.Start) / 24 // a statement takes about 50 bytes
	if room > 512 {
		room = statements(doc)
	}
	x.out.Reserve(room)
	body := slices.Grow(x.body[:0], len(doc.Kids))
	for i := range doc.Kids {
		if name := doc.Kids[i].Name; name != "@context" && (o.Skip == "" || name != o.Skip) {
			body = append(body, doc.Kids[i])
		}
	}
	x.body = body
	if _, err := x.node(&strictjson.Value{Kind: strictjson.Object, Kids: body, Start: doc.Start}, ctx, "", rdfc.Node{}); err != nil {
		return err
	}
	if x.out.Len() == 0 {
		return x.refuse("the document says nothing")
	}
	if x.out.TooLong() {
		return rdfc.ErrTooComplex
	}
	if x.out.Dedup() || x.directed && x.confusable() {
		return x.refuse("the document says the same thing twice, spelt differently")
	}
	return nil
}

// statements is about the number of statements in a value: one for each value
// that is not an array.
func statements(v *strictjson.Value) int {
	n := 1
	for i := range v.Kids {
		n += statements(&v.Kids[i])
	}
	return n
}

// confusable finds two texts of one property that differ in direction alone.
// npm jsonld keeps the first of them and loses the other.
func (x *expander) confusable() bool {
	seen := make(map[rdfc.Text]string)
	for text := range x.out.Texts() {
		direction := ""
		if rest, ok := strings.CutPrefix(text.Datatype, i18n); ok {
			text.Language, direction, _ = strings.Cut(rest, "_")
			text.Datatype = ""
		}
		if other, ok := seen[text]; ok && other != direction {
			return true
		}
		seen[text] = direction
	}
	return false
}

// Defines reports whether a context, as a document gives it in @context, defines
// a term at the top of the document. Its errors are phrases.
func Defines(local *strictjson.Value, name string) (bool, error) {
	var x expander
	ctx, err := x.outer(local)
	if err != nil {
		return false, err
	}
	return ctx.lookup(name) != nil, nil
}
